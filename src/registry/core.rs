//! The registry itself, how it is set up, and how it is collected.

use super::jobs::Jobs;
use crate::clock::Clock;
use crate::collector::{Job, JobError};
use crate::delivery::Deliveries;
use crate::report::{Cursor, Report};
use crate::series::{Answered, Collected, Scope, Settings, Store};
use crate::snapshot::Snapshot;
use parking_lot::Mutex;
use std::env::consts::OS;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// The series and the jobs of a program, or of a part of one. Clones are the same registry.
///
/// Two registries share nothing. A registry that is dropped frees what it holds; handles and jobs
/// that are still held go on counting, unseen.
#[derive(Clone, Debug)]
pub struct Registry {
    pub(super) core: Arc<Core>,
    /// That of the core: here a call site finds it by one step less.
    pub(super) store: Arc<Store>,
}

#[derive(Debug)]
pub(super) struct Core {
    /// Random, so that snapshots of two registries are never taken for those of one.
    id: u64,
    endpoint: Arc<str>,
    tags: Arc<[Arc<str>]>,
    pub(super) store: Arc<Store>,
    jobs: Arc<Jobs>,
    pub(super) deliveries: Arc<Deliveries>,
    /// Where the last `report()` ended, and the number of the answers that it used.
    reported: Mutex<(Cursor, u64)>,
}

/// Sets up a [`Registry`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing before `build`"]
pub struct RegistryBuilder {
    settings: Settings,
    ended_runs_kept: usize,
    /// None for the machine's name.
    endpoint: Option<Arc<str>>,
    tags: Arc<[Arc<str>]>,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry::new()
    }
}

impl Registry {
    /// An empty registry with the system's clock.
    pub fn new() -> Registry {
        Registry::builder().build()
    }

    /// A registry with other settings than the default.
    pub fn builder() -> RegistryBuilder {
        let settings = Settings {
            clock: Clock::system(),
            wait: Duration::from_secs(1),
            series_limit: 2_000,
            names_limit: 10_000,
            disabled: false,
        };
        RegistryBuilder {
            settings,
            ended_runs_kept: 100,
            endpoint: None,
            tags: Arc::from([OS.into()]),
        }
    }

    /// A registry that counts nothing: every handle works, costs next to nothing, and reads zero. What is
    /// registered is not looked at, and no callback or source is ever called.
    ///
    /// Jobs work as ever, since programs ask them how they went.
    pub fn disabled() -> Registry {
        let mut builder = Registry::builder();
        builder.settings.disabled = true;
        builder.build()
    }

    /// The clock that all times of this registry come from.
    pub fn clock(&self) -> &Clock {
        self.core.store.clock()
    }

    /// Starts the next run of the job `name`.
    ///
    /// # Errors
    ///
    /// A run of that name lives, or the name is empty, longer than 200 bytes, or has control
    /// characters.
    pub fn job(&self, name: &str) -> Result<Job, JobError> {
        let scope = self.core.everything().label("job", name);
        self.core.jobs.start(name, scope, self.clock())
    }

    /// Everything as it is now. Whatever was counted before the call is in it.
    pub fn collect(&self) -> Snapshot {
        self.core.collect()
    }

    /// A report of what happened since the last call, or, the first time, since the registry's start; and every
    /// [attached](Registry::attach) reporter delivers now, which is not waited for. A run that ended is in exactly one
    /// of these reports, or counted among the [missed](Report::missed_runs) of one.
    ///
    /// Of two calls at once the one that comes later may leave out what callbacks, sources and checks said to
    /// it, if they told the other one newer.
    pub fn report(&self) -> Report {
        // Asked before the lock, under which users' code must not run. So of two calls at once the later one
        // may have been asked first, and then goes without what it was told.
        let answered = self.core.store.ask();
        let mut reported = self.core.reported.lock();
        let (cursor, last_asked) = &mut *reported;
        let report = cursor.read(self.core.read(answered.used_after(last_asked)));
        self.core.deliveries.deliver_now();
        report
    }

    /// A cursor of one's own: reports of what happens from now on, read whenever one likes, without
    /// any effect on [`report`](Registry::report) or on other cursors.
    pub fn reports(&self) -> Reports {
        Reports { registry: self.clone(), cursor: Cursor::new(self.collect()) }
    }
}

impl Core {
    pub(super) fn everything(&self) -> Scope {
        Scope::of(&self.store)
    }

    pub(super) fn collect(&self) -> Snapshot {
        self.read(self.store.ask())
    }

    fn read(&self, answered: Answered) -> Snapshot {
        let Collected { listed, mut beside, descriptions, registrations } =
            self.store.collect(answered);
        beside.extend(self.deliveries.series());
        let taken = self.store.clock().stamp();
        Snapshot::listing(self.id, taken, listed, beside, self.jobs.snapshot())
            .described_as(descriptions)
            .after_registrations(registrations)
            .measured_at(Arc::clone(&self.endpoint), Arc::clone(&self.tags))
    }
}

/// A cursor: each report begins where the one before ended.
#[derive(Clone, Debug)]
pub struct Reports {
    registry: Registry,
    cursor: Cursor,
}

impl Reports {
    /// What happened since the last call, or since the cursor was made.
    ///
    /// A run that ended since then is in exactly one of these reports, as a whole, or counted among the
    /// [missed](Report::missed_runs) of one.
    pub fn read(&mut self) -> Report {
        self.cursor.read(self.registry.collect())
    }
}

impl RegistryBuilder {
    /// The clock of everything in the registry: a [`ManualClock`](crate::ManualClock)'s in tests.
    pub fn clock(mut self, clock: Clock) -> RegistryBuilder {
        self.settings.clock = clock;
        self
    }

    /// How long a collection waits for callbacks, sources and health checks, for all of them together: 1
    /// second by default, on the registry's clock. One that takes longer than a fifth of it counts as
    /// hanging.
    pub fn source_wait(mut self, wait: Duration) -> RegistryBuilder {
        self.settings.wait = wait;
        self
    }

    /// How many series a name may have: 2,000 by default. What is asked for beyond shares one more,
    /// which carries the labels of the scope that it was asked for in, and `flowmeter.overflow="true"`; how often
    /// that happened is counted in `flowmeter.overflow`. (Beyond so many scopes they share one, too.)
    ///
    /// It is also how many series a source may give at once, those of all its names together: what it gives
    /// beyond is left out, and counted in `flowmeter.source.refused`.
    ///
    /// A name may be given [another limit](crate::MetricBuilder::series_limit).
    pub fn series_limit(mut self, limit: usize) -> RegistryBuilder {
        self.settings.series_limit = limit;
        self
    }

    /// How many names there may be, those of sources included: 10,000 by default. More are refused.
    pub fn names_limit(mut self, limit: usize) -> RegistryBuilder {
        self.settings.names_limit = limit;
        self
    }

    /// How many of the runs that have ended are kept for reports: the newest 100 by default.
    ///
    /// A report tells how many it missed because of that.
    pub fn ended_runs_kept(mut self, limit: usize) -> RegistryBuilder {
        self.ended_runs_kept = limit;
        self
    }

    /// Where its [points](crate::Points) are measured: the machine's host name by default, or `localhost` if it
    /// has none that is text. It may be any text, and is written as it was given.
    pub fn endpoint(mut self, endpoint: impl Into<Arc<str>>) -> RegistryBuilder {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The bare tags of all its [points](crate::Points): by default one, the name of the operating system as
    /// [`std::env::consts::OS`] has it. They may be any texts, and are written as they were given, in their order.
    ///
    /// ```
    /// # use flowmeter::Registry;
    /// let registry = Registry::builder().endpoint("jungle85").tags(["darwin", "night"]).build();
    /// assert_eq!(&*registry.collect().parts()[0].endpoint, "jungle85");
    /// ```
    pub fn tags<T: Into<Arc<str>>>(mut self, tags: impl IntoIterator<Item = T>) -> RegistryBuilder {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }

    /// The registry.
    pub fn build(self) -> Registry {
        let RegistryBuilder { settings, ended_runs_kept, endpoint, tags } = self;
        let id = RandomState::new().hash_one("registry");
        let start = Snapshot::new(id, settings.clock.stamp(), Vec::new(), Vec::new(), 0);
        let deliveries = Arc::new(Deliveries::default());
        let core = Core {
            id,
            endpoint: endpoint.unwrap_or_else(host_name),
            tags,
            store: Arc::new(Store::new(settings)),
            jobs: Arc::new(Jobs::new(ended_runs_kept, Arc::clone(&deliveries))),
            deliveries,
            reported: Mutex::new((Cursor::new(start), 0)),
        };
        Registry { store: Arc::clone(&core.store), core: Arc::new(core) }
    }
}

fn host_name() -> Arc<str> {
    let name = hostname::get().unwrap_or_default();
    name.to_str().filter(|name| !name.is_empty()).unwrap_or("localhost").into()
}
