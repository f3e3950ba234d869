//! Feeds that are asked again and again: by conditional requests, without counting history, and with a gap
//! marked where items fell out between two polls.
//!
//! A [`Feed`] is small and goes into the plugin's snapshot:
//!
//! ```
//! use tablica_plugin::poll::{Answered, Feed};
//! use tablica_plugin::*;
//!
//! fn ask(feed: &Feed) -> Command {
//!     Command::Fetch(feed.ask(Request::get(pieces!["https://blog.example/feed"], "feed")))
//! }
//!
//! fn answer(feed: &mut Feed, response: &Response, now_ms: u64) -> Result<Output, Failure> {
//!     let after_ms = match feed.answer(response, now_ms) {
//!         Answered::Nothing => 60_000,
//!         Answered::Wait(ms) => ms.max(60_000),
//!         Answered::Fresh(version) => {
//!             let ids = ["a", "b"]; // of the items in the body; on failure: return, it is asked for again
//!             let news = feed.news(&ids);
//!             let events = news.fresh.iter().map(|at| ids[*at]);
//!             let _ = (events, news.gap); // a gap: the next page, or `Kind::Feed(FeedState::Gap)`
//!             feed.taken(version);
//!             60_000
//!         }
//!     };
//!     Ok(Output { commands: vec![Command::timer("poll", after_ms)], ..Output::default() })
//! }
//! ```

mod rounds;

use std::time::UNIX_EPOCH;

use crate::{Request, Response, fingerprint};

pub use rounds::{REST_MS_MIN, Rounds};

/// Items whose ids are remembered, the last ones; more than any feed shows at once.
pub const SEEN_MAX: usize = 1024;
/// Longest mark of a version that is kept; a server with a longer one is asked without it.
const MARK_BYTES_MAX: usize = 512;
/// Nobody is made to wait longer by a network.
const WAIT_MS_MAX: u32 = 24 * 3_600_000;
/// Asked again after so long where a network refuses without saying when.
const WAIT_MS: u32 = 60_000;
/// Tells this layout of a snapshot from later ones.
const LAYOUT: u8 = 1;

/// One feed, and what of it is known. See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    version: Version,
    has_begun: bool,
    /// In the order in which they came.
    seen: Vec<u64>,
}

/// Which version of a feed an answer was: `ETag` and `Last-Modified`, as the server wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    etag: String,
    modified: String,
}

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The body is new. Hand the version to [`Feed::taken`] when it is decoded: until then the whole is
    /// asked for again.
    Fresh(Version),
    /// As it was (304), or there is no body.
    Nothing,
    /// Not now: ask again after so many milliseconds.
    Wait(u32),
}

/// Which items are new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Their places in what was given. None at the first poll: that is history.
    pub fresh: Vec<usize>,
    /// No item was known from before: some between may be missing. Fetch the next page, or say
    /// `Kind::Feed(FeedState::Gap)`.
    pub gap: bool,
}

impl Feed {
    /// The request with what makes it conditional.
    #[must_use]
    pub fn ask(&self, mut request: Request) -> Request {
        let Version { etag, modified } = &self.version;
        if !etag.is_empty() {
            request = request.header("if-none-match", vec![etag.as_str().into()]);
        }
        // A server that knows the first does not look at the second (RFC 9110, 13.2.2).
        if !modified.is_empty() {
            request = request.header("if-modified-since", vec![modified.as_str().into()]);
        }
        request
    }

    /// What an answer means.
    pub fn answer(&self, response: &Response, now_ms: u64) -> Answered {
        match response.status {
            304 | 204 => Answered::Nothing,
            200..=299 => Answered::Fresh(Version {
                etag: mark(response, "etag"),
                modified: mark(response, "last-modified"),
            }),
            _ => Answered::Wait(retry_after(response, now_ms).unwrap_or(WAIT_MS)),
        }
    }

    /// Items were given before: new ones are no history.
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// The body of this version is dealt with.
    pub fn taken(&mut self, version: Version) {
        self.version = version;
    }

    /// Which items are new, by their ids, in the feed's order; they are known from now on. Of one page
    /// after the other the first decides whether there is a gap, and so does each further page.
    pub fn news<I: AsRef<str>>(&mut self, ids: &[I]) -> News {
        let keys: Vec<u64> = ids.iter().map(|id| fingerprint(id.as_ref())).collect();
        let known: Vec<bool> = keys.iter().map(|key| self.seen.contains(key)).collect();
        let gap = self.has_begun && !ids.is_empty() && !self.seen.is_empty();
        let gap = gap && !known.contains(&true);
        let mut fresh = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            // Also when one id stands there twice.
            if self.has_begun && !known[at] && !keys[..at].contains(key) {
                fresh.push(at);
            }
        }
        // Those that still stand there stay the longest.
        self.seen.retain(|key| !keys.contains(key));
        self.seen.extend(keys.iter().rev());
        let beyond = self.seen.len().saturating_sub(SEEN_MAX);
        self.seen.drain(..beyond);
        self.has_begun = true;
        News { fresh, gap }
    }

    /// For the snapshot: some kilobytes at most.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT, u8::from(self.has_begun)];
        for text in [&self.version.etag, &self.version.modified] {
            let length = u16::try_from(text.len()).unwrap_or(0);
            bytes.extend(length.to_le_bytes());
            bytes.extend(&text.as_bytes()[..length.into()]);
        }
        self.seen.iter().for_each(|key| bytes.extend(key.to_le_bytes()));
        bytes
    }

    /// From a snapshot; none when it is no such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [LAYOUT, has_begun @ (0 | 1), rest @ ..] = bytes else { return None };
        let (etag, rest) = text(rest)?;
        let (modified, rest) = text(rest)?;
        let (keys, []) = rest.as_chunks::<8>() else { return None };
        let seen: Vec<u64> = keys.iter().map(|key| u64::from_le_bytes(*key)).collect();
        let version = Version { etag, modified };
        (seen.len() <= SEEN_MAX).then_some(Self { version, has_begun: *has_begun == 1, seen })
    }
}

fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (text, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
    Some((String::from_utf8(text.to_vec()).ok()?, rest))
}

/// An answer's header.
fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let mut all = response.headers.iter().filter(|it| it.name.eq_ignore_ascii_case(name));
    all.next().map(|it| it.value.trim())
}

fn mark(response: &Response, name: &str) -> String {
    let found = header(response, name).filter(|it| it.len() <= MARK_BYTES_MAX);
    found.unwrap_or_default().to_owned()
}

/// What `Retry-After` says, in milliseconds: seconds, or a date (RFC 9110, 10.2.3).
pub fn retry_after(response: &Response, now_ms: u64) -> Option<u32> {
    let said = header(response, "retry-after")?;
    let ms = match said.bytes().all(|byte| byte.is_ascii_digit()) && !said.is_empty() {
        true => said.parse().unwrap_or(u64::MAX).saturating_mul(1000),
        false => http_date_ms(said)?.saturating_sub(now_ms),
    };
    Some(u32::try_from(ms).unwrap_or(WAIT_MS_MAX).min(WAIT_MS_MAX))
}

/// A date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`, in milliseconds of UTC.
pub fn http_date_ms(text: &str) -> Option<u64> {
    let at = httpdate::parse_http_date(text).ok()?;
    at.duration_since(UNIX_EPOCH).ok()?.as_millis().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pair, pieces};

    fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
        let pair = |(name, value): &(&str, &str)| Pair {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        Response { headers: headers.iter().map(pair).collect(), ..Response::new(status, "x", "t") }
    }

    fn asked(feed: &Feed) -> Vec<String> {
        let request = feed.ask(Request::get(pieces!["https://blog.example/feed"], "t"));
        let names = request.headers.iter().map(|it| format!("{}: {:?}", it.name, it.value));
        names.collect()
    }

    #[test]
    fn the_server_is_asked_for_what_is_newer_than_what_was_decoded() {
        let mut feed = Feed::default();
        assert!(asked(&feed).is_empty());
        let headers = [("ETag", "\"v1\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
        let Answered::Fresh(version) = feed.answer(&answer(200, &headers), 0) else {
            panic!("new")
        };
        assert!(asked(&feed).is_empty(), "what was not decoded is asked for again");
        feed.taken(version);
        let named = asked(&feed);
        assert!(named[0].starts_with("if-none-match: ") && named.len() == 2, "{named:?}");
        assert!(named[1].starts_with("if-modified-since: "));
        assert_eq!(feed.answer(&answer(304, &[]), 0), Answered::Nothing);
        assert_eq!(asked(&feed).len(), 2, "a 304 changes nothing");
        let long = "x".repeat(MARK_BYTES_MAX + 1);
        let Answered::Fresh(version) = feed.answer(&answer(200, &[("etag", &long)]), 0) else {
            panic!("new")
        };
        feed.taken(version);
        assert!(asked(&feed).is_empty());
    }

    #[test]
    fn the_first_poll_is_history_and_later_ones_give_what_is_new_once() {
        let mut feed = Feed::default();
        let news = |fresh: &[usize], gap| News { fresh: fresh.to_vec(), gap };
        assert_eq!(feed.news(&["b", "a"]), news(&[], false));
        assert_eq!(feed.news(&["c", "c", "b", "a"]), news(&[0], false));
        let mut feed = Feed::from_bytes(&feed.to_bytes()).unwrap();
        assert_eq!(feed.news(&["c", "b"]), news(&[], false), "a restart forgets nothing");
        assert_eq!(feed.news::<&str>(&[]), news(&[], false), "an empty page is no gap");
        assert_eq!(feed.news(&["z", "y"]), news(&[0, 1], true), "what lies between is missing");
        assert_eq!(feed.news(&["z", "x"]), news(&[1], false));
    }

    #[test]
    fn an_empty_first_poll_is_one_too() {
        let mut feed = Feed::default();
        feed.news::<&str>(&[]);
        assert_eq!(feed.news(&["a"]), News { fresh: vec![0], gap: false });
    }

    #[test]
    fn what_is_remembered_has_a_bound_and_other_bytes_are_no_snapshot() {
        let mut feed = Feed::default();
        for i in 0..3 * SEEN_MAX {
            feed.news(&[i.to_string()]);
        }
        let bytes = feed.to_bytes();
        assert!(bytes.len() <= 8 * SEEN_MAX + 16, "{} bytes", bytes.len());
        assert_eq!(Feed::from_bytes(&bytes), Some(feed));
        assert_eq!(Feed::from_bytes(&bytes[..bytes.len() - 3]), None);
        assert_eq!(Feed::from_bytes(&[9, 1, 0, 0, 0, 0]), None);
        assert_eq!(Feed::from_bytes(b""), None);
    }

    #[test]
    fn a_network_says_when_to_come_again() {
        let feed = Feed::default();
        // RFC 9110, 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT is 784111777.
        let now = 784_111_777_000 - 30_000;
        let wait = |status, said| feed.answer(&answer(status, &[("Retry-After", said)]), now);
        assert_eq!(wait(429, "120"), Answered::Wait(120_000));
        assert_eq!(wait(503, "Sun, 06 Nov 1994 08:49:37 GMT"), Answered::Wait(30_000));
        assert_eq!(wait(429, "99999999999999999999"), Answered::Wait(WAIT_MS_MAX));
        assert_eq!(wait(429, "soon"), Answered::Wait(WAIT_MS));
        assert_eq!(feed.answer(&answer(0, &[]), now), Answered::Wait(WAIT_MS));
        for no_date in
            ["", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", ", 1 anF 1994 0:0:0 GMT"]
        {
            assert_eq!(http_date_ms(no_date), None, "{no_date}");
        }
        assert_eq!(http_date_ms("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800_000));
    }
}
