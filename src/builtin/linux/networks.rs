//! Network interfaces by `/proc/net/dev`.

use crate::builtin::facts::{Interface, Traffic};

pub(crate) fn interfaces() -> Vec<Interface> {
    let all = procfs::net::dev_status().unwrap_or_default().into_values();
    all.map(|status| Interface {
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
