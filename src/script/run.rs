//! Runs a script: events and expectations in the order of time, on an engine of its own.

use std::fmt;

use super::expect::{self, Question};
use super::restart::Store;
use super::{Expectation, Script, Stop, paper};
use crate::board::annotations::Annotation;
use crate::engine::Engine;
use crate::event::Event;
use crate::kpi;
use crate::kpi::value::{Figure, Receipt, Unit, Value};
use crate::scope::{Coverage, FeedHealth};

/// What became of a script's expectations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many were met.
    pub met: usize,
    /// The others, by time.
    pub failures: Vec<Failure>,
}

/// An expectation that was not met, with everything needed to see why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where it stands, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    expected: String,
    pub(super) got: String,
    /// What made the number: title and text.
    why: Vec<(&'static str, String)>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)?;
        let first = [("expected", &self.expected), ("got", &self.got)];
        for (title, text) in first.into_iter().chain(self.why.iter().map(|(t, text)| (*t, text))) {
            write!(f, "\n  {title:<10}{text}")?;
        }
        Ok(())
    }
}

impl Script {
    /// Lets the events happen and looks at each number when its time has come. An expectation
    /// sees what is known before its time, and of the same time what is written above it.
    pub fn run(&self) -> Outcome {
        let (mut engine, mut store) = (Engine::new(self.rules.clone()), Store::default());
        self.watch(&mut engine);
        let mut outcome = Outcome::default();
        let mut events = self.events.iter().peekable();
        for stop in &self.stops {
            let now = stop.place();
            let is_before = |(line, event): &&(usize, Event)| (event.known_ms(), *line) < now;
            while let Some((_, event)) = events.next_if(is_before) {
                engine.apply(event, event.known_ms());
            }
            let (at_ms, line) = now;
            engine.tick(at_ms);
            match stop {
                Stop::Look(expectation) => {
                    let begun = self.annotations.partition_point(|one| one.from_ms <= at_ms);
                    match expectation.check(&engine, &self.annotations[..begun]) {
                        None => outcome.met += 1,
                        Some(failure) => outcome.failures.push(failure),
                    }
                }
                Stop::Restart(restart) => match store.restart(&mut engine) {
                    Ok(restarted) => {
                        engine = restarted;
                        self.watch(&mut engine);
                    }
                    Err(got) => {
                        let expected = "an engine that goes on from its snapshot".to_owned();
                        let (text, why) = (restart.text.clone(), Vec::new());
                        outcome.failures.push(Failure { line, text, expected, got, why });
                    }
                },
            }
        }
        outcome
    }

    /// Lets the engine count by everything that will be asked.
    fn watch(&self, engine: &mut Engine) {
        for stop in &self.stops {
            if let Stop::Look(expectation) = stop
                && let Some(question) = expectation.question()
            {
                // Beyond the engine's room, the expectation will say that there is no data.
                engine.watch(&question.selector);
            }
        }
    }
}

impl Expectation {
    fn question(&self) -> Option<&Question> {
        match &self.what {
            expect::Expectation::Figure(question, _)
            | expect::Expectation::Report(question, _)
            | expect::Expectation::Receipt(question, _) => Some(question),
            _ => None,
        }
    }

    fn check(&self, engine: &Engine, known: &[Annotation]) -> Option<Failure> {
        match &self.what {
            expect::Expectation::Figure(question, expected) => {
                let value = self.ask(engine, question);
                let got = figure(value.figure, value.unit);
                (!expected.holds(value.figure)).then(|| {
                    let expected = format!("{} {}", question.written, expected.written);
                    self.failure(expected, got, why(&value))
                })
            }
            expect::Expectation::Receipt(question, part) => {
                let value = self.ask(engine, question);
                let sentence = &value.receipt.sentence;
                (!sentence.contains(part.as_str())).then(|| {
                    let expected = format!("a sentence with \"{part}\"");
                    self.failure(expected, format!("\"{sentence}\""), why(&value))
                })
            }
            expect::Expectation::Report(question, expected) => {
                let shown = paper::shown(engine, known, question, self.at_ms);
                let holds = shown.as_ref().is_some_and(|(_, figure)| expected.holds(*figure));
                (!holds).then(|| {
                    let (got, why) = match shown {
                        Some((dates, shown)) => {
                            (figure(shown, question.kpi.unit), format!("the report of {dates}"))
                        }
                        None => {
                            let why = "a daily report shows it neither at its head nor by that";
                            ("nothing".to_owned(), why.to_owned())
                        }
                    };
                    let expected = format!("report {} {}", question.written, expected.written);
                    self.failure(expected, got, vec![("because", why)])
                })
            }
            expect::Expectation::Contacts(contacts) => {
                let wrong = contacts.check(engine, known, self.at_ms);
                wrong
                    .map(|(got, why)| self.failure(contacts.written(), got, vec![("because", why)]))
            }
            expect::Expectation::Feed(channel, expected) => {
                let coverage = engine.channel_coverage(channel, self.at_ms);
                let quiet = coverage.last_event_ms.map(|last_ms| {
                    let quiet = kpi::text::clock((self.at_ms - last_ms) as f64 / 1000.0);
                    ("because", format!("its last event came {quiet} before"))
                });
                let expected = (coverage.feed != *expected).then(|| health(*expected).to_owned());
                let got = health(coverage.feed).to_owned();
                expected.map(|expected| self.failure(expected, got, Vec::from_iter(quiet)))
            }
        }
    }

    fn ask(&self, engine: &Engine, question: &Question) -> Value {
        kpi::compute(question.kpi, engine, &question.selector, question.window, self.at_ms)
    }

    fn failure(&self, expected: String, got: String, why: Vec<(&'static str, String)>) -> Failure {
        Failure { line: self.line, text: self.text.clone(), expected, got, why }
    }
}

/// The figure as the wall writes it, and exactly.
fn figure(figure: Figure, unit: Unit) -> String {
    let shown = kpi::text::figure(figure, unit);
    match (figure, unit) {
        (Figure::Number(share), Unit::Ratio) => format!("{shown} ({share:.6})"),
        (Figure::Number(seconds), Unit::Seconds) => format!("{shown} ({seconds:.3} s)"),
        _ => shown,
    }
}

fn why(value: &Value) -> Vec<(&'static str, String)> {
    let Receipt { sentence, formula, expression, counts, thresholds_ms, .. } = &value.receipt;
    let mut why =
        vec![("because", sentence.clone()), ("formula", format!("{formula} = {expression}"))];
    let counts: Vec<_> = counts.iter().map(|one| format!("{} {}", one.name, one.value)).collect();
    let thresholds = thresholds_ms.iter();
    let thresholds = thresholds.map(|one| format!("{} {}", one.name, kpi::text::length(one.value)));
    let thresholds: Vec<_> = thresholds.collect();
    for (title, list) in [("counts", counts), ("limits", thresholds), ("feeds", gaps(value))] {
        if !list.is_empty() {
            why.push((title, list.join(", ")));
        }
    }
    why
}

/// The channels that the number lacks.
fn gaps(Value { coverage: Coverage { channels }, .. }: &Value) -> Vec<String> {
    let lacking = channels.iter().filter(|channel| channel.feed != FeedHealth::Live);
    lacking.map(|channel| format!("{} {}", channel.channel, health(channel.feed))).collect()
}

fn health(feed: FeedHealth) -> &'static str {
    match feed {
        FeedHealth::Live => "live",
        FeedHealth::Late => "late",
        FeedHealth::Silent => "silent",
        FeedHealth::NoData => "unheard",
    }
}
