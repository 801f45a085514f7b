//! The rows of one thread: a counter, a gauge, a histogram, a task's side.

use crate::datax::{self, Communication};
use crate::row::{Row, of};
use crate::scale::Scale;
use crate::subject::{
    FetchAdd, FourCycles, Nothing, OneWriter, OneWriterOfTwo, Store, TwoFetchAdds,
};
use crate::table::FETCH_ADD;
use crate::{hdr, ours};

pub(crate) fn rows() -> [Row; 4] {
    [counter(), gauge(), histogram(), side()]
}

pub(crate) fn measure(scale: Scale) {
    rows().into_iter().for_each(|row| row.measure(scale));
}

fn counter() -> Row {
    Row {
        what: "counter add by handle, 1 thread",
        unit: "add",
        target: "≤ 0.6 ns: 2.7 cycles",
        peer: FETCH_ADD,
        ways: vec![
            ("`Counter::add`", || Box::new(ours::counter())),
            (FETCH_ADD, of::<FetchAdd>),
            ("DataX-shaped map, one name", || Box::new(Communication::new())),
            ("limit: load, store", of::<OneWriter>),
            ("the loop alone", of::<Nothing>),
            ("4 cycles of the processor", of::<FourCycles>),
        ],
    }
}

fn gauge() -> Row {
    Row {
        what: "gauge set",
        unit: "set",
        target: "≤ 0.5 ns: 2.3 cycles",
        peer: "limit: store of an `f64`",
        ways: vec![
            ("`Gauge::set`", || Box::new(ours::gauge())),
            (FETCH_ADD, of::<FetchAdd>),
            ("limit: store of an `f64`", of::<Store>),
        ],
    }
}

fn histogram() -> Row {
    Row {
        what: "histogram record, shared handle, 1 thread",
        unit: "value",
        target: "≤ 1.5 ns: 6.8 cycles",
        peer: "`hdrhistogram`, 2 digits, owned",
        ways: vec![
            ("`Histogram::record`", || Box::new(ours::histogram())),
            (FETCH_ADD, of::<FetchAdd>),
            ("`hdrhistogram`, 2 digits, owned", || Box::new(hdr::owned())),
            ("`hdrhistogram`, 2 digits, in a mutex", || Box::new(hdr::locked())),
        ],
    }
}

fn side() -> Row {
    Row {
        what: "task side: records and bytes, consistent",
        unit: "record",
        target: "≤ 0.8 ns: 3.6 cycles",
        peer: "two `fetch_add`s, torn",
        ways: vec![
            ("`ReaderSide::read`", || Box::new(ours::task())),
            (FETCH_ADD, of::<FetchAdd>),
            ("two `fetch_add`s, torn", of::<TwoFetchAdds>),
            ("DataX-shaped map, two names, torn", || Box::new(datax::task())),
            ("limit: two loads, two stores, torn", of::<OneWriterOfTwo>),
        ],
    }
}
