//! Configuration.

pub mod model;
