//! The shape of the product itself: what its files may import, hold, say and weigh.
//!
//! Each rule is a function from a [`Tree`](tree::Tree) to what it found wrong. Here each is held
//! against the product; in its own file each is shown a small tree that breaks it.

mod cycles;
mod floors;
mod imports;
mod links;
mod manifest;
mod modules;
mod openings;
mod sizes;
mod source;
mod tree;
mod words;

use std::path::Path;
use tree::{Finding, Tree};

#[test]
fn imports_only_go_down() {
    hold(floors::imports_that_go_up);
}

#[test]
fn no_files_need_each_other() {
    hold(cycles::files_that_need_each_other);
}

#[test]
fn functions_are_short() {
    hold(sizes::long_functions);
}

#[test]
fn files_are_short() {
    hold(sizes::long_files);
}

#[test]
fn every_file_opens_with_what_it_is() {
    hold(openings::files_without_an_opening);
}

#[test]
fn the_root_holds_no_code() {
    hold(openings::code_in_the_root);
}

#[test]
fn nothing_sleeps() {
    hold(words::sleeps);
}

#[test]
fn time_comes_from_the_clock() {
    hold(words::times_from_elsewhere);
}

#[test]
fn what_could_panic_says_why_it_cannot() {
    hold(words::unargued_panics);
}

#[test]
fn the_library_prints_nothing() {
    hold(words::prints);
}

#[test]
fn no_code_is_unsafe() {
    hold(words::unsafe_code);
}

#[test]
fn every_dependency_and_feature_is_argued() {
    hold(manifest::unargued_entries);
}

#[test]
fn links_between_documents_lead_somewhere() {
    hold(links::dead_links);
}

/// Fails with everything that `rule` finds wrong in the product.
#[track_caller]
fn hold(rule: fn(&Tree) -> Vec<Finding>) {
    let found = rule(&Tree::read(Path::new(env!("CARGO_MANIFEST_DIR"))));
    let lines: String = found.iter().map(|finding| format!("\n{finding}")).collect();
    assert!(found.is_empty(), "{} found:{lines}", found.len());
}
