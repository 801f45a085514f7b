//! The example `host`: on the screen, and to whoever listens.

use flowmeter::Point;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// It runs until its input ends, which is at once.
fn host(arguments: &[&str]) -> Command {
    let profile = if cfg!(debug_assertions) { "test" } else { "release" };
    // Those of this test, so that little is to be built.
    let features = [
        ("kafka", cfg!(feature = "kafka")),
        ("kafka-tls", cfg!(feature = "kafka-tls")),
        ("tracing", cfg!(feature = "tracing")),
    ];
    let more = features.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| format!(",{name}"));
    let features = format!("host{}", more.collect::<String>());
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--example", "host", "--profile", profile])
        .args(["--features", &features, "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    command
}

#[test]
fn the_example_shows_the_machine_on_the_screen() {
    let run = host(&[]).output().unwrap();
    let (said, complaint) =
        (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!((run.status.success(), &*complaint), (true, ""));
    for name in ["mem.used ", "cpu.load1 ", "process.threads "] {
        assert!(said.lines().any(|line| line.starts_with(name)), "{name} in {said}");
    }
}

#[test]
fn the_example_sends_the_machine_as_the_agent_did_of_which_these_names_are() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sends = host(&[&listener.local_addr().unwrap().to_string()]).spawn().unwrap();
    let (peer, _) = listener.accept().unwrap();
    let points = BufReader::new(peer).lines().map(|line| Point::from_line(&line.unwrap()).unwrap());
    let points: Vec<Point> = points.collect();
    assert!(sends.wait().unwrap().success());
    let names: BTreeSet<&str> = points.iter().map(|point| &*point.metric).collect();
    for name in ["mem.percent", "mem.used", "mem.usage", "cpu.load1", "cpu.load5", "cpu.load15"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
    assert!(points.iter().all(|point| point.tag[0] == "linux"), "{points:?}");
}
