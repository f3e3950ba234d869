//! From the text of a board file to a [`Board`], or to all that is wrong with it.

use toml::de::DeTable;

use super::{Board, COLUMNS, Place, Placed, ROWS, THEMES, TILES_MAX};
use crate::board::parameter::{self, Template, Value};
use crate::board::reader::{Section, Source};
use crate::board::tile::{TYPES, TileType};
use crate::language::Language;

/// Reads a whole file, with what is said for its parameter. Problems go to the source; what is returned
/// despite them is incomplete.
pub(in crate::board) fn board(
    id: &str,
    source: &Source<'_>,
    value: Option<Value<'_>>,
) -> Option<Board> {
    let mut document = source.document()?;
    if let Some(value) = value {
        parameter::fill(document.get_mut(), value);
    }
    let section = Section::new(source, "board", 0, document.get_ref());
    let title = section.words("title");
    let language = section.one_of("language", &Language::ALL.map(Language::id), Language::from_id);
    let theme = section
        .one_of("theme", &THEMES, |word| THEMES.iter().find(|theme| **theme == word).copied());
    let parameter = parameter::read(&section);
    if value.is_none() {
        parameter::check(source, document.get_ref(), parameter.as_ref());
    }
    let mut tiles: Vec<Placed> = Vec::new();
    for element in section.tables("tile", "[[tile]]") {
        if let Some(placed) = tile(source, element.offset, element.value) {
            check_place(source, element.offset, &placed, &tiles);
            tiles.push(placed);
        }
    }
    if !section.has("tile") {
        section.problem("no tiles: add a [[tile]]");
    }
    if tiles.len() > TILES_MAX {
        section.problem(format_args!("{} tiles; at most {TILES_MAX} fit", tiles.len()));
    }
    section.finish();
    let (file, text) = source.origin();
    let kept = |parameter| Template { parameter, file: file.to_owned(), text: text.to_owned() };
    let template = parameter.filter(|_| value.is_none()).map(kept);
    Some(Board { id: id.to_owned(), title, language, theme, tiles, template })
}

fn tile<'a>(source: &'a Source<'a>, offset: usize, table: &'a DeTable<'a>) -> Option<Placed> {
    let named = table.get("id").and_then(|id| id.get_ref().as_str());
    let what = named.map_or_else(|| "tile".to_owned(), |id| format!("tile `{id}`"));
    let section = Section::new(source, what, offset, table);
    let id = section.text("id");
    if !section.has("id") {
        section.problem("`id` is missing: a short name, unique on the board");
    }
    let title = section.words("title");
    let subtitle = section.words("subtitle");
    let place = place(&section);
    let known: Vec<&str> = TYPES.iter().map(|tile_type| tile_type.id).collect();
    let tile_type = section.one_of("type", &known, TileType::find);
    let Some(tile_type) = tile_type else {
        if !section.has("type") {
            section.problem(format_args!("`type` is missing: one of {}", known.join(", ")));
        }
        // Which keys are known depends on the type: nothing more can be said.
        return None;
    };
    let tile = tile_type.parse(&section);
    section.finish();
    let (id, tile, place) = (id?.value.to_owned(), tile?, place?);
    Some(Placed { id, tile_type, place, title, subtitle, tile })
}

fn place(section: &Section<'_>) -> Option<Place> {
    let mut cells = [0_u8; 4];
    let mut complete = true;
    for (cell, (key, min, max)) in
        cells.iter_mut().zip([("x", 0, COLUMNS), ("y", 0, ROWS), ("w", 1, COLUMNS), ("h", 1, ROWS)])
    {
        let Some(at) = section.whole(key) else {
            if !section.has(key) {
                section.problem(format_args!("`{key}` is missing"));
            }
            complete = false;
            continue;
        };
        match u8::try_from(at.value).ok().filter(|value| (min..=max).contains(value)) {
            Some(value) => *cell = value,
            None => {
                complete = false;
                section.problem_at(
                    at.offset,
                    format_args!("`{key}` is {}; it must be {min} to {max}", at.value),
                );
            }
        }
    }
    let [x, y, w, h] = cells;
    if complete && (x + w > COLUMNS || y + h > ROWS) {
        section.problem(format_args!(
            "reaches column {} and row {}; the grid has {COLUMNS} columns and {ROWS} rows",
            x + w,
            y + h
        ));
        return None;
    }
    complete.then_some(Place { x, y, w, h })
}

fn check_place(source: &Source<'_>, offset: usize, placed: &Placed, others: &[Placed]) {
    for other in others {
        if other.id == placed.id {
            source.problem(offset, format!("tile `{}`: another tile has this `id`", placed.id));
        }
        if other.place.overlaps(placed.place) {
            source.problem(offset, format!("tile `{}`: overlaps tile `{}`", placed.id, other.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::assets;

    fn problems(text: &str, expected: Expect) {
        let problems = Board::parse("b", "b.toml", text).err().expect("a bad board was taken");
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn all_problems_are_named_at_once_with_their_lines() {
        problems(
            r#"titel = "Floor"
language = "de"
[[tile]]
id = "a"
type = "number"
x = 0
y = 0
w = 6
h = 4
kpi = "waitting"
window = "20m"
[[tile]]
id = "b"
type = "gauge"
x = 20
y = 4
w = 6
h = 4
kpi = "service_level"
target = 80
colour = "red"
[[tile]]
type = "numbr"
x = 0
y = -1
w = 2
[[tile]]
id = "c"
type = "clock"
x = 0
y = 0
w = 4
h = 4
[[tile]]
id = "c"
type = "clock"
x = 3
y = 3
w = 4
h = 4
[[tile]]
id = "d"
type = "number"
x = 8
y = 8
w = "wide"
h = 4
"#,
            expect![[r#"
                b.toml:1: board: unknown key `titel`; did you mean `title`?
                b.toml:2: board: unknown `language` "de"; known are en, pl, ru, uk
                b.toml:10: tile `a`: unknown `kpi` "waitting"; did you mean `waiting`?
                b.toml:11: tile `a`: unknown `window` "20m"; did you mean `30m`?
                b.toml:12: tile `b`: reaches column 26 and row 8; the grid has 24 columns and 12 rows
                b.toml:20: tile `b`: a share is between 0 and 1 (0.8 is 80%)
                b.toml:21: tile `b`: unknown key `colour`; known are agent, bad, channel, dimension, h, id, kind, kpi, max, min, min_volume, policy, priority, public, queue, rule, subtitle, target, title, topic, type, w, warn, window, x, y
                b.toml:22: tile: `id` is missing: a short name, unique on the board
                b.toml:22: tile: `h` is missing
                b.toml:23: tile: unknown `type` "numbr"; did you mean `number`?
                b.toml:25: tile: `y` is -1; it must be 0 to 12
                b.toml:34: tile `c`: another tile has this `id`
                b.toml:34: tile `c`: overlaps tile `c`
                b.toml:41: tile `d`: `kpi` is missing: which number?
                b.toml:46: tile `d`: `w` must be a whole number, not string"#]],
        );
    }

    #[test]
    fn limits_must_stand_in_the_order_of_their_kpi() {
        problems(
            r#"[[tile]]
id = "a"
type = "number"
x = 0
y = 0
w = 6
h = 4
kpi = "service_level"
warn = 0.7
bad = 0.8
[[tile]]
id = "b"
type = "number"
x = 6
y = 0
w = 6
h = 4
kpi = "waiting"
warn = 8
bad = 3
[[tile]]
id = "c"
type = "trend"
x = 12
y = 0
w = 6
h = 4
series = ["offered", "answered", "abandoned", "volume", "handled"]
"#,
            expect![[r#"
                b.toml:10: tile `a`: `bad` must be below `warn` (service_level)
                b.toml:20: tile `b`: `bad` must be above `warn` (waiting)
                b.toml:21: tile `c`: `series` takes one to four KPIs, not 5"#]],
        );
    }

    #[test]
    fn what_is_no_toml_says_where_it_ends_to_be() {
        problems(
            "title = \"Floor\n[[tile]]\n",
            expect![[r#"b.toml:1: invalid basic string, expected `"`"#]],
        );
        problems("", expect!["b.toml:1: board: no tiles: add a [[tile]]"]);
        problems("tile = 3", expect!["b.toml:1: board: `tile` must be a list, not integer"]);
    }

    #[test]
    fn shipped_boards_are_good_and_use_the_whole_wall() {
        let mut shown = Vec::new();
        for (file, text) in assets::boards() {
            let board = Board::parse("floor", file, text)
                .map_err(|found| format!("{found:?}"))
                .expect(file);
            let cells: usize = board
                .tiles
                .iter()
                .map(|placed| usize::from(placed.place.w) * usize::from(placed.place.h))
                .sum();
            // They do not overlap, so the sum says that no cell is unused.
            assert_eq!(cells, usize::from(COLUMNS) * usize::from(ROWS), "{file}");
            assert!(board.tiles.len() <= 14, "{file} has {} tiles", board.tiles.len());
            shown.extend(board.tiles.iter().map(|tile| tile.tile_type.id));
        }
        // What they show is only the site's own.
        let sites_own = ["text", "countdown", "image", "page"];
        for tile_type in TYPES.iter().filter(|tile_type| !sites_own.contains(&tile_type.id)) {
            assert!(shown.contains(&tile_type.id), "no shipped board shows {}", tile_type.id);
        }
    }
}
