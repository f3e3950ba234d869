//! Which alerts hold: what lasts for as long as its rule says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evaluate::{EvaluateError, Sample, evaluate};
use super::history::{History, Labels, Ms};
use super::rules::Rules;

/// What is known of one alert: of a rule, with certain labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Raised {
    /// The name of the rule.
    pub(crate) alert: String,
    /// Its labels: those of the value, of the rule and `alertname`.
    pub(crate) labels: Labels,
    /// Since when its expression has had a value.
    pub(crate) since_ms: Ms,
    /// Since when it has lasted long enough; none while it has not.
    pub(crate) firing_ms: Option<Ms>,
    /// The value now; the next look finds it again.
    #[serde(skip)]
    pub(crate) value: f64,
}

/// Alerts that have lasted until now.
#[derive(Debug, Default)]
pub(crate) struct Watch(BTreeMap<(String, Labels), Raised>);

impl Watch {
    /// What an earlier run knew.
    pub(crate) fn take_up(raised: Vec<Raised>) -> Self {
        let by_key = |it: Raised| ((it.alert.clone(), it.labels.clone()), it);
        Watch(raised.into_iter().map(by_key).collect())
    }

    /// The clock was set back: nothing has begun later than now.
    pub(crate) fn set_back(&mut self, now_ms: Ms) {
        for raised in self.0.values_mut() {
            raised.since_ms = raised.since_ms.min(now_ms);
            raised.firing_ms = raised.firing_ms.map(|at_ms| at_ms.min(now_ms));
        }
    }

    /// Nobody looked for a while: what was about to be an alert begins anew, as it may not have lasted.
    pub(crate) fn begin_anew(&mut self) {
        self.0.retain(|_, raised| raised.firing_ms.is_some());
    }

    /// Alerts that are raised or about to be, by name and labels.
    pub(crate) fn raised(&self) -> impl Iterator<Item = &Raised> {
        self.0.values()
    }

    /// Looks at all rules as of now. Says which of them have no answer: their alerts stay as they are.
    pub(crate) fn look(
        &mut self,
        rules: &Rules,
        history: &mut History,
        now_ms: Ms,
    ) -> Vec<(String, EvaluateError)> {
        let mut failed = Vec::new();
        for recording in &rules.recordings {
            match evaluate(&recording.expression, history, now_ms) {
                Ok(samples) => {
                    for Sample { labels, value } in samples {
                        history.push(&recording.record, labels, now_ms, value);
                    }
                    history.close(now_ms, |metric| metric == recording.record);
                }
                Err(error) => failed.push((recording.record.clone(), error)),
            }
        }
        let mut held = BTreeMap::new();
        for alert in &rules.alerts {
            let samples = match evaluate(&alert.expression, history, now_ms) {
                Ok(samples) => samples,
                Err(error) => {
                    failed.push((alert.name.clone(), error));
                    let before = self.0.iter().filter(|((name, _), _)| *name == alert.name);
                    held.extend(before.map(|(key, it)| (key.clone(), it.clone())));
                    continue;
                }
            };
            for Sample { mut labels, value } in samples {
                labels.extend(alert.labels.clone());
                labels.insert("alertname".to_owned(), alert.name.clone());
                let key = (alert.name.clone(), labels);
                let known = self.0.get(&key);
                let since_ms = known.map_or(now_ms, |it| it.since_ms);
                let lasts = now_ms - since_ms >= alert.lasts_ms;
                let firing_ms = known.and_then(|it| it.firing_ms).or(lasts.then_some(now_ms));
                let (alert, labels) = key.clone();
                held.insert(key, Raised { alert, labels, since_ms, firing_ms, value });
            }
        }
        self.0 = held;
        failed
    }
}
