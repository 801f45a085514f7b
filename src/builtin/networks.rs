//! What goes through network interfaces.

use super::chosen::Chosen;
use super::facts::Interface;
use super::host_source::Subject;
use super::readings::Readings;
use super::system;
use crate::clock::Moment;

pub(super) struct Networks;

impl Subject for Networks {
    fn read(&mut self, _: Moment, chosen: &Chosen, readings: &mut Readings) {
        let mut interfaces = system::interfaces();
        interfaces.retain(|interface| chosen.has(&[&interface.name], interface.is_usual));
        interfaces.sort_by(|a, b| a.name.cmp(&b.name));
        let (interfaces, more) = chosen.bounded(interfaces);
        interfaces.iter().for_each(|interface| give(interface, readings));
        readings.level("left_out", more as f64);
    }
}

fn give(interface: &Interface, readings: &mut Readings) {
    let Interface { name, received, sent, .. } = interface;
    readings
        .of(&[("interface", name)])
        .total("in.bytes", received.bytes)
        .total("in.packets", received.packets)
        .total("in.errors", received.errors)
        .total("in.dropped", received.dropped)
        .total("out.bytes", sent.bytes)
        .total("out.packets", sent.packets)
        .total("out.errors", sent.errors)
        .total("out.dropped", sent.dropped);
}
