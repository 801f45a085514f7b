//! The CSV file: its carriers, its rows, and what is read from a row.

use csv::{ByteRecord, Reader, ReaderBuilder};
use rusqlite::types::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Display;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What a column holds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Whole,
    Text,
}

use Kind::{Text, Whole};

/// The columns of the file, and of the table.
pub(crate) const COLUMNS: [(&str, Kind); 19] = [
    ("year", Whole),
    ("month", Whole),
    ("day", Whole),
    ("dep_time", Whole),
    ("sched_dep_time", Whole),
    ("dep_delay", Whole),
    ("arr_time", Whole),
    ("sched_arr_time", Whole),
    ("arr_delay", Whole),
    ("carrier", Text),
    ("flight", Whole),
    ("tailnum", Text),
    ("origin", Text),
    ("dest", Text),
    ("air_time", Whole),
    ("distance", Whole),
    ("hour", Whole),
    ("minute", Whole),
    ("time_hour", Text),
];
const DEP_TIME: usize = 3;
const ARR_DELAY: usize = 8;
const CARRIER: usize = 9;

/// A CSV file of flights, whose header has been checked.
pub(crate) struct Source {
    path: PathBuf,
    carriers: Vec<String>,
}

impl Source {
    /// Opens the file, checks its header and finds the carriers in it.
    pub(crate) fn open(path: &Path) -> Result<Source, Box<dyn Error>> {
        let found = carriers(path);
        let mut carriers = found.map_err(|why| cant_read(path, &why))?;
        if carriers.is_empty() {
            // Somebody has to read the rows that name no carrier, or find that there are none.
            carriers.insert(String::new());
        }
        Ok(Source { path: path.to_owned(), carriers: carriers.into_iter().collect() })
    }

    /// The carriers, sorted; never none.
    pub(crate) fn carriers(&self) -> &[String] {
        &self.carriers
    }

    /// Every row of the file, from the first.
    pub(crate) fn rows(&self) -> Result<Rows, String> {
        let mut reader = reader(&self.path).map_err(|why| cant_read(&self.path, &why))?;
        reader.byte_headers().map_err(|why| cant_read(&self.path, &why))?;
        Ok(Rows { reader })
    }
}

/// The carriers in the file at `path`, once its header is known to be right.
fn carriers(path: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    if !fs::metadata(path)?.is_file() {
        return Err("it is not a file that each task can read anew".into());
    }
    let mut reader = reader(path)?;
    if !reader.byte_headers()?.iter().eq(COLUMNS.iter().map(|(name, _)| name.as_bytes())) {
        let columns = COLUMNS.map(|(name, _)| name).join(",");
        return Err(format!("it does not begin with {columns}").into());
    }
    let mut carriers = BTreeSet::new();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        carriers.extend(record.get(CARRIER).map(|c| String::from_utf8_lossy(c).into_owned()));
    }
    Ok(carriers)
}

fn reader(path: &Path) -> csv::Result<Reader<File>> {
    ReaderBuilder::new().flexible(true).from_path(path)
}

fn cant_read(path: &Path, why: &dyn Display) -> String {
    format!("can't read {}: {why}", path.display())
}

/// The rows of a file.
pub(crate) struct Rows {
    reader: Reader<File>,
}

impl Iterator for Rows {
    type Item = csv::Result<Row>;

    fn next(&mut self) -> Option<csv::Result<Row>> {
        let from = self.reader.position().byte();
        let mut record = ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => Some(Ok(Row { record, bytes: self.reader.position().byte() - from })),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A row, and its length in the file.
pub(crate) struct Row {
    record: ByteRecord,
    pub(crate) bytes: u64,
}

impl Row {
    /// The carrier's name, if the row is long enough to have one.
    pub(crate) fn carrier(&self) -> Option<String> {
        self.record.get(CARRIER).map(|name| String::from_utf8_lossy(name).into_owned())
    }

    /// The flight in the row.
    pub(crate) fn parse(&self) -> Result<Flight, String> {
        let unreadable = |why: String| format!("{why}: {}", self.text());
        if self.record.len() != COLUMNS.len() {
            let (found, wanted) = (self.record.len(), COLUMNS.len());
            return Err(unreadable(format!("{found} columns instead of {wanted}")));
        }
        let fields = self.record.iter().zip(COLUMNS);
        let values: Result<_, _> = fields.map(|(field, column)| value(field, column)).collect();
        Ok(Flight { values: values.map_err(unreadable)?, bytes: self.bytes })
    }

    fn text(&self) -> String {
        self.record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
    }
}

fn value(field: &[u8], (name, kind): (&str, Kind)) -> Result<Value, String> {
    let text = std::str::from_utf8(field).map_err(|_| format!("column `{name}` is not UTF-8"))?;
    match kind {
        _ if text == "NA" => Ok(Value::Null),
        Text => Ok(Value::Text(text.to_owned())),
        Whole => text
            .parse()
            .map(Value::Integer)
            .map_err(|_| format!("column `{name}` is `{text}`, not a whole number")),
    }
}

/// A flight: the values of a row.
pub(crate) struct Flight {
    pub(crate) values: Vec<Value>,
    pub(crate) bytes: u64,
}

impl Flight {
    /// The flight if it took place, nothing if it never departed, an error if it has no arrival
    /// delay.
    pub(crate) fn completed(self) -> Result<Option<Flight>, String> {
        if self.values[DEP_TIME] == Value::Null {
            return Ok(None);
        }
        match self.values[ARR_DELAY] {
            Value::Null => Err(format!("no arrival delay: {}", self.text())),
            _ => Ok(Some(self)),
        }
    }

    fn text(&self) -> String {
        let shown = |value: &Value| match value {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            _ => "NA".to_owned(),
        };
        self.values.iter().map(shown).collect::<Vec<_>>().join(",")
    }
}
