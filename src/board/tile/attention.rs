//! `attention`: what the public says of us, and who waits where everybody sees it.
//!
//! How often others speak of us, against what is usual at this hour of the week; how it sounds; how many
//! posts wait for an answer, and for how long the oldest.

use std::borrow::Cow;

use serde::Serialize;

use super::limits::{settled, tone, worse};
use super::measure::{self, Limits, Measure, parse_window};
use super::rule::{self, Alarm, Called, Look, Rule, Subject, Whose};
use super::trust::trust;
use super::{Asked, Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::kpi;
use crate::kpi::value::{Better, Figure, Unit, Value};
use crate::language::Language;
use crate::scope::{Selector, Window};

/// A jump, in standard deviations, as the KPI flags it.
const JUMP: f64 = 3.0;
/// The counts of the weeks before, by their names in the receipt.
const WEEKS: [&str; 4] =
    ["one_week_before", "two_weeks_before", "three_weeks_before", "four_weeks_before"];

struct Attention {
    jump: Measure,
    mood: Measure,
    unanswered: Measure,
    oldest: Measure,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mood: Option<Mood>,
    waiting: [Part; 2],
    empty: String,
    #[serde(flatten)]
    called: Called,
}

/// A figure with its words.
#[derive(Serialize)]
struct Part {
    #[serde(skip)]
    of: &'static str,
    title: String,
    text: String,
    unit: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    tone: Tone,
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    /// Instead of its tone's shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'static str>,
    #[serde(skip)]
    alarm: Option<Alarm>,
}

impl Part {
    /// Its title without the time.
    fn name(&self) -> &str {
        self.title.split(" · ").next().unwrap_or_default()
    }
}

/// How it sounds: what praises, what does neither, what criticises.
#[derive(Serialize)]
struct Mood {
    title: String,
    parts: Vec<MoodPart>,
    empty: String,
}

#[derive(Serialize)]
struct MoodPart {
    id: &'static str,
    word: String,
    text: String,
    share: f64,
}

pub(super) const EXAMPLE: &str = r#"window = "60m"
[[tile.rule]]
of = "mentions_jump"
when = ">= 5"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let channel = section.text("channel").map(|at| at.value.to_owned());
    let window = parse_window(section).unwrap_or(Window::Min60);
    let min_volume = section.whole("min_volume").map(|at| at.value);
    let [warn, bad] = ["warn", "bad"].map(|key| section.number(key));
    if let (Some(warn), Some(bad)) = (&warn, &bad)
        && bad.value < warn.value
    {
        section.problem_at(bad.offset, "`bad` must be above `warn` (mentions_jump)");
    }
    let warn = warn.map(|at| at.value).or(bad.is_none().then_some(JUMP));
    let plain = Selector { channel, ..Selector::default() };
    let public = Selector { public: Some(true), ..plain.clone() };
    let measure = |id, selector: &Selector| {
        Some(Measure::plain(kpi::find(id)?, selector.clone(), Some(window)))
    };
    let jump = measure("mentions_jump", &plain)?;
    let limits = Limits { warn, bad: bad.map(|at| at.value) };
    let unanswered = measure("unanswered_now", &public)?;
    let oldest = measure("oldest_unanswered_now", &public)?;
    let subjects = [&jump, &unanswered, &oldest].map(|it| Subject::kpi(it.kpi));
    let rules = rule::parse_of(section, &subjects);
    let ruled = |it: Measure| Measure { rules: rule::of(&rules, it.kpi.id), ..it };
    Some(Box::new(Attention {
        jump: Measure { limits, min_volume, ..ruled(jump) },
        mood: measure("net_sentiment", &public)?,
        unanswered: ruled(unanswered),
        oldest: ruled(oldest),
        rules,
    }))
}

/// How many there are as a rule; nothing while too few weeks are known.
fn usual(value: &Value) -> Option<f64> {
    let Figure::Number(_) = value.figure else { return None };
    let weeks: Vec<f64> = WEEKS
        .iter()
        .filter_map(|name| measure::count(value, name))
        // Counts of posts are far below 2^53.
        .map(|count| count as f64)
        .collect();
    (!weeks.is_empty()).then(|| weeks.iter().sum::<f64>() / weeks.len() as f64)
}

impl Attention {
    /// Of the last full hour, and that against the same hour of the weeks before.
    fn mentions(&self, value: &Value, trusted: State, scene: &Scene<'_>) -> Option<Part> {
        let language = scene.language;
        let (mut icon, mut alarm) = (None, None);
        let now = measure::count(value, "now")?;
        let usual = usual(value);
        let (mut detail, mut tone_shown, mut word) =
            (language.say("attention-unknown"), Tone::Plain, None);
        if let (Figure::Number(jump), Some(usual)) = (value.figure, usual) {
            detail =
                language.usually(&format::count(usual.round(), language), &sigma(jump, language));
            let enough = self.jump.min_volume.unwrap_or(i64::from(scene.site.min_volume));
            let of = |jump| tone(Better::Lower, jump, None, self.jump.limits);
            let careful = worse(jump, Unit::Number, Better::Lower);
            let settled = settled(scene, ("attention", &self.jump.selector), (jump, careful), of);
            // Three posts where there is none as a rule are no storm.
            tone_shown = if now < enough || settled == Tone::Good { Tone::Plain } else { settled };
            word = Some(language.say(match tone_shown {
                Tone::Plain | Tone::Good => "attention-as-usual",
                Tone::Warn | Tone::Bad => "attention-jump",
            }));
            let rules = rule::unless_old(&self.jump.rules, trusted);
            let look = Look {
                subject: Subject::kpi(self.jump.kpi),
                number: jump,
                whose: Whose::Nobody,
                row: &self.jump.selector,
                min_volume: enough,
            };
            if let Some(raised) = rule::raised(rules, &look, scene).filter(|_| now >= enough)
                && raised.tone >= tone_shown
            {
                (tone_shown, icon) = (raised.tone, raised.alarm.icon());
                word = raised.word.or_else(|| Some(language.say("attention-jump")));
                alarm = Some(raised.alarm);
            }
        }
        let span = &value.receipt.window;
        let time = |at_ms| format::clock_time(at_ms, &scene.site.time_zone);
        Some(Part {
            of: self.jump.kpi.id,
            title: format!(
                "{} · {}–{}",
                language.kpi_title("mentions"),
                time(span.from_ms),
                time(span.to_ms)
            ),
            text: format::count(now as f64, language),
            unit: Cow::Borrowed(""),
            detail: Some(detail),
            tone: tone_shown,
            word,
            icon,
            alarm,
        })
    }

    fn mood(&self, value: &Value, scene: &Scene<'_>) -> Option<Mood> {
        let language = scene.language;
        let ids = ["positive", "neutral", "negative"];
        let [positive, neutral, negative] = ids.map(|id| measure::count(value, id));
        let counts = [positive?, neutral?, negative?];
        let all: i64 = counts.iter().sum();
        let words = ["attention-praise", "attention-neither", "attention-criticism"];
        let part = |((id, word), count): ((&'static str, &str), i64)| MoodPart {
            id,
            word: language.say(word),
            text: format::count(count as f64, language),
            // To the thousandth: less cannot be seen, and would change the tile.
            share: (count as f64 / all as f64 * 1000.0).round() / 1000.0,
        };
        let parts = ids.into_iter().zip(words).zip(counts);
        let window = language.window(self.mood.window).unwrap_or_default();
        Some(Mood {
            title: format!("{} · {window}", language.say("attention-mood")),
            parts: if all > 0 { parts.map(part).collect() } else { Vec::new() },
            empty: language.say("attention-nothing-said"),
        })
    }

    fn waiting(measure: &Measure, title: &str, value: &Value, scene: &Scene<'_>) -> Part {
        let reading = measure.judged(value, scene);
        let tone = if reading.tone == Tone::Good { Tone::Plain } else { reading.tone };
        Part {
            of: measure.kpi.id,
            title: scene.language.say(title),
            text: reading.number.text,
            unit: reading.number.unit,
            detail: reading.number.detail,
            tone,
            word: reading.number.word.filter(|_| tone != Tone::Plain),
            icon: reading.number.alarm.as_ref().and_then(Alarm::icon),
            alarm: reading.number.alarm,
        }
    }
}

/// "+4.2 σ".
fn sigma(jump: f64, language: Language) -> String {
    let sign = if jump < 0.0 { '−' } else { '+' };
    let text = format::count((jump.abs() * 10.0).round() / 10.0, language);
    format!("{sign}{text}\u{a0}σ")
}

impl Tile for Attention {
    fn render(&self, scene: &Scene<'_>) -> String {
        let [jump, mood, unanswered, oldest] =
            [&self.jump, &self.mood, &self.unanswered, &self.oldest].map(|it| it.value(scene));
        let (trusted, note) = trust([&jump, &mood, &unanswered].map(|it| &it.coverage), scene);
        let is_seen = |value: &Value| matches!(value.figure, Figure::Number(_));
        let is_mentioned =
            WEEKS.iter().chain([&"now"]).any(|name| measure::count(&jump, name) > Some(0));
        let is_known = is_mentioned || is_seen(&mood) || is_seen(&unanswered);
        let mut mentions = self.mentions(&jump, trusted, scene);
        let mut waiting = [
            Attention::waiting(&self.unanswered, "attention-unanswered", &unanswered, scene),
            Attention::waiting(&self.oldest, "attention-oldest", &oldest, scene),
        ];
        let parts = mentions.iter().chain(&waiting);
        let tone = parts.map(|part| part.tone).max().unwrap_or(Tone::Plain);
        let empty = scene.language.say("attention-none");
        let mut called = Called::default();
        for part in mentions.iter_mut().chain(&mut waiting) {
            if let Some(alarm) = part.alarm.take() {
                called.add((part.of, part.name()), (part.tone, part.word.clone(), alarm));
            }
        }
        let body = Body { mentions, mood: self.mood(&mood, scene), waiting, empty, called };
        let state = if is_known { trusted } else { State::NoData };
        Face { state, tone, note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-attention"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        let channel = self.jump.selector.channel.as_deref();
        Some(channel.map(|it| scene.site.channel_title(it).to_owned()).unwrap_or_default())
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.jump.selector, &self.mood.selector]
    }

    fn asked(&self) -> Vec<Asked> {
        [&self.jump, &self.mood, &self.unanswered, &self.oldest].map(Asked::by).into()
    }
}
