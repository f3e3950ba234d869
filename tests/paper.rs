//! Reports as people get them, in a real Chromium: on a screen nothing sticks out, and on paper
//! they take two pages, however much there is to tell.

use std::path::{Path, PathBuf};
use std::process::Command;

use tablica::config::model::ShowAgents;
use tablica::kpi;
use tablica::kpi::value::Figure;
use tablica::language::Language;
use tablica::report::{
    Around, Cell, Course, Kept, Kind, Line, Noted, Peak, Report, Row, Table, Worst,
};

/// What the page promises.
const PAGES_MAX: &str = "2";
const LONG: &str = "Complaints of business customers of the second region";
const SENTENCE: &str = "1,145 of 1,152 promises that week were kept. Complaints of business \
                        customers of the second region promises a reply by a human within 30 min, \
                        Mon–Fri 08:00–20:00, Sat 10:00–16:00, Asia/Yekaterinburg, to 80 %.";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots")
}

/// Looks at pages, each by its name, with Chromium's eyes; leaves pictures beside the build.
pub(crate) fn look_at(pages: &[(&str, &str)]) {
    let folder = folder();
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |(name, html): &(&str, &str)| {
        let path = folder.join(format!("{name}.html"));
        std::fs::write(&path, html).expect("written");
        path
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/report.mjs");
    let looked = Command::new("node")
        .arg(script)
        .arg("--screenshots")
        .arg(&folder)
        .args(["--pages-max", PAGES_MAX])
        .args(pages.iter().map(file))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(looked.status.success(), "{said}{}", String::from_utf8_lossy(&looked.stderr));
}

/// Looks at letters as a mail program's window of 900 pixels shows them; leaves pictures beside the build.
pub(crate) fn read(letters: &[(String, String)]) {
    let folder = folder();
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |(name, html): &(String, String)| {
        let path = folder.join(format!("{name}.html"));
        std::fs::write(&path, html).expect("written");
        path
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/letter.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg("--screenshots").arg(&folder).args(letters.iter().map(file));
    let looked = command.output().expect("node runs");
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(looked.status.success(), "{said}{}", String::from_utf8_lossy(&looked.stderr));
}

fn cell(display: &str, ratings: Option<i64>) -> Cell {
    let figure = Figure::Number(1.0);
    Cell { value: Some(1.0), display: display.to_owned(), figure, ratings }
}

fn table(of: &'static str, kpis: &[&'static str]) -> Table {
    let found = kpis.iter().map(|id| kpi::find(id).expect("a KPI"));
    let row = |number: usize| Row {
        name: format!("{LONG} {number}"),
        selector: None,
        cells: kpis
            .iter()
            .map(|kpi| cell("12,345.67", (*kpi == "csat").then_some(1_234)))
            .collect(),
    };
    Table {
        of,
        columns: found.map(|kpi| kpi.title).collect(),
        kpis: kpis.to_vec(),
        rows: (0..40).map(row).collect(),
    }
}

/// More of everything than a page can hold, all of it long.
fn fullest() -> Report {
    let headline = kpi::registry().iter().filter(|kpi| !kpi.is_state).take(14);
    let line = |kpi: &&kpi::Kpi| Line {
        kpi: kpi.id,
        title: kpi.title,
        now: cell("12,345.67", Some(1_234)),
        before: Some(cell("12,345.67", None)),
        sentence: SENTENCE.to_owned(),
    };
    let kept = |number: usize| Kept {
        policy: format!("policy_{number}"),
        title: format!("{LONG} {number}"),
        goal: 0.995,
        met: cell("100.00 %", None),
        kept: Some(number.is_multiple_of(2)),
        sentence: SENTENCE.to_owned(),
    };
    let peak = |_| Peak {
        at_ms: 0,
        when: "Mon 09:15–09:30".to_owned(),
        contacts: 12_345.0,
        annotations: vec![LONG.to_owned(); 2],
    };
    let worst = |_| Worst {
        at_ms: 0,
        when: "Mon 09:15–09:30".to_owned(),
        service_level: cell("100.00 %", None),
        in_time: 12_345,
        counted: 12_345,
        sentence: SENTENCE.to_owned(),
    };
    let noted = |_| Noted {
        title: LONG.repeat(2),
        kind: "campaign",
        from_ms: 0,
        from: "Mon 09:15".to_owned(),
        before: None,
        during: Some(12_345.6),
        after: Some(12_345.6),
    };
    let channel =
        ["volume", "service_level", "answer_rate", "asa", "frt_median", "csat", "cost"].as_slice();
    let queue = ["offered", "service_level", "abandon_rate_net", "asa", "frt_median", "csat"];
    let agent = ["answered", "aht", "frt_median", "transfers_per_contact", "csat"].as_slice();
    Report {
        of: None,
        site: LONG.to_owned(),
        kind: Kind::Weekly,
        dates: "2026-03-02 to 2026-03-08".to_owned(),
        from_ms: 0,
        to_ms: 0,
        final_at_ms: 0,
        final_at: "Wed 2026-03-11 06:30".to_owned(),
        is_provisional: true,
        time_zone: "America/Argentina/ComodRivadavia".to_owned(),
        headline: headline.map(line).collect(),
        policies: (0..64).map(kept).collect(),
        currency: "EUR".to_owned(),
        agents: ShowAgents::Alias,
        tables: vec![
            table("Channel", channel),
            table("Queue", &queue),
            table("Agent", agent),
            table("Topic", &["topic_contacts", "topic_share"]),
        ],
        hours: vec!["06:30".to_owned(); 8],
        course: Course { quarters: 4, contacts: (0..168).map(f64::from).collect() },
        peaks: (0..5).map(peak).collect(),
        worst: (0..5).map(worst).collect(),
        annotations: (0..30).map(noted).collect(),
    }
}

#[test]
fn the_fullest_letter_fits_into_a_mail_programs_window_in_every_language() {
    let report = fullest();
    let around = Around {
        link: Some("https://admin.example.com/admin/reports/weekly/2026-03-02".to_owned()),
        sent_by: Some("weekly-for-the-board".to_owned()),
        about: Some(LONG.to_owned()),
    };
    let letters = Language::ALL.map(|language| {
        let letter = report.letter(language, &around);
        assert!(letter.text.lines().count() > 30 && letter.subject.contains(LONG));
        (format!("letter-fullest-{}", language.id()), letter.html)
    });
    read(&letters);
}

#[test]
fn the_fullest_report_prints_on_two_pages() {
    look_at(&[("fullest", &fullest().to_html())]);
}
