//! The rules that ship, held against the cases by which `promtool test rules` tests them: what the watch says
//! must be what Prometheus says, alert for alert, word for word.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::evaluate::{Sample, evaluate};
use super::expression::Expression;
use super::history::{History, Labels, Ms};
use super::text::{About, Text};
use super::watch::{Raised, Watch};
use super::*;
use crate::config::units::parse_duration;
use crate::event::millis;

/// The cases, as promtool reads them.
const CASES: &str = include_str!("../../grafana/mixin/rule_tests.json");

#[derive(Deserialize)]
struct File {
    evaluation_interval: String,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    interval: String,
    input_series: Vec<Input>,
    #[serde(default)]
    external_labels: Labels,
    #[serde(default)]
    alert_rule_test: Vec<Expected>,
}

#[derive(Deserialize)]
struct Input {
    series: String,
    values: String,
}

#[derive(Deserialize)]
struct Expected {
    eval_time: String,
    alertname: String,
    #[serde(default)]
    exp_alerts: Vec<ExpectedAlert>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct ExpectedAlert {
    #[serde(default)]
    exp_labels: Labels,
    #[serde(default)]
    exp_annotations: Labels,
}

fn ms(text: &str) -> Ms {
    parse_duration(text).map(millis).unwrap_or_else(|| panic!("{text}"))
}

/// A value of promtool's notation: none where there is no sample, `Some(None)` where the series ends.
type Given = Option<Option<f64>>;

/// `1x3`, `0+9x60`, `_x2`, `stale`: <https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules>.
fn values(text: &str) -> Vec<Given> {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text}"));
    let of = |word: &str| -> Vec<Given> {
        let (body, times) = match word.rsplit_once('x') {
            Some((body, times)) => (body, times.parse::<usize>().expect("a number of times")),
            None => (word, 0),
        };
        match body {
            "stale" => vec![Some(None)],
            "_" => vec![None; times.max(1)],
            _ => {
                let step_at = body.char_indices().skip(1).find(|(_, c)| "+-".contains(*c));
                let (start, step) = match step_at {
                    Some((at, _)) => (number(&body[..at]), number(&body[at..])),
                    None => (number(body), 0.0),
                };
                (0..=times).map(|at| Some(Some(start + step * at as f64))).collect()
            }
        }
    };
    text.split_whitespace().flat_map(of).collect()
}

fn series(text: &str) -> (String, Labels) {
    let (name, listed) = text.trim_end_matches('}').split_once('{').unwrap_or((text, ""));
    let pairs = listed.split(',').filter_map(|pair| pair.trim().split_once('='));
    let unquoted =
        |(name, value): (&str, &str)| (name.to_owned(), value.trim_matches('"').to_owned());
    (name.to_owned(), pairs.map(unquoted).collect())
}

/// What holds at that time, as promtool tells it.
fn told(
    rules: &Rules,
    raised: &Raised,
    history: &History,
    external: &Labels,
    now_ms: Ms,
) -> ExpectedAlert {
    let alert = rules.alerts.iter().find(|it| it.name == raised.alert).expect("its rule");
    let mut query = |text: &str| -> Result<Vec<Sample>, String> {
        let expression = Expression::parse(text).map_err(|error| error.to_string())?;
        evaluate(&expression, history, now_ms).map_err(|error| error.to_string())
    };
    let mut exp_annotations = Labels::new();
    for (name, text) in &alert.annotations {
        let about = About { labels: &raised.labels, value: raised.value, external };
        let text = Text::parse(text).expect("a text").render(&about, &mut query).expect("words");
        exp_annotations.insert(name.clone(), text);
    }
    let mut exp_labels = raised.labels.clone();
    exp_labels.remove("alertname");
    ExpectedAlert { exp_labels, exp_annotations }
}

#[test]
fn the_watch_says_what_promtool_says_in_every_case() {
    let files: BTreeMap<String, File> = serde_json::from_str(CASES).expect("cases");
    let mut checked = 0;
    for (file, File { evaluation_interval, tests }) in files {
        let every_ms = ms(&evaluation_interval);
        for Case { name, interval, input_series, external_labels, alert_rule_test } in tests {
            let rules = shipped().expect("rules");
            let mut wanted = rules.wanted();
            for alert in &rules.alerts {
                alert
                    .annotations
                    .values()
                    .for_each(|text| alarms::want_metrics_of(text, &mut wanted));
            }
            let mut history = History::new(wanted, 10_000);
            let mut watch = Watch::default();
            let given: Vec<((String, Labels), Vec<Given>)> = input_series
                .iter()
                .map(|input| (series(&input.series), values(&input.values)))
                .collect();
            let step_ms = ms(&interval);
            let end_ms = alert_rule_test.iter().map(|it| ms(&it.eval_time)).max().unwrap_or(0);
            let (mut now_ms, mut fed) = (0, 0);
            while now_ms <= end_ms {
                while fed as Ms * step_ms <= now_ms {
                    let at_ms = fed as Ms * step_ms;
                    for ((metric, labels), values) in &given {
                        match values.get(fed) {
                            Some(Some(Some(value))) => {
                                history.push(metric, labels.clone(), at_ms, *value);
                            }
                            Some(Some(None)) => history.end(metric, labels.clone(), at_ms),
                            _ => {}
                        }
                    }
                    fed += 1;
                }
                assert_eq!(watch.look(&rules, &mut history, now_ms), [], "{file}, {name}");
                for expected in &alert_rule_test {
                    if !(now_ms..now_ms + every_ms).contains(&ms(&expected.eval_time)) {
                        continue;
                    }
                    let of_it = watch.raised().filter(|it| it.alert == expected.alertname);
                    let firing = of_it.filter(|it| it.firing_ms.is_some());
                    let mut told: Vec<ExpectedAlert> = firing
                        .map(|it| self::told(&rules, it, &history, &external_labels, now_ms))
                        .collect();
                    let mut wanted = expected.exp_alerts.clone();
                    told.sort();
                    wanted.sort();
                    let at = &expected.eval_time;
                    assert_eq!(told, wanted, "{file}, {name}: {} at {at}", expected.alertname);
                    checked += 1;
                }
                now_ms += every_ms;
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn every_rule_that_ships_is_understood() {
    let rules = shipped().expect("rules");
    assert!(rules.alerts.len() >= 37 && rules.recordings.len() >= 13);
    assert_eq!(names().len(), rules.alerts.len());
}

#[test]
fn what_alerts_do_not_understand_is_said_when_the_rule_is_read() {
    for (text, said) in [
        ("sum(", "no expression"),
        ("sum by (queue) (waiting) > bool 3", "the modifier bool"),
        ("waiting @ 5", "the modifier @"),
        ("max_over_time(rate(waiting[1m])[5m:1m])", "anything but a range of a metric"),
        ("label_replace(waiting, \"a\", \"b\", \"c\", \"d\")", "the function label_replace"),
        ("stddev(waiting)", "the aggregation stddev"),
        ("waiting * on (queue) group_left (team) teams", "group_left or group_right"),
        ("waiting ^ 2", "the operator ^"),
        ("waiting offset -5m", "an offset into the future"),
        ("{queue=\"sales\"}", "a selection without a metric's name"),
    ] {
        let error = Expression::parse(text).expect_err(text).to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn operators_and_sets_give_what_prometheus_gives() {
    let mut wanted = history::Wanted::default();
    for name in ["a", "b"] {
        wanted.add(name, 0);
    }
    let mut history = History::new(wanted, 10_000);
    for (metric, queue, value) in
        [("a", "x", 3.0), ("a", "y", 5.0), ("b", "x", 2.0), ("b", "z", 1.0)]
    {
        let labels = Labels::from([("queue".to_owned(), queue.to_owned())]);
        history.push(metric, labels, 1000, value);
    }
    let said = |text: &str| {
        let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let samples = evaluate(&expression, &history, 1000).expect("an answer");
        let word = |it: &Sample| {
            let queue = it.labels.get("queue").map_or("", String::as_str);
            format!("{queue}{}", it.value)
        };
        samples.iter().map(word).collect::<Vec<_>>().join(" ")
    };
    for (text, answer) in [
        ("a + b", "x5"),
        ("a - 1", "x2 y4"),
        ("10 - a", "x7 y5"),
        ("a > 3", "y5"),
        ("3 < a", "y5"),
        ("a > b", "x3"),
        ("a and b", "x3"),
        ("a or b", "x3 y5 z1"),
        ("a unless b", "y5"),
        ("-a", "x-3 y-5"),
        ("sum(a)", "8"),
        ("avg(a) * 2", "8"),
        ("count(a or b)", "3"),
        ("min(a)", "3"),
        ("topk(1, a)", "y5"),
        ("sum without (queue) (a)", "8"),
        ("absent(a)", ""),
        ("absent(a{queue=\"q\"})", "q1"),
        ("a{queue=~\"x|z\"}", "x3"),
        ("a{queue!~\"x\"} / 0", "yinf"),
        ("time() - 1", "0"),
        ("2 * 3", "6"),
    ] {
        assert_eq!(said(text), answer, "{text}");
    }
    let twice = Expression::parse("a + on () b").expect("it");
    assert!(evaluate(&twice, &history, 1000).is_err());
}
