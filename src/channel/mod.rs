//! (see contract)

pub mod privacy;
pub mod quarantine;
