//! Reading a histogram's cells: those of all threads added up, while these may go on.

use super::counts::Counts;
use super::snapshot::HistogramSnapshot;
use super::spans::{ABOVE, GREATEST, Head, LEAST, Spans};
use super::tally::{BLOCK, Block};
use crate::cells::{self, AtomicU64, Ordering, Sheet, fence};
use std::iter;
use std::ops::Range;

impl Spans {
    /// Counts are read first, so sum and extremes, read after them, cover at least those values. The sum may cover more,
    /// or miss a carry not yet stored; it is clamped to what the counts allow.
    pub(super) fn snapshot(&self) -> HistogramSnapshot {
        let buckets = self.buckets();
        let Some(used) = self.used() else { return HistogramSnapshot::empty(buckets) };
        let counts = self.counts(&used);
        let above = used.heads().map(|head| head.get(ABOVE)).fold(0, u64::saturating_add);
        // Each count was released after what is beside it: of whatever count was read, that is seen from here on.
        fence(Ordering::Acquire);
        if counts.is_empty() && above == 0 {
            return HistogramSnapshot::empty(buckets);
        }
        let sum = used.heads().map(Head::sum).fold(0, u128::saturating_add);
        let greatest = |cell| used.heads().map(|head| head.get(cell)).max().unwrap_or_default();
        let (min, max) = (!greatest(LEAST), greatest(GREATEST));
        let sum = u64::try_from(sum).unwrap_or(u64::MAX);
        HistogramSnapshot { buckets, counts, above, sum, min, max }.with_possible_sum()
    }

    fn used(&self) -> Option<Used> {
        let sheets = cells::sheets();
        let with_head = sheets.iter().filter_map(|sheet| Some((sheet, self.head(sheet)?)));
        let mut used = with_head.filter(|(_, head)| head.is_used());
        Some(Used { first: used.next()?, others: used.collect() })
    }

    fn counts(&self, used: &Used) -> Counts {
        if self.buckets().per_octave() < BLOCK as u32 {
            let each = self.runs().flat_map(|(buckets, cells)| buckets.zip(cells));
            return Counts::of(each.map(|(bucket, cell)| (bucket, used.count(cell))));
        }
        let blocks = self.runs().map(|(_, cells)| cells.len() / BLOCK).sum();
        let (mut firsts, mut sums) = (Vec::with_capacity(blocks), Vec::with_capacity(blocks));
        for (buckets, cells) in self.runs() {
            firsts.extend(buckets.step_by(BLOCK));
            used.add_up(cells, &mut sums);
        }
        Counts::of_blocks(firsts, sums)
    }
}

/// The sheets of threads that have recorded something: most threads know few histograms. One of them is apart: as a rule
/// there are no others, and nothing is allocated.
struct Used {
    first: (Sheet, Head<'static>),
    others: Vec<(Sheet, Head<'static>)>,
}

// Relaxed: once all counts are read, a fence follows.
impl Used {
    fn heads(&self) -> impl Iterator<Item = &Head<'static>> {
        iter::once(&self.first).chain(&self.others).map(|(_, head)| head)
    }

    /// Puts the sums of what is in these cells, whole blocks, behind the others.
    fn add_up(&self, cells: Range<usize>, sums: &mut Vec<Block>) {
        let before = sums.len();
        sums.resize(before + cells.len() / BLOCK, [0; BLOCK]);
        let sums = &mut sums[before..];
        // Nothing else is done in these loops, so that the processor has many lines of memory on their way at once.
        each(sums, blocks(self.first.0, &cells), |_, count| count);
        for (sheet, _) in &self.others {
            each(sums, blocks(sheet, &cells), u64::saturating_add);
        }
    }

    /// The sum of what is in this cell.
    fn count(&self, cell: usize) -> u64 {
        let sheets = iter::once(&self.first).chain(&self.others);
        let counts = sheets.map(|(sheet, _)| sheet[cell].load(Ordering::Relaxed));
        counts.fold(0, u64::saturating_add)
    }
}

/// These cells of a sheet, block by block: a sheet that has any has those of all numbers.
fn blocks(sheet: Sheet, cells: &Range<usize>) -> &'static [[AtomicU64; BLOCK]] {
    sheet[cells.clone()].as_chunks().0
}

/// Puts in the place of each sum what it gives with the count in its cell.
#[inline]
fn each(sums: &mut [Block], cells: &[[AtomicU64; BLOCK]], give: impl Fn(u64, u64) -> u64) {
    for (sum, cell) in sums.as_flattened_mut().iter_mut().zip(cells.as_flattened()) {
        *sum = give(*sum, cell.load(Ordering::Relaxed));
    }
}
