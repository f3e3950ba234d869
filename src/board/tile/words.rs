//! The words that lists on a wall are made of, in its languages.

use crate::board::annotations::Kind;
use crate::board::format::{self, Language};
use crate::event::AgentStatus;

impl Language {
    /// "4 min left".
    pub(super) fn left(self, length: &str) -> String {
        self.tell("left", [("length", length.into())])
    }

    /// "from 5 contacts".
    pub(super) fn contacts_from(self, number: i64) -> String {
        self.tell("leaderboard-from", [("number", number.into())])
    }

    /// "nobody has 5 contacts yet".
    pub(super) fn nobody_has_contacts(self, number: i64) -> String {
        self.tell("leaderboard-nobody", [("number", number.into())])
    }

    /// "1,052 ratings".
    pub(super) fn ratings(self, number: i64) -> String {
        self.counted("quality-ratings", number)
    }

    /// "only 7 ratings".
    pub(super) fn only_ratings(self, number: i64) -> String {
        self.counted("quality-only-ratings", number)
    }

    /// A count that its word goes by.
    fn counted(self, message: &str, number: i64) -> String {
        // Counts of contacts are far below 2^53.
        let count = format::count(number as f64, self);
        self.tell(message, [("number", number.into()), ("count", count.into())])
    }

    /// "40% of those asked answered (52 of 130)".
    pub(super) fn asked_answered(self, share: &str, counts: &str) -> String {
        self.tell("quality-answered", [("share", share.into()), ("counts", counts.into())])
    }

    /// What customers rate, of the names that everybody uses; any other stays as it is.
    pub(super) fn dimension(self, name: &str) -> String {
        self.say(match name {
            "clear" => "dimension-clear",
            "easy" => "dimension-easy",
            "correct" => "dimension-correct",
            "fast" => "dimension-fast",
            _ => return name.to_owned(),
        })
    }

    /// "usually 12 · +0.8 σ".
    pub(super) fn usually(self, count: &str, sigma: &str) -> String {
        self.tell("attention-usually", [("count", count.into()), ("sigma", sigma.into())])
    }

    /// "of 1,204 never got an answer".
    pub(super) fn never_answered_of(self, contacts: &str) -> String {
        self.tell("reachability-of", [("contacts", contacts.into())])
    }

    /// Monday first.
    pub(super) fn weekdays_short(self) -> [String; 7] {
        [
            "weekday-mon",
            "weekday-tue",
            "weekday-wed",
            "weekday-thu",
            "weekday-fri",
            "weekday-sat",
            "weekday-sun",
        ]
        .map(|day| self.say(day))
    }

    /// "last 4 weeks".
    pub(super) fn last_weeks(self, weeks: usize) -> String {
        self.tell("last-weeks", [("number", weeks.into())])
    }

    /// What an agent does.
    pub(super) fn agent_status(self, status: AgentStatus) -> String {
        self.say(match status {
            AgentStatus::Available => "status-available",
            AgentStatus::Ringing => "status-ringing",
            AgentStatus::Talking => "status-talking",
            AgentStatus::Hold => "status-hold",
            AgentStatus::AfterWork => "status-after-work",
            AgentStatus::Paused => "status-paused",
            AgentStatus::Offline => "status-offline",
        })
    }

    /// What an annotation is about; nothing where that says nothing.
    pub(super) fn annotation_kind(self, kind: Kind) -> Option<String> {
        Some(self.say(match kind {
            Kind::Campaign => "annotation-campaign",
            Kind::Release => "annotation-release",
            Kind::Outage => "annotation-outage",
            Kind::Other | Kind::Message => return None,
        }))
    }
}
