//! What is recorded: values over three decades, made beforehand.

use std::sync::LazyLock;

/// As many as are recorded before they come again, in the same order.
pub(crate) const VALUES: usize = 4096;

/// From 1,000 to 1,000,000, each factor alike often, in no order.
pub(crate) static SPREAD: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let part = |i: usize| (i * 1_237 % VALUES) as f64 / (VALUES - 1) as f64;
    (0..VALUES).map(|i| (1e3 * 1e3_f64.powf(part(i))).round() as u64).collect()
});
