//! What a number is asked for by: whose contacts ([`Selector`]), over which span ([`Window`]), and
//! how fresh the channels are that it comes from ([`Coverage`]).
//!
//! Plain words of data, below the engine: the engine answers by them, and KPIs, boards and the API
//! ask by them.

mod coverage;
mod selector;
mod window;

pub use coverage::{ChannelCoverage, Coverage, FeedHealth, FeedWhy};
pub use selector::{Selector, SelectorError};
pub use window::Window;
