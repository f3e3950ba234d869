//! Where a channel's bytes come from, when they do not come as webhooks.
//!
//! Sources do the IO that plugins may not do. They know bytes and positions, no network's
//! meaning, and they wait rather than drop.

pub mod document;
pub mod file;
