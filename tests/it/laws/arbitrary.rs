//! Arbitrary values of everything that merges or is written, over the whole range of each part.

use std::collections::BTreeMap;
use std::sync::Arc;

use flowmeter::{
    Communication, Counters, Failure, Leftover, Message, Messages, Moment, Place, ReaderCounters,
    Registry, Side, Stamp, State, TaskCounts, WriterCounters,
};
use proptest::array::{uniform4, uniform7, uniform23};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

/// How many numbers [`cells`] gives.
pub(crate) const CELLS: usize = 23;

/// Small, anything, or so near the largest number that sums stop there.
pub(crate) fn number() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![3 => 0..10_u64, 2 => any::<u64>(), 2 => (0..10_u64).prop_map(|n| u64::MAX - n)]
}

/// Any text: quotes, control characters, whatever Unicode has.
pub(crate) fn text() -> impl Strategy<Value = String> + Clone {
    let special =
        vec!['"', '\\', '/', '\0', '\n', '\u{1b}', '\u{7f}', '\u{2028}', 'é', '\u{1f980}'];
    let character = prop_oneof![select(special), any::<char>()];
    vec(character, 0..6).prop_map(String::from_iter)
}

/// A moment that others share, or any other.
pub(crate) fn stamp() -> impl Strategy<Value = Stamp> + Clone {
    let near = (0..4_u64, 0..2_i64);
    let any = (any::<u64>(), any::<i64>());
    prop_oneof![4 => near, 1 => any]
        .prop_map(|(at, unix_ms)| Stamp { at: Moment::from_nanos(at), unix_ms })
}

pub(crate) fn state() -> impl Strategy<Value = State> + Clone {
    select(State::ALL.to_vec())
}

/// Every number of some counters, each once.
pub(crate) fn cells(counters: &mut Counters) -> [&mut u64; CELLS] {
    let Counters { reader, writer, .. } = counters;
    let ReaderCounters { read, made, unreadable, filtered, refused, transformed, .. } = reader;
    let ReaderCounters { handed_on, transform_ns, waited_ns: waited_for_writer, .. } = reader;
    let WriterCounters { received, skipped, failed, committed, waited_ns, .. } = writer;
    let amounts = [read, unreadable, filtered, refused, handed_on];
    let [read, unreadable, filtered, refused, handed_on] =
        amounts.map(|amount| (&mut amount.records, &mut amount.bytes));
    let [received, skipped, failed, committed] = [received, skipped, failed, committed]
        .map(|amount| (&mut amount.records, &mut amount.bytes));
    [
        read.0,
        read.1,
        unreadable.0,
        unreadable.1,
        filtered.0,
        filtered.1,
        refused.0,
        refused.1,
        handed_on.0,
        handed_on.1,
        received.0,
        received.1,
        skipped.0,
        skipped.1,
        failed.0,
        failed.1,
        committed.0,
        committed.1,
        made,
        transformed,
        transform_ns,
        waited_for_writer,
        waited_ns,
    ]
}

pub(crate) fn counters(number: impl Strategy<Value = u64>) -> impl Strategy<Value = Counters> {
    uniform23(number).prop_map(|numbers| {
        let mut counters = Counters::default();
        cells(&mut counters).into_iter().zip(numbers).for_each(|(cell, number)| *cell = number);
        counters
    })
}

fn task_counts() -> impl Strategy<Value = TaskCounts> {
    uniform7(number()).prop_map(|numbers| {
        let mut counts = TaskCounts::default();
        [
            counts.submitting,
            counts.waiting,
            counts.running,
            counts.killing,
            counts.killed,
            counts.failed,
            counts.succeeded,
        ] = numbers;
        counts
    })
}

fn leftover() -> impl Strategy<Value = Leftover> {
    uniform4(number()).prop_map(|numbers| {
        let mut leftover = Leftover::default();
        [
            leftover.abandoned_in_hand,
            leftover.abandoned_in_flight,
            leftover.abandoned_buffered,
            leftover.discrepancy,
        ] = numbers;
        leftover
    })
}

pub(crate) fn failure() -> impl Strategy<Value = Failure> {
    let side = select(vec![Side::Reader, Side::Writer]);
    let place =
        (0..3_u32, 0..3_u32, side).prop_map(|(group, task, side)| Place::new(group, task, side));
    (any::<bool>(), stamp(), option::of(place), text()).prop_map(
        |(consequence, at, place, reason)| {
            let failure = Failure::cause(at, place, reason);
            if consequence { failure.as_consequence() } else { failure }
        },
    )
}

/// What several tasks have said, and how much more of which only the number is known.
fn messages() -> impl Strategy<Value = Messages> {
    let message = (stamp(), 0..3_u32, 0..3_u32, 0..100_u64, text(), text()).prop_map(
        |(at, group, task, number, key, text)| Message::new(at, group, task, number, &key, &text),
    );
    let said = prop_oneof![vec(message.clone(), 0..4), vec(message, 0..2 * Messages::KEPT)];
    (said, number()).prop_map(|(said, more)| {
        let mut messages = Messages::default();
        said.into_iter().for_each(|message| messages.record(message));
        let mut form = serde_json::to_value(&messages).unwrap();
        form["total"] = json!(messages.total().saturating_add(more));
        serde_json::from_value(form).unwrap()
    })
}

/// Any communication at all, also one that no job could come to.
pub(crate) fn communication() -> impl Strategy<Value = Communication> {
    let name = prop_oneof![select(vec!["rows", "files", ""]).prop_map(String::from), text()];
    let custom = btree_map(name.prop_map(Arc::from), number(), 0..4);
    let sums = (task_counts(), counters(number()), custom, number(), leftover(), number());
    let firsts = (option::of(failure()), messages(), messages(), option::of(stamp()));
    (sums, firsts).prop_map(|(sums, firsts)| {
        let mut whole = Communication::default();
        (
            whole.tasks,
            whole.counters,
            whole.custom,
            whole.custom_overflow,
            whole.leftover,
            whole.stale,
        ) = sums;
        (whole.error, whole.messages, whole.samples, whole.oldest) = firsts;
        whole
    })
}

/// What some task says that has told all it has counted, and nothing is too much to be added.
pub(crate) fn task() -> impl Strategy<Value = Communication> {
    (state(), counters(0..1_u64 << 50))
        .prop_map(|(state, counters)| Communication::of_task(state, counters))
}

/// A name and labels that a series may have.
pub(crate) fn series_name() -> impl Strategy<Value = (String, BTreeMap<String, String>)> {
    let name = || text().prop_map(|name| name.replace(char::is_control, "c"));
    let shared = prop_oneof![Just("rows".to_owned()), name()];
    // Not filtered: with many cases, too many would be thrown away.
    (shared, btree_map(name(), text(), 0..4)).prop_map(|(name, labels)| {
        let given: Vec<_> = labels.iter().map(|(label, value)| (&**label, &**value)).collect();
        match Registry::new().counter_with(&name, &given) {
            Ok(_) => (name, labels),
            Err(_) => ("taken".to_owned(), BTreeMap::new()),
        }
    })
}

#[test]
fn an_arbitrary_communication_leaves_no_counter_out() {
    let mut counters = Counters::default();
    cells(&mut counters).into_iter().for_each(|cell| *cell = 1);
    let form = serde_json::to_string(&counters).unwrap();
    assert_eq!(form.matches(":1").count(), CELLS, "{form}");
    assert!(!form.contains(":0"), "{form}");
}
