//! What policies promise to customers: calendars, clocks, and how each promise stands.

mod calendar;
mod clock;
mod line;
mod made;
mod policies;

pub use calendar::Calendar;
pub use policies::PolicyRules;

pub(in crate::engine) use clock::{Clock, End};
pub(in crate::engine) use made::Promise;
pub(in crate::engine) use policies::Policies;
