//! `TypedFamily`: the metrics of one name, one for each value of labels that are types.

use super::error::MetricError;
use super::held::Metric;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A label whose values are known when the program is compiled: an enum, as a rule.
///
/// ```
/// # use flowmeter::Label;
/// #[derive(Clone, Copy)]
/// enum Outcome {
///     Kept,
///     Filtered,
/// }
///
/// impl Label for Outcome {
///     const NAME: &'static str = "outcome";
///     const VALUES: &'static [&'static str] = &["kept", "filtered"];
///
///     fn index(self) -> usize {
///         self as usize
///     }
/// }
/// ```
pub trait Label: Copy {
    /// The name of the label.
    const NAME: &'static str;
    /// All its values, as texts; of two that are the same the metrics are the same too.
    const VALUES: &'static [&'static str];

    /// Which of [`VALUES`](Label::VALUES) this one is.
    ///
    /// # For implementors
    ///
    /// With an index beyond these, what is counted is lost.
    fn index(self) -> usize;
}

/// A [`Label`], or up to four of them in a tuple.
pub trait Labels: Copy {
    /// How many values there are, or combinations of these.
    #[doc(hidden)]
    const COUNT: usize;

    /// Which of them this one is; `COUNT` or more if it is none.
    #[doc(hidden)]
    fn position(self) -> usize;

    /// The labels' names and values at that position.
    #[doc(hidden)]
    fn texts(position: usize) -> Vec<(&'static str, &'static str)>;
}

impl<L: Label> Labels for L {
    const COUNT: usize = L::VALUES.len();

    #[inline]
    fn position(self) -> usize {
        self.index()
    }

    fn texts(position: usize) -> Vec<(&'static str, &'static str)> {
        L::VALUES.get(position).map(|value| (L::NAME, *value)).into_iter().collect()
    }
}

/// Lets a tuple be labels: a number whose digits are the indices, each to the base of how many values there are.
macro_rules! labels {
    ($($label:ident $at:tt),+) => {
        impl<$($label: Label),+> Labels for ($($label,)+) {
            const COUNT: usize = 1 $(* $label::VALUES.len())+;

            #[inline]
            fn position(self) -> usize {
                let mut position = 0;
                $(
                    let index = self.$at.index();
                    if index >= $label::VALUES.len() {
                        return Self::COUNT;
                    }
                    position = position * $label::VALUES.len() + index;
                )+
                position
            }

            fn texts(position: usize) -> Vec<(&'static str, &'static str)> {
                let mut left = Self::COUNT;
                vec![$({
                    left /= $label::VALUES.len();
                    ($label::NAME, $label::VALUES[position / left % $label::VALUES.len()])
                }),+]
            }
        }
    };
}

labels!(A 0);
labels!(A 0, B 1);
labels!(A 0, B 1, C 2);
labels!(A 0, B 1, C 2, D 3);

/// The metrics of one name, one for each value of a [`Label`], or for each combination of several: to find one is to
/// look into a list. Clones share it.
///
/// All are registered when it is made, so that each is shown from the beginning, at zero. It keeps a handle of each: what
/// is taken out of the registry counts on, unseen, as with every handle.
///
/// ```
/// # use flowmeter::{Counter, Label, Registry, TypedFamily};
/// # #[derive(Clone, Copy)]
/// # enum Outcome { Kept, Filtered }
/// # impl Label for Outcome {
/// #     const NAME: &'static str = "outcome";
/// #     const VALUES: &'static [&'static str] = &["kept", "filtered"];
/// #     fn index(self) -> usize { self as usize }
/// # }
/// let registry = Registry::new();
/// let rows: TypedFamily<Counter, Outcome> = registry.metric("rows").typed_family()?;
/// rows.of(Outcome::Kept).add(3);
/// assert_eq!(registry.collect().counter_with("rows", &[("outcome", "kept")]), Some(3));
/// assert_eq!(registry.collect().counter_with("rows", &[("outcome", "filtered")]), Some(0));
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
pub struct TypedFamily<M, L> {
    /// One for each position, and one that counts nothing.
    all: Arc<[M]>,
    nothing: M,
    labels: PhantomData<fn(L)>,
}

impl<M: Metric, L: Labels> TypedFamily<M, L> {
    /// Of the metrics that `metric` gives for the labels.
    pub(super) fn new(
        metric: impl Fn(&[(&'static str, &'static str)]) -> Result<M, MetricError>,
    ) -> Result<TypedFamily<M, L>, MetricError> {
        let metrics = (0..L::COUNT).map(|position| metric(&L::texts(position)));
        let all: Result<Vec<M>, MetricError> = metrics.collect();
        Ok(TypedFamily { all: all?.into(), nothing: M::disabled(), labels: PhantomData })
    }

    /// The metric with these labels.
    #[inline]
    pub fn of(&self, labels: L) -> &M {
        self.all.get(labels.position()).unwrap_or(&self.nothing)
    }
}

impl<M: Clone, L> Clone for TypedFamily<M, L> {
    fn clone(&self) -> Self {
        let (all, nothing) = (Arc::clone(&self.all), self.nothing.clone());
        TypedFamily { all, nothing, labels: PhantomData }
    }
}

impl<M: fmt::Debug, L> fmt::Debug for TypedFamily<M, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedFamily").field("all", &self.all).finish_non_exhaustive()
    }
}
