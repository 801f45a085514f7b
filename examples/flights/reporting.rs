//! Who gets the reports: the screen, and a transfer or Kafka if one was named.

use super::options::Options;
use flowmeter::{Registry, ReporterGuard, Tcp, Text};
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// The reporters of the job; the job itself never waits for them.
pub(crate) struct Reporting {
    screen: ReporterGuard,
    /// Each with what it is, and its address.
    others: Vec<(&'static str, String, ReporterGuard)>,
}

impl Reporting {
    /// Reports what happens in the registry from now on.
    pub(crate) fn begin(registry: &Registry, options: &Options) -> Reporting {
        let every = options.report_every;
        // A pager may hold the summary up for as long as somebody reads what comes before it.
        let screen = registry.attach("screen", Text::new(io::stdout())).deadline(Duration::MAX);
        let mut others = Vec::new();
        if let Some(address) = &options.transfer {
            let guard = registry.attach("transfer", Tcp::to(address)).every(every);
            others.push(("transfer", address.clone(), guard));
        }
        #[cfg(feature = "kafka")]
        if let Some(brokers) = &options.kafka {
            let kafka = flowmeter::Kafka::to(brokers).topic("points");
            others.push((
                "Kafka at",
                brokers.clone(),
                registry.attach("kafka", kafka).every(every),
            ));
        }
        Reporting { screen: screen.every(every), others }
    }

    /// Prints the summary, and where the flights are; then sends the last report to the others. The job
    /// has ended: what goes wrong is told, and changes nothing.
    pub(crate) fn end(self, output: &Path) {
        if let Err(why) = self.screen.close() {
            complain(&format_args!("the summary can't be printed: {why}"));
        }
        let _ = writeln!(io::stdout(), "\nThe flights are in {}", output.display());
        for (what, address, guard) in self.others {
            if let Err(why) = guard.close() {
                let address = address.escape_debug();
                complain(&format_args!("the {what} {address} did not get everything: {why}"));
            }
        }
    }
}

/// Says it where errors are told, if somebody still reads them.
pub(crate) fn complain(what: &dyn Display) {
    let _ = writeln!(io::stderr(), "flights: {what}");
}
