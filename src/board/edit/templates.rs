//! What a new board begins as: the starter, which has a comment for each thing that can be said, or a
//! board that ships. Taken by `tablica board new` and by the editor's list.

use crate::board::library;

/// The template with comments.
pub const STARTER: &str = "starter";
const STARTER_TEXT: &str = include_str!("starter.toml");
/// What a template has in place of the board's own title.
const TITLE_LINE: &str = "title = ";

/// Every template's name, the starter first.
pub fn names() -> impl Iterator<Item = &'static str> {
    [STARTER].into_iter().chain(library::shipped().map(|(id, _)| id))
}

/// The text of a new board of that name; none where there is no such template.
pub fn text(template: &str, name: &str) -> Option<String> {
    let found = if template == STARTER {
        STARTER_TEXT
    } else {
        library::shipped().find(|(id, _)| *id == template)?.1
    };
    Some(titled(found, &title(name)))
}

/// "sales-team" → "Sales team"
fn title(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// The template with the board's own title: the first one of the file.
fn titled(template: &str, title: &str) -> String {
    let mut is_titled = false;
    let mut text = String::with_capacity(template.len());
    for line in template.lines() {
        if !is_titled && line.starts_with(TITLE_LINE) {
            is_titled = true;
            text.push_str(&format!("{TITLE_LINE}\"{title}\""));
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::file::Board;
    use crate::language::Language;

    #[test]
    fn every_template_is_a_good_board_with_the_title_of_its_name() {
        for template in names() {
            let text = text(template, "sales-team").expect(template);
            let board = Board::parse("sales-team", "sales-team.toml", &text);
            assert_eq!(board.expect("a good board").title(Language::English), "Sales team");
        }
        assert_eq!(text("no-such", "sales-team"), None);
    }
}
