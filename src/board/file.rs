//! A board file: a grid of tiles, checked as a whole.
//!
//! [`Board::parse`] finds all problems at once, each with its line. It reads no disk.

pub(super) mod parse;

use serde::Serialize;

use super::figures::{Scene, Site};
use super::parameter::{Template, Value};
pub use super::reader::Named;
use super::reader::Source;
use super::tile::{Explained, Tile, TileType};
use crate::config::Problem;
use crate::event::UnixMs;
use crate::language::{Language, Text};

/// Width of the grid.
pub const COLUMNS: u8 = 24;
/// Height of the grid.
pub const ROWS: u8 = 12;
/// More tiles cannot be read, and each costs a rendering.
pub const TILES_MAX: usize = 64;
/// Colours that a wall can have; `dashboards/app/src/view/themes.ts` has them.
pub const THEMES: [&str; 3] = ["dark", "light", "high_contrast"];
/// Larger files are no board files.
pub const FILE_BYTES_MAX: u64 = 256 * 1024;

/// A wall's content.
pub struct Board {
    /// The file's name without `.toml`; the last part of its address.
    pub id: String,
    /// Shown above the tiles; else its id.
    pub title: Option<Text>,
    /// Its language, where it differs from the site's.
    pub language: Option<Language>,
    /// Its colours, where they are not the dark ones.
    pub theme: Option<&'static str>,
    /// The tiles, in the order of the file.
    pub tiles: Vec<Placed>,
    /// What boards are made of by the file's parameter; nothing where it is one board.
    pub template: Option<Template>,
}

/// A tile at its place.
pub struct Placed {
    /// Unique on the board.
    pub id: String,
    /// Which type it is.
    pub tile_type: &'static TileType,
    /// Where it stands.
    pub place: Place,
    /// The file's; else the tile has its own.
    title: Option<Text>,
    /// The file's, or none where that is empty; else the tile writes one.
    subtitle: Option<Text>,
    /// What it shows.
    pub tile: Box<dyn Tile>,
}

/// A rectangle of the grid, in cells from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// First column, from 0.
    pub x: u8,
    /// First row, from 0.
    pub y: u8,
    /// Columns.
    pub w: u8,
    /// Rows.
    pub h: u8,
}

impl Place {
    fn overlaps(self, other: Place) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

/// A board as the page lays it out.
#[derive(Serialize)]
struct Layout<'a> {
    id: &'a str,
    title: String,
    /// Whose contact center it is.
    #[serde(skip_serializing_if = "str::is_empty")]
    site: &'a str,
    columns: u8,
    rows: u8,
    language: &'static str,
    time_zone: &'a str,
    utc_offset_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay_speed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    tiles: Vec<LayoutTile<'a>>,
}

#[derive(Serialize)]
struct LayoutTile<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    tile_type: &'static str,
    #[serde(flatten)]
    place: Place,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kpi: Option<&'static str>,
    /// Its figures have a page that says how they are made.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    receipt: bool,
    /// What its alarm plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<&'static str>,
}

impl Board {
    /// Reads a board file. `file` is its name for messages; `id` the board's.
    pub fn parse(id: &str, file: &str, text: &str) -> Result<Board, Vec<Problem>> {
        Board::look(id, file, text).0
    }

    /// The same, and the things of the site that the file names, also where it has mistakes.
    pub fn look(id: &str, file: &str, text: &str) -> (Result<Board, Vec<Problem>>, Vec<Named>) {
        let source = Source::new(file, text);
        let board = parse::board(id, &source, None);
        let mut names = source.names();
        if let Some(template) = board.as_ref().and_then(|board| board.template.as_ref()) {
            // What is left open names nothing.
            let open = format!("${}", template.parameter.name);
            names.retain(|named| named.value != open);
        }
        match board {
            Some(board) if source.is_clean() => (Ok(board), names),
            _ => (Err(source.into_problems()), names),
        }
    }

    /// The board of a template for a value.
    pub(super) fn filled(
        id: &str,
        template: &Template,
        value: Value<'_>,
    ) -> Result<Board, Vec<Problem>> {
        let source = Source::new(&template.file, &template.text);
        match parse::board(id, &source, Some(value)) {
            Some(board) if source.is_clean() => Ok(board),
            _ => Err(source.into_problems()),
        }
    }

    /// The board's language.
    pub fn language(&self, site: &Site) -> Language {
        self.language.unwrap_or(site.language)
    }

    /// Its title.
    pub fn title(&self, language: Language) -> String {
        self.title.as_ref().map_or_else(|| self.id.clone(), |title| title.of(language))
    }

    /// Its tiles that show figures, and which.
    pub fn explained(&self) -> Vec<Explained> {
        let all = self.tiles.iter().map(|placed| Explained {
            id: placed.id.clone(),
            asked: placed.tile.asked(),
            rows: placed.tile.rows(),
        });
        all.filter(|tile| !tile.asked.is_empty()).collect()
    }

    /// The layout, as JSON. It depends on the time only by the zone's offset, which changes
    /// twice a year, and by what is to be told of the server itself.
    pub fn layout(&self, scene: &Scene<'_>) -> String {
        let zone = &scene.site.time_zone;
        let layout = Layout {
            id: &self.id,
            title: self.title(scene.language),
            site: &scene.site.name,
            columns: COLUMNS,
            rows: ROWS,
            language: scene.language.id(),
            time_zone: zone.iana_name().unwrap_or("UTC"),
            utc_offset_ms: utc_offset_ms(scene.now_ms, scene.site),
            replay_speed: scene.site.replay_speed,
            theme: self.theme,
            notice: scene.notice.map(|notice| notice.sentence(scene.language)),
            tiles: self.tiles.iter().map(|placed| placed.layout(scene)).collect(),
        };
        // Text keys and numbers only: cannot fail.
        serde_json::to_string(&layout).unwrap_or_else(|_| "{}".to_owned())
    }
}

impl Placed {
    /// Its title: the file's, else the tile's own.
    pub fn title(&self, language: Language) -> String {
        let title = self.title.as_ref().map(|title| title.of(language));
        title.or_else(|| self.tile.title(language)).unwrap_or_default()
    }

    fn layout(&self, scene: &Scene<'_>) -> LayoutTile<'_> {
        let language = scene.language;
        let own = || self.tile.subtitle(scene);
        let subtitle = self.subtitle.as_ref().map(|text| text.of(language)).or_else(own);
        LayoutTile {
            id: &self.id,
            tile_type: self.tile_type.id,
            place: self.place,
            title: self.title(language),
            subtitle: subtitle.filter(|text| !text.is_empty()),
            kpi: self.tile.kpi(),
            receipt: !self.tile.asked().is_empty(),
            sound: self.tile.sound(),
        }
    }
}

/// How far the site's clock is ahead of UTC at a moment.
pub fn utc_offset_ms(at_ms: UnixMs, site: &Site) -> i64 {
    jiff::Timestamp::from_millisecond(at_ms)
        .map_or(0, |at| i64::from(site.time_zone.to_offset(at).seconds()) * 1000)
}
