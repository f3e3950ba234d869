//! Who is told what, and when.
//!
//! Alerts that have their name, queue, channel and policy in common are a group and one message. A new
//! group waits a little for company, one that changed is told again no sooner than after a while, and what
//! still holds is repeated: pages sooner than tickets. A message that was not taken is tried again with
//! what is so by then, later and later; nothing piles up meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::history::Ms;
use super::inhibit::{self, Inhibition};
use super::notice::{Line, Notice};
use super::silence::Silences;
use crate::config::model::{Alerts, Audience, Config, Receiver, Severity};

/// Labels that the alerts of a group have in common, as in `grafana/alertmanager.yml`.
const GROUP_BY: [&str; 5] = ["alertname", "job", "queue", "channel", "policy"];
/// Alerts whose name begins so are about the server, its doors and its screens.
const OPERATORS: &str = "Tablica";
/// The floor's figures and the operator's work: both are told.
const OF_BOTH: &str = "ChannelFeedSilent";
/// How long the first retry waits; each further one twice as long.
const RETRY_MS: Ms = 5_000;
const RETRY_MS_MAX: Ms = 300_000;
/// That something is over is tried so often; then nobody needs it any more.
const OVER_TRIES_MAX: u32 = 12;

/// What a receiver was told of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Group {
    /// When it was there first.
    since_ms: Ms,
    /// When the receiver was told last.
    told_ms: Option<Ms>,
    /// The alerts that held then, by their mark.
    told: BTreeMap<String, Line>,
    /// Tries that failed since.
    #[serde(default)]
    failed: u32,
    #[serde(default)]
    next_try_ms: Ms,
}

/// What every receiver was told; kept on disk, so that a restart repeats nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told(BTreeMap<String, BTreeMap<String, Group>>);

/// What decides who is told.
pub(crate) struct Desk {
    pub(crate) alerts: Alerts,
    pub(crate) receivers: BTreeMap<String, Receiver>,
    pub(crate) inhibitions: Vec<Inhibition>,
    pub(crate) zone: TimeZone,
    pub(crate) site: String,
    pub(crate) admin_url: Option<String>,
}

/// A message that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// To whom.
    pub(crate) receiver: String,
    /// What.
    pub(crate) notice: Notice,
    /// What holds of the group's alerts, once it is told.
    holds: BTreeMap<String, Line>,
}

/// Why somebody is not told of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mute {
    /// `alerts.off`
    Off,
    /// By a silence, until then.
    Silenced(Ms),
    /// Another alert says why.
    Explained(String),
}

impl Desk {
    /// By a config.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            alerts: config.alerts.clone(),
            receivers: config.receivers.clone(),
            // A test reads them: they ship with the server.
            inhibitions: inhibit::shipped().unwrap_or_default(),
            zone: config.site.time_zone.clone(),
            site: config.site.name.clone(),
            admin_url: config.server.admin_url.clone(),
        }
    }

    /// A message that tells nothing but that it comes.
    pub(crate) fn test(&self, receiver: &str, now_ms: Ms) -> Notice {
        let line = Line {
            alert: "Test".to_owned(),
            labels: [("alertname".to_owned(), "Test".to_owned())].into(),
            severity: Severity::Ticket,
            since_ms: now_ms,
            summary: "This is a test".to_owned(),
            description: format!("Whoever reads this is told of alerts by [notify.{receiver}]."),
            runbook_url: String::new(),
            dashboard_url: String::new(),
        };
        Notice {
            site: self.site.clone(),
            group: format!("test {now_ms}"),
            severity: line.severity,
            firing: vec![line],
            resolved: Vec::new(),
            is_repeated: false,
            at_ms: now_ms,
            before_ms: None,
            admin_url: self.admin_url.clone(),
        }
    }

    /// Whose an alert is, by name.
    pub(crate) fn receivers_of(&self, line: &Line) -> Vec<String> {
        let theirs = self.receivers.iter().filter(|(_, receiver)| is_for(receiver, line));
        theirs.map(|(name, _)| name.clone()).collect()
    }

    /// Why nobody is told of an alert, if so.
    pub(crate) fn muted(
        &self,
        line: &Line,
        all: &[Line],
        silences: &Silences,
        now_ms: Ms,
    ) -> Option<Mute> {
        if self.alerts.off.contains(&line.alert) {
            return Some(Mute::Off);
        }
        if let Some(silence) = silences.of(&line.alert, &line.labels, now_ms) {
            return Some(Mute::Silenced(silence.until_ms));
        }
        let told = (line.alert.as_str(), &line.labels);
        let explains = |cause: &&Line| {
            let cause = (cause.alert.as_str(), &cause.labels);
            self.inhibitions.iter().any(|it| it.explains(cause, told))
        };
        all.iter().find(explains).map(|cause| Mute::Explained(cause.alert.clone()))
    }

    /// Messages that are due, by all alerts that hold now.
    pub(crate) fn due(
        &self,
        firing: &[Line],
        silences: &Silences,
        told: &mut Told,
        now_ms: Ms,
    ) -> Vec<Due> {
        let is_muted = |line: &Line| self.muted(line, firing, silences, now_ms).is_some();
        let muted: BTreeSet<String> =
            firing.iter().filter(|line| is_muted(line)).map(Line::mark).collect();
        told.0.retain(|name, _| self.receivers.contains_key(name));
        let mut due = Vec::new();
        for (name, receiver) in &self.receivers {
            let groups = told.0.entry(name.clone()).or_default();
            let mut now: BTreeMap<String, BTreeMap<String, Line>> =
                groups.keys().map(|key| (key.clone(), BTreeMap::new())).collect();
            for line in firing.iter().filter(|line| is_for(receiver, line)) {
                let key = group_of(line);
                let mark = line.mark();
                // Who was told already is not told that it is over, only because it is silenced.
                let was_told = groups.get(&key).is_some_and(|it| it.told.contains_key(&mark));
                if !muted.contains(&mark) || was_told {
                    now.entry(key).or_default().insert(mark, line.clone());
                }
            }
            let is_quiet = self.is_quiet(receiver, now_ms);
            for (key, holds) in now {
                let group = groups
                    .entry(key.clone())
                    .or_insert_with(|| Group { since_ms: now_ms, ..Group::default() });
                match self.turn(receiver, group, &holds, is_quiet, &muted, now_ms) {
                    Turn::Tell { is_repeated } => {
                        let notice = self.notice(&key, group, &holds, is_repeated, now_ms);
                        due.push(Due { receiver: name.clone(), notice, holds });
                    }
                    Turn::Forget => drop(groups.remove(&key)),
                    Turn::Leave => {}
                }
            }
        }
        due
    }

    fn turn(
        &self,
        receiver: &Receiver,
        group: &mut Group,
        holds: &BTreeMap<String, Line>,
        is_quiet: bool,
        muted: &BTreeSet<String>,
        now_ms: Ms,
    ) -> Turn {
        let Some(told_ms) = group.told_ms else {
            if holds.is_empty() {
                return Turn::Forget;
            }
            let waits = is_quiet && gravest(holds) == Severity::Ticket;
            let is_due = now_ms - group.since_ms >= ms(self.alerts.group_wait)
                && now_ms >= group.next_try_ms
                && !waits;
            return if is_due { Turn::Tell { is_repeated: false } } else { Turn::Leave };
        };
        let is_new = holds.keys().any(|mark| !group.told.contains_key(mark));
        let is_over = group.told.keys().any(|mark| !holds.contains_key(mark));
        if holds.is_empty() && !receiver.resolved {
            return Turn::Forget;
        }
        if holds.is_empty() && group.failed >= OVER_TRIES_MAX {
            return Turn::Forget;
        }
        if is_over && !is_new && !receiver.resolved {
            group.told.retain(|mark, _| holds.contains_key(mark));
        }
        if now_ms < group.next_try_ms {
            return Turn::Leave;
        }
        let gravest = gravest(if holds.is_empty() { &group.told } else { holds });
        if is_quiet && gravest == Severity::Ticket {
            return Turn::Leave;
        }
        let since_told_ms = now_ms - told_ms;
        if is_new || is_over && receiver.resolved {
            let is_due = since_told_ms >= ms(self.alerts.group_interval);
            return if is_due { Turn::Tell { is_repeated: false } } else { Turn::Leave };
        }
        let repeat = match gravest {
            Severity::Page => self.alerts.repeat_pages,
            Severity::Ticket => self.alerts.repeat_tickets,
        };
        let all_muted = holds.keys().all(|mark| muted.contains(mark));
        if since_told_ms >= ms(repeat) && !all_muted {
            Turn::Tell { is_repeated: true }
        } else {
            Turn::Leave
        }
    }

    fn notice(
        &self,
        key: &str,
        group: &Group,
        holds: &BTreeMap<String, Line>,
        is_repeated: bool,
        now_ms: Ms,
    ) -> Notice {
        let over = group.told.iter().filter(|(mark, _)| !holds.contains_key(*mark));
        let resolved: Vec<Line> = over.map(|(_, line)| line.clone()).collect();
        Notice {
            site: self.site.clone(),
            group: key.to_owned(),
            severity: gravest(if holds.is_empty() { &group.told } else { holds }),
            firing: holds.values().cloned().collect(),
            resolved,
            is_repeated,
            at_ms: now_ms,
            before_ms: group.told_ms,
            admin_url: self.admin_url.clone(),
        }
    }

    fn is_quiet(&self, receiver: &Receiver, now_ms: Ms) -> bool {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
        let now = now.to_zoned(self.zone.clone());
        receiver.quiet_hours.iter().any(|it| it.covers(now.hour(), now.minute()))
    }
}

enum Turn {
    Tell { is_repeated: bool },
    Leave,
    Forget,
}

impl Told {
    /// It was taken.
    pub(crate) fn was_told(&mut self, due: &Due, now_ms: Ms) {
        let groups = self.0.entry(due.receiver.clone()).or_default();
        if due.holds.is_empty() {
            groups.remove(&due.notice.group);
            return;
        }
        let group = groups.entry(due.notice.group.clone()).or_default();
        (group.failed, group.next_try_ms) = (0, 0);
        group.told_ms = Some(now_ms);
        group.told.clone_from(&due.holds);
    }

    /// It was not, and is tried again.
    pub(crate) fn has_failed(&mut self, due: &Due, now_ms: Ms) {
        let groups = self.0.entry(due.receiver.clone()).or_default();
        let group = groups.entry(due.notice.group.clone()).or_default();
        let wait_ms = RETRY_MS.saturating_mul(1 << group.failed.min(10)).min(RETRY_MS_MAX);
        group.failed = group.failed.saturating_add(1);
        group.next_try_ms = now_ms + wait_ms;
    }
}

fn is_for(receiver: &Receiver, line: &Line) -> bool {
    let is_operators = line.alert.starts_with(OPERATORS);
    let is_of_both = line.alert == OF_BOTH;
    let is_theirs = match receiver.about {
        Audience::All => true,
        Audience::Floor => !is_operators || is_of_both,
        Audience::Operator => is_operators || is_of_both,
    };
    is_theirs && !(receiver.pages_only && line.severity == Severity::Ticket)
}

fn group_of(line: &Line) -> String {
    let value = |name: &&str| line.labels.get(*name).map(|value| format!("{name}={value:?}"));
    GROUP_BY.iter().filter_map(value).collect::<Vec<_>>().join(",")
}

fn gravest(lines: &BTreeMap<String, Line>) -> Severity {
    let is_page = lines.values().any(|line| line.severity == Severity::Page);
    if is_page { Severity::Page } else { Severity::Ticket }
}

fn ms(length: Duration) -> Ms {
    Ms::try_from(length.as_millis()).unwrap_or(Ms::MAX)
}

#[cfg(test)]
mod tests;
