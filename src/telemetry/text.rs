//! Names, labels and numbers as Prometheus reads them. What does not change is written once.

use std::fmt::Write;

use metrics::Key;

use super::form::Form;
use super::names::{Kind, Metric};

/// Whole numbers below this are the same as an `f64` and as an `i64`.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// What a series' line begins with: `name{label="value"} `.
pub(super) fn start(key: &Key, suffix: &str) -> Box<str> {
    let mut text = format!("{}{suffix}", key.name());
    if key.labels().len() > 0 {
        text.push('{');
        labels(&mut text, key);
        text.push('}');
    }
    text.push(' ');
    text.into()
}

/// What each line of a histogram's buckets begins with: `name_bucket{label="value",le="`.
pub(super) fn bucket_start(key: &Key) -> Box<str> {
    let mut text = format!("{}_bucket{{", key.name());
    labels(&mut text, key);
    if key.labels().len() > 0 {
        text.push(',');
    }
    text.push_str("le=\"");
    text.into()
}

/// What follows [`bucket_start`]: `17.5"} `. OpenMetrics wants to see that it is no whole number:
/// `10.0`.
pub(super) fn limit(limit: f64, form: Form) -> Box<str> {
    let mut text = String::new();
    figure(&mut text, limit);
    if form == Form::OpenMetrics && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.push_str(".0");
    }
    text.push_str("\"} ");
    text.into()
}

fn labels(text: &mut String, key: &Key) {
    for (at, label) in key.labels().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(label.key());
        text.push_str("=\"");
        escape(text, label.value(), true);
        text.push('"');
    }
}

/// Backslashes and line feeds, and quotes where these would end it. Everything else may stand as it
/// is, carriage returns as well.
fn escape(text: &mut String, plain: &str, quotes: bool) {
    for letter in plain.chars() {
        match letter {
            '\\' => text.push_str(r"\\"),
            '\n' => text.push_str(r"\n"),
            '"' if quotes => text.push_str(r#"\""#),
            letter => text.push(letter),
        }
    }
}

/// The lines above a metric's series.
pub(super) fn head(metric: &Metric, form: Form) -> Box<str> {
    let (kind, suffix) = match metric.kind {
        Kind::Counter => ("counter", "_total"),
        Kind::Gauge => ("gauge", ""),
        Kind::Histogram(_) => ("histogram", ""),
    };
    head_of(metric.name, kind, suffix, metric.help, form)
}

/// As [`head`], of a metric that is not in the table. OpenMetrics names counters without their
/// suffix here, and escapes quotes.
pub(super) fn head_of(name: &str, kind: &str, suffix: &str, help: &str, form: Form) -> Box<str> {
    let name = match form {
        Form::Text => name,
        Form::OpenMetrics => name.strip_suffix(suffix).unwrap_or(name),
    };
    let mut text = format!("# HELP {name} ");
    escape(&mut text, help, form == Form::OpenMetrics);
    // Writing to a String does not fail.
    let _ = write!(text, "\n# TYPE {name} {kind}\n");
    text.into()
}

/// A count.
pub(super) fn whole(text: &mut String, number: u64) {
    text.push_str(itoa::Buffer::new().format(number));
}

/// Any number: whole ones without a point, others as short as they can be read back.
pub(super) fn figure(text: &mut String, number: f64) {
    if number.is_nan() {
        text.push_str("NaN");
    } else if number.is_infinite() {
        text.push_str(if number > 0.0 { "+Inf" } else { "-Inf" });
    } else if number.abs() < WHOLE_MAX && number.fract() == 0.0 {
        // Nearly all are, and these take a fifth of the time.
        text.push_str(itoa::Buffer::new().format(number as i64));
    } else {
        // Writing to a String does not fail.
        let _ = write!(text, "{number}");
    }
}
