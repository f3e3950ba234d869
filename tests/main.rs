//! The one integration binary.

mod simulate;
mod tidy;
