//! The rows: which libraries are beside each other in what, by what names, and what is to be reached.

pub(crate) mod by_handle;
pub(crate) mod collect;
pub(crate) mod lookup;
pub(crate) mod many;
