//! The files of a project as paths and texts, and what can be found wrong in them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// The folders whose Rust files are held to the rules of style.
pub(super) const RUST_FOLDERS: &[&str] = &["src/", "examples/", "benches/", "tests/", "cli/"];

/// Folders that are not the product's text, wherever they are.
const SKIPPED_FOLDERS: &[&str] = &["target", ".git"];

/// Files and folders that are listed, but not read: data, and what cargo writes.
const UNREAD: &[&str] = &["examples/data/", "Cargo.lock"];

const TEXT_ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".yml", ".yaml", ".sh"];

/// What is wrong, where, and what to do about it.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) wrong: String,
    pub(super) remedy: &'static str,
}

impl Finding {
    pub(super) fn new(file: &str, line: usize, wrong: String, remedy: &'static str) -> Finding {
        let file = file.to_owned();
        Finding { file, line, wrong, remedy }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { file, line, wrong, remedy } = self;
        write!(f, "{file}:{line}: {wrong}; {remedy}")
    }
}

/// Every file by its path from the root, with `/` between folders; those to be read, with their text.
pub(super) struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// The tree below the folder `root`.
    pub(super) fn read(root: &Path) -> Tree {
        let mut files = BTreeMap::new();
        walk(root, "", &mut files);
        Tree { files }
    }

    /// A tree that a test makes up.
    pub(super) fn of(files: &[(&str, &str)]) -> Tree {
        let owned = |&(path, text): &(&str, &str)| (path.to_owned(), Some(text.to_owned()));
        Tree { files: files.iter().map(owned).collect() }
    }

    /// The texts that are the product's own, with their paths.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// The Rust files below any of `folders`, each given as `name/`; `""` is the root.
    pub(super) fn rust(&self, folders: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        self.texts().filter(|(path, _)| {
            path.ends_with(".rs") && folders.iter().any(|folder| path.starts_with(folder))
        })
    }

    /// Whether `path` is a file or a folder of the tree.
    pub(super) fn holds(&self, path: &str) -> bool {
        let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

/// Adds what lies in `folder`, whose path from the root is `prefix`; links are not followed.
fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Option<String>>) {
    for entry in fs::read_dir(folder).expect("a folder of the tree can be listed") {
        let entry = entry.expect("an entry of the tree can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().expect("an entry of the tree has a type");
        if kind.is_dir() && !SKIPPED_FOLDERS.contains(&name.as_str()) {
            walk(&entry.path(), &format!("{path}/"), files);
        } else if kind.is_file() {
            let text = is_text(&path).then(|| fs::read_to_string(entry.path()));
            let text = text.map(|text| text.unwrap_or_else(|error| panic!("{path}: {error}")));
            files.insert(path, text);
        }
    }
}

fn is_text(path: &str) -> bool {
    let known =
        path.starts_with(".ci/") || TEXT_ENDINGS.iter().any(|ending| path.ends_with(ending));
    known && !UNREAD.iter().any(|unread| path.starts_with(unread))
}

/// Fails unless a rule's findings lie in exactly these places, each given as `file:line`.
#[track_caller]
pub(super) fn assert_found(found: &[Finding], places: &[&str]) {
    let seen: Vec<String> = found.iter().map(|f| format!("{}:{}", f.file, f.line)).collect();
    assert_eq!(seen, places, "{found:#?}");
    assert!(found.iter().all(|f| !f.wrong.is_empty() && !f.remedy.is_empty()));
}

#[test]
fn a_tree_on_disk_is_read_without_what_is_built_or_data() {
    let root = tempfile::tempdir().expect("a folder for the test");
    let files = ["src/lib.rs", ".ci/run", "target/debug/x.rs", "examples/data/a.md", "LICENSE"];
    for path in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "text").expect("a file");
    }
    let tree = Tree::read(root.path());
    let texts: Vec<&str> = tree.texts().map(|(path, _)| path).collect();
    assert_eq!(texts, [".ci/run", "src/lib.rs"]);
    assert!(tree.holds("LICENSE") && tree.holds("examples/data") && !tree.holds("target"));
}
