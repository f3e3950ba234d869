//! Scenarios of the fold.
