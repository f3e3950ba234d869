//! The contact center's words as a site writes them: those of the journal's JSON.

use tablica_plugin::{AgentStatus, Author, Awaits, LeftReason, Medium, Priority, Sentiment};

/// What can happen; the kinds that a site may report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Opened,
    Message,
    Queued,
    OfferedToAgent,
    RingMissed,
    Answered,
    Held,
    Resumed,
    Transferred,
    TalkEnded,
    WrappedUp,
    Resolved,
    Reopened,
    Prioritized,
    Abandoned,
    Left,
    RatingRequested,
    Rated,
    Tagged,
    Mention,
    Removed,
    Assigned,
    Pending,
    CallbackPromised,
    Edited,
    AgentState,
}

/// A vocabulary: each word with its meaning.
pub(crate) type Words<T> = &'static [(&'static str, T)];

/// The meaning of a word.
pub(crate) fn meaning<T: Copy>(words: Words<T>, word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// All words, for a message that says what was expected.
pub(crate) fn list<T>(words: Words<T>) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

pub(crate) const KINDS: Words<Happening> = &[
    ("opened", Happening::Opened),
    ("message", Happening::Message),
    ("queued", Happening::Queued),
    ("offered_to_agent", Happening::OfferedToAgent),
    ("ring_missed", Happening::RingMissed),
    ("answered", Happening::Answered),
    ("held", Happening::Held),
    ("resumed", Happening::Resumed),
    ("transferred", Happening::Transferred),
    ("talk_ended", Happening::TalkEnded),
    ("wrapped_up", Happening::WrappedUp),
    ("resolved", Happening::Resolved),
    ("reopened", Happening::Reopened),
    ("prioritized", Happening::Prioritized),
    ("abandoned", Happening::Abandoned),
    ("left", Happening::Left),
    ("rating_requested", Happening::RatingRequested),
    ("rated", Happening::Rated),
    ("tagged", Happening::Tagged),
    ("mention", Happening::Mention),
    ("removed", Happening::Removed),
    ("assigned", Happening::Assigned),
    ("pending", Happening::Pending),
    ("callback_promised", Happening::CallbackPromised),
    ("edited", Happening::Edited),
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
    ("peer", Author::Peer),
    ("system", Author::System),
];

pub(crate) const SENTIMENTS: Words<Sentiment> = &[
    ("positive", Sentiment::Positive),
    ("neutral", Sentiment::Neutral),
    ("negative", Sentiment::Negative),
    ("unknown", Sentiment::Unknown),
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
    ("unknown", LeftReason::Unknown),
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
