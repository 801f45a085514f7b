//! Why a job or a task can't be started.

use crate::communication::State;

/// Why a job or a task can't be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// A run of that name lives.
    #[error("job `{job}` can't be started: a run of that name lives; finish it first")]
    Lives {
        /// The job's name.
        job: String,
    },
    /// The name can't be shown or told apart.
    #[error("a job can't be named `{job}`: a name has 1 to 200 bytes and no control characters")]
    Name {
        /// The name, on one line.
        job: String,
    },
    /// The job has ended: nothing in it is started any more.
    #[error("a task of job `{job}` can't be started: the job has ended")]
    Ended {
        /// The job's name.
        job: String,
    },
    /// A side of the task's attempt lives.
    #[error(
        "task {task} of group {group} of job `{job}` can't be started: a side of it still lives"
    )]
    SideLives {
        /// The job's name.
        job: String,
        /// The task group's id.
        group: u32,
        /// The task's id.
        task: u32,
    },
    /// The task's attempt has ended; a task is started once.
    #[error(
        "task {task} of group {group} of job `{job}` can't be started again: it has ended as {state}"
    )]
    TaskEnded {
        /// The job's name.
        job: String,
        /// The task group's id.
        group: u32,
        /// The task's id.
        task: u32,
        /// How it ended.
        state: State,
    },
}
