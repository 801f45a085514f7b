//! The options of the command line.

use lexopt::prelude::*;
use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

const HELP: &str = "\
Copies flights from a CSV file into an SQLite database.

  --input FILE            the CSV file (default: the flights of January 2013)
  --output FILE           the database (default: in a new temporary directory)
  --replace               replace the database if it exists
  --error-limit N         stop the job at the first failure above N
  --report-every SECONDS  how often to report (default: 0.25)
  --transfer HOST:PORT    send the reports there too, as lines of JSON
  --kafka BROKERS         send them to the topic `points` too (with `--features kafka`)";

const REPORT_EVERY: Duration = Duration::from_millis(250);

/// What the job is to do.
pub(crate) struct Options {
    pub(crate) input: PathBuf,
    /// In a new temporary directory if `None`.
    pub(crate) output: Option<PathBuf>,
    pub(crate) replace: bool,
    pub(crate) error_limit: Option<u64>,
    pub(crate) report_every: Duration,
    /// Whom to send the reports to, if not only the screen.
    pub(crate) transfer: Option<String>,
    /// The brokers that get them too.
    #[cfg_attr(not(feature = "kafka"), expect(dead_code, reason = "none is ever named"))]
    pub(crate) kafka: Option<String>,
}

impl Options {
    /// The options, or `None` where only the help was asked for.
    pub(crate) fn from_args() -> Result<Option<Options>, Box<dyn Error>> {
        let (mut input, mut output, mut replace, mut error_limit) = (None, None, false, None);
        let (mut report_every, mut transfer, mut kafka) = (REPORT_EVERY, None, None);
        let mut args = lexopt::Parser::from_env();
        while let Some(arg) = args.next()? {
            match arg {
                Long("input") => input = Some(args.value()?.into()),
                Long("output") => output = Some(args.value()?.into()),
                Long("replace") => replace = true,
                Long("error-limit") => error_limit = Some(number(args.value()?)?),
                Long("report-every") => report_every = seconds(args.value()?)?,
                Long("transfer") => transfer = Some(args.value()?.string()?),
                Long("kafka") => kafka = Some(brokers(args.value()?)?),
                Short('h') | Long("help") => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        let input = input.unwrap_or_else(january);
        Ok(Some(Options { input, output, replace, error_limit, report_every, transfer, kafka }))
    }
}

fn january() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "data", "flights-2013-01.csv"].iter().collect()
}

fn number(value: OsString) -> Result<u64, String> {
    value.parse().map_err(|error| format!("can't take --error-limit: {error}"))
}

fn brokers(value: OsString) -> Result<String, Box<dyn Error>> {
    if cfg!(feature = "kafka") {
        return Ok(value.string()?);
    }
    Err("can't take --kafka: this program was built without `--features kafka`".into())
}

fn seconds(value: OsString) -> Result<Duration, String> {
    let parsed = value.parse_with(|text| match Duration::try_from_secs_f64(text.parse::<f64>()?) {
        Ok(Duration::ZERO) => Err("reports need some time between them".into()),
        duration => duration.map_err(Box::<dyn Error + Send + Sync>::from),
    });
    parsed.map_err(|error| format!("can't take --report-every: {error}"))
}
