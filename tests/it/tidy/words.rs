//! Words that code may not say, or only in one place, or only with a reason.

use super::source::{Source, Token, sources};
use super::tree::{Finding, Tree, assert_found};

const SLEEPS: &[&str] = &["park_timeout", "sleep", "sleep_ms"];

const CLOCKS: &[&str] = &["Instant", "SystemTime"];
/// The clock and its tests, which hold it against the system's.
const FILES_OF_THE_CLOCK: &[&str] = &["src/clock.rs", "src/clock/", "tests/it/clock.rs"];

const PANICKING_METHODS: &[&str] = &["expect", "expect_err", "unwrap", "unwrap_err"];
const PANICKING_MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
];
/// What a comment says first that argues why something cannot panic.
const ARGUMENT: &str = "// Cannot fail:";

/// Assertions for users, which are there to panic: these files may say `panic!`, and nothing else like it.
const ASSERTING_FILES: &[&str] = &["src/expect.rs"];

const PRINTING_MACROS: &[&str] = &["dbg", "eprint", "eprintln", "print", "println"];

/// The files that may hold `unsafe`, each block argued: none of the product, and a test's allocator.
const UNSAFE_FILES: &[&str] = &["tests/allocator.rs"];

pub(super) fn sleeps(tree: &Tree) -> Vec<Finding> {
    let remedy = "wait on a channel, or on a clock that the test moves";
    let sleeps = |code: &[&Token]| SLEEPS.contains(&code[0].text.as_str()).then_some(1);
    find(&sources(tree, &["src/", "tests/"]), Source::all_tokens, sleeps, remedy)
}

pub(super) fn times_from_elsewhere(tree: &Tree) -> Vec<Finding> {
    let mut sources = sources(tree, &["src/", "tests/"]);
    let of_clock = |path: &str| FILES_OF_THE_CLOCK.iter().any(|file| path.starts_with(file));
    sources.retain(|source| !of_clock(source.path));
    let remedy = "ask a `Clock`, so that a test can move the time";
    find(&sources, Source::all_tokens, asks_the_system, remedy)
}

pub(super) fn unargued_panics(tree: &Tree) -> Vec<Finding> {
    let remedy = "return an error or a default, or argue it above: `// Cannot fail: …`";
    let sources = sources(tree, &["src/"]).into_iter();
    let (asserting, others): (Vec<_>, Vec<_>) =
        sources.partition(|source| ASSERTING_FILES.contains(&source.path));
    let mut found = find(&others, Source::product_tokens, may_panic, remedy);
    let otherwise = |code: &[&Token]| may_panic(code).filter(|_| code[0].text != "panic");
    found.extend(find(&asserting, Source::product_tokens, otherwise, remedy));
    found.retain(|finding| !is_argued(tree.text(&finding.file).unwrap_or(""), finding.line));
    found
}

pub(super) fn prints(tree: &Tree) -> Vec<Finding> {
    let remedy = "report it as a value: standard output and error are the program's";
    let prints = |code: &[&Token]| is_macro(code, PRINTING_MACROS).then_some(1);
    find(&sources(tree, &["src/"]), Source::all_tokens, prints, remedy)
}

pub(super) fn unsafe_code(tree: &Tree) -> Vec<Finding> {
    let mut sources = sources(tree, &[""]);
    sources.retain(|source| !UNSAFE_FILES.contains(&source.path));
    let remedy = "write it in safe code, or argue its file onto the list in tests/it/tidy/words.rs";
    let is_unsafe = |code: &[&Token]| (code[0].text == "unsafe").then_some(1);
    find(&sources, Source::all_tokens, is_unsafe, remedy)
}

/// Where `matches`, shown the code from each token on, says of how many tokens the match is.
fn find<'t>(
    sources: &[Source<'t>],
    tokens: for<'s> fn(&'s Source<'t>) -> Vec<&'s Token>,
    matches: impl Fn(&[&Token]) -> Option<usize>,
    remedy: &'static str,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let tokens = tokens(source);
        for start in 0..tokens.len() {
            let Some(length) = matches(&tokens[start..]) else {
                continue;
            };
            let said = &tokens[start..start + length];
            let text: String = said.iter().map(|token| token.text.as_str()).collect();
            let wrong = format!("`{text}` is said here");
            let line = said.last().map_or(1, |token| token.line());
            found.push(Finding::new(source.path, line, wrong, remedy));
        }
    }
    found
}

fn asks_the_system(code: &[&Token]) -> Option<usize> {
    let [clock, colons, now, ..] = code else {
        return None;
    };
    let asks = CLOCKS.contains(&&*clock.text) && colons.text == "::" && now.text == "now";
    asks.then_some(3)
}

fn may_panic(code: &[&Token]) -> Option<usize> {
    if is_macro(code, PANICKING_MACROS) {
        return Some(1);
    }
    let [before, method, ..] = code else {
        return None;
    };
    let is_call = before.text == "." || before.text == "::";
    (is_call && PANICKING_METHODS.contains(&&*method.text)).then_some(2)
}

/// Whether the code begins with a call of one of these macros.
fn is_macro(code: &[&Token], names: &[&str]) -> bool {
    let [name, bang, open, ..] = code else {
        return false;
    };
    let opens = ["(", "[", "{"].contains(&&*open.text);
    names.contains(&&*name.text) && bang.text == "!" && opens
}

/// Whether the line, or the comment right above it, argues why it cannot fail.
fn is_argued(text: &str, line: usize) -> bool {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let Some((own, above)) = lines.split_last() else {
        return false;
    };
    let comment = above.iter().rev().map(|line| line.trim_start());
    let mut said = comment.take_while(|line| line.starts_with("//")).chain([*own]);
    said.any(|line| line.split_once(ARGUMENT).is_some_and(|(_, why)| !why.trim().is_empty()))
}

#[test]
fn a_sleep_is_found() {
    let tree = Tree::of(&[
        ("examples/a.rs", "fn f() { sleep(x); }"),
        ("src/a.rs", "// sleep(1)\nuse std::thread::sleep;\nconst A: &str = \"sleep(1)\";"),
        ("tests/it/a.rs", "fn f() {\n    std::thread::sleep_ms(1);\n    m!(park_timeout(x));\n}"),
    ]);
    assert_found(&sleeps(&tree), &["src/a.rs:2", "tests/it/a.rs:2", "tests/it/a.rs:3"]);
}

#[test]
fn a_time_that_is_not_the_clocks_is_found() {
    let tree = Tree::of(&[
        ("examples/a.rs", "fn f() { Instant::now(); }"),
        ("src/clock.rs", "fn f() { Instant::now(); }"),
        ("src/clock/system.rs", "fn f() { SystemTime::now(); }"),
        ("src/a.rs", "/// Instant::now()\nfn f(_: Instant) {\n    std::time::Instant::now();\n}"),
        ("tests/it/a.rs", "fn f() { m!(map(SystemTime::now)); }"),
        ("tests/it/clock.rs", "fn f() { SystemTime::now(); }"),
    ]);
    assert_found(&times_from_elsewhere(&tree), &["src/a.rs:3", "tests/it/a.rs:1"]);
}

#[test]
fn what_could_panic_without_an_argument_is_found() {
    let bad = "fn f() {\na.unwrap();\na.expect(1);\nmap(Option::unwrap);\nassert!(b);\n\
               m!(todo!());\nx\n    .y()\n    .expect(1);\n// Cannot fail:\na.unwrap();\n\
               // Cannot fail: far away.\n\na.unwrap();\n}";
    let good = "/// a.unwrap()\n#[expect(dead_code)]\nfn f() {\na.unwrap_or(1); // .unwrap()\n\
                // Cannot fail: it was\n// looked at.\na.unwrap();\n\
                a.unwrap(); // Cannot fail: the same.\nif panic != 1 {}\n}\n\
                #[cfg(test)] mod tests { fn f() { a.unwrap(); panic!(); } }";
    let tree = Tree::of(&[("src/bad.rs", bad), ("src/good.rs", good), ("tests/a.rs", bad)]);
    let lines = [2, 3, 4, 5, 6, 9, 11, 14].map(|line| format!("src/bad.rs:{line}"));
    assert_found(&unargued_panics(&tree), &lines.each_ref().map(String::as_str));
}

#[test]
fn only_the_assertions_for_users_may_panic_and_only_by_saying_so() {
    let code = "fn f() {\npanic!();\na.unwrap();\nassert!(b);\n}";
    let tree = Tree::of(&[("src/expect.rs", code), ("src/expect/a.rs", "fn f() { panic!(); }")]);
    let places = ["src/expect/a.rs:1", "src/expect.rs:3", "src/expect.rs:4"];
    assert_found(&unargued_panics(&tree), &places);
}

#[test]
fn what_prints_is_found() {
    let code = "//! println!()\nfn f() {\n    println!();\n    m!(dbg!(1));\n    eprint! { }\n}";
    let tree = Tree::of(&[("src/a.rs", code), ("examples/a.rs", code)]);
    assert_found(&prints(&tree), &["src/a.rs:3", "src/a.rs:4", "src/a.rs:5"]);
}

#[test]
fn unsafe_code_is_found() {
    let code = "#![deny(unsafe_code)]\n// unsafe\nunsafe impl Send for A {}\n";
    let tree = Tree::of(&[("build.rs", code), ("src/a.rs", "fn f() { m!(unsafe { x }); }")]);
    assert_found(&unsafe_code(&tree), &["build.rs:3", "src/a.rs:1"]);
}
