//! `Found`: a metric that was looked up.

use std::ops::Deref;

/// A metric that was looked up: it counts as the metric itself does, and costs nothing to let go of.
///
/// To count with it elsewhere, take a [handle](Found::handle).
#[derive(Clone, Debug)]
pub struct Found<'a, M> {
    of: Of<'a, M>,
}

#[derive(Clone, Debug)]
enum Of<'a, M> {
    Kept(&'a M),
    Owned(M),
}

impl<'a, M> Found<'a, M> {
    /// One that is kept where it was found.
    #[inline]
    pub(crate) const fn kept(metric: &'a M) -> Found<'a, M> {
        Found { of: Of::Kept(metric) }
    }

    /// One that is kept nowhere.
    pub(crate) const fn owned(metric: M) -> Found<'a, M> {
        Found { of: Of::Owned(metric) }
    }

    /// Whether it is kept where it was found.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.of, Of::Kept(_))
    }

    /// A handle of the metric.
    pub fn handle(&self) -> M
    where
        M: Clone,
    {
        M::clone(self)
    }
}

impl<M> Deref for Found<'_, M> {
    type Target = M;

    #[inline]
    fn deref(&self) -> &M {
        match &self.of {
            Of::Kept(metric) => metric,
            Of::Owned(metric) => metric,
        }
    }
}
