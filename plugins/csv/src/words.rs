//! Our words in the operator's settings and in the file.

use tablica_plugin::{AgentStatus, Author, Awaits, LeftReason, Medium, Priority};

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

pub(crate) type Words<T> = &'static [(&'static str, T)];

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

pub(crate) const MEDIA: Words<Medium> = &[
    ("call", Medium::Call),
    ("chat", Medium::Chat),
    ("message", Medium::Message),
    ("mail", Medium::Mail),
    ("comment", Medium::Comment),
    ("post", Medium::Post),
    ("review", Medium::Review),
    ("ticket", Medium::Ticket),
    ("visit", Medium::Visit),
];

pub(crate) const AUTHORS: Words<Author> = &[
    ("customer", Author::Customer),
    ("agent", Author::Agent),
    ("bot", Author::Bot),
    ("system", Author::System),
];

pub(crate) const PRIORITIES: Words<Priority> = &[
    ("low", Priority::Low),
    ("normal", Priority::Normal),
    ("high", Priority::High),
    ("urgent", Priority::Urgent),
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

pub(crate) const AWAITS: Words<Awaits> = &[
    ("customer", Awaits::Customer),
    ("third_party", Awaits::ThirdParty),
    ("colleague", Awaits::Colleague),
    ("a_time", Awaits::ATime),
];

pub(crate) const STATUSES: Words<AgentStatus> = &[
    ("available", AgentStatus::Available),
    ("ringing", AgentStatus::Ringing),
    ("talking", AgentStatus::Talking),
    ("hold", AgentStatus::Hold),
    ("after_work", AgentStatus::AfterWork),
    ("paused", AgentStatus::Paused),
    ("offline", AgentStatus::Offline),
];

/// What a word means.
pub(crate) fn meaning<T: Copy>(words: Words<T>, word: &str) -> Option<T> {
    words.iter().find(|(it, _)| *it == word).map(|(_, meaning)| *meaning)
}

/// All words, for what is said when one is not known.
pub(crate) fn list<T>(words: Words<T>) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}
