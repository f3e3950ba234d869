//! The kinds of events by name: what a network can tell at all, whether it has told it yet or not.

use crate::words::words;

words! {
    /// The name of a [`Kind`](super::Kind).
    pub enum KindName {
        /// Of [`Kind::Opened`](super::Kind::Opened).
        Opened = "opened",
        /// Of [`Kind::Message`](super::Kind::Message).
        Message = "message",
        /// Of [`Kind::Queued`](super::Kind::Queued).
        Queued = "queued",
        /// Of [`Kind::OfferedToAgent`](super::Kind::OfferedToAgent).
        OfferedToAgent = "offered_to_agent",
        /// Of [`Kind::RingMissed`](super::Kind::RingMissed).
        RingMissed = "ring_missed",
        /// Of [`Kind::Answered`](super::Kind::Answered).
        Answered = "answered",
        /// Of [`Kind::Held`](super::Kind::Held).
        Held = "held",
        /// Of [`Kind::Resumed`](super::Kind::Resumed).
        Resumed = "resumed",
        /// Of [`Kind::Transferred`](super::Kind::Transferred).
        Transferred = "transferred",
        /// Of [`Kind::TalkEnded`](super::Kind::TalkEnded).
        TalkEnded = "talk_ended",
        /// Of [`Kind::WrappedUp`](super::Kind::WrappedUp).
        WrappedUp = "wrapped_up",
        /// Of [`Kind::Resolved`](super::Kind::Resolved).
        Resolved = "resolved",
        /// Of [`Kind::Reopened`](super::Kind::Reopened).
        Reopened = "reopened",
        /// Of [`Kind::Abandoned`](super::Kind::Abandoned).
        Abandoned = "abandoned",
        /// Of [`Kind::Left`](super::Kind::Left).
        Left = "left",
        /// Of [`Kind::Prioritized`](super::Kind::Prioritized).
        Prioritized = "prioritized",
        /// Of [`Kind::RatingRequested`](super::Kind::RatingRequested).
        RatingRequested = "rating_requested",
        /// Of [`Kind::Rated`](super::Kind::Rated).
        Rated = "rated",
        /// Of [`Kind::Tagged`](super::Kind::Tagged).
        Tagged = "tagged",
        /// Of [`Kind::Mention`](super::Kind::Mention).
        Mention = "mention",
        /// Of [`Kind::Removed`](super::Kind::Removed).
        Removed = "removed",
        /// Of [`Kind::Assigned`](super::Kind::Assigned).
        Assigned = "assigned",
        /// Of [`Kind::Pending`](super::Kind::Pending).
        Pending = "pending",
        /// Of [`Kind::Merged`](super::Kind::Merged).
        Merged = "merged",
        /// Of [`Kind::CallbackPromised`](super::Kind::CallbackPromised).
        CallbackPromised = "callback_promised",
        /// Of [`Kind::Edited`](super::Kind::Edited).
        Edited = "edited",
        /// Of [`Kind::Delivery`](super::Kind::Delivery).
        Delivery = "delivery",
        /// Of [`Kind::Gauge`](super::Kind::Gauge).
        Gauge = "gauge",
        /// Of [`Kind::Member`](super::Kind::Member).
        Member = "member",
        /// Of [`Kind::AgentKnown`](super::Kind::AgentKnown).
        AgentKnown = "agent_known",
        /// Of [`Kind::AgentState`](super::Kind::AgentState).
        AgentState = "agent_state",
        /// Of [`Kind::Feed`](super::Kind::Feed).
        Feed = "feed",
        /// Of [`Kind::Other`](super::Kind::Other).
        Other = "other",
    }
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
            assert_eq!(KindName::from_word(kind.word()), Some(kind));
        }
        assert_eq!(KindName::from_word("zz"), None);
    }
}
