//! The rows of finding a counter and adding to it: by a handle, at a call site, by typed labels, by text.

use crate::datax::Communication;
use crate::row::{Make, Row, of};
use crate::scale::Scale;
use crate::subject::{FetchAdd, Subject};
use crate::table::FETCH_ADD;
use flowmeter::{Counter, Family, Label, Registry, TypedFamily, counter};
use std::hint::black_box;

pub(crate) fn measure(scale: Scale) {
    row().measure(scale);
}

pub(crate) fn row() -> Row {
    let ways: Vec<(&'static str, Make)> = vec![
        ("`counter!`, literal labels", || Box::new(AtCallSite(Registry::new()))),
        ("`TypedFamily::of`, 2 labels", || Box::new(Typed::new())),
        ("`Family::of_static`, 2 labels", || Box::new(ByAddress(family()))),
        ("`Family::of`, 2 labels", || Box::new(ByText::new())),
        ("`Counter::add`, by handle", || Box::new(crate::ours::counter())),
        (FETCH_ADD, of::<FetchAdd>),
        ("DataX-shaped map, one name", || Box::new(Communication::new())),
    ];
    Row {
        what: "counter found among 64, and added to",
        unit: "add",
        target: "",
        peer: "DataX-shaped map, one name",
        ways,
    }
}

/// What 64 counters tell apart.
const TEXTS: [&str; 8] =
    ["flights", "weather", "planes", "airports", "airlines", "routes", "delays", "cancelled"];

/// An enum of these, which is a label of that name.
macro_rules! label {
    ($label:ident, $name:literal) => {
        #[derive(Clone, Copy)]
        enum $label {
            Flights,
            Weather,
            Planes,
            Airports,
            Airlines,
            Routes,
            Delays,
            Cancelled,
        }

        impl $label {
            const ALL: [$label; 8] = [
                $label::Flights,
                $label::Weather,
                $label::Planes,
                $label::Airports,
                $label::Airlines,
                $label::Routes,
                $label::Delays,
                $label::Cancelled,
            ];
        }

        impl Label for $label {
            const NAME: &'static str = $name;
            const VALUES: &'static [&'static str] = &TEXTS;

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

label!(Table, "table");
label!(Other, "other");

struct AtCallSite(Registry);

impl Subject for AtCallSite {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            counter!(*black_box(&self.0), "rows", table = "flights", other = "routes").add(1);
        }
    }

    fn counted(&self) -> u64 {
        let labels = [("table", "flights"), ("other", "routes")];
        self.0.counter_with("rows", &labels).unwrap().value()
    }
}

struct Typed(TypedFamily<Counter, (Table, Other)>);

impl Typed {
    fn new() -> Typed {
        Typed(Registry::new().metric("rows").typed_family().unwrap())
    }
}

impl Subject for Typed {
    fn count(&mut self, times: u64) {
        for n in 0..times {
            let labels = (Table::ALL[n as usize % 8], Other::ALL[n as usize / 8 % 8]);
            black_box(&self.0).of(black_box(labels)).add(1);
        }
    }

    fn counted(&self) -> u64 {
        let all = Table::ALL.into_iter().flat_map(|table| Other::ALL.map(|other| (table, other)));
        all.map(|labels| self.0.of(labels).value()).sum()
    }
}

struct OfRegistry<F> {
    family: F,
    // It finds nothing when that is gone.
    _registry: Registry,
}

fn family() -> OfRegistry<Family<Counter, 2>> {
    let registry = Registry::new();
    let family = registry.metric("rows").family(["table", "other"]).unwrap();
    OfRegistry { family, _registry: registry }
}

fn sum(family: &Family<Counter, 2>) -> u64 {
    let pairs = TEXTS.iter().flat_map(|table| TEXTS.map(|other| [*table, other]));
    pairs.map(|texts| family.of(texts).value()).sum()
}

struct ByAddress(OfRegistry<Family<Counter, 2>>);

impl Subject for ByAddress {
    fn count(&mut self, times: u64) {
        for n in 0..times {
            let texts = [TEXTS[n as usize % 8], TEXTS[n as usize / 8 % 8]];
            black_box(&self.0.family).of_static(black_box(texts)).add(1);
        }
    }

    fn counted(&self) -> u64 {
        sum(&self.0.family)
    }
}

struct ByText {
    family: OfRegistry<Family<Counter, 2>>,
    texts: [String; 8],
}

impl ByText {
    fn new() -> ByText {
        ByText { family: family(), texts: TEXTS.map(str::to_owned) }
    }
}

impl Subject for ByText {
    fn count(&mut self, times: u64) {
        for n in 0..times {
            let texts = [&*self.texts[n as usize % 8], &self.texts[n as usize / 8 % 8]];
            black_box(&self.family.family).of(black_box(texts)).add(1);
        }
    }

    fn counted(&self) -> u64 {
        sum(&self.family.family)
    }
}
