//! Whole tiles of a text, by their lines: put in at the end, copied, taken out. What is not of the tile
//! stays as it is, byte for byte.
//!
//! A comment belongs to a tile where no empty line parts them: above its head, or below its last key.
//! All other comments are the board's.

use toml::de::DeTable;

/// Where each `[[tile]]` begins, in bytes; none where the text is no TOML, or has tiles in a list.
pub(super) fn heads(text: &str) -> Option<Vec<usize>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return None;
    }
    let Some(tiles) = document.get_ref().get("tile") else { return Some(Vec::new()) };
    let tiles = tiles.get_ref().as_array()?;
    let starts: Vec<usize> = tiles.iter().map(|tile| tile.span().start).collect();
    starts.iter().all(|start| text[*start..].starts_with("[[")).then_some(starts)
}

/// The text's lines, each with its end, and the line of each tile's head.
fn lines(text: &str) -> Option<(Vec<&str>, Vec<usize>)> {
    let heads = heads(text)?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line_of = |at: usize| text[..at].matches('\n').count();
    Some((lines, heads.into_iter().map(line_of).collect()))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn is_empty(line: &str) -> bool {
    line.trim().is_empty()
}

/// The lines of a tile, from its first to behind its last, with the comments that are its own.
fn extent(lines: &[&str], heads: &[usize], tile: usize) -> Option<(usize, usize)> {
    let head = *heads.get(tile)?;
    let next = heads.get(tile + 1).copied().unwrap_or(lines.len());
    let mut first = head;
    while first > 0 && is_comment(lines[first - 1]) {
        first -= 1;
    }
    let is_content = |at: &usize| !is_comment(lines[*at]) && !is_empty(lines[*at]);
    let mut end = (head..next).rev().find(is_content).unwrap_or(head) + 1;
    let below = (end..next).take_while(|at| is_comment(lines[*at])).count();
    // What reaches the next head stands above that one.
    if end + below < next || next == lines.len() {
        end += below;
    }
    Some((first, end))
}

/// The text without a tile. None where there is no such tile.
pub(super) fn without(text: &str, tile: usize) -> Option<String> {
    let (lines, heads) = lines(text)?;
    cut(&lines, &heads, tile)
}

/// The text without a section of a tile: of its `[[tile.KEY]]`s the one at that place. None where there
/// is none.
pub(super) fn without_section(text: &str, tile: usize, key: &str, at: usize) -> Option<String> {
    let (lines, mut heads) = lines(text)?;
    let (document, _) = DeTable::parse_recoverable(text);
    let tiles = document.get_ref().get("tile")?.get_ref().as_array()?;
    let sections = tiles.get(tile)?.get_ref().as_table()?.get(key)?.get_ref().as_array()?;
    let line_of = |start: usize| text[..start].matches('\n').count();
    let starts = sections.iter().map(|section| section.span().start);
    let own: Vec<usize> =
        starts.filter(|start| text[*start..].starts_with("[[")).map(line_of).collect();
    let head = *own.get(at)?;
    heads.extend(own);
    heads.sort_unstable();
    cut(&lines, &heads, heads.iter().position(|line| *line == head)?)
}

/// The lines without one of the parts that begin at these heads.
fn cut(lines: &[&str], heads: &[usize], part: usize) -> Option<String> {
    let (first, mut end) = extent(lines, heads, part)?;
    // Of the empty lines around it one pair becomes one.
    let is_parted = first == 0 || is_empty(lines[first - 1]);
    if is_parted && lines.get(end).is_some_and(|line| is_empty(line)) {
        end += 1;
    }
    let left: String = lines[..first].iter().chain(&lines[end..]).copied().collect();
    let is_last = heads.len() == part + 1 && end == lines.len();
    Some(if is_last { format!("{}\n", left.trim_end()) } else { left })
}

/// The lines of a tile alone, from its head to its last key.
pub(super) fn of(text: &str, tile: usize) -> Option<String> {
    let (lines, heads) = lines(text)?;
    let (_, end) = extent(&lines, &heads, tile)?;
    let own = &lines[*heads.get(tile)?..end];
    let keys = own.iter().rposition(|line| !is_comment(line)).map_or(own.len(), |at| at + 1);
    Some(own[..keys].concat())
}

/// The text with one more tile at its end.
pub(super) fn with(text: &str, tile: &str) -> String {
    let gap = match text {
        "" => "",
        text if text.ends_with("\n\n") => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let end = if tile.ends_with('\n') { "" } else { "\n" };
    format!("{text}{gap}{tile}{end}")
}
