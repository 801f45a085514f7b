//! The example `host`: on the screen, and to whoever listens.

use crate::common::example;
use flowmeter::Point;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;

#[test]
fn the_example_shows_the_machine_on_the_screen() {
    let run = example("host", &[]).output().unwrap();
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
    let mut sends =
        example("host", &[&listener.local_addr().unwrap().to_string()]).spawn().unwrap();
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
