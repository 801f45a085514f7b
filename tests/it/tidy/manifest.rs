//! Every dependency and every feature is argued where it is declared.

use super::tree::{Finding, Tree, assert_found};

const MANIFEST: &str = "Cargo.toml";

pub(super) fn unargued_entries(tree: &Tree) -> Vec<Finding> {
    let lines: Vec<&str> = tree.text(MANIFEST).unwrap_or("").lines().collect();
    let entries = entries(&lines).into_iter().filter(|&i| !is_argued(&lines, i));
    let wrong = |i: usize| format!("nothing argues `{}`", lines[i].trim());
    let remedy = "say in a comment directly above what it is for and what it brings";
    entries.map(|i| Finding::new(MANIFEST, i + 1, wrong(i), remedy)).collect()
}

/// A comment of two words at least stands directly above.
fn is_argued(lines: &[&str], i: usize) -> bool {
    let above = i.checked_sub(1).and_then(|above| lines[above].trim().strip_prefix('#'));
    above.is_some_and(|comment| comment.split_whitespace().count() >= 2)
}

/// The lines on which a dependency or a feature begins.
fn entries(lines: &[&str]) -> Vec<usize> {
    let (mut found, mut argued, mut open) = (Vec::new(), false, 0);
    for (i, line) in lines.iter().enumerate() {
        let line = line.trim();
        let begins = open == 0 && !line.is_empty() && !line.starts_with('#');
        if let Some(table) = line.strip_prefix('[').filter(|_| begins) {
            let table = table.split(']').next().unwrap_or("");
            argued = is_argued_table(table);
            if is_one_dependency(table) {
                found.push(i);
            }
        } else if begins && argued {
            found.push(i);
        }
        open += brackets(line);
    }
    found
}

fn is_argued_table(name: &str) -> bool {
    let of_target = name.starts_with("target.") && name.ends_with(".dependencies");
    name == "dependencies" || name == "features" || of_target
}

/// `[dependencies.name]`: a table that is one entry.
fn is_one_dependency(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(table, _)| table != "features" && is_argued_table(table))
}

/// By how much a line opens more brackets than it closes, outside of quotes and comments.
fn brackets(line: &str) -> i32 {
    let unquoted = line.split('"').step_by(2).collect::<String>();
    let code = unquoted.split('#').next().unwrap_or("");
    let count = |marks: [char; 2]| code.matches(marks).count() as i32;
    count(['[', '{']) - count([']', '}'])
}

#[test]
fn an_entry_without_an_argument_is_found() {
    let features = "[features]\n# Nothing is on.\ndefault = []\nbare = [\n    \"dep:a\",\n]\n";
    let dependencies = "[dependencies]\n# For the wire.\na = \"1\"\nb = { version = \"1\" }\n\
                        # For the host.\n\nc = \"1\"\n#\nd = \"1\" # [\ne.workspace = true\n";
    let others = "[dependencies.f]\nversion = \"1\"\n[target.'cfg(unix)'.dependencies]\ng = \"1\"\n\
                  [dev-dependencies]\nh = \"1\"\n# Kept for the page.\n[dependencies.i]\nx = 1\n";
    let tree = Tree::of(&[("Cargo.toml", &format!("{features}{dependencies}{others}"))]);
    let lines = [4, 10, 13, 15, 16, 17, 20].map(|line| format!("Cargo.toml:{line}"));
    assert_found(&unargued_entries(&tree), &lines.each_ref().map(String::as_str));
}
