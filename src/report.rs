//! `Report`: what is derived from two snapshots; and `Reporter`, whatever delivers one.

mod content;
mod cursor;
mod datax;
mod document;
mod job;
mod points;
mod reporter;
mod summary;
mod time;
mod units;

pub use content::Report;
pub(crate) use cursor::Cursor;
pub use datax::DataxReport;
pub use job::{JobReport, Speed};
pub use points::{Encoded, Points};
pub use reporter::{Figure, ReportError, Reporter};
pub use summary::Summary;
pub(crate) use time::date;
