//! Alerts that another one explains: people hear of the cause alone. The same rules as the Alertmanager's
//! of `grafana/alertmanager.yml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::history::Labels;
use super::notice::Line;

/// The `inhibit_rules` that ship, as JSON.
const RULES: &str = include_str!("../../grafana/mixin/inhibit_rules.json");

/// While an alert of `sources` holds, those of `targets` are not told that have the same labels.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Inhibition {
    /// Names of alerts.
    pub(crate) sources: Vec<String>,
    /// Names of alerts; `*` at the end stands for any letters.
    pub(crate) targets: Vec<String>,
    /// Labels that both must have alike.
    pub(crate) equal: Vec<String>,
}

/// Those that ship, read once.
pub(crate) fn shipped() -> &'static [Inhibition] {
    // A test finds them: they are part of the server.
    static SHIPPED: LazyLock<Vec<Inhibition>> =
        LazyLock::new(|| serde_json::from_str(RULES).unwrap_or_default());
    &SHIPPED
}

impl Inhibition {
    /// Whether an alert of that name can explain others.
    pub(crate) fn is_of_cause(&self, name: &str) -> bool {
        is_one(&self.sources, name)
    }

    /// Whether an alert is explained by another one.
    pub(crate) fn explains(&self, cause: (&str, &Labels), told: (&str, &Labels)) -> bool {
        let same = |label: &String| cause.1.get(label) == told.1.get(label);
        is_one(&self.sources, cause.0)
            && is_one(&self.targets, told.0)
            // An alert that is cause and consequence alike must not silence itself.
            && !is_one(&self.sources, told.0)
            && self.equal.iter().all(same)
    }
}

/// Alerts that can explain others: few, however many hold. Of `off`, which are told to nobody, there is none.
pub(super) fn causes<'a>(rules: &[Inhibition], all: &'a [Line], off: &[String]) -> Vec<&'a Line> {
    let is_cause = |line: &&Line| {
        rules.iter().any(|it| it.is_of_cause(&line.alert)) && !off.contains(&line.alert)
    };
    all.iter().filter(is_cause).collect()
}

/// Whether one alert explains another one: it is as grave. What is graver than its cause is to be known.
pub(super) fn explains(rules: &[Inhibition], cause: &Line, line: &Line) -> bool {
    let [of_cause, told] = [cause, line].map(|it| (it.alert.as_str(), &it.labels));
    cause.severity <= line.severity && rules.iter().any(|it| it.explains(of_cause, told))
}

fn is_one(names: &[String], name: &str) -> bool {
    names.iter().any(|known| match known.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => known == name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert;

    #[test]
    fn every_name_is_that_of_an_alert() {
        let known = alert::names();
        let rules = shipped();
        assert!(rules.len() >= 6, "{}", rules.len());
        for name in rules.iter().flat_map(|it| it.sources.iter().chain(&it.targets)) {
            let beginning = name.strip_suffix('*').unwrap_or(name);
            assert!(known.iter().any(|it| it.starts_with(beginning)), "{name}");
        }
    }

    #[test]
    fn a_plugin_that_rests_explains_that_its_channel_is_silent_and_no_other() {
        let rules = shipped();
        let of = |channel: &str| {
            Labels::from(
                [("job", "tablica"), ("channel", channel)]
                    .map(|(name, value)| (name.to_owned(), value.to_owned())),
            )
        };
        let explained = |told: &str, channel: &str| {
            let (cause, other) = (of("pbx"), of(channel));
            rules.iter().any(|it| it.explains(("TablicaPluginResting", &cause), (told, &other)))
        };
        assert!(explained("ChannelFeedSilent", "pbx"));
        assert!(!explained("ChannelFeedSilent", "mail"));
        assert!(!explained("AbandonedMany", "pbx"));
        assert!(!explained("TablicaPluginResting", "pbx"));
    }
}
