//! (see contract)

pub mod egress;
pub mod privacy;
pub mod quarantine;
pub mod source;
