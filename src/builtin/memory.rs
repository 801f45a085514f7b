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
    // As `free` has it: what programs could get without swapping is not used.
    let used = available.map(|available| total.saturating_sub(available));
    readings.bytes("total", total);
    readings.bytes("available", available);
    readings.bytes("free", free);
    readings.bytes("used", used);
    readings.level("usage", used.map(mib));
    readings.level("percent", used.and_then(|used| percent(used, total)));
    readings.bytes("active", active);
    readings.bytes("inactive", inactive);
    readings.bytes("buffers", buffers);
    readings.bytes("cached", cached);
    readings.bytes("shared", shared);
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
    readings.bytes("total", total);
    readings.bytes("used", used);
    readings.bytes("free", free);
    readings.level("percent", percent(used, total));
    readings.total("in", moved_in);
    readings.total("out", moved_out);
}
