//! What holds, as a wall shows it: the same to everybody, whoever is told. What another alert explains is
//! left out, and what somebody has silenced is marked.

use super::history::Ms;
use super::inhibit;
use super::notice::Line;
use super::silence::Silences;

/// Those of `all` that stand by themselves, and whether each is silenced; `off` is `alerts.off`.
pub(super) fn holds<'a>(
    all: &'a [Line],
    off: &[String],
    silences: &Silences,
    now_ms: Ms,
) -> impl Iterator<Item = (&'a Line, bool)> {
    let rules = inhibit::shipped();
    let causes = inhibit::causes(rules, all, off);
    let stands = move |line: &&Line| {
        !off.contains(&line.alert) && !causes.iter().any(|it| inhibit::explains(rules, it, line))
    };
    let is_silenced = move |line: &Line| silences.of(&line.alert, &line.labels, now_ms).is_some();
    all.iter().filter(stands).map(move |line| (line, is_silenced(line)))
}

#[cfg(test)]
mod tests {
    use super::super::silence::Wish;
    use super::*;
    use crate::config::model::Severity;

    fn line(alert: &str, severity: Severity, labels: &[(&str, &str)]) -> Line {
        let labels = [("job", "tablica")].iter().chain(labels);
        Line {
            alert: alert.to_owned(),
            labels: labels.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            severity,
            since_ms: 0,
            summary: String::new(),
            description: String::new(),
            runbook_url: String::new(),
            dashboard_url: String::new(),
        }
    }

    fn names(all: &[Line], off: &[&str], silences: &Silences) -> Vec<(String, bool)> {
        let off: Vec<String> = off.iter().map(|&name| name.to_owned()).collect();
        let holds = holds(all, &off, silences, 1_000);
        holds.map(|(line, is_silenced)| (line.alert.clone(), is_silenced)).collect()
    }

    #[test]
    fn what_another_alert_explains_is_left_out_unless_that_one_is_off_or_of_another_channel() {
        let resting = line("TablicaPluginResting", Severity::Page, &[("channel", "shop")]);
        let silent = |channel| line("ChannelFeedSilent", Severity::Page, &[("channel", channel)]);
        let all = [silent("shop"), silent("mail"), resting];
        let none = Silences::default();
        let said = |off: &[&str]| {
            names(&all, off, &none).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(said(&[]), ["ChannelFeedSilent", "TablicaPluginResting"]);
        assert_eq!(said(&["TablicaPluginResting"]), ["ChannelFeedSilent", "ChannelFeedSilent"]);
        assert_eq!(said(&["ChannelFeedSilent"]), ["TablicaPluginResting"]);
    }

    #[test]
    fn a_page_is_not_hidden_behind_a_ticket() {
        let full = line("TablicaQuarantineFull", Severity::Ticket, &[]);
        let growing = line("TablicaQuarantineGrowing", Severity::Page, &[]);
        let said = names(&[full, growing], &[], &Silences::default());
        assert_eq!(said.len(), 2, "{said:?}");
    }

    #[test]
    fn what_is_silenced_stays_and_says_so() {
        let abandoned = |queue| line("AbandonedMany", Severity::Page, &[("queue", queue)]);
        let mut silences = Silences::default();
        let wish = Wish {
            alert: Some("AbandonedMany".to_owned()),
            labels: [("queue".to_owned(), "sales".to_owned())].into(),
            lasts_ms: 60_000,
            by: "lead".to_owned(),
            why: "known".to_owned(),
        };
        silences.add(wish, &["AbandonedMany"], 10, 1_000).expect("room for a silence");
        let said = names(&[abandoned("sales"), abandoned("support")], &[], &silences);
        let is = |silenced| ("AbandonedMany".to_owned(), silenced);
        assert_eq!(said, [is(true), is(false)]);
    }
}
