//! Reports of a drawn week: every figure is the one that another door gives.

mod figures;

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tablica::event::{Author, Kind};
use tablica::kpi::text;
use tablica::report::Span;

use self::figures::{Cells, cell_of, cells, json, text_of, together};
use crate::paper;
use crate::support::center::HOUR;
use crate::support::journal;
use crate::support::server::{Server, Site, tablica};
use crate::support::wait::until;
use crate::support::week::Week;

/// When the API or a replay is asked for "yesterday": what was open at night is over by then.
const ASKED_AFTER_MS: i64 = 6 * HOUR;

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

/// What agents have answered by the events themselves: calls, and written contacts whose customer
/// got a first reply from them.
fn check_against_events(week: &Week, report: &Value) {
    let mut answered: BTreeMap<String, f64> = BTreeMap::new();
    let mut replied = BTreeSet::new();
    let in_span = |at_ms| (week.span.from_ms..week.span.to_ms).contains(&at_ms);
    for event in week.events.iter().filter(|event| in_span(event.at_ms)) {
        let Some(agent) = &event.agent else { continue };
        let counts = match &event.kind {
            Kind::Answered(_) => true,
            Kind::Message(message) if message.author == Author::Agent => {
                replied.insert(event.interaction.clone())
            }
            _ => false,
        };
        if counts {
            *answered.entry(text::alias(agent)).or_default() += 1.0;
        }
    }
    let (cells, _) = cells(report);
    let told = cells.iter().filter(|((of, _, kpi), _)| of == "agent" && kpi == "answered");
    let told = told.map(|((_, alias, _), cell)| (alias.clone(), cell.value.expect("enough")));
    assert_eq!(told.collect::<BTreeMap<_, _>>(), answered);
}

/// The same agents by other names.
fn check_names(week: &Week, of_week: &Value) {
    let config = std::fs::read_to_string(week.site.config()).expect("the config");
    let other = week.site.path("names.toml");
    let agents = "[agents]\nshow = \"name\"\naliases = { agent-007 = \"James\" }\n";
    std::fs::write(&other, config + agents).expect("written");
    let monday = week.span.first.to_string();
    let mut named = tablica();
    named.args(["report", "weekly", "--date", &monday, "--format", "json", "--config"]).arg(other);
    let named = json(&String::from_utf8(named.output().expect("tablica runs").stdout).unwrap());
    let (concealed, selectors) = cells(of_week);
    assert!(selectors.iter().all(|((of, _), selector)| selector.is_null() == (of == "agent")));
    let (mut named, selectors) = cells(&named);
    assert!(selectors.values().all(Value::is_object));
    for name in agents_of(&named) {
        let network = &selectors[&("agent".to_owned(), name.clone())]["agent"];
        assert_eq!(network == "agent-007", name == "James", "{name}");
        assert!(name == "James" || *network == *name, "{network} is called {name}");
        for kpi in ["answered", "aht", "csat"] {
            let key = |name: &str| ("agent".to_owned(), name.to_owned(), kpi.to_owned());
            let alias = text::alias(network.as_str().expect("a name"));
            assert_eq!(named.remove(&key(&name)), concealed.get(&key(&alias)).cloned());
        }
    }
}

fn agents_of(cells: &Cells) -> BTreeSet<String> {
    let of_agents = cells.keys().filter(|(of, ..)| of == "agent");
    of_agents.map(|(_, name, _)| name.clone()).collect()
}

/// The lines of a report in CSV are its figures.
fn check_csv(csv: &str, report: &Value) {
    let (cells, _) = cells(report);
    assert_eq!(csv.lines().count(), 1 + cells.len());
    for line in csv.lines().skip(1) {
        // A comma within quotes is within a number.
        let fields = Vec::from_iter(line.splitn(6, ','));
        let [_, of, name, kpi, value, rest] = fields[..] else { panic!("{line}") };
        let (rest, provisional) = rest.rsplit_once(',').expect("three more");
        let (display, ratings) = rest.rsplit_once(',').expect("two more");
        assert_eq!(provisional == "yes", report["is_provisional"] == true, "{line}");
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

fn refused(site: &Site, arguments: &[&str]) -> String {
    let output = site.command(arguments);
    assert!(!output.status.success(), "{arguments:?} went through");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn where_nothing_was_counted_nothing_is_reported_or_made() {
    let site = Site::new("");
    let error = refused(&site, &["report", "daily"]);
    assert!(
        error.contains("nothing has been counted in ") && error.contains("--config"),
        "{error}"
    );
    assert!(!site.path("state").exists());
    let error = refused(&site, &["report", "daily", "--date", "tomorrow"]);
    assert!(error.contains("a date such as 2026-03-04"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weeks_figures_are_those_of_every_other_door() {
    // A day is asked for when all that was promised on it is known: callbacks, too.
    let week = Week::draw("\n[contacts]\ncallback_within = \"1h\"\n");
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
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode();
    for entry in std::fs::read_dir(week.site.path("reports")).expect("the folder") {
        let path = entry.expect("a file").path();
        assert_eq!(mode(&path) & 0o777, 0o600, "{}", path.display());
    }
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
    check_against_events(&week, &of_week);
    check_names(&week, &of_week);
    let error = refused(&week.site, &["report", "daily", "--date", "2020-01-01"]);
    let known = format!("nothing was counted on 2020-01-01; known is {}", week.opened_on());
    assert!(error.contains(&known), "{error}");
    let page = |kind, span| report(&week, kind, span, "html");
    let (daily, weekly) = (page("daily", yesterday), page("weekly", &week.span));
    paper::look_at(&[("daily", &daily), ("weekly", &weekly)]);
    for (at, title) in [(0, "Spring mailing"), (1, "Parcel tracking is down")] {
        assert_eq!(of_week["annotations"][at]["title"], title);
    }
}
