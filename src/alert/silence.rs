//! What people have silenced for a while: who knows of an alert need not be told again.

use serde::{Deserialize, Serialize};

use super::history::{Labels, Ms};

/// The longest one: what is silenced for longer is an alert that should be off.
pub(crate) const LONGEST_MS: Ms = 30 * 86_400_000;
/// Labels that say nothing of which alert is meant.
const SAME_FOR_ALL: [&str; 3] = ["job", "instance", "severity"];
/// The longest words.
const WORDS_MAX: usize = 200;

/// Nobody is told of these alerts until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Silence {
    /// Tells it from others.
    pub(crate) id: u64,
    /// The alert's name; none for all.
    pub(crate) alert: Option<String>,
    /// Labels that the alert must have.
    #[serde(default)]
    pub(crate) labels: Labels,
    /// Until when.
    pub(crate) until_ms: Ms,
    /// Who silenced it.
    pub(crate) by: String,
    /// Why.
    pub(crate) why: String,
}

/// Why there is no new silence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SilenceError {
    /// There is no such alert.
    #[error("there is no alert {0:?}")]
    NoAlert(String),
    /// It would silence everything.
    #[error("say which alert, or a label such as queue: a silence of everything hides what is new")]
    Everything,
    /// It ends in the past, or too late.
    #[error("a silence lasts for a minute at least and 30 days at most")]
    Length,
    /// Too many.
    #[error("{0} silences are there already (alerts.silences_max)")]
    TooMany(usize),
    /// Too long.
    #[error("names and words have {WORDS_MAX} letters at most")]
    Words,
}

/// The silences that hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Silences {
    next: u64,
    held: Vec<Silence>,
}

/// What somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) alert: Option<String>,
    pub(crate) labels: Labels,
    pub(crate) lasts_ms: Ms,
    pub(crate) by: String,
    pub(crate) why: String,
}

impl Silences {
    /// Adds one.
    pub(crate) fn add(
        &mut self,
        wish: Wish,
        known: &[&str],
        max: usize,
        now_ms: Ms,
    ) -> Result<Silence, SilenceError> {
        let Wish { alert, labels, lasts_ms, by, why } = wish;
        self.forget(now_ms);
        if let Some(alert) = &alert
            && !known.contains(&alert.as_str())
        {
            return Err(SilenceError::NoAlert(alert.chars().take(WORDS_MAX).collect()));
        }
        let tells_apart = |name: &String| !SAME_FOR_ALL.contains(&name.as_str());
        if alert.is_none() && !labels.keys().any(tells_apart) {
            return Err(SilenceError::Everything);
        }
        if !(60_000..=LONGEST_MS).contains(&lasts_ms) {
            return Err(SilenceError::Length);
        }
        if self.held.len() >= max {
            return Err(SilenceError::TooMany(self.held.len()));
        }
        let words = labels.iter().flat_map(|(name, value)| [name, value]).chain([&by, &why]);
        if words.into_iter().any(|it| it.chars().count() > WORDS_MAX) || labels.len() > 20 {
            return Err(SilenceError::Words);
        }
        self.next += 1;
        let silence =
            Silence { id: self.next, alert, labels, until_ms: now_ms + lasts_ms, by, why };
        self.held.push(silence.clone());
        Ok(silence)
    }

    /// The clock was set back by so much: none lasts longer for it.
    pub(crate) fn set_back(&mut self, by_ms: Ms) {
        for silence in &mut self.held {
            silence.until_ms -= by_ms;
        }
    }

    /// Ends one; false where there is none.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.held.len();
        self.held.retain(|it| it.id != id);
        self.held.len() < before
    }

    /// Forgets those that are over. Says whether there were any.
    pub(crate) fn forget(&mut self, now_ms: Ms) -> bool {
        let before = self.held.len();
        self.held.retain(|it| it.until_ms > now_ms);
        self.held.len() < before
    }

    /// The silence that an alert is under, if any: the one that lasts longest.
    pub(crate) fn of(&self, alert: &str, labels: &Labels, now_ms: Ms) -> Option<&Silence> {
        let silences = |it: &&Silence| {
            it.until_ms > now_ms
                && it.alert.as_deref().is_none_or(|name| name == alert)
                && it.labels.iter().all(|(name, value)| labels.get(name) == Some(value))
        };
        self.held.iter().filter(silences).max_by_key(|it| it.until_ms)
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Silence] {
        &self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(queue: &str) -> Labels {
        Labels::from([("queue".to_owned(), queue.to_owned())])
    }

    fn wish(queue: &str, lasts_ms: Ms) -> Wish {
        Wish {
            alert: Some("AbandonedMany".to_owned()),
            labels: labels(queue),
            lasts_ms,
            by: "ann".to_owned(),
            why: "known".to_owned(),
        }
    }

    #[test]
    fn what_is_silenced_is_so_until_then_and_nothing_else_is() {
        let mut silences = Silences::default();
        let known = ["AbandonedMany", "PolicyOverdue"];
        let made = silences.add(wish("sales", 60_000), &known, 9, 1000).expect("a silence");
        let held = |silences: &Silences, alert: &str, queue: &str, now_ms| {
            silences.of(alert, &labels(queue), now_ms).is_some()
        };
        assert!(held(&silences, "AbandonedMany", "sales", 60_999));
        assert!(!held(&silences, "AbandonedMany", "sales", 61_000));
        assert!(!held(&silences, "AbandonedMany", "care", 1000));
        assert!(!held(&silences, "PolicyOverdue", "sales", 1000));
        assert!(silences.remove(made.id) && !silences.remove(made.id));
        assert!(!held(&silences, "AbandonedMany", "sales", 1000));
    }

    #[test]
    fn a_silence_says_what_it_silences_and_ends() {
        let mut silences = Silences::default();
        let mut add = |wish: Wish| silences.add(wish, &["AbandonedMany"], 1, 0).map(drop);
        let other = Wish { alert: Some("Other".to_owned()), ..wish("a", 60_000) };
        assert_eq!(add(other), Err(SilenceError::NoAlert("Other".to_owned())));
        for labels in [Labels::new(), [("job".to_owned(), "tablica".to_owned())].into()] {
            let all = Wish { alert: None, labels, ..wish("a", 60_000) };
            assert_eq!(add(all), Err(SilenceError::Everything));
        }
        assert_eq!(add(wish("a", 59_999)), Err(SilenceError::Length));
        assert_eq!(add(wish("a", LONGEST_MS + 1)), Err(SilenceError::Length));
        assert_eq!(add(wish(&"a".repeat(201), 60_000)), Err(SilenceError::Words));
        assert_eq!(add(wish("a", 60_000)), Ok(()));
        assert_eq!(add(wish("b", 60_000)), Err(SilenceError::TooMany(1)));
    }
}
