//! `channel_strip`: every channel, how fresh its feed is and how much comes through it.

use serde::Serialize;

use super::measure::parse_window;
use super::{Asked, Face, State, Tile, Tone, asked};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::event::UnixMs;
use crate::kpi;
use crate::kpi::value::Figure;
use crate::language::Language;
use crate::scope::{FeedHealth, FeedWhy, Selector, Window};

struct ChannelStrip {
    window: Window,
}

#[derive(Serialize)]
struct Body {
    channels: Vec<Channel>,
}

#[derive(Serialize)]
struct Channel {
    name: String,
    title: String,
    network: String,
    health: FeedHealth,
    /// Why it is late or silent, or why it is not although nothing has come for long.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<FeedWhy>,
    /// Since when it is late or silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_ms: Option<i64>,
    text: String,
    volume: String,
}

pub(super) const EXAMPLE: &str = r#"window = "today""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    Some(Box::new(ChannelStrip { window: parse_window(section).unwrap_or(Window::Today) }))
}

impl ChannelStrip {
    fn channel(&self, name: String, scene: &Scene<'_>) -> Channel {
        let selector = Selector::channel(name.as_str());
        let value = kpi::find("volume")
            .map(|kpi| scene.figures.value(kpi, &selector, self.window, scene.now_ms));
        let coverage =
            value.as_ref().and_then(|v| v.coverage.channels.iter().find(|c| c.channel == name));
        let last_event_ms = coverage.and_then(|channel| channel.last_event_ms);
        let volume = match value.as_ref().map(|value| value.figure) {
            Some(Figure::Number(number)) => format::count(number, scene.language),
            _ => format::NOTHING.to_owned(),
        };
        Channel {
            title: scene.site.channel_title(&name).to_owned(),
            network: scene.site.channels.get(&name).map_or_else(String::new, |c| c.network.clone()),
            health: coverage.map_or(FeedHealth::NoData, |channel| channel.feed),
            why: coverage.and_then(|channel| channel.why),
            since_ms: coverage.and_then(|channel| channel.since_ms).map(whole_second),
            // A busy channel must not change the tile with every event.
            last_event_ms: last_event_ms.map(whole_second),
            text: last_event_ms.map_or_else(
                || format::NOTHING.to_owned(),
                |at| format::ago(scene.now_ms - at, scene.language),
            ),
            volume,
            name,
        }
    }
}

/// Nobody reads less than a second off a wall.
fn whole_second(at_ms: UnixMs) -> UnixMs {
    at_ms.div_euclid(1000) * 1000
}

impl Tile for ChannelStrip {
    fn render(&self, scene: &Scene<'_>) -> String {
        let channels: Vec<Channel> =
            scene.figures.channels().into_iter().map(|name| self.channel(name, scene)).collect();
        let tone = channels.iter().map(|channel| match channel.health {
            FeedHealth::Live => Tone::Good,
            FeedHealth::Late => Tone::Warn,
            FeedHealth::Silent => Tone::Bad,
            FeedHealth::NoData => Tone::Plain,
        });
        // By a clock in doubt nobody can say for sure that a feed is alive.
        let doubted = scene.notice.map(|_| Tone::Warn);
        let tone = tone.chain(doubted).max().unwrap_or(Tone::Plain);
        let state = if channels.is_empty() { State::NoData } else { State::Live };
        Face { state, tone, note: None, body: Body { channels } }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-channel-strip"))
    }

    fn asked(&self) -> Vec<Asked> {
        let volume = kpi::find("volume").into_iter();
        volume.map(|kpi| asked::plain(kpi, Selector::default(), Some(self.window))).collect()
    }

    fn rows(&self) -> Option<&'static str> {
        Some("channel")
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        scene.language.window(self.window)
    }
}
