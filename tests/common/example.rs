//! Runs an example that needs a feature, with the features of the test: so little is to be built.

use std::process::{Command, Stdio};

const FEATURES: [(&str, bool); 4] = [
    ("host", cfg!(feature = "host")),
    ("kafka", cfg!(feature = "kafka")),
    ("kafka-tls", cfg!(feature = "kafka-tls")),
    ("tracing", cfg!(feature = "tracing")),
];

/// A command that runs it; its input has ended.
pub(crate) fn example(name: &str, arguments: &[&str]) -> Command {
    let profile = if cfg!(debug_assertions) { "test" } else { "release" };
    let features = FEATURES.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name);
    let features: Vec<_> = features.collect();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--example", name, "--profile", profile])
        .args(["--features", &features.join(","), "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    command
}
