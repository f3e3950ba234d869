//! Scenarios against the whole library: one binary, one module for each part of the house.

mod config;
