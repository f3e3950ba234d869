//! The contract's words as an operator writes them in settings and files, and as they stand in events: each with
//! its meaning.
//!
//! ```
//! use tablica_plugin::{Medium, words};
//!
//! assert_eq!(words::meaning(words::MEDIA, "chat"), Some(Medium::Chat));
//! assert_eq!(words::list(words::PRIORITIES), "low, normal, high, urgent");
//! ```

use crate::{AgentStatus, Author, Awaits, LeftReason, Medium, Priority, Sentiment};

/// A vocabulary.
pub type Words<T> = &'static [(&'static str, T)];

/// What a word means.
pub fn meaning<T: Copy>(words: Words<T>, word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// All words, for what is said when one is not known.
pub fn list<T>(words: Words<T>) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

/// In which form somebody wrote or spoke.
pub const MEDIA: Words<Medium> = &[
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

/// Who did something.
pub const AUTHORS: Words<Author> = &[
    ("customer", Author::Customer),
    ("agent", Author::Agent),
    ("bot", Author::Bot),
    ("peer", Author::Peer),
    ("system", Author::System),
];

/// In what mood a text is.
pub const SENTIMENTS: Words<Sentiment> = &[
    ("positive", Sentiment::Positive),
    ("neutral", Sentiment::Neutral),
    ("negative", Sentiment::Negative),
    ("unknown", Sentiment::Unknown),
];

/// How urgent a contact is.
pub const PRIORITIES: Words<Priority> = &[
    ("low", Priority::Low),
    ("normal", Priority::Normal),
    ("high", Priority::High),
    ("urgent", Priority::Urgent),
];

/// Why a contact left its queue without an agent.
pub const REASONS: Words<LeftReason> = &[
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

/// For what a contact waits that is not ours to do.
pub const AWAITS: Words<Awaits> = &[
    ("customer", Awaits::Customer),
    ("third_party", Awaits::ThirdParty),
    ("colleague", Awaits::Colleague),
    ("a_time", Awaits::ATime),
];

/// What an agent does.
pub const STATUSES: Words<AgentStatus> = &[
    ("available", AgentStatus::Available),
    ("ringing", AgentStatus::Ringing),
    ("talking", AgentStatus::Talking),
    ("hold", AgentStatus::Hold),
    ("after_work", AgentStatus::AfterWork),
    ("paused", AgentStatus::Paused),
    ("offline", AgentStatus::Offline),
];

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// `LeftReason::QueueFull` is `queue_full`.
    fn as_named<T: Debug>(words: Words<T>) {
        for (word, meaning) in words {
            let name = format!("{meaning:?}").replace('_', "").to_lowercase();
            let name = name.rsplit("::").next().unwrap_or_default().to_owned();
            assert_eq!(word.replace('_', ""), name, "{meaning:?}");
        }
    }

    #[test]
    fn words_are_the_names_of_the_contract() {
        as_named(MEDIA);
        as_named(AUTHORS);
        as_named(SENTIMENTS);
        as_named(PRIORITIES);
        as_named(REASONS);
        as_named(AWAITS);
        as_named(STATUSES);
        assert_eq!(meaning(STATUSES, "asleep"), None);
    }
}
