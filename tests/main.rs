//! The one integration binary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "how a test says that something it stands on is not there"
)]

mod simulate;
mod tidy;
