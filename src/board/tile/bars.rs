//! `bars`: one KPI of each channel, queue or topic, as bars, the largest first.

use serde::Serialize;

use super::measure::Measure;
use super::rule::{self, Called, Mark};
use super::{Face, State, Tile, Tone, rows};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::kpi::value::Unit;
use crate::language::Language;
use crate::scope::Selector;

/// More bars cannot be read.
const BARS_LIMIT: usize = 24;

/// What there is a bar of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Channel,
    Queue,
    Topic,
}

/// How that is written.
const BYS: [(&str, By); 3] = [("channel", By::Channel), ("queue", By::Queue), ("topic", By::Topic)];

struct Bars {
    measure: Measure,
    by: By,
    rows_max: usize,
    /// What its numbers are of, whichever bar.
    selector: Selector,
}

#[derive(Serialize)]
struct Body {
    bars: Vec<Bar>,
    more: usize,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    text: String,
    tone: Tone,
    /// Of the longest, or of the whole where the number is a share.
    share: f64,
    #[serde(flatten)]
    raised: Mark,
    #[serde(skip)]
    value: f64,
}

pub(super) const EXAMPLE: &str = r#"by = "channel"
kpi = "offered"
[[tile.rule]]
when = ">= 100"
tone = "warn""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let by = section.one_of("by", &BYS.map(|(name, _)| name), |word| {
        BYS.iter().find(|(name, _)| *name == word).map(|(_, by)| *by)
    });
    let rows_max = rows::max(section, BARS_LIMIT);
    let measure = Measure::parse_with_rules(section);
    let Some(by) = by else {
        if !section.has("by") {
            section.problem("`by` is missing: a bar for each channel, queue or topic?");
        }
        return None;
    };
    let measure = measure?;
    let mut selector = measure.selector.clone();
    by.select(&mut selector, "");
    Some(Box::new(Bars { measure, by, rows_max, selector }))
}

impl By {
    fn select(self, selector: &mut Selector, name: &str) {
        let name = Some(name.to_owned());
        match self {
            By::Channel => selector.channel = name,
            By::Queue => selector.queue = name,
            By::Topic => selector.topic = name,
        }
    }

    fn names(self, scene: &Scene<'_>) -> Vec<String> {
        match self {
            By::Channel => scene.figures.channels(),
            By::Queue => scene.figures.queues(),
            By::Topic => scene.figures.topics(),
        }
    }

    fn title(self, name: &str, scene: &Scene<'_>) -> String {
        match self {
            By::Channel => scene.site.channel_title(name).to_owned(),
            By::Queue => scene.site.queue_in_words(name, scene.language),
            By::Topic => name.to_owned(),
        }
    }
}

impl Bars {
    /// None where there is no number.
    fn bar(&self, name: &str, called: &mut Called, scene: &Scene<'_>) -> Option<(Bar, State)> {
        let mut measure = self.measure.clone();
        self.by.select(&mut measure.selector, name);
        let reading = measure.read(scene);
        let value = reading.number.value?;
        let title = self.by.title(name, scene);
        let call = reading
            .number
            .alarm
            .map(|alarm| called.add((name, &title), (reading.tone, reading.number.word, alarm)));
        let bar = Bar {
            name: title,
            text: scene.in_line(value, measure.kpi.unit),
            tone: reading.tone,
            share: 0.0,
            raised: call.unwrap_or_default(),
            value,
        };
        // A site's rules may know a hundred topics.
        (self.by != By::Topic || value != 0.0).then_some((bar, reading.state))
    }
}

impl Tile for Bars {
    fn render(&self, scene: &Scene<'_>) -> String {
        let names = self.by.names(scene);
        let mut called = Called::default();
        let (mut bars, states): (Vec<Bar>, Vec<State>) =
            names.iter().filter_map(|name| self.bar(name, &mut called, scene)).unzip();
        bars.sort_by(|a, b| {
            // What burns is in view, however short its bar.
            let by_rule = b.raised.tone.cmp(&a.raised.tone);
            by_rule.then(b.value.total_cmp(&a.value)).then_with(|| a.name.cmp(&b.name))
        });
        let more = bars.len().saturating_sub(self.rows_max);
        bars.truncate(self.rows_max);
        let whole = if self.measure.kpi.unit == Unit::Ratio { 1.0 } else { 0.0 };
        let longest = bars.iter().map(|bar| bar.value.abs()).fold(whole, f64::max);
        for bar in &mut bars {
            // To the thousandth: less cannot be seen, and would change the tile.
            let share = if longest > 0.0 { bar.value.max(0.0) / longest } else { 0.0 };
            bar.share = (share * 1000.0).round() / 1000.0;
        }
        let tone = bars.iter().map(|bar| bar.tone).max().unwrap_or(Tone::Plain);
        let state = match states.into_iter().max() {
            None => State::NoData,
            Some(State::Live) => State::Live,
            Some(_) => State::Late,
        };
        let tone = if tone == Tone::Good { Tone::Plain } else { tone };
        Face { state, tone, note: None, body: Body { bars, more, called } }.encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.measure.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.measure.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some(self.measure.kpi.id)
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title(self.measure.kpi.id))
    }
}
