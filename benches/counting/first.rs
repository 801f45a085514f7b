//! The rows of a thread's first count of all, which gets it the memory in which it counts.

use crate::measure::{Contest, Turn};
use crate::scale::Scale;
use crate::subject::alone;
use crate::table::FETCH_ADD;
use flowmeter::Counter;
use std::hint::black_box;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

const STARTED: &str = "a thread, started and joined";

pub(crate) fn measure(scale: Scale) {
    // First, while no thread has ended that has left its memory.
    let (counter, mut living) = (Counter::default(), Living::default());
    row(scale, "first count of a thread, in new memory", || living.first_of(&counter));
    assert_eq!(counter.value(), living.0.len() as u64);
    drop(living);
    let counter = Counter::default();
    row(scale, "first count of a thread, in an ended one's", || {
        thread::scope(|scope| scope.spawn(|| first(&counter)).join().unwrap())
    });
    assert_eq!(counter.value(), scale.turns as u64 + 1);
}

fn row(scale: Scale, title: &str, ours: impl FnMut() -> Turn) {
    Contest::new(title, "thread")
        .way("`Counter::add`, and the clock", ours)
        .way(FETCH_ADD, alone(scale))
        .way("the clock alone", || thread::scope(|scope| scope.spawn(nothing).join().unwrap()))
        .way(STARTED, started_and_joined)
        .run(scale.turns)
        .rows(STARTED, "");
}

/// What the calling thread's first count takes.
fn first(counter: &Counter) -> Turn {
    Turn::of(|| {
        black_box(counter).add(1);
        1
    })
}

fn nothing() -> Turn {
    Turn::of(|| 1)
}

fn started_and_joined() -> Turn {
    Turn::of(|| {
        thread::spawn(|| black_box(())).join().unwrap();
        1
    })
}

/// Threads that live until it is dropped, so that nobody gets their memory.
#[derive(Default)]
struct Living(Vec<(Sender<()>, JoinHandle<()>)>);

impl Living {
    /// What the first count of one more thread takes.
    fn first_of(&mut self, counter: &Counter) -> Turn {
        let (counter, (end, ended), (tell, told)) = (counter.clone(), channel(), channel());
        let thread = thread::spawn(move || {
            tell.send(first(&counter)).unwrap();
            // Until its sender is dropped.
            assert!(ended.recv().is_err());
        });
        self.0.push((end, thread));
        told.recv().unwrap()
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        for (end, thread) in self.0.drain(..) {
            drop(end);
            thread.join().unwrap();
        }
    }
}
