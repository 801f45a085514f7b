//! The broker as a process of its own, and `kcat`, which reads it and is not ours.

use crate::support::eventually;
use std::env;
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// So long it may take until the broker answers: its packages may have to be fetched.
const START: Duration = Duration::from_secs(300);

#[derive(Clone, Copy)]
struct Ports {
    plain: u16,
    controller: u16,
    /// With TLS, and a password.
    secured: u16,
}

pub(crate) struct Broker {
    folder: TempDir,
    ports: Ports,
    child: Child,
}

/// A broker that answers; or `None`, and a line that says why, where none can be started.
pub(crate) fn broker() -> Option<Broker> {
    let missing = ["java", "mvn", "kcat"].into_iter().find(|program| !is_there(program));
    if let Some(program) = missing {
        assert!(env::var_os("KAFKA_REQUIRED").is_none(), "`{program}` is not installed");
        println!("skipped: `{program}` is not installed, and the broker or its reader needs it");
        return None;
    }
    // One at a time: the first one fetches the packages, and both look for free ports.
    static STARTS: Mutex<()> = Mutex::new(());
    let _one = STARTS.lock().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ports = Ports { plain: free_port(), controller: free_port(), secured: free_port() };
    let child = start(folder.path(), ports);
    let mut broker = Broker { folder, ports, child };
    broker.wait();
    Some(broker)
}

fn is_there(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Not one of those that a system gives to whoever asks for any: the broker comes back to it after it was killed.
fn free_port() -> u16 {
    let ports = 15_000_u16..30_000;
    let begin = RandomState::new().hash_one(0) as usize % ports.len();
    let mut all = ports.clone().skip(begin).chain(ports);
    all.find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok()).unwrap()
}

fn start(folder: &Path, ports: Ports) -> Child {
    let Ports { plain, controller, secured } = ports;
    Command::new(Path::new(ROOT).join("tests/kafka/broker/start"))
        .arg(Path::new(ROOT).join("target/kafka"))
        .arg(folder)
        .args([plain, controller, secured].map(|port| port.to_string()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn kcat(brokers: &str) -> Command {
    let mut kcat = Command::new("kcat");
    kcat.args(["-b", brokers]).stdin(Stdio::null());
    kcat
}

impl Broker {
    pub(crate) fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.ports.plain)
    }

    #[cfg(feature = "kafka-tls")]
    pub(crate) fn secured(&self) -> String {
        format!("127.0.0.1:{}", self.ports.secured)
    }

    #[cfg(feature = "kafka-tls")]
    pub(crate) fn certificate(&self) -> String {
        self.folder.path().join("certificate.pem").to_str().unwrap().to_owned()
    }

    /// Returns when it answers.
    fn wait(&mut self) {
        let brokers = self.brokers();
        let ask = || kcat(&brokers).args(["-L", "-m", "1"]).output().unwrap();
        let answers = || {
            assert_eq!(self.child.try_wait().unwrap(), None, "the broker has ended");
            ask().status.success().then_some(())
        };
        eventually(START, answers, || String::from_utf8_lossy(&ask().stderr).into_owned());
    }

    /// By SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// On the same folder and port; it does not wait until it answers.
    pub(crate) fn start_again(&mut self) {
        self.child = start(self.folder.path(), self.ports);
    }

    /// All messages of a topic, by key and value: those of each partition in their order.
    pub(crate) fn read(&self, topic: &str) -> Vec<(String, String)> {
        let mut kcat = kcat(&self.brokers());
        kcat.args(["-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%k\t%s\n"]);
        let read = kcat.output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let text = String::from_utf8(read.stdout).unwrap();
        let split = |line: &str| {
            let (key, value) = line.split_once('\t').unwrap();
            (key.to_owned(), value.to_owned())
        };
        text.lines().map(split).collect()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
