//! Finding a metric: at call sites that name it, by typed labels, by text.

mod call_sites;
mod texts;
mod typed;
