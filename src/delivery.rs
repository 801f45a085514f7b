//! Delivery: a thread for each attached reporter, with an interval and a cursor of its own.

mod courier;
mod deliveries;
mod error;
mod guard;
mod link;
mod links;
mod log;
mod own;

pub(crate) use deliveries::{Collection, Deliveries};
pub use error::{CloseError, DeliveryError};
pub use guard::ReporterGuard;
