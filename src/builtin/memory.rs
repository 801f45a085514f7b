//! Memory and swap.

use super::chosen::Chosen;
use super::facts::{MemoryFacts, SwapFacts, mib, percent};
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;

pub(super) struct Memory;

impl Subject for Memory {
    fn read(&mut self, _: Moment, _: &Chosen, readings: &mut Readings) {
        if let Some(facts) = system::memory() {
            give_memory(facts, readings);
        }
    }
}

fn give_memory(facts: MemoryFacts, readings: &mut Readings) {
    let MemoryFacts { total, available, free, active, inactive, buffers, cached, shared } = facts;
    // As `free` of procps 4 has it: what programs could get without swapping is not used.
    let used = available.map(|available| total.saturating_sub(available));
    readings
        .of(&[])
        .bytes("total", total)
        .bytes("available", available)
        .bytes("free", free)
        .bytes("used", used)
        .gauge("usage", used.map(mib))
        .gauge("percent", used.and_then(|used| percent(used, total)))
        .bytes("active", active)
        .bytes("inactive", inactive)
        .bytes("buffers", buffers)
        .bytes("cached", cached)
        .bytes("shared", shared);
}

pub(super) struct Swap;

impl Subject for Swap {
    fn read(&mut self, _: Moment, _: &Chosen, readings: &mut Readings) {
        if let Some(facts) = system::swap() {
            give_swap(facts, readings);
        }
    }
}

fn give_swap(facts: SwapFacts, readings: &mut Readings) {
    let SwapFacts { total, free, moved_in, moved_out } = facts;
    let used = total.saturating_sub(free);
    readings
        .of(&[])
        .bytes("total", total)
        .bytes("used", used)
        .bytes("free", free)
        .gauge("percent", percent(used, total))
        .counter("in", moved_in)
        .counter("out", moved_out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_is_a_part_of_its_total_and_of_none_there_is_no_percentage() {
        let given = |total| {
            let mut readings = Readings::default();
            let facts = SwapFacts { total, free: total / 4, moved_in: Some(1), moved_out: Some(2) };
            give_swap(facts, &mut readings);
            readings.shown().join(" ")
        };
        let some = "total Gauge(400.0) used Gauge(300.0) free Gauge(100.0) percent Gauge(75.0)";
        assert_eq!(given(400), format!("{some} in Counter(1) out Counter(2)"));
        assert!(!given(0).contains("percent"));
    }

    #[test]
    fn what_is_not_known_of_memory_is_not_given() {
        let mut readings = Readings::default();
        give_memory(MemoryFacts { total: 100, ..MemoryFacts::default() }, &mut readings);
        assert_eq!(readings.shown(), ["total Gauge(100.0)"]);
    }
}
