//! Our words in the operator's settings and in the file.

use tablica_plugin::words::Words;
use tablica_plugin::{Author, LeftReason};

/// What a row can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Opened,
    Message,
    Queued,
    OfferedToAgent,
    RingMissed,
    Answered,
    Transferred,
    TalkEnded,
    WrappedUp,
    Assigned,
    Prioritized,
    Pending,
    Resolved,
    Reopened,
    Abandoned,
    Left,
    CallbackPromised,
    RatingRequested,
    Rated,
    AgentState,
}

pub(crate) const KINDS: Words<Happening> = &[
    ("opened", Happening::Opened),
    ("message", Happening::Message),
    ("queued", Happening::Queued),
    ("offered_to_agent", Happening::OfferedToAgent),
    ("ring_missed", Happening::RingMissed),
    ("answered", Happening::Answered),
    ("transferred", Happening::Transferred),
    ("talk_ended", Happening::TalkEnded),
    ("wrapped_up", Happening::WrappedUp),
    ("assigned", Happening::Assigned),
    ("prioritized", Happening::Prioritized),
    ("pending", Happening::Pending),
    ("resolved", Happening::Resolved),
    ("reopened", Happening::Reopened),
    ("abandoned", Happening::Abandoned),
    ("left", Happening::Left),
    ("callback_promised", Happening::CallbackPromised),
    ("rating_requested", Happening::RatingRequested),
    ("rated", Happening::Rated),
    ("agent_state", Happening::AgentState),
];

pub(crate) const AUTHORS: Words<Author> = &[
    ("customer", Author::Customer),
    ("agent", Author::Agent),
    ("bot", Author::Bot),
    ("system", Author::System),
];

pub(crate) const REASONS: Words<LeftReason> = &[
    ("overflow", LeftReason::Overflow),
    ("timeout", LeftReason::Timeout),
    ("exit_key", LeftReason::ExitKey),
    ("callback", LeftReason::Callback),
    ("queue_full", LeftReason::QueueFull),
    ("queue_empty", LeftReason::QueueEmpty),
    ("lost", LeftReason::Lost),
    ("blocked", LeftReason::Blocked),
];
