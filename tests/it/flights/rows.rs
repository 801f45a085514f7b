//! Rows as files have them: too short, too long, not numbers, not UTF-8, quoted, ended by CRLF.

use super::{Place, header};
use rusqlite::types::Value;
use std::fs;

const DEP_TIME: usize = 3;
const ARR_DELAY: usize = 8;
const CARRIER: usize = 9;
const TAILNUM: usize = 11;
const TIME_HOUR: usize = 18;

/// A good row of a carrier, but for the columns in `changes`.
fn row(carrier: &str, changes: &[(usize, &str)]) -> String {
    let good =
        "2013,1,1,517,515,2,830,819,11,?,1545,N14228,EWR,IAH,227,1400,5,15,2013-01-01T10:00:00Z";
    let mut fields: Vec<_> = good.split(',').collect();
    fields[CARRIER] = carrier;
    for &(column, text) in changes {
        fields[column] = text;
    }
    fields.join(",")
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Copies a good row of AA and `bad`, of UA: that one is unreadable for the reason `why`.
#[track_caller]
fn unreadable(bad: impl AsRef<[u8]>, why: &str) {
    let place = Place::new();
    let ended = place.copy_rows(&[row("AA", &[]).as_bytes(), bad.as_ref()], &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "unreadable", "committed"].map(|title| ended.records(title));
    assert_eq!(counts, [2, 1, 1], "{ended:?}");
    let [sample] = ended.samples()[..] else { panic!("one sample: {ended:?}") };
    let unreadable = format!("), unreadable: {why}: ");
    assert!(sample.starts_with("group 1, task 1 (") && sample.contains(&unreadable), "{sample}");
    assert!(sample.ends_with(&*String::from_utf8_lossy(bad.as_ref())), "{sample}");
}

#[test]
fn a_row_too_short_to_name_its_carrier_is_the_first_tasks_as_unreadable() {
    let place = Place::new();
    let rows = [row("UA", &[]), "2013,1,1".to_owned(), row("AA", &[]), row("MQ", &[])];
    let ended = place.copy_rows(&rows, &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "unreadable", "committed"].map(|title| ended.records(title));
    assert_eq!(counts, [4, 1, 3]);
    let sample = "group 0, task 0 (AA), unreadable: 3 columns instead of 19: 2013,1,1";
    assert_eq!(ended.samples(), [sample]);
    assert_eq!(ended.said("tasks"), Some("3 succeeded (100.00%)"));
}

#[test]
fn rows_that_all_are_too_short_are_counted_too() {
    let place = Place::new();
    let ended = place.copy_rows(&["2013", "2013,1", "1,2,3,4,5,6,7,8,9"], &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "unreadable", "committed"].map(|title| ended.records(title));
    assert_eq!(counts, [3, 3, 0]);
}

#[test]
fn a_row_of_too_few_or_too_many_columns_is_unreadable() {
    let whole = row("UA", &[]);
    let (without_last, _) = whole.rsplit_once(',').unwrap();
    unreadable(without_last, "18 columns instead of 19");
    let (up_to_carrier, _) = whole.split_once(",1545").unwrap();
    unreadable(up_to_carrier, "10 columns instead of 19");
    unreadable(format!("{whole},sunny"), "20 columns instead of 19");
}

#[test]
fn a_row_with_a_number_that_is_none_is_unreadable() {
    for bad in ["late", "1.5", "", " 517", "na", "99999999999999999999"] {
        let why = format!("column `dep_time` is `{bad}`, not a whole number");
        unreadable(row("UA", &[(DEP_TIME, bad)]), &why);
    }
}

#[test]
fn a_row_that_is_not_utf8_is_unreadable() {
    let (before, after) = ("2013,1,1,517,515,2,830,819,11,UA,1545,", ",EWR,IAH,227,1400,5,15,x");
    let bad = [before.as_bytes(), b"N\xff", after.as_bytes()].concat();
    unreadable(bad, "column `tailnum` is not UTF-8");
}

#[test]
fn a_carrier_that_is_not_utf8_has_a_task_and_unreadable_rows() {
    let whole = row("UA", &[]);
    let (before, after) = whole.split_once("UA").unwrap();
    let bad = [before.as_bytes(), b"\xff\xfe", after.as_bytes()].concat();
    unreadable(bad, "column `carrier` is not UTF-8");
}

#[test]
fn carriers_are_dealt_out_to_four_task_groups() {
    let carriers = ["AA", "B6", "DL", "EV", "MQ", "UA"];
    for (id, late) in carriers.into_iter().enumerate() {
        let dep_time = |carrier| if carrier == late { "late" } else { "517" };
        let rows = carriers.map(|carrier| row(carrier, &[(DEP_TIME, dep_time(carrier))]));
        let ended = Place::new().copy_rows(&rows, &[]);
        let [sample] = ended.samples()[..] else { panic!("one sample: {ended:?}") };
        assert!(
            sample.starts_with(&format!("group {}, task {id} ({late}), unreadable: ", id % 4)),
            "{sample}"
        );
    }
}

#[test]
fn a_control_character_in_a_row_can_not_forge_a_line_of_the_summary() {
    let place = Place::new();
    let forged = row("UA", &[(DEP_TIME, "\"x\n  discrepancy   none\"")]);
    let ended = place.copy_rows(&[forged], &[]);
    ended.succeeded(&place.output());
    assert!(ended.samples()[0].contains("`x\\n  discrepancy   none`"), "{ended:?}");
}

#[test]
fn a_flight_that_never_departed_is_filtered_even_without_an_arrival_delay() {
    let place = Place::new();
    let ended = place.copy_rows(&[row("UA", &[(DEP_TIME, "NA"), (ARR_DELAY, "NA")])], &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "filtered", "refused"].map(|title| ended.records(title));
    assert_eq!(counts, [1, 1, 0]);
}

#[test]
fn what_is_not_available_is_null_in_the_table() {
    let place = Place::new();
    place.copy_rows(&[row("UA", &[(TAILNUM, "NA"), (14, "NA")])], &[]).succeeded(&place.output());
    let table = place.table();
    assert_eq!((&table[0][TAILNUM], &table[0][14]), (&Value::Null, &Value::Null));
    assert_eq!((&table[0][DEP_TIME], &table[0][CARRIER]), (&Value::Integer(517), &text("UA")));
}

#[test]
fn lines_may_end_with_crlf() {
    let place = Place::new();
    let rows = [row("UA", &[]), row("AA", &[]), row("UA", &[])];
    let content = format!("{}\r\n{}\r\n", header(), rows.join("\r\n"));
    let ended = place.copy(&place.write("dos.csv", &content), &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "unreadable", "committed"].map(|title| ended.records(title));
    assert_eq!(counts, [3, 0, 3]);
    assert_eq!(ended.bytes("read"), (content.len() - header().len() - 2) as u64);
    for row in place.table() {
        assert_eq!(row[TIME_HOUR], text("2013-01-01T10:00:00Z"));
    }
}

#[test]
fn the_last_line_needs_no_end() {
    let place = Place::new();
    let rows = [row("AA", &[]), row("UA", &[])].join("\n");
    let ended = place.copy(&place.write("cut.csv", format!("{}\n{rows}", header())), &[]);
    ended.succeeded(&place.output());
    assert_eq!((ended.records("committed"), ended.bytes("read")), (2, rows.len() as u64));
}

#[test]
fn fields_may_be_quoted() {
    let place = Place::new();
    let rows = [row("\"UA\"", &[(DEP_TIME, "\"517\""), (TAILNUM, "\"N1, \"\"the\nold one\"\"\"")])];
    let ended = place.copy_rows(&rows, &[]);
    ended.succeeded(&place.output());
    assert_eq!(ended.bytes("read"), rows[0].len() as u64 + 1);
    let table = place.table();
    assert_eq!(table[0][TAILNUM], text("N1, \"the\nold one\""));
    assert_eq!((&table[0][DEP_TIME], &table[0][CARRIER]), (&Value::Integer(517), &text("UA")));
}

#[test]
fn an_empty_carrier_is_a_carrier() {
    let place = Place::new();
    let ended = place.copy_rows(&[row("UA", &[]), row("", &[]), "short".to_owned()], &[]);
    ended.succeeded(&place.output());
    let counts = ["read", "unreadable", "committed"].map(|title| ended.records(title));
    assert_eq!(counts, [3, 1, 2]);
    assert_eq!(ended.said("tasks"), Some("2 succeeded (100.00%)"));
    let mut carriers: Vec<_> = place.table().into_iter().map(|row| row[CARRIER].clone()).collect();
    carriers.sort_by_key(|carrier| *carrier != text(""));
    assert_eq!(carriers, [text(""), text("UA")]);
}

#[test]
fn a_header_alone_is_a_job_of_no_records() {
    for end in ["", "\n", "\r\n"] {
        let place = Place::new();
        let input = place.write("header.csv", header() + end);
        let ended = place.copy(&input, &["--error-limit", "0"]);
        ended.succeeded(&place.output());
        assert_eq!((ended.records("read"), ended.records("committed")), (0, 0));
        assert!(fs::exists(place.output()).unwrap(), "with an empty table");
    }
}

#[test]
fn more_than_a_batch_of_one_carrier_is_committed_whole() {
    for rows in [999, 1000, 1001, 2500] {
        let place = Place::new();
        let ended = place.copy_rows(&vec![row("UA", &[]); rows], &[]);
        ended.succeeded(&place.output());
        assert_eq!(ended.records("committed"), rows as u64);
    }
}
