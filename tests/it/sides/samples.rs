//! Messages and samples: the first are kept, the others counted, and all are cut to a length.

use crate::job::{Started, error_of};
use flowmeter::{Amount, Messages, Registry, Task};
use std::fmt::{self, Display};

const MORE: usize = Messages::KEPT + 10;

#[test]
fn the_first_samples_are_kept_and_the_others_counted() {
    let mut started = Started::new();
    for n in 0..MORE {
        started.reader.refused(1, 2, n);
    }
    let now = started.now();
    let kept: Vec<_> = now.samples.iter().map(|sample| sample.text.clone()).collect();
    let first: Vec<_> = (0..Messages::KEPT).map(|n| n.to_string()).collect();
    assert_eq!(kept, first);
    assert_eq!((now.samples.total(), now.samples.left_out()), (MORE as u64, 10));
    assert_eq!(now.counters.reader.refused, Amount::new(MORE as u64, 2 * MORE as u64));
}

#[test]
fn the_first_messages_are_kept_and_samples_leave_them_their_room() {
    let mut started = Started::new();
    for n in 0..MORE {
        started.writer.failed(1, 2, "full");
        started.writer.message("progress", n);
    }
    let now = started.now();
    assert_eq!(now.messages.iter().count(), Messages::KEPT);
    assert_eq!(now.samples.iter().count(), Messages::KEPT);
    assert_eq!((now.messages.left_out(), now.samples.left_out()), (10, 10));
    assert_eq!(now.messages.iter().next().unwrap().text, "0");
}

#[test]
fn a_sample_tells_what_became_of_its_record_and_where() {
    let mut started = Started::new();
    started.reader.unreadable(1, 5, "no comma");
    started.reader.refused(1, 5, "no name");
    let _ = started.reader.transform(5, || Err::<Option<()>, _>("no date"));
    started.writer.failed(1, 5, "no room");
    started.reader.message("file", "rows.csv");
    let now = started.now();
    let said = |messages: &Messages| -> Vec<(String, String)> {
        messages.iter().map(|said| (said.key.clone(), said.text.clone())).collect()
    };
    let expected = [
        ("unreadable", "no comma"),
        ("refused", "no name"),
        ("refused", "no date"),
        ("failed", "no room"),
    ];
    assert_eq!(said(&now.samples), expected.map(|(key, text)| (key.into(), text.into())));
    assert_eq!(said(&now.messages), [("file".into(), "rows.csv".into())]);
    assert!(now.samples.iter().all(|sample| (sample.group, sample.task) == (0, 0)));
}

/// What can't say what it is.
struct Mute;

impl Display for Mute {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[test]
fn a_record_in_error_without_a_reason_counts_all_the_same() {
    let mut started = Started::new();
    started.reader.refused(1, 5, "");
    started.reader.unreadable(1, 5, Mute);
    assert!(started.reader.transform(5, || Err::<Option<()>, _>(Mute)).is_none());
    started.writer.failed(1, 5, Mute);
    let now = started.now();
    assert_eq!(now.counters.errors(), Amount::new(4, 20));
    assert_eq!(now.samples.total(), 4);
}

#[test]
fn a_long_text_is_cut() {
    let mut started = Started::new();
    let long = "x".repeat(1_000_000);
    started.reader.message(&long, &long);
    started.writer.failed(1, 1, &long);
    let now = started.now();
    let (message, sample) = (now.messages.iter().next(), now.samples.iter().next());
    for text in [&message.unwrap().key, &message.unwrap().text, &sample.unwrap().text] {
        assert!(text.starts_with(&"x".repeat(1024)) && text.len() < 1100, "{} bytes", text.len());
    }
}

#[test]
fn a_long_reason_is_cut_and_says_so() {
    let Started { task, reader: _reader, writer, job: _job, .. } = Started::new();
    writer.fail("x".repeat(5000));
    assert_eq!(error_of(&task).reason, format!("{}… (3976 more bytes)", "x".repeat(1024)));
}

/// A reason that looks at what its own task has said and counted.
struct Looks(Registry, Task);

impl Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.0.collect().job("copy").unwrap().communication();
        write!(
            f,
            "{} failed, {} said",
            seen.counters.writer.failed.records,
            self.1.snapshot().communication().messages.iter().len()
        )
    }
}

#[test]
fn a_reason_may_itself_look_at_its_job() {
    let mut started = Started::new();
    let looks = || Looks(started.registry.clone(), started.task.clone());
    started.writer.failed(1, 1, looks());
    started.reader.message("so far", looks());
    let now = started.now();
    assert_eq!(now.samples.iter().next().unwrap().text, "1 failed, 0 said");
    assert_eq!(now.messages.iter().next().unwrap().text, "1 failed, 0 said");
}
