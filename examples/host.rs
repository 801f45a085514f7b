//! The machine, once a second, until its input ends: on the screen, or as points to whoever listens.
//!
//! ```sh
//! cargo run --example host --features host                     # on the screen; Ctrl-D ends it
//! cargo run --example host --features host -- 127.0.0.1:6000   # to `nc -l 6000`, say
//! ```

use flowmeter::{Points, Registry, Tcp, Text, builtin};
use std::error::Error;
use std::time::Duration;
use std::{env, io};

fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::builder().tags([env::consts::OS]).build();
    let _host = registry.sources(builtin::all())?;
    let reporter = match env::args().nth(1) {
        Some(address) => {
            let second = Duration::from_secs(1);
            let tcp = Tcp::to(address).points(Points::new().without_own()).flush_every(second);
            registry.attach("tcp", tcp)
        }
        None => registry.attach("screen", Text::new(io::stdout()).with_series()),
    };
    let reporter = reporter.every(Duration::from_secs(1));
    io::copy(&mut io::stdin(), &mut io::sink())?;
    // A last report, and an error if something did not arrive.
    reporter.close()?;
    Ok(())
}
