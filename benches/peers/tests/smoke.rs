//! Every part of the program runs.

use std::process::Command;

#[test]
fn every_way_counts_what_it_should_and_others_see_it() {
    let tried = Command::new(env!("CARGO_BIN_EXE_flowmeter-peers")).arg("--try").output().unwrap();
    assert!(tried.status.success(), "{}", String::from_utf8_lossy(&tried.stderr));
}
