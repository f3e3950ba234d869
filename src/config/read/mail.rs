//! Reads `[mail]` and `[report.NAME]`: what goes out by mail. An address that is none is not repeated
//! in what is said of it: problems are logged.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use jiff::civil::{Time, Weekday};
use lettre::Address;
use lettre::message::Mailbox;

use super::channel::ChannelNames;
use super::{SECOND, listen, time_of_day};
use crate::config::document::{Node, Place, Value};
use crate::config::model::{
    DayOfWeek, Mail, MailTls, MailedReport, Policy, RECIPIENTS_MAX, ReportFormat, ReportKind,
    ReportOf, Secret,
};
use crate::config::problem::Problem;
use crate::config::secret;
use crate::config::section::{Section, text};
use crate::language::Language;

/// Reports of one server; more nobody keeps apart.
const REPORTS_MAX: usize = 50;
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

pub(super) fn mail(mut section: Section<'_>) -> Mail {
    let default = Mail::default();
    let tls =
        section.choice("tls", default.tls.word().to_owned(), &MailTls::ALL.map(MailTls::word));
    let tls = MailTls::from_word(&tls).unwrap_or(default.tls);
    let port = match tls {
        MailTls::Required => 465,
        MailTls::Starttls => 587,
        MailTls::None => 25,
    };
    let server = section.text("server", String::new());
    if server.is_empty() && !section.is_wrong("server") {
        section.wrong("server", "no mail server", "its name, such as \"smtp.example.com\"");
    }
    let port = section.count("port", port, 1..=usize::from(u16::MAX));
    let user = section.optional_text("user");
    let password = password(&mut section);
    if user.is_some() != section.has("password") {
        let found = "found one of user and password without the other";
        section.wrong("user", found, "both, or none where the server asks for no login");
    }
    let plain_networks = listen::networks(&mut section, "plain_networks");
    let is_listed = |address: IpAddr| plain_networks.iter().any(|it| it.contains(&address));
    let is_near = match server.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || is_listed(address),
        Err(_) => server == "localhost",
    };
    if tls == MailTls::None && !is_near && !server.is_empty() {
        let found = "reports, and the password, would cross the network as plain text";
        let expected = "\"required\" or \"starttls\"; \"none\" is for a server on this machine \
                        (\"127.0.0.1\"), or one whose address is in plain_networks";
        section.wrong("tls", found, expected);
    }
    let mail = Mail {
        tls,
        port: u16::try_from(port).unwrap_or(default.port),
        ca_file: section.path("ca_file"),
        plain_networks,
        user,
        password,
        from: from(&mut section),
        timeout: section.duration("timeout", default.timeout, SECOND),
        tries_max: section.count("tries_max", default.tries_max, 1..=1000),
        retry_after: section.duration("retry_after", default.retry_after, SECOND),
        retry_after_max: section.duration("retry_after_max", default.retry_after_max, SECOND),
        catch_up: section.duration("catch_up", default.catch_up, Duration::ZERO),
        by_hand_per_hour_max: section.count(
            "by_hand_per_hour_max",
            default.by_hand_per_hour_max,
            0..=10_000,
        ),
        server,
    };
    section.finish();
    mail
}

fn password(section: &mut Section<'_>) -> Option<Secret> {
    let node = section.take("password")?;
    let secret = secret::secret(section.reader, &section.key("password"), node)?;
    if std::str::from_utf8(secret.expose()).is_err() {
        section.wrong("password", "it is no text", "a password in UTF-8");
        return None;
    }
    Some(secret)
}

fn from(section: &mut Section<'_>) -> String {
    let expected = r#"an address such as "Tablica <tablica@example.com>""#;
    let from = section.take("from").map(|node| text(&node).unwrap_or_default());
    match from {
        None => section.wrong("from", "nobody writes the mails", expected),
        Some(from) if from.parse::<Mailbox>().is_err() => {
            section.wrong("from", "it is no address", expected);
        }
        Some(from) => return from,
    }
    String::new()
}

/// What else stands in the config that a report hangs on.
pub(super) struct Around<'a> {
    pub(super) has_mail: bool,
    pub(super) language: &'a str,
    pub(super) channels: &'a ChannelNames<'a>,
    pub(super) policies: &'a BTreeMap<String, Policy>,
}

pub(super) fn reports(section: Section<'_>, around: &Around<'_>) -> BTreeMap<String, MailedReport> {
    let reader = section.reader;
    let entries = section.entries();
    if entries.len() > REPORTS_MAX {
        let problem = Problem::about(
            "report",
            format!("found {} reports", entries.len()),
            format!("at most {REPORTS_MAX}"),
        );
        reader.report(&Place::default(), problem);
    }
    let read = |(name, node): (String, Node)| {
        let section = Section::of(reader, format!("report.{name}"), Some(node));
        let report = report(section, &name, around);
        (name, report)
    };
    entries.into_iter().take(REPORTS_MAX).map(read).collect()
}

fn report(mut section: Section<'_>, name: &str, around: &Around<'_>) -> MailedReport {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.len() > 40 || !name.chars().all(is_fit) {
        section.wrong(
            "kind",
            "the report's name is unfit",
            "letters, digits, `-` and `_`, 40 at most",
        );
    }
    if !around.has_mail {
        let found = "there is no [mail]";
        section.wrong("to", found, "the section [mail] with the server that sends it");
    }
    let kind = section.choice("kind", String::new(), &ReportKind::ALL.map(ReportKind::word));
    if kind.is_empty() && !section.is_wrong("kind") {
        section.wrong("kind", "the report has no kind", "\"daily\" or \"weekly\"");
    }
    let kind = ReportKind::from_word(&kind).unwrap_or(ReportKind::Daily);
    let seven = Time::constant(7, 0, 0, 0);
    let at = section.value("at", seven, r#"a time of the day such as "07:00""#, |node| match &node
        .value
    {
        Value::Text(text) | Value::Moment(text) => {
            time_of_day(text).filter(|time| time.second() == 0)
        }
        _ => None,
    });
    let chosen: BTreeSet<DayOfWeek> =
        section.words("weekdays", &WEEKDAYS).into_iter().map(DayOfWeek::from).collect();
    let weekdays = match (chosen.is_empty(), kind) {
        (false, _) => chosen,
        (true, ReportKind::Daily) => DayOfWeek::all(),
        (true, ReportKind::Weekly) => BTreeSet::from([Weekday::Monday.into()]),
    };
    let language = section.choice("language", around.language.to_owned(), &Language::IDS);
    let report = MailedReport {
        kind,
        at,
        weekdays,
        language: Language::from_id(&language).unwrap_or_default(),
        to: recipients(&mut section),
        attach: attached(&mut section),
        of: of(&mut section, around),
    };
    section.finish();
    report
}

fn recipients(section: &mut Section<'_>) -> Vec<String> {
    let expected = format!("1 to {RECIPIENTS_MAX} addresses such as \"lead@example.com\"");
    let told = section.texts("to");
    if told.is_empty() && !section.is_wrong("to") {
        section.wrong("to", "nobody to send it to", expected.clone());
    }
    if told.len() > RECIPIENTS_MAX {
        section.wrong("to", format!("found {} addresses", told.len()), expected.clone());
    }
    let mut kept: Vec<String> = Vec::new();
    for (number, (place, address)) in told.into_iter().enumerate() {
        let address = address.trim().to_owned();
        let key = section.key("to");
        let report = |found: &str| {
            let found = format!("{found}: number {} of the list", number + 1);
            section.reader.report(&place, Problem::about(key.clone(), found, expected.clone()));
        };
        if address.parse::<Address>().is_err() {
            report("no address");
        } else if kept.iter().any(|it| it.eq_ignore_ascii_case(&address)) {
            report("an address stands there twice");
        } else {
            kept.push(address);
        }
    }
    kept
}

fn attached(section: &mut Section<'_>) -> Vec<ReportFormat> {
    let known = ReportFormat::ALL.map(|format| (format.word(), format));
    let mut formats = section.words("attach", &known);
    formats.sort_unstable();
    formats.dedup();
    formats
}

fn of(section: &mut Section<'_>, around: &Around<'_>) -> ReportOf {
    let queue = section.optional_text("queue");
    let channel = section.take("channel").and_then(|node| {
        let name = text(&node).unwrap_or_default();
        match around.channels.problem(&section.key("channel"), &name) {
            Some(problem) => section.reader.report(&node.place, problem),
            None => return Some(name),
        }
        None
    });
    let mut policies = Vec::new();
    for (place, name) in section.texts("policies") {
        if around.policies.contains_key(&name) {
            policies.push(name);
            continue;
        }
        let known: Vec<&str> = around.policies.keys().map(String::as_str).collect();
        let expected = match known.as_slice() {
            [] => "a policy; the config has none".to_owned(),
            known => format!("names of policies: {}", known.join(", ")),
        };
        let problem = Problem::about(section.key("policies"), format!("found {name:?}"), expected);
        section.reader.report(&place, problem.suggest(&name, known));
    }
    ReportOf { queue, channel, policies }
}
