//! The ledger of records against sums of whole numbers that can't overflow.

use flowmeter::{Communication, Counters, Ledger, State};
use proptest::collection::vec;
use proptest::prelude::*;

use super::arbitrary::{counters, number, state, task};
use super::{grouped, grouping};

/// In hand, in flight, buffered.
fn remainders(counters: &Counters) -> [i128; 3] {
    let (reader, writer) = (counters.reader, counters.writer);
    let [read, unreadable, filtered, refused, handed_on, received, skipped, failed, committed] = [
        reader.read,
        reader.unreadable,
        reader.filtered,
        reader.refused,
        reader.handed_on,
        writer.received,
        writer.skipped,
        writer.failed,
        writer.committed,
    ]
    .map(|amount| i128::from(amount.records));
    let in_hand = read + i128::from(reader.made) - unreadable - filtered - refused - handed_on;
    [in_hand, handed_on - received, received - skipped - failed - committed]
}

/// In hand, in flight, buffered, abandoned, discrepancy.
fn model(state: State, counters: &Counters) -> [i128; 5] {
    let rest = remainders(counters);
    let gave_up = [State::Failed, State::Killed].contains(&state);
    let abandoned = rest.map(|rest| if gave_up && rest > 0 { rest } else { 0 });
    let wrong = rest.map(|rest| if rest < 0 || state == State::Succeeded { rest.abs() } else { 0 });
    let [in_hand, in_flight, buffered] = [0, 1, 2].map(|i| rest[i] - abandoned[i]);
    [in_hand, in_flight, buffered, abandoned.iter().sum(), wrong.iter().sum()]
}

fn numbers(ledger: Ledger) -> [i128; 5] {
    let Ledger { in_hand, in_flight, buffered, abandoned, discrepancy, .. } = ledger;
    [in_hand.into(), in_flight.into(), buffered.into(), abandoned.into(), discrepancy.into()]
}

fn sums(ledgers: impl Iterator<Item = [i128; 5]>) -> [i128; 5] {
    ledgers.fold([0; 5], |sums, ledger| std::array::from_fn(|i| sums[i] + ledger[i]))
}

/// Counters of a task that has lost (or, below zero, invented) records on the way.
fn losing(records: i64) -> Counters {
    let mut counters = Counters::default();
    (counters.reader.read.records, counters.reader.handed_on.records) = (100, 100);
    let left = 100_u64.checked_add_signed(-records).unwrap();
    (counters.writer.received.records, counters.writer.committed.records) = (left, left);
    counters
}

proptest! {
    #[test]
    fn the_ledger_of_a_task_says_where_each_record_is(
        state in state(),
        counters in counters(0..1_u64 << 56),
    ) {
        let ledger = Communication::of_task(state, counters).ledger();
        let expected = model(state, &counters);
        prop_assert_eq!(numbers(ledger), expected);
        prop_assert_eq!(ledger.balances(), expected[4] == 0);
    }

    #[test]
    fn a_task_that_counts_one_record_too_many_or_too_few_shows_it(
        state in state(),
        counters in counters(0..3_u64),
    ) {
        let ledger = Communication::of_task(state, counters).ledger();
        prop_assert_eq!(numbers(ledger), model(state, &counters));
    }

    #[test]
    fn the_ledger_of_a_whole_is_the_sum_of_the_ledgers_of_its_parts(
        parts in vec(task(), 0..8),
        grouping in grouping(),
    ) {
        let sum = sums(parts.iter().map(|part| numbers(part.ledger())));
        prop_assert_eq!(numbers(grouped(parts, &grouping).ledger()), sum);
    }

    #[test]
    fn no_counters_are_too_large_for_a_ledger(
        tasks in vec((state(), counters(number())), 0..4),
    ) {
        let each = tasks.iter().map(|(state, counters)| Communication::of_task(*state, *counters));
        let parts: Vec<_> = each.collect();
        let wrong = tasks.iter().map(|(state, counters)| model(*state, counters)[4]).sum::<i128>();
        let ledger = parts.iter().collect::<Communication>().ledger();
        prop_assert_eq!(i128::from(ledger.discrepancy), wrong.min(u64::MAX.into()));
    }
}

#[test]
fn a_discrepancy_of_one_task_is_not_cancelled_by_the_opposite_one_of_another() {
    for state in State::ALL {
        let parts = [losing(3), losing(-3)].map(|counters| Communication::of_task(state, counters));
        let ledger = parts.iter().collect::<Communication>().ledger();
        let lost = if state == State::Succeeded { 3 } else { 0 };
        assert_eq!(ledger.discrepancy, 3 + lost, "{state}");
        assert!(!ledger.balances(), "{state}");
    }
}

#[test]
fn what_a_task_that_gave_up_leaves_over_is_abandoned_and_no_discrepancy() {
    for state in [State::Failed, State::Killed] {
        let ledger = Communication::of_task(state, losing(3)).ledger();
        assert_eq!(numbers(ledger), [0, 0, 0, 3, 0], "{state}");
    }
}

#[test]
fn what_a_task_that_runs_has_not_finished_is_in_flight_and_no_discrepancy() {
    for state in [State::Running, State::Killing] {
        let ledger = Communication::of_task(state, losing(3)).ledger();
        assert_eq!(numbers(ledger), [0, 3, 0, 0, 0], "{state}");
    }
}
