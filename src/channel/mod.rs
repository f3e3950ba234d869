//! (see contract)
