//! The product speaks of itself alone: no text tells where or how it was made.

use super::tree::{Finding, Tree};

/// Paths of machines and names of notes; each in two pieces, so that this file does not say it.
const FOREIGN_WORDS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("/ro", "ot/"),
    concat!("../sha", "red"),
    concat!("shared/DE", "SIGN"),
    concat!("DESIGN", ".md"),
    concat!("REVIEW", ".md"),
    concat!("STYLE", ".md"),
];

pub(super) fn foreign_words(tree: &Tree) -> Vec<Finding> {
    let remedy = "say what the reader of the product needs to know";
    let lines = tree.texts().flat_map(|(path, text)| {
        text.lines().enumerate().map(move |(i, line)| (path, i + 1, line))
    });
    let said = lines.flat_map(|(path, line, text)| {
        let words = FOREIGN_WORDS.iter().filter(move |word| text.contains(**word));
        words.map(move |word| Finding::new(path, line, format!("`{word}` is said here"), remedy))
    });
    said.collect()
}

#[test]
fn a_foreign_word_is_found_in_every_kind_of_text() {
    let files = [".ci/run", "Cargo.toml", "a.md", "a.sh", "a.yml", "src/a.rs", "tests/it/a.rs"];
    for word in FOREIGN_WORDS {
        let text = format!("network/work, shared\n// see {word}x\n");
        let tree = Tree::of(&files.map(|file| (file, text.as_str())));
        let found = foreign_words(&tree);
        let at = |file: &str| found.iter().any(|f| f.file == file && f.line == 2);
        assert!(files.into_iter().all(at), "{word}: {found:#?}");
        assert!(found.iter().all(|finding| finding.line == 2), "{word}: {found:#?}");
    }
}
