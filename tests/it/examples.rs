//! Every example runs, succeeds, and prints what it and the README promise.

use flowmeter::Point;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{fs, io, str, thread};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A command that runs the example `name`, whose temporary files go to `temporary`.
pub(crate) fn example(name: &str, temporary: &Path) -> Command {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    let program = built.get(name).unwrap_or_else(|| panic!("{name} is none of {built:?}"));
    let mut command = Command::new(program);
    command.env("TMPDIR", temporary).env("RUST_BACKTRACE", "0").stdin(Stdio::null());
    command
}

/// Builds all examples, in the profile in which `cargo test` has built them, and finds their programs.
fn build() -> BTreeMap<String, PathBuf> {
    let profile = if cfg!(debug_assertions) { "test" } else { "release" };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--examples", "--message-format=json", "--profile", profile])
        .current_dir(ROOT)
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = str::from_utf8(&built.stdout).expect("cargo writes UTF-8");
    messages.lines().filter_map(program).collect()
}

/// The name and the program of the example that a message of cargo is about, if it is about one.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).expect("cargo writes JSON");
    let is_example = message["target"]["kind"][0] == "example";
    let program = message["executable"].as_str().filter(|_| is_example)?;
    Some((message["target"]["name"].as_str()?.to_owned(), program.into()))
}

/// The status with which the example ends: `failing` fails.
fn status(name: &str) -> i32 {
    i32::from(name == "failing")
}

/// What the example prints; it ends as it should and complains of nothing.
fn printed(name: &str) -> String {
    let temporary = tempfile::tempdir().unwrap();
    let run = example(name, temporary.path()).output().unwrap();
    let complaint = String::from_utf8(run.stderr).unwrap();
    assert_eq!((run.status.code(), complaint.as_str()), (Some(status(name)), ""), "{name}");
    String::from_utf8(run.stdout).unwrap()
}

/// The names of the examples, as cargo finds them: files, and directories with a `main.rs`.
/// Those that need a feature are run by its tests.
fn names() -> BTreeSet<String> {
    let files = fs::read_dir(Path::new(ROOT).join("examples")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let examples = paths.filter(|path| {
        path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").exists()
    });
    let names = examples.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name != "host").collect()
}

/// The first block of the README whose code is of the kind `kind`, below the heading `below`.
fn readme_block(below: &str, kind: &str) -> String {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let begin = format!("```{kind}");
    let lines = readme.lines().skip_while(|line| *line != below);
    let block = lines.skip_while(|line| *line != begin).skip(1);
    let block: Vec<_> = block.take_while(|line| *line != "```").collect();
    assert!(!block.is_empty(), "the README has no block of {kind} below `{below}`");
    block.join("\n")
}

/// Each line of the README's block of code is one of the example, in the same order.
#[track_caller]
fn readme_shows(below: &str, example: &str) {
    let source = fs::read_to_string(Path::new(ROOT).join("examples").join(example)).unwrap();
    let mut rest = source.lines().map(str::trim);
    let block = readme_block(below, "rust,ignore");
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(rest.any(|of_source| of_source == line), "`{line}` is not there, or not in order");
    }
}

/// The text without what differs from run to run: dates, times, speeds.
fn masked(text: &str) -> String {
    let mask_line = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let next = words.iter().skip(1).copied().chain([""]);
        let masked: Vec<_> = words.iter().zip(next).map(|(word, next)| mask(word, next)).collect();
        masked.join(" ")
    };
    text.trim_end().lines().map(mask_line).collect::<Vec<_>>().join("\n")
}

fn mask<'a>(word: &'a str, next: &str) -> &'a str {
    let (bare, next) = (word.trim_end_matches([',', ':']), next.trim_end_matches(','));
    let is_number = bare.starts_with(|c: char| c.is_ascii_digit());
    match bare {
        _ if !is_number => word,
        _ if bare.ends_with('Z') && bare.contains('T') => "DATE",
        _ if bare.ends_with("/s") || next == "records/s" => "SPEED",
        _ if bare.trim_end_matches('s').replace([',', '.'], "").parse::<u64>().is_err() => word,
        _ if bare.ends_with('s') => "TIME",
        _ => word,
    }
}

#[test]
fn every_example_ends_as_it_should_and_prints_something() {
    let names = names();
    assert!(names.contains("flights") && names.contains("quickstart"), "{names:?}");
    for name in names {
        assert!(!printed(&name).trim().is_empty(), "{name} prints nothing");
    }
}

#[test]
fn quickstart_prints_what_the_readme_shows() {
    assert_eq!(masked(&printed("quickstart")), masked(&readme_block("# flowmeter", "text")));
}

#[test]
fn the_readme_shows_code_of_quickstart() {
    readme_shows("# flowmeter", "quickstart.rs");
}

#[test]
fn the_readme_shows_code_of_sending() {
    readme_shows("## Sending elsewhere", "sending.rs");
}

#[test]
fn sending_sends_the_line_that_the_readme_shows() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let listening = thread::spawn(move || io::read_to_string(listener.accept().unwrap().0));
    let temporary = tempfile::tempdir().unwrap();
    let run = example("sending", temporary.path()).arg(address).output().unwrap();
    assert_eq!((run.status.code(), run.stdout.as_slice()), (Some(0), "sent\n".as_bytes()));
    let received = listening.join().unwrap().unwrap();
    let mut rows = received.lines().filter_map(|line| Point::from_line(line).ok());
    let row = rows.find(|point| point.metric == "rows").unwrap();
    let shown = readme_block("## Sending elsewhere", "json");
    let Point { endpoint, timestamp, .. } = Point::from_line(&shown).unwrap();
    // They differ from run to run, and the tag from system to system.
    let masked = Point { endpoint, timestamp, tag: vec!["linux".to_owned()], ..row };
    assert_eq!(masked.to_line(), shown);
}

#[test]
fn a_mask_hides_dates_times_and_speeds_and_nothing_else() {
    let line = "copy succeeded after 1.204s: 3 of 1,204 records (37B) 2013-01-01T10:00:00Z";
    assert_eq!(masked(line), "copy succeeded after TIME 3 of 1,204 records (37B) DATE");
    let line = "  reading       13,098 records/s, 118.32KB/s by 4 readers in 20s";
    assert_eq!(masked(line), "  reading       SPEED records/s, SPEED by 4 readers in TIME");
}

#[test]
fn two_groups_counts_each_group_for_itself() {
    let printed = printed("two_groups");
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "group 0: read 300, made 0, filtered 30, committed 270, balances: true",
            "group 1: read 300, made 300, filtered 0, committed 600, balances: true",
            "partner 2: succeeded",
        ]
    );
    assert!(lines[4].starts_with("everything: ") && lines[4].ends_with(" bytes of JSON"));
    assert_eq!(lines.len(), 5);
}

#[test]
fn two_groups_gives_json_with_exactly_the_keys_of_datax() {
    let printed = printed("two_groups");
    let json = printed.lines().find_map(|line| line.strip_prefix("all: ")).unwrap();
    let report: BTreeMap<String, Value> = serde_json::from_str(json).unwrap();
    let expected = BTreeSet::from(crate::datax::JSON_KEYS);
    assert_eq!(report.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    // 270 orders that were not small, and 300 that were split in two; 8 bytes each.
    assert_eq!((&report["totalRecords"], &report["totalBytes"]), (&870.into(), &6960.into()));
    assert_eq!((&report["stage"], &report["percentage"]), (&6.into(), &1.0.into()));
    assert_eq!((&report["errorRecords"], &report["errorMessage"]), (&0.into(), &"".into()));
}

#[test]
fn failing_blames_the_full_disk_and_not_the_reader_that_it_stopped() {
    let printed = printed("failing");
    let cause = "group 0, task 0 (photos), writer side: the disk has room for 25 photos";
    assert_eq!(printed.lines().next(), Some(format!("failed: {cause}").as_str()));
    assert!(printed.contains(&format!("\n  because       {cause}\n")), "{printed}");
    assert!(!printed.contains("the other side"), "{printed}");
    assert!(printed.contains(": 25 records committed "), "the photos that were saved: {printed}");
    assert!(printed.contains("\n  discrepancy   none\n"), "{printed}");
}

#[test]
fn source_prints_what_a_pool_a_callback_and_two_checks_say() {
    let printed = printed("source");
    let lines: Vec<_> = printed.lines().filter(|line| !line.starts_with("flowmeter.")).collect();
    assert_eq!(
        lines,
        [
            "-- a pool with idle connections",
            "database healthy",
            "db.pool.connections{host=\"orders\",state=\"busy\"} 1",
            "db.pool.connections{host=\"orders\",state=\"idle\"} 3",
            "db.pool.times_full{host=\"orders\"} 0",
            "feed unhealthy: there is no feed",
            "queue.waiting 3",
            "-- a full pool, and no queue",
            "database healthy",
            "db.pool.connections{host=\"orders\",state=\"busy\"} 4",
            "db.pool.connections{host=\"orders\",state=\"idle\"} 0",
            "db.pool.times_full{host=\"orders\"} 1",
            "feed unhealthy: there is no feed",
        ]
    );
    // Of its own figures the others are 0.
    assert_eq!(
        printed.matches("\nflowmeter.").count(),
        printed.matches("flowmeter.series").count()
    );
}
