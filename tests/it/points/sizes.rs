//! How many points there are, and how long their lines: what `docs/delivery.md` sizes buffers by.

use flowmeter::{Encoded, ManualClock, Points, Registry, Text};
use std::time::Duration;

/// A registry in which a report is read each second.
struct Sized {
    clock: ManualClock,
    registry: Registry,
}

impl Sized {
    fn new() -> Sized {
        let clock = ManualClock::new();
        let registry = Registry::builder().clock(clock.clock()).endpoint("etl-07.example").build();
        Sized { clock, registry }
    }

    fn lines(&self) -> Vec<String> {
        self.clock.advance(Duration::from_secs(1));
        let mut out = Vec::new();
        let Encoded { lines, .. } = Points::new().encode(&self.registry.report(), &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count() as u64, lines);
        text.lines().map(str::to_owned).collect()
    }

    /// How many lines more there are after `add`, of which the guard is held.
    fn more<G>(&self, add: impl FnOnce(&Registry) -> G) -> usize {
        let before = self.lines().len();
        let _held = add(&self.registry);
        self.lines().len() - before
    }
}

#[test]
fn each_kind_has_as_many_points_as_the_page_says() {
    let sized = Sized::new();
    assert_eq!(sized.more(|registry| registry.counter("rows").unwrap().inc()), 1);
    assert_eq!(sized.more(|registry| registry.histogram("size").unwrap().record(7)), 7);
    assert_eq!(sized.more(|registry| registry.meter("calls").unwrap().mark(3)), 5);
    assert_eq!(sized.more(|registry| registry.timer("load").unwrap().time(|| ())), 11);
    let job = sized.registry.job("copy").unwrap();
    let of_job = sized.lines().iter().filter(|line| line.contains("\"metric\":\"job.")).count();
    assert!((36..=44).contains(&of_job), "about 40: {of_job}");
    let of_group = sized.more(|_| job.task_group(0).task(0).start().unwrap());
    assert!((27..=33).contains(&of_group), "about 30: {of_group}");
    let of_reporter = sized.more(|registry| registry.attach("text", Text::new(Vec::new())));
    assert!((15..=40).contains(&of_reporter), "15 to 40: {of_reporter}");
}

#[test]
fn a_hundred_counters_and_a_job_fit_into_the_buffer_for_half_an_hour() {
    let sized = Sized::new();
    for number in 0..100 {
        let labels = [("table", &*format!("table_{number:03}"))];
        sized.registry.counter_with("rows", &labels).unwrap().add(1_000_000_007);
    }
    let job = sized.registry.job("copy").unwrap();
    let _sides = job.task_group(0).task(0).start().unwrap();
    let _tcp = sized.registry.attach("tcp", flowmeter::Tcp::to("127.0.0.1:1"));
    let lines = sized.lines();
    assert!((200..=220).contains(&lines.len()), "210 lines: {}", lines.len());
    for line in &lines {
        assert!((90..=200).contains(&line.len()), "100 to 200 bytes: {line}");
    }
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let half_an_hour = bytes * (1_800 / 10 + 1);
    assert!(half_an_hour < 8 << 20, "{half_an_hour}");
}
