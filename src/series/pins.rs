//! The metrics that call sites have found in a registry: kept until it is dropped.

use super::epoch::{DEAD, Epoch};
use super::held::{Held, Kind};
use super::memo::Memo;
use crate::kept::Kept;
use crate::metric::Found;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which call site it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SiteId(u64);

impl SiteId {
    /// One that no other site has.
    pub(super) fn next() -> SiteId {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        SiteId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What a call site found: a metric, or that there is none for it.
#[derive(Debug)]
pub(super) struct Pin(Option<Held>);

/// How many metrics stay kept that were taken out of the registry since a call site found them.
const GONE: usize = 1_000;

/// The metrics that call sites have found. Each is kept as long as the registry: a site knows the number of its cell
/// only, and may be counting in it at any moment.
#[derive(Debug)]
pub(super) struct Pins {
    epoch: AtomicU64,
    kept: Kept<Pin>,
    /// The pin of each: all others are no site's any more.
    sites: RwLock<HashMap<SiteId, u32>>,
}

impl Pin {
    /// The metric, or none, that this is.
    pub(super) fn of(held: Option<Held>) -> Pin {
        Pin(held)
    }

    /// Whether it is what the site would find now. That there is none is found once.
    fn is_current(&self) -> bool {
        self.0.as_ref().is_none_or(Held::is_registered)
    }

    fn found<M: Kind>(&self) -> Found<'_, M> {
        match self.0.as_ref().and_then(M::of_held) {
            Some(metric) => Found::kept(metric),
            None => Found::owned(M::disabled()),
        }
    }

    /// What a site remembers of the pin with this number.
    fn number_to_note(&self, number: u32) -> u32 {
        self.0.as_ref().map_or(DEAD, |held| held.cell().unwrap_or(number))
    }
}

impl Pins {
    pub(super) fn new() -> Pins {
        let epoch = AtomicU64::new(Epoch::next().bits());
        Pins { epoch, kept: Kept::new(), sites: RwLock::default() }
    }

    /// The epoch in which sites remember what they find.
    // Relaxed: who sees an old one counts on in what was taken out, as every handle of it does.
    #[inline]
    pub(super) fn epoch(&self) -> Epoch {
        Epoch::of_bits(self.epoch.load(Ordering::Relaxed))
    }

    /// Something was taken out: each site looks again. It is called where no metric can be asked for at the same time.
    pub(super) fn next_epoch(&self) {
        self.epoch.store(Epoch::next().bits(), Ordering::Release);
    }

    /// What was kept at this number, as a metric that needs no cell to be found.
    #[inline]
    pub(super) fn get<M: Kind>(&self, number: u64) -> Option<&M> {
        let Pin(held) = self.kept.get(u32::try_from(number).ok()?)?;
        M::of_held(held.as_ref()?)
    }

    /// What this site finds: what it has found, or what `look` says, which is kept from now on.
    pub(super) fn find<M: Kind>(
        &self,
        site: SiteId,
        memo: &Memo,
        look: impl FnOnce() -> Option<M>,
    ) -> Found<'_, M> {
        // Before it is looked up: what is taken out from now on ends the epoch, and is looked for again. Acquire: who
        // sees an epoch sees what was taken out before it.
        let epoch = Epoch::of_bits(self.epoch.load(Ordering::Acquire));
        let known = self.sites.read().get(&site).copied();
        if let Some((number, pin)) = known.and_then(|number| self.current(number)) {
            memo.note(epoch, pin.number_to_note(number));
            return pin.found();
        }
        let metric = look();
        match self.keep(site, metric.clone().map(M::into_held)) {
            Some((number, pin)) => {
                memo.note(epoch, pin.number_to_note(number));
                pin.found()
            }
            None => Found::owned(metric.unwrap_or_else(M::disabled)),
        }
    }

    fn current(&self, number: u32) -> Option<(u32, &Pin)> {
        self.kept.get(number).filter(|pin| pin.is_current()).map(|pin| (number, pin))
    }

    /// Keeps it for the site, unless another thread has just done so; `None` if too many are kept that are gone.
    fn keep(&self, site: SiteId, held: Option<Held>) -> Option<(u32, &Pin)> {
        let mut sites = self.sites.write();
        let before = sites.get(&site).copied();
        if let Some(current) = before.and_then(|number| self.current(number)) {
            return Some(current);
        }
        let gone = self.kept.len() - sites.len();
        if before.is_some() && gone >= GONE {
            return None;
        }
        let number = self.kept.add(Pin::of(held)).ok()?;
        sites.insert(site, number);
        self.kept.get(number).map(|pin| (number, pin))
    }
}
