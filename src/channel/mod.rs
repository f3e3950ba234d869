//! (see contract)

pub mod privacy;
