//! `page`: another page within the wall, of a host that the config allows.

use reqwest::Url;
use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::framing;
use crate::board::reader::Section;

struct Page {
    url: Url,
}

#[derive(Serialize)]
struct Body<'a> {
    /// Absent where the config does not allow its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    /// What stands there while the page does not.
    empty: String,
    /// Who may show it within a page of theirs, as its server says; absent where everybody may.
    #[serde(skip_serializing_if = "Option::is_none")]
    frames: Option<&'a [String]>,
    /// What is said where the wall is none of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    forbidden: Option<String>,
}

pub(super) const EXAMPLE: &str = r#"url = "https://status.example.com/""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let Some(text) = section.text("url") else {
        if !section.has("url") {
            section.problem("`url` is missing: which page?");
        }
        return None;
    };
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
    };
    match text.value.parse::<Url>() {
        Ok(url) if is_plain(&url) => Some(Box::new(Page { url })),
        _ => {
            let must = "`url` is an address such as \"https://status.example.com/\", without a \
                        user's name or password";
            section.problem_at(text.offset, must);
            None
        }
    }
}

impl Tile for Page {
    fn render(&self, scene: &Scene<'_>) -> String {
        let host = framing::host(&self.url);
        let is_allowed = scene.site.embed_hosts.contains(&host);
        let message = if is_allowed { "page-does-not-load" } else { "page-not-allowed" };
        let say = |message| scene.language.tell(message, [("host", host.as_str().into())]);
        let frames = scene.house.framing.ancestors(self.url.as_str()).filter(|_| is_allowed);
        let body = Body {
            url: is_allowed.then(|| self.url.as_str()),
            empty: say(message),
            frames,
            forbidden: frames.map(|_| say("page-forbids-frames")),
        };
        let state = if is_allowed { State::Live } else { State::NotApplicable };
        Face { state, tone: Tone::Plain, note: None, body }.encode()
    }

    fn page(&self) -> Option<&str> {
        Some(self.url.as_str())
    }
}
