//! `Kafka`: reports as points, each a message to a topic.

mod client;
mod error;
mod figures;
mod ledger;
mod log;
mod message;
mod settings;
mod shared;
mod thread;

pub use error::KafkaError;
pub use figures::KafkaStatus;
pub use shared::KafkaWatch;

use super::lines::{each, empty};
use crate::report::{Figure, Points, Report, ReportError, Reporter};
use message::Message;
use settings::Settings;
use shared::Shared;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use thread::Thread;

/// Sends each report as points to a topic of Kafka, a message each: its value is the point's line of JSON without the
/// newline, its key the endpoint, its timestamp the point's. So the points of an endpoint are in one partition, and in
/// order, but for those that are sent again.
///
/// A report only goes into the client's queue; a thread of the reporter's own, which the first report starts, hears
/// what became of each point. So whatever the network and the brokers do, reporting takes the same time. What finds
/// the queue full is dropped, and counted.
///
/// The client is [librdkafka](https://docs.rs/rdkafka). Unless [told otherwise](Kafka::set), all replicas in sync
/// acknowledge a point (`acks=all`), which is written once although it may be sent again (`enable.idempotence`), in
/// batches of at most 1 MB that are compressed by lz4 and sent after 50 ms (`linger.ms`); a point that is not
/// acknowledged after two minutes (`message.timeout.ms`) has failed; and the queue holds at most 200,000 points and
/// 32 MiB.
///
/// A batch that is refused for one of its points, one that is too large or invalid, is sent again point by point: so
/// the others arrive, and [`KafkaStatus::last_error`] has the name of the one that does not.
///
/// [`close`](Reporter::close) waits until nothing is queued, or the time is over; its error says how many points of all
/// did not arrive, and why the last one did not. A reporter that is dropped without being closed gives up what is queued.
///
/// ```no_run
/// use flowmeter::{Kafka, Registry};
///
/// let registry = Registry::new();
/// let kafka = Kafka::to("127.0.0.1:9092").topic("points");
/// // Before it is attached, which takes it.
/// let status = kafka.status();
/// let kafka = registry.attach("kafka", kafka);
/// // … the job …
/// match kafka.close() {
///     Ok(()) => println!("{} points are there", status.now().delivered),
///     Err(why) => eprintln!("{why}"),
/// }
/// ```
pub struct Kafka {
    settings: Settings,
    points: Points,
    shared: Arc<Shared>,
    thread: Option<Thread>,
    /// Nothing is reported any more.
    closed: bool,
    lines: Vec<u8>,
}

impl Kafka {
    /// Sends to the brokers that are found by these: `host:9092`, several with `,` between.
    pub fn to(brokers: impl Into<String>) -> Kafka {
        Kafka {
            settings: Settings::new(brokers.into()),
            points: Points::default(),
            shared: Arc::default(),
            thread: None,
            closed: false,
            lines: Vec::new(),
        }
    }

    /// The topic of all points. Required.
    #[must_use = "the reporter is returned"]
    pub fn topic(mut self, topic: impl Into<String>) -> Kafka {
        self.settings.topic = topic.into();
        self
    }

    /// Sets a property of the client, whatever it is unless told: [all that there are][properties]. The last one of a
    /// name counts. What the client does not take is an error of [`start`](Kafka::start), and of each report.
    ///
    /// [properties]: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
    #[must_use = "the reporter is returned"]
    pub fn set(mut self, property: impl Into<String>, value: impl Into<String>) -> Kafka {
        self.settings.set(property.into(), value.into());
        self
    }

    /// Writes reports as these points do.
    #[must_use = "the reporter is returned"]
    pub fn points(mut self, points: Points) -> Kafka {
        self.points = points;
        self
    }

    /// A handle that shows what is known of the points, also after the reporter was handed on or closed.
    pub fn status(&self) -> KafkaWatch {
        KafkaWatch::new(&self.shared)
    }

    /// Starts the client, and the reporter's thread; without this the first report does. It does not wait for a
    /// broker. What is set afterwards has no effect, but for the points.
    ///
    /// # Errors
    ///
    /// There is no topic, or there are no brokers; the client refuses a property; the system starts no thread; or the
    /// reporter was closed.
    pub fn start(&mut self) -> Result<(), KafkaError> {
        if self.closed {
            return Err(KafkaError::Closed);
        }
        if self.thread.is_none() {
            self.thread = Some(Thread::start(&self.settings, &self.shared)?);
        }
        Ok(())
    }
}

impl Reporter for Kafka {
    /// Hands the points of the report to the client.
    ///
    /// # Errors
    ///
    /// The reporter was closed, or can't be [started](Kafka::start).
    fn report(&mut self, report: &Report) -> Result<(), ReportError> {
        self.start().inspect_err(|error| self.shared.ledger().erred(&error.to_string()))?;
        let Some(thread) = self.thread.as_ref().filter(|thread| !thread.has_ended()) else {
            return Err("the Kafka reporter's thread has ended, and nothing more is sent".into());
        };
        empty(&mut self.lines);
        let encoded = self.points.encode(report, &mut self.lines);
        self.shared.ledger().take(encoded.lines, encoded.left_out);
        let (key, clients) = (self.points.endpoint_of(report), thread.clients());
        let unix_ms = Points::unix_seconds(report) * 1000;
        for line in each(&self.lines) {
            let message = Message { key: key.as_bytes(), line, unix_ms };
            clients.send(&message);
        }
        Ok(())
    }

    fn close(&mut self, within: Duration) -> Result<(), ReportError> {
        self.closed = true;
        if let Some(thread) = self.thread.take() {
            thread.close(within);
        }
        Ok(self.shared.ledger().undelivered(self.settings.target())?)
    }

    fn figures(&self) -> Vec<(&'static str, Figure)> {
        self.shared.ledger().figures.named()
    }
}

/// Shows what it was told, but for secrets, and its status.
impl fmt::Debug for Kafka {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kafka")
            .field("settings", &self.settings)
            .field("status", &self.status().now())
            .finish_non_exhaustive()
    }
}
