//! What the operator can set in `[channel.NAME.settings]`: the feeds, and who is ours.

use serde::Deserialize;
use tablica_plugin::{Failure, pointer, setting_error, settings};

use crate::address;

/// What the items of a feed are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// Somebody's posts that speak of us.
    Mentions,
    /// Customers' posts to us, such as of a forum: each begins a contact.
    Posts,
    /// Comments under posts.
    Comments,
    /// Our own posts, of which the comments count.
    OwnPosts,
}

/// A feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) url: String,
    pub(crate) content: Content,
    pub(crate) queue: Option<String>,
}

/// The settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) feeds: Vec<Source>,
    /// Names, addresses and pages of our people.
    pub(crate) own_authors: Vec<String>,
    /// How often each feed is asked, in seconds.
    pub(crate) every_s: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { feeds: Vec::new(), own_authors: Vec::new(), every_s: 300 }
    }
}

/// More often is rude.
const EVERY_S_MIN: u32 = 30;
const EVERY_S_MAX: u32 = 24 * 3600;
/// More feeds belong into several channels.
const FEEDS_MAX: usize = 50;

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let mut settings: Self = settings(config)?;
        if settings.feeds.is_empty() {
            let why = "names no feed; write [[channel.NAME.settings.feeds]] with url and content";
            return Err(setting_error("/feeds", why));
        }
        if settings.feeds.len() > FEEDS_MAX {
            return Err(setting_error("/feeds", format!("names more than {FEEDS_MAX} feeds")));
        }
        for (number, feed) in settings.feeds.iter().enumerate() {
            let at = pointer(["feeds", &number.to_string(), "url"]);
            let is_http = feed.url.starts_with("https://") || feed.url.starts_with("http://");
            if !is_http
                || address::host(&feed.url).is_none()
                || feed.url.contains(char::is_whitespace)
            {
                return Err(setting_error(
                    &at,
                    "is no address, such as \"https://blog.example.com/feed\"",
                ));
            }
            let is_twice = settings.feeds.iter().take(number).any(|it| it.url == feed.url);
            if is_twice {
                return Err(setting_error(&at, "stands there twice"));
            }
        }
        if !(EVERY_S_MIN..=EVERY_S_MAX).contains(&settings.every_s) {
            let why = format!("found {}; {EVERY_S_MIN} to {EVERY_S_MAX}", settings.every_s);
            return Err(setting_error("/every_s", why));
        }
        for (number, author) in settings.own_authors.iter_mut().enumerate() {
            *author = author.trim().to_lowercase();
            if author.is_empty() {
                let at = pointer(["own_authors", &number.to_string()]);
                return Err(setting_error(&at, "is empty"));
            }
        }
        Ok(settings)
    }

    pub(crate) fn every_ms(&self) -> u32 {
        self.every_s.saturating_mul(1000)
    }
}
