//! States step by step: after each single act the task, its group and its job are in the state
//! that a plain model gives, and have come there along an edge.

use flowmeter::{Job, ReaderSide, Registry, State, Task, WriterSide};
use proptest::collection::vec;
use proptest::prelude::*;

const TASKS: usize = 4;

/// What happens next, to one of the tasks.
#[derive(Clone, Copy, Debug)]
enum Act {
    Register,
    Start,
    Reader(Way),
    Writer(Way),
    Stop,
}

/// How a side ends.
#[derive(Clone, Copy, Debug)]
enum Way {
    Done,
    DoneAfterLooking,
    Fail,
    Drop,
}

fn act() -> impl Strategy<Value = Act> {
    let way = prop_oneof![
        4 => Just(Way::Done),
        2 => Just(Way::DoneAfterLooking),
        1 => Just(Way::Fail),
        1 => Just(Way::Drop)
    ];
    prop_oneof![
        3 => Just(Act::Register),
        6 => Just(Act::Start),
        6 => way.clone().prop_map(Act::Reader),
        6 => way.prop_map(Act::Writer),
        1 => Just(Act::Stop),
    ]
}

/// How the model remembers a side.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Lives,
    Done,
    Killed,
    Failed,
}

/// A task, with its sides while they live, and the model of it.
struct Modelled {
    task: Task,
    reader: Option<ReaderSide>,
    writer: Option<WriterSide>,
    /// The two sides, once started.
    model: Option<[Side; 2]>,
    seen: State,
}

impl Modelled {
    fn register(job: &Job, id: u32) -> Modelled {
        let task = job.task_group(id % 2).task(id);
        Modelled { task, reader: None, writer: None, model: None, seen: State::Waiting }
    }

    fn start(&mut self) {
        if let Ok((reader, writer)) = self.task.start() {
            assert_eq!(self.model, None, "started twice");
            self.model = Some([Side::Lives; 2]);
            (self.reader, self.writer) = (Some(reader), Some(writer));
        }
    }

    fn end_reader(&mut self, way: Way, stopping: bool) {
        let Some(mut side) = self.reader.take() else { return };
        let looked = matches!(way, Way::DoneAfterLooking) && side.stopping();
        match way {
            Way::Fail => side.fail("on purpose"),
            Way::Drop => drop(side),
            Way::Done | Way::DoneAfterLooking => side.done().unwrap(),
        }
        self.note(0, way, looked && stopping);
    }

    fn end_writer(&mut self, way: Way, stopping: bool) {
        let Some(mut side) = self.writer.take() else { return };
        let looked = matches!(way, Way::DoneAfterLooking) && side.stopping();
        match way {
            Way::Fail => side.fail("on purpose"),
            Way::Drop => drop(side),
            Way::Done | Way::DoneAfterLooking => side.done(),
        }
        self.note(1, way, looked && stopping);
    }

    fn note(&mut self, side: usize, way: Way, saw_stop: bool) {
        self.model.as_mut().unwrap()[side] = match way {
            Way::Fail | Way::Drop => Side::Failed,
            Way::Done | Way::DoneAfterLooking if saw_stop => Side::Killed,
            Way::Done | Way::DoneAfterLooking => Side::Done,
        };
    }

    fn expected(&self, stopping: bool) -> State {
        match self.model {
            None => State::Waiting,
            Some(sides) if sides.contains(&Side::Failed) => State::Failed,
            Some([Side::Done, Side::Done]) => State::Succeeded,
            Some(sides) if !sides.contains(&Side::Lives) => State::Killed,
            Some(_) if stopping => State::Killing,
            Some(_) => State::Running,
        }
    }

    fn check(&mut self, stopping: bool) -> State {
        let state = self.task.state();
        assert_eq!(state, self.expected(stopping), "{:?}, stopping: {stopping}", self.model);
        assert_eq!(self.task.snapshot().communication().state(), Some(state));
        assert_eq!(self.task.snapshot().communication().error.is_some(), state == State::Failed);
        check_edge(&mut self.seen, state);
        state
    }
}

fn check_edge(seen: &mut State, state: State) {
    assert!(*seen == state || seen.may_become(state), "from {seen} to {state}");
    *seen = state;
}

/// What a job is doing that has `tasks`, by the words of its documentation.
fn job_state(tasks: &[State], stopping: bool) -> State {
    let any = |state| tasks.contains(&state);
    if any(State::Failed) {
        State::Failed
    } else if stopping || any(State::Killed) {
        State::Killing
    } else if tasks.is_empty() {
        State::Submitting
    } else if tasks.iter().all(|&state| state == State::Waiting) {
        State::Waiting
    } else {
        State::Running
    }
}

fn check_progress(progress: f64, tasks: &[State]) {
    let succeeded = tasks.iter().filter(|&&state| state == State::Succeeded).count();
    let expected = if tasks.is_empty() { 0.0 } else { succeeded as f64 / tasks.len() as f64 };
    assert_eq!(progress, expected.min(0.9999));
}

fn plays(acts: &[(usize, Act)]) {
    let registry = Registry::new();
    let job = registry.job("copy").unwrap();
    let mut tasks: [Option<Modelled>; TASKS] = Default::default();
    let (mut stopping, mut seen) = (false, State::Submitting);
    for &(id, act) in acts {
        let task = &mut tasks[id];
        match (act, task) {
            (Act::Register, place) => {
                let _ = place.get_or_insert_with(|| Modelled::register(&job, id as u32));
            }
            (Act::Start, Some(task)) => task.start(),
            (Act::Reader(way), Some(task)) => task.end_reader(way, stopping),
            (Act::Writer(way), Some(task)) => task.end_writer(way, stopping),
            (Act::Stop, _) => {
                job.stop("enough");
                stopping = true;
            }
            (_, None) => {}
        }
        let states: Vec<_> = tasks.iter_mut().flatten().map(|task| task.check(stopping)).collect();
        let snapshot = job.snapshot();
        assert_eq!(snapshot.state, job_state(&states, stopping), "{states:?}");
        check_edge(&mut seen, snapshot.state);
        check_progress(snapshot.completion(), &states);
        assert_eq!(snapshot.error().is_some(), stopping || snapshot.state == State::Failed);
    }
    let done = tasks.iter().flatten().all(|task| task.expected(stopping) == State::Succeeded);
    let report = job.finish();
    assert_eq!(report.state(), if done { State::Succeeded } else { State::Failed });
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn after_each_step_task_and_job_are_in_the_state_that_follows(
        acts in vec((0..TASKS, act()), 0..40),
    ) {
        plays(&acts);
    }
}
