//! All reporters that are attached to a registry.

use super::courier::{Collect, Courier};
use super::error::{CloseError, DeliveryError};
use super::guard::ReporterGuard;
use super::link::Link;
use super::links::Links;
use super::own::{self, Own};
use crate::clock::{Clock, Schedule};
use crate::panics::let_go;
use crate::report::{Cursor, Reporter};
use crate::snapshot::SeriesSnapshot;
use crate::text::OneLine;
use crossbeam_channel::bounded;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long it is from one report to the next, unless told otherwise.
const INTERVAL: Duration = Duration::from_secs(10);

/// How many characters a reporter's name keeps.
const NAME_LENGTH: usize = 100;

/// The reporters of a registry.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    links: Links,
}

/// How a reporter's thread collects its registry, which it keeps alive by that.
pub(crate) struct Collection {
    pub(crate) clock: Clock,
    pub(crate) collect: Collect,
    /// The number of this registration.
    pub(crate) number: u64,
}

impl Deliveries {
    /// Attaches a reporter: its first report begins now.
    pub(crate) fn attach(
        &self,
        name: &str,
        reporter: Box<dyn Reporter>,
        collection: Collection,
    ) -> ReporterGuard {
        let Collection { clock, collect, number } = collection;
        let (kept, asked) = own::kept(&*reporter);
        let (wake, wakes) = bounded(1);
        let (ending, ended) = bounded(0);
        let link = self
            .links
            .add(usable(name), |name| Link::new(name, number, Own::new(&clock, kept), wake, ended));
        let cursor = Cursor::new(collect());
        let schedule = Schedule::new(clock.now(), INTERVAL);
        let waiter = clock.waiter();
        let guard = ReporterGuard::new(Arc::clone(&link), self.links.clone(), clock.clone());
        let courier = Courier {
            reporter,
            link: Arc::clone(&link),
            collect,
            clock,
            cursor,
            schedule,
            wakes,
            ended: ending,
        };
        match asked {
            Ok(()) => start(&link, move || courier.run(waiter)),
            Err(panic) => {
                link.note_panic(&panic);
                let reporter = link.name.clone();
                link.set_outcome(Err(DeliveryError::Panicked { reporter, reason: panic }));
                let_go(courier);
            }
        }
        guard
    }

    /// Has all deliver a report now, without waiting for it.
    pub(crate) fn deliver_now(&self) {
        self.links.all().iter().for_each(|link| link.deliver_now());
    }

    /// Has all deliver a last report and end, side by side.
    pub(crate) fn close(&self, clock: &Clock, within: Duration) -> Result<(), CloseError> {
        let mut waiter = clock.waiter();
        let deadline = clock.now() + within;
        let links = self.links.all();
        links.iter().for_each(|link| link.end_by(deadline));
        let ends = links.iter().map(|link| link.wait_for_end(&mut waiter, deadline, within));
        let errors: Vec<_> = ends.filter_map(Result::err).collect();
        if errors.is_empty() { Ok(()) } else { Err(CloseError { errors }) }
    }

    /// What each says of itself.
    pub(crate) fn series(&self) -> Vec<SeriesSnapshot> {
        let links = self.links.all();
        links.iter().flat_map(|link| link.own.series(&link.name, link.number)).collect()
    }
}

/// The name on one line, not too long, and never none.
fn usable(name: &str) -> String {
    let name: String = OneLine(name).to_string().chars().take(NAME_LENGTH).collect();
    if name.is_empty() { "reporter".to_owned() } else { name }
}

/// Starts the thread of a reporter; if there is none to be had, the reporter has ended before it began.
fn start(link: &Arc<Link>, work: impl FnOnce() + Send + 'static) {
    // What an operator sees of it, which the system may cut after 15 bytes.
    let name = format!("report-{}", link.name);
    match thread::Builder::new().name(name).spawn(work) {
        Ok(thread) => link.run_by(thread),
        Err(error) => {
            let (reporter, reason) = (link.name.clone(), error.to_string());
            link.set_failure(Some(reason.clone()));
            link.set_outcome(Err(DeliveryError::NoThread { reporter, reason }));
        }
    }
}
