//! The ledger of records: where each one that was read is now.

use super::counters::Counters;
use super::state::State;
use serde::{Deserialize, Serialize};

/// Where the records are that were read and have not come to an end, and whether the sums agree.
///
/// Derived from counters of one instant, none of which has reached `u64::MAX`. `in_hand`, `in_flight` and `buffered` are those of tasks
/// that have not failed and were not killed; a healthy task that succeeded has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Ledger {
    /// With the reader side: read + made − unreadable − filtered − refused − handed on.
    pub in_hand: i64,
    /// Between the sides: handed on − received.
    pub in_flight: i64,
    /// With the writer side: received − skipped − failed − committed.
    pub buffered: i64,
    /// Left over by attempts that failed or were killed.
    pub abandoned: u64,
    /// Records by which some task's sums do not agree: a negative remainder at any time, or any
    /// remainder of a task that succeeded. Zero, or a bug in the job's counting.
    pub discrepancy: u64,
}

/// What a ledger can't find in sums of counters, because it is known task by task: raw, additive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Leftover {
    /// Of tasks that failed or were killed: left with the reader side.
    pub abandoned_in_hand: u64,
    /// Of tasks that failed or were killed: left between the sides.
    pub abandoned_in_flight: u64,
    /// Of tasks that failed or were killed: left with the writer side.
    pub abandoned_buffered: u64,
    /// Records by which the sums of a task do not agree.
    pub discrepancy: u64,
}

/// The three remainders of some counters, each of which may be negative.
struct Remainders {
    in_hand: i128,
    in_flight: i128,
    buffered: i128,
}

impl Remainders {
    fn of(counters: &Counters) -> Remainders {
        let (reader, writer) = (&counters.reader, &counters.writer);
        let records = |amount: super::counters::Amount| i128::from(amount.records);
        Remainders {
            in_hand: records(reader.read) + i128::from(reader.made)
                - records(reader.unreadable)
                - records(reader.filtered)
                - records(reader.refused)
                - records(reader.handed_on),
            in_flight: records(reader.handed_on) - records(writer.received),
            buffered: records(writer.received)
                - records(writer.skipped)
                - records(writer.failed)
                - records(writer.committed),
        }
    }

    fn each(&self) -> [i128; 3] {
        [self.in_hand, self.in_flight, self.buffered]
    }
}

impl Leftover {
    /// What one task in `state` leaves over.
    pub(crate) fn of_task(state: State, counters: &Counters) -> Leftover {
        let rest = Remainders::of(counters);
        let abandons = matches!(state, State::Failed | State::Killed);
        let abandoned = |rest: i128| if abandons { clamp_unsigned(rest.max(0)) } else { 0 };
        let wrong = rest.each().into_iter().map(|rest| match (rest, state) {
            (..0, _) | (_, State::Succeeded) => rest.abs(),
            _ => 0,
        });
        Leftover {
            abandoned_in_hand: abandoned(rest.in_hand),
            abandoned_in_flight: abandoned(rest.in_flight),
            abandoned_buffered: abandoned(rest.buffered),
            discrepancy: clamp_unsigned(wrong.sum()),
        }
    }

    /// Adds what a disjoint part leaves over.
    pub fn merge(&mut self, other: &Leftover) {
        let Leftover { abandoned_in_hand, abandoned_in_flight, abandoned_buffered, discrepancy } =
            *self;
        *self = Leftover {
            abandoned_in_hand: abandoned_in_hand.saturating_add(other.abandoned_in_hand),
            abandoned_in_flight: abandoned_in_flight.saturating_add(other.abandoned_in_flight),
            abandoned_buffered: abandoned_buffered.saturating_add(other.abandoned_buffered),
            discrepancy: discrepancy.saturating_add(other.discrepancy),
        };
    }
}

impl Ledger {
    pub(crate) fn of(counters: &Counters, leftover: &Leftover) -> Ledger {
        let rest = Remainders::of(counters);
        let Leftover {
            abandoned_in_hand: in_hand,
            abandoned_in_flight: in_flight,
            abandoned_buffered: buffered,
            discrepancy,
        } = *leftover;
        Ledger {
            in_hand: clamp_signed(rest.in_hand - i128::from(in_hand)),
            in_flight: clamp_signed(rest.in_flight - i128::from(in_flight)),
            buffered: clamp_signed(rest.buffered - i128::from(buffered)),
            abandoned: in_hand.saturating_add(in_flight).saturating_add(buffered),
            discrepancy,
        }
    }

    /// Whether every record is where the sums say it is.
    pub fn balances(&self) -> bool {
        self.discrepancy == 0
    }
}

fn clamp_signed(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn clamp_unsigned(value: i128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
