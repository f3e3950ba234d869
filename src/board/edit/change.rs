//! What an editor does to a board's text. All that an act is not about stays as it is, byte for byte.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml_edit::DocumentMut;

use super::blocks;
use super::value::{SECTIONS, json_of, set_all};
use crate::board::file::{COLUMNS, ROWS, TILES_MAX};
use crate::board::tile::TileType;

/// One act. Tiles are told by their place in the file, from 0.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Change {
    /// Keys of a tile; null takes one out.
    Set {
        /// Which.
        tile: usize,
        /// And what to.
        keys: Map<String, Value>,
    },
    /// Keys of the board itself.
    Board {
        /// Null takes one out.
        keys: Map<String, Value>,
    },
    /// A new tile with the keys of its type's example, in the first free place.
    Add {
        /// As in `type = "…"`.
        tile_type: String,
    },
    /// Another tile like that one, in the first free place.
    Copy {
        /// Which.
        tile: usize,
    },
    /// A tile is taken out, with the comments that are its own.
    Remove {
        /// Which.
        tile: usize,
    },
}

/// Why a text is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// It cannot be found out where things stand.
    #[error("the text is no TOML as it is: put it right first, in the text itself")]
    NoToml,
    /// `tile = [{ … }]`.
    #[error("the tiles stand in a list: give each a section [[tile]] first, in the text itself")]
    InList,
    /// Written anew, untouched lines would be other ones.
    #[error(
        "this text cannot be changed here without changing more of it: change it in the text itself"
    )]
    NotKept,
    /// There is no such tile.
    #[error("there is no such tile any more")]
    NoTile,
    /// There is no such type.
    #[error("there is no such type of tile")]
    NoType,
    /// The grid is full.
    #[error("there is no free place: make a tile smaller or take one out first")]
    NoPlace,
    /// More cannot be read.
    #[error("a board has at most {TILES_MAX} tiles")]
    TooMany,
}

/// Sizes that a new tile may have, in the order of preference.
const SIZES: [(u8, u8); 9] =
    [(6, 4), (6, 3), (4, 4), (4, 3), (4, 2), (3, 2), (2, 2), (2, 1), (1, 1)];

/// Does one act. Windows' ends of lines stay as they are.
pub fn apply(text: &str, change: &Change) -> Result<String, ChangeError> {
    const WINDOWS: &str = "\r\n";
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let is_windows = rest.contains(WINDOWS);
    let plain = if is_windows { rest.replace(WINDOWS, "\n") } else { rest.to_owned() };
    if is_windows && plain.replace('\n', WINDOWS) != rest {
        return Err(ChangeError::NotKept);
    }
    let changed = apply_to(&plain, change)?;
    let changed = if is_windows { changed.replace('\n', WINDOWS) } else { changed };
    Ok(format!("{mark}{changed}"))
}

fn apply_to(text: &str, change: &Change) -> Result<String, ChangeError> {
    match change {
        Change::Set { tile, keys } => {
            edited(&with_wanted_sections(text, *tile, keys)?, |document| {
                let tiles = document.get_mut("tile").and_then(|it| it.as_array_of_tables_mut());
                let table = tiles.and_then(|it| it.get_mut(*tile)).ok_or(ChangeError::NoTile)?;
                set_all(table, keys);
                Ok(())
            })
        }
        Change::Board { keys } => edited(text, |document| {
            set_all(document.as_table_mut(), keys);
            Ok(())
        }),
        Change::Remove { tile } => {
            places(text)?;
            blocks::without(text, *tile).ok_or(ChangeError::NoTile)
        }
        Change::Add { tile_type } => {
            let found = TileType::find(tile_type).ok_or(ChangeError::NoType)?;
            let free = free(text, found.id)?;
            // Rules of an example would make a sound at once.
            let own = found.example.split("\n[[").next().unwrap_or_default();
            let (x, y) = free.at;
            let (w, h) = free.size;
            let keys = format!("x = {x}\ny = {y}\nw = {w}\nh = {h}\n{own}");
            let (id, kind) = (&free.id, found.id);
            let tile = format!("[[tile]]\nid = \"{id}\"\ntype = \"{kind}\"\n{keys}");
            Ok(blocks::with(text, tile.trim_end()))
        }
        Change::Copy { tile } => {
            let tiles = places(text)?;
            let of = tiles.get(*tile).ok_or(ChangeError::NoTile)?;
            let free = free(text, &of.id)?;
            let block = blocks::of(text, *tile).ok_or(ChangeError::NoTile)?;
            let (size, (x, y)) = (free.fitting(of, &tiles), free.at);
            let keys = json!({ "id": free.id, "x": x, "y": y, "w": size.0, "h": size.1 });
            let set = Change::Set { tile: 0, keys: keys.as_object().cloned().unwrap_or_default() };
            Ok(blocks::with(text, apply_to(&block, &set)?.trim_end()))
        }
    }
}

/// Sections of a tile that are wanted no longer are taken out by their lines: what stands above them
/// stays.
fn with_wanted_sections(
    text: &str,
    tile: usize,
    keys: &Map<String, Value>,
) -> Result<String, ChangeError> {
    let mut text = text.to_owned();
    let Some(wanted) = keys.get(SECTIONS) else { return Ok(text) };
    let wanted = wanted.as_array().map(Vec::as_slice).unwrap_or_default();
    loop {
        let document: DocumentMut = text.parse().map_err(|_| ChangeError::NoToml)?;
        let tiles = document.get("tile").and_then(|it| it.as_array_of_tables());
        let held = tiles.and_then(|it| it.get(tile)?.get(SECTIONS)).map(json_of);
        let held = held.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if held.len() <= wanted.len() {
            return Ok(text);
        }
        let at = held.iter().position(|it| !wanted.contains(it)).unwrap_or(held.len() - 1);
        match blocks::without_section(&text, tile, SECTIONS, at) {
            Some(left) => text = left,
            // They stand in a list.
            None => return Ok(text),
        }
    }
}

/// Changes the document and writes it, if written unchanged it is what it was.
fn edited(
    text: &str,
    edit: impl FnOnce(&mut DocumentMut) -> Result<(), ChangeError>,
) -> Result<String, ChangeError> {
    let mut document: DocumentMut = text.parse().map_err(|_| ChangeError::NoToml)?;
    // A last line without its end gets one.
    if document.to_string().trim_end_matches('\n') != text.trim_end_matches('\n') {
        return Err(ChangeError::NotKept);
    }
    edit(&mut document)?;
    Ok(document.to_string())
}

/// A tile's id and cells.
struct Spot {
    id: String,
    cells: (i64, i64, i64, i64),
}

impl Spot {
    fn covers(&self, x: i64, y: i64, w: i64, h: i64) -> bool {
        let (own_x, own_y, own_w, own_h) = self.cells;
        x < own_x + own_w && own_x < x + w && y < own_y + own_h && own_y < y + h
    }
}

/// Where the tiles stand.
fn places(text: &str) -> Result<Vec<Spot>, ChangeError> {
    let document: DocumentMut = text.parse().map_err(|_| ChangeError::NoToml)?;
    let Some(tiles) = document.get("tile") else { return Ok(Vec::new()) };
    let tiles = tiles.as_array_of_tables().ok_or(ChangeError::InList)?;
    let spot = |tile: &toml_edit::Table| {
        let cell = |key| tile.get(key).and_then(toml_edit::Item::as_integer).unwrap_or(0);
        let id = tile.get("id").and_then(toml_edit::Item::as_str).unwrap_or_default();
        Spot { id: id.to_owned(), cells: (cell("x"), cell("y"), cell("w"), cell("h")) }
    };
    Ok(tiles.iter().map(spot).collect())
}

/// A place that no tile has, and an id that none has.
struct Free {
    id: String,
    at: (i64, i64),
    size: (i64, i64),
}

impl Free {
    /// The size of a tile that is copied, where that is free; else what is.
    fn fitting(&self, of: &Spot, tiles: &[Spot]) -> (i64, i64) {
        let ((x, y), (_, _, w, h)) = (self.at, of.cells);
        let is_inside = x + w <= i64::from(COLUMNS) && y + h <= i64::from(ROWS) && w > 0 && h > 0;
        let is_free = is_inside && !tiles.iter().any(|tile| tile.covers(x, y, w, h));
        if is_free { (w, h) } else { self.size }
    }
}

fn free(text: &str, name: &str) -> Result<Free, ChangeError> {
    let tiles = places(text)?;
    if tiles.len() >= TILES_MAX {
        return Err(ChangeError::TooMany);
    }
    let is_taken = |id: &str| tiles.iter().any(|tile| tile.id == id);
    // One more than there are tiles: one of them is free.
    let ids = (2..=tiles.len() + 2).map(|number| format!("{name}_{number}"));
    let id = [name.to_owned()].into_iter().chain(ids).find(|id| !is_taken(id));
    for (w, h) in SIZES.map(|(w, h)| (i64::from(w), i64::from(h))) {
        for y in 0..=i64::from(ROWS) - h {
            for x in 0..=i64::from(COLUMNS) - w {
                if !tiles.iter().any(|tile| tile.covers(x, y, w, h)) {
                    return Ok(Free { id: id.unwrap_or_default(), at: (x, y), size: (w, h) });
                }
            }
        }
    }
    Err(ChangeError::NoPlace)
}
