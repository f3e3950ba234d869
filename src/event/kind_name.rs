//! The kinds of events by name: what a network can tell at all, whether it has told it yet or not.

/// Names each kind once: the enum, all of them in order, and their words.
macro_rules! named {
    ($($Case:ident = $word:literal,)+) => {
        /// The name of a [`Kind`](super::Kind).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum KindName {
            $(
                #[doc = concat!("Of [`Kind::", stringify!($Case), "`](super::Kind::", stringify!($Case), ").")]
                $Case,
            )+
        }

        impl KindName {
            /// All of them, in order.
            pub const ALL: &'static [KindName] = &[$(KindName::$Case),+];

            /// Its word in events, manifests and configs.
            pub fn word(self) -> &'static str {
                match self { $(KindName::$Case => $word),+ }
            }

            /// The kind of that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(KindName::$Case),)+ _ => None }
            }
        }
    };
}

named! {
    Opened = "opened",
    Message = "message",
    Queued = "queued",
    OfferedToAgent = "offered_to_agent",
    RingMissed = "ring_missed",
    Answered = "answered",
    Held = "held",
    Resumed = "resumed",
    Transferred = "transferred",
    TalkEnded = "talk_ended",
    WrappedUp = "wrapped_up",
    Resolved = "resolved",
    Reopened = "reopened",
    Abandoned = "abandoned",
    Left = "left",
    Prioritized = "prioritized",
    RatingRequested = "rating_requested",
    Rated = "rated",
    Tagged = "tagged",
    Mention = "mention",
    Removed = "removed",
    AgentState = "agent_state",
    Feed = "feed",
    Other = "other",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    #[test]
    fn each_kind_of_event_has_its_name_and_its_word() {
        let error = serde_json::from_str::<Kind>("\"zz\"").expect_err("no kind").to_string();
        let words: Vec<_> = KindName::ALL.iter().map(|kind| format!("`{}`", kind.word())).collect();
        let known = format!("unknown variant `zz`, expected one of {} at", words.join(", "));
        assert!(error.starts_with(&known), "{error}\n{known}");
        for kind in KindName::ALL {
            assert_eq!(KindName::from_word(kind.word()), Some(*kind));
        }
        assert_eq!(KindName::from_word("zz"), None);
    }
}
