//! `Family`: the metrics of one name, found by the texts of their labels.

use super::by_hash::ByHash;
use super::held::Metric;
use super::log;
use super::template::Template;
use crate::kept::Kept;
use crate::metric::Found;
use foldhash::fast::RandomState;
use parking_lot::Mutex;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::{mem, ptr};

/// The metrics of one name, told apart by the values of `N` labels: texts that are not known before the program runs.
/// Clones share it.
///
/// A metric that is there is found by one hash of the texts, without a lock, an allocation, or a write to memory that
/// another thread reads; one that is not is registered. Where the values are known when the program is compiled, a
/// [`TypedFamily`](crate::TypedFamily), or a macro such as [`counter!`](crate::counter!), finds it sooner.
///
/// - The values are in the order in which the family was given the names of their labels: nothing else tells them apart.
/// - Values that can't be those of labels, or a name that has become one of another kind, give a metric that counts
///   nothing. Each call is counted in `flowmeter.refused`; [`Registry::refusals`](crate::Registry::refusals) says why, and
///   so does a warning, the first time, with the feature `tracing`.
/// - Beyond the [limit of series](crate::RegistryBuilder::series_limit) it gives the overflow series; then each call
///   asks the registry, which takes its lock and allocates.
/// - It has some 2.5 KiB for itself, and for each metric 100 bytes and its texts beside the series; what is found by
///   [`of_static`](Family::of_static) takes 100 more.
/// - What was [taken out](crate::Registry::unregister) is registered anew by the next call. But the family keeps a handle
///   of whatever it has found until its last clone is dropped. Where thousands of these were taken out, it keeps no more:
///   it then asks the registry each time for what is not among those that it has.
/// - It does not keep its registry alive: when that is gone, it finds nothing.
///
/// ```
/// # use flowmeter::{Counter, Family, Registry};
/// let registry = Registry::new();
/// let rows: Family<Counter, 2> = registry.metric("rows").family(["table", "outcome"])?;
/// for table in ["flights", "weather", "flights"].map(str::to_owned) {
///     rows.of([&table, "kept"]).add(1);
/// }
/// let flights = [("table", "flights"), ("outcome", "kept")];
/// assert_eq!(registry.collect().counter_with("rows", &flights), Some(2));
/// # Ok::<(), flowmeter::MetricError>(())
/// ```
pub struct Family<M, const N: usize> {
    core: Arc<Core<M, N>>,
}

struct Core<M, const N: usize> {
    template: Template<N>,
    hasher: RandomState,
    members: Kept<Member<M, N>>,
    by_text: ByHash,
    by_address: ByHash,
    /// The texts that were found by their addresses, and the metrics that they stand for.
    statics: Kept<([&'static str; N], M)>,
    adding: Mutex<Adding>,
}

/// Who adds something holds it: one at a time.
#[derive(Debug, Default)]
struct Adding {
    /// Whether it was logged that something was refused.
    is_told: bool,
    /// At how many members those are counted that were taken out.
    count_at: usize,
    /// Whether these were too many.
    is_full: bool,
}

/// How many handles of metrics that were taken out are kept, when these are counted.
const GONE: usize = 1_000;
/// How many texts are found by their addresses. A program has fewer, unless it leaks them.
const STATICS: usize = 10_000;

/// A metric, and the values of its labels.
struct Member<M, const N: usize> {
    /// One behind the other.
    text: Box<str>,
    ends: [u32; N],
    metric: M,
}

impl<M, const N: usize> Member<M, N> {
    fn new(values: [&str; N], metric: M) -> Member<M, N> {
        let mut end = 0;
        let ends = values.map(|value| {
            // Cannot be more: values have 1,024 bytes at most.
            end += value.len() as u32;
            end
        });
        Member { text: values.concat().into(), ends, metric }
    }

    #[inline]
    fn is(&self, values: &[&str; N]) -> bool {
        let mut rest = &*self.text;
        let mut start = 0;
        values.iter().zip(self.ends).all(|(value, end)| {
            let length = (end - start) as usize;
            start = end;
            let Some((own, after)) = rest.split_at_checked(length) else { return false };
            rest = after;
            own == *value
        })
    }
}

impl<M: Metric, const N: usize> Family<M, N> {
    pub(super) fn new(template: Template<N>) -> Family<M, N> {
        let core = Core {
            template,
            hasher: RandomState::default(),
            members: Kept::new(),
            by_text: ByHash::new(),
            by_address: ByHash::new(),
            statics: Kept::new(),
            adding: Mutex::default(),
        };
        Family { core: Arc::new(core) }
    }

    /// The metric whose labels have these values, in the order in which the family was given their names.
    #[inline]
    pub fn of(&self, values: [&str; N]) -> Found<'_, M> {
        let core = &*self.core;
        let hash = core.hash_of_texts(&values);
        match core.find(hash, &values) {
            Some((_, member)) if member.metric.is_registered() => Found::kept(&member.metric),
            _ => core.register(hash, values),
        }
    }

    /// As [`of`](Family::of), for texts that are part of the program: they are found by where they lie, without being
    /// read.
    #[inline]
    pub fn of_static(&self, values: [&'static str; N]) -> Found<'_, M> {
        let core = &*self.core;
        let hash = hash_of_addresses(&values);
        match core.find_static(hash, &values) {
            Some((_, metric)) if metric.is_registered() => Found::kept(metric),
            _ => core.note_static(hash, values),
        }
    }
}

impl<M: Metric, const N: usize> Core<M, N> {
    #[inline]
    fn hash_of_texts(&self, values: &[&str; N]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        // No separator is hashed: texts that hash alike are compared.
        values.iter().for_each(|value| hasher.write(value.as_bytes()));
        hasher.finish()
    }

    #[inline]
    fn find(&self, hash: u64, values: &[&str; N]) -> Option<(u32, &Member<M, N>)> {
        self.by_text.find(hash, |number| {
            let member = self.members.get(number).filter(|member| member.is(values));
            member.map(|member| (number, member))
        })
    }

    #[inline]
    fn find_static(&self, hash: u64, values: &[&'static str; N]) -> Option<(u32, &M)> {
        self.by_address.find(hash, |number| {
            let (own, metric) = self.statics.get(number)?;
            let is_it = own.iter().zip(values).all(|(own, value)| ptr::eq(*own, *value));
            is_it.then_some((number, metric))
        })
    }

    /// The metric, which is registered if it is not.
    #[cold]
    fn register(&self, hash: u64, values: [&str; N]) -> Found<'_, M> {
        // Before the lock is taken: with the registry, users' code may be dropped.
        let asked = self.template.ask::<M>(&values);
        let mut adding = self.adding.lock();
        let found = self.find(hash, &values);
        if let Some((_, member)) = found
            && member.metric.is_registered()
        {
            return Found::kept(&member.metric);
        }
        match asked {
            Ok((metric, is_of_these)) if is_of_these && self.has_room(&mut adding) => {
                let old = found.map(|(number, _)| number);
                self.keep(hash, Member::new(values, metric), old)
            }
            Ok((metric, _)) => Found::owned(metric),
            Err(why) => {
                let is_first = !mem::replace(&mut adding.is_told, true);
                drop(adding);
                // Whoever hears of it may ask here.
                if is_first {
                    log::refused(&format!("the family of `{}`", self.template.name()), &why);
                }
                Found::owned(M::disabled())
            }
        }
    }

    /// Whether one more metric can be kept: there are not too many that were taken out, and keep their cells. Now and
    /// then they are counted.
    fn has_room(&self, adding: &mut Adding) -> bool {
        let all = self.members.len();
        if all >= adding.count_at && !adding.is_full {
            let numbers = (0..all as u32).filter_map(|number| self.members.get(number));
            let gone = numbers.filter(|member| !member.metric.is_registered()).count();
            adding.is_full = gone >= GONE;
            adding.count_at = all + (all / 2).max(GONE);
        }
        !adding.is_full
    }

    fn keep(&self, hash: u64, member: Member<M, N>, old: Option<u32>) -> Found<'_, M> {
        let metric = member.metric.clone();
        let number = self.members.add(member).ok();
        let is_put = number.is_some_and(|number| self.by_text.put(hash, number, old));
        match number.filter(|_| is_put).and_then(|number| self.members.get(number)) {
            Some(member) => Found::kept(&member.metric),
            None => Found::owned(metric),
        }
    }

    /// The metric, which from now on is found by where these texts lie.
    #[cold]
    fn note_static(&self, hash: u64, values: [&'static str; N]) -> Found<'_, M> {
        let of_texts = self.hash_of_texts(&values);
        // One that is kept here, or else asks the registry anew.
        let found = match self.find(of_texts, &values) {
            Some((_, member)) if member.metric.is_registered() => Found::kept(&member.metric),
            _ => self.register(of_texts, values),
        };
        let _adding = self.adding.lock();
        if found.is_kept() && self.statics.len() < STATICS {
            let old = self.find_static(hash, &values).map(|(number, _)| number);
            if let Ok(number) = self.statics.add((values, found.handle())) {
                self.by_address.put(hash, number, old);
            }
        }
        found
    }
}

/// A hash of where texts lie: of products that do not wait for each other, whose sum is mixed. Nobody outside chooses
/// them.
#[inline]
fn hash_of_addresses<const N: usize>(values: &[&'static str; N]) -> u64 {
    let mut factor = FACTOR;
    let sum = values.iter().fold(0, |sum: u64, value| {
        let word = value.as_ptr().addr() as u64 ^ (value.len() as u64).rotate_right(16);
        let product = word.wrapping_mul(factor);
        factor = factor.wrapping_mul(FACTOR);
        sum.wrapping_add(product)
    });
    let mixed = u128::from(sum) * u128::from(FACTOR);
    mixed as u64 ^ (mixed >> 64) as u64
}

/// 2^64 by the golden ratio, whose multiples are spread evenly (Knuth, The Art of Computer Programming, 6.4).
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl<M, const N: usize> Clone for Family<M, N> {
    fn clone(&self) -> Self {
        Family { core: Arc::clone(&self.core) }
    }
}

impl<M, const N: usize> fmt::Debug for Family<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("template", &self.core.template).finish_non_exhaustive()
    }
}
