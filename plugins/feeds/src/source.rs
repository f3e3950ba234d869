//! One feed that is asked: what of it is known, and what a new document of it means.

use tablica_plugin::poll::{Feed, SEEN_MAX};
use tablica_plugin::{Event, Failure, bad_input, fingerprint};

use crate::address::page;
use crate::decode::{self, Place};
use crate::document::{self, Document};
use crate::entry::{self, Entry};
use crate::settings::{Content, Settings};

/// Entries of which more than the id is remembered: those that stood in the last document.
const RECORDS_MAX: usize = document::ITEMS_MAX;

/// What is remembered of an entry to tell a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) key: u64,
    pub(crate) updated_ms: u64,
    /// Comments as they were last told.
    pub(crate) replies: u32,
    /// Comments that were counted in all: deleted ones do not make it smaller.
    pub(crate) counted: u32,
}

/// A feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) url: String,
    /// Of a feed of the comments of one post of ours: that post.
    pub(crate) post: Option<String>,
    pub(crate) queue: Option<String>,
    pub(crate) feed: Feed,
    pub(crate) records: Vec<Record>,
}

/// What a document of a feed says.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Oldest first.
    pub(crate) events: Vec<Event>,
    /// Older entries may be missing, and where they stand if the feed says so.
    pub(crate) gap: Option<Option<String>>,
    /// Feeds of comments of our posts, each with its post, and whether all of its comments are news.
    pub(crate) comments: Vec<(String, String, bool)>,
    /// It was read to its end.
    pub(crate) is_whole: bool,
    gap_event: Option<Event>,
}

impl News {
    /// The missing entries were not found.
    pub(crate) fn give_up(&mut self) {
        self.events.extend(self.gap_event.take());
        self.gap = None;
    }
}

impl Source {
    pub(crate) fn key(&self) -> u64 {
        fingerprint(&self.url)
    }

    /// What is new in a document; `content` is what the operator says stands there.
    pub(crate) fn read(
        &mut self,
        text: &str,
        content: Content,
        is_first_page: bool,
        settings: &Settings,
        now_ms: u64,
    ) -> Result<News, Failure> {
        let document = document::read(text);
        if !document.is_feed {
            return Err(bad_input("neither RSS nor Atom"));
        }
        let entries = entry::all(&document, &self.url, settings, now_ms);
        let ids: Vec<&str> = entries.iter().map(|it| it.id.as_str()).collect();
        // Nothing was known before, so all of it is history.
        let is_history = !self.feed.has_begun();
        let known = self.feed.news(&ids);
        let language = document.language.as_deref().filter(|it| is_language(it));
        let of_feed = self.post.as_deref().or(document.in_reply_to.as_deref());
        let place = Place {
            content,
            queue: self.queue.as_deref(),
            all: &entries,
            of_feed,
            url: &self.url,
            language,
        };
        let mut news = News { is_whole: document.is_whole, ..News::default() };
        let mut records = Vec::new();
        for (at, entry) in entries.iter().enumerate().rev() {
            let is_fresh = known.fresh.contains(&at);
            let key = fingerprint(&entry.id);
            let old = self.records.iter().find(|it| it.key == key).copied();
            news.events.extend(changes(entry, is_fresh, is_history, old, &place));
            records.push(record(key, entry, old));
            if content == Content::OwnPosts
                && let Some(feed) = &entry.replies_feed
            {
                let post = if entry.link.is_empty() { &entry.id } else { &entry.link };
                news.comments.push((feed.clone(), page(post).to_owned(), is_fresh));
            }
        }
        if is_first_page {
            self.records = records;
            self.records.truncate(RECORDS_MAX);
        }
        if known.gap {
            news.gap = Some(next(&document, &self.url));
            news.gap_event = Some(decode::gap(&self.url, ids.first().copied().unwrap_or_default()));
        }
        Ok(news)
    }

    /// All that comes from now on is news.
    pub(crate) fn begin(&mut self) {
        self.feed.news::<&str>(&[]);
    }
}

fn changes(
    entry: &Entry<'_>,
    is_fresh: bool,
    is_history: bool,
    old: Option<Record>,
    place: &Place<'_>,
) -> Vec<Event> {
    let mut events = Vec::new();
    if is_fresh {
        events.extend(decode::fresh(entry, place));
    } else if old.is_some_and(|old| old.updated_ms < entry.updated_ms && old.updated_ms > 0) {
        events.extend(decode::edited(entry, place));
    }
    let is_counted =
        place.content == Content::OwnPosts && entry.replies_feed.is_none() && !is_history;
    if let (true, Some(replies)) = (is_counted && (is_fresh || old.is_some()), entry.replies) {
        let old = old.unwrap_or_default();
        let more = replies.saturating_sub(old.replies);
        events.extend(decode::counted(entry, old.counted, old.counted.saturating_add(more), place));
    }
    events
}

fn record(key: u64, entry: &Entry<'_>, old: Option<Record>) -> Record {
    let replies = entry.replies.unwrap_or_else(|| old.map_or(0, |it| it.replies));
    let counted = match old {
        Some(old) => old.counted.saturating_add(replies.saturating_sub(old.replies)),
        // Of a new post all of them; what was there before counts for nothing, but numbers what comes.
        None => replies,
    };
    Record { key, updated_ms: entry.updated_ms, replies, counted }
}

fn next(document: &Document, url: &str) -> Option<String> {
    document.next.as_ref().map(|it| crate::address::resolve(url, it)).filter(|it| it != url)
}

fn is_language(text: &str) -> bool {
    text.len() <= 35
        && text
            .split('-')
            .all(|it| (1..=8).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphanumeric()))
}

// A document holds fewer entries than ids are remembered: else old ones would be new again.
const _: () = assert!(document::ITEMS_MAX < SEEN_MAX);
