//! A network in memory: the test decides what each dial, each write and each read does, and no time passes.

use crossbeam_channel::{Receiver, Sender, unbounded};
use flowmeter::{Breaker, Clock, Connection, Moment};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io::{self, Error, ErrorKind, Read};
use std::sync::Arc;
use std::time::Duration;

/// What one write does; when there are no more steps, everything is accepted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Accept(usize),
    Fail(ErrorKind),
    /// Waits until the connection is broken off.
    Hang,
    /// Waits until the peer goes on, and accepts everything.
    Wait,
}

/// What one dial does.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Refuse,
    Accept(Vec<Step>),
    /// The peer does not end when we do.
    Stay,
    /// The peer ends when we do, and then there is an error.
    Fault,
    Panic,
}

/// The side of the test.
pub(super) struct Network {
    clock: Clock,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    dials: Arc<Mutex<Vec<Moment>>>,
    /// What was accepted, as soon as it is.
    pub(super) accepted: Receiver<Peer>,
    accept: Sender<Peer>,
}

/// What the peer says, or why it can't.
type Said = io::Result<Vec<u8>>;
/// When what was written.
type Writes = Vec<(Moment, Vec<u8>)>;

/// The other end of one connection.
#[derive(Clone)]
pub(super) struct Peer {
    held: Arc<Mutex<Writes>>,
    /// `None`: the peer has ended, or the connection was broken off.
    says: Arc<Mutex<Option<Sender<Said>>>>,
    /// One message for each write.
    pub(super) wrote: Receiver<()>,
    /// Ends one wait.
    pub(super) go_on: Sender<()>,
    /// One message when we shut our half.
    pub(super) shut: Receiver<()>,
    /// Disconnected when the connection was dropped.
    pub(super) gone: Receiver<()>,
}

struct Wire {
    clock: Clock,
    peer: Peer,
    steps: VecDeque<Step>,
    stays: bool,
    fault: bool,
    heard: Option<Receiver<Said>>,
    broken: (Option<Sender<()>>, Receiver<()>),
    wrote: Sender<()>,
    goes_on: Receiver<()>,
    shut: Sender<()>,
    _alive: Sender<()>,
}

struct Half {
    heard: Receiver<Said>,
}

impl Network {
    /// A network that refuses every dial for which no answer is given.
    pub(super) fn new(clock: Clock) -> Network {
        let (accept, accepted) = unbounded();
        Network { clock, answers: Arc::default(), dials: Arc::default(), accepted, accept }
    }

    pub(super) fn answer(&self, answer: Answer) {
        self.answers.lock().push_back(answer);
    }

    pub(super) fn accept_next(&self) {
        self.answer(Answer::Accept(Vec::new()));
    }

    pub(super) fn dialler(
        &self,
    ) -> impl FnMut(Duration) -> io::Result<Box<dyn Connection>> + Send + 'static {
        let (answers, dials) = (self.answers.clone(), self.dials.clone());
        let (accept, clock) = (self.accept.clone(), self.clock.clone());
        move |_within| {
            dials.lock().push(clock.now());
            let answer = answers.lock().pop_front();
            let wire = match answer.unwrap_or(Answer::Refuse) {
                Answer::Refuse => {
                    let text = "connection refused by the test";
                    return Err(Error::new(ErrorKind::ConnectionRefused, text));
                }
                Answer::Panic => panic!("no dialler"),
                Answer::Accept(steps) => Wire::new(&clock, steps),
                Answer::Stay => Wire { stays: true, ..Wire::new(&clock, Vec::new()) },
                Answer::Fault => Wire { fault: true, ..Wire::new(&clock, Vec::new()) },
            };
            accept.send(wire.peer.clone()).unwrap();
            Ok(Box::new(wire))
        }
    }

    /// When it was dialled so far.
    pub(super) fn dials(&self) -> Vec<Duration> {
        self.dials.lock().iter().map(|dial| dial.since(Moment::default())).collect()
    }

    /// The next connection.
    pub(super) fn peer(&self) -> Peer {
        self.accepted.recv().unwrap()
    }
}

impl Wire {
    fn new(clock: &Clock, steps: Vec<Step>) -> Wire {
        let (say, heard) = unbounded();
        let ((wrote, writes), (shut, shuts), (alive, gone)) =
            (unbounded(), unbounded(), unbounded());
        let ((breaking, broken), (go_on, goes_on)) = (unbounded(), unbounded());
        let says = Arc::new(Mutex::new(Some(say)));
        let peer = Peer { held: Arc::default(), says, wrote: writes, go_on, shut: shuts, gone };
        Wire {
            clock: clock.clone(),
            peer,
            steps: steps.into(),
            stays: false,
            fault: false,
            heard: Some(heard),
            broken: (Some(breaking), broken),
            wrote,
            goes_on,
            shut,
            _alive: alive,
        }
    }

    fn accept(&mut self, bytes: &[u8]) -> usize {
        self.peer.held.lock().push((self.clock.now(), bytes.to_vec()));
        let _ = self.wrote.send(());
        bytes.len()
    }
}

impl Connection for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.steps.pop_front() {
            None => Ok(self.accept(bytes)),
            Some(Step::Accept(most)) => Ok(self.accept(&bytes[..most.min(bytes.len())])),
            Some(Step::Fail(kind)) => Err(Error::from(kind)),
            Some(Step::Hang) => {
                let _ = self.wrote.send(());
                let _ = self.broken.1.recv();
                Err(Error::from(ErrorKind::BrokenPipe))
            }
            Some(Step::Wait) => {
                let _ = self.wrote.send(());
                let _ = self.goes_on.recv();
                Ok(self.accept(bytes))
            }
        }
    }

    fn reader(&mut self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Half { heard: self.heard.take().unwrap() }))
    }

    fn breaker(&mut self) -> io::Result<Breaker> {
        let (peer, broken) = (self.peer.clone(), Mutex::new(self.broken.0.take()));
        Ok(Arc::new(move || {
            peer.end();
            broken.lock().take();
        }))
    }

    fn shut(&mut self) -> io::Result<()> {
        let _ = self.shut.send(());
        if !self.stays {
            self.peer.end();
        }
        Ok(())
    }

    fn take_error(&mut self) -> io::Result<Option<Error>> {
        Ok(self.fault.then(|| Error::from(ErrorKind::ConnectionReset)))
    }

    fn local(&self) -> String {
        "memory".to_owned()
    }
}

impl Read for Half {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Ok(heard) = self.heard.recv() else { return Ok(0) };
        let bytes = heard?;
        into[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

impl Peer {
    /// Everything that was accepted.
    pub(super) fn text(&self) -> String {
        let held = self.held.lock();
        held.iter().map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap()).collect()
    }

    /// When what was accepted.
    pub(super) fn writes(&self) -> Vec<(Duration, String)> {
        let held = self.held.lock();
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
        held.iter().map(|(at, bytes)| (at.since(Moment::default()), text(bytes))).collect()
    }

    pub(super) fn say(&self, bytes: &[u8]) {
        if let Some(says) = &*self.says.lock() {
            says.send(Ok(bytes.to_vec())).unwrap();
        }
    }

    pub(super) fn reset(&self) {
        if let Some(says) = &*self.says.lock() {
            says.send(Err(Error::from(ErrorKind::ConnectionReset))).unwrap();
        }
    }

    pub(super) fn end(&self) {
        self.says.lock().take();
    }

    /// Returns when the connection was dropped.
    pub(super) fn wait_until_gone(&self) {
        assert!(self.gone.recv().is_err());
    }
}
