//! The labels that a metric is asked for with.

use std::ops::Deref;

/// How many labels lie in place.
const FEW: usize = 6;

/// The name of a label, and its value.
pub(super) type Label<'a> = (&'a str, &'a str);

/// Labels, of which a few lie in place, so that to ask for a metric allocates nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels<'a> {
    few: [Label<'a>; FEW],
    /// How many of the few there are.
    count: usize,
    /// All, once there are more than a few.
    many: Vec<Label<'a>>,
}

impl<'a> Labels<'a> {
    /// These labels, sorted.
    pub(super) fn sorted(labels: &[Label<'a>]) -> Labels<'a> {
        let mut all = Labels::default();
        labels.iter().for_each(|label| all.push(*label));
        let Labels { few, count, many } = &mut all;
        let sorted = if many.is_empty() { &mut few[..*count] } else { many };
        sorted.sort_unstable();
        all
    }

    #[inline]
    pub(super) fn push(&mut self, label: Label<'a>) {
        match self.few.get_mut(self.count) {
            Some(free) => {
                *free = label;
                self.count += 1;
            }
            None => self.push_beyond(label),
        }
    }

    #[cold]
    fn push_beyond(&mut self, label: Label<'a>) {
        if self.many.is_empty() {
            self.many.extend(self.few);
        }
        self.many.push(label);
    }
}

impl<'a> Deref for Labels<'a> {
    type Target = [Label<'a>];

    #[inline]
    fn deref(&self) -> &[Label<'a>] {
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
            let all: Vec<Label<'_>> = texts[..count].iter().map(|text| (&**text, "")).collect();
            let backwards: Vec<_> = all.iter().rev().copied().collect();
            let mut labels = Labels::default();
            backwards.iter().for_each(|label| labels.push(*label));
            assert_eq!(*labels, backwards);
            assert_eq!(*Labels::sorted(&labels), all);
        }
    }
}
