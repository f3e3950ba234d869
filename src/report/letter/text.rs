//! The letter as plain text.

use super::words::Said;
use crate::report::Table;

/// Rows of a table: the busiest.
const ROWS_MAX: usize = 5;

pub(super) fn page(said: &Said<'_>) -> String {
    let report = said.report;
    let mut lines = vec![
        report.site.clone(),
        format!("{} · {} · {}", said.kind(), said.dates(), report.time_zone),
    ];
    lines.extend(said.around.about.clone());
    lines.extend(said.provisional());
    lines.push(String::new());
    for line in said.headline() {
        let ratings = said.ratings(&line.now).map(|it| format!(" ({it})")).unwrap_or_default();
        let before = line.before.as_ref().map(|cell| format!(" · {}", said.before(cell, line.kpi)));
        let figure = said.figure(&line.now, line.kpi);
        lines.push(format!(
            "{}: {figure}{ratings}{}",
            said.title(line.kpi),
            before.unwrap_or_default()
        ));
    }
    policies(said, &mut lines);
    section(&mut lines, &said.say("report-busiest"));
    for peak in &report.peaks {
        let notes = peak.annotations.join(", ");
        let notes = if notes.is_empty() { notes } else { format!(" ({notes})") };
        lines.push(format!("{}: {}{notes}", said.quarter(peak.at_ms), said.count(peak.contacts)));
    }
    if !report.annotations.is_empty() {
        section(&mut lines, &said.say("report-happened"));
        for noted in &report.annotations {
            let volume = [noted.before, noted.during, noted.after].map(|it| said.per_hour(it));
            let at = said.moment(noted.from_ms, false);
            let kind = said.noted_kind(noted);
            lines.push(format!("{at} {kind}: {}: {}", noted.title, volume.join(" / ")));
        }
    }
    for table in &report.tables {
        rows(said, table, &mut lines);
    }
    lines.push(String::new());
    if let Some(link) = &said.around.link {
        lines.push(format!("{}: {link}", said.say("report-link")));
    }
    lines.extend(said.footer());
    lines.push(String::new());
    lines.join("\n")
}

fn section(lines: &mut Vec<String>, title: &str) {
    lines.push(String::new());
    lines.push(title.to_owned());
    lines.push("-".repeat(title.chars().count()));
}

fn policies(said: &Said<'_>, lines: &mut Vec<String>) {
    if said.report.policies.is_empty() {
        return;
    }
    section(lines, &said.say("report-promised"));
    for policy in &said.report.policies {
        let kept = match policy.kept {
            Some(true) => said.say("report-kept"),
            Some(false) => said.say("report-broken").to_uppercase(),
            None => String::new(),
        };
        let met = said.figure(&policy.met, "sla_met");
        let goal = said.share(policy.goal);
        lines.push(
            format!("{}: {met} ({} {goal}) {kept}", policy.title, said.say("report-goal"))
                .trim_end()
                .to_owned(),
        );
    }
}

fn rows(said: &Said<'_>, table: &Table, lines: &mut Vec<String>) {
    section(lines, &said.rows_are(table));
    for row in table.rows.iter().take(ROWS_MAX) {
        let cells = table.kpis.iter().zip(&row.cells);
        let cells: Vec<String> = cells
            .map(|(kpi, cell)| format!("{} {}", said.column(kpi), said.figure(cell, kpi)))
            .collect();
        lines.push(format!("{}: {}", row.name, cells.join(", ")));
    }
    lines.extend(said.more(ROWS_MAX, table.rows.len()));
}
