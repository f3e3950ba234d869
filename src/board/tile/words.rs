//! The words that lists on a wall are made of, in its languages.

use crate::board::annotations::Kind;
use crate::board::format::Language;
use crate::event::AgentStatus;

impl Language {
    /// "4 min left".
    pub(super) fn left(self, length: &str) -> String {
        self.tell("left", [("length", length.into())])
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
            Kind::Other => return None,
        }))
    }
}
