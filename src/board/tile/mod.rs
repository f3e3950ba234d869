//! Tile types: one file each, one line each in [`TYPES`].
//!
//! A tile is parsed from its section of a board file and rendered to the JSON of its value, as
//! the walls' protocol has it. A tile does no IO and keeps no state, but for what it has reckoned of
//! hours that are over: equal figures give equal text, so that an unchanged tile is seen to be
//! unchanged.

mod agents;
mod alerts;
mod asked;
mod attention;
mod bars;
mod calm;
mod channel_strip;
mod channel_table;
mod clock;
mod compare;
mod countdown;
mod gauge;
mod health;
mod heat_map;
mod image;
mod leaderboard;
mod limits;
pub(super) mod measure;
mod message;
mod number;
mod page;
mod policy_table;
mod promises_at_risk;
mod quality;
mod queue_table;
mod reachability;
mod rows;
mod rule;
mod staffing;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod ticker;
mod topic_table;
mod trend;
mod trust;
mod verdict;
mod waiting_list;
mod words;

use serde::Serialize;

use super::figures::Scene;
use super::reader::Section;
use crate::kpi;
use crate::language::Language;
use crate::scope::Selector;

pub use asked::{Asked, Explained};

/// Every tile type there is.
pub static TYPES: &[TileType] = &[
    TileType { id: "number", parse: number::parse, example: number::EXAMPLE },
    TileType { id: "gauge", parse: gauge::parse, example: gauge::EXAMPLE },
    TileType { id: "trend", parse: trend::parse, example: trend::EXAMPLE },
    TileType { id: "queue_table", parse: queue_table::parse, example: queue_table::EXAMPLE },
    TileType { id: "policy_table", parse: policy_table::parse, example: policy_table::EXAMPLE },
    TileType { id: "topic_table", parse: topic_table::parse, example: topic_table::EXAMPLE },
    TileType { id: "channel_strip", parse: channel_strip::parse, example: channel_strip::EXAMPLE },
    TileType { id: "clock", parse: clock::parse, example: clock::EXAMPLE },
    TileType { id: "waiting_list", parse: waiting_list::parse, example: waiting_list::EXAMPLE },
    TileType { id: "agents", parse: agents::parse, example: agents::EXAMPLE },
    TileType { id: "bars", parse: bars::parse, example: bars::EXAMPLE },
    TileType { id: "channel_table", parse: channel_table::parse, example: channel_table::EXAMPLE },
    TileType {
        id: "promises_at_risk",
        parse: promises_at_risk::parse,
        example: promises_at_risk::EXAMPLE,
    },
    TileType { id: "heat_map", parse: heat_map::parse, example: heat_map::EXAMPLE },
    TileType { id: "message", parse: message::parse, example: message::EXAMPLE },
    TileType { id: "text", parse: text::parse, example: text::EXAMPLE },
    TileType { id: "countdown", parse: countdown::parse, example: countdown::EXAMPLE },
    TileType { id: "leaderboard", parse: leaderboard::parse, example: leaderboard::EXAMPLE },
    TileType { id: "quality", parse: quality::parse, example: quality::EXAMPLE },
    TileType { id: "attention", parse: attention::parse, example: attention::EXAMPLE },
    TileType { id: "reachability", parse: reachability::parse, example: reachability::EXAMPLE },
    TileType { id: "staffing", parse: staffing::parse, example: staffing::EXAMPLE },
    TileType { id: "health", parse: health::parse, example: health::EXAMPLE },
    TileType { id: "alerts", parse: alerts::parse, example: alerts::EXAMPLE },
    TileType { id: "ticker", parse: ticker::parse, example: ticker::EXAMPLE },
    TileType { id: "image", parse: image::parse, example: image::EXAMPLE },
    TileType { id: "page", parse: page::parse, example: page::EXAMPLE },
];

/// A kind of tile.
pub struct TileType {
    /// As in `type = "…"`.
    pub id: &'static str,
    /// Keys of its own as a file may have them, a line each: lists with all that may be in them. What else
    /// there may be the reader asks for.
    pub example: &'static str,
    /// Reads its keys; `None` after a problem was noted.
    parse: fn(&Section<'_>) -> Option<Box<dyn Tile>>,
}

impl TileType {
    /// The type of that id.
    pub fn find(id: &str) -> Option<&'static TileType> {
        TYPES.iter().find(|tile_type| tile_type.id == id)
    }

    pub(super) fn parse(&self, section: &Section<'_>) -> Option<Box<dyn Tile>> {
        (self.parse)(section)
    }
}

/// What a tile shows and how.
pub trait Tile: Send + Sync {
    /// The value, as the JSON that goes to the wall.
    fn render(&self, scene: &Scene<'_>) -> String;
    /// "Sales · last 15 min": what the number is over, where the file does not say.
    fn subtitle(&self, _scene: &Scene<'_>) -> Option<String> {
        None
    }
    /// What its numbers are of: the engine has to count by that.
    fn selectors(&self) -> Vec<&Selector> {
        Vec::new()
    }
    /// The KPI's id, where the tile shows one.
    fn kpi(&self) -> Option<&'static str> {
        None
    }
    /// Which numbers it shows: each has a receipt. Of a table, its columns over all rows.
    fn asked(&self) -> Vec<Asked> {
        let selector = self.selectors().first().map(|it| (*it).clone()).unwrap_or_default();
        let kpi = self.kpi().and_then(kpi::find);
        kpi.map(|kpi| asked::plain(kpi, selector, None)).into_iter().collect()
    }
    /// What has a row of its own: a key of [`Selector::KEYS`].
    fn rows(&self) -> Option<&'static str> {
        None
    }
    /// The page of others that it shows, by address.
    fn page(&self) -> Option<&str> {
        None
    }
    /// What its gravest rule plays.
    fn sound(&self) -> Option<&'static str> {
        None
    }
    /// Its title where the file gives none.
    fn title(&self, _language: Language) -> Option<String> {
        None
    }
}

/// How far a tile can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every feed behind it is alive.
    Live,
    /// A feed behind it is late or missing.
    Late,
    /// No feed behind it is alive.
    Stale,
    /// Nothing counted yet.
    NoData,
    /// The number makes no sense here.
    NotApplicable,
    /// The number is one person's, of too few contacts.
    Concealed,
}

/// What a tile says about its number. Ordered by how much it asks for action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing.
    Plain,
    /// As promised.
    Good,
    /// Look.
    Warn,
    /// Act.
    Bad,
}

/// A tile's value: what all types share, and the type's own part.
#[derive(Serialize)]
struct Face<B: Serialize> {
    state: State,
    tone: Tone,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(flatten)]
    body: B,
}

impl<B: Serialize> Face<B> {
    /// As JSON.
    fn encode(&self) -> String {
        // Maps with text keys and finite numbers only: nothing here can fail to encode.
        serde_json::to_string(self)
            .unwrap_or_else(|_| r#"{"state":"no_data","tone":"plain"}"#.into())
    }
}
