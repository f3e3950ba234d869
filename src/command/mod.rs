//! (see contract)
pub mod simulate;
