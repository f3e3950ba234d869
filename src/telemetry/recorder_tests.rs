//! What is written is what the formats say: Prometheus' text 0.0.4 and OpenMetrics 1.0, by hand.

use metrics::{Key, Label, Level, Metadata, Recorder as _};

use super::form::Form;
use super::names::{self, Buckets, Kind};
use super::recorder::Recorder;

fn recorder() -> Recorder {
    Recorder::new(|buckets| match buckets {
        Buckets::Answer => vec![10.0, 17.5, 20.0],
        Buckets::Reply | Buckets::Work => vec![0.000_01, 0.25],
    })
}

fn written(recorder: &Recorder, form: Form) -> String {
    let mut text = String::new();
    recorder.write(&mut text, form);
    text
}

/// One metric of each kind; not in the order of the table.
fn some(recorder: &Recorder) {
    metrics::with_local_recorder(recorder, || {
        for seconds in [3.0, 17.5, 17.6, 400.0] {
            names::ANSWER_WAIT.histogram(&["sales"]).record(seconds);
        }
        names::OFFERED.reach(&["phone", "sales"], 7);
        names::OFFERED.counter(&["phone", "care"]).increment(0);
        names::WEBHOOKS.counter(&[]).increment(u64::MAX);
        names::WAITING.set(&["sales"], 3.0);
        names::WAITING.set(&["care"], 0.25);
        names::JOURNAL_COMMIT.histogram(&[]).record(1e-6);
    });
}

const TEXT: &str = r#"# HELP tablica_waiting Contacts waiting in the queue now.
# TYPE tablica_waiting gauge
tablica_waiting{queue="sales"} 3
tablica_waiting{queue="care"} 0.25
# HELP tablica_offered_total Contacts offered.
# TYPE tablica_offered_total counter
tablica_offered_total{channel="phone",queue="sales"} 7
tablica_offered_total{channel="phone",queue="care"} 0
# HELP tablica_answer_wait_seconds Wait of answered calls.
# TYPE tablica_answer_wait_seconds histogram
tablica_answer_wait_seconds_bucket{queue="sales",le="10"} 1
tablica_answer_wait_seconds_bucket{queue="sales",le="17.5"} 2
tablica_answer_wait_seconds_bucket{queue="sales",le="20"} 3
tablica_answer_wait_seconds_bucket{queue="sales",le="+Inf"} 4
tablica_answer_wait_seconds_sum{queue="sales"} 438.1
tablica_answer_wait_seconds_count{queue="sales"} 4
# HELP tablica_webhooks_total Webhook requests that came, whatever became of them.
# TYPE tablica_webhooks_total counter
tablica_webhooks_total 18446744073709551615
# HELP tablica_journal_commit_seconds Duration of commits, the disk's part included.
# TYPE tablica_journal_commit_seconds histogram
tablica_journal_commit_seconds_bucket{le="0.00001"} 1
tablica_journal_commit_seconds_bucket{le="0.25"} 1
tablica_journal_commit_seconds_bucket{le="+Inf"} 1
tablica_journal_commit_seconds_sum 0.000001
tablica_journal_commit_seconds_count 1
"#;

#[test]
fn text_is_as_version_0_0_4_has_it() {
    let recorder = recorder();
    assert_eq!(written(&recorder, Form::Text), "", "a metric without series has no head");
    some(&recorder);
    assert_eq!(written(&recorder, Form::Text), TEXT);
}

/// `# EOF` is the exporter's, after the process's own metrics.
#[test]
fn open_metrics_names_counters_without_total_and_limits_with_a_point() {
    let recorder = recorder();
    some(&recorder);
    let wanted = TEXT
        .replace("# HELP tablica_offered_total", "# HELP tablica_offered")
        .replace("# TYPE tablica_offered_total", "# TYPE tablica_offered")
        .replace("# HELP tablica_webhooks_total", "# HELP tablica_webhooks")
        .replace("# TYPE tablica_webhooks_total", "# TYPE tablica_webhooks")
        .replace("le=\"10\"", "le=\"10.0\"")
        .replace("le=\"20\"", "le=\"20.0\"");
    assert_eq!(written(&recorder, Form::OpenMetrics), wanted);
}

#[test]
fn the_table_can_be_told_in_open_metrics() {
    let mut families = Vec::new();
    for metric in names::ALL {
        let is_counter = metric.kind == Kind::Counter;
        assert_eq!(metric.name.ends_with("_total"), is_counter, "{}", metric.name);
        families.push(metric.name.trim_end_matches("_total"));
    }
    families.sort_unstable();
    let all = families.len();
    families.dedup();
    assert_eq!(families.len(), all, "two metrics that differ only by _total");
}

#[test]
fn labels_are_told_as_they_are() {
    for (plain, in_text) in [
        (r"a\b", r"a\\b"),
        (r"a\\b", r"a\\\\b"),
        (r#"a"b"#, r#"a\"b"#),
        ("a\nb", r"a\nb"),
        (r"a\nb", r"a\\nb"),
        (r#"a\"b"#, r#"a\\\"b"#),
        ("a\\\nb\\", r"a\\\nb\\"),
        ("a\r\nb\u{2028}c\td", "a\r\\nb\u{2028}c\td"),
        ("Obsługa – «нова» 🙂", "Obsługa – «нова» 🙂"),
        ("", ""),
    ] {
        let recorder = recorder();
        metrics::with_local_recorder(&recorder, || {
            names::WAITING.set(&[plain], 1.0);
            names::ANSWER_WAIT.histogram(&[plain]).record(1.0);
        });
        for form in [Form::Text, Form::OpenMetrics] {
            let text = written(&recorder, form);
            let gauge = format!("tablica_waiting{{queue=\"{in_text}\"}} 1");
            let bucket =
                format!("tablica_answer_wait_seconds_bucket{{queue=\"{in_text}\",le=\"17.5\"}} 1");
            for line in [gauge, bucket] {
                assert!(text.split('\n').any(|found| found == line), "{line} is not in\n{text}");
            }
        }
    }
}

#[test]
fn every_number_has_its_form() {
    for (number, in_text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (1e-9, "0.000000001"),
        (1_767_225_600.123, "1767225600.123"),
        (9_007_199_254_740_992.0, "9007199254740992"),
        (1e21, "1000000000000000000000"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
    ] {
        let recorder = recorder();
        metrics::with_local_recorder(&recorder, || names::ENGINE_BEHIND_SECONDS.set(&[], number));
        let text = written(&recorder, Form::Text);
        let line = format!("tablica_engine_behind_seconds {in_text}");
        assert_eq!(text.lines().last(), Some(line.as_str()));
    }
}

#[test]
fn a_gauge_that_nobody_sets_is_gone_after_a_minute_and_can_come_back() {
    let recorder = recorder();
    let set = |queue: &str| {
        metrics::with_local_recorder(&recorder, || names::WAITING.set(&[queue], 1.0));
    };
    let told = |second: u64| {
        let mut text = String::new();
        recorder.write_at(&mut text, Form::Text, second * 1000);
        (text.contains("\"sales\""), text.contains("\"care\""), text.contains("_offered_"))
    };
    metrics::with_local_recorder(&recorder, || names::OFFERED.reach(&["phone", "x"], 1));
    set("sales");
    set("care");
    assert_eq!(told(10), (true, true, true));
    set("care");
    assert_eq!(told(70), (true, true, true));
    assert_eq!(told(71), (false, true, true));
    // What is set again is told again, at its new value only.
    set("sales");
    assert_eq!(told(131), (true, false, true));
    assert_eq!(told(1000), (false, false, true), "counters stay");
    assert_eq!(written(&recorder, Form::Text).lines().count(), 3);
}

#[test]
fn nothing_is_lost_that_many_threads_record_at_once() {
    const THREADS: u64 = 4;
    const TIMES: u64 = 20_000;
    let recorder = recorder();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                metrics::with_local_recorder(&recorder, || {
                    let (offered, wait) =
                        (names::OFFERED.counter(&["a", "b"]), names::ANSWER_WAIT.histogram(&["q"]));
                    for _ in 0..TIMES {
                        offered.increment(1);
                        wait.record(0.5);
                        wait.record(30.0);
                    }
                });
            });
        }
        for _ in 0..50 {
            written(&recorder, Form::Text);
        }
    });
    let (all, text) = (THREADS * TIMES, written(&recorder, Form::Text));
    for line in [
        format!("tablica_offered_total{{channel=\"a\",queue=\"b\"}} {all}"),
        format!("tablica_answer_wait_seconds_bucket{{queue=\"q\",le=\"10\"}} {all}"),
        format!("tablica_answer_wait_seconds_sum{{queue=\"q\"}} {}", all / 2 * 61),
        format!("tablica_answer_wait_seconds_count{{queue=\"q\"}} {}", 2 * all),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[test]
fn what_is_not_in_the_table_or_of_another_kind_leads_nowhere() {
    let recorder = recorder();
    let of_us = Metadata::new("tests", Level::INFO, None);
    for name in ["foreign_total", "tablica_waiting"] {
        let key = Key::from_parts(name, vec![Label::new("queue", "q")]);
        recorder.register_counter(&key, &of_us).increment(1);
        recorder.register_histogram(&key, &of_us).record(1.0);
    }
    recorder.register_gauge(&Key::from_name("tablica_webhooks_total"), &of_us).set(1.0);
    assert_eq!(written(&recorder, Form::Text), "");
}

/// Samples by name and labels, with their values.
fn samples(text: &str) -> std::collections::BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sample = |line: &str| {
        let (series, value) = line.rsplit_once(' ').expect("a value");
        (series.to_owned(), value.parse::<f64>().expect("a number"))
    };
    lines.map(sample).collect()
}

#[test]
fn the_exporter_crate_tells_the_same_of_the_same() {
    use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

    let mut builder = PrometheusBuilder::new();
    for metric in names::ALL {
        if let Kind::Histogram(buckets) = metric.kind {
            let limits: &[f64] = match buckets {
                Buckets::Answer => &[10.0, 17.5, 20.0],
                Buckets::Reply | Buckets::Work => &[0.000_01, 0.25],
            };
            let matcher = Matcher::Full(metric.name.to_owned());
            builder = builder.set_buckets_for_metric(matcher, limits).unwrap();
        }
    }
    let (ours, theirs) = (recorder(), builder.build_recorder());
    let everything = || {
        for (number, metric) in names::ALL.iter().enumerate() {
            for value in ["a\"b", "c\nd", "Obsługa"] {
                let labels = vec![value; metric.labels.len()];
                match metric.kind {
                    Kind::Counter => metric.reach(&labels, number as u64),
                    Kind::Gauge => metric.set(&labels, number as f64 / 3.0),
                    Kind::Histogram(_) => {
                        for step in 0..9 {
                            metric.histogram(&labels).record(f64::from(step) * 2.5);
                        }
                    }
                }
            }
        }
    };
    metrics::with_local_recorder(&ours, everything);
    metrics::with_local_recorder(&theirs, everything);
    let ours = written(&ours, Form::Text);
    assert!(ours.lines().count() > 300);
    assert_eq!(samples(&ours), samples(&theirs.handle().render()));
}
