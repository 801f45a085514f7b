//! A task as its sides and its collectors share it, and the cut of it.

use super::attempt::{Attempt, AttemptView};
use super::block::{Pen, View, block};
use super::cells::{self, READER_CELLS, WRITER_CELLS};
use super::custom::{CustomCut, CustomPen, CustomView};
use super::log::Log;
use super::run::Run;
use crate::clock::{Patience, Stamp};
use crate::communication::{Communication, Counters, Place, Side, State};
use crate::snapshot::TaskSnapshot;
use parking_lot::Mutex;
use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a collector tries to read a side whose writer is in mid-update: such a writer has lost
/// its processor, for an update itself takes nanoseconds.
const PATIENCE: Duration = Duration::from_millis(10);

/// A task: what its two sides write, and what is read of it.
#[derive(Debug)]
pub(super) struct TaskCore {
    pub(super) run: Arc<Run>,
    pub(super) group: u32,
    pub(super) id: u32,
    pub(super) name: OnceLock<Arc<str>>,
    pub(super) attempt: Attempt,
    pub(super) log: Log,
    /// Taken by the start of the task, so that each block has one writer. (A task that is started
    /// again will need them back from the sides of its last attempt.)
    pens: Mutex<Option<Pens>>,
    reader: SideView<READER_CELLS>,
    writer: SideView<WRITER_CELLS>,
    /// The last cut that could be made.
    last_cut: Mutex<Cut>,
}

/// The writing ends of both sides' counters.
#[derive(Debug)]
pub(super) struct Pens {
    pub(super) reader: SidePen<READER_CELLS>,
    pub(super) writer: SidePen<WRITER_CELLS>,
}

/// The writing end of one side's counters.
#[derive(Debug)]
pub(super) struct SidePen<const N: usize> {
    pub(super) cells: Pen<N>,
    pub(super) custom: CustomPen,
}

#[derive(Debug)]
struct SideView<const N: usize> {
    cells: View<N>,
    custom: CustomView,
}

/// Both sides as of one moment: the writer side's instant, then the reader side's.
#[derive(Clone, Debug, Default)]
struct Cut {
    at: Stamp,
    counters: Counters,
    reader_custom: CustomCut,
    writer_custom: CustomCut,
}

fn side<const N: usize>() -> (SidePen<N>, SideView<N>) {
    let (pen, cells) = block();
    let custom = CustomView::default();
    (SidePen { cells: pen, custom: custom.pen() }, SideView { cells, custom })
}

impl<const N: usize> SideView<N> {
    /// The side's cells and custom counters as of one instant, or `None` if its writer stays in
    /// mid-update.
    fn cut(&self, patience: &mut Patience) -> Option<([u64; N], CustomCut)> {
        loop {
            match self.cells.try_cut(|| self.custom.read()) {
                None if patience.wait() => {}
                result => return result,
            }
        }
    }
}

impl TaskCore {
    pub(super) fn new(run: Arc<Run>, group: u32, id: u32) -> TaskCore {
        let (reader_pen, reader) = side();
        let (writer_pen, writer) = side();
        let last_cut = Cut { at: run.clock.stamp(), ..Cut::default() };
        TaskCore {
            run,
            group,
            id,
            name: OnceLock::new(),
            attempt: Attempt::default(),
            log: Log::default(),
            pens: Mutex::new(Some(Pens { reader: reader_pen, writer: writer_pen })),
            reader,
            writer,
            last_cut: Mutex::new(last_cut),
        }
    }

    /// One of its sides, as people are told of it.
    pub(super) fn place(&self, side: Side) -> Place {
        Place { group: self.group, task: self.id, name: self.name.get().cloned(), side }
    }

    pub(super) fn take_pens(&self) -> Option<Pens> {
        self.pens.lock().take()
    }

    /// The task now.
    pub(super) fn snapshot(&self) -> TaskSnapshot {
        self.snapshot_of(self.attempt.view(self.run.is_stopping()))
    }

    /// The task as it is if its job ends `at` this moment: killed, if it has not ended.
    pub(super) fn last_snapshot(&self, at: Stamp) -> TaskSnapshot {
        let mut attempt = self.attempt.view(false);
        if !attempt.state.is_finished() {
            attempt.state = State::Killed;
        }
        attempt.ended = attempt.ended.or(Some(at));
        self.snapshot_of(attempt)
    }

    /// The task with the state of `attempt`, which was read before the counters are: a side that is
    /// done has counted everything.
    fn snapshot_of(&self, attempt: AttemptView) -> TaskSnapshot {
        let (cut, stale) = self.cut();
        let mut communication = self.communication(attempt.state, cut);
        communication.error = attempt.failure;
        communication.stale = u64::from(stale);
        let mut task = TaskSnapshot::new(self.id, self.name.get().cloned(), communication);
        task.started = attempt.started;
        task.ended = attempt.ended;
        task
    }

    fn communication(&self, state: State, cut: Cut) -> Communication {
        let mut communication = Communication::of_task(state, cut.counters);
        for custom in [cut.reader_custom, cut.writer_custom] {
            for (name, total) in custom.totals {
                let sum = communication.custom.entry(name).or_default();
                *sum = sum.saturating_add(total);
            }
            let overflow = &mut communication.custom_overflow;
            *overflow = overflow.saturating_add(custom.overflow);
        }
        (communication.messages, communication.samples) = self.log.read();
        communication.oldest = Some(cut.at);
        communication
    }

    /// A fresh cut of both sides, or the whole previous one and true.
    fn cut(&self) -> (Cut, bool) {
        let last_cut = &mut *self.last_cut.lock();
        let fresh = self.fresh_cut(&mut Patience::new(PATIENCE));
        let stale = fresh.is_none();
        if let Some(cut) = fresh {
            *last_cut = cut;
        }
        (last_cut.clone(), stale)
    }

    fn fresh_cut(&self, patience: &mut Patience) -> Option<Cut> {
        let at = self.run.clock.stamp();
        // A wait that ends takes its time after making its sequence odd: a cut that sees it going
        // on can't be credited with more than will be booked, so waited time never goes down.
        fence(Ordering::SeqCst);
        // The writer side first: a record is counted as handed on before it can be received, so in
        // this order no record seems to arrive that was never sent.
        let (writer, writer_custom) = self.writer.cut(patience)?;
        let (reader, reader_custom) = self.reader.cut(patience)?;
        let counters = Counters {
            reader: cells::reader_counters(&reader, at.at),
            writer: cells::writer_counters(&writer, at.at),
        };
        Some(Cut { at, counters, reader_custom, writer_custom })
    }
}

#[cfg(test)]
mod tests {
    use super::super::cells::{FILTERED, READ, RECEIVED};
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use crate::communication::Amount;

    fn task(clock: Clock) -> (TaskCore, Pens) {
        let run = Arc::new(Run::new("copy".into(), 1, clock));
        let task = TaskCore::new(run, 0, 0);
        let pens = task.take_pens().unwrap();
        (task, pens)
    }

    #[test]
    fn a_task_has_one_pair_of_pens() {
        let (task, _pens) = task(Clock::system());
        assert!(task.take_pens().is_none());
    }

    #[test]
    fn a_side_that_stays_in_mid_update_leaves_the_whole_previous_cut_and_the_next_is_fresh() {
        let manual = ManualClock::new();
        let (task, Pens { mut reader, mut writer }) = task(manual.clock());
        reader.cells.update(|cells| READ.add(&cells, 5, 50));
        writer.cells.update(|cells| RECEIVED.add(&cells, 2, 20));
        let before = task.snapshot();
        assert_eq!(before.communication.stale, 0);

        manual.advance(Duration::from_secs(1));
        // The writer side is at rest, and what it has counted since is left out all the same.
        writer.cells.update(|cells| RECEIVED.add(&cells, 1, 10));
        reader.cells.update(|cells| {
            READ.add(&cells, 1, 10);
            let stale = task.snapshot();
            assert_eq!(stale.communication.stale, 1);
            assert_eq!(stale.communication.counters, before.communication.counters);
            assert_eq!(stale.communication.oldest, before.communication.oldest);
            // The one before it is as good as it was.
            assert_eq!(task.snapshot(), stale);
            FILTERED.add(&cells, 1, 10);
        });

        let fresh = task.snapshot();
        assert_eq!(fresh.communication.stale, 0);
        assert_eq!(fresh.communication.oldest, Some(manual.clock().stamp()));
        let counters = fresh.communication.counters;
        assert_eq!(counters.reader.read, Amount::new(6, 60));
        assert_eq!(counters.reader.filtered, Amount::new(1, 10));
        assert_eq!(counters.writer.received, Amount::new(3, 30));
    }

    #[test]
    fn a_writer_side_in_mid_update_makes_the_task_stale_too() {
        let (task, Pens { mut reader, mut writer }) = task(Clock::system());
        reader.cells.update(|cells| READ.add(&cells, 5, 50));
        writer.cells.update(|cells| {
            RECEIVED.add(&cells, 1, 10);
            let stale = task.snapshot().communication;
            assert_eq!((stale.stale, stale.counters), (1, Counters::default()));
        });
        assert_eq!(task.snapshot().communication.counters.writer.received, Amount::new(1, 10));
    }

    #[test]
    fn custom_counters_are_of_the_instant_of_the_cut() {
        let (task, Pens { mut reader, writer: _writer }) = task(Clock::system());
        let SidePen { cells, custom } = &mut reader;
        let pages = custom.cell("pages", &task.run.custom_names);
        cells.update(|_| {
            pages.add(3);
            assert!(task.snapshot().communication.custom.is_empty(), "it is in mid-update");
        });
        assert_eq!(task.snapshot().communication.custom["pages"], 3);
    }
}
