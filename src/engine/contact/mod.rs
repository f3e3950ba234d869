//! One thread of contacts: its facts, the state that they lead to, and what it counts as.
//!
//! Events become [`Fact`]s. The facts are kept sorted by their own time, and a state machine goes
//! through them (`state`, with `call` and `conversation` as its two readings). What follows
//! from that state at a moment is what the contact counts as ([`Counted`]); what differs from the
//! last time is corrected in the cells (`difference`). So it does not matter how late an event
//! arrives, or how often.

mod asked;
mod call;
mod clocks;
mod closing;
mod condense;
mod conversation;
mod counted;
mod deferred;
mod difference;
mod elsewhere;
mod fact;
mod leg;
mod mark;
mod measured;
mod milestones;
mod once;
mod overdue;
mod parts;
mod progress;
mod ratings;
mod record;
mod reopening;
mod silence;
mod state;
mod stay;
mod stay_count;
mod talks;
mod undelivered;
mod walk;
mod walked;

pub(in crate::engine) use counted::{Counted, Targets};
pub(in crate::engine) use fact::{Fact, Named, OVERALL, Place};
pub(in crate::engine) use record::{Contact, News, Workspace};
pub(in crate::engine) use state::Surroundings;
