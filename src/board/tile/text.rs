//! `text`: a few lines of the site's own, in one language or in each.

use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::format::Language;
use crate::board::reader::{Section, Texts};

/// More cannot be read from five metres.
const LINES_MAX: usize = 12;
const LINE_CHARS_MAX: usize = 200;

struct Text(Texts);

#[derive(Serialize)]
struct Body<'a> {
    lines: Vec<&'a str>,
}

pub(super) const EXAMPLE: &str = r#"text = "Welcome""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let Some(texts) = section.texts("text", &Language::ALL.map(Language::id)) else {
        if !section.has("text") {
            section.problem("`text` is missing: what shall stand there?");
        }
        return None;
    };
    for text in texts.all() {
        let (lines, longest) =
            (text.lines().count(), text.lines().map(|it| it.chars().count()).max());
        if lines > LINES_MAX || longest.unwrap_or(0) > LINE_CHARS_MAX {
            section.problem(format_args!(
                "`text` takes at most {LINES_MAX} lines of {LINE_CHARS_MAX} characters"
            ));
        }
    }
    Some(Box::new(Text(texts)))
}

impl Tile for Text {
    fn render(&self, scene: &Scene<'_>) -> String {
        let body = Body { lines: self.0.in_language(scene.language.id()).lines().collect() };
        Face { state: State::Live, tone: Tone::Plain, note: None, body }.encode()
    }
}
