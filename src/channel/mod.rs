//! (see contract)

pub mod privacy;
pub mod quarantine;
pub mod source;
