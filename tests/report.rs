//! Reports of a drawn week: every figure is the one that another door gives.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tablica::engine::Sum;
use tablica::kpi::text;
use tablica::report::Span;

use crate::paper;
use crate::support::center::HOUR;
use crate::support::journal;
use crate::support::server::Server;
use crate::support::wait::until;
use crate::support::week::Week;

/// When the API or a replay is asked for "yesterday": what was open at night is over by then.
const ASKED_AFTER_MS: i64 = 6 * HOUR;

/// A figure of a report.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    value: Option<f64>,
    display: String,
    ratings: Option<i64>,
}

/// By what it is of, by whom and by KPI: `("agent", "Agent X7KQ", "aht")`.
type Cells = BTreeMap<(String, String, String), Cell>;

fn run(week: &Week, arguments: &[&str]) -> String {
    let output = week.site.command(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

fn report(week: &Week, kind: &str, span: &Span, format: &str) -> String {
    // Any day of the week names it.
    run(week, &["report", kind, "--date", &span.last.to_string(), "--format", format])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Every figure of a report in JSON, and what the API selects it by where the report says so.
fn cells(report: &Value) -> (Cells, BTreeMap<(String, String), Value>) {
    let (mut cells, mut selectors) = (Cells::new(), BTreeMap::new());
    let mut note = |of: &str, name: &str, kpi: &Value, cell: &Value| {
        let key = (of.to_owned(), name.to_owned(), text_of(kpi));
        let cell = Cell {
            value: cell["value"].as_f64(),
            display: text_of(&cell["display"]),
            ratings: cell["ratings"].as_i64(),
        };
        assert!(cells.insert(key, cell).is_none(), "{of} {name} twice");
    };
    for line in report["headline"].as_array().expect("a list") {
        note("all", "", &line["kpi"], &line["now"]);
    }
    for policy in report["policies"].as_array().expect("a list") {
        note(
            "policy",
            policy["policy"].as_str().expect("a name"),
            &"sla_met".into(),
            &policy["met"],
        );
    }
    for table in report["tables"].as_array().expect("a list") {
        let of = text_of(&table["of"]).to_lowercase();
        for row in table["rows"].as_array().expect("a list") {
            let name = text_of(&row["name"]);
            let kpis = table["kpis"].as_array().expect("a list").iter();
            for (kpi, cell) in kpis.zip(row["cells"].as_array().expect("a list")) {
                note(&of, &name, kpi, cell);
            }
            selectors.insert((of.clone(), name), row["selector"].clone());
        }
    }
    (cells, selectors)
}

/// What the API is asked for by what stands in a report, `queue=queue-00`; agents are found by
/// their aliases.
fn filters(report: &Value, agents: &BTreeSet<String>) -> BTreeMap<(String, String), String> {
    let (cells, selectors) = cells(report);
    let by_alias: BTreeMap<String, &String> =
        agents.iter().map(|name| (text::alias(name), name)).collect();
    let whose: BTreeSet<(String, String)> =
        cells.into_keys().map(|(of, name, _)| (of, name)).collect();
    let filter = |whose: &(String, String)| match whose.0.as_str() {
        "all" => String::new(),
        "policy" => format!("policy={}", whose.1),
        "agent" => format!("agent={}", by_alias[&whose.1]),
        of => format!("{of}={}", selectors[whose][of].as_str().expect("a name")),
    };
    whose.into_iter().map(|whose| (whose.clone(), filter(&whose))).collect()
}

/// A figure of the API, as a report would write it.
fn cell_of(value: &Value) -> Cell {
    let figure = serde_json::from_value::<Figure>(value["figure"].clone()).expect("a figure");
    let unit = text_of(&value["unit"]);
    let display = match &figure.state[..] {
        "not_applicable" => "–".to_owned(),
        "no_data" => "no data".to_owned(),
        "concealed" => "concealed".to_owned(),
        _ => shown(figure.value.expect("a number"), &unit),
    };
    let counts = value["receipt"]["counts"].as_array().expect("a list");
    let count = |name: &str| counts.iter().find(|count| count["name"] == name);
    let ratings = count("ratings_to_ten").or(count("ratings")).filter(|_| figure.value.is_some());
    let ratings = ratings.and_then(|ratings| ratings["value"].as_i64());
    Cell { value: figure.value, display, ratings }
}

#[derive(serde::Deserialize)]
struct Figure {
    state: String,
    value: Option<f64>,
}

/// A number as people write it.
fn shown(number: f64, unit: &str) -> String {
    use tablica::kpi::value::{Figure, Unit};
    let unit = match unit {
        "ratio" => Unit::Ratio,
        "seconds" => Unit::Seconds,
        "count" => Unit::Count,
        "points" => Unit::Points,
        "money" => Unit::Money,
        _ => Unit::Number,
    };
    text::figure(Figure::Number(number), unit)
}

/// The drawn agents, by the names that the network gives.
fn agents(week: &Week) -> BTreeSet<String> {
    week.events.iter().filter_map(|event| event.agent.clone()).collect()
}

/// What stands in a report, and what the API says of yesterday, figure by figure.
async fn check_against_api(report: &Value, server: &Server, agents: &BTreeSet<String>) {
    let (cells, _) = cells(report);
    for ((of, name), filter) in filters(report, agents) {
        let answer = server.json(&format!("/api/v1/kpis?window=yesterday&{filter}")).await;
        let kpis = answer["kpis"].as_array().unwrap_or_else(|| panic!("{filter}: {answer}"));
        for ((_, _, kpi), cell) in
            cells.iter().filter(|((its, whose, _), _)| (its, whose) == (&of, &name))
        {
            let said = kpis.iter().find(|said| said["kpi"] == kpi.as_str()).expect("it is known");
            assert_eq!(cell, &cell_of(said), "{of} {name} {kpi}: {said}");
        }
    }
}

/// What days say together of a KPI, from the counts of their receipts; of percentiles only
/// between which of the days' they lie.
fn together(kpi: &str, days: &[&Value]) -> (Option<f64>, Option<f64>) {
    let figures: Vec<f64> = days.iter().filter_map(|day| day["figure"]["value"].as_f64()).collect();
    let count = |name: &str| -> f64 {
        let counts =
            days.iter().flat_map(|day| day["receipt"]["counts"].as_array().expect("a list"));
        let named = counts.filter(|count| count["name"] == name);
        named.map(|count| count["value"].as_f64().expect("a number")).sum()
    };
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let exactly = match kpi {
        "volume" | "offered" | "answered" | "never_answered" | "complaints" | "cost" => {
            (!figures.is_empty()).then(|| figures.iter().sum())
        }
        "service_level" => share(count("in_time"), count("counted")),
        "answer_rate" => share(count("reached"), count("contacts")),
        "abandon_rate_net" => {
            let short = count("abandoned_short");
            share(count("abandoned") - short, count("offered") - short)
        }
        "asa" => share(count("wait_ms") / 1000.0, count("answered")),
        "aht" => {
            let parts = [Sum::Talk, Sum::Hold, Sum::AfterWork].map(|sum| count(sum.name()));
            share(parts.iter().sum::<f64>() / 1000.0, count("handled"))
        }
        "transfers_per_contact" => {
            // Of one queue, those that entered it.
            share(count("transfers"), count("contacts") + count("offered"))
        }
        "csat" => share(count("positive"), count("ratings")),
        "nps" => {
            let lead = count("promoters") - count("detractors");
            share(100.0 * lead, count("ratings_to_ten"))
        }
        "fcr" => {
            let contacts = count("contacts_of_known_customers");
            share(contacts - count("came_again"), contacts)
        }
        "sla_met" => share(count("kept"), count("kept") + count("broken")),
        _ => {
            assert!(kpi.starts_with("frt_"), "{kpi}: no sum of days is known");
            let least = figures.iter().copied().reduce(f64::min);
            return (least, figures.iter().copied().reduce(f64::max));
        }
    };
    (exactly, exactly)
}

/// What replays of the journal say of each day of the week, by selector and KPI.
fn replayed(week: &Week, kpis: &BTreeSet<String>) -> BTreeMap<(String, String), Vec<Value>> {
    let days: Vec<&Span> = week.days.iter().take(7).collect();
    let asked = |span: &Span| {
        let at_ms = span.to_ms + ASKED_AFTER_MS;
        jiff::Timestamp::from_millisecond(at_ms).expect("a time").to_string()
    };
    let (from, to) = (asked(days[0]), asked(days[6]));
    let mut arguments = vec!["replay", "--from", &from, "--to", &to, "--step", "24h"];
    arguments.extend(["--window", "yesterday", "--format", "json"]);
    arguments.extend(kpis.iter().flat_map(|kpi| ["--kpi", kpi]));
    let mut said: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    let policies = ["calls", "first_reply", "next_reply", "settled"];
    let selected = policies.map(|policy| format!("policy={policy}"));
    let selected = selected.iter().map(|policy| vec!["--select", policy.as_str()]);
    for select in std::iter::once(Vec::new()).chain(selected) {
        let steps = json(&run(week, &[arguments.as_slice(), &select].concat()));
        let steps = steps["steps"].as_array().expect("a list");
        assert_eq!(steps.len(), 7);
        for value in steps.iter().flat_map(|step| step["kpis"].as_array().expect("a list")) {
            let selector = value["selector"].as_object().expect("a selector").iter();
            let words = selector.map(|(key, name)| format!("{key}={}", text_of(name)));
            let filter = words.collect::<Vec<_>>().join("&");
            said.entry((filter, text_of(&value["kpi"]))).or_default().push(value.clone());
        }
    }
    said
}

/// The week's report against its seven days, replayed.
fn check_against_days(week: &Week, report: &Value, agents: &BTreeSet<String>) {
    let (cells, _) = cells(report);
    let filters = filters(report, agents);
    let is_asked = |of: &str| !matches!(of, "agent" | "topic");
    let asked = cells.keys().filter(|(of, ..)| is_asked(of));
    let said = replayed(week, &asked.map(|(_, _, kpi)| kpi.clone()).collect());
    let mut compared = 0;
    for ((of, name, kpi), cell) in cells.iter().filter(|((of, ..), _)| is_asked(of)) {
        let filter = &filters[&(of.clone(), name.clone())];
        let days = &said[&(filter.clone(), kpi.clone())];
        let (least, most) = together(kpi, &days.iter().collect::<Vec<_>>());
        let (Some(value), Some(least), Some(most)) = (cell.value, least, most) else {
            assert_eq!(cell.value, least, "{of} {name} {kpi}: {days:?}");
            continue;
        };
        // Sums of money and means are rounded somewhere.
        let is_between = least - 1e-9 <= value && value <= most + 1e-9;
        assert!(is_between, "{of} {name} {kpi}: {value} is not {least} to {most}, {days:?}");
        compared += 1;
    }
    assert!(compared > 40, "only {compared} figures were compared");
}

/// The lines of a report in CSV are its figures.
fn check_csv(csv: &str, report: &Value) {
    let (cells, _) = cells(report);
    assert_eq!(csv.lines().count(), 1 + cells.len());
    for line in csv.lines().skip(1) {
        // A comma within quotes is within a number.
        let fields = Vec::from_iter(line.splitn(6, ','));
        let [_, of, name, kpi, value, rest] = fields[..] else { panic!("{line}") };
        let (display, ratings) = rest.rsplit_once(',').expect("two more");
        let cell = &cells[&(of.to_owned(), name.to_owned(), kpi.to_owned())];
        // A number read from JSON may be off by its last bit.
        let is_same = match (value.parse::<f64>().ok(), cell.value) {
            (Some(written), Some(value)) => (written - value).abs() <= 1e-12 * value.abs(),
            (written, value) => written == value,
        };
        assert!(is_same, "{line}: {cell:?}");
        assert_eq!(
            (display.trim_matches('"'), ratings.parse().ok()),
            (&*cell.display, cell.ratings)
        );
    }
}

/// Every file below a folder, with its content.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), std::fs::read(&path).expect("readable"));
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weeks_figures_are_those_of_every_other_door() {
    let week = Week::draw("");
    let state = week.site.path("state");
    journal::write(&state, &week.events).await;
    let server = week.site.start().await;
    let yesterday = week.days.last().expect("a day");
    let agents = agents(&week);

    // The server makes both reports by itself, of what it holds in memory.
    let made = |kind: &str, span: &Span, format: &str| {
        week.site.path(&format!("reports/{kind}-{}.{format}", span.first))
    };
    let is_made = |kind, span| made(kind, span, "html").exists();
    until("both reports", || is_made("daily", yesterday) && is_made("weekly", &week.span));
    let read = |kind, span, format| std::fs::read_to_string(made(kind, span, format));
    let of_yesterday = json(&read("daily", yesterday, "json").expect("readable"));
    check_against_api(&of_yesterday, &server, &agents).await;
    assert!(server.stop().success());

    // The command makes them of what is in the state folder, and only reads.
    let before = files(&state);
    for (kind, span) in [("daily", yesterday), ("weekly", &week.span)] {
        for format in ["json", "csv", "html"] {
            let of_server = read(kind, span, format).expect("readable");
            let of_command = report(&week, kind, span, format);
            assert!(of_command == of_server, "{kind} {format}: {of_command}\n{of_server}");
        }
    }
    let of_week = json(&report(&week, "weekly", &week.span, "json"));
    check_csv(&report(&week, "weekly", &week.span, "csv"), &of_week);
    assert!(files(&state) == before, "a report has left something behind");
    check_against_days(&week, &of_week, &agents);
    let page = |kind, span| report(&week, kind, span, "html");
    let (daily, weekly) = (page("daily", yesterday), page("weekly", &week.span));
    paper::look_at(&[("daily", &daily), ("weekly", &weekly)]);
    for (at, title) in [(0, "Spring mailing"), (1, "Parcel tracking is down")] {
        assert_eq!(of_week["annotations"][at]["title"], title);
    }
}
