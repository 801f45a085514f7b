//! What the reporters that write lines promise of a writer that fails midway: one broken line at most.

use flowmeter::{JsonLines, ManualClock, Registry, Report, Reporter, Text};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex};

/// What a writer answers to one call.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Takes(usize),
    TakesNothing,
    IsInterrupted,
    Fails,
}

/// Answers as it was told to, then takes everything.
#[derive(Clone, Default)]
struct Told {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    written: Arc<Mutex<Vec<u8>>>,
}

impl Told {
    fn of(answers: &[Answer]) -> Told {
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect()));
        Told { answers, written: Arc::default() }
    }

    fn text(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let answer = self.answers.lock().unwrap().pop_front();
        let taken = match answer.unwrap_or(Answer::Takes(usize::MAX)) {
            Answer::Takes(most) => most.min(bytes.len()),
            Answer::TakesNothing => 0,
            Answer::IsInterrupted => return Err(ErrorKind::Interrupted.into()),
            Answer::Fails => return Err(ErrorKind::StorageFull.into()),
        };
        self.written.lock().unwrap().write(&bytes[..taken])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn reports(count: u64) -> Vec<Report> {
    let registry = Registry::builder().clock(ManualClock::new().clock()).build();
    let rows = registry.counter("rows").unwrap();
    let report = |_| {
        rows.inc();
        registry.report()
    };
    (0..count).map(report).collect()
}

/// What is expected of `report` when nothing fails.
type Whole = fn(&Report) -> String;
type Made = fn(Told) -> Box<dyn Reporter>;

const REPORTERS: [(Made, Whole); 2] = [
    (|out| Box::new(JsonLines::new(out)), |report| report.to_json() + "\n"),
    (
        |out| Box::new(Text::new(out).with_series()),
        |report| {
            let mut text = Vec::new();
            Text::new(&mut text).with_series().report(report).unwrap();
            String::from_utf8(text).unwrap()
        },
    ),
];

/// Reports to a writer with these answers; every report that was taken is there whole, in order, on lines
/// of its own, and of those that failed there is one broken line at most each.
fn assert_whole(made: Made, whole: Whole, answers: &[Answer], reports: &[Report]) {
    let out = Told::of(answers);
    let mut reporter = made(out.clone());
    let (taken, failed): (Vec<_>, Vec<_>) =
        reports.iter().partition(|report| reporter.report(report).is_ok());
    let text = out.text();
    let mut rest = text.as_str();
    for report in taken {
        let at = rest.find(&whole(report)).unwrap_or_else(|| panic!("{text}"));
        assert!(at == 0 || rest[..at].ends_with('\n'), "{text}");
        rest = &rest[at + whole(report).len()..];
    }
    let known: String = reports.iter().map(whole).collect();
    let known: Vec<&str> = known.lines().collect();
    let broken = text.lines().filter(|line| !line.is_empty() && !known.contains(line));
    assert!(broken.count() <= failed.len(), "{text}");
}

#[test]
fn wherever_a_line_breaks_off_all_others_are_whole() {
    let reports = reports(3);
    for (made, whole) in REPORTERS {
        for at in 0..=whole(&reports[0]).len() {
            assert_whole(made, whole, &[Answer::Takes(at), Answer::Fails], &reports);
        }
    }
}

#[test]
fn a_line_that_broke_off_is_ended_before_the_next_report() {
    let reports = reports(2);
    let [first, second] = [0, 1].map(|i: usize| reports[i].to_json() + "\n");
    let out = Told::of(&[Answer::Takes(9), Answer::Fails]);
    let mut lines = JsonLines::new(out.clone());
    let error = lines.report(&reports[0]).unwrap_err();
    assert!(error.downcast_ref::<io::Error>().is_some());
    lines.report(&reports[1]).unwrap();
    assert_eq!(out.text(), format!("{}\n{second}", &first[..9]));
}

#[test]
fn a_write_of_which_nothing_was_taken_leaves_no_empty_line() {
    let reports = reports(2);
    let out = Told::of(&[Answer::Fails]);
    let mut lines = JsonLines::new(out.clone());
    lines.report(&reports[0]).unwrap_err();
    lines.report(&reports[1]).unwrap();
    assert_eq!(out.text(), reports[1].to_json() + "\n");
}

#[test]
fn a_writer_that_takes_nothing_is_an_error_and_one_that_is_interrupted_is_asked_again() {
    let reports = reports(1);
    let out = Told::of(&[Answer::Takes(1), Answer::TakesNothing]);
    let error = JsonLines::new(out).report(&reports[0]).unwrap_err();
    assert_eq!(error.downcast_ref::<io::Error>().unwrap().kind(), ErrorKind::WriteZero);
    let out = Told::of(&[Answer::IsInterrupted, Answer::Takes(1), Answer::IsInterrupted]);
    JsonLines::new(out.clone()).report(&reports[0]).unwrap();
    assert_eq!(out.text(), reports[0].to_json() + "\n");
}

#[test]
fn a_writer_that_says_it_took_more_than_there_was_is_an_error() {
    struct Boasting;
    impl Write for Boasting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len() + 1)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = JsonLines::new(Boasting).report(&reports(1)[0]).unwrap_err();
    assert_eq!(error.to_string(), "the writer says it wrote more than it was given");
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => (1_usize..400).prop_map(Answer::Takes),
        1 => Just(Answer::TakesNothing),
        1 => Just(Answer::IsInterrupted),
        1 => Just(Answer::Fails),
    ]
}

proptest! {
    #[test]
    fn whatever_a_writer_answers_at_most_one_line_is_broken_by_each_failure(
        answers in vec(answer(), 0..20),
        which in 0..REPORTERS.len(),
    ) {
        let (made, whole) = REPORTERS[which];
        assert_whole(made, whole, &answers, &reports(6));
    }
}
