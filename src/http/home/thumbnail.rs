//! A small picture of a board, drawn from the very text that its screens get: boxes with titles,
//! figures and tones. What it does not know of a tile it leaves out.

use maud::{Markup, html};
use serde_json::Value;

/// The picture's size: that of the wall's shape.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
/// Between tiles.
const GAP: f64 = 6.0;
/// Columns or rows at most, should a layout say none.
const CELLS: (f64, f64) = (24.0, 12.0);
/// Rows of a table that are drawn.
const ROWS_MAX: usize = 8;
const ROW_HEIGHT: f64 = 24.0;
/// What a row of a table or a list begins with.
const HEADS: [&str; 4] = ["name", "mark", "policy", "day"];

/// The picture of a snapshot; nothing where it cannot be read.
pub(in crate::http) fn of(snapshot: &str) -> Markup {
    let Ok(snapshot) = serde_json::from_str::<Value>(snapshot) else { return html! {} };
    let board = &snapshot["board"];
    let columns = board["columns"].as_f64().unwrap_or(CELLS.0);
    let rows = board["rows"].as_f64().unwrap_or(CELLS.1);
    let tiles = board["tiles"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        svg.thumbnail viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img"
            aria-label=(board["title"].as_str().unwrap_or_default())
            font-family="Inter, system-ui, Arial, sans-serif" {
            @for tile in tiles {
                @let value = &snapshot["tiles"][tile["id"].as_str().unwrap_or_default()];
                (drawn(tile, value, (WIDTH / columns, HEIGHT / rows)))
            }
        }
    }
}

/// One tile; what would reach beyond its box is cut.
fn drawn(tile: &Value, value: &Value, cell: (f64, f64)) -> Markup {
    let cells = |key: &str| tile[key].as_f64().unwrap_or(0.0);
    let (width, height) = (cells("w") * cell.0 - GAP, cells("h") * cell.1 - GAP);
    if width <= 0.0 || height <= 0.0 {
        return html! {};
    }
    let tone = value["tone"].as_str().unwrap_or("plain");
    let is_told = matches!(value["state"].as_str(), Some("live" | "late"));
    let colour = if is_told { colour(tone) } else { "#91a3b5" };
    let edge = if is_told && matches!(tone, "warn" | "bad") { colour } else { "#1c2632" };
    html! {
        svg x=(cells("x") * cell.0 + GAP / 2.0) y=(cells("y") * cell.1 + GAP / 2.0)
            width=(width) height=(height) {
            rect x="1" y="1" width=(width - 2.0) height=(height - 2.0) rx="5" fill="#121922"
                stroke=(edge) stroke-width="2" {}
            text x="12" y="25" font-size="17" fill="#c5d1dd" {
                (tile["title"].as_str().unwrap_or_default())
            }
            @if is_told { (mark(tone, width)) }
            (content(value, (width, height), colour))
        }
    }
}

/// Tone is never told by colour alone.
fn mark(tone: &str, width: f64) -> Markup {
    let shape = match tone {
        "warn" => "M9 0l9 16H0z",
        "bad" => "M0 0h16v16H0z",
        _ => return html! {},
    };
    html! {
        path d=(shape) transform=(format!("translate({} 10)", width - 30.0)) fill=(colour(tone)) {}
    }
}

fn content(value: &Value, (width, height): (f64, f64), colour: &str) -> Markup {
    if let Some(series) = value["series"].as_array() {
        return html! { @for line in series { (course(&line["values"], width, height)) } };
    }
    if let Some(rows) = value["rows"].as_array() {
        return table(rows, width, height);
    }
    if let Some(bars) = value["bars"].as_array() {
        return shares(bars, width, height);
    }
    if let Some(people) = value["people"].as_array() {
        return names(people, width, height);
    }
    if let Some(channels) = value["channels"].as_array() {
        let step = (width - 24.0) / channels.len().max(1) as f64;
        return html! {
            @for (at, channel) in channels.iter().enumerate() {
                circle cx=(12.0 + step * (at as f64 + 0.5)) cy=(height * 0.62) r="9"
                    fill=(health(channel["health"].as_str().unwrap_or_default())) {}
            }
        };
    }
    let Some(text) = value["text"].as_str() else { return html! {} };
    // A figure as large as its box takes it: a digit is a little more than half as wide as high.
    let unit = value["unit"].as_str().unwrap_or_default();
    // A per cent sign is as wide as a letter and a half.
    let letters = (text.chars().count().max(2) as f64) + 1.5 * unit.chars().count() as f64;
    let size = ((height - 40.0) * 0.72).min((width - 30.0) / (letters * 0.62)).max(10.0);
    html! {
        text x=(width / 2.0) y=((height + 26.0) / 2.0 + size * 0.36) font-size=(size)
            font-weight="600" text-anchor="middle" fill=(colour) {
            (text) (unit)
        }
    }
}

fn course(values: &Value, width: f64, height: f64) -> Markup {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    let numbers: Vec<f64> = values.iter().map(|value| value.as_f64().unwrap_or(0.0)).collect();
    let most = numbers.iter().copied().fold(0.0_f64, f64::max).max(f64::MIN_POSITIVE);
    let step = (width - 24.0) / (numbers.len().max(2) - 1) as f64;
    let points = numbers.iter().enumerate().map(|(at, value)| {
        let (x, y) = (12.0 + step * at as f64, height - 14.0 - (height - 60.0) * value / most);
        format!("{x:.0},{y:.0} ")
    });
    html! {
        polyline fill="none" stroke="#5ab0ff" stroke-width="3" points=(points.collect::<String>()) {}
    }
}

/// How many rows fit below the title.
fn fitting(height: f64) -> usize {
    (((height - 44.0) / ROW_HEIGHT).max(0.0) as usize).min(ROWS_MAX)
}

fn shares(bars: &[Value], width: f64, height: f64) -> Markup {
    html! {
        @for (at, bar) in bars.iter().take(fitting(height)).enumerate() {
            @let y = 58.0 + ROW_HEIGHT * at as f64;
            text x="12" y=(y) font-size="15" fill="#c5d1dd" { (bar["name"].as_str().unwrap_or_default()) }
            rect x=(width / 2.0) y=(y - 13.0) height="14" fill="#5ab0ff"
                width=((width / 2.0 - 12.0) * bar["share"].as_f64().unwrap_or(0.0).clamp(0.0, 1.0)) {}
        }
    }
}

fn names(people: &[Value], width: f64, height: f64) -> Markup {
    html! {
        @for (at, person) in people.iter().take(fitting(height)).enumerate() {
            @let y = 58.0 + ROW_HEIGHT * at as f64;
            text x="12" y=(y) font-size="15" fill="#c5d1dd" { (person["name"].as_str().unwrap_or_default()) }
            text x=(width - 12.0) y=(y) font-size="15" text-anchor="end" fill="#91a3b5" {
                (person["word"].as_str().unwrap_or_default())
            }
        }
    }
}

fn table(rows: &[Value], width: f64, height: f64) -> Markup {
    html! {
        @for (at, row) in rows.iter().take(fitting(height)).enumerate() {
            @let y = 58.0 + ROW_HEIGHT * at as f64;
            @let head = HEADS.iter().find_map(|key| row[key].as_str()).unwrap_or_default();
            text x="12" y=(y) font-size="15" fill="#c5d1dd" { (head) }
            @if let Some(due) = row["due"].as_str() {
                text x=(width - 12.0) y=(y) font-size="15" text-anchor="end"
                    fill=(colour(row["tone"].as_str().unwrap_or_default())) { (due) }
            }
            @let cells = row["cells"].as_array().map(Vec::as_slice).unwrap_or_default();
            @if row["day"].is_string() { (hours(cells, width, y)) }
            @for (place, cell) in cells.iter().rev().enumerate().filter(|_| row["name"].is_string()) {
                text x=(width - 12.0 - 74.0 * place as f64) y=(y) font-size="15" text-anchor="end"
                    fill=(colour(cell["tone"].as_str().unwrap_or_default())) {
                    (cell["text"].as_str().unwrap_or_default())
                }
            }
        }
    }
}

/// Of a heat map, a day: the more, the brighter.
fn hours(cells: &[Value], width: f64, y: f64) -> Markup {
    let step = (width - 72.0) / cells.len().max(1) as f64;
    html! {
        @for (place, cell) in cells.iter().enumerate() {
            @if let Some(level) = cell["level"].as_f64() {
                rect x=(60.0 + step * place as f64) y=(y - 15.0) width=((step - 2.0).max(1.0))
                    height="20" fill="#5ab0ff" fill-opacity=(0.15 + 0.85 * level.clamp(0.0, 1.0)) {}
            }
        }
    }
}

fn colour(tone: &str) -> &'static str {
    match tone {
        "warn" => "#ffc043",
        "bad" => "#ff7355",
        _ => "#eff4f9",
    }
}

fn health(health: &str) -> &'static str {
    match health {
        "live" => "#35d6bb",
        "late" => "#ffc043",
        "silent" => "#ff7355",
        _ => "#3a4b5d",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: &str = r#""board":{"title":"B","columns":24,"rows":12,"tiles":[
        {"id":"w","type":"number","x":0,"y":0,"w":6,"h":4,"title":"<Waiting>"}]}"#;

    fn picture(value: &str) -> String {
        of(&format!(r#"{{{BOARD},"tiles":{{"w":{value}}}}}"#)).into_string()
    }

    #[test]
    fn a_tile_is_a_box_with_title_figure_and_tone() {
        let picture = picture(r#"{"state":"live","tone":"bad","text":"12"}"#);
        assert!(picture.contains("&lt;Waiting&gt;") && picture.contains(">12<"), "{picture}");
        assert!(picture.contains("M0 0h16v16H0z"), "a shape beside the colour: {picture}");
    }

    #[test]
    fn lists_bars_people_and_hours_are_drawn() {
        for (value, drawn) in [
            (r#""rows":[{"mark":"K7QD","due":"2 min left","tone":"warn"}]"#, ">2 min left<"),
            (r#""bars":[{"name":"Sales","share":0.5}]"#, ">Sales<"),
            (r#""people":[{"name":"Ada","word":"talking"}]"#, ">talking<"),
            (r#""rows":[{"day":"Mon","cells":[{"level":1.0},{}]}]"#, "fill-opacity=\"1\""),
        ] {
            let picture = picture(&format!(r#"{{"state":"live","tone":"plain",{value}}}"#));
            assert!(picture.contains(drawn), "{picture}");
        }
    }

    #[test]
    fn a_stale_tile_has_no_tone_and_what_cannot_be_read_no_picture() {
        let picture = picture(r#"{"state":"stale","tone":"bad","text":"12"}"#);
        assert!(!picture.contains("#ff7355"), "{picture}");
        assert_eq!(of("no JSON").into_string(), "");
        assert!(of("{}").into_string().starts_with("<svg"));
    }
}
