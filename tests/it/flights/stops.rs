//! Jobs of `flights` that do not reach their end: an error limit, Ctrl-C, a disk that is full.

use super::{Ended, Place, header, interrupt, january, many_months};
use rusqlite::Connection;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const REFUSED: &str = "2013,1,1,1939,1840,59,29,2151,NA,UA,3325,N905XJ,JFK,DFW,NA,1391,18,40,x";
const GOOD: &str = "2013,1,1,517,515,2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,x";

fn error_limit(limit: u64) -> String {
    format!("more than {limit} records failed: the error limit")
}

#[test]
fn a_job_with_as_many_failures_as_its_limit_succeeds() {
    let place = Place::new();
    let ended = place.copy(&january(), &["--error-limit", "85"]);
    ended.succeeded(&place.output());
    assert_eq!(ended.records("committed"), 26_398);
}

#[test]
fn the_first_failure_above_the_limit_stops_the_job() {
    let place = Place::new();
    let ended = place.copy(&january(), &["--error-limit", "84"]);
    ended.failed(&error_limit(84), &place.output());
    assert_eq!(ended.records("refused"), 85);
    assert_eq!(ended.records("abandoned"), 0, "what was handed on is committed");
}

#[test]
fn a_limit_of_none_stops_the_job_at_the_first_failure() {
    let place = Place::new();
    let ended = place.copy(&january(), &["--error-limit", "0"]);
    ended.failed(&error_limit(0), &place.output());
    assert!((1..85).contains(&ended.records("refused")), "{ended:?}");
    assert!(ended.records("read") < 27_004, "others have noticed");
    assert!(ended.said("tasks").unwrap().contains("killed"), "{ended:?}");
    assert_eq!(ended.records("abandoned"), 0);
}

/// The writer of UA takes seconds for its rows, and its reader can't run far ahead of it.
#[test]
fn the_readers_of_other_tasks_notice_that_the_job_stops() {
    let place = Place::new();
    let mut rows = vec![GOOD; 300_000];
    let refused = REFUSED.replace("UA", "AA");
    rows.push(&refused);
    rows.rotate_right(1);
    let ended = place.copy_rows(&rows, &["--error-limit", "0"]);
    ended.failed(&error_limit(0), &place.output());
    assert_eq!(ended.said("tasks"), Some("2 killed (0.00%)"));
    assert!(ended.records("read") < 300_001, "{ended:?}");
}

#[test]
fn a_failure_in_the_very_last_row_counts_too() {
    let place = Place::new();
    let ended = place.copy_rows(&[GOOD, GOOD, REFUSED], &["--error-limit", "0"]);
    ended.failed(&error_limit(0), &place.output());
    assert_eq!(ended.records("committed"), 2);
}

#[test]
fn unreadable_rows_are_failures_to_the_limit() {
    let rows = [REFUSED, "short", GOOD, GOOD];
    let place = Place::new();
    place.copy_rows(&rows, &["--error-limit", "2"]).succeeded(&place.output());
    let place = Place::new();
    let ended = place.copy_rows(&rows, &["--error-limit", "1"]);
    ended.failed(&error_limit(1), &place.output());
    assert_eq!((ended.records("read"), ended.records("unreadable")), (2, 1));
}

/// Copies `input`, does something as soon as the example has printed a line, and waits for the end.
fn copy_meanwhile(place: &Place, input: &Path, act: impl FnOnce(&Child)) -> Ended {
    let mut command = place.command(place.args_to_copy(input, &[]));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    out.read_line(&mut printed).unwrap();
    assert!(printed.contains("] Total "), "{printed}");
    act(&child);
    out.read_to_string(&mut printed).unwrap();
    let run = child.wait_with_output().unwrap();
    Ended { printed, ..Ended::of(run) }
}

#[test]
#[cfg(unix)]
fn ctrl_c_kills_the_job_which_tells_what_it_has_done() {
    let place = Place::new();
    let ended = copy_meanwhile(&place, &many_months(&place), interrupt);
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(143), ""), "{ended:?}");
    ended.ended("killed", &place.output());
    assert_eq!(ended.said("because"), Some("interrupted"));
    assert!(ended.records("read") < 20 * 27_004, "{ended:?}");
    assert_eq!(ended.records("abandoned"), 0, "what was handed on is committed");
    assert!(ended.said("tasks").unwrap().contains("killed"), "{ended:?}");
}

#[test]
#[cfg(unix)]
fn an_input_that_vanishes_fails_the_next_task_and_with_it_the_job() {
    let place = Place::new();
    let input = many_months(&place);
    let ended = copy_meanwhile(&place, &input, |_| fs::remove_file(&input).unwrap());
    ended.failed("reader side: can't read ", &place.output());
    assert!(ended.said("because").unwrap().contains("No such file or directory"), "{ended:?}");
    assert_eq!(ended.records("abandoned"), 0, "what was handed on is committed");
}

/// The database refuses the flights of one carrier once the job is under way; the writer of the
/// other has seconds of work left.
#[test]
fn a_writer_that_fails_stops_the_job_and_is_its_cause() {
    let place = Place::new();
    let both = format!("{}\n{GOOD}\n", GOOD.replace("UA", "B6"));
    let input = place.write("both.csv", format!("{}\n{}", header(), both.repeat(200_000)));
    let ended = copy_meanwhile(&place, &input, |_| {
        let database = Connection::open(place.output()).unwrap();
        database.busy_timeout(Duration::from_secs(30)).unwrap();
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON flights WHEN NEW.carrier = 'B6'
                      BEGIN SELECT RAISE(ABORT, 'B6 is not wanted'); END";
        database.execute_batch(refuse).unwrap();
    });
    let why = "group 0, task 0 (B6), writer side: can't insert 1000 flights: B6 is not wanted";
    ended.failed(why, &place.output());
    assert_eq!(ended.said("tasks"), Some("1 failed, 1 killed (0.00%)"));
}

/// Runs a shell script that runs the example with `options` by `"$@"`.
#[cfg(unix)]
fn in_shell(place: &Place, script: &str, output: &Path) -> Ended {
    let input = january();
    let example = place
        .command([Path::new("--input"), &input, Path::new("--output"), output].map(Path::to_owned));
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(example.get_program()).args(example.get_args());
    Ended::of(shell.current_dir(place.directory.path()).output().unwrap())
}

#[test]
#[cfg(unix)]
fn a_write_that_fails_is_the_cause_and_not_the_reader_that_it_stopped() {
    let place = Place::new();
    // A file may have 600 blocks of 512 bytes (of 1,024 in some shells), a fraction of the month.
    let script = "trap '' XFSZ; ulimit -f 600; exec \"$@\"";
    let ended = in_shell(&place, script, &place.output());
    ended.failed("writer side: can't insert", &place.output());
    assert!(ended.said("because").unwrap().contains("disk I/O error"), "{ended:?}");
    assert!(ended.records("committed") < 26_398, "{ended:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_fills_up_is_the_cause_and_not_the_reader_that_it_stopped() {
    let place = Place::new();
    fs::create_dir(place.path("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=256k none disk";
    let mut probe = Command::new("unshare");
    probe.args(["-rm", "sh", "-c", mount]).current_dir(place.directory.path());
    let probe = probe.output();
    if !probe.as_ref().is_ok_and(|probe| probe.status.success()) {
        eprintln!("skipped: no small disk can be had here: {probe:?}");
        return;
    }
    // The disk goes with its namespace; what is on it is copied out before.
    let run = "\"$@\"; code=$?; cp disk/flights.sqlite* .; exit $code";
    let script = format!("exec unshare -rm sh -c '{mount} && {{ {run}; }}' sh \"$@\"");
    let ended = in_shell(&place, &script, Path::new("disk/flights.sqlite"));
    ended.failed("writer side: can't insert", &place.output());
    assert!(ended.said("because").unwrap().contains("disk is full"), "{ended:?}");
}
