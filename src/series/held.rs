//! What a registry holds of a series: a handle of its metric, or the number of the call that gives it.

use super::details::Known;
use crate::clock::Clock;
use crate::metric::{Counter, Gauge, Histogram, Meter, MetricKind, Timer};
use crate::sampler::CallId;
use crate::snapshot::Value;
use std::sync::Arc;

/// What gives a series its value.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
    Meter(Meter),
    Timer(Timer),
    /// A callback or a health check.
    Call(CallId),
}

impl Held {
    /// Its value now, of a kind that is read one by one. (Counters and gauges are read as columns, calls asked.)
    pub(super) fn value(&self) -> Option<Value> {
        match self {
            Held::Histogram(histogram) => Some(Value::Histogram(Arc::new(histogram.snapshot()))),
            Held::Meter(meter) => Some(Value::Meter(Arc::new(meter.snapshot()))),
            Held::Timer(timer) => Some(Value::Timer(Arc::new(timer.snapshot()))),
            Held::Counter(_) | Held::Gauge(_) | Held::Call(_) => None,
        }
    }

    /// The call that gives its value, if one does.
    pub(super) fn call(&self) -> Option<CallId> {
        if let Held::Call(id) = self { Some(*id) } else { None }
    }

    /// The number of the cell that it counts in, if that is all that it takes to count with it.
    pub(super) fn cell(&self) -> Option<u32> {
        match self {
            Held::Counter(counter) => Some(counter.cell()),
            Held::Meter(meter) => Some(meter.cell()),
            Held::Gauge(_) | Held::Histogram(_) | Held::Timer(_) | Held::Call(_) => None,
        }
    }

    /// Whether a registry shows it.
    pub(super) fn is_registered(&self) -> bool {
        match self {
            Held::Counter(counter) => counter.is_registered(),
            Held::Gauge(gauge) => gauge.is_registered(),
            Held::Histogram(histogram) => histogram.is_registered(),
            Held::Meter(meter) => meter.is_registered(),
            Held::Timer(timer) => timer.is_registered(),
            Held::Call(_) => true,
        }
    }

    /// Whether it found no cells left, or not enough of them, and counts more slowly.
    pub(super) fn lacks_cells(&self) -> bool {
        match self {
            Held::Counter(counter) => counter.lacks_cells(),
            Held::Histogram(histogram) => histogram.lacks_cells(),
            Held::Meter(meter) => meter.lacks_cells(),
            Held::Timer(timer) => timer.lacks_cells(),
            Held::Gauge(_) | Held::Call(_) => false,
        }
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

/// A kind of metric that is held by its handles: [`Counter`], [`Gauge`], [`Histogram`], [`Meter`] and [`Timer`], and no
/// other.
#[expect(private_bounds, reason = "nobody else implements it")]
pub trait Metric: Kind {}

/// What a registry does with a kind.
pub(crate) trait Kind: Clone + 'static {
    const KIND: MetricKind;

    /// A new one, as its name is known.
    fn new(clock: &Clock, known: &Known) -> Self;

    /// One that does nothing.
    fn disabled() -> Self;

    fn into_held(self) -> Held;

    fn of(held: Held) -> Option<Self>;

    fn of_held(held: &Held) -> Option<&Self>;

    fn is_registered(&self) -> bool;
}

/// Lets a registry hold handles of a kind, which `$new` makes.
macro_rules! held {
    ($kind:ident, $new:expr) => {
        impl Metric for $kind {}

        impl Kind for $kind {
            const KIND: MetricKind = MetricKind::$kind;

            fn new(clock: &Clock, known: &Known) -> $kind {
                let new: fn(&Clock, &Known) -> $kind = $new;
                new(clock, known)
            }

            fn disabled() -> $kind {
                $kind::disabled()
            }

            fn into_held(self) -> Held {
                Held::$kind(self)
            }

            fn of(held: Held) -> Option<$kind> {
                if let Held::$kind(metric) = held { Some(metric) } else { None }
            }

            #[inline]
            fn of_held(held: &Held) -> Option<&$kind> {
                if let Held::$kind(metric) = held { Some(metric) } else { None }
            }

            #[inline]
            fn is_registered(&self) -> bool {
                $kind::is_registered(self)
            }
        }
    };
}

held!(Counter, |_, _| Counter::default());
held!(Gauge, |_, _| Gauge::default());
held!(Histogram, |_, known| Histogram::of(known.buckets.unwrap_or_default()));
held!(Meter, |clock, _| Meter::new(clock));
held!(Timer, |clock, known| Timer::of(clock, known.buckets.unwrap_or_default()));
