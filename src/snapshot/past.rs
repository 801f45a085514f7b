//! How a series of a later snapshot stands to an earlier one.

use super::content::Snapshot;
use super::part::RegistryPart;
use super::series::SeriesRef;
use super::value::Value;

/// What is known of a series' past.
pub(super) enum Past {
    /// It was not there: all that it has counted, it has counted since.
    None,
    /// It has begun anew since, so that the same is true.
    Anew,
    /// It was there, but what it had counted by then is not known.
    Unknown,
    /// It goes on from this value.
    Known(Value),
}

impl Past {
    /// The past of `now`, a series of a snapshot of these parts, in an earlier one of the same registries, which
    /// had it as `before`.
    pub(super) fn of(
        now: &SeriesRef<'_>,
        before: Option<SeriesRef<'_>>,
        earlier: &Snapshot,
        parts: &[RegistryPart],
    ) -> Past {
        match (parts, before) {
            ([_], Some(before)) if before.registration == now.registration => {
                Past::Known(before.value)
            }
            ([_], Some(_)) => Past::Anew,
            ([only], None) if is_newer(earlier, &(only.registry, now.registration)) => Past::None,
            ([_], None) => Past::Unknown,
            (_, Some(before)) => Past::of_several(now, before, earlier),
            (_, None) if now.registered.iter().all(|part| is_newer(earlier, part)) => Past::None,
            (_, None) => Past::Unknown,
        }
    }

    /// The past of a sum. Where one of its parts has begun anew, or was missing, nobody knows how much of
    /// the sum is that part's.
    fn of_several(now: &SeriesRef<'_>, before: SeriesRef<'_>, earlier: &Snapshot) -> Past {
        let (then, now) = (before.registered, now.registered);
        let goes_on = then.iter().all(|part| now.contains(part))
            && now.iter().all(|part| then.contains(part) || is_newer(earlier, part));
        if goes_on { Past::Known(before.value) } else { Past::Unknown }
    }

    /// How much was added, and whether that is not known in full: `since` if it goes on from a value, or
    /// all of it, or nothing.
    pub(super) fn increase<T>(
        self,
        since: impl FnOnce(&Value) -> Option<T>,
        all: T,
        nothing: T,
    ) -> (T, bool) {
        match self {
            Past::None => (all, false),
            Past::Anew => (all, true),
            Past::Unknown => (nothing, true),
            Past::Known(value) => since(&value).map_or((all, true), |added| (added, false)),
        }
    }
}

/// Whether the registration came after the earlier snapshot. Without a number it is taken to have.
fn is_newer(earlier: &Snapshot, &(registry, number): &(u64, u64)) -> bool {
    let part = earlier.parts().iter().find(|part| part.registry == registry);
    number == 0 || part.is_none_or(|part| number > part.registrations)
}
