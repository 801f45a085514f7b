//! What DataX counts with, in its shape: a map by name, under a lock.
//!
//! It is a shape, not DataX: the names are looked up and the totals added up as there, without its boxes, its checks
//! of names and its second, concurrent map.

use crate::counting::{Shared, adds, looks_up, unrolled};
use crate::labels::{enums, for_each_pair, statics, strings};
use crate::series::{Series, Texts};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

const RECORDS: &str = "readSucceedRecords";

/// What one task says. Clones share it.
#[derive(Clone, Default)]
struct Communication(Arc<Mutex<HashMap<String, u64>>>);

impl Communication {
    /// As `Communication.increaseCounter`: the lock is taken and the name looked up each time.
    fn increase(&self, name: &str) {
        let mut counters = self.0.lock();
        match counters.get_mut(name) {
            Some(counter) => *counter += 1,
            None => _ = counters.insert(name.to_owned(), 1),
        }
    }

    fn values(&self) -> Vec<u64> {
        self.0.lock().values().copied().collect()
    }
}

pub(crate) fn counter() -> impl Shared {
    let add = |counters: &Communication| counters.increase(black_box(RECORDS));
    adds(Communication::default(), add, |counters| counters.values().iter().sum())
}

pub(crate) fn literal() -> impl Shared {
    macro_rules! add {
        ($counters:expr, $_table:ident, $table:literal, $_outcome:ident, $outcome:literal) => {
            $counters.increase(concat!($table, ".", $outcome));
        };
    }
    let all = |counters: &Communication| {
        for_each_pair!(add, black_box(counters));
    };
    unrolled(Communication::default(), all, Communication::values)
}

/// A name for each pair, made beforehand.
pub(crate) fn by_enums() -> impl Shared {
    let names = statics().map(|(table, outcome)| format!("{table}.{outcome}"));
    let add = |(counters, names): &(Communication, Arc<[String; 64]>),
               &(table, outcome): &(_, _)| {
        counters.increase(&names[table as usize * 8 + outcome as usize]);
    };
    looks_up((Communication::default(), Arc::new(names)), enums(), add, |(all, _)| all.values())
}

pub(crate) fn by_statics() -> impl Shared {
    let add = |counters: &Communication, (table, outcome): &(_, _)| {
        counters.increase(&format!("{table}.{outcome}"));
    };
    looks_up(Communication::default(), statics(), add, Communication::values)
}

pub(crate) fn by_strings() -> impl Shared {
    let add = |counters: &Communication, (table, outcome): &(String, String)| {
        counters.increase(&format!("{table}.{outcome}"));
    };
    looks_up(Communication::default(), strings(), add, Communication::values)
}

struct Names {
    counters: Communication,
    names: Vec<String>,
    read: HashMap<String, u64>,
}

/// There is no handle but the name.
pub(crate) fn series(texts: &Texts) -> Box<dyn Series> {
    let counters = Communication::default();
    let name = |[partition, worker]: [&str; 2]| format!("{}.{partition}.{worker}", texts.name);
    let names: Vec<String> = texts.iter().map(name).collect();
    names.iter().for_each(|name| _ = counters.0.lock().insert(name.clone(), 0));
    Box::new(Names { counters, names, read: HashMap::new() })
}

impl Series for Names {
    fn add(&self, i: usize) {
        self.counters.increase(&self.names[i]);
    }

    /// As `Communication.mergeFrom` into an empty one.
    fn collect(&mut self) {
        self.read = self.counters.0.lock().clone();
    }

    fn values(&self) -> Vec<u64> {
        self.read.values().copied().collect()
    }
}
