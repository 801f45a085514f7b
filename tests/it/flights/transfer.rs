//! `flights --transfer`: who listens gets every line, and whoever does not changes nothing.

use super::{Ended, Place, interrupt, january, many_months};
use flowmeter::{Point, State};
use socket2::{Domain, Socket, Type};
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};

const HERE: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// An address that refuses everybody for as long as the socket lives: it is taken, and nobody listens.
fn refusing() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(HERE).into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap().to_string();
    (socket, address)
}

fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind(HERE).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// The points of all lines, each of which is whole.
fn points(text: &str) -> Vec<Point> {
    assert!(text.ends_with('\n'), "the last line has no end");
    text.lines().map(|line| Point::from_line(line).unwrap()).collect()
}

/// The values of a metric, as they came.
fn values(points: &[Point], metric: &str) -> Vec<u64> {
    let points = points.iter().filter(|point| point.metric == metric);
    points.map(|point| point.value.as_u64().unwrap()).collect()
}

fn told_last(points: &[Point], metric: &str) -> Option<u64> {
    values(points, metric).pop()
}

fn code(state: State) -> Option<u64> {
    Some(u64::from(state.code()))
}

/// It has complained of the transfer in one sentence, and did everything as it does without one.
#[track_caller]
fn only_the_transfer_failed(ended: Ended, address: &str) -> Ended {
    let sentence = ended.complaint.strip_suffix('\n').expect("one whole line");
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    let begin = format!("flights: the transfer {address} did not get everything: ");
    assert!(sentence.starts_with(&begin), "{sentence}");
    Ended { complaint: String::new(), ..ended }
}

#[test]
fn a_listener_gets_every_line_up_to_the_last_report() {
    let (listener, address) = listener();
    let listening = thread::spawn(move || io::read_to_string(listener.accept().unwrap().0));
    let place = Place::new();
    let options = ["--transfer", &address, "--report-every", "0.05"];
    // It complains of nothing: no line is unsent or unconfirmed.
    place.copy(&january(), &options).succeeded(&place.output());
    let points = points(&listening.join().unwrap().unwrap());
    let committed = values(&points, "job.committed.records");
    assert!(committed.is_sorted(), "{committed:?}");
    assert_eq!(committed.last(), Some(&26_398));
    assert_eq!(told_last(&points, "job.state"), code(State::Succeeded));
    let states = values(&points, "job.state");
    assert_eq!(states.len(), committed.len());
    let ends = states.iter().filter(|&&state| Some(state) == code(State::Succeeded)).count();
    assert_eq!(ends, 1, "the run is final in one report: {states:?}");
}

#[test]
fn a_transfer_that_is_not_there_is_told_in_one_sentence_and_changes_nothing() {
    let (_socket, address) = refusing();
    let place = Place::new();
    let ended = place.copy(&january(), &["--transfer", &address]);
    assert!(ended.complaint.contains(" lines were not sent: "), "{ended:?}");
    only_the_transfer_failed(ended, &address).succeeded(&place.output());
}

#[test]
fn a_transfer_that_is_not_there_does_not_hide_why_the_job_failed() {
    let (_socket, address) = refusing();
    let place = Place::new();
    let ended = place.copy(&january(), &["--error-limit", "84", "--transfer", &address]);
    let why = "more than 84 records failed: the error limit";
    only_the_transfer_failed(ended, &address).failed(why, &place.output());
}

#[test]
fn an_address_that_is_none_is_a_transfer_that_is_not_there() {
    for address in ["nowhere", "", "127.0.0.1:port", "127.0.0.1:99999"] {
        let place = Place::new();
        let ended = place.copy_rows::<&str>(&[], &["--transfer", address]);
        let ended = only_the_transfer_failed(ended, address);
        assert_eq!((ended.code, ended.records("read")), (Some(0), 0));
    }
}

/// The connection is made by the system, and nobody ever takes it. This takes the 5 seconds that the end
/// waits for the transfer.
#[test]
fn a_transfer_that_never_reads_is_left_behind_and_changes_nothing() {
    let (_listener, address) = listener();
    let place = Place::new();
    let options = ["--transfer", &address, "--report-every", "0.01"];
    let ended = place.copy(&january(), &options);
    only_the_transfer_failed(ended, &address).succeeded(&place.output());
}

#[test]
fn where_nobody_reads_what_it_complains_of_the_job_ends_as_it_would() {
    let (_socket, address) = refusing();
    let place = Place::new();
    let mut command = place.command(place.args_to_copy(&january(), &["--transfer", &address]));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    Ended::of(child.wait_with_output().unwrap()).succeeded(&place.output());
}

/// The example, copying many months: it is not done before it is interrupted.
#[cfg(unix)]
fn start(place: &Place, address: &str) -> Child {
    let input = many_months(place);
    let mut command = place.command(place.args_to_copy(&input, &["--transfer", address]));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
#[cfg(unix)]
fn the_transfer_is_told_last_that_ctrl_c_killed_the_job() {
    let (listener, address) = listener();
    let place = Place::new();
    let child = start(&place, &address);
    let mut peer = BufReader::new(listener.accept().unwrap().0);
    let mut received = String::new();
    peer.read_line(&mut received).unwrap();
    interrupt(&child);
    let reading = thread::spawn(move || peer.read_to_string(&mut received).map(|_| received));
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(143), ""), "{ended:?}");
    ended.ended("killed", &place.output());
    let points = points(&reading.join().unwrap().unwrap());
    assert_eq!(told_last(&points, "job.state"), code(State::Killed));
    let committed = told_last(&points, "job.committed.records");
    assert_eq!(committed, Some(ended.records("committed")));
}

/// `nc`, listening.
#[cfg(unix)]
struct Nc {
    process: Child,
    first_line: Receiver<()>,
    all: JoinHandle<String>,
}

#[cfg(unix)]
impl Nc {
    fn listen(port: &str) -> Nc {
        let mut nc = Command::new("nc");
        nc.args(["-l", "127.0.0.1", port]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = nc.spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let (came, first_line) = channel();
        let all = thread::spawn(move || {
            let mut text = String::new();
            out.read_line(&mut text).unwrap();
            came.send(()).unwrap();
            out.read_to_string(&mut text).unwrap();
            text
        });
        Nc { process, first_line, all }
    }

    /// Waits for its end; what it has received.
    fn ended(mut self) -> String {
        self.process.wait().unwrap();
        self.all.join().unwrap()
    }

    /// Kills it as soon as it has received a line; the whole lines that it has received.
    fn killed(mut self) -> String {
        self.first_line.recv().unwrap();
        self.process.kill().unwrap();
        let mut text = self.ended();
        text.truncate(text.rfind('\n').unwrap() + 1);
        text
    }
}

/// Which of the transfer's reports these points are of.
#[cfg(unix)]
fn reports(points: &[Point]) -> Vec<u64> {
    let of_transfer = |point: &&Point| point.tag.contains(&"reporter=transfer".to_owned());
    let points: Vec<_> = points.iter().filter(of_transfer).cloned().collect();
    values(&points, "flowmeter.reporter.sent")
}

/// It begins when nobody listens, is killed twice, and is there again. Two things are up to the machine: no
/// other program may take the port before `nc` does, and how often the job has dialled by then.
#[test]
#[cfg(unix)]
fn nc_may_come_late_and_be_killed_and_no_line_is_torn_or_there_twice() {
    let help = Command::new("nc").arg("-h").output();
    if !help.is_ok_and(|help| String::from_utf8_lossy(&help.stderr).contains("OpenBSD")) {
        eprintln!("skipped: there is no OpenBSD nc here");
        return;
    }
    let (free, address) = listener();
    drop(free);
    let (_, port) = address.split_once(':').unwrap();
    let place = Place::new();
    let mut child = start(&place, &address);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    out.read_line(&mut printed).unwrap();
    // The job is under way, and there is nobody to send to.
    let mut received = Nc::listen(port).killed();
    received += &Nc::listen(port).killed();
    let nc = Nc::listen(port);
    nc.first_line.recv().unwrap();
    interrupt(&child);
    out.read_to_string(&mut printed).unwrap();
    let ended = Ended { printed, ..Ended::of(child.wait_with_output().unwrap()) };
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(143), ""), "{ended:?}");
    ended.ended("killed", &place.output());
    received += &nc.ended();
    let points = points(&received);
    assert_eq!(told_last(&points, "job.state"), code(State::Killed));
    let reports = reports(&points);
    assert!(reports.is_sorted_by(|one, next| one < next), "{reports:?}");
}
