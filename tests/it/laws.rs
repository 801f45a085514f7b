//! The laws by which parts become wholes: merging, states, ledgers, changes, reports.

pub(crate) mod arbitrary;
mod delta;
mod ends;
mod isolation;
mod jobs;
mod keys;
mod ledger;
mod merge;
mod reports;
mod snapshots;
mod states;

use std::collections::BTreeMap;

use flowmeter::Communication;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// An order in which to merge parts, two at a time.
fn grouping() -> impl Strategy<Value = Vec<(Index, Index)>> {
    proptest::collection::vec(any::<(Index, Index)>(), 16)
}

/// The whole of `parts`, of which `grouping` says which two come together next.
fn grouped(mut parts: Vec<Communication>, grouping: &[(Index, Index)]) -> Communication {
    for (to, from) in grouping.iter().cycle() {
        if parts.len() < 2 {
            break;
        }
        let part = parts.swap_remove(from.index(parts.len()));
        let to = to.index(parts.len());
        parts[to].merge(&part);
    }
    parts.pop().unwrap_or_default()
}

/// Every number above zero that adds up, under its path in the JSON form.
///
/// It is the text that is looked at, so that no field can be forgotten here.
fn totals(communication: &Communication) -> BTreeMap<String, u64> {
    let mut form = serde_json::to_value(communication).unwrap();
    for path in ["/error", "/oldest", "/messages/kept", "/samples/kept"] {
        form.pointer_mut(path).unwrap().take();
    }
    let mut totals = BTreeMap::new();
    add_numbers(&mut totals, "", &form);
    totals
}

fn add_numbers(totals: &mut BTreeMap<String, u64>, path: &str, form: &Value) {
    match form {
        Value::Null => {}
        Value::Number(number) => add(totals, path, number.as_u64().unwrap()),
        Value::Object(fields) => {
            for (name, field) in fields {
                add_numbers(totals, &format!("{path}/{name}"), field);
            }
        }
        other => panic!("{other} at {path} is not known to add up"),
    }
}

/// Adds to a total, which stops at the largest number; nothing is no total.
fn add(totals: &mut BTreeMap<String, u64>, path: &str, number: u64) {
    if number > 0 {
        let total = totals.entry(path.to_owned()).or_default();
        let sum = u128::from(*total) + u128::from(number);
        *total = sum.min(u128::from(u64::MAX)) as u64;
    }
}
