//! Reports of made-up days, against the numbers that the wall shows.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{Around, Kind, Report, Span};
use crate::board::annotations::{self, Annotation};
use crate::board::figures::Site;
use crate::config::model::{Agents, Clock, Queues, ReportOf, ShowAgents};
use crate::engine::tests::script::{START_MS, all, fold_with, policy, reference, value};
use crate::engine::{Engine, Rules};
use crate::kpi::value::Figure;
use crate::language::Language;
use crate::scope::Window;

fn site() -> Site {
    Site {
        name: "Acme <care>".to_owned(),
        language: Language::English,
        time_zone: TimeZone::UTC,
        queues: Queues::default(),
        channels: BTreeMap::new(),
        agents: Agents::default(),
        policies: BTreeMap::new(),
        min_volume: 10,
        calendars: BTreeMap::new(),
        embed_hosts: Vec::new(),
        currency: "EUR".to_owned(),
        replay_speed: None,
    }
}

/// The published worked example, seen on the next morning.
fn next_day() -> Engine {
    let policies = vec![policy(Clock::Answer, 30, false)];
    let rules = Rules { policies, ..Rules::default() };
    let mut engine = fold_with(rules, &reference(), 36_000.0);
    engine.tick(START_MS + 24 * 3_600_000);
    engine
}

fn report(engine: &Engine, annotations: &[Annotation]) -> Report {
    let date = "2026-03-02".parse().expect("a date");
    let span = Span::holding(Kind::Daily, date, engine.rules()).expect("in range");
    Report::of(engine, &site(), annotations, &span)
}

fn sale() -> Annotation {
    Annotation {
        id: "1".to_owned(),
        kind: annotations::Kind::Campaign,
        title: "Spring sale".to_owned(),
        from_ms: START_MS,
        to_ms: Some(START_MS + 2 * 3_600_000),
        channel: None,
        queue: None,
        boards: Vec::new(),
        level: annotations::Level::Normal,
        source: annotations::Source::File,
    }
}

#[test]
fn a_reports_figures_are_the_walls() {
    let engine = next_day();
    let report = report(&engine, &[]);
    assert!(report.headline.len() >= 4, "{:?}", report.headline);
    for line in &report.headline {
        let wall = value(&engine, line.kpi, &all(), Window::Yesterday);
        let number = if let Figure::Number(number) = wall.figure { Some(number) } else { None };
        assert_eq!(line.now.value, number, "{}", line.kpi);
        assert_eq!(line.sentence.replace("that day", "yesterday"), wall.receipt.sentence);
    }
    let service_level = report.headline.iter().find(|line| line.kpi == "service_level");
    assert_eq!(service_level.expect("it is there").now.display, "81.90 %");
}

#[test]
fn a_report_is_provisional_until_nothing_that_is_open_can_change_it() {
    let mut engine = next_day();
    // START_MS is at eight: the day ends 16 hours later, the silence that ends a contact 8 hours on.
    let ends_ms = START_MS + 16 * 3_600_000;
    let early = fold_with(Rules::default(), &reference(), 60_000.0);
    assert!(early.now_ms() > ends_ms, "the day is over");
    let made = report(&early, &[]);
    assert!(made.is_provisional && made.to_html().contains("provisional</strong> until Tue"));
    assert_eq!(made.final_at_ms, ends_ms + 8 * 3_600_000);
    assert!(made.to_csv().lines().skip(1).all(|line| line.ends_with(",yes")));
    engine.tick(made.final_at_ms);
    let made = report(&engine, &[]);
    assert!(!made.is_provisional && !made.to_html().contains("provisional"));
}

#[test]
fn the_course_holds_every_contact_of_the_day() {
    let report = report(&next_day(), &[]);
    assert_eq!(report.course.contacts.len(), 96);
    assert_eq!(report.course.contacts.iter().sum::<f64>(), 1060.0);
    assert_eq!(report.peaks[0].contacts, 30.0);
    assert!(report.worst[0].service_level.value <= report.worst[1].service_level.value);
}

#[test]
fn an_annotation_shows_the_volume_before_while_and_after() {
    let report = report(&next_day(), &[sale()]);
    let noted = &report.annotations[0];
    // Nothing was counted before the day began.
    assert_eq!([noted.before, noted.during, noted.after], [None, Some(120.0), Some(120.0)]);
    assert_eq!(noted.from, "Mon 08:00");
}

#[test]
fn agents_are_aliases_and_text_is_harmless() {
    let report = report(&next_day(), &[sale()]);
    let agents = report.tables.iter().find(|table| table.of == "Agent").expect("a table");
    assert_eq!(agents.rows.len(), 2);
    let html = report.to_html();
    assert!(html.contains("Acme &lt;care&gt;") && !html.contains("<care>"));
    for text in [html, report.to_csv()] {
        assert!(!text.contains("ben") && text.contains(&agents.rows[0].name), "{text}");
    }
}

#[test]
fn agents_are_called_as_the_config_says() {
    let engine = next_day();
    let names = |agents: Agents| {
        let site = Site { agents, ..site() };
        let date = "2026-03-02".parse().expect("a date");
        let span = Span::holding(Kind::Daily, date, engine.rules()).expect("in range");
        let report = Report::of(&engine, &site, &[], &span);
        let table = report.tables.iter().find(|table| table.of == "Agent").expect("a table");
        let rows = table.rows.iter();
        let mut names: Vec<_> =
            rows.map(|row| (row.name.clone(), row.selector.is_some())).collect();
        names.sort();
        names
    };
    let aliases = BTreeMap::from([("ben".to_owned(), "Falcon".to_owned())]);
    let own = names(Agents { aliases: aliases.clone(), ..Agents::default() });
    assert!(own[0].0.starts_with("Agent ") && own[1].0 == "Falcon", "{own:?}");
    assert!(own.iter().all(|(_, is_told)| !is_told), "the API's name would betray them");
    let named = names(Agents { show: ShowAgents::Name, aliases, ..Agents::default() });
    assert_eq!(named, [("Falcon".to_owned(), true), ("ann".to_owned(), true)]);
}

#[test]
fn a_report_from_the_roll_ups_alone_is_the_same() {
    let mut engine = next_day();
    let mut recalled = Engine::new(engine.rules().clone());
    recalled.tick(engine.now_ms());
    for roll_up in engine.take_roll_ups() {
        recalled.recall(&roll_up).expect("there is room");
    }
    let (live, stored) = (report(&engine, &[sale()]), report(&recalled, &[sale()]));
    assert!(live.headline.iter().any(|line| line.now.display == "81.90 %"));
    assert!(live.policies[0].met.value.is_some_and(|met| met > 0.8), "{:?}", live.policies);
    assert_eq!(live, stored);
}

#[test]
fn a_letter_says_the_same_in_each_language_and_names_nobody() {
    let report = report(&next_day(), &[sale()]);
    let around = Around { sent_by: Some("morning".to_owned()), ..Around::default() };
    let of = |language| report.letter(language, &around);
    for (language, kind, share) in [
        (Language::English, "Daily report", "81.9%"),
        (Language::Polish, "Raport dzienny", "81,9\u{a0}%"),
        (Language::Russian, "Отчёт за день", "81,9\u{a0}%"),
        (Language::Ukrainian, "Звіт за день", "81,9\u{a0}%"),
    ] {
        let letter = of(language);
        for text in [&letter.html, &letter.text] {
            for wanted in [kind, share, "2026-03-02", "report.morning", "Spring sale"] {
                assert!(text.contains(wanted), "{language:?} lacks {wanted}: {text}");
            }
            assert!(!text.contains("ben"), "{text}");
        }
        // The site is called "Acme <care>".
        assert!(!letter.html.contains("<care>") && letter.text.contains("<care>"));
        assert!(letter.subject.starts_with(kind), "{}", letter.subject);
        assert!(!letter.html.contains("<script") && !letter.html.contains("<style"));
    }
    // Twenty-four bars of a day.
    let english = of(Language::English).html;
    assert_eq!(english.matches("background:#3d7ea6").count(), 24);
}

#[test]
fn a_message_to_walls_stands_in_no_report() {
    let message = Annotation { kind: annotations::Kind::Message, ..sale() };
    assert_eq!(report(&next_day(), &[message]).annotations.len(), 0);
}

#[test]
fn a_report_about_one_channel_or_queue_is_of_its_contacts() {
    let engine = next_day();
    let date = "2026-03-02".parse().expect("a date");
    let span = Span::holding(Kind::Daily, date, engine.rules()).expect("in range");
    let about = |of: &ReportOf| Report::about(&engine, &site(), &[], &span, of);
    let volume = |report: &Report| {
        let line = report.headline.iter().find(|line| line.kpi == "volume").expect("it is there");
        line.now.value.unwrap_or_default()
    };
    let (queue, channel) = (engine.queues().next(), engine.channels().next());
    let queue = ReportOf { queue: queue.map(str::to_owned), ..ReportOf::default() };
    let channel = ReportOf { channel: channel.map(str::to_owned), ..ReportOf::default() };
    for of in [queue, channel] {
        let report = about(&of);
        assert_eq!(volume(&report), 1060.0, "the reference is of one");
        assert_eq!(report.course.contacts.iter().sum::<f64>(), 1060.0);
    }
    let nobody = about(&ReportOf { queue: Some("nobody".to_owned()), ..ReportOf::default() });
    assert_eq!((volume(&nobody), nobody.peaks.len()), (0.0, 0));
    let promises = about(&ReportOf { policies: vec!["none".to_owned()], ..ReportOf::default() });
    assert_eq!((promises.policies.len(), volume(&promises)), (0, 1060.0));
}
