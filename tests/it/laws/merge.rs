//! What holds of every merge: grouping, order, neutral element, sums, first messages, first cause.

use flowmeter::{Communication, Failure, Message, Messages};
use proptest::collection::vec;
use proptest::prelude::*;

use super::arbitrary::{communication, stamp};
use super::{add, grouped, grouping, totals};

fn merged(one: &Communication, other: &Communication) -> Communication {
    let mut whole = one.clone();
    whole.merge(other);
    whole
}

proptest! {
    #[test]
    fn merging_in_any_grouping_gives_the_same_whole(
        parts in vec(communication(), 0..7),
        grouping in grouping(),
    ) {
        let whole: Communication = parts.iter().collect();
        prop_assert_eq!(grouped(parts, &grouping), whole);
    }

    #[test]
    fn merging_is_associative(
        one in communication(),
        two in communication(),
        three in communication(),
    ) {
        let left = merged(&merged(&one, &two), &three);
        let right = merged(&one, &merged(&two, &three));
        prop_assert_eq!(left, right);
    }

    #[test]
    fn merging_is_commutative(one in communication(), other in communication()) {
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn the_communication_of_no_task_is_neutral(any in communication()) {
        let nothing = Communication::default();
        prop_assert_eq!(&merged(&any, &nothing), &any);
        prop_assert_eq!(&merged(&nothing, &any), &any);
    }

    #[test]
    fn merging_leaves_what_is_merged_as_it_was(one in communication(), other in communication()) {
        let before = other.clone();
        let _ = merged(&one, &other);
        prop_assert_eq!(other, before);
    }

    #[test]
    fn a_whole_counts_what_its_parts_count_up_to_the_largest_number(
        parts in vec(communication(), 0..5),
    ) {
        let mut sums = totals(&Communication::default());
        for part in &parts {
            totals(part).iter().for_each(|(path, number)| add(&mut sums, path, *number));
        }
        prop_assert_eq!(totals(&parts.iter().collect()), sums);
    }

    #[test]
    fn the_first_messages_of_all_are_kept_and_the_rest_are_counted(
        // Most are said by one part, so that it can't keep them all itself.
        said in vec(
            (stamp(), 0..3_u32, 0..3_u32, prop_oneof![Just(0), 0..5_usize]),
            0..4 * Messages::KEPT,
        ),
        grouping in grouping(),
    ) {
        let mut parts = vec![Communication::default(); 5];
        let mut all = Vec::new();
        for (number, (at, group, task, part)) in (0..).zip(said) {
            let message = Message::new(at, group, task, number, "note", "text");
            parts[part].messages.record(message.clone());
            parts[part].samples.record(message);
            all.push((at, group, task, number));
        }
        all.sort_unstable();
        let whole = grouped(parts, &grouping);
        let first = &all[..all.len().min(Messages::KEPT)];
        for list in [&whole.messages, &whole.samples] {
            prop_assert_eq!(places(list), first);
            prop_assert_eq!(list.total(), all.len() as u64);
            prop_assert_eq!(list.left_out(), (all.len() - first.len()) as u64);
        }
    }

    #[test]
    fn the_error_of_a_whole_is_its_earliest_cause_whatever_followed_from_one(
        parts in vec(communication(), 0..7),
    ) {
        let errors: Vec<&Failure> = parts.iter().filter_map(|part| part.error.as_ref()).collect();
        let causes = errors.iter().filter(|error| !error.consequence).map(|error| error.at).min();
        let consequences = errors.iter().map(|error| error.at).min();
        let whole: Communication = parts.iter().collect();
        let first = whole.error.as_ref().map(|error| (error.consequence, error.at));
        let expected = causes.map(|at| (false, at)).or(consequences.map(|at| (true, at)));
        prop_assert_eq!(first, expected);
        prop_assert!(whole.error.iter().all(|error| errors.contains(&error)));
    }

    #[test]
    fn a_whole_is_as_old_as_its_oldest_part(parts in vec(communication(), 0..5)) {
        let oldest = parts.iter().filter_map(|part| part.oldest).min();
        prop_assert_eq!(parts.iter().collect::<Communication>().oldest, oldest);
    }
}

/// Where each message that is kept stands in the order of all.
fn places(messages: &Messages) -> Vec<(flowmeter::Stamp, u32, u32, u64)> {
    messages.iter().map(|said| (said.at, said.group, said.task, said.number)).collect()
}

#[test]
fn what_only_followed_from_a_failure_never_hides_its_cause_however_early_it_was_seen() {
    let stamp = |at| flowmeter::Stamp { at: flowmeter::Moment::from_nanos(at), unix_ms: 0 };
    let [mut early, mut cause, mut late] = [(); 3].map(|()| Communication::default());
    early.error = Some(Failure::cause(stamp(1), None, "channel closed").as_consequence());
    cause.error = Some(Failure::cause(stamp(2), None, "disk full"));
    late.error = Some(Failure::cause(stamp(3), None, "disk still full"));
    let whole: Communication = [&late, &early, &cause].into_iter().collect();
    assert_eq!(whole.error.unwrap().to_string(), "disk full");
}
