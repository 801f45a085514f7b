//! Network interfaces by `/proc/net/dev`.

use crate::builtin::facts::{Interface, Traffic};

/// What containers, bridges and tests make by the dozen, and the machine's way to itself.
const UNUSUAL: [&str; 10] =
    ["br-", "cali", "cni", "docker", "dummy", "flannel", "ifb", "veth", "virbr", "vnet"];

pub(crate) fn interfaces() -> Vec<Interface> {
    let all = procfs::net::dev_status().unwrap_or_default().into_values();
    all.map(|status| Interface {
        is_usual: status.name != "lo" && !UNUSUAL.iter().any(|kind| status.name.starts_with(kind)),
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
    })
    .collect()
}
