//! Network interfaces by `/proc/net/dev`.

use crate::builtin::facts::{Interface, Listed, Traffic};
use procfs::FromBufRead as _;
use procfs::net::{DeviceStatus, InterfaceDeviceStatus};
use std::fs;

/// Names are bytes there, and what is not text is no reason to leave the others out.
pub(crate) fn interfaces() -> Option<Listed<Interface>> {
    Some(listed(&String::from_utf8_lossy(&fs::read("/proc/net/dev").ok()?)))
}

fn listed(text: &str) -> Listed<Interface> {
    let found: Vec<_> = text.lines().skip(2).map(status).collect();
    let unreadable = found.iter().filter(|status| status.is_none()).count();
    Listed { all: found.into_iter().flatten().map(interface).collect(), unreadable }
}

/// By a line of its own, below the two that are its head.
fn status(line: &str) -> Option<DeviceStatus> {
    let all = InterfaceDeviceStatus::from_buf_read(format!("\n\n{line}").as_bytes()).ok()?;
    all.0.into_values().next()
}

fn interface(status: DeviceStatus) -> Interface {
    Interface {
        received: Traffic {
            bytes: status.recv_bytes,
            packets: status.recv_packets,
            errors: status.recv_errs,
            dropped: Some(status.recv_drop),
        },
        sent: Traffic {
            bytes: status.sent_bytes,
            packets: status.sent_packets,
            errors: status.sent_errs,
            dropped: Some(status.sent_drop),
        },
        name: status.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEV: &str = "Inter-| Receive | Transmit\n face |bytes\n\
        eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n  a b: 1\n\
        caf\u{fffd}: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";

    #[test]
    fn each_column_is_what_its_head_says_and_a_line_that_is_none_costs_no_other() {
        let listed = listed(DEV);
        assert_eq!((listed.all.len(), listed.unreadable), (2, 1));
        let traffic = |bytes, packets, errors, dropped| Traffic {
            bytes,
            packets,
            errors,
            dropped: Some(dropped),
        };
        assert_eq!(listed.all[0].received, traffic(1, 2, 3, 4));
        assert_eq!(listed.all[0].sent, traffic(9, 10, 11, 12));
        assert_eq!((&*listed.all[0].name, &*listed.all[1].name), ("eth0", "caf\u{fffd}"));
    }
}
