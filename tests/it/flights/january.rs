//! The flights of January 2013: every number of the job, and every row of the table.

use super::{Ended, Place, count, january, table};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// Copies the month as the example does it when it is told nothing.
fn copied() -> (Place, Ended) {
    let place = Place::new();
    let ended = place.run(&[] as &[&str]);
    (place, ended)
}

/// Where the example says that it put the flights.
fn told_output(ended: &Ended) -> &Path {
    let place = ended.printed.lines().find_map(|line| line.strip_prefix("The flights are in "));
    Path::new(place.unwrap())
}

/// The rows of the file that a writer should get, split at each comma: it has no quotes.
fn expected() -> Vec<Vec<String>> {
    let text = fs::read_to_string(january()).unwrap();
    assert!(!text.contains('"'));
    let rows = text.lines().skip(1).map(|row| row.split(',').map(str::to_owned));
    let rows = rows.map(Iterator::collect::<Vec<_>>);
    rows.filter(|row| row[3] != "NA" && row[8] != "NA").collect()
}

#[test]
fn the_summary_has_every_number() {
    let (_place, ended) = copied();
    ended.succeeded(told_output(&ended));
    assert_eq!(ended.records("read"), 27_004);
    assert_eq!(ended.records("made"), 0);
    assert_eq!(ended.records("unreadable"), 0);
    assert_eq!(ended.records("filtered"), 521);
    assert_eq!(ended.records("refused"), 85);
    assert_eq!(ended.said("errors"), Some("85 records"));
    for mark in ["handed on", "received", "committed"] {
        assert_eq!(ended.records(mark), 26_398, "{mark}");
    }
    for rest in ["in hand", "in flight", "skipped", "failed", "buffered", "abandoned"] {
        assert_eq!(ended.records(rest), 0, "{rest}");
    }
    assert_eq!(ended.said("tasks"), Some("16 succeeded (100.00%)"));
    assert!(
        ended.printed.contains(": 26,398 records committed (2.32MB) of 27,004 read\n"),
        "{ended:?}"
    );
}

#[test]
fn the_last_line_has_every_number_of_datax() {
    let (_place, ended) = copied();
    assert_eq!(ended.datax("] Total "), 26_483, "26,398 handed on and 85 refused");
    assert_eq!(ended.datax("| Error "), 85);
    assert_eq!(ended.datax("| Transfermor Success "), 26_919, "filtered ones included");
    assert_eq!(ended.datax("| Transformer Error "), 85);
    assert_eq!(ended.datax("| Transformer Filter "), 521);
    assert!(ended.lines().pop().unwrap().ends_with("| Percentage 100.00%"), "{ended:?}");
}

#[test]
fn the_bytes_read_are_those_of_the_file_without_its_header() {
    let (_place, ended) = copied();
    let content = fs::read(january()).unwrap();
    let header = content.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    assert_eq!(ended.bytes("read"), (content.len() - header) as u64);
    let became = ["filtered", "refused", "handed on"].map(|title| ended.bytes(title));
    assert_eq!(became.iter().sum::<u64>(), ended.bytes("read"), "none is split or widened");
    assert_eq!(ended.bytes("committed"), ended.bytes("handed on"));
}

#[test]
fn refused_rows_are_in_the_error_sample() {
    let (_place, ended) = copied();
    let content = fs::read_to_string(january()).unwrap();
    let samples = ended.samples();
    assert_eq!(samples.len(), 3);
    for sample in samples {
        let (why, row) = sample.rsplit_once(": ").unwrap();
        assert!(why.ends_with(", refused: no arrival delay"), "{sample}");
        assert!(content.lines().any(|line| line == row), "{row} is a row of the file");
        assert_eq!(row.split(',').nth(8), Some("NA"));
    }
    assert!(ended.printed.contains("and 82 more\n"), "{ended:?}");
}

#[test]
fn the_table_holds_exactly_the_flights_that_arrived() {
    let shown = |value: Value| match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Null => "NA".to_owned(),
        other => panic!("{other:?} is of no kind that a column has"),
    };
    let (_place, ended) = copied();
    let rows = table(told_output(&ended)).into_iter();
    let mut rows: Vec<Vec<_>> = rows.map(|row| row.into_iter().map(shown).collect()).collect();
    let mut expected = expected();
    rows.sort_unstable();
    expected.sort_unstable();
    assert_eq!(rows.len(), 26_398);
    assert!(rows == expected, "a row differs from the file's");
}

#[test]
fn flights_of_one_carrier_keep_their_order_in_the_file() {
    let (_place, ended) = copied();
    let rows = table(told_output(&ended)).into_iter();
    let is_united = |carrier: &Value| *carrier == Value::Text("UA".to_owned());
    let numbers = rows.filter(|row| is_united(&row[9])).map(|row| row[10].clone());
    let expected = expected().into_iter().filter(|row| row[9] == "UA");
    let expected = expected.map(|row| Value::Integer(row[10].parse().unwrap()));
    assert!(numbers.eq(expected));
}

#[test]
fn without_an_output_it_goes_to_a_new_temporary_directory() {
    let (place, ended) = copied();
    assert!(told_output(&ended).starts_with(place.path("temporary")), "{ended:?}");
}

#[test]
fn an_output_that_exists_is_refused_and_stays_as_it_was() {
    let place = Place::new();
    fs::write(place.output(), "precious").unwrap();
    let output = place.output().display().to_string();
    place.copy(&january(), &[]).refused(&["exists", "--replace", &output]);
    assert_eq!(fs::read(place.output()).unwrap(), b"precious");
}

#[test]
fn an_output_that_exists_is_replaced_on_request_with_what_belonged_to_it() {
    let place = Place::new();
    for leftover in ["", "-wal", "-shm"] {
        place.write(&format!("flights.sqlite{leftover}"), "left by another job".repeat(1000));
    }
    for _ in 0..2 {
        let ended = place.copy(&january(), &["--replace"]);
        ended.succeeded(&place.output());
        assert_eq!(count(&place.output()), 26_398, "the flights of this job alone");
    }
}

#[test]
fn the_writers_share_the_file_by_a_write_ahead_log() {
    let (_place, ended) = copied();
    let connection = Connection::open(told_output(&ended)).unwrap();
    let mode = connection.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0));
    assert_eq!(mode.unwrap(), "wal");
}

#[test]
fn the_job_goes_on_where_nobody_reads_what_it_prints() {
    let place = Place::new();
    let mut command = place.command(place.args_to_copy(&january(), &[]));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.complaint.contains("panicked"), "{ended:?}");
    assert_eq!(count(&place.output()), 26_398);
}
