//! A clock that a test moves by hand, in step with the threads that wait on it.

use super::moment::{Moment, Stamp, wall_after};
use crossbeam_channel::{Receiver, RecvTimeoutError, Select, Sender, TryRecvError, bounded};
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SECONDS_FROM_1970_TO_2000: u64 = 946_684_800;

/// A clock that a test owns: time stands still until it is advanced.
///
/// It starts at its origin, with the wall at 2000-01-01T00:00:00Z. Clones move the same time.
///
/// ```
/// use std::thread;
/// use std::time::Duration;
///
/// let manual = flowmeter::ManualClock::new();
/// let clock = manual.clock();
/// let mut waiter = clock.waiter();
/// let worker = thread::spawn(move || {
///     let deadline = clock.now() + Duration::from_secs(60);
///     let nothing = crossbeam_channel::never::<()>();
///     assert!(waiter.recv_deadline(&nothing, deadline).is_err());
///     assert_eq!(clock.now(), deadline);
/// });
/// manual.advance(Duration::from_secs(3600));
/// worker.join().unwrap();
/// ```
#[derive(Clone, Default)]
pub struct ManualClock {
    shared: Arc<Shared>,
}

// One rule keeps the order: time moves only while no waiter is awake. Whoever waits is in `parked`,
// everyone else is counted in `awake`, and both change under one lock. A waiter leaves its message
// in the channel until it is counted as awake again, so at each instant either the channel shows
// that there is work, or the count does.
#[derive(Default)]
struct Shared {
    // Written only under the lock of `state`, which a waiter takes before it works again. Relaxed:
    // it orders nothing else.
    now: AtomicU64,
    state: Mutex<State>,
    // No waiter is awake any more.
    settled: Condvar,
    // Held through a whole advance: of two at once, the second begins where the first ended.
    turn: Mutex<()>,
}

struct State {
    // What the wall showed at a moment, from which it goes on with the monotonic time.
    wall: (SystemTime, Moment),
    awake: usize,
    // By deadline, then by the order in which they began to wait.
    parked: BTreeMap<(Moment, u64), Parked>,
    waits: u64,
}

/// What an advance knows of a waiter that waits.
struct Parked {
    // Empty while its waiter is parked, so that a send never waits.
    wake: Sender<()>,
    // Holds a clone of the waiter's channel. It is dropped before the wait returns, which borrows
    // the original: senders never see the channel connected for longer than it is.
    has_work: Box<dyn Fn() -> bool + Send>,
}

impl ManualClock {
    /// A clock at its origin, with the wall at 2000-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the monotonic time and the wall forward together, and with them all that wait.
    ///
    /// Waiters are woken in the order of their deadlines, those of one deadline in the order in
    /// which they began to wait. Each finds `now` exactly at its deadline for as long as it works,
    /// and the next is woken only when every waiter waits again or was dropped. So does the call
    /// return. Time never overtakes a thread that is working: a waiter that has not waited yet, or
    /// whose channel holds a message or is disconnected, is first left to come back, before time
    /// moves at all. Zero only waits for that. What other threads send meanwhile is received, at
    /// one moment or another.
    ///
    /// Of two threads that advance at once, one goes after the other. A thread that advances while
    /// it holds a [`Waiter`](crate::Waiter) of this clock, or whose waiters can't come back before
    /// it does something else, waits for ever.
    pub fn advance(&self, by: Duration) {
        let shared = &*self.shared;
        let _turn = shared.turn.lock();
        let mut state = shared.state.lock();
        let until = self.now() + by;
        shared.settle(&mut state);
        while let Some(deadline) = state.wake_next(until) {
            shared.set_now(deadline);
            shared.settle(&mut state);
        }
        shared.set_now(until);
    }

    /// Steps the wall, forward or backwards; the monotonic time stays, and nobody is woken.
    pub fn set_wall(&self, wall: SystemTime) {
        let mut state = self.shared.state.lock();
        state.wall = (wall, self.now());
    }

    pub(super) fn now(&self) -> Moment {
        Moment::from_nanos(self.shared.now.load(Ordering::Relaxed))
    }

    pub(super) fn wall(&self) -> SystemTime {
        self.shared.state.lock().wall_at(self.now())
    }

    pub(super) fn stamp(&self) -> Stamp {
        let state = self.shared.state.lock();
        Stamp::of(self.now(), state.wall_at(self.now()))
    }

    pub(super) fn waiter(&self) -> ManualWaiter {
        self.shared.state.lock().awake += 1;
        let (wake, woken) = bounded(1);
        ManualWaiter { clock: self.clone(), wake, woken }
    }
}

/// Shows `now` only: the rest is behind a lock.
impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl Shared {
    fn set_now(&self, now: Moment) {
        self.now.store(now.as_nanos(), Ordering::Relaxed);
    }

    // Returns, with the lock held, when every waiter waits and has nothing to work on.
    fn settle(&self, state: &mut MutexGuard<'_, State>) {
        loop {
            while state.awake > 0 {
                self.settled.wait(state);
            }
            if !state.wake_those_with_work() {
                return;
            }
        }
    }

    fn fall_asleep(&self, state: &mut State) {
        state.awake -= 1;
        if state.awake == 0 {
            self.settled.notify_one();
        }
    }
}

impl State {
    fn wall_at(&self, now: Moment) -> SystemTime {
        let (wall, set_at) = self.wall;
        wall_after(wall, now.since(set_at))
    }

    // They wake by themselves too. But if another receiver takes the message first, they don't, and
    // an advance would wait for somebody who never comes.
    fn wake_those_with_work(&mut self) -> bool {
        let before = self.parked.len();
        self.parked.retain(|_, parked| {
            let has_work = (parked.has_work)();
            if has_work {
                parked.wake();
            }
            !has_work
        });
        let woken = before - self.parked.len();
        self.awake += woken;
        woken > 0
    }

    fn wake_next(&mut self, until: Moment) -> Option<Moment> {
        let entry = self.parked.first_entry()?;
        let (deadline, _) = *entry.key();
        if deadline > until || deadline == Moment::LAST {
            return None;
        }
        entry.remove().wake();
        self.awake += 1;
        Some(deadline)
    }
}

impl Default for State {
    fn default() -> Self {
        let wall = UNIX_EPOCH + Duration::from_secs(SECONDS_FROM_1970_TO_2000);
        State { wall: (wall, Moment::default()), awake: 0, parked: BTreeMap::new(), waits: 0 }
    }
}

impl Parked {
    // A call to look again, for a message and at the time.
    fn wake(&self) {
        let _ = self.wake.try_send(());
    }
}

/// The manual clock's side of a `Waiter`.
#[derive(Debug)]
pub(super) struct ManualWaiter {
    clock: ManualClock,
    wake: Sender<()>,
    woken: Receiver<()>,
}

impl ManualWaiter {
    pub(super) fn recv_deadline<T: Send + 'static>(
        &mut self,
        channel: &Receiver<T>,
        deadline: Moment,
    ) -> Result<T, RecvTimeoutError> {
        let place = (deadline, self.next_wait());
        loop {
            match channel.try_recv() {
                Ok(message) => return Ok(message),
                Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                Err(TryRecvError::Empty) => {}
            }
            // No lock: while this waiter is awake, time stands still.
            if deadline <= self.clock.now() && deadline != Moment::LAST {
                return Err(RecvTimeoutError::Timeout);
            }
            self.park(place, channel);
            self.wait_for_either(channel);
            self.unpark(place);
        }
    }

    fn next_wait(&self) -> u64 {
        let mut state = self.clock.shared.state.lock();
        state.waits += 1;
        state.waits
    }

    fn park<T: Send + 'static>(&self, place: (Moment, u64), channel: &Receiver<T>) {
        let channel = channel.clone();
        let has_work = Box::new(move || has_work(&channel));
        let parked = Parked { wake: self.wake.clone(), has_work };
        let shared = &*self.clock.shared;
        let mut state = shared.state.lock();
        state.parked.insert(place, parked);
        shared.fall_asleep(&mut state);
    }

    // Takes nothing: a message that left its channel while its waiter counts as parked would be
    // invisible to an advance, which would then overtake it.
    fn wait_for_either<T>(&self, channel: &Receiver<T>) {
        let mut either = Select::new();
        either.recv(channel);
        either.recv(&self.woken);
        either.ready();
    }

    fn unpark(&self, place: (Moment, u64)) {
        let mut state = self.clock.shared.state.lock();
        if state.parked.remove(&place).is_some() {
            state.awake += 1;
        } else {
            // An advance was first, and has counted and called; the call has done its work.
            let _ = self.woken.try_recv();
        }
    }
}

impl Drop for ManualWaiter {
    fn drop(&mut self) {
        let shared = &*self.clock.shared;
        shared.fall_asleep(&mut shared.state.lock());
    }
}

// `is_empty` alone would not see a channel that is disconnected.
fn has_work<T>(channel: &Receiver<T>) -> bool {
    let mut select = Select::new();
    select.recv(channel);
    select.try_ready().is_ok()
}
