//! What a script expects: a KPI's figure, the sentence of its receipt, a feed's health, what a
//! report shows, how much came around an annotation.

use super::annotate::{self, Contacts};
use super::details::one_of;
use super::figure::Expected;
use super::mistake::{Fault, hint};
use super::words::Cursor;
use crate::config::words::nearest;
use crate::kpi::{self, Kpi};
use crate::scope::{FeedHealth, Selector, Window};

/// One expectation, to be met at its time.
pub(super) enum Expectation {
    Figure(Question, Expected),
    /// The sentence holds this text.
    Receipt(Question, String),
    /// The report of the last whole day shows it.
    Report(Question, Expected),
    /// So many around an annotation.
    Contacts(Contacts),
    /// That channel's feed.
    Feed(String, FeedHealth),
}

/// Which number is asked for: `service_level{queue=sales,window=15m}`.
pub(super) struct Question {
    /// As it stands in the script.
    pub(super) written: String,
    pub(super) kpi: &'static Kpi,
    pub(super) selector: Selector,
    pub(super) window: Window,
}

/// The span, which stands in braces with what selects contacts.
const WINDOW: &str = "window";

fn set(question: &mut Question, key: &str, value: &str) -> Result<(), String> {
    if key == WINDOW {
        let known = || hint(value, Window::ALL.map(Window::id));
        question.window = Window::from_id(value).ok_or_else(known)?;
        return Ok(());
    }
    question.selector.set(key, value).map_err(|error| error.to_string())
}

const FEEDS: [(&str, FeedHealth); 4] = [
    ("live", FeedHealth::Live),
    ("late", FeedHealth::Late),
    ("silent", FeedHealth::Silent),
    ("unheard", FeedHealth::NoData),
];

/// Reads what stands after `expect`.
pub(super) fn read(line: &mut Cursor) -> Result<Expectation, Fault> {
    let before = line.clone();
    let Some(word) = line.word()? else {
        return Err(line.fault("expect what?", "such as `expect waiting{queue=sales} 2`"));
    };
    if word.is("feed") {
        return feed(line);
    }
    if word.is("receipt") {
        return receipt(line);
    }
    if word.is("contacts") {
        return annotate::read_contacts(line).map(Expectation::Contacts);
    }
    if word.is("report") {
        line.skip_blanks();
        let (question, expected) = figure(line)?;
        return Ok(Expectation::Report(question, expected));
    }
    *line = before;
    let (question, expected) = figure(line)?;
    Ok(Expectation::Figure(question, expected))
}

/// `KPI FIGURE`
fn figure(line: &mut Cursor) -> Result<(Question, Expected), Fault> {
    let question = question(line)?;
    let (from, text) = line.rest();
    let expected = Expected::read(&text, question.kpi.unit).map_err(|hint| {
        let what = if text.is_empty() { "which figure?" } else { "not a figure of that KPI" };
        let to = from + text.chars().count();
        Fault { from, to, what: what.to_owned(), hint }
    })?;
    Ok((question, expected))
}

fn feed(line: &mut Cursor) -> Result<Expectation, Fault> {
    let words = line.words()?;
    match words.as_slice() {
        [channel, health] => Ok(Expectation::Feed(channel.text.clone(), one_of(health, &FEEDS)?)),
        _ => Err(line.fault("which feed, and how is it?", "such as `expect feed telegram silent`")),
    }
}

fn receipt(line: &mut Cursor) -> Result<Expectation, Fault> {
    const HINT: &str = "a part of the sentence in quotes, such as \"860 of 1,050 calls\"";
    line.skip_blanks();
    let question = question(line)?;
    match line.words()?.as_slice() {
        [text] if text.quoted => Ok(Expectation::Receipt(question, text.text.clone())),
        [] => Err(line.fault("which sentence?", HINT)),
        [word, ..] => Err(word.fault("one text is expected here", HINT)),
    }
}

/// `KPI` or `KPI{KEY=VALUE, …}`
fn question(line: &mut Cursor) -> Result<Question, Fault> {
    line.skip_blanks();
    let from = line.at();
    let id = line.take_while(|c| c.is_alphanumeric() || c == '_');
    let kpi = kpi::find(&id).ok_or_else(|| {
        let near = nearest(&id, kpi::registry().iter().map(|kpi| kpi.id));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        let hint = hint.unwrap_or_else(|| "docs/kpis.md lists them".to_owned());
        Fault { from, to: line.at(), what: format!("there is no KPI `{id}`"), hint }
    })?;
    let window = if kpi.is_state { Window::Now } else { Window::Today };
    let selector = Selector::default();
    let mut question = Question { written: id, kpi, selector, window };
    if line.pass('{') {
        let mut said = Vec::new();
        loop {
            line.skip_blanks();
            if line.pass('}') {
                break;
            }
            said.push(key(line, &mut question, &said)?);
            line.skip_blanks();
            if !line.pass(',') && line.peek() != Some('}') {
                return Err(line.fault("the list of keys is not closed", "put a } at its end"));
            }
        }
        let pairs: Vec<_> = said.iter().map(|(key, value)| format!("{key}={value}")).collect();
        question.written = format!("{}{{{}}}", question.written, pairs.join(","));
    }
    match line.peek() {
        Some(c) if !c.is_whitespace() => {
            Err(line.fault("a blank is expected here", "such as `expect waiting{queue=sales} 2`"))
        }
        _ => Ok(question),
    }
}

/// One `KEY=VALUE`.
fn key(
    line: &mut Cursor,
    question: &mut Question,
    said: &[(String, String)],
) -> Result<(String, String), Fault> {
    let from = line.at();
    let key = line.take_while(|c| c.is_alphanumeric() || c == '_');
    if key != WINDOW && !Selector::KEYS.contains(&key.as_str()) {
        let what = format!("a KPI has no `{key}`");
        let hint = hint(&key, Selector::KEYS.into_iter().chain([WINDOW]));
        return Err(Fault { from, to: line.at(), what, hint });
    }
    if said.iter().any(|(before, _)| *before == key) {
        let (what, hint) = (format!("`{key}` is said twice"), "say it once".to_owned());
        return Err(Fault { from, to: line.at(), what, hint });
    }
    line.skip_blanks();
    if !line.pass('=') {
        return Err(line.fault(format!("{key} of what?"), format!("such as {{{key}=NAME}}")));
    }
    line.skip_blanks();
    let from = line.at();
    let value = match line.peek() {
        Some('"') => line.quoted()?,
        _ => line.take_while(|c| !c.is_whitespace() && c != ',' && c != '}'),
    };
    let to = line.at();
    set(question, &key, &value).map_err(|hint| {
        let what = format!("`{value}` is no {key}");
        Fault { from, to, what, hint }
    })?;
    Ok((key, value))
}
