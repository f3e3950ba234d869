//! The words that lists on a wall are made of, in its languages.

use crate::board::annotations::Kind;
use crate::board::format::Language;
use crate::event::AgentStatus;

/// A head of a list, or what stands in its place.
#[derive(Clone, Copy)]
pub(super) enum Word {
    Contact,
    Channel,
    Queue,
    Policy,
    Waits,
    Due,
    Late,
    DueNow,
    Paused,
    NobodyWaits,
    NothingAtRisk,
    AlreadyMissed,
    NobodyHere,
    NothingAnnounced,
    ThanYesterday,
    ThanLastWeek,
    Points,
}

impl Language {
    pub(super) fn word(self, word: Word) -> String {
        self.say(match word {
            Word::Contact => "list-contact",
            Word::Channel => "list-channel",
            Word::Queue => "list-queue",
            Word::Policy => "list-policy",
            Word::Waits => "list-waits",
            Word::Due => "list-due",
            Word::Late => "list-late",
            Word::DueNow => "list-due-now",
            Word::Paused => "list-paused",
            Word::NobodyWaits => "list-nobody-waits",
            Word::NothingAtRisk => "list-nothing-at-risk",
            Word::AlreadyMissed => "list-already-missed",
            Word::NobodyHere => "list-nobody-here",
            Word::NothingAnnounced => "list-nothing-announced",
            Word::ThanYesterday => "list-than-yesterday",
            Word::ThanLastWeek => "list-than-last-week",
            Word::Points => "list-points",
        })
    }

    /// "4 min left".
    pub(super) fn left(self, length: &str) -> String {
        self.tell("left", [("length", length.into())])
    }

    /// "18 min late".
    pub(super) fn late_by(self, length: &str) -> String {
        self.tell("verdict-late-by", [("length", length.into())])
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
