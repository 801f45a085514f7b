//! Many threads at once; and the threads that a registry has itself.

use super::{Gives, OVERRUN, counted, gate, registry, until};
use flowmeter::{Registry, Sample, Snapshot};
use std::sync::Barrier;
use std::thread;

const THREADS: usize = 8;
const ROUNDS: usize = 60;

fn check_sorted(snapshot: &Snapshot) {
    let strictly = snapshot.series().is_sorted_by(|one, next| one.key < next.key);
    assert!(strictly, "{snapshot:?}");
}

/// It is in the snapshot, or the registry says that it was late.
fn check_there(snapshot: &Snapshot, name: &str, level: f64) {
    match snapshot.gauge(name) {
        Some(seen) => assert_eq!(seen, level, "{name}"),
        None => assert!(counted(snapshot, "late", name) > Some(0), "{name} is lost"),
    }
}

/// Adds, collects and takes out what is its own; others do so at the same time.
fn churn(registry: &Registry, thread: usize) {
    let (level, source) = (format!("level.{thread}"), format!("source.{thread}"));
    for round in 0..ROUNDS {
        let value = round as f64;
        let callback = registry.callback(&level, move || value).unwrap();
        let give = move |sample: &mut Sample| sample.gauge("given", value);
        let given = registry.source(&source, Gives(give)).unwrap();
        let snapshot = registry.collect();
        check_sorted(&snapshot);
        check_there(&snapshot, &level, value);
        check_there(&snapshot, "stays", 1.0);
        let is_given = snapshot.gauge(&format!("{source}.given")) == Some(value);
        assert!(is_given || counted(&snapshot, "late", &source) > Some(0));
        drop(given);
        match round % 2 {
            0 => drop(callback),
            _ => assert_eq!(registry.unregister(&level), 1),
        }
        let snapshot = registry.collect();
        check_sorted(&snapshot);
        assert_eq!(snapshot.gauge(&level), None);
        assert_eq!(snapshot.gauge(&format!("{source}.given")), None);
    }
}

#[test]
fn threads_that_add_collect_and_take_out_at_once_lose_and_double_nothing() {
    let (_, registry) = registry();
    registry.callback("stays", || 1.0).unwrap().keep();
    let begin = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (registry, begin) = (&registry, &begin);
            scope.spawn(move || {
                begin.wait();
                churn(registry, thread);
            });
        }
    });
    assert_eq!(registry.keys().len(), 1);
}

#[test]
fn one_key_that_threads_fight_for_is_at_most_one_series() {
    let (_, registry) = registry();
    let begin = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (registry, begin) = (&registry, &begin);
            scope.spawn(move || {
                begin.wait();
                for _ in 0..ROUNDS {
                    let guard = registry.callback("level", move || thread as f64);
                    let snapshot = registry.collect();
                    check_sorted(&snapshot);
                    if guard.is_ok() {
                        check_there(&snapshot, "level", thread as f64);
                    }
                }
            });
        }
    });
    assert_eq!(registry.collect().gauge("level"), None);
}

/// Set in the process that has no other test.
const ALONE: &str = "FLOWMETER_TEST_ALONE";

/// How many threads of this process are a registry's. The system keeps 15 bytes of a name.
fn samplers() -> usize {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |thread: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(thread.ok()?.path().join("comm")).ok()
    };
    threads.filter_map(name).filter(|name| name.starts_with("flowmeter-sampl")).count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_registry_has_a_thread_only_while_it_has_something_to_call() {
    if std::env::var_os(ALONE).is_some() {
        return look_at_threads();
    }
    let this = "sources::threads::a_registry_has_a_thread_only_while_it_has_something_to_call";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args([this, "--exact", "--nocapture"])
        .env(ALONE, "")
        .output()
        .unwrap();
    let (printed, complaint) =
        (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && printed.contains("1 passed"), "{printed}{complaint}");
}

#[cfg(target_os = "linux")]
fn look_at_threads() {
    let (clock, registry) = registry();
    registry.counter("rows").unwrap().add(1);
    registry.collect();
    assert_eq!(samplers(), 0, "before the first");
    let guards = ["a", "b"].map(|name| registry.callback(name, || 1.0).unwrap());
    registry.collect();
    registry.collect();
    assert_eq!(samplers(), 1, "for all of them");
    drop(guards);
    // It has been joined; the system may show it for a moment more.
    until(|| samplers() == 0);
    registry.collect();
    assert_eq!(samplers(), 0, "after the last");
    let (mut pass, at) = gate();
    let level = move || {
        pass();
        1.0
    };
    registry.callback("dead", level).unwrap().keep();
    let _other = registry.callback("other", || 1.0).unwrap();
    super::collect_past(&clock, &registry, &[&at]);
    registry.collect();
    assert_eq!(samplers(), 2, "one is stuck after {OVERRUN:?}, one goes on");
    drop(registry);
    until(|| samplers() == 1);
    at.open();
    until(|| samplers() == 0);
}
