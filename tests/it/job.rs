//! The promises of a job: what starts and ends it and its tasks, and the states that follow.

mod corners;
mod drops;
mod endings;
mod ends;
mod start;
mod states;
mod steps;
mod stop;

use flowmeter::{Clock, Communication, Failure, Job, ReaderSide, Registry, Task, WriterSide};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A job whose one task has started.
pub(crate) struct Started {
    pub(crate) registry: Registry,
    pub(crate) job: Job,
    pub(crate) task: Task,
    pub(crate) reader: ReaderSide,
    pub(crate) writer: WriterSide,
}

impl Started {
    pub(crate) fn new() -> Started {
        Started::on(Clock::system())
    }

    pub(crate) fn on(clock: Clock) -> Started {
        let registry = Registry::builder().clock(clock).build();
        let job = registry.job("copy").unwrap();
        let task = job.task_group(0).task(0);
        let (reader, writer) = task.start().unwrap();
        Started { registry, job, task, reader, writer }
    }

    pub(crate) fn now(&self) -> Communication {
        self.task.snapshot().communication()
    }
}

/// Starts task `task` of group `group`.
pub(crate) fn start(job: &Job, group: u32, task: u32) -> (Task, ReaderSide, WriterSide) {
    let task = job.task_group(group).task(task);
    let (reader, writer) = task.start().unwrap();
    (task, reader, writer)
}

/// The failure that the task shows.
pub(crate) fn error_of(task: &Task) -> Failure {
    task.snapshot().communication().error.expect("the task shows no error")
}

/// Runs `f`, which panics, and goes on; the panic is not printed.
pub(crate) fn panics<T>(f: impl FnOnce() -> T) {
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "it did not panic");
}

/// A panic that nobody prints.
pub(crate) fn panic_quietly() -> ! {
    resume_unwind(Box::new("as planned"))
}
