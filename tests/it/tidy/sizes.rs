//! Functions and files are short enough to be read at once.

use super::source::{Source, sources};
use super::tree::{Finding, RUST_FOLDERS, Tree, assert_found};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};

const LINES_OF_A_FUNCTION: usize = 60;
/// A test may tell a longer story.
const LINES_OF_A_TEST: usize = 100;
const LINES_OF_A_FILE: usize = 400;

/// What a file says that is long on purpose, with its reason behind it, and where it is looked for.
const EXCUSE: &str = "// tidy: long, because ";
const LINES_OF_THE_TOP: usize = 20;

const REMEDY: &str = "split it, or say `// tidy: long, because …` near the top of the file";

pub(super) fn long_functions(tree: &Tree) -> Vec<Finding> {
    let sources = sources(tree, RUST_FOLDERS);
    let unexcused = sources.iter().filter(|source| !is_excused(source.text));
    unexcused.flat_map(long_functions_of).collect()
}

pub(super) fn long_files(tree: &Tree) -> Vec<Finding> {
    let sources = sources(tree, RUST_FOLDERS);
    let unexcused = sources.iter().filter(|source| !is_excused(source.text));
    unexcused.filter_map(long_file).collect()
}

fn is_excused(text: &str) -> bool {
    let reasons = text.lines().take(LINES_OF_THE_TOP).filter_map(|line| line.strip_prefix(EXCUSE));
    reasons.into_iter().any(|reason| !reason.trim().is_empty())
}

fn long_file(source: &Source<'_>) -> Option<Finding> {
    let lines = lines_of_code(source);
    let wrong = format!("{lines} lines of code, and {LINES_OF_A_FILE} are the most");
    (lines > LINES_OF_A_FILE).then(|| Finding::new(source.path, 1, wrong, REMEDY))
}

/// The lines that hold a token: none that is blank, a comment, or test code among the product's.
fn lines_of_code(source: &Source<'_>) -> usize {
    let tokens =
        if is_below_tests(source.path) { source.all_tokens() } else { source.product_tokens() };
    let lines = tokens.into_iter().flat_map(|token| token.line()..=token.last_line);
    lines.collect::<BTreeSet<usize>>().len()
}

fn is_below_tests(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/")
}

fn long_functions_of(source: &Source<'_>) -> Vec<Finding> {
    let mut functions = Functions { source, long: Vec::new() };
    functions.visit_file(&source.syntax);
    functions.long
}

struct Functions<'s> {
    source: &'s Source<'s>,
    long: Vec<Finding>,
}

impl Functions<'_> {
    fn note(&mut self, name: &syn::Ident, body: &syn::Block) {
        let braces = body.brace_token.span;
        let lines = braces.close().start().line.saturating_sub(braces.open().start().line + 1);
        let of_test = is_below_tests(self.source.path) || self.source.is_test(name.span());
        let most = if of_test { LINES_OF_A_TEST } else { LINES_OF_A_FUNCTION };
        if lines > most {
            let wrong = format!("`{name}` has {lines} lines, and {most} are the most");
            let line = name.span().start().line;
            self.long.push(Finding::new(self.source.path, line, wrong, REMEDY));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.note(&node.sig.ident, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.note(&node.sig.ident, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(body) = &node.default {
            self.note(&node.sig.ident, body);
        }
        visit::visit_trait_item_fn(self, node);
    }
}

/// A function of so many lines between its braces.
fn function(lines: usize) -> String {
    format!("fn f() {{\n{}}}\n", "    x();\n".repeat(lines))
}

#[test]
fn a_long_function_is_found() {
    let method = format!("\nimpl A {{\n{}}}", function(61));
    let default = format!("trait A {{ {} }}", function(61));
    let tested = format!("#[cfg(test)]\nmod tests {{ {} }}", function(100));
    let excused = format!("//! Long.\n// tidy: long, because it is a table.\n{}", function(61));
    let no_reason = format!("//! Long.\n// tidy: long, because \n{}", function(61));
    let (short, long, longest) = (function(60), function(61), function(101));
    let tree = Tree::of(&[
        ("benches/a.rs", &long),
        ("cli/src/main.rs", &long),
        ("examples/a.rs", &long),
        ("src/default.rs", &default),
        ("src/excused.rs", &excused),
        ("src/method.rs", &method),
        ("src/no_reason.rs", &no_reason),
        ("src/short.rs", &short),
        ("src/tested.rs", &tested),
        ("tests/it/long.rs", &long),
        ("tests/it/longest.rs", &longest),
    ]);
    let places = [
        "benches/a.rs:1",
        "cli/src/main.rs:1",
        "examples/a.rs:1",
        "src/default.rs:1",
        "src/method.rs:3",
        "src/no_reason.rs:3",
        "tests/it/longest.rs:1",
    ];
    assert_found(&long_functions(&tree), &places);
}

#[test]
fn a_long_file_is_found() {
    let long = "/// Doc.\nstruct A;\n\n// Comment.\n".repeat(401);
    let short = "/// Doc.\nstruct A;\n\n// Comment.\n".repeat(400);
    let tested = format!("{short}#[cfg(test)]\nmod tests {{ {long} }}");
    let text = format!("const A: &str = \"{}\";", "\n".repeat(400));
    let excused = format!("// tidy: long, because it is a table.\n{long}");
    let tree = Tree::of(&[
        ("examples/long.rs", &long),
        ("src/excused.rs", &excused),
        ("src/short.rs", &short),
        ("src/tested.rs", &tested),
        ("src/text.rs", &text),
        ("tests/it/tested.rs", &tested),
    ]);
    let places = ["examples/long.rs:1", "src/text.rs:1", "tests/it/tested.rs:1"];
    assert_found(&long_files(&tree), &places);
}
