//! Reads the text of `/metrics` into a history, as Prometheus would scrape it.

use super::history::{History, Labels, Ms};

/// Notes all values of the text that anybody asks for; `own` are labels that every series gets.
pub(crate) fn note(text: &str, own: &Labels, at_ms: Ms, history: &mut History) {
    for line in text.lines() {
        let name_ends = line.find(['{', ' ']).unwrap_or(line.len());
        let (name, rest) = line.split_at(name_ends);
        if name.starts_with('#') || !history.keeps(name) {
            continue;
        }
        let mut labels = own.clone();
        let Some(value) = value(rest, &mut labels) else { continue };
        history.push(name, labels, at_ms, value);
    }
}

/// What stands behind a metric's name: labels, and the value.
fn value(rest: &str, labels: &mut Labels) -> Option<f64> {
    let rest = match rest.strip_prefix('{') {
        Some(listed) => read_labels(listed, labels)?,
        None => rest,
    };
    // A moment may follow; the server's own text has none.
    match rest.split_ascii_whitespace().next()? {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        number => number.parse().ok(),
    }
}

/// `a="b",c="d"} …`: notes the labels, and gives what follows them.
fn read_labels<'a>(mut rest: &'a str, labels: &mut Labels) -> Option<&'a str> {
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        let (name, after) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = after.char_indices();
        rest = loop {
            let (at, letter) = letters.next()?;
            match letter {
                '"' => break after.get(at + 1..)?,
                '\\' => match letters.next()?.1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                other => value.push(other),
            }
        };
        labels.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::history::Wanted;

    #[test]
    fn a_text_for_prometheus_is_read_with_every_awkward_label() {
        let mut wanted = Wanted::default();
        for name in ["waiting", "up", "started_seconds"] {
            wanted.add(name, 60_000);
        }
        let mut history = History::new(wanted, 100);
        let text = r#"# HELP waiting Who waits.
# TYPE waiting gauge
waiting{queue="a \"b\" {c}, \\d\ne",channel="ж"} 3
waiting{} NaN
up 1
started_seconds 1.5e3
unwanted{queue="x"} 1
up{broken="
"#;
        let own = Labels::from([("job".to_owned(), "tablica".to_owned())]);
        note(text, &own, 1000, &mut history);
        let found = |name: &str| {
            let newest = |it: &crate::alert::history::Series| {
                let point = it.points(0, 1000).next_back().expect("a point");
                (it.labels.clone(), point.value.expect("a value"))
            };
            history.of(name).map(newest).collect::<Vec<_>>()
        };
        assert_eq!(found("up"), [(own.clone(), 1.0)]);
        assert_eq!(found("started_seconds"), [(own.clone(), 1500.0)]);
        assert_eq!(found("unwanted"), []);
        let waiting = found("waiting");
        let labelled = waiting.iter().find(|(labels, _)| labels.len() == 3).expect("it");
        assert_eq!(labelled.0["queue"], "a \"b\" {c}, \\d\ne");
        assert_eq!((labelled.0["channel"].as_str(), labelled.1), ("ж", 3.0));
    }
}
