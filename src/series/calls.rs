//! The callbacks, sources and health checks of a registry: users' code, called when it is collected.

use super::rules::{check_labels, prefix};
use crate::clock::Clock;
use crate::metric::{Key, MetricKind, Names, forms};
use crate::sampler::{Answer, CallId, Sampler};
use crate::snapshot::{Health, Sample, SeriesSnapshot, Source, Value};
use crate::text::{self, OneLine};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Write};
use std::time::Duration;

/// What a call gives.
#[derive(Debug)]
pub(super) enum Given {
    /// A callback's level, or what a check says.
    Value(Value),
    /// A source's series, and how many of them were refused.
    Series(Vec<SeriesSnapshot>, u64),
}

/// A user's code that gives values.
pub(super) type Code = Box<dyn FnMut() -> Given + Send>;

/// The call of a callback.
pub(super) fn callback(mut level: impl FnMut() -> f64 + Send + 'static) -> Code {
    Box::new(move || Given::Value(Value::Gauge(level())))
}

/// The call of a health check.
pub(super) fn check<E: Display>(mut check: impl FnMut() -> Result<(), E> + Send + 'static) -> Code {
    Box::new(move || {
        let health = match check() {
            Ok(()) => Health::Healthy,
            Err(reason) => unhealthy(&text::clipped(&Escaped(&reason))),
        };
        Given::Value(Value::Health(health))
    })
}

/// The call of a source.
pub(super) fn source(key: Key, limit: usize, mut source: impl Source + 'static) -> Code {
    Box::new(move || {
        let mut sample = Sample::new(key.clone(), limit);
        source.sample(&mut sample);
        let (series, refused) = sample.into_series();
        Given::Series(series, refused)
    })
}

/// Shows a value on one line, piece by piece, so that a huge one is never held whole.
struct Escaped<'a, T>(&'a T);

impl<T: Display> Display for Escaped<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        OneLine(part).fmt(self.0)
    }
}

fn unhealthy(reason: &impl Display) -> Health {
    Health::Unhealthy { reason: reason.to_string().into() }
}

/// Every call, and what became of it so far.
#[derive(Debug)]
pub(super) struct Calls {
    sampler: Sampler<Given>,
    known: Mutex<Roster>,
}

/// What is known of the calls.
#[derive(Debug, Default)]
struct Roster {
    calls: BTreeMap<CallId, Call>,
    /// By the name of the calls.
    failures: BTreeMap<Box<str>, Failures>,
}

/// A call as its registry knows it.
#[derive(Debug)]
struct Call {
    /// The key of its series; of a source the beginning of all of its names, and their labels.
    key: Key,
    is_check: bool,
    /// The number of its registration.
    number: u64,
}

/// How often the calls of one name gave nothing, for as long as one of them is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failures {
    /// The number of the registration that it began with.
    pub(super) number: u64,
    calls: usize,
    pub(super) late: u64,
    pub(super) panicked: u64,
    pub(super) refused: u64,
}

/// The series of one collection, and what they take from others.
#[derive(Default)]
struct Taken {
    names: Names,
    keys: BTreeSet<Key>,
    series: Vec<SeriesSnapshot>,
}

/// What the calls answered to one collection, of which a higher number means that they were called later.
pub(super) type Answers = (u64, Vec<(CallId, Answer<Given>)>);

impl Calls {
    pub(super) fn new(clock: Clock, wait: Duration) -> Calls {
        Calls { sampler: Sampler::new(clock, wait), known: Mutex::default() }
    }

    /// From now on `code` is called at every collection.
    pub(super) fn add(&self, key: Key, is_check: bool, number: u64, code: Code) -> CallId {
        let id = self.sampler.add(code);
        self.known.lock().add(id, Call { key, is_check, number });
        id
    }

    /// Forgets the calls: what they answer from now on is not heard.
    pub(super) fn forget(&self, ids: &[CallId]) {
        let mut known = self.known.lock();
        ids.iter().for_each(|id| known.forget(*id));
    }

    /// Lets go of calls that are forgotten. Not under a lock: what they hold is dropped.
    pub(super) fn let_go(&self, ids: &[CallId]) {
        ids.iter().for_each(|id| self.sampler.remove(*id));
    }

    /// Calls all of them, and waits for a bounded time. Not under a lock: they may do anything.
    pub(super) fn ask(&self) -> Answers {
        self.sampler.sample()
    }

    /// The series that the answers are, of calls that are still known; failures are counted.
    pub(super) fn series(&self, answers: Answers) -> Vec<SeriesSnapshot> {
        let mut known = self.known.lock();
        let mut taken = Taken::default();
        answers.1.into_iter().for_each(|(id, answer)| known.note(id, answer, &mut taken));
        taken.series
    }

    /// How many calls have not returned for so long that others are called without waiting for them.
    pub(super) fn stuck(&self) -> usize {
        self.sampler.stuck()
    }

    /// How often the calls of each name gave nothing, by name.
    pub(super) fn failures(&self) -> Vec<(Box<str>, Failures)> {
        let known = self.known.lock();
        known.failures.iter().map(|(name, failures)| (name.clone(), *failures)).collect()
    }
}

impl Roster {
    fn add(&mut self, id: CallId, call: Call) {
        let new = Failures { number: call.number, calls: 0, late: 0, panicked: 0, refused: 0 };
        self.failures.entry(call.key.name().into()).or_insert(new).calls += 1;
        self.calls.insert(id, call);
    }

    fn forget(&mut self, id: CallId) {
        let Some(Call { key, .. }) = self.calls.remove(&id) else { return };
        if let Some(failures) = self.failures.get_mut(key.name()) {
            failures.calls -= 1;
            if failures.calls == 0 {
                self.failures.remove(key.name());
            }
        }
    }

    fn note(&mut self, id: CallId, answer: Answer<Given>, taken: &mut Taken) {
        let Some(call) = self.calls.get(&id) else { return };
        let Some(failures) = self.failures.get_mut(call.key.name()) else { return };
        let Failures { late, panicked, refused, .. } = failures;
        match answer {
            Answer::Given(Given::Value(value)) => taken.series.push(call.series(value)),
            Answer::Given(Given::Series(series, refused_before)) => {
                let refused_here = taken.take(call, series);
                *refused = refused.saturating_add(refused_before).saturating_add(refused_here);
            }
            Answer::Panicked(message) => {
                *panicked = panicked.saturating_add(1);
                if call.is_check {
                    let health = unhealthy(&format_args!("panicked: {message}"));
                    taken.series.push(call.series(Value::Health(health)));
                }
            }
            Answer::Late => *late = late.saturating_add(1),
        }
    }
}

impl Call {
    fn series(&self, value: Value) -> SeriesSnapshot {
        let mut series = SeriesSnapshot::new(self.key.clone(), value);
        series.registration = self.number;
        series
    }
}

impl Taken {
    /// Takes the series of a source, and tells how many were refused.
    fn take(&mut self, source: &Call, given: Vec<SeriesSnapshot>) -> u64 {
        let prefix = prefix(source.key.name());
        let mut refused = 0;
        for mut one in given {
            one.registration = source.number;
            match self.is_free(&one, &prefix) {
                true => self.series.push(one),
                false => refused += 1,
            }
        }
        refused
    }

    /// Whether a user's series may be so, all that it may be written as begins like its source, and none of
    /// another source is the same or would be written alike.
    fn is_free(&mut self, one: &SeriesSnapshot, prefix: &str) -> bool {
        let kind = match one.value {
            Value::Counter(_) => MetricKind::Counter,
            _ => MetricKind::Gauge,
        };
        let name = one.key.name();
        let forms = forms(name, kind, None);
        check_labels(one.key.name(), one.key.labels()).is_ok()
            && forms.iter().all(|form| form.starts_with(prefix))
            && self.names.take(name, kind, forms).is_ok()
            && self.keys.insert(one.key.clone())
    }
}
