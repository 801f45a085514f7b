//! Each test that `docs/from-go-metrics.md` names exists.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The tests that a page names: code in backticks that is a path of lower-case words, `module::test`.
fn named(page: &str) -> Vec<&str> {
    let code = page.split('`').skip(1).step_by(2);
    code.filter(|code| code.contains("::") && code.chars().all(is_of_path)).collect()
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == ':'
}

/// Whether one of the files, given by `read`, holds the test under this path.
fn exists(path: &str, read: impl Fn(&str) -> Option<String>) -> bool {
    let Some((module, test)) = path.rsplit_once("::") else { return false };
    let file = format!("tests/it/{}.rs", module.replace("::", "/"));
    read(&file).is_some_and(|text| holds(&text, test))
}

/// Whether the text holds the function `test` right below `#[test]`.
fn holds(text: &str, test: &str) -> bool {
    let begin = format!("fn {test}(");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| pair[0] == "#[test]" && pair[1].starts_with(&begin))
}

#[test]
fn each_test_that_the_page_names_exists() {
    let read = |file: &str| fs::read_to_string(Path::new(ROOT).join(file)).ok();
    let page = read("docs/from-go-metrics.md").expect("the page is there");
    let named = named(&page);
    assert!(named.len() >= 40, "the page names {} tests only", named.len());
    let missing: Vec<_> = named.iter().filter(|path| !exists(path, read)).collect();
    assert!(missing.is_empty(), "named, but not there: {missing:#?}");
}

#[test]
fn each_test_of_known_defects_is_named_on_the_page() {
    let read = |file: &str| fs::read_to_string(Path::new(ROOT).join(file)).expect(file);
    let page = read("docs/from-go-metrics.md");
    let tests = read("tests/it/defects.rs");
    let unnamed = tests
        .lines()
        .filter_map(|line| line.strip_prefix("fn ")?.strip_suffix("() {"))
        .filter(|test| !page.contains(&format!("`defects::{test}`")));
    assert_eq!(unnamed.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_test_that_is_not_there_is_found() {
    let text = "mod a;\n#[test]\nfn is_there() {\n}\nfn is_no_test() {}\n";
    let read = |file: &str| (file == "tests/it/laws/delta.rs").then(|| text.to_owned());
    let page = "`laws::delta::is_there`, `laws::delta::is`, `laws::delta::is_no_test`, `other::is_there`, \
                `Registry::counter`, `laws`";
    let found: Vec<_> = named(page).into_iter().filter(|path| exists(path, read)).collect();
    assert_eq!(named(page).len(), 4);
    assert_eq!(found, ["laws::delta::is_there"]);
}
