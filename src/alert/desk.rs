//! Who is told what, and when.
//!
//! Alerts that have their name, queue, channel and policy in common are a group and one message. A new
//! group waits a little for others, one that changed is told again no sooner than after a while, and what
//! still holds is repeated: pages sooner than tickets. A message that was not taken is tried again with
//! what is so by then, later and later; nothing piles up meanwhile.

mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::told::Group;
pub(crate) use self::told::Told;
use super::history::Ms;
use super::inhibit::{self, Inhibition};
use super::notice::{Line, Notice};
use super::silence::Silences;
use crate::config::model::{Alerts, Audience, Config, Receiver, Severity, Way};

/// Labels that the alerts of a group have in common, as in `grafana/alertmanager.yml`.
const GROUP_BY: [&str; 5] = ["alertname", "job", "queue", "channel", "policy"];
/// Alerts whose name begins so are about the server, its doors and its screens.
const OPERATORS: &str = "Tablica";
/// The floor's figures and the operator's work: both are told.
const OF_BOTH: &str = "ChannelFeedSilent";
/// That something is over is tried so often; then nobody needs it any more.
const OVER_TRIES_MAX: u32 = 12;

/// What decides who is told.
pub(crate) struct Desk {
    pub(crate) alerts: Alerts,
    pub(crate) receivers: BTreeMap<String, Receiver>,
    pub(crate) inhibitions: &'static [Inhibition],
    pub(crate) zone: TimeZone,
    pub(crate) site: String,
    pub(crate) admin_url: Option<String>,
}

/// A message that is due.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Due {
    /// To whom.
    pub(crate) receiver: String,
    /// How.
    pub(crate) to: Receiver,
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
            receivers: config.receivers.iter().flat_map(each_by_themselves).collect(),
            inhibitions: inhibit::shipped(),
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
            since_ms: now_ms,
            before_ms: None,
            admin_url: self.admin_url.clone(),
        }
    }

    /// Whose an alert is, as the config names them.
    pub(crate) fn receivers_of(&self, line: &Line) -> Vec<String> {
        let theirs = self.receivers.iter().filter(|(_, receiver)| is_for(receiver, line));
        let names: BTreeSet<&str> = theirs.map(|(name, _)| named(name)).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The alerts that can explain others: few, however many hold.
    pub(crate) fn causes<'a>(&self, all: &'a [Line]) -> Vec<&'a Line> {
        inhibit::causes(self.inhibitions, all, &self.alerts.off)
    }

    /// Why nobody is told of an alert, if so; `causes` are those that can explain it.
    pub(crate) fn muted(
        &self,
        line: &Line,
        causes: &[&Line],
        silences: &Silences,
        now_ms: Ms,
    ) -> Option<Mute> {
        if let Some(mute) = self.muted_for_all(line, silences, now_ms) {
            return Some(mute);
        }
        let mut theirs =
            self.receivers.values().filter(|receiver| is_for(receiver, line)).peekable();
        theirs.peek()?;
        let explained = theirs.map(|receiver| self.explained(receiver, line, causes));
        // Where one of them is told, it is told.
        explained.collect::<Option<Vec<String>>>()?.pop().map(Mute::Explained)
    }

    fn muted_for_all(&self, line: &Line, silences: &Silences, now_ms: Ms) -> Option<Mute> {
        if self.alerts.off.contains(&line.alert) {
            return Some(Mute::Off);
        }
        let silence = silences.of(&line.alert, &line.labels, now_ms)?;
        Some(Mute::Silenced(silence.until_ms))
    }

    /// The alert that explains another one to a receiver: one that they are told of themselves, and that
    /// is as grave. Else they would hear of neither.
    fn explained(&self, receiver: &Receiver, line: &Line, causes: &[&Line]) -> Option<String> {
        let mut theirs = causes.iter().filter(|cause| is_for(receiver, cause));
        let cause = theirs.find(|cause| inhibit::explains(self.inhibitions, cause, line));
        cause.map(|cause| cause.alert.clone())
    }

    /// Messages that are due, by all alerts that hold now.
    pub(crate) fn due(
        &self,
        firing: &[Line],
        silences: &Silences,
        told: &mut Told,
        now_ms: Ms,
    ) -> Vec<Due> {
        let causes = self.causes(firing);
        let all: BTreeSet<String> = firing.iter().map(Line::mark).collect();
        told.0.retain(|name, _| self.receivers.contains_key(name));
        let mut due = Vec::new();
        for (name, receiver) in &self.receivers {
            let groups = told.0.entry(name.clone()).or_default();
            let mut now: BTreeMap<String, Holding> =
                groups.keys().map(|key| (key.clone(), Holding::default())).collect();
            for line in firing.iter().filter(|line| is_for(receiver, line)) {
                let (key, mark) = (group_of(line), line.mark());
                // Who was told already is not told that it is over, only because it is silenced.
                let was_told = groups.get(&key).is_some_and(|it| it.told.contains_key(&mark));
                let is_muted = self.muted_for_all(line, silences, now_ms).is_some()
                    || self.explained(receiver, line, &causes).is_some();
                if is_muted && !was_told {
                    continue;
                }
                let holding = now.entry(key).or_default();
                if is_muted {
                    holding.muted.insert(mark.clone());
                }
                holding.lines.insert(mark, line.clone());
            }
            let is_quiet = self.is_quiet(receiver, now_ms);
            for (key, holding) in now {
                let group = groups
                    .entry(key.clone())
                    .or_insert_with(|| Group { since_ms: now_ms, ..Group::default() });
                // What still holds and is no longer this receiver's is not over.
                group
                    .told
                    .retain(|mark, _| holding.lines.contains_key(mark) || !all.contains(mark));
                match self.turn(receiver, group, &holding, is_quiet, now_ms) {
                    Turn::Tell { is_repeated } => {
                        let notice =
                            self.notice((&key, receiver), group, &holding, is_repeated, now_ms);
                        if notice.firing.is_empty() && notice.resolved.is_empty() {
                            continue;
                        }
                        let (to, holds) = (receiver.clone(), holding.lines);
                        due.push(Due { receiver: name.clone(), to, notice, holds });
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
        holding: &Holding,
        is_quiet: bool,
        now_ms: Ms,
    ) -> Turn {
        let holds = &holding.lines;
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
        let since_told_ms = now_ms - told_ms;
        if !receiver.resolved {
            group.told.retain(|mark, _| holds.contains_key(mark));
        }
        if holds.is_empty() && group.told.is_empty() {
            // Kept for a while: what comes and goes is told no more often than what stays.
            let is_past = since_told_ms >= ms(self.alerts.group_interval);
            return if is_past { Turn::Forget } else { Turn::Leave };
        }
        if group.over_failed >= OVER_TRIES_MAX && holds.is_empty() {
            return Turn::Forget;
        }
        if now_ms < group.next_try_ms {
            return Turn::Leave;
        }
        let gravest = gravest(if holds.is_empty() { &group.told } else { holds });
        if is_quiet && gravest == Severity::Ticket {
            return Turn::Leave;
        }
        let is_new = holds.keys().any(|mark| !group.told.contains_key(mark));
        let is_over = group.told.keys().any(|mark| !holds.contains_key(mark));
        if is_new || is_over {
            let is_due = since_told_ms >= ms(self.alerts.group_interval);
            return if is_due { Turn::Tell { is_repeated: false } } else { Turn::Leave };
        }
        let repeat = match gravest {
            Severity::Page => self.alerts.repeat_pages,
            Severity::Ticket => self.alerts.repeat_tickets,
        };
        let is_due = since_told_ms >= ms(repeat);
        if is_due { Turn::Tell { is_repeated: true } } else { Turn::Leave }
    }

    fn notice(
        &self,
        (key, receiver): (&str, &Receiver),
        group: &Group,
        holding: &Holding,
        is_repeated: bool,
        now_ms: Ms,
    ) -> Notice {
        let holds = &holding.lines;
        let over = group.told.iter().filter(|(mark, _)| !holds.contains_key(*mark));
        let over = over.filter(|_| receiver.resolved);
        let firing = holds.iter().filter(|(mark, _)| !holding.muted.contains(*mark));
        Notice {
            site: self.site.clone(),
            group: key.to_owned(),
            severity: gravest(if holds.is_empty() { &group.told } else { holds }),
            firing: firing.map(|(_, line)| line.clone()).collect(),
            resolved: over.map(|(_, line)| line.clone()).collect(),
            is_repeated,
            at_ms: now_ms,
            since_ms: group.since_ms,
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

/// What holds of a group's alerts for a receiver, by mark.
#[derive(Default)]
struct Holding {
    lines: BTreeMap<String, Line>,
    /// Those of them that are told no further.
    muted: BTreeSet<String>,
}

enum Turn {
    Tell { is_repeated: bool },
    Leave,
    Forget,
}

/// What stands between a receiver's name in the config and the number of one of their addresses; no name has it.
const NUMBERED: char = '/';

/// The name in the config.
pub(crate) fn named(receiver: &str) -> &str {
    receiver.split(NUMBERED).next().unwrap_or(receiver)
}

/// People who get mail are told one by one: who has one that cannot be reached beside them is told once.
fn each_by_themselves((name, receiver): (&String, &Receiver)) -> Vec<(String, Receiver)> {
    let Way::Mail { to } = &receiver.way else { return vec![(name.clone(), receiver.clone())] };
    let one = |(number, address): (usize, &String)| {
        let way = Way::Mail { to: vec![address.clone()] };
        (format!("{name}{NUMBERED}{number}"), Receiver { way, ..receiver.clone() })
    };
    to.iter().enumerate().map(one).collect()
}

/// Whose the alert of that name is.
pub(crate) fn audience(alert: &str) -> Audience {
    match alert {
        OF_BOTH => Audience::All,
        _ if alert.starts_with(OPERATORS) => Audience::Operator,
        _ => Audience::Floor,
    }
}

fn is_for(receiver: &Receiver, line: &Line) -> bool {
    let is_left_out = receiver.pages_only && line.severity == Severity::Ticket;
    receiver.about.hears_of(audience(&line.alert)) && !is_left_out
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
