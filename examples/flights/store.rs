//! The SQLite database: one file, shared by four writers.

use super::source::{COLUMNS, Flight, Kind};
use rusqlite::{Connection, params_from_iter};
use std::error::Error;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a writer waits for the other three.
const BUSY: Duration = Duration::from_secs(30);

/// A new database with the table `flights`.
pub(crate) struct Store {
    path: PathBuf,
}

impl Store {
    /// Creates the database; a file that exists is refused unless it is to be replaced.
    pub(crate) fn create(path: &Path, replace: bool) -> Result<Store, Box<dyn Error>> {
        if replace {
            remove(path)?;
        }
        match File::create_new(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(format!("{} exists; --replace replaces it", path.display()).into());
            }
            made => made.map_err(|error| format!("can't create {}: {error}", path.display()))?,
        };
        let store = Store { path: path.to_owned() };
        let create = || store.connect()?.execute_batch(&table());
        create().map_err(|error| {
            // It was made above, and should not be left half made.
            let _ = remove(path);
            format!("can't create {}: {error}", path.display())
        })?;
        Ok(store)
    }

    /// A writer's own connection.
    pub(crate) fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        Ok(connection)
    }
}

/// Inserts the flights in one transaction: all of them, or none.
pub(crate) fn insert(connection: &mut Connection, flights: &[Flight]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let places = ["?"; COLUMNS.len()].join(",");
        let mut insert =
            transaction.prepare_cached(&format!("INSERT INTO flights VALUES ({places})"))?;
        for flight in flights {
            insert.execute(params_from_iter(&flight.values))?;
        }
    }
    transaction.commit()
}

fn table() -> String {
    let column = |(name, kind): (&str, Kind)| match kind {
        Kind::Whole => format!("{name} INTEGER"),
        Kind::Text => format!("{name} TEXT"),
    };
    format!("CREATE TABLE flights ({})", COLUMNS.map(column).join(", "))
}

/// Refuses an output whose making would cost the input.
pub(crate) fn spare(input: &Path, output: &Path) -> Result<(), Box<dyn Error>> {
    let input = fs::canonicalize(input)?;
    let is_input = |file: &PathBuf| fs::canonicalize(file).is_ok_and(|file| file == input);
    match files(output).iter().any(is_input) {
        true => Err(format!("{} can't be both input and output", input.display()).into()),
        false => Ok(()),
    }
}

/// The files of a database: SQLite keeps two more beside the one it is asked for.
fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        file.into()
    })
}

fn remove(path: &Path) -> Result<(), Box<dyn Error>> {
    for file in files(path) {
        if fs::metadata(&file).is_ok_and(|found| !found.is_file()) {
            return Err(format!("can't replace {}: it is not a file", file.display()).into());
        }
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(format!("can't replace {}: {error}", path.display()).into());
            }
            _ => {}
        }
    }
    Ok(())
}
