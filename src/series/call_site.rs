//! A call site that names its metric by literals: it looks it up once for each registry.

use super::details::Details;
use super::epoch::DEAD;
use super::error::MetricError;
use super::held::Metric;
use super::log;
use super::memo::Memo;
use super::pins::SiteId;
use super::store::Store;
use crate::metric::{Counter, Found, Gauge, Histogram, Meter, Timer, add_in_cell};
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

/// What a macro such as [`counter!`](crate::counter!) leaves at its call site.
#[doc(hidden)]
pub struct CallSite<M> {
    name: &'static str,
    labels: &'static [(&'static str, &'static str)],
    /// Its file and line.
    at: &'static str,
    id: OnceLock<SiteId>,
    memo: Memo,
    kind: PhantomData<fn() -> M>,
}

impl<M> fmt::Debug for CallSite<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallSite").field("name", &self.name).field("at", &self.at).finish()
    }
}

impl<M> CallSite<M> {
    // In models there are none.
    #[cfg(not(loom))]
    pub const fn new(
        name: &'static str,
        labels: &'static [(&'static str, &'static str)],
        at: &'static str,
    ) -> CallSite<M> {
        CallSite { name, labels, at, id: OnceLock::new(), memo: Memo::new(), kind: PhantomData }
    }
}

impl CallSite<()> {
    /// The name of a label that is given as an identifier: `type` of `r#type`.
    pub const fn label(identifier: &'static str) -> &'static str {
        match identifier.as_bytes() {
            [b'r', b'#', ..] => identifier.split_at(2).1,
            _ => identifier,
        }
    }
}

/// A kind of which the number of its cell is remembered.
pub trait InACell: Metric {}

impl InACell for Counter {}
impl InACell for Meter {}

/// A kind of which the number of its pin is remembered.
pub trait Pinned: Metric {}

impl Pinned for Gauge {}
impl Pinned for Histogram {}
impl Pinned for Timer {}

impl<M: Pinned> CallSite<M> {
    /// The metric that this site names in the registry with that store.
    #[inline]
    pub(crate) fn found<'r>(&'static self, store: &'r Store) -> Found<'r, M> {
        match store.pins().get(self.memo.number(store.pins().epoch())) {
            Some(metric) => Found::kept(metric),
            None => self.look(store),
        }
    }
}

impl<M: Metric> CallSite<M> {
    /// The metric, where the site does not know it yet.
    #[cold]
    fn look<'r>(&'static self, store: &'r Store) -> Found<'r, M> {
        if self.memo.number(store.pins().epoch()) == u64::from(DEAD) {
            return Found::owned(M::disabled());
        }
        let id = *self.id.get_or_init(SiteId::next);
        let (found, refused) = store.pins().find(id, &self.memo, || self.ask(store));
        // Only now: whoever hears of it may count here.
        if let Some(why) = refused {
            store.note_refused(&why);
            log::refused(self.at, &why);
        }
        found
    }

    /// The metric, if there can be any, and whether it is that of an overflow.
    fn ask(&self, store: &Store) -> Result<Option<(M, bool)>, MetricError> {
        if store.is_disabled() {
            return Ok(None);
        }
        store.uncounted(self.name, self.labels, &Details::default(), &[]).map(Some)
    }
}

/// A metric as a call site reaches it: what [`counter!`](crate::counter!) and [`meter!`](crate::meter!) give.
///
/// To count is to find its cell by two loads and a subtraction; for all else take a [handle](Here::handle).
pub struct Here<'r, M: 'static> {
    site: &'static CallSite<M>,
    store: &'r Store,
}

impl<'r, M: InACell> Here<'r, M> {
    #[inline]
    pub(crate) fn new(site: &'static CallSite<M>, store: &'r Store) -> Here<'r, M> {
        Here { site, store }
    }

    /// A handle of the metric.
    pub fn handle(self) -> M {
        self.site.look(self.store).handle()
    }

    #[inline]
    fn number(self) -> u64 {
        self.site.memo.number(self.store.pins().epoch())
    }
}

impl Here<'_, Counter> {
    /// Adds one.
    #[inline]
    pub fn inc(self) {
        self.add(1);
    }

    /// Adds `n`.
    #[inline]
    pub fn add(self, n: u64) {
        if !add_in_cell(self.number(), n) {
            self.add_slowly(n);
        }
    }

    // Not inlined: else what is inlined into a program is too large to be.
    #[cold]
    #[inline(never)]
    fn add_slowly(self, n: u64) {
        self.site.look(self.store).add(n);
    }
}

impl Here<'_, Meter> {
    /// Adds `n`.
    #[inline]
    pub fn mark(self, n: u64) {
        if !add_in_cell(self.number(), n) {
            self.mark_slowly(n);
        }
    }

    #[cold]
    #[inline(never)]
    fn mark_slowly(self, n: u64) {
        self.site.look(self.store).mark(n);
    }
}

impl<M> Clone for Here<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Here<'_, M> {}

impl<M> fmt::Debug for Here<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Here").field("site", &self.site).finish_non_exhaustive()
    }
}
