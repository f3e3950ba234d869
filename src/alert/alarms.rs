//! The handle of everybody who watches, tells, shows or silences alerts.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::desk::{Desk, Due, Mute, Told};
use super::evaluate::{Sample, evaluate};
use super::expression::{Expression, LOOK_BACK_MS};
use super::history::{History, Kept, Labels, Ms, Wanted};
use super::notice::Line;
use super::rules::{Alert, Rules};
use super::scrape;
use super::silence::{Silence, SilenceError, Silences, Wish};
use super::text::{About, Text};
use super::watch::{Raised, Watch};
use crate::config::model::Severity;
use crate::telemetry::names;

/// How long it is kept that a message was or was not taken: as long as the server runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// When the receiver took one last.
    pub(crate) sent_ms: Option<Ms>,
    /// Why the last one was not taken; none if it was.
    pub(crate) trouble: Option<String>,
    /// How many were taken.
    pub(crate) sent: u64,
    /// How many tries failed.
    pub(crate) failed: u64,
}

/// An alert that holds, and why nobody is told of it, if so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    /// In words.
    pub(crate) line: Line,
    /// Whose it is, by name.
    pub(crate) receivers: Vec<String>,
    /// Why nobody is told.
    pub(crate) mute: Option<Mute>,
}

/// What is known of alerts at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overview {
    /// Those that hold: pages first, then the longest.
    pub(crate) held: Vec<Held>,
    /// How many are about to.
    pub(crate) pending: usize,
    /// Silences that hold.
    pub(crate) silences: Vec<Silence>,
    /// What became of messages, by receiver.
    pub(crate) deliveries: BTreeMap<String, Delivery>,
    /// As of when; none before the first look.
    pub(crate) looked_ms: Option<Ms>,
}

/// What a later run goes on with.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    silences: Silences,
    told: Told,
    raised: Vec<Raised>,
}

/// A rule's texts, read once.
struct Words {
    severity: Severity,
    annotations: BTreeMap<&'static str, Text>,
}

/// What a message says of an alert.
const ANNOTATIONS: [&str; 4] = ["summary", "description", "runbook_url", "dashboard_url"];

struct Inside {
    history: History,
    watch: Watch,
    lines: Vec<Line>,
    silences: Silences,
    told: Told,
    deliveries: BTreeMap<String, Delivery>,
    looked_ms: Option<Ms>,
    /// Series of the last look that are beyond `alerts.series_max`.
    left_out: usize,
    /// Grows with everything that must outlive the server.
    changes: u64,
}

/// All alerts.
pub(crate) struct Alarms {
    rules: Rules,
    words: BTreeMap<String, Words>,
    /// Labels of every series, as a scrape gives them: `job` and `instance`.
    own: Labels,
    /// External labels of Prometheus that texts name.
    external: Labels,
    inside: Mutex<Inside>,
}

impl Alarms {
    /// With the rules that ship. `instance` is what the server is called in alerts.
    pub(crate) fn new(
        instance: &str,
        grafana_url: Option<&str>,
        series_max: usize,
    ) -> anyhow::Result<Self> {
        let rules = super::shipped()?;
        let words = rules.alerts.iter().map(|alert| Ok((alert.name.clone(), words(alert)?)));
        let words = words.collect::<anyhow::Result<BTreeMap<_, _>>>()?;
        let mut wanted = rules.wanted();
        for text in rules.alerts.iter().flat_map(|alert| alert.annotations.values()) {
            want_metrics_of(text, &mut wanted);
        }
        let labels = |pairs: &[(&str, &str)]| -> Labels {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Ok(Self {
            own: labels(&[("job", "tablica"), ("instance", instance)]),
            external: grafana_url.map(|it| labels(&[("grafana_url", it)])).unwrap_or_default(),
            words,
            inside: Mutex::new(Inside {
                history: History::new(wanted, series_max),
                watch: Watch::default(),
                lines: Vec::new(),
                silences: Silences::default(),
                told: Told::default(),
                deliveries: BTreeMap::new(),
                looked_ms: None,
                left_out: 0,
                changes: 0,
            }),
            rules,
        })
    }

    /// Goes on where an earlier run was.
    pub(crate) fn take_up(&self, state: State, history: Kept) {
        let mut inside = self.lock();
        inside.silences = state.silences;
        inside.told = state.told;
        inside.watch = Watch::take_up(state.raised);
        inside.history.take_up(history);
    }

    /// What a later run goes on with.
    pub(crate) fn state(&self) -> State {
        let inside = self.lock();
        State {
            silences: inside.silences.clone(),
            told: inside.told.clone(),
            raised: inside.watch.raised().cloned().collect(),
        }
    }

    /// The metrics of the last while, for a later run.
    pub(crate) fn history(&self) -> Kept {
        self.lock().history.to_keep()
    }

    /// Another number than before when something has changed that must outlive the server.
    pub(crate) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// Looks at all rules by the metrics' text of now, and says what is to be told.
    pub(crate) fn look(&self, metrics: &str, desk: &Desk, now_ms: Ms) -> Vec<Due> {
        let inside = &mut *self.lock();
        inside.history.hold(desk.alerts.series_max);
        scrape::note(metrics, &self.own, now_ms, &mut inside.history);
        let recorded: Vec<&str> =
            self.rules.recordings.iter().map(|it| it.record.as_str()).collect();
        inside.history.close(now_ms, |metric| !recorded.contains(&metric));
        for (rule, error) in inside.watch.look(&self.rules, &mut inside.history, now_ms) {
            tracing::warn!(rule, %error, "an alert cannot be evaluated");
        }
        let lines: Vec<Line> = inside
            .watch
            .raised()
            .filter(|raised| raised.firing_ms.is_some())
            .map(|raised| self.line(raised, &inside.history, now_ms))
            .collect();
        let before = (inside.told.clone(), inside.lines.len());
        let left_out = inside.history.take_left_out();
        if left_out > 0 && inside.left_out == 0 {
            tracing::warn!(
                left_out,
                "alerts do not see series beyond alerts.series_max: what concerns them is not told"
            );
        }
        inside.left_out = left_out;
        let is_less = inside.silences.forget(now_ms);
        let due = desk.due(&lines, &inside.silences, &mut inside.told, now_ms);
        inside.lines = lines;
        inside.looked_ms = Some(now_ms);
        if is_less || before != (inside.told.clone(), inside.lines.len()) {
            inside.changes += 1;
        }
        due
    }

    /// A receiver took a message, or why it did not.
    pub(crate) fn note(&self, due: &Due, outcome: Result<(), String>, now_ms: Ms) {
        let inside = &mut *self.lock();
        let delivery = inside.deliveries.entry(due.receiver.clone()).or_default();
        match outcome {
            Ok(()) => {
                delivery.sent += 1;
                (delivery.sent_ms, delivery.trouble) = (Some(now_ms), None);
                inside.told.was_told(due, now_ms);
            }
            Err(why) => {
                delivery.failed += 1;
                delivery.trouble = Some(why);
                inside.told.has_failed(due, now_ms);
            }
        }
        inside.changes += 1;
    }

    /// What became of a message that somebody sent as a test.
    pub(crate) fn note_test(&self, receiver: &str, outcome: &Result<(), String>, now_ms: Ms) {
        let inside = &mut *self.lock();
        let delivery = inside.deliveries.entry(receiver.to_owned()).or_default();
        match outcome {
            Ok(()) => {
                delivery.sent += 1;
                (delivery.sent_ms, delivery.trouble) = (Some(now_ms), None);
            }
            Err(why) => {
                delivery.failed += 1;
                delivery.trouble = Some(why.clone());
            }
        }
    }

    /// Everything, for those who look.
    pub(crate) fn overview(&self, desk: &Desk, now_ms: Ms) -> Overview {
        let inside = self.lock();
        let held = inside.lines.iter().map(|line| Held {
            line: line.clone(),
            receivers: desk.receivers_of(line),
            mute: desk.muted(line, &inside.lines, &inside.silences, now_ms),
        });
        let mut held: Vec<Held> = held.collect();
        held.sort_by_key(|it| (it.line.severity, it.mute.is_some(), it.line.since_ms));
        let pending = inside.watch.raised().filter(|it| it.firing_ms.is_none()).count();
        let silences = inside.silences.all().iter().filter(|it| it.until_ms > now_ms);
        Overview {
            held,
            pending,
            silences: silences.cloned().collect(),
            deliveries: inside.deliveries.clone(),
            looked_ms: inside.looked_ms,
        }
    }

    /// Silences alerts for a while.
    pub(crate) fn silence(
        &self,
        wish: Wish,
        max: usize,
        now_ms: Ms,
    ) -> Result<Silence, SilenceError> {
        let known: Vec<&str> = self.rules.alerts.iter().map(|it| it.name.as_str()).collect();
        let inside = &mut *self.lock();
        let silence = inside.silences.add(wish, &known, max, now_ms)?;
        inside.changes += 1;
        Ok(silence)
    }

    /// Ends a silence; false where there is none.
    pub(crate) fn end_silence(&self, id: u64) -> bool {
        let inside = &mut *self.lock();
        let is_gone = inside.silences.remove(id);
        inside.changes += u64::from(is_gone);
        is_gone
    }

    /// Sets their metrics: each alert has a number from the beginning.
    pub(crate) fn publish(&self) {
        let inside = self.lock();
        for alert in &self.rules.alerts {
            let hold = inside.lines.iter().filter(|line| line.alert == alert.name).count();
            names::ALERTS.set(&[&alert.name], hold as f64);
        }
        names::ALERT_SERIES_LEFT_OUT.set(&[], inside.left_out as f64);
        for (receiver, delivery) in &inside.deliveries {
            names::ALERT_MESSAGES.reach(&[receiver, "sent"], delivery.sent);
            names::ALERT_MESSAGES.reach(&[receiver, "failed"], delivery.failed);
        }
    }

    fn line(&self, raised: &Raised, history: &History, now_ms: Ms) -> Line {
        let words = self.words.get(&raised.alert);
        let about = About { labels: &raised.labels, value: raised.value, external: &self.external };
        let mut query = |text: &str| -> Result<Vec<Sample>, String> {
            let expression = Expression::parse(text).map_err(|error| error.to_string())?;
            evaluate(&expression, history, now_ms).map_err(|error| error.to_string())
        };
        let mut said = |name: &str| {
            let text = words.and_then(|words| words.annotations.get(name));
            let text = text.map(|text| text.render(&about, &mut query));
            match text {
                Some(Ok(text)) => text,
                // It holds all the same, and is told by its name.
                Some(Err(error)) => {
                    tracing::warn!(alert = raised.alert, %error, "an alert's words cannot be written");
                    raised.alert.clone()
                }
                None => String::new(),
            }
        };
        Line {
            alert: raised.alert.clone(),
            labels: raised.labels.clone(),
            severity: words.map_or(Severity::Ticket, |words| words.severity),
            since_ms: raised.since_ms,
            summary: said("summary"),
            description: said("description"),
            runbook_url: said("runbook_url"),
            dashboard_url: said("dashboard_url"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Each change is whole before anything can fail.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn words(alert: &Alert) -> anyhow::Result<Words> {
    let severity = alert.labels.get("severity").map_or("", String::as_str);
    let severity = Severity::from_word(severity).ok_or_else(|| {
        anyhow::anyhow!("{}: its severity is neither page nor ticket", alert.name)
    })?;
    let mut annotations = BTreeMap::new();
    for name in ANNOTATIONS {
        if let Some(text) = alert.annotations.get(name) {
            let text = Text::parse(text)
                .map_err(|error| anyhow::anyhow!("{}: {name}: {error}", alert.name))?;
            annotations.insert(name, text);
        }
    }
    Ok(Words { severity, annotations })
}

/// Notes the metrics that a text asks for by `query`.
pub(super) fn want_metrics_of(text: &str, wanted: &mut Wanted) {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    for metric in words.filter(|it| it.starts_with("tablica_") || it.contains(":tablica_")) {
        wanted.add(metric, LOOK_BACK_MS);
    }
}
