//! How much is measured.

#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// Series of a registry.
    pub(crate) series: usize,
    /// How often each way has its turn.
    pub(crate) turns: usize,
    /// Reports that a turn sends.
    pub(crate) reports: usize,
    /// How often each way of sending has its turn.
    pub(crate) sends: usize,
}

impl Scale {
    pub(crate) const FULL: Scale = Scale { series: 10_000, turns: 101, reports: 50, sends: 15 };
    pub(crate) const TINY: Scale = Scale { series: 100, turns: 1, reports: 3, sends: 1 };
}
