//! The metrics that call sites have found in a registry: kept until it is dropped.

use super::epoch::{DEAD, Epoch};
use super::error::MetricError;
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

/// What a call site found.
#[derive(Debug)]
pub(super) struct Pin {
    /// `None`: there is no such metric.
    held: Option<Held>,
    /// Whether it is that of all beyond a limit: there may be room when something was taken out.
    is_overflow: bool,
}

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
    /// Whether it is as good as what the site would find now. That there is none is found once.
    fn is_current(&self) -> bool {
        self.held.as_ref().is_none_or(Held::is_registered)
    }

    fn found<M: Kind>(&self) -> Found<'_, M> {
        match self.held.as_ref().and_then(M::of_held) {
            Some(metric) => Found::kept(metric),
            None => Found::owned(M::disabled()),
        }
    }

    /// What a site remembers of the pin with this number.
    fn number_to_note(&self, number: u32) -> u32 {
        self.held.as_ref().map_or(DEAD, |held| held.cell().unwrap_or(number))
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
        let pin = self.kept.get(u32::try_from(number).ok()?)?;
        M::of_held(pin.held.as_ref()?)
    }

    /// What this site finds: what it has found, or what `look` says, which is kept from now on. And the reason if there
    /// is no such metric, for the one who has found that out.
    pub(super) fn find<M: Kind>(
        &self,
        site: SiteId,
        memo: &Memo,
        look: impl FnOnce() -> Result<Option<(M, bool)>, MetricError>,
    ) -> (Found<'_, M>, Option<MetricError>) {
        // Before it is looked up: what is taken out from now on ends the epoch, and is looked for again. Acquire: who
        // sees an epoch sees what was taken out before it.
        let epoch = Epoch::of_bits(self.epoch.load(Ordering::Acquire));
        let known = self.sites.read().get(&site).copied();
        if let Some((number, pin)) = known.and_then(|number| self.current(number))
            && !pin.is_overflow
        {
            memo.note(epoch, pin.number_to_note(number));
            return (pin.found(), None);
        }
        let (found, why) = look().map_or_else(|why| (None, Some(why)), |found| (found, None));
        let is_overflow = found.as_ref().is_some_and(|(_, is_overflow)| *is_overflow);
        let metric = found.map(|(metric, _)| metric);
        match self.keep(site, Pin { held: metric.clone().map(M::into_held), is_overflow }) {
            Some((number, pin, is_new)) => {
                memo.note(epoch, pin.number_to_note(number));
                (pin.found(), why.filter(|_| is_new))
            }
            None => (Found::owned(metric.unwrap_or_else(M::disabled)), why),
        }
    }

    fn current(&self, number: u32) -> Option<(u32, &Pin)> {
        self.kept.get(number).filter(|pin| pin.is_current()).map(|pin| (number, pin))
    }

    /// Keeps it for the site, unless what is kept is as good; and whether it was. `None` if too many are kept that are
    /// gone.
    fn keep(&self, site: SiteId, pin: Pin) -> Option<(u32, &Pin, bool)> {
        let mut sites = self.sites.write();
        let before = sites.get(&site).copied();
        let current = before.and_then(|number| self.current(number));
        if let Some((number, current)) =
            current.filter(|(_, it)| !it.is_overflow || pin.is_overflow)
        {
            return Some((number, current, false));
        }
        // What is no metric keeps no cell, and is kept once.
        let gone = self.kept.len() - sites.len();
        if before.is_some() && gone >= GONE && pin.held.is_some() {
            return None;
        }
        let number = self.kept.add(pin).ok()?;
        sites.insert(site, number);
        self.kept.get(number).map(|pin| (number, pin, true))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::epoch::ELSEWHERE;
    use super::*;
    use crate::metric::Gauge;

    #[test]
    fn what_is_taken_out_while_a_site_looks_is_looked_for_again() {
        let (pins, memo, site) = (Pins::new(), Memo::new(), SiteId::next());
        let look = || {
            pins.next_epoch();
            Ok(Some((Gauge::default(), false)))
        };
        pins.find(site, &memo, look);
        assert!(memo.number(pins.epoch()) > u64::from(ELSEWHERE));
    }

    #[test]
    fn the_reason_for_which_there_is_no_metric_goes_to_one_alone() {
        let (pins, memo, site) = (Pins::new(), Memo::new(), SiteId::next());
        let refused =
            || Err::<Option<(Gauge, bool)>, _>(MetricError::Gone { metric: "rows".into() });
        let later = || {
            // Another thread was quicker.
            assert!(pins.find(site, &memo, refused).1.is_some());
            refused()
        };
        assert!(pins.find(site, &memo, later).1.is_none());
        assert_eq!(memo.number(pins.epoch()), u64::from(DEAD));
    }
}
