//! The handle of everybody who watches, tells, shows or silences alerts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::delivery::{Delivery, by_name};
use super::desk::{Desk, Due, Mute, Told};
use super::evaluate::{Sample, evaluate};
use super::expression::{Expression, LOOK_BACK_MS};
use super::history::{History, Kept, Labels, Ms, Wanted};
use super::notice::Line;
use super::rules::{Alert, Rules};
use super::scrape;
use super::send::SendError;
use super::silence::{Silence, SilenceError, Silences, Wish};
use super::standing;
use super::text::{About, Text};
use super::watch::{Raised, Watch};
use crate::config::model::Severity;
use crate::event::millis;
use crate::telemetry::names;

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
    /// When the rules were looked at last.
    #[serde(default)]
    looked_ms: Option<Ms>,
}

/// A rule's texts, read once.
struct Words {
    severity: Severity,
    annotations: BTreeMap<&'static str, Text>,
}

const NOT_REPORTING: &str = "TablicaNotReporting";

/// What a message says of an alert.
const ANNOTATIONS: [&str; 4] = ["summary", "description", "runbook_url", "dashboard_url"];

/// What the rules are evaluated over. A look takes its time: nobody else waits for this.
struct Looked {
    history: History,
    watch: Watch,
    last_ms: Option<Ms>,
    /// Rules without an answer at the last look: said once.
    failing: BTreeSet<String>,
}

/// What others see and change; held for moments.
struct Shown {
    lines: Vec<Line>,
    pending: usize,
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
    looked: Mutex<Looked>,
    shown: Mutex<Shown>,
    writing: Mutex<()>,
}

impl Alarms {
    /// With the rules that ship. `instance` is what the server is called in alerts.
    pub(crate) fn new(
        instance: &str,
        grafana_url: Option<&str>,
        series_max: usize,
    ) -> anyhow::Result<Self> {
        let mut rules = super::shipped()?;
        // That a server is gone is told by another one.
        rules.alerts.retain(|alert| alert.name != NOT_REPORTING);
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
            looked: Mutex::new(Looked {
                history: History::new(wanted, series_max),
                watch: Watch::default(),
                last_ms: None,
                failing: BTreeSet::new(),
            }),
            shown: Mutex::new(Shown {
                lines: Vec::new(),
                pending: 0,
                silences: Silences::default(),
                told: Told::default(),
                deliveries: BTreeMap::new(),
                looked_ms: None,
                left_out: 0,
                changes: 0,
            }),
            writing: Mutex::new(()),
            rules,
        })
    }

    /// Goes on where an earlier run was.
    pub(crate) fn take_up(&self, state: State, history: Kept) {
        let mut looked = lock(&self.looked);
        looked.watch = Watch::take_up(state.raised);
        looked.last_ms = state.looked_ms;
        looked.history.take_up(history);
        let mut shown = lock(&self.shown);
        shown.silences = state.silences;
        shown.told = state.told;
    }

    /// What a later run goes on with.
    pub(crate) fn state(&self) -> State {
        let (raised, looked_ms) = {
            let looked = lock(&self.looked);
            (looked.watch.raised().cloned().collect(), looked.last_ms)
        };
        let shown = lock(&self.shown);
        State { silences: shown.silences.clone(), told: shown.told.clone(), raised, looked_ms }
    }

    /// Nobody watches any more: nothing is known of alerts. What was told and silenced stays.
    pub(crate) fn forget(&self) {
        let shown = &mut *lock(&self.shown);
        (shown.lines, shown.pending, shown.looked_ms) = (Vec::new(), 0, None);
    }

    /// The files are written by one at a time.
    pub(crate) fn writing(&self) -> MutexGuard<'_, ()> {
        lock(&self.writing)
    }

    /// The metrics of the last while, for a later run.
    pub(crate) fn history(&self) -> Kept {
        lock(&self.looked).history.to_keep()
    }

    /// Another number than before when something has changed that must outlive the server.
    pub(crate) fn changes(&self) -> u64 {
        lock(&self.shown).changes
    }

    /// Looks at all rules by the metrics' text of now, and says what is to be told.
    pub(crate) fn look(&self, metrics: &str, desk: &Desk, now_ms: Ms) -> Vec<Due> {
        let mut set_back_ms = None;
        let (lines, pending, left_out) = {
            let Looked { history, watch, last_ms, failing } = &mut *lock(&self.looked);
            match last_ms.replace(now_ms) {
                Some(last_ms) if now_ms < last_ms => {
                    set_back_ms = Some(last_ms - now_ms);
                    history.set_back(now_ms);
                    watch.set_back(now_ms);
                }
                Some(last_ms) if now_ms - last_ms > LOOK_BACK_MS => watch.begin_anew(),
                _ => {}
            }
            history.limit_to(desk.alerts.series_max);
            scrape::note(metrics, &self.own, now_ms, history);
            let recorded: Vec<&str> =
                self.rules.recordings.iter().map(|it| it.record.as_str()).collect();
            history.close(now_ms, |metric| !recorded.contains(&metric));
            let failed = watch.look(&self.rules, history, now_ms);
            for (rule, error) in failed.iter().filter(|(rule, _)| !failing.contains(rule)) {
                tracing::warn!(rule, %error, "an alert cannot be evaluated");
            }
            *failing = failed.into_iter().map(|(rule, _)| rule).collect();
            let firing = watch.raised().filter(|raised| raised.firing_ms.is_some());
            let lines: Vec<Line> =
                firing.map(|raised| self.line(raised, history, now_ms)).collect();
            let pending = watch.raised().count() - lines.len();
            (lines, pending, history.take_left_out())
        };
        let shown = &mut *lock(&self.shown);
        if let Some(by_ms) = set_back_ms {
            shown.told.set_back(now_ms);
            shown.silences.set_back(by_ms);
        }
        if left_out > 0 && shown.left_out == 0 {
            tracing::warn!(
                left_out,
                "alerts do not see series beyond alerts.series_max: what concerns them is not told"
            );
        }
        let before = (shown.told.clone(), shown.lines.len());
        let is_less = shown.silences.forget(now_ms);
        let due = desk.due(&lines, &shown.silences, &mut shown.told, now_ms);
        (shown.lines, shown.pending, shown.left_out) = (lines, pending, left_out);
        shown.looked_ms = Some(now_ms);
        if is_less || before != (shown.told.clone(), shown.lines.len()) {
            shown.changes += 1;
        }
        due
    }

    /// A receiver took a message, or why it did not.
    pub(crate) fn note(&self, due: &Due, outcome: &Result<(), SendError>, now_ms: Ms) {
        let shown = &mut *lock(&self.shown);
        let outcome = match outcome {
            Ok(()) => {
                shown.told.note_taken(due, now_ms);
                Ok(())
            }
            Err(error) => {
                shown.told.note_failed(due, millis(error.rest()), now_ms);
                Err(error.to_string())
            }
        };
        shown.deliveries.entry(due.receiver.clone()).or_default().note(&outcome, now_ms);
        shown.changes += 1;
    }

    /// What became of a message that somebody sent as a test.
    pub(crate) fn note_test(&self, receiver: &str, outcome: &Result<(), String>, now_ms: Ms) {
        let shown = &mut *lock(&self.shown);
        shown.deliveries.entry(receiver.to_owned()).or_default().note(outcome, now_ms);
    }

    /// Everything, for those who look.
    pub(crate) fn overview(&self, desk: &Desk, now_ms: Ms) -> Overview {
        let shown = lock(&self.shown);
        let causes = desk.causes(&shown.lines);
        let held = shown.lines.iter().map(|line| Held {
            line: line.clone(),
            receivers: desk.receivers_of(line),
            mute: desk.muted(line, &causes, &shown.silences, now_ms),
        });
        let mut held: Vec<Held> = held.collect();
        held.sort_by_key(|it| (it.line.severity, it.mute.is_some(), it.line.since_ms));
        let silences = shown.silences.all().iter().filter(|it| it.until_ms > now_ms);
        Overview {
            held,
            pending: shown.pending,
            silences: silences.cloned().collect(),
            deliveries: by_name(&shown.deliveries),
            looked_ms: shown.looked_ms,
        }
    }

    /// What holds, as everybody sees it, whoever is told: when somebody looked last, and what `show` makes
    /// of each alert and whether it is silenced. None before the first look.
    pub(crate) fn standing<T>(
        &self,
        off: &[String],
        now_ms: Ms,
        show: impl Fn(&Line, bool) -> T,
    ) -> Option<(Ms, Vec<T>)> {
        let shown = lock(&self.shown);
        let holds = standing::holds(&shown.lines, off, &shown.silences, now_ms);
        Some((shown.looked_ms?, holds.map(|(line, silenced)| show(line, silenced)).collect()))
    }

    /// Silences alerts for a while.
    pub(crate) fn silence(
        &self,
        wish: Wish,
        max: usize,
        now_ms: Ms,
    ) -> Result<Silence, SilenceError> {
        let known: Vec<&str> = self.rules.alerts.iter().map(|it| it.name.as_str()).collect();
        let shown = &mut *lock(&self.shown);
        let silence = shown.silences.add(wish, &known, max, now_ms)?;
        shown.changes += 1;
        Ok(silence)
    }

    /// Ends a silence; false where there is none.
    pub(crate) fn end_silence(&self, id: u64) -> bool {
        let shown = &mut *lock(&self.shown);
        let is_gone = shown.silences.remove(id);
        shown.changes += u64::from(is_gone);
        is_gone
    }

    /// Sets their metrics: each alert has a number from the beginning.
    pub(crate) fn publish(&self) {
        let shown = lock(&self.shown);
        for alert in &self.rules.alerts {
            let hold = shown.lines.iter().filter(|line| line.alert == alert.name).count();
            names::ALERTS.set(&[&alert.name], hold as f64);
        }
        names::ALERT_SERIES_LEFT_OUT.set(&[], shown.left_out as f64);
        for (receiver, delivery) in &by_name(&shown.deliveries) {
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
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is whole before anything can fail.
    of.lock().unwrap_or_else(PoisonError::into_inner)
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
