//! No two files need each other, neither directly nor by way of others.

use super::modules::{Need, needs};
use super::tree::{Finding, Tree, assert_found};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The shortest ways that come back to where they began; of those that share a step, one.
pub(super) fn files_that_need_each_other(tree: &Tree) -> Vec<Finding> {
    let needs = needs(tree);
    let mut graph: Graph<'_> = BTreeMap::new();
    for need in &needs {
        graph.entry(&need.from).or_default().entry(&need.to).or_insert(need);
    }
    let mut ways: Vec<Vec<&Need>> =
        graph.keys().filter_map(|file| way_back(&graph, file)).collect();
    ways.sort_by_key(Vec::len);
    let mut known = BTreeSet::new();
    ways.retain(|way| {
        let new: Vec<bool> = steps(way).map(|step| known.insert(step)).collect();
        !new.contains(&false)
    });
    ways.iter().map(|way| finding(way)).collect()
}

/// By file, the files that it needs, each with the first place that says so.
type Graph<'n> = BTreeMap<&'n str, BTreeMap<&'n str, &'n Need>>;

fn steps<'n>(way: &[&'n Need]) -> impl Iterator<Item = (&'n str, &'n str)> {
    way.iter().map(|need| (need.from.as_str(), need.to.as_str()))
}

/// The shortest way from `start` along its needs back to it.
fn way_back<'n>(graph: &Graph<'n>, start: &str) -> Option<Vec<&'n Need>> {
    let mut reached: BTreeMap<&str, &'n Need> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for (&to, &need) in graph.get(file).into_iter().flatten() {
            if !reached.contains_key(to) {
                reached.insert(to, need);
                waiting.push_back(to);
            }
        }
    }
    let mut way = vec![*reached.get(start)?];
    while way[way.len() - 1].from != start {
        way.push(reached[way[way.len() - 1].from.as_str()]);
    }
    way.reverse();
    Some(way)
}

fn finding(way: &[&Need]) -> Finding {
    let step = |need: &&Need| format!("{}:{} `{}` → ", need.from, need.line, need.path);
    let steps: String = way.iter().map(step).collect();
    let wrong = format!("files need each other: {steps}{}", way[0].from);
    let remedy = "move what both need into a file below them, or hand it in";
    Finding::new(&way[0].from, way[0].line, wrong, remedy)
}

#[test]
fn files_that_need_each_other_are_found() {
    let tree = Tree::of(&[
        ("src/lib.rs", "mod a; mod b; mod c; mod d; mod e; mod f;"),
        ("src/a.rs", "use crate::b::B;\npub struct A;"),
        ("src/b.rs", "pub struct B;\nfn b() -> super::c::C {}"),
        ("src/c.rs", "pub struct C;\nfn c() { vec![crate::a::A]; }"),
        ("src/d.rs", "mod child;\npub struct D;"),
        ("src/d/child.rs", "\nuse super::D;"),
        ("src/e.rs", "mod child; use std::fmt;"),
        ("src/e/child.rs", "use super::*;"),
        ("src/f.rs", "mod left; mod right; use left::Left; pub use self::right::{Right as Wrong};"),
        ("src/f/left.rs", "pub struct Left;\ntype R = super::Wrong;"),
        ("src/f/right.rs", "pub struct Right;\n\nfn r(_: super::Left) {}"),
    ]);
    let places = ["src/d.rs:1", "src/e.rs:1", "src/f/left.rs:2", "src/a.rs:1"];
    assert_found(&files_that_need_each_other(&tree), &places);
}

#[test]
fn a_sibling_reached_through_its_parent_does_not_need_the_parent() {
    let tree = Tree::of(&[
        ("src/lib.rs", "mod a; pub use a::{One as First, two::Two};"),
        ("src/a.rs", "mod one; mod two; mod three; pub(crate) use {one::*, two::Two as Second};"),
        (
            "src/a/one.rs",
            "pub struct One; use std::fmt; #[macro_export] macro_rules! m { () => {} }",
        ),
        ("src/a/two.rs", "use super::One; pub struct Two; fn f() { crate::m!() }"),
        ("src/a/three.rs", "use crate::{First, a}; type A = a::Second; type B = super::Second;"),
    ]);
    assert_found(&files_that_need_each_other(&tree), &[]);
}

#[test]
fn tests_and_doc_comments_need_nothing() {
    let tree = Tree::of(&[
        ("src/lib.rs", "mod a; #[cfg(test)] mod tests; pub struct Root;"),
        (
            "src/a.rs",
            "/// [it](crate::Root)\nstruct A; #[cfg(test)] mod tests { use crate::Root; type R = crate::Root; }",
        ),
        ("src/tests.rs", "use crate::Root; mod inner { use super::super::Root; }"),
    ]);
    assert_found(&files_that_need_each_other(&tree), &[]);
}
