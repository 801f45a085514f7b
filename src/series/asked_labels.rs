//! The labels that a metric is asked for with.

use std::ops::Deref;

/// How many labels lie in place.
const FEW: usize = 6;

/// The name of a label, and its value.
pub(super) type AskedLabel<'a> = (&'a str, &'a str);

/// Labels, of which a few lie in place, so that to ask for a metric allocates nothing.
// No `SmallVec`: in version 1 it is invariant in the lifetimes of what it holds, which would narrow `MetricBuilder<'a>`.
#[derive(Clone, Debug, Default)]
pub(super) struct AskedLabels<'a> {
    few: [AskedLabel<'a>; FEW],
    /// How many of the few there are.
    count: usize,
    /// All, once there are more than a few.
    many: Vec<AskedLabel<'a>>,
}

impl<'a> AskedLabels<'a> {
    /// These labels, sorted.
    pub(super) fn sorted(labels: &[AskedLabel<'a>]) -> AskedLabels<'a> {
        let mut all = AskedLabels::default();
        labels.iter().for_each(|label| all.push(*label));
        let AskedLabels { few, count, many } = &mut all;
        let sorted = if many.is_empty() { &mut few[..*count] } else { many };
        sorted.sort_unstable();
        all
    }

    #[inline]
    pub(super) fn push(&mut self, label: AskedLabel<'a>) {
        match self.few.get_mut(self.count) {
            Some(free) => {
                *free = label;
                self.count += 1;
            }
            None => self.push_beyond(label),
        }
    }

    #[cold]
    fn push_beyond(&mut self, label: AskedLabel<'a>) {
        if self.many.is_empty() {
            self.many.extend(self.few);
        }
        self.many.push(label);
    }
}

impl<'a> Deref for AskedLabels<'a> {
    type Target = [AskedLabel<'a>];

    #[inline]
    fn deref(&self) -> &[AskedLabel<'a>] {
        if self.many.is_empty() { &self.few[..self.count] } else { &self.many }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_in_the_order_in_which_they_came_or_sorted() {
        let texts: Vec<String> = (0..2 * FEW).map(|n| format!("{n:02}")).collect();
        for count in 0..=texts.len() {
            let all: Vec<AskedLabel<'_>> =
                texts[..count].iter().map(|text| (&**text, "")).collect();
            let backwards: Vec<_> = all.iter().rev().copied().collect();
            let mut labels = AskedLabels::default();
            backwards.iter().for_each(|label| labels.push(*label));
            assert_eq!(*labels, backwards);
            assert_eq!(*AskedLabels::sorted(&labels), all);
        }
    }
}
