//! What somebody is told: the alerts of one group, in words.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::history::{Labels, Ms};
use crate::config::model::Severity;

/// Alerts that one message names; of more it gives the number.
const NAMED_MAX: usize = 10;

/// An alert in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The name of its rule.
    pub(crate) alert: String,
    /// What it is about.
    pub(crate) labels: Labels,
    /// How grave it is.
    pub(crate) severity: Severity,
    /// Since when it has held.
    pub(crate) since_ms: Ms,
    /// One line.
    pub(crate) summary: String,
    /// What it means.
    pub(crate) description: String,
    /// What to do.
    pub(crate) runbook_url: String,
    /// Where to look; empty without a Grafana.
    pub(crate) dashboard_url: String,
}

impl Line {
    /// Tells it from others.
    pub(crate) fn mark(&self) -> String {
        let labels = self.labels.iter().map(|(name, value)| format!("{name}={value:?}"));
        labels.collect::<Vec<_>>().join(",")
    }
}

/// One message to one receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// `site.name`
    pub(crate) site: String,
    /// Which group of alerts it is about.
    pub(crate) group: String,
    /// Alerts that hold.
    pub(crate) firing: Vec<Line>,
    /// Alerts that were told before and are over.
    pub(crate) resolved: Vec<Line>,
    /// The gravest of them.
    pub(crate) severity: Severity,
    /// It tells nothing new: it still holds.
    pub(crate) is_repeated: bool,
    /// As of when.
    pub(crate) at_ms: Ms,
    /// When the group's alerts began, this time.
    pub(crate) since_ms: Ms,
    /// When the receiver was told of the group before.
    pub(crate) before_ms: Option<Ms>,
    /// Where alerts can be silenced, where that is known.
    pub(crate) admin_url: Option<String>,
}

impl Notice {
    /// One line that says it all: a mail's subject.
    pub(crate) fn title(&self) -> String {
        let lines = if self.firing.is_empty() { &self.resolved } else { &self.firing };
        let first = lines.first().map_or("", |line| line.summary.as_str());
        let more = match lines.len() {
            0 | 1 => String::new(),
            all => format!(" (and {} more)", all - 1),
        };
        format!("{}{first}{more}", self.state())
    }

    /// The same of the same message, however often it is tried; another one of each other message.
    pub(crate) fn id(&self) -> String {
        let marks = self.firing.iter().chain(&self.resolved).map(Line::mark);
        let before = self.before_ms.map(|it| it.to_string()).unwrap_or_default();
        let before = format!("{} {before}", self.since_ms);
        let counts = format!("{} {}", self.firing.len(), self.resolved.len());
        let of: Vec<String> =
            [self.group.clone(), before, counts].into_iter().chain(marks).collect();
        hex::encode(&Sha256::digest(of.join("\n").as_bytes())[..16])
    }

    fn state(&self) -> &'static str {
        match (self.firing.is_empty(), self.severity, self.is_repeated) {
            (true, ..) => "Over: ",
            (false, _, true) => "Still: ",
            (false, Severity::Page, _) => "Now: ",
            (false, Severity::Ticket, _) => "",
        }
    }

    /// The message as plain text, `bytes_max` at most.
    pub(crate) fn text(&self, zone: &TimeZone, bytes_max: usize) -> String {
        let mut text = format!("{} {}\n", self.icon(), self.site);
        for (lines, is_over) in [(&self.firing, false), (&self.resolved, true)] {
            for line in lines.iter().take(NAMED_MAX) {
                put(&mut text, line, is_over, zone);
            }
            if let more @ 1.. = lines.len().saturating_sub(NAMED_MAX) {
                // Writing into a text cannot fail.
                let _ = writeln!(text, "\n… and {more} more");
            }
        }
        if let Some(url) = self.admin_url.as_ref().filter(|_| !self.firing.is_empty()) {
            let _ = writeln!(text, "\nSilence: {}/admin/alerts", url.trim_end_matches('/'));
        }
        cut(text.trim_end(), bytes_max)
    }

    /// Seen before anything is read.
    fn icon(&self) -> &'static str {
        match (self.firing.is_empty(), self.severity) {
            (true, _) => "✅",
            (false, Severity::Page) => "🔴",
            (false, Severity::Ticket) => "🟠",
        }
    }
}

fn put(text: &mut String, line: &Line, is_over: bool, zone: &TimeZone) {
    let since = Timestamp::from_millisecond(line.since_ms).unwrap_or_default();
    let since = since.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    if is_over {
        let _ = writeln!(text, "\nOver: {}\n(since {since})", line.summary);
        return;
    }
    let _ = writeln!(text, "\n{}\n{}\nSince {since}", line.summary, line.description);
    for (word, url) in [("What to do", &line.runbook_url), ("Look", &line.dashboard_url)] {
        if url.starts_with("http") {
            let _ = writeln!(text, "{word}: {url}");
        }
    }
}

/// The beginning of a text, whole letters.
fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(bytes_max.saturating_sub('…'.len_utf8()));
    format!("{}…", &text[..end])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An alert of a queue.
    pub(crate) fn line(alert: &str, queue: &str, severity: Severity) -> Line {
        let labels = [("alertname", alert), ("queue", queue), ("severity", severity.word())];
        Line {
            alert: alert.to_owned(),
            labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            severity,
            since_ms: 1_790_000_000_000,
            summary: format!("{queue}: it is so"),
            description: "It means that.".to_owned(),
            runbook_url: format!("https://example.org/{alert}.md"),
            dashboard_url: "/d/tablica-queue".to_owned(),
        }
    }

    pub(crate) fn notice(firing: Vec<Line>, resolved: Vec<Line>) -> Notice {
        Notice {
            site: "Harbour".to_owned(),
            group: String::new(),
            severity: Severity::Page,
            is_repeated: false,
            at_ms: 0,
            since_ms: 0,
            before_ms: None,
            admin_url: Some("https://wall.example/".to_owned()),
            firing,
            resolved,
        }
    }

    #[test]
    fn a_message_says_what_is_so_since_when_what_it_means_and_what_to_do() {
        let notice = notice(vec![line("AbandonedMany", "sales", Severity::Page)], Vec::new());
        assert_eq!(notice.title(), "Now: sales: it is so");
        expect_test::expect![[r#"
            🔴 Harbour

            sales: it is so
            It means that.
            Since 2026-09-21 14:13
            What to do: https://example.org/AbandonedMany.md

            Silence: https://wall.example/admin/alerts"#]]
        .assert_eq(&notice.text(&TimeZone::UTC, 4096));
    }

    #[test]
    fn what_is_over_is_said_in_one_line() {
        let notice = notice(Vec::new(), vec![line("AbandonedMany", "sales", Severity::Page)]);
        assert_eq!(notice.title(), "Over: sales: it is so");
        expect_test::expect![[r#"
            ✅ Harbour

            Over: sales: it is so
            (since 2026-09-21 14:13)"#]]
        .assert_eq(&notice.text(&TimeZone::UTC, 4096));
    }

    #[test]
    fn many_alerts_are_counted_and_a_long_text_is_cut_between_letters() {
        let lines =
            (0..12).map(|at| line("AbandonedMany", &format!("очередь {at}"), Severity::Page));
        let notice = notice(lines.collect(), Vec::new());
        assert_eq!(notice.title(), "Now: очередь 0: it is so (and 11 more)");
        assert!(notice.text(&TimeZone::UTC, 100_000).contains("… and 2 more"));
        for max in 100..140 {
            let text = notice.text(&TimeZone::UTC, max);
            assert!(text.len() <= max && text.ends_with('…'), "{max}: {}", text.len());
        }
    }
}
