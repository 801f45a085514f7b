//! Imports only go down: each module stands on a floor, and knows only what is below it.

use super::modules::{Need, module_of, needs};
use super::tree::{Finding, Tree, assert_found};
use std::collections::BTreeSet;

/// The modules directly below the root, each with its floor.
const FLOORS: &[(&str, usize)] = &[
    ("clock", 0),
    ("cells", 0),
    ("kept", 0),
    ("metric", 0),
    ("panics", 0),
    ("point", 0),
    ("text", 0),
    ("collector", 1),
    ("communication", 1),
    ("delivery", 1),
    ("expect", 1),
    ("report", 1),
    ("sampler", 1),
    ("series", 1),
    ("snapshot", 1),
    ("registry", 2),
    ("builtin", 3),
    ("reporter", 3),
    ("lib", 4),
];

/// Who may import from the own floor, and so whatever that one may import from it.
const BESIDE: &[(&str, &str)] = &[
    ("clock", "text"),
    ("metric", "cells"),
    ("metric", "clock"),
    ("metric", "text"),
    ("panics", "text"),
    ("point", "text"),
    ("collector", "report"),
    ("delivery", "report"),
    ("expect", "snapshot"),
    ("report", "snapshot"),
    ("collector", "series"),
    ("series", "sampler"),
    ("series", "snapshot"),
    ("snapshot", "communication"),
];

/// Modules that see less than what is below them: only this floor, and what is below it.
const HIGHEST_SEEN: &[(&str, usize)] = &[("builtin", 1), ("reporter", 1)];

pub(super) fn imports_that_go_up(tree: &Tree) -> Vec<Finding> {
    let homeless = tree.rust(&["src/"]).filter_map(|(file, _)| without_floor(file));
    let needs = needs(tree);
    homeless.chain(needs.iter().filter_map(upward)).collect()
}

fn without_floor(file: &str) -> Option<Finding> {
    if file.ends_with("/mod.rs") {
        let wrong = "a `mod.rs` does not say which module it is".to_owned();
        let remedy = "call it by the module, `name.rs`, beside the folder `name`";
        return Some(Finding::new(file, 1, wrong, remedy));
    }
    let wrong = format!("the module `{}` stands on no floor", top(file));
    let remedy = "give it a floor in tests/it/tidy/floors.rs";
    floor(&top(file)).is_none().then(|| Finding::new(file, 1, wrong, remedy))
}

fn upward(need: &Need) -> Option<Finding> {
    let (from, to) = (top(&need.from), top(&need.to));
    let (above, below) = (floor(&from)?, floor(&to)?);
    if may_import(&from, &to) {
        return None;
    }
    let path = &need.path;
    let wrong = format!("`{from}` (floor {above}) may not know `{to}` (floor {below}): `{path}`");
    let remedy = "move what both need down, or hand it in as a value, a closure or a trait";
    Some(Finding::new(&need.from, need.line, wrong, remedy))
}

/// The module directly below the root that a file belongs to.
fn top(file: &str) -> String {
    module_of(file).into_iter().next().unwrap_or_else(|| "lib".to_owned())
}

fn floor(module: &str) -> Option<usize> {
    level(FLOORS, module)
}

fn level(levels: &[(&str, usize)], module: &str) -> Option<usize> {
    let (_, level) = levels.iter().find(|(name, _)| *name == module)?;
    Some(*level)
}

fn may_import(from: &str, to: &str) -> bool {
    let seen = level(HIGHEST_SEEN, from).is_none_or(|highest| floor(to) <= Some(highest));
    let below = floor(to) < floor(from) && seen;
    from == to || below || beside(from).contains(to)
}

/// What `from` may import from its own floor, directly or because what it imports may.
fn beside(from: &str) -> BTreeSet<&'static str> {
    let direct = BESIDE.iter().filter(|(module, _)| *module == from).map(|&(_, to)| to);
    direct.flat_map(|to| std::iter::once(to).chain(beside(to))).collect()
}

#[test]
fn an_import_that_goes_up_is_found_however_it_is_written() {
    let tree = Tree::of(&[
        ("src/lib.rs", "mod clock;\nmod registry;\npub use registry::Registry as Store;"),
        ("src/registry.rs", "pub struct Registry; macro_rules! made { () => {} }"),
        ("src/clock.rs", "use crate::registry::Registry;\nuse super::registry;"),
        ("src/collector.rs", "type A = crate::Store;\nuse std::fmt;\n/// crate::Store\nfn a() {}"),
        ("src/metric/gauge.rs", "use super::super::{fmt, registry::{Registry as R}};"),
        ("src/point.rs", "fn f() { println!(\"{:?}\", crate::registry::Registry); }"),
        ("src/text.rs", "#[serde(with = \"crate::registry::made\")] struct A;\nuse crate::f;"),
        ("src/report.rs", "#[cfg(test)] use crate::Store; mod a { use crate::Store; }"),
        ("src/sampler.rs", "mod a { fn f() { super::super::registry::Registry; self::x() } }"),
    ]);
    let places = [
        "src/clock.rs:1",
        "src/clock.rs:2",
        "src/collector.rs:1",
        "src/metric/gauge.rs:1",
        "src/metric/gauge.rs:1",
        "src/point.rs:1",
        "src/report.rs:1",
        "src/sampler.rs:1",
        "src/text.rs:1",
        "src/text.rs:2",
    ];
    assert_found(&imports_that_go_up(&tree), &places);
}

#[test]
fn an_import_beside_is_found_unless_it_is_allowed() {
    let tree = Tree::of(&[
        ("src/builtin.rs", "use crate::registry::X;\nuse crate::snapshot::X;"),
        ("src/clock.rs", "use crate::text::X;\nuse crate::metric::X;"),
        ("src/collector.rs", "use crate::communication::X;\nuse crate::delivery::X;"),
        ("src/communication.rs", "use crate::clock::X;\nuse crate::snapshot::X;"),
        ("src/delivery.rs", "use crate::snapshot::X;\nuse crate::collector::X;"),
        ("src/expect.rs", "use crate::snapshot::X;\nuse crate::registry::X;"),
        ("src/metric.rs", "use crate::clock::X;\nuse crate::point::X;"),
        ("src/registry.rs", "use crate::delivery::X;\nuse crate::reporter::X;"),
        ("src/reporter/tcp.rs", "use crate::report::X;\nuse crate::builtin::X;"),
        ("src/snapshot.rs", "use crate::communication::X;\nuse crate::report::X;"),
        ("src/report.rs", ""),
        ("src/reporter.rs", ""),
        ("src/text.rs", ""),
        ("src/point.rs", ""),
    ]);
    let found = imports_that_go_up(&tree);
    let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [1, 2, 2, 2, 2, 2, 2, 2, 2, 2], "{found:#?}");
}

#[test]
fn a_module_without_a_floor_is_found() {
    let tree = Tree::of(&[("src/lib.rs", ""), ("src/extra.rs", ""), ("src/metric/mod.rs", "")]);
    assert_found(&imports_that_go_up(&tree), &["src/extra.rs:1", "src/metric/mod.rs:1"]);
}
