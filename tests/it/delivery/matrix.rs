//! What can go wrong at a peer, a disk or a reporter, a test for each: the job makes its way, and the sums agree.

mod away;
mod disk;
mod ends;
mod peers;
mod reporters;
mod sockets;

use super::HOUR;
use super::peer::Peer;
use flowmeter::{ManualClock, Registry, ReporterGuard, Tcp, TcpStatus, TcpWatch};
use std::time::Duration;

const RECORDS: u64 = 10_000;
const SECOND: Duration = Duration::from_secs(1);
/// In real time: long enough for a thread to come to a point where it stays for ever.
const SHORT: Duration = Duration::from_millis(20);

/// A job of so many records, from its start to its end: all of it is done, whatever a reporter does meanwhile.
#[track_caller]
fn do_a_job(registry: &Registry) {
    let job = registry.job("copy").unwrap();
    let (mut reader, mut writer) = job.task_group(0).task(0).start().unwrap();
    let (sender, receiver) = crossbeam_channel::bounded(1);
    for record in 0..RECORDS {
        reader.read(8);
        reader.send(&sender, record, 8).unwrap();
        assert_eq!(writer.receive(&receiver, |_| 8), Some(record));
        writer.committed(1, 8);
    }
    reader.done().unwrap();
    writer.done();
    let report = job.finish();
    assert!(report.succeeded());
    assert_eq!(report.counters().writer.committed.records, RECORDS);
}

/// A registry that reports to a peer each second, all three on one clock.
struct Attached {
    clock: ManualClock,
    registry: Registry,
    peer: Peer,
    watch: TcpWatch,
    guard: ReporterGuard,
}

impl Attached {
    fn to(peer: Peer) -> Attached {
        Attached::with_buffer(peer, 8 * 1024 * 1024)
    }

    fn with_buffer(peer: Peer, bytes: usize) -> Attached {
        let clock = ManualClock::new();
        let registry = Registry::builder().clock(clock.clock()).build();
        let tcp = Tcp::to("memory:1").clock(clock.clock()).dialler(peer.dialler());
        let tcp = tcp.jitter(false).buffer(bytes);
        let watch = tcp.status();
        let guard = registry.attach("tcp", tcp).every(SECOND).deadline(HOUR);
        Attached { clock, registry, peer, watch, guard }
    }

    /// A job is done, before, in and after which time passes; the peer holds what it should at each second.
    #[track_caller]
    fn work(&self) {
        for _ in 0..3 {
            self.pass(2);
            do_a_job(&self.registry);
        }
        self.pass(4);
    }

    #[track_caller]
    fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.clock.advance(SECOND);
            self.cut();
        }
    }

    /// The figures now, which agree.
    #[track_caller]
    fn cut(&self) -> TcpStatus {
        let cut = self.watch.now();
        self.peer.assert_holds(&cut);
        cut
    }

    /// Ends it: everything is with the peer, and known to be there.
    #[track_caller]
    fn end_well(self) {
        do_a_job(&self.registry);
        self.registry.counter("the.last").unwrap().inc();
        let Attached { peer, watch, guard, .. } = self;
        assert_eq!(guard.close(), Ok(()));
        let cut = watch.now();
        peer.assert_holds(&cut);
        assert_eq!((cut.queued, cut.open, cut.connected), (0, 0, false), "{cut:?}");
        assert!(cut.closed_in_order > 0);
        assert!(peer.newest().contains("\"the.last\""), "the last report is there");
    }
}
