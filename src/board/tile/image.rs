//! `image`: a picture from the `images` of the boards' folder.

use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::images::{self, Fit, LeftOut};
use crate::board::reader::Section;

struct Image {
    file: String,
    fit: Fit,
}

#[derive(Serialize)]
struct Body {
    /// Beside `/wall`; absent where there is no such picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    fit: Fit,
    /// What stands there without it.
    empty: String,
}

pub(super) const EXAMPLE: &str = r#"file = "plan.png"
fit = "cover""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let fit = section.one_of("fit", &Fit::ALL.map(Fit::id), Fit::from_id).unwrap_or(Fit::Contain);
    let Some(file) = section.text("file") else {
        if !section.has("file") {
            section.problem("`file` is missing: which picture of the folder `images`?");
        }
        return None;
    };
    if !images::is_name(file.value) {
        let endings = images::endings();
        section.problem_at(
            file.offset,
            format_args!("`file` is the name of a file in `images`, which ends in {endings}"),
        );
        return None;
    }
    Some(Box::new(Image { file: file.value.to_owned(), fit }))
}

impl Tile for Image {
    fn render(&self, scene: &Scene<'_>) -> String {
        let file = || [("file", self.file.clone().into())];
        let (address, empty) = match scene.house.images.named(&self.file) {
            Some(Ok(image)) => {
                let address = format!("images/{}", image.address);
                (Some(address), scene.language.tell("image-does-not-load", file()))
            }
            Some(Err(LeftOut::TooLarge | LeftOut::TooMany)) => {
                (None, scene.language.tell("image-too-large", file()))
            }
            Some(Err(LeftOut::Unreadable)) | None => {
                (None, scene.language.tell("image-missing", file()))
            }
        };
        let state = if address.is_some() { State::Live } else { State::NoData };
        let body = Body { address, fit: self.fit, empty };
        Face { state, tone: Tone::Plain, note: None, body }.encode()
    }
}
