//! A task as its sides and its collectors share it, and the cut of it.

use super::attempt::{Attempt, AttemptView};
use super::block::{Block, Holds, Pen};
use super::custom::CustomCut;
use super::layout::{self, READER_CELLS, WRITER_CELLS};
use super::rare::{Rare, add_custom};
use super::run::{Look, Run};
use crate::clock::{Patience, Stamp};
use crate::communication::{Counters, Place, Side, State};
use crate::snapshot::{Rest, TaskSnapshot};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a collector tries to read a side whose writer is in mid-update: such a writer has lost
/// its processor, for an update itself takes nanoseconds.
const PATIENCE: Duration = Duration::from_millis(10);

/// A task: what its two sides write, and what is read of it, in one piece.
#[derive(Debug)]
pub(super) struct TaskCore {
    pub(super) attempt: Attempt,
    pub(super) id: u32,
    pub(super) group: u32,
    pub(super) name: OnceLock<Arc<str>>,
    rare: OnceLock<Box<Rare>>,
    pub(super) run: Arc<Run>,
    registered: Stamp,
    reader: Block<READER_CELLS>,
    writer: Block<WRITER_CELLS>,
}

/// The writing ends of both sides' counters.
#[derive(Debug)]
pub(super) struct Pens {
    pub(super) reader: Pen<TaskCore, READER_CELLS>,
    pub(super) writer: Pen<TaskCore, WRITER_CELLS>,
}

impl Holds<READER_CELLS> for TaskCore {
    #[inline]
    fn block(&self) -> &Block<READER_CELLS> {
        &self.reader
    }
}

impl Holds<WRITER_CELLS> for TaskCore {
    #[inline]
    fn block(&self) -> &Block<WRITER_CELLS> {
        &self.writer
    }
}

/// Both sides as of one moment: the writer side's instant, then the reader side's.
struct Cut {
    at: Stamp,
    counters: Counters,
    custom: [CustomCut; 2],
    stale: bool,
}

impl TaskCore {
    pub(super) fn new(run: Arc<Run>, group: u32, id: u32) -> TaskCore {
        TaskCore {
            attempt: Attempt::default(),
            id,
            group,
            name: OnceLock::new(),
            rare: OnceLock::new(),
            registered: run.clock.stamp(),
            run,
            reader: Block::new(),
            writer: Block::new(),
        }
    }

    /// One of its sides, as people are told of it.
    pub(super) fn place(&self, side: Side) -> Place {
        Place { group: self.group, task: self.id, name: self.name.get().cloned(), side }
    }

    /// What few tasks have; this one has it from now on.
    pub(super) fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    /// Both pens, for the start of the task; `None` if it was started before. (A task that is started
    /// again will need them back from the sides of its last attempt.)
    pub(super) fn take_pens(self: &Arc<Self>) -> Option<Pens> {
        let reader = Pen::take(Arc::clone(self))?;
        let writer = Pen::take(Arc::clone(self))?;
        Some(Pens { reader, writer })
    }

    /// The task as `look` finds it, if it has nothing that few have and can be read at once. Else what is
    /// given is [unread](TaskSnapshot::is_unread): to be thrown away, and the [whole](Self::whole_snapshot) asked for.
    ///
    /// The state is read before the counters are: a side that is done has counted everything.
    // As one piece that is thrown away, and not as an `Option`: so it is written once, to where it stays.
    #[inline]
    pub(super) fn plain_snapshot(&self, look: Look) -> TaskSnapshot {
        let attempt = self.attempt.view(look.stopping);
        // The writer side's cells stand still while the reader side's are read: both are of one instant.
        let ((task, reader_is_whole), writer_is_whole) = self.writer.try_read(|writer| {
            self.reader.try_read(|reader| {
                self.snapshot(&attempt, layout::counters(&reader, &writer, look.at.at), look.at)
            })
        });
        // Looked for afterwards: what is not there yet was not there at that instant.
        let is_plain = attempt.failure.is_none() && self.rare.get().is_none();
        let is_whole = reader_is_whole && writer_is_whole;
        if is_whole && is_plain && look.run_ended.is_none() { task } else { task.unread() }
    }

    /// The task as `look` finds it, with all that it may have. Where no cut can be made it is given as it
    /// was when it was `previous`ly read, as stale.
    pub(super) fn whole_snapshot(
        &self,
        look: Look,
        previous: Option<&TaskSnapshot>,
    ) -> TaskSnapshot {
        let attempt = self.attempt_at(look);
        let cut = self.cut(look, &mut Patience::new(PATIENCE));
        let Cut { at, counters, custom, stale } = cut.unwrap_or_else(|| self.last_cut(previous));
        let logged = previous.and_then(TaskSnapshot::rest).and_then(|rest| rest.logged.as_ref());
        let mut rest = Rest {
            error: attempt.failure.cloned(),
            logged: self.rare.get().and_then(|rare| rare.log.read(logged)),
            stale: u64::from(stale),
            ..Rest::default()
        };
        custom.into_iter().for_each(|custom| add_custom(&mut rest, custom));
        self.snapshot(&attempt, counters, at).with_rest(rest, previous)
    }

    fn attempt_at(&self, look: Look) -> AttemptView<'_> {
        let mut attempt = self.attempt.view(look.stopping);
        if let Some(at) = look.run_ended {
            attempt.ended = attempt.ended.or(Some(at));
            if !attempt.state.is_finished() {
                attempt.state = State::Killed;
            }
        }
        attempt
    }

    #[inline]
    fn snapshot(&self, attempt: &AttemptView<'_>, counters: Counters, at: Stamp) -> TaskSnapshot {
        let AttemptView { state, started, ended, .. } = *attempt;
        let name = self.name.get().cloned();
        TaskSnapshot::counted((self.id, name), state, [started, ended], counters, at)
    }

    /// A fresh cut of both sides, or `None` if a writer stays in mid-update.
    fn cut(&self, look: Look, patience: &mut Patience) -> Option<Cut> {
        // The writer side first: a record is counted as handed on before it can be received, so in
        // this order no record seems to arrive that was never sent.
        let (writer, writer_custom) = self.side_cut(&self.writer, Side::Writer, patience)?;
        let (reader, reader_custom) = self.side_cut(&self.reader, Side::Reader, patience)?;
        let counters = layout::counters(&reader, &writer, look.at.at);
        Some(Cut { at: look.at, counters, custom: [reader_custom, writer_custom], stale: false })
    }

    /// The cells and custom counters of a side as of one instant.
    fn side_cut<const N: usize>(
        &self,
        block: &Block<N>,
        side: Side,
        patience: &mut Patience,
    ) -> Option<([u64; N], CustomCut)> {
        let custom = || self.rare.get().map(|rare| rare.custom_cut(side)).unwrap_or_default();
        loop {
            match block.try_cut(custom) {
                None if patience.wait() => {}
                result => return result,
            }
        }
    }

    /// The whole cut that `previous` was made of; of a task that was never read, that of its beginning.
    fn last_cut(&self, previous: Option<&TaskSnapshot>) -> Cut {
        let counters = previous.map(|task| task.counters).unwrap_or_default();
        let at = previous.and_then(TaskSnapshot::oldest).unwrap_or(self.registered);
        let custom = previous.and_then(TaskSnapshot::rest).map(|rest| CustomCut {
            totals: rest.custom.iter().map(|(name, total)| (Arc::clone(name), *total)).collect(),
            overflow: rest.custom_overflow,
        });
        let custom = [custom.unwrap_or_default(), CustomCut::default()];
        Cut { at, counters, custom, stale: true }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{FILTERED, READ, RECEIVED};
    use super::super::log::About;
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use crate::communication::Amount;

    fn task(clock: Clock) -> (Arc<TaskCore>, Pens) {
        let run = Arc::new(Run::new("copy".into(), 1, clock));
        let task = Arc::new(TaskCore::new(run, 0, 0));
        let pens = task.take_pens().unwrap();
        (task, pens)
    }

    fn read(task: &TaskCore, previous: Option<&TaskSnapshot>) -> TaskSnapshot {
        task.whole_snapshot(task.run.look(), previous)
    }

    fn stale(task: &TaskSnapshot) -> u64 {
        task.communication().stale
    }

    #[test]
    fn a_task_takes_512_bytes() {
        // 128 for each side's block, and 256 for the rest: its state and when that began and ended, its name,
        // its run. A collection of very many tasks reads them all, so what few have is a pointer here.
        assert_eq!(size_of::<TaskCore>(), 512);
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
        reader.update(|_, cells| READ.add(&cells, 5, 50));
        writer.update(|_, cells| RECEIVED.add(&cells, 2, 20));
        let before = read(&task, None);
        assert_eq!(stale(&before), 0);

        manual.advance(Duration::from_secs(1));
        // The writer side is at rest, and what it has counted since is left out all the same.
        writer.update(|_, cells| RECEIVED.add(&cells, 1, 10));
        reader.update(|task, cells| {
            READ.add(&cells, 1, 10);
            let now = read(task, Some(&before));
            assert_eq!((stale(&now), now.counters), (1, before.counters));
            assert_eq!(now.oldest(), before.oldest());
            // The one before it is as good as it was.
            assert_eq!(read(task, Some(&now)), now);
            FILTERED.add(&cells, 1, 10);
        });

        let fresh = read(&task, Some(&before));
        assert_eq!((stale(&fresh), fresh.oldest()), (0, Some(manual.clock().stamp())));
        let Counters { reader, writer, .. } = fresh.counters;
        assert_eq!((reader.read, reader.filtered), (Amount::new(6, 60), Amount::new(1, 10)));
        assert_eq!(writer.received, Amount::new(3, 30));
    }

    #[test]
    fn a_writer_side_in_mid_update_makes_the_task_stale_too() {
        let manual = ManualClock::new();
        let (task, Pens { mut reader, mut writer }) = task(manual.clock());
        let registered = manual.clock().stamp();
        manual.advance(Duration::from_secs(1));
        reader.update(|_, cells| READ.add(&cells, 5, 50));
        writer.update(|task, cells| {
            RECEIVED.add(&cells, 1, 10);
            let now = read(task, None);
            assert_eq!((stale(&now), now.counters), (1, Counters::default()));
            assert_eq!(now.oldest(), Some(registered), "it has never been read");
        });
        assert_eq!(read(&task, None).counters.writer.received, Amount::new(1, 10));
    }

    #[test]
    fn custom_counters_are_of_the_instant_of_the_cut() {
        let (task, Pens { mut reader, writer: _writer }) = task(Clock::system());
        let mut custom = task.rare().custom(Side::Reader).pen();
        let pages = custom.cell("pages", &task.run.custom_names);
        let pages_in = |task: &TaskSnapshot| task.communication().custom.get("pages").copied();
        pages.add(1);
        custom.cell("", &task.run.custom_names).add(2);
        let before = read(&task, None);
        let pages = custom.cell("pages", &task.run.custom_names);
        reader.update(|task, _| {
            pages.add(3);
            let now = read(task, Some(&before));
            assert_eq!((stale(&now), pages_in(&now)), (1, Some(1)), "it is in mid-update");
            assert_eq!(now.communication().custom_overflow, 2);
        });
        assert_eq!(pages_in(&read(&task, None)), Some(4));
    }

    #[test]
    fn what_few_tasks_have_is_shared_while_it_does_not_change() {
        let (task, Pens { mut reader, writer: _writer }) = task(Clock::system());
        let say = |text: &str| {
            let Run { clock, room, .. } = &*task.run;
            task.rare().log.say(About::Message, (clock, room), (0, 0), "note", &text);
        };
        assert_eq!(read(&task, None).rest(), None);
        say("one");
        let one = read(&task, None);
        reader.update(|_, cells| READ.add(&cells, 1, 10));
        let same = read(&task, Some(&one));
        assert!(Arc::ptr_eq(one.rest().unwrap(), same.rest().unwrap()));

        say("two");
        let two = read(&task, Some(&same));
        assert_eq!(two.communication().messages.iter().len(), 2);
        let mut custom = task.rare().custom(Side::Reader).pen();
        custom.cell("pages", &task.run.custom_names).add(1);
        let counted = read(&task, Some(&two));
        assert_eq!(counted.communication().custom["pages"], 1);
        let logged = |task: &TaskSnapshot| task.rest().unwrap().logged.clone().unwrap();
        assert!(Arc::ptr_eq(&logged(&two), &logged(&counted)), "only the counter has changed");
    }

    /// Looks at its task while it is said, as a `Display` of a user may.
    struct Looks<'a>(&'a TaskCore, std::cell::OnceCell<TaskSnapshot>);

    impl std::fmt::Display for Looks<'_> {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let _ = self.1.set(read(self.0, None));
            Ok(())
        }
    }

    #[test]
    fn what_is_said_is_never_taken_for_what_was_said_before() {
        let (task, _pens) = task(Clock::system());
        let Run { clock, room, .. } = &*task.run;
        let say = |what: &dyn std::fmt::Display| {
            task.rare().log.say(About::Sample, (clock, room), (0, 0), "note", what);
        };
        let samples = |task: &TaskSnapshot| {
            let samples = task.communication().samples;
            (samples.iter().len(), samples.total())
        };
        let first = Looks(&task, std::cell::OnceCell::new());
        say(&first);
        let meanwhile = first.1.into_inner().unwrap();
        assert_eq!(samples(&meanwhile), (0, 1), "it is counted before it is kept");
        let mut last = read(&task, Some(&meanwhile));
        for said in 1..100 {
            assert_eq!(samples(&last), (said.min(50), said as u64));
            say(&"another");
            last = read(&task, Some(&last));
        }
    }
}
