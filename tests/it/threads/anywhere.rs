//! Counting wherever a handle may be: in destructors, in tasks that move between threads, without a registry.

use flowmeter::{Counter, Histogram, Registry};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

/// Counts when the thread-locals of its thread are destroyed.
struct Last(Counter, Histogram);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.add(100);
        self.1.record(100);
    }
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

#[test]
fn what_is_counted_in_the_destructor_of_a_thread_local_is_counted() {
    let registry = Registry::new();
    let counter = registry.counter("rows").unwrap();
    let histogram = registry.histogram("sizes").unwrap();
    let count = || {
        counter.add(1);
        histogram.record(1);
    };
    let leave_behind = || {
        let last = Last(counter.clone(), histogram.clone());
        LAST.with(|left| *left.borrow_mut() = Some(last));
    };
    // Its thread has counted before that destructor is known, or after, or has never counted.
    let orders: [[Option<&(dyn Fn() + Sync)>; 2]; 3] = [
        [Some(&count), Some(&leave_behind)],
        [Some(&leave_behind), Some(&count)],
        [Some(&leave_behind), None],
    ];
    for order in orders {
        // The join of the thread itself: the end of a scope does not wait for destructors.
        let work = || order.into_iter().flatten().for_each(|step| step());
        thread::scope(|scope| scope.spawn(work).join().unwrap());
    }
    let snapshot = registry.collect();
    assert_eq!((counter.value(), snapshot.counter("rows")), (302, Some(302)));
    let recorded = snapshot.histogram("sizes").unwrap();
    assert_eq!((recorded.count(), recorded.sum()), (5, 302));
    assert_eq!((recorded.min(), recorded.max()), (Some(1), Some(100)));
}

/// Is ready when it is asked for the second time.
#[derive(Default)]
struct Once {
    asked: bool,
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let asked = std::mem::replace(&mut self.asked, true);
        if asked { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[test]
fn a_task_that_is_polled_by_one_thread_after_the_other_counts_exactly() {
    const STEPS: u64 = 500;
    let rows = Counter::default();
    let counting = rows.clone();
    let mut task = Box::pin(async move {
        for _ in 0..STEPS {
            counting.inc();
            Once::default().await;
        }
    });
    let mut polls = 0;
    let mut is_done = false;
    while !is_done {
        let poll = || task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        is_done = thread::scope(|scope| scope.spawn(poll).join().unwrap());
        polls += 1;
        // What was counted before the task was moved is seen at once.
        assert_eq!(rows.value(), STEPS.min(polls));
    }
}

#[test]
fn handles_count_on_when_their_registry_is_dropped_and_no_other_one_sees_it() {
    let registry = Registry::new();
    let rows = registry.counter("rows").unwrap();
    let sizes = registry.histogram("sizes").unwrap();
    rows.add(1);
    drop(registry);
    let next = Registry::new();
    let next_rows = next.counter("rows").unwrap();
    thread::scope(|scope| {
        scope.spawn(|| rows.add(2));
        scope.spawn(|| sizes.record(7));
    });
    assert_eq!((rows.value(), sizes.snapshot().sum()), (3, 7));
    assert_eq!((next_rows.value(), next.collect().counter("rows")), (0, Some(0)));
}
