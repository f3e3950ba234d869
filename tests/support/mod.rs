//! What several scenarios use.

pub(crate) mod journal;
pub(crate) mod process;
