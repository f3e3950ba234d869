//! The rules as files for a Prometheus, by what a config says of them.

use crate::config::model::Alerts;

/// The files that ship, by name.
const FILES: [(&str, &str); 5] = [
    ("contact_center.yml", include_str!("../../grafana/rules/contact_center.yml")),
    ("doors.yml", include_str!("../../grafana/rules/doors.yml")),
    ("recording.yml", include_str!("../../grafana/rules/recording.yml")),
    ("screens.yml", include_str!("../../grafana/rules/screens.yml")),
    ("server.yml", include_str!("../../grafana/rules/server.yml")),
];

/// What stands for the address of Grafana.
const GRAFANA: &str = "{{ $externalLabels.grafana_url }}";
/// How the files begin an alert, and what else stands there.
const ALERT: &str = "      - alert: ";
const INDENT: &str = "      ";

/// Each file's name and text: without the alerts that are off, with the address of Grafana where the config
/// has one. Limits are none of it: rules ask Tablica's metrics for goals and thresholds, so that a changed
/// config needs no new rules.
pub(crate) fn written(alerts: &Alerts) -> Vec<(&'static str, String)> {
    let grafana = alerts.grafana_url.as_ref().map(|it| it.as_str().trim_end_matches('/'));
    let of = |(name, text): (&'static str, &str)| {
        let text = without(text, &alerts.off);
        (name, grafana.map_or_else(|| text.clone(), |it| text.replace(GRAFANA, it)))
    };
    FILES.into_iter().map(of).collect()
}

/// A file without these alerts, and without the remarks that stand before each of them.
fn without(text: &str, off: &[String]) -> String {
    let mut kept = String::with_capacity(text.len());
    // Remarks may belong to what follows.
    let mut remarks = String::new();
    let mut is_off = false;
    for line in text.split_inclusive('\n') {
        let is_remark = line.starts_with("      #") || line.trim().is_empty();
        if is_remark {
            remarks.push_str(line);
            continue;
        }
        if let Some(name) = line.strip_prefix(ALERT) {
            is_off = off.iter().any(|it| it == name.trim());
        } else if !line.starts_with(INDENT) {
            is_off = false;
        }
        if is_off {
            remarks.clear();
        } else {
            kept.push_str(&std::mem::take(&mut remarks));
            kept.push_str(line);
        }
    }
    kept.push_str(&remarks);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(alerts: &Alerts) -> Vec<String> {
        let files = written(alerts);
        let lines = files.iter().flat_map(|(_, text)| text.lines());
        lines.filter_map(|line| Some(line.strip_prefix(ALERT)?.to_owned())).collect()
    }

    #[test]
    fn a_config_that_says_nothing_leaves_every_rule_as_it_ships() {
        let files = written(&Alerts::default());
        assert!(files.iter().zip(FILES).all(|((_, text), (_, shipped))| text == shipped));
        assert_eq!(named(&Alerts::default()).len(), crate::alert::names().len());
    }

    #[test]
    fn what_is_off_is_left_out_with_its_remarks_and_links_lead_to_the_configs_grafana() {
        let alerts = Alerts {
            off: vec!["AbandonedMany".to_owned(), "PublicCriticismJumped".to_owned()],
            grafana_url: Some("https://grafana.example.org".parse().expect("an address")),
            ..Alerts::default()
        };
        let (all, left) = (named(&Alerts::default()), named(&alerts));
        let gone: Vec<&String> = all.iter().filter(|name| !left.contains(name)).collect();
        assert_eq!(gone, ["AbandonedMany", "PublicCriticismJumped"]);
        let (_, text) = &written(&alerts)[0];
        assert!(!text.contains("one impatient customer") && !text.contains(GRAFANA));
        assert!(text.contains("'https://grafana.example.org/d/tablica-queue?var-job="));
        // The groups around stay whole.
        assert_eq!(text.matches("- name: ").count(), FILES[0].1.matches("- name: ").count());
    }
}
