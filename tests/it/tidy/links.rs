//! Links between the documents lead to files that exist.

use super::tree::{Finding, Tree, assert_found};

pub(super) fn dead_links(tree: &Tree) -> Vec<Finding> {
    let documents = tree.texts().filter(|(path, _)| {
        path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/'))
    });
    documents.flat_map(|(path, text)| dead_links_of(tree, path, text)).collect()
}

fn dead_links_of(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    let relative = links(text).into_iter().filter(|(_, target)| !is_elsewhere(target));
    let dead =
        relative.filter(|(_, target)| !resolve(path, target).is_some_and(|p| tree.holds(&p)));
    let wrong = |target: &str| format!("the link to `{target}` leads nowhere");
    let remedy = "name a file that exists, as a path from this one";
    dead.map(|(line, target)| Finding::new(path, line, wrong(target), remedy)).collect()
}

/// Into the web, to a mailbox, or within the document.
fn is_elsewhere(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:") || target.starts_with('#')
}

/// The targets of the links in a document, outside of code blocks, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut in_code) = (Vec::new(), false);
    for (i, line) in text.lines().enumerate() {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        if !in_code && !fence {
            found.extend(links_in(line).into_iter().map(|target| (i + 1, target)));
        }
    }
    found
}

/// The targets of `[text](target "title")` and of `[name]: target` in a line, outside of `code`.
fn links_in(line: &str) -> Vec<&str> {
    let prose = line.split('`').step_by(2);
    let inline = prose.flat_map(|prose| prose.split("](").skip(1)).map(|rest| {
        let target = rest.split(')').next().unwrap_or("");
        target.split_whitespace().next().unwrap_or("")
    });
    let definition = line.strip_prefix('[').and_then(|line| line.split_once("]: "));
    let defined = definition.and_then(|(_, rest)| rest.split_whitespace().next());
    inline.chain(defined).map(|target| target.trim_matches(['<', '>'])).collect()
}

/// The path from the root that `target` means in the document `path`; `None` if it leads out.
fn resolve(path: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or("");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let readme = "[a](docs/a.md#top) [web](https://x.y/z) [here](#here) ![p](docs/p.svg)\n\
                  [`b`](docs/b.md)\n`[c](c.md)`\n```\n[d](d.md)\n```\n[e]: docs/e.md\n[e](/docs/a.md)\n";
    let a = "[up](../README.md) [folder](../docs) [out](../../README.md)\n[b](b.md \"B\")\n";
    let tree = Tree::of(&[("README.md", readme), ("docs/a.md", a), ("docs/p.svg", "")]);
    let places = ["README.md:2", "README.md:7", "README.md:8", "docs/a.md:1", "docs/a.md:2"];
    assert_found(&dead_links(&tree), &places);
    let elsewhere = Tree::of(&[("examples/README.md", "[x](x.md)")]);
    assert_found(&dead_links(&elsewhere), &[]);
}
