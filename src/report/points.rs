//! A report as points: one measured value a line of JSON.

mod heads;
mod identity;
mod level;
mod run;

use super::content::Report;
use crate::metric::Key;
use crate::point::{Head, Number, Point, Tail};
use crate::snapshot::{Ending, SeriesRef};
use heads::Heads;
use identity::{Identity, Own};
use level::{Level, levels};
use std::sync::Arc;

/// Writes reports as points: the values of all series, and of the jobs that the report has.
///
/// | what | the points of a metric `x` |
/// |---|---|
/// | counter, gauge | `x` |
/// | health check | `x`: 1 if it is healthy, else 0 |
/// | histogram | `x.count`, `x.sum`, `x.min`, `x.max`, `x.p50`, `x.p90`, `x.p99` |
/// | meter | `x.count`, and per second `x.rate_1m`, `x.rate_5m`, `x.rate_15m`, `x.rate_mean` |
/// | timer | those of a histogram, in nanoseconds, and the rates of a meter |
///
/// What is not known gives no point: the least of no values, a rate when no time has passed. No two metrics
/// of a registry have a point of one name: one that would is refused when it is registered.
///
/// The same figures are there of each job (`job.read.records`), task group (`group.read.records`) and, [on
/// request](Points::with_tasks), task (`task.read.records`), from the start of the run on:
///
/// | figure | what it is |
/// |---|---|
/// | `.read`, `.unreadable`, `.filtered`, `.refused`, `.handed_on` | of the reader side, each as `.records` and `.bytes` |
/// | `.received`, `.skipped`, `.failed`, `.committed` | of the writer side, each as `.records` and `.bytes` |
/// | `.made.records`, `.transformed.records` | of transforms |
/// | `.transform_time`, `.waited_for_writer`, `.waited_for_reader` | nanoseconds |
/// | `.in_hand.records`, `.in_flight.records`, `.buffered.records` | of the [ledger](crate::Ledger), where records are; negative ones are a discrepancy |
/// | `.abandoned.records`, `.discrepancy.records` | of the ledger |
/// | `.stale_tasks` | tasks that could not be read, and stand as they were before |
/// | `.custom`, with the tag `counter=` and its name | each [custom counter](crate::ReaderSide::count) |
/// | `.custom_overflow` | what was added under names beyond the limit of those |
/// | `.state` | the [code](crate::State::code): 30 runs, 50 killed, 60 failed, 70 succeeded |
/// | `.completion` | of jobs only: the part of the tasks that succeeded, 0 to 1 |
/// | `.read.records_per_second`, `.read.bytes_per_second`, `.committed.records_per_second`, `.committed.bytes_per_second` | of jobs only: the speeds, if any time has passed |
///
/// A run that has ended is in one report, and so are its last points.
///
/// A point's tags are the bare ones, then the labels of its series as `key=value`, sorted; of a job's figures
/// `job=`, `group=`, `task=`. If several runs of a job are in one report, those that are not the
/// [newest](Report::job) also have `run=` with their number, and in a merged report `registry=` with that of
/// their registry: no two points of a report have the same name and tags, unless labels have a `=` in their
/// names, or a metric is named like a figure of jobs and labelled `job`.
///
/// The endpoint and the bare tags are those that [the registry was given](crate::RegistryBuilder::endpoint),
/// unless they are given here. Of a merged report it is the endpoint of its registries; if they have
/// several, all of them, sorted, with `,` between; and those bare tags that all of them have.
///
/// The timestamp is the report's wall time in whole seconds, rounded down. All texts are written as they are:
/// what is special in JSON is escaped, so that a line has no line break but the one at its end.
///
/// ```
/// use flowmeter::{ManualClock, Points, Registry};
///
/// let clock = ManualClock::new();
/// let registry = Registry::builder().clock(clock.clock()).endpoint("jungle85").tags(["darwin"]).build();
/// registry.counter_with("rows", &[("table", "flights")])?.add(3);
/// registry.gauge("load")?.set(f64::NAN);
///
/// let (mut points, mut lines) = (Points::new(), Vec::new());
/// let encoded = points.encode(&registry.report(), &mut lines);
/// assert_eq!(encoded.left_out, 1);
/// assert!(String::from_utf8_lossy(&lines).lines().any(|line| line
///     == r#"{"metric":"rows","endpoint":"jungle85","tag":["darwin","table=flights"],"value":3,"timestamp":946684800}"#));
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
///
/// What is the same in each report is rendered once and kept until a report has it no more.
#[derive(Clone, Debug, Default)]
pub struct Points {
    own: Own,
    with_tasks: bool,
    without_own: bool,
    heads: Heads,
}

/// How much a report gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoded {
    /// Points that were written, a line each.
    pub lines: u64,
    /// Values that no point can carry, because they are not finite.
    pub left_out: u64,
}

impl Points {
    /// With the endpoint and the bare tags of the registry, and without the figures of tasks.
    pub fn new() -> Points {
        Points::default()
    }

    /// Another endpoint than the registry's, for points that are written from now on.
    #[must_use = "the points are returned"]
    pub fn endpoint(mut self, endpoint: impl Into<Arc<str>>) -> Points {
        self.own.endpoint = Some(endpoint.into());
        self
    }

    /// Other bare tags than the registry's, for points that are written from now on.
    #[must_use = "the points are returned"]
    pub fn tags<T: Into<Arc<str>>>(mut self, tags: impl IntoIterator<Item = T>) -> Points {
        self.own.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    /// With the figures of each task: a job of many tasks has many.
    #[must_use = "the points are returned"]
    pub fn with_tasks(mut self) -> Points {
        self.with_tasks = true;
        self
    }

    /// Without what the library says of itself, whose names begin with `flowmeter.`: about 30 points of each
    /// attached reporter.
    #[must_use = "the points are returned"]
    pub fn without_own(mut self) -> Points {
        self.without_own = true;
        self
    }

    /// Appends the points of `report` to `out`, a line each, every one ended by a newline.
    pub fn encode(&mut self, report: &Report, out: &mut Vec<u8>) -> Encoded {
        let identity = self.own.identity(report);
        let mut lines =
            Lines { tail: Tail::new(timestamp(report)), out, encoded: Encoded::default() };
        for level in levels(report, self.with_tasks) {
            let head = identity.head(level.metric, &level.tags);
            level.figures.into_iter().for_each(|figure| lines.add(&head, figure));
        }
        let (snapshot, without_own) = (report.snapshot(), self.without_own);
        let mut heads = self.heads.of(identity, snapshot);
        snapshot.values(|value| {
            let head = heads.next().filter(|(key, _)| !(without_own && is_own(key)));
            if let Some((_, head)) = head {
                value.figures(|figure| lines.add(head, figure));
            }
        });
        drop(heads);
        lines.encoded
    }

    /// The beginning of a line about `metric`, measured where the last report was; before the first one only
    /// what was given here is known of that.
    pub(crate) fn head(&self, metric: &str) -> Head {
        self.own.instead_of(self.heads.identity()).head(metric, &[])
    }

    /// Where the points of `report` are measured.
    #[cfg(feature = "kafka")]
    pub(crate) fn endpoint_of(&self, report: &Report) -> Arc<str> {
        self.own.identity(report).endpoint
    }

    /// The timestamp of the points of `report`.
    #[cfg(feature = "kafka")]
    pub(crate) fn unix_seconds(report: &Report) -> i64 {
        timestamp(report)
    }

    /// The points of `report`, those whose lines [`encode`](Points::encode) writes.
    pub fn of(&mut self, report: &Report) -> Vec<Point> {
        let maker = Maker { identity: self.own.identity(report), timestamp: timestamp(report) };
        let of_jobs = levels(report, self.with_tasks).flat_map(|level| maker.of_level(level));
        let of_series =
            report.snapshot().series().filter(|series| !(self.without_own && is_own(series.key)));
        let of_series = of_series.flat_map(|series| maker.of_series(&series));
        of_jobs.chain(of_series).collect()
    }
}

fn is_own(key: &Key) -> bool {
    key.name().starts_with("flowmeter.")
}

/// Whole seconds, cut off towards the past.
fn timestamp(report: &Report) -> i64 {
    report.snapshot().taken().unix_ms.div_euclid(1000)
}

/// Where the lines of a report go, and how many there were.
struct Lines<'a> {
    tail: Tail,
    out: &'a mut Vec<u8>,
    encoded: Encoded,
}

impl Lines<'_> {
    fn add(&mut self, head: &Head, (ending, number): Ending) {
        match number {
            Some(number) => {
                head.write(ending, number, &self.tail, self.out);
                self.encoded.lines += 1;
            }
            None => self.encoded.left_out += 1,
        }
    }
}

/// What all points of a report share.
struct Maker {
    identity: Identity,
    timestamp: i64,
}

impl Maker {
    fn of_level(&self, level: Level) -> Vec<Point> {
        let Level { metric, tags, figures } = level;
        let figures = figures.into_iter();
        figures
            .filter_map(|(ending, number)| Some(self.point(metric, ending, &tags, number?)))
            .collect()
    }

    fn of_series(&self, series: &SeriesRef<'_>) -> Vec<Point> {
        let tags: Vec<_> = identity::tags(series.key).collect();
        let (name, mut points) = (series.key.name(), Vec::new());
        series.value.figures(|(ending, number)| {
            points.extend(number.map(|number| self.point(name, ending, &tags, number)));
        });
        points
    }

    fn point(&self, name: &str, ending: &str, tags: &[String], value: Number) -> Point {
        let bare = self.identity.tags.iter().map(ToString::to_string);
        Point {
            metric: format!("{name}{ending}"),
            endpoint: self.identity.endpoint.to_string(),
            tag: bare.chain(tags.iter().cloned()).collect(),
            value,
            timestamp: self.timestamp,
        }
    }
}
