//! `page`: another page within the wall, of a host that the config allows.

use reqwest::Url;
use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
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

impl Page {
    /// As `boards.embed_hosts` names it: with its port where that is not the scheme's own.
    fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

impl Tile for Page {
    fn render(&self, scene: &Scene<'_>) -> String {
        let host = self.host();
        let is_allowed = scene.site.embed_hosts.contains(&host);
        let message = if is_allowed { "page-does-not-load" } else { "page-not-allowed" };
        let body = Body {
            url: is_allowed.then(|| self.url.as_str()),
            empty: scene.language.tell(message, [("host", host.into())]),
        };
        let state = if is_allowed { State::Live } else { State::NotApplicable };
        Face { state, tone: Tone::Plain, note: None, body }.encode()
    }
}
