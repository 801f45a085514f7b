//! What a registry holds of a series: a handle of its metric, or the number of the call that gives it.

use super::said::Known;
use crate::clock::Clock;
use crate::metric::{Counter, Gauge, Histogram, Meter, MetricKind, Timer};
use crate::sampler::CallId;
use crate::snapshot::Value;
use std::sync::Arc;

/// One series as its registry holds it.
#[derive(Debug)]
pub(super) struct Series {
    /// The number of its registration.
    pub(super) number: u64,
    pub(super) held: Held,
}

/// What gives a series its value.
#[derive(Debug)]
pub(super) enum Held {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
    Meter(Meter),
    Timer(Timer),
    /// A callback or a health check.
    Call(CallId),
}

impl Held {
    /// Its value now; `None` if it must be asked for on the sampler's thread.
    pub(super) fn value(&self) -> Option<Value> {
        match self {
            Held::Counter(counter) => Some(Value::Counter(counter.value())),
            Held::Gauge(gauge) => Some(Value::Gauge(gauge.value())),
            Held::Histogram(histogram) => Some(Value::Histogram(Arc::new(histogram.snapshot()))),
            Held::Meter(meter) => Some(Value::Meter(Arc::new(meter.snapshot()))),
            Held::Timer(timer) => Some(Value::Timer(Arc::new(timer.snapshot()))),
            Held::Call(_) => None,
        }
    }

    /// The call that gives its value, if one does.
    pub(super) fn call(&self) -> Option<CallId> {
        if let Held::Call(id) = self { Some(*id) } else { None }
    }

    /// Lets the handles know whether the registry shows it.
    pub(super) fn set_registered(&self, registered: bool) {
        match self {
            Held::Counter(counter) => counter.set_registered(registered),
            Held::Gauge(gauge) => gauge.set_registered(registered),
            Held::Histogram(histogram) => histogram.set_registered(registered),
            Held::Meter(meter) => meter.set_registered(registered),
            Held::Timer(timer) => timer.set_registered(registered),
            Held::Call(_) => {}
        }
    }
}

/// A kind of metric that users hold a handle of.
pub(super) trait Metric: Clone {
    const KIND: MetricKind;

    /// A new one, as its name is known.
    fn new(clock: &Clock, known: &Known) -> Self;

    /// One that does nothing.
    fn disabled() -> Self;

    fn into_held(self) -> Held;

    fn of(held: &Held) -> Option<&Self>;
}

impl Metric for Counter {
    const KIND: MetricKind = MetricKind::Counter;

    fn new(_: &Clock, _: &Known) -> Counter {
        Counter::default()
    }

    fn disabled() -> Counter {
        Counter::disabled()
    }

    fn into_held(self) -> Held {
        Held::Counter(self)
    }

    fn of(held: &Held) -> Option<&Counter> {
        if let Held::Counter(counter) = held { Some(counter) } else { None }
    }
}

impl Metric for Gauge {
    const KIND: MetricKind = MetricKind::Gauge;

    fn new(_: &Clock, _: &Known) -> Gauge {
        Gauge::default()
    }

    fn disabled() -> Gauge {
        Gauge::disabled()
    }

    fn into_held(self) -> Held {
        Held::Gauge(self)
    }

    fn of(held: &Held) -> Option<&Gauge> {
        if let Held::Gauge(gauge) = held { Some(gauge) } else { None }
    }
}

impl Metric for Histogram {
    const KIND: MetricKind = MetricKind::Histogram;

    fn new(_: &Clock, known: &Known) -> Histogram {
        Histogram::of(known.buckets.unwrap_or_default())
    }

    fn disabled() -> Histogram {
        Histogram::disabled()
    }

    fn into_held(self) -> Held {
        Held::Histogram(self)
    }

    fn of(held: &Held) -> Option<&Histogram> {
        if let Held::Histogram(histogram) = held { Some(histogram) } else { None }
    }
}

impl Metric for Meter {
    const KIND: MetricKind = MetricKind::Meter;

    fn new(clock: &Clock, _: &Known) -> Meter {
        Meter::new(clock)
    }

    fn disabled() -> Meter {
        Meter::disabled()
    }

    fn into_held(self) -> Held {
        Held::Meter(self)
    }

    fn of(held: &Held) -> Option<&Meter> {
        if let Held::Meter(meter) = held { Some(meter) } else { None }
    }
}

impl Metric for Timer {
    const KIND: MetricKind = MetricKind::Timer;

    fn new(clock: &Clock, known: &Known) -> Timer {
        Timer::of(clock, known.buckets.unwrap_or_default())
    }

    fn disabled() -> Timer {
        Timer::disabled()
    }

    fn into_held(self) -> Held {
        Held::Timer(self)
    }

    fn of(held: &Held) -> Option<&Timer> {
        if let Held::Timer(timer) = held { Some(timer) } else { None }
    }
}
