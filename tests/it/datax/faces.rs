//! DataX's line and JSON, against what the original printed for the same numbers.

use super::{copy, done, millis, one_task, registry};
use flowmeter::DataxReport;
use serde_json::Value;
use std::collections::BTreeSet;

/// The numbers of a job of one million records that DataX reported after 20 s.
fn one_million() -> DataxReport {
    DataxReport {
        total_records: 1_000_000,
        total_bytes: 45_888_896,
        speed_records: 50_000,
        speed_bytes: 2_294_444,
        stage: 1,
        percentage: 1.0,
        wait_writer_time: 9_669_441_721,
        wait_reader_time: 57_250_671,
        ..DataxReport::default()
    }
}

#[test]
fn the_line_of_a_finished_job_is_that_of_datax() {
    assert_eq!(
        one_million().to_string(),
        "Total 1000000 records, 45888896 bytes | Speed 2.19MB/s, 50000 records/s | \
         Error 0 records, 0 bytes |  All Task WaitWriterTime 9.669s |  \
         All Task WaitReaderTime 0.057s | Percentage 100.00%"
    );
}

#[test]
fn the_line_of_an_empty_job_is_that_of_datax() {
    assert_eq!(
        DataxReport::default().to_string(),
        "Total 0 records, 0 bytes | Speed 0B/s, 0 records/s | Error 0 records, 0 bytes |  \
         All Task WaitWriterTime 0.000s |  All Task WaitReaderTime 0.000s | Percentage 0.00%"
    );
}

#[test]
fn the_line_of_a_job_under_way_is_that_of_datax() {
    let report = DataxReport {
        total_records: 3_589_088,
        total_bytes: 61_014_496,
        speed_records: 13_516,
        speed_bytes: 229_786,
        wait_writer_time: 283_231_000_000,
        wait_reader_time: 133_380_000_000,
        ..DataxReport::default()
    };
    assert_eq!(
        report.to_string(),
        "Total 3589088 records, 61014496 bytes | Speed 224.40KB/s, 13516 records/s | \
         Error 0 records, 0 bytes |  All Task WaitWriterTime 283.231s |  \
         All Task WaitReaderTime 133.380s | Percentage 0.00%"
    );
}

#[test]
fn transforms_are_in_the_line_as_soon_as_one_of_their_counters_is_not_zero() {
    let used = DataxReport { transformer_used_time: 62_500_000, ..one_million() };
    let line = used.to_string();
    assert!(
        line.contains(
            "0.057s | Transfermor Success 0 records | Transformer Error 0 records | \
             Transformer Filter 0 records | Transformer usedTime 0.063s | Percentage"
        ),
        "{line}"
    );
    for one in [
        DataxReport { transformer_success: 1, ..one_million() },
        DataxReport { transformer_error: 1, ..one_million() },
        DataxReport { transformer_filter: 1, ..one_million() },
    ] {
        assert!(one.to_string().contains("Transfermor"), "{one}");
    }
}

#[test]
fn the_line_of_a_real_job_is_derived_from_its_counts() {
    let (clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    copy(&mut reader, &mut writer, 1_000_000, 45_888_896);
    clock.advance(millis(20_000));
    done(reader, writer);
    assert_eq!(
        job.finish().datax().to_string(),
        "Total 1000000 records, 45888896 bytes | Speed 2.19MB/s, 50000 records/s | \
         Error 0 records, 0 bytes |  All Task WaitWriterTime 0.000s |  \
         All Task WaitReaderTime 0.000s | Percentage 100.00%"
    );
}

#[test]
fn every_counter_of_datax_is_derived_from_ours() {
    let (_clock, registry) = registry();
    let (job, mut reader, mut writer) = one_task(&registry);
    reader.read_batch(100, 1000);
    reader.unreadable(3, 30, "garbled");
    reader.filtered(5, 50);
    reader.refused(7, 70, "no date");
    reader.transformed(85);
    let _: Result<(), ()> = reader.hand_on(85, 850, |_| Ok(()));
    writer.received(85, 850);
    writer.skipped(2, 20);
    writer.failed(4, 40, "too long");
    writer.committed(79, 790);
    done(reader, writer);
    let datax = serde_json::to_value(job.finish().communication().datax()).unwrap();
    let expected = [
        ("readSucceedRecords", 85),
        ("readSucceedBytes", 850),
        ("readFailedRecords", 10),
        ("readFailedBytes", 100),
        ("writeReceivedRecords", 85),
        ("writeReceivedBytes", 850),
        ("writeFailedRecords", 4),
        ("writeFailedBytes", 40),
        ("waitWriterTime", 0),
        ("waitReaderTime", 0),
        ("stage", 1),
        ("totalTransformerSuccessRecords", 90),
        ("totalTransformerFailedRecords", 7),
        ("totalTransformerFilterRecords", 5),
        ("totalTransformerUsedTime", 0),
        ("totalReadRecords", 95),
        ("totalReadBytes", 950),
        ("totalErrorRecords", 14),
        ("totalErrorBytes", 140),
        ("writeSucceedRecords", 79),
        ("writeSucceedBytes", 790),
    ];
    assert_eq!(datax.as_object().unwrap().len(), expected.len());
    for (key, value) in expected {
        assert_eq!(datax[key], value, "{key}");
    }
}

#[test]
fn the_json_has_exactly_the_keys_of_datax() {
    let json: Value = serde_json::from_str(&one_million().to_json()).unwrap();
    let keys: BTreeSet<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(super::JSON_KEYS));
    assert_eq!(json["speedBytes"], 2_294_444);
    assert_eq!(json["errorMessage"], "");
    assert_eq!(json["percentage"], 1.0);
}

#[test]
fn the_error_message_is_the_first_cause() {
    let (clock, registry) = registry();
    let (job, reader, writer) = one_task(&registry);
    writer.fail("disk full");
    clock.advance(millis(1));
    drop(reader);
    let datax = job.finish().datax();
    assert_eq!(datax.error_message, "group 0, task 0, writer side: disk full");
}
