//! Sends what was counted to whoever listens: `nc -l 6000` shows it. If nobody does, nothing else changes.

use flowmeter::{Registry, Tcp};
use std::env;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let address = env::args().nth(1).unwrap_or("127.0.0.1:6000".to_owned());
    // Every 10 seconds, and once more when it is closed or dropped; no thread that counts waits for it.
    let tcp = registry.attach("tcp", Tcp::to(address));
    registry.counter("rows")?.add(26_398);
    match tcp.close() {
        Ok(()) => println!("sent"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
