//! What policies promise to customers: calendars, clocks, and how each promise stands.

mod calendar;
mod clock;
mod deadline;
mod line;
mod policies;
mod standing;

pub use calendar::Calendar;
pub use deadline::Deadline;
pub use policies::PolicyRules;

pub(in crate::engine) use clock::{Clock, End};
pub(in crate::engine) use policies::Policies;
pub(in crate::engine) use standing::Promise;
