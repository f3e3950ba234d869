//! What is said, by what it is about: each has its message, or one of a few.

use super::Language;
use crate::scope::Window;

impl Language {
    /// The decimal sign.
    pub fn decimal(self) -> &'static str {
        &self.numbers().decimal
    }

    /// What stands between groups of three digits, in numbers of so many digits or more.
    pub fn grouping(self) -> (&'static str, usize) {
        (&self.numbers().group, self.numbers().group_from)
    }

    /// A figure with its unit in one piece: "80%".
    pub fn with_unit(self, figure: &str, unit: &str) -> String {
        self.tell("figure-with-unit", [("figure", figure.into()), ("unit", unit.into())])
    }

    /// "20 s".
    pub fn seconds(self, number: i64) -> String {
        self.tell("length-seconds", [("number", number.into())])
    }

    /// "15 min".
    pub fn minutes(self, number: i64) -> String {
        self.tell("length-minutes", [("number", number.into())])
    }

    /// "2 h".
    pub fn hours(self, number: i64) -> String {
        self.tell("length-hours", [("number", number.into())])
    }

    /// "40 days", "1 day".
    pub fn days_in_full(self, number: i64) -> String {
        self.tell("length-days-in-full", [("number", number.into())])
    }

    /// Seconds, minutes, hours and days in units so short that two stand side by side.
    pub fn short_units(self) -> &'static [String; 4] {
        &self.numbers().short_units
    }

    /// "per minute".
    pub fn per_minute(self) -> String {
        self.say("per-minute")
    }

    /// "3 min ago".
    pub fn ago(self, length: &str) -> String {
        self.tell("ago", [("length", length.into())])
    }

    /// "18 min late".
    pub fn late_by(self, length: &str) -> String {
        self.tell("verdict-late-by", [("length", length.into())])
    }

    /// "833 of 1,017".
    pub fn of(self, part: &str, whole: &str) -> String {
        self.tell("part-of-whole", [("part", part.into()), ("whole", whole.into())])
    }

    /// "833 of 1,017 in 20 s".
    pub fn within(self, counts: &str, length: &str) -> String {
        self.tell("counts-within", [("counts", counts.into()), ("length", length.into())])
    }

    /// "5 of 7 at goal".
    pub fn at_goal(self, counts: &str) -> String {
        self.tell("counts-at-goal", [("counts", counts.into())])
    }

    /// "worst: Sales 40%".
    pub fn worst(self, who: &str) -> String {
        self.tell("worst", [("who", who.into())])
    }

    /// Contacts for which the network names no queue.
    pub fn no_queue(self) -> String {
        self.say("no-queue")
    }

    /// "all queues".
    pub fn all_queues(self) -> String {
        self.say("all-queues")
    }

    /// "without Telegram since 14:02".
    pub fn without(self, channels: &str, since: Option<&str>) -> String {
        let channels = ("channels", channels.into());
        match since {
            Some(since) => self.tell("without-since", [channels, ("time", since.into())]),
            None => self.tell("without", [channels]),
        }
    }

    /// "last 15 min", "today"; nothing for the state at this moment.
    pub fn window(self, window: Window) -> Option<String> {
        let minutes: i64 = match window {
            Window::Now => return None,
            Window::Today => return Some(self.say("window-today")),
            Window::Yesterday => return Some(self.say("window-yesterday")),
            Window::Shift => return Some(self.say("window-shift")),
            Window::Hours24 => return Some(self.say("window-24-hours")),
            Window::Hours48 => return Some(self.say("window-48-hours")),
            Window::Min5 => 5,
            Window::Min15 => 15,
            Window::Min30 => 30,
            Window::Min60 => 60,
        };
        Some(self.tell("window-minutes", [("number", minutes.into())]))
    }

    /// What a number is called.
    pub fn kpi_title(self, kpi: &str) -> String {
        self.say(&format!("kpi-{kpi}"))
    }

    /// What a number is called above a column: shorter, where its title is long.
    pub fn kpi_column(self, kpi: &str) -> String {
        self.has(&format!("kpi-{kpi}"), Some("column")).unwrap_or_else(|| self.kpi_title(kpi))
    }
}
