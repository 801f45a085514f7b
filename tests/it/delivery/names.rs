//! What an attached reporter is called.

use super::{registry, told};
use flowmeter::{Registry, ReporterGuard};

fn attach(registry: &Registry, name: &str) -> ReporterGuard {
    registry.attach(name, told().0)
}

#[test]
fn a_name_that_is_taken_gets_a_number_and_is_free_again_afterwards() {
    let (_, registry) = registry();
    let [first, second, third] = [(); 3].map(|()| attach(&registry, "tcp"));
    assert_eq!([first.name(), second.name(), third.name()], ["tcp", "tcp-2", "tcp-3"]);
    drop(second);
    assert_eq!(attach(&registry, "tcp").name(), "tcp-2");
    assert_eq!(attach(&registry, "tcp-2").name(), "tcp-2");
}

#[test]
fn every_name_will_do() {
    let (_, registry) = registry();
    assert_eq!(attach(&registry, "").name(), "reporter");
    assert_eq!(attach(&registry, "a\0b\n").name(), "a\\0b\\n");
    let long = attach(&registry, &"é".repeat(1 << 20));
    assert_eq!(long.name(), "é".repeat(100));
    let snapshot = registry.collect();
    let sent = snapshot.counter_with("flowmeter.reporter.sent", &[("reporter", long.name())]);
    assert_eq!(sent, Some(0));
}
