//! What the scenarios stand on.

pub(crate) mod server;
pub(crate) mod wait;
