//! What goes through network interfaces.

use super::chosen::Chosen;
use super::facts::{Interface, Listed};
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;

/// A machine's way to itself.
const LOOPS: [&str; 2] = ["lo", "lo0"];

/// How the names of those begin that containers, bridges and tests make by the dozen.
const MADE_BY_THE_DOZEN: [&str; 10] =
    ["br-", "cali", "cni", "docker", "dummy", "flannel", "ifb", "veth", "virbr", "vnet"];

pub(super) struct Networks;

impl Subject for Networks {
    fn read(&mut self, _: Moment, chosen: &Chosen, readings: &mut Readings) {
        let Some(Listed { all: mut interfaces, unreadable }) = system::interfaces() else { return };
        interfaces.retain(|Interface { name, .. }| chosen.has(&[name], is_usual(name)));
        interfaces.sort_by(|a, b| a.name.cmp(&b.name));
        let (interfaces, more) = chosen.bounded(interfaces);
        readings.of(&[]).gauge("left_out", (more + unreadable) as f64);
        interfaces.iter().for_each(|interface| give(interface, readings));
    }
}

fn is_usual(name: &str) -> bool {
    !LOOPS.contains(&name) && !MADE_BY_THE_DOZEN.iter().any(|begin| name.starts_with(begin))
}

fn give(interface: &Interface, readings: &mut Readings) {
    let Interface { name, received, sent } = interface;
    readings
        .of(&[("interface", name)])
        .counter("in.bytes", received.bytes)
        .counter("in.packets", received.packets)
        .counter("in.errors", received.errors)
        .counter("in.dropped", received.dropped)
        .counter("out.bytes", sent.bytes)
        .counter("out.packets", sent.packets)
        .counter("out.errors", sent.errors)
        .counter("out.dropped", sent.dropped);
}
