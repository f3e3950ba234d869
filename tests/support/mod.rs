//! What the scenarios stand on.

pub(crate) mod journal;
pub(crate) mod process;
pub(crate) mod server;
pub(crate) mod wait;
