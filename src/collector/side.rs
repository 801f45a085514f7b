//! What both sides of a task have in common: counting, waiting, saying, ending.

use super::attempt::Ending;
use super::block::{Cells, Holds, Pen};
use super::custom::CustomPen;
use super::layout::{Pair, WAITED, WAITING_SINCE, nanos};
use super::log::About;
use super::task::TaskCore;
use crate::clock::Moment;
use crate::communication::{Failure, Side};
use crate::text::{self, Chain, chain};
use std::error::Error;
use std::fmt::{self, Display};
use std::sync::atomic::{Ordering, fence};

/// The other side of the task is gone: the channel between the two is closed.
///
/// A channel is closed by dropping its other end, so that end has to go with its side: moved into the
/// closure or the thread that holds the side. A channel whose ends live on is waited on for ever.
///
/// An attempt that fails with this error or its text somewhere in its chain of sources has failed in
/// consequence of something else: it is never shown as the cause while there is one, and where the job
/// was asked to stop it counts as killed. Whoever uses a channel of their own can return it for that.
/// A side that fails for another reason after it met this error has a cause of its own, unless the other
/// side has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{GONE}")]
pub struct Gone;

const GONE: &str = "the other side of the task is gone";

/// Any error, as a side's end takes it: a text will do.
pub(super) type AnyError = Box<dyn Error + Send + Sync>;

/// One side of a running task, whose block has `N` cells.
pub(super) struct SideCore<const N: usize>
where
    TaskCore: Holds<N>,
{
    pen: Pen<TaskCore, N>,
    /// From its first custom counter on.
    custom: Option<CustomPen>,
    side: Side,
    met_gone: bool,
    saw_stop: bool,
    ended: bool,
}

impl<const N: usize> SideCore<N>
where
    TaskCore: Holds<N>,
{
    pub(super) fn new(side: Side, pen: Pen<TaskCore, N>) -> Self {
        let (met_gone, saw_stop, ended) = (false, false, false);
        SideCore { pen, custom: None, side, met_gone, saw_stop, ended }
    }

    #[inline]
    fn task(&self) -> &TaskCore {
        self.pen.holder()
    }

    #[inline]
    pub(super) fn update(&mut self, change: impl FnOnce(Cells<'_, N>)) {
        self.pen.update(|_, cells| change(cells));
    }

    #[inline]
    pub(super) fn add(&mut self, pair: Pair, records: u64, bytes: u64) {
        self.update(|cells| pair.add(&cells, records, bytes));
    }

    pub(super) fn add_custom(&mut self, name: &str, n: u64) {
        let SideCore { pen, custom, side, .. } = self;
        let custom = custom.get_or_insert_with(|| pen.holder().rare().custom(*side).pen());
        let counter = custom.cell(name, &pen.holder().run.custom_names);
        pen.update(|_, _| counter.add(n));
    }

    /// Counts records in error, and keeps `why` as a sample of them.
    pub(super) fn add_in_error(
        &mut self,
        (pair, key): (Pair, &str),
        (records, bytes): (u64, u64),
        why: &dyn Display,
    ) {
        if records > 0 {
            self.add(pair, records, bytes);
            self.say(About::Sample, key, why);
        }
    }

    pub(super) fn say(&self, about: About, key: &str, what: &dyn Display) {
        let task = self.task();
        let TaskCore { run, group, id, .. } = task;
        task.rare().log.say(about, (&run.clock, &run.room), (*group, *id), key, what);
    }

    /// Runs `f` and books the time as waiting; it counts already while `f` runs.
    pub(super) fn wait<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let wait = OpenWait::begin(self);
        let result = f();
        drop(wait);
        result
    }

    pub(super) fn now(&self) -> Moment {
        self.task().run.clock.now()
    }

    #[inline]
    pub(super) fn stopping(&mut self) -> bool {
        self.saw_stop |= self.task().run.is_stopping();
        self.saw_stop
    }

    pub(super) fn meet_gone(&mut self) -> Gone {
        self.met_gone = true;
        Gone
    }

    /// Ends the side as having done its work, or, if it saw that it should stop, as killed.
    pub(super) fn done(&mut self) {
        self.end(if self.saw_stop { Ending::Killed } else { Ending::Done });
    }

    pub(super) fn fail(&mut self, why: &(dyn Error + 'static)) {
        let failure = self.failure(&Chain(why));
        if chain(why).any(says_gone) {
            self.follow(failure);
        } else if self.met_gone {
            self.end(Ending::FailedAfterGone(failure));
        } else {
            self.end(Ending::Failed(failure));
        }
    }

    /// Fails because a push had failed: the other side was gone, or for a cause of its own.
    pub(super) fn fail_for_push(&mut self, why: &dyn Display) {
        let failure = self.failure(why);
        if self.met_gone {
            self.follow(failure);
        } else {
            self.end(Ending::Failed(failure));
        }
    }

    /// Ends as what the end of the other side entailed: killed, if that one was asked to go.
    fn follow(&mut self, failure: Failure) {
        self.end(match self.task().run.is_stopping() {
            true => Ending::Killed,
            false => Ending::Failed(failure.as_consequence()),
        });
    }

    fn failure(&self, why: &dyn Display) -> Failure {
        let at = self.task().run.clock.stamp();
        Failure::cause(at, Some(self.task().place(self.side)), why)
    }

    fn end(&mut self, ending: Ending) {
        if !std::mem::replace(&mut self.ended, true) {
            self.task().attempt.end(self.side, self.task().run.clock.stamp(), ending);
        }
    }

    fn dropped(&mut self) {
        let panicking = std::thread::panicking();
        let how = if panicking { " by a panic" } else { "" };
        let failure = self.failure(&format_args!("dropped{how} before done(), fail() or end()"));
        if panicking {
            self.end(Ending::Failed(failure));
        } else if self.saw_stop {
            self.end(Ending::Killed);
        } else if self.met_gone {
            self.follow(failure);
        } else {
            self.end(Ending::Failed(failure));
        }
    }
}

impl<const N: usize> Drop for SideCore<N>
where
    TaskCore: Holds<N>,
{
    fn drop(&mut self) {
        if !self.ended {
            self.dropped();
        }
    }
}

impl<const N: usize> fmt::Debug for SideCore<N>
where
    TaskCore: Holds<N>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TaskCore { run, group, id, .. } = self.task();
        write!(f, "{} of task {id} of group {group} of job `{}`", self.side, run.name)
    }
}

/// A wait that is going on; it ends when dropped, also by a panic.
struct OpenWait<'a, const N: usize>
where
    TaskCore: Holds<N>,
{
    side: &'a mut SideCore<N>,
    since: Moment,
}

impl<'a, const N: usize> OpenWait<'a, N>
where
    TaskCore: Holds<N>,
{
    fn begin(side: &'a mut SideCore<N>) -> Self {
        let since = side.now();
        let mark = since.as_nanos().saturating_add(1);
        side.update(|cells| cells.set(WAITING_SINCE, mark));
        OpenWait { side, since }
    }
}

impl<const N: usize> Drop for OpenWait<'_, N>
where
    TaskCore: Holds<N>,
{
    fn drop(&mut self) {
        self.side.pen.update(|task, cells| {
            // The sequence is odd for everyone before the time is taken: see `Run::look`.
            fence(Ordering::SeqCst);
            let waited = task.run.clock.now().since(self.since);
            cells.add(WAITED, nanos(waited));
            cells.set(WAITING_SINCE, 0);
        });
    }
}

/// Whether an error is [`Gone`], or was made from its text.
fn says_gone(error: &(dyn Error + 'static)) -> bool {
    error.is::<Gone>() || text::clipped(error).contains(GONE)
}
