//! `clock`: the site's time. The page runs it by itself from the frames' times.

use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::reader::Section;

struct Clock;

#[derive(Serialize)]
struct Nothing {}

pub(super) const EXAMPLE: &str = "";

pub(super) fn parse(_section: &Section<'_>) -> Option<Box<dyn Tile>> {
    Some(Box::new(Clock))
}

impl Tile for Clock {
    fn render(&self, _scene: &Scene<'_>) -> String {
        Face { state: State::Live, tone: Tone::Plain, note: None, body: Nothing {} }.encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(scene.site.name.clone())
    }
}
