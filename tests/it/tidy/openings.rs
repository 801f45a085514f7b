//! Each file opens with what it is, and the root of the library holds nothing but names.

use super::source::{Source, sources};
use super::tree::{Finding, RUST_FOLDERS, Tree, assert_found};
use syn::spanned::Spanned;

/// The modules that users see as modules: bridges to other crates, and functions that say with their module's name
/// what they are.
const PUBLIC_MODULES: &[&str] = &["builtin"];

pub(super) fn files_without_an_opening(tree: &Tree) -> Vec<Finding> {
    let wrong = |text| wrong_opening(text).map(str::to_owned);
    let found = tree.rust(RUST_FOLDERS).filter_map(|(path, text)| Some((path, wrong(text)?)));
    let remedy = "open it with what it is: `//!` and one sentence";
    found.map(|(path, wrong)| Finding::new(path, 1, wrong, remedy)).collect()
}

fn wrong_opening(text: &str) -> Option<&'static str> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    match paragraph.last() {
        None => Some("the first line does not say what the file is"),
        Some(last) if !last.ends_with('.') => Some("the first paragraph is no sentence"),
        Some(_) => None,
    }
}

pub(super) fn code_in_the_root(tree: &Tree) -> Vec<Finding> {
    let sources = sources(tree, &["src/lib.rs"]);
    sources.iter().flat_map(code_in).collect()
}

fn code_in<'s>(root: &'s Source<'_>) -> impl Iterator<Item = Finding> + 's {
    let product = root.syntax.items.iter().filter(|item| !root.is_test(item.span()));
    product.filter_map(|item| {
        let wrong = wrong_in_root(item)?.to_owned();
        let remedy =
            "the root has private `mod x;` and `pub use` lines only: move it into a module";
        Some(Finding::new(root.path, first_line(item), wrong, remedy))
    })
}

/// The line where an item begins, behind its attributes and docs.
fn first_line(item: &syn::Item) -> usize {
    match item {
        syn::Item::Mod(module) => module.mod_token.span.start().line,
        syn::Item::Use(import) => import.use_token.span.start().line,
        syn::Item::Fn(function) => function.sig.span().start().line,
        other => other.span().start().line,
    }
}

fn wrong_in_root(item: &syn::Item) -> Option<&'static str> {
    let private = |vis: &syn::Visibility| matches!(vis, syn::Visibility::Inherited);
    let public = |vis: &syn::Visibility| matches!(vis, syn::Visibility::Public(_));
    match item {
        syn::Item::Mod(module) if module.content.is_some() => Some("a module's code in the root"),
        syn::Item::Mod(module) if private(&module.vis) => None,
        syn::Item::Mod(module) if PUBLIC_MODULES.iter().any(|name| module.ident == name) => None,
        syn::Item::Mod(_) => Some("a module that is not private"),
        syn::Item::Use(import) if public(&import.vis) => None,
        syn::Item::Use(_) => Some("an import that is not `pub use`"),
        _ => Some("code in the root"),
    }
}

#[test]
fn a_file_that_does_not_say_what_it_is_is_found() {
    let tree = Tree::of(&[
        ("benches/late.rs", "\n//! Says it too late."),
        ("examples/nothing.rs", "fn main() {}"),
        ("src/good.rs", "//! What it is, over\n//! two lines.\n//!\n//! And more: without an end"),
        ("src/heading.rs", "//! What it is\n//!\n//! With a sentence below."),
        ("src/comment.rs", "// What it is."),
        ("tests/it/item.rs", "/// What the function is.\nfn f() {}"),
        ("tests/it/good.rs", "//! What it is.\nuse std::fmt;"),
    ]);
    let places = [
        "benches/late.rs:1",
        "examples/nothing.rs:1",
        "src/comment.rs:1",
        "src/heading.rs:1",
        "tests/it/item.rs:1",
    ];
    assert_found(&files_without_an_opening(&tree), &places);
}

#[test]
fn code_in_the_root_is_found() {
    let good = "//! Guide.\n#![warn(missing_docs)]\nmod a;\n#[cfg(doctest)] struct Readme;\n";
    let bad = "pub use a::A;\npub mod b;\nuse a::B;\n/// Doc.\nfn f() {}\nmod c { fn g() {} }\n";
    let worse = "macro_rules! m { () => {} }\npub(crate) use a::C;\nconst D: u8 = 1;";
    let tree = Tree::of(&[("src/lib.rs", &format!("{good}{bad}{worse}")), ("src/a.rs", bad)]);
    let lines = [6, 7, 9, 10, 11, 12, 13].map(|line| format!("src/lib.rs:{line}"));
    assert_found(&code_in_the_root(&tree), &lines.each_ref().map(String::as_str));
}
