//! Scenarios: the house as a whole, from the outside, in one binary.

mod wall;
