//! The main example, `flights`: what it copies, what it says of it, and what it refuses.

mod january;
mod refusals;
mod rows;
mod stops;
mod transfer;

use crate::examples::example;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use tempfile::TempDir;

const COLUMNS: usize = 19;

/// The flights of January 2013.
fn january() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/flights-2013-01.csv")
}

/// The first line of any input, without its end.
fn header() -> String {
    fs::read_to_string(january()).unwrap().lines().next().unwrap().to_owned()
}

/// A directory for one test, with room for what the example leaves in the temporary directory.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { directory: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("temporary")).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// The database that the example is told to write.
    fn output(&self) -> PathBuf {
        self.path("flights.sqlite")
    }

    fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = example("flights", &self.path("temporary"));
        command.args(args);
        command
    }

    /// Runs the example as it is told by `args`.
    fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ended {
        Ended::of(self.command(args).output().unwrap())
    }

    /// Copies `input` to the output, with more options.
    fn copy(&self, input: &Path, options: &[&str]) -> Ended {
        self.run(self.args_to_copy(input, options))
    }

    fn args_to_copy<'a>(&self, input: &'a Path, options: &'a [&str]) -> Vec<std::ffi::OsString> {
        let files = [OsStr::new("--input"), input.as_ref(), OsStr::new("--output")];
        let mut args: Vec<_> = files.iter().map(|&arg| arg.to_owned()).collect();
        args.push(self.output().into());
        args.extend(options.iter().map(Into::into));
        args
    }

    /// Copies the header and `rows`, each ended by a line feed.
    fn copy_rows<R: AsRef<[u8]>>(&self, rows: &[R], options: &[&str]) -> Ended {
        let mut content = header().into_bytes();
        content.push(b'\n');
        for row in rows {
            content.extend_from_slice(row.as_ref());
            content.push(b'\n');
        }
        self.copy(&self.write("rows.csv", content), options)
    }

    /// Every row of the table, in the order in which it was inserted.
    fn table(&self) -> Vec<Vec<Value>> {
        table(&self.output())
    }
}

fn table(database: &Path) -> Vec<Vec<Value>> {
    let connection = Connection::open(database).unwrap();
    let mut select = connection.prepare("SELECT * FROM flights ORDER BY rowid").unwrap();
    assert_eq!(select.column_count(), COLUMNS);
    let row = |row: &rusqlite::Row<'_>| (0..COLUMNS).map(|column| row.get(column)).collect();
    select.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// SELECT count(*) of the table.
fn count(database: &Path) -> u64 {
    let connection = Connection::open(database).unwrap();
    let count = connection.query_row("SELECT count(*) FROM flights", [], |row| row.get(0));
    u64::try_from(count.map(|count: i64| count).unwrap()).unwrap()
}

/// A file of the rows of January, many times over.
fn many_months(place: &Place) -> PathBuf {
    let january = fs::read_to_string(january()).unwrap();
    let (header, rows) = january.split_once('\n').unwrap();
    place.write("months.csv", format!("{header}\n{}", rows.repeat(20)))
}

/// Does what Ctrl-C does.
fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
}

/// What the example did, once it has ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    printed: String,
    complaint: String,
}

impl Ended {
    fn of(run: Output) -> Ended {
        Ended {
            code: run.status.code(),
            printed: String::from_utf8(run.stdout).unwrap(),
            complaint: String::from_utf8(run.stderr).unwrap(),
        }
    }

    /// What the summary says under a title, if it has a line of it.
    fn said(&self, title: &str) -> Option<&str> {
        let titled = |line| str::strip_prefix(line, "  ")?.strip_prefix(title);
        let mut texts =
            self.printed.lines().filter_map(titled).filter(|text| text.starts_with(' '));
        let text = texts.next().map(str::trim);
        assert_eq!(texts.next(), None, "one line of {title}: {self:?}");
        text
    }

    /// The numbers of a line of the ledger.
    fn numbers(&self, title: &str) -> Vec<u64> {
        let text = self.said(title).unwrap_or_else(|| panic!("no {title} in {self:?}"));
        text.split_whitespace().map(number).collect()
    }

    fn records(&self, title: &str) -> u64 {
        self.numbers(title)[0]
    }

    fn bytes(&self, title: &str) -> u64 {
        self.numbers(title)[1]
    }

    /// DataX's lines.
    fn lines(&self) -> Vec<&str> {
        self.printed.lines().filter(|line| line.contains("] Total ")).collect()
    }

    /// The number after `title` in the last of DataX's lines.
    fn datax(&self, title: &str) -> u64 {
        let line = self.lines().pop().unwrap_or_else(|| panic!("no line in {self:?}"));
        let (_, rest) = line.split_once(title).unwrap_or_else(|| panic!("no {title} in {line}"));
        number(rest.split_whitespace().next().unwrap())
    }

    /// The samples of records in error that the summary shows.
    fn samples(&self) -> Vec<&str> {
        let samples = self.printed.lines().map(str::trim_start);
        samples.filter(|line| line.starts_with("group ")).collect()
    }

    /// The job has succeeded, and what it says holds.
    #[track_caller]
    fn succeeded(&self, database: &Path) {
        assert_eq!((self.code, self.complaint.as_str()), (Some(0), ""), "{self:?}");
        self.ended("succeeded", database);
        assert_eq!(self.said("because"), None);
        assert_eq!(self.records("abandoned"), 0);
    }

    /// The job has failed because of `why`, and what it says holds.
    #[track_caller]
    fn failed(&self, why: &str, database: &Path) {
        assert_eq!((self.code, self.complaint.as_str()), (Some(1), ""), "{self:?}");
        self.ended("failed", database);
        let because = self.said("because").unwrap();
        assert!(because.contains(why), "{because}");
        assert!(!self.printed.contains("the other side"), "{self:?}");
    }

    /// The summary comes after a line, its sums agree, and the database holds what was committed.
    #[track_caller]
    fn ended(&self, state: &str, database: &Path) {
        let (lines, summary) = self
            .printed
            .split_once(&format!("\nflights {state} after "))
            .unwrap_or_else(|| panic!("not {state}: {self:?}"));
        assert!(lines.contains("] Total ") && !summary.contains("] Total "), "{self:?}");
        assert_eq!(self.said("discrepancy"), Some("none"));
        let records = |title| self.records(title);
        let dropped = records("unreadable") + records("filtered") + records("refused");
        let kept = records("handed on") + records("in hand");
        assert_eq!(records("read") + records("made"), dropped + kept);
        let left = records("in flight") + records("buffered") + records("abandoned");
        assert_eq!(records("handed on"), records("committed") + records("failed") + left);
        assert_eq!(count(database), records("committed"));
    }

    /// The example has refused to begin, in one sentence that has all of `parts`.
    #[track_caller]
    fn refused(&self, parts: &[&str]) {
        assert_eq!((self.code, self.printed.as_str()), (Some(1), ""), "{self:?}");
        let sentence = self.complaint.strip_suffix('\n').expect("one whole line");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
        assert!(sentence.starts_with("flights: ") && !sentence.contains("panicked"), "{sentence}");
        for part in parts {
            assert!(sentence.contains(part), "no `{part}` in: {sentence}");
        }
    }
}

/// A whole number, printed plainly or with commas.
fn number(text: &str) -> u64 {
    text.replace(',', "").parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}
