//! The values of the series that a directory lists, in columns.

use super::directory::{Column, Directory, Position};
use super::series::SeriesRef;
use super::value::Value;
use std::sync::Arc;

/// Values, by the positions that a directory gives to series. Where it has no series stands any value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub(crate) counters: Vec<u64>,
    pub(crate) gauges: Vec<f64>,
    pub(crate) others: Vec<Value>,
}

impl Columns {
    /// What stands where there is no series.
    pub(crate) const NOTHING: Value = Value::Counter(0);
}

/// A directory, with a value for every position in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    directory: Arc<Directory>,
    columns: Columns,
}

impl Listed {
    /// The values are those of `columns`. These are as long as the directory says, since both are of one moment; here
    /// they are made so, so that nobody has to ask again.
    pub(crate) fn new(directory: Arc<Directory>, mut columns: Columns) -> Listed {
        let Columns { counters, gauges, others } = &mut columns;
        let [of_counters, of_gauges, of_others] = directory.lengths();
        counters.resize(of_counters, 0);
        gauges.resize(of_gauges, 0.0);
        others.resize(of_others, Columns::NOTHING);
        Listed { directory, columns }
    }

    pub(super) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    #[inline]
    pub(super) fn get(&self, position: Position) -> Option<SeriesRef<'_>> {
        let entry = self.directory.entry(position)?;
        Some(SeriesRef {
            key: &entry.key,
            value: self.with_value(position, Value::clone),
            registration: entry.registration,
            registered: &[],
            origin: None,
        })
    }

    // Every position of a directory is within its lengths, and so within the columns.
    #[inline]
    pub(super) fn with_value<T>(&self, position: Position, take: impl FnOnce(&Value) -> T) -> T {
        let Position { column, at } = position;
        match column {
            Column::Counters => take(&Value::Counter(self.columns.counters[at as usize])),
            Column::Gauges => take(&Value::Gauge(self.columns.gauges[at as usize])),
            Column::Others => take(&self.columns.others[at as usize]),
        }
    }

    /// The value, if it lies there as a whole: that of no counter or gauge must.
    pub(super) fn stored(&self, position: Position) -> Option<&Value> {
        match position.column {
            Column::Others => self.columns.others.get(position.at as usize),
            Column::Counters | Column::Gauges => None,
        }
    }
}
