//! The libraries that one would pick instead, each used as its own documents say is fastest, and what one would write
//! without a library.

pub(crate) mod client;
pub(crate) mod datax;
pub(crate) mod fast;
pub(crate) mod hdr;
pub(crate) mod measured;
pub(crate) mod metrics;
pub(crate) mod metriken;
pub(crate) mod otel;
pub(crate) mod plain;
pub(crate) mod prometheus;
