//! The rows of what keeps rates: a meter, and a timer with and without its clock.

use crate::hdr::{self, Locked, Owned};
use crate::row::{Row, of};
use crate::scale::Scale;
use crate::subject::{FetchAdd, Subject};
use crate::table::FETCH_ADD;
use crate::values::{SPREAD, VALUES};
use flowmeter::{Clock, Meter, Timer};
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static DURATIONS: LazyLock<Vec<Duration>> =
    LazyLock::new(|| SPREAD.iter().map(|&nanos| Duration::from_nanos(nanos)).collect());

/// Those that never ask for the time.
pub(crate) fn rows() -> [Row; 2] {
    [meter(), timer()]
}

pub(crate) fn measure(scale: Scale) {
    rows().into_iter().chain([clocked()]).for_each(|row| row.measure(scale));
}

fn meter() -> Row {
    Row {
        what: "meter mark",
        unit: "mark",
        target: "",
        peer: FETCH_ADD,
        ways: vec![
            ("`Meter::mark`", || Box::new(Meter::new(&Clock::system()))),
            (FETCH_ADD, of::<FetchAdd>),
        ],
    }
}

fn timer() -> Row {
    Row {
        what: "timer record of a given duration",
        unit: "duration",
        target: "",
        peer: "`hdrhistogram`, 2 digits, in a mutex",
        ways: vec![
            ("`Timer::record`", || Box::new(Timer::new(&Clock::system()))),
            (FETCH_ADD, of::<FetchAdd>),
            ("`hdrhistogram`, 2 digits, in a mutex", || Box::new(hdr::locked())),
        ],
    }
}

fn clocked() -> Row {
    Row {
        what: "timer from start to stop",
        unit: "duration",
        target: "≤ the counter and 3 ns",
        peer: "the clock, `hdrhistogram` in a mutex",
        ways: vec![
            ("`Timer::start`, then `stop`", || Box::new(Clocked(Timer::new(&Clock::system())))),
            (FETCH_ADD, of::<FetchAdd>),
            ("the clock, `hdrhistogram` in a mutex", || Box::new(Clocked(hdr::locked()))),
            ("the clock alone", || Box::new(Clocked(0))),
            ("`quanta`'s counter alone", || Box::new(Ticked(0))),
            ("`quanta`'s counter, `hdrhistogram` owned", || Box::new(Ticked(hdr::owned()))),
        ],
    }
}

impl Subject for Meter {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&*self).mark(1);
        }
    }

    fn counted(&self) -> u64 {
        self.snapshot().total()
    }
}

impl Subject for Timer {
    fn count(&mut self, times: u64) {
        for _ in 0..times / VALUES as u64 {
            for &duration in DURATIONS.iter() {
                black_box(&*self).record(duration);
            }
        }
    }

    fn counted(&self) -> u64 {
        self.snapshot().count()
    }
}

/// Counts how long nothing takes.
struct Clocked<T>(T);

impl Subject for Clocked<Timer> {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&self.0).start().stop();
        }
    }

    fn counted(&self) -> u64 {
        self.0.counted()
    }
}

impl Subject for Clocked<Locked> {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            let start = Instant::now();
            black_box(&self.0).record(start.elapsed());
        }
    }

    fn counted(&self) -> u64 {
        self.0.counted()
    }
}

impl Subject for Clocked<u64> {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(Instant::now().elapsed());
        }
        self.0 += times;
    }

    fn counted(&self) -> u64 {
        self.0
    }
}

/// Counts how long nothing takes, by the counter of the processor.
struct Ticked<T>(T);

static TICKS: LazyLock<quanta::Clock> = LazyLock::new(quanta::Clock::new);

fn ticked() -> u64 {
    let start = TICKS.raw();
    TICKS.delta_as_nanos(black_box(start), TICKS.raw())
}

impl Subject for Ticked<u64> {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(ticked());
        }
        self.0 += times;
    }

    fn counted(&self) -> u64 {
        self.0
    }
}

impl Subject for Ticked<Owned> {
    fn count(&mut self, times: u64) {
        for _ in 0..times {
            black_box(&mut self.0).record(ticked());
        }
    }

    fn counted(&self) -> u64 {
        self.0.counted()
    }
}
