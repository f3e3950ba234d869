//! An item with sense made of it: an id, a page, a time, an author.

use tablica_plugin::{Moment, fingerprint, identity, mail};

use crate::address::{host, page, resolve};
use crate::dates;
use crate::document::Document;
use crate::item::Item;
use crate::settings::Settings;

/// Text that goes as far as tagging; the host looks at less.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// A clock that is so far ahead is wrong.
const AHEAD_MS_MAX: u64 = 24 * 3_600_000;
/// Names that several people have at once.
const NOBODY: [&str; 6] = [
    "anonymous",
    "anonim",
    "anonimowy",
    "unknown",
    "noreply@blogger.com",
    "\u{430}\u{43d}\u{43e}\u{43d}\u{438}\u{43c}",
];

/// An item.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    item: &'a Item,
    /// Unique wherever it comes from, or within its feed.
    pub(crate) id: String,
    /// Where it is to be found.
    pub(crate) link: String,
    pub(crate) at: Moment,
    /// When it was changed, where that was later; 0 where nobody says.
    pub(crate) updated_ms: u64,
    /// What names the author here: the surest first.
    pub(crate) author: Option<String>,
    pub(crate) customer: Vec<String>,
    pub(crate) is_own: bool,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) replies: Option<u32>,
    pub(crate) replies_feed: Option<String>,
}

/// The entries of a document, in its order; items that say nothing are left out.
pub(crate) fn all<'a>(
    document: &'a Document,
    url: &str,
    settings: &Settings,
    now_ms: u64,
) -> Vec<Entry<'a>> {
    document.items.iter().filter_map(|item| entry(item, url, settings, now_ms)).collect()
}

fn entry<'a>(item: &'a Item, url: &str, settings: &Settings, now_ms: u64) -> Option<Entry<'a>> {
    let base = item.base.as_ref().map_or_else(|| url.to_owned(), |it| resolve(url, it));
    let named = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
    let id = named(&item.id);
    let whole = |link: String| resolve(&base, &link);
    let of_id = id.clone().filter(|it| item.is_id_link && host(it).is_some());
    let link = named(&item.link).map(whole).or(of_id);
    let comments = named(&item.comments).map(|it| resolve(&base, &it));
    let made = || {
        let parts = [item.title.trim(), item.published.trim(), body(item).trim()].join("\n");
        (parts.len() > 2).then(|| format!("made:{:016x}", fingerprint(&parts)))
    };
    let id = id.or_else(|| link.clone()).or_else(|| comments.clone()).or_else(made)?;
    let is_everywhere = host(&id).is_some() || id.starts_with("tag:") || id.starts_with("urn:");
    let published = dates::moment(&item.published).filter(|it| is_sound(it, now_ms));
    let updated = dates::moment(&item.updated).filter(|it| is_sound(it, now_ms));
    let author = author(item);
    Some(Entry {
        item,
        id: if is_everywhere { id } else { format!("{url}\n{id}") },
        at: published.or_else(|| updated.clone()).unwrap_or(Moment::None),
        updated_ms: updated.as_ref().map_or(0, Moment::ms),
        is_own: is_own(item, settings),
        customer: customer(item, &author, link.as_deref().unwrap_or(url)),
        author,
        in_reply_to: item.in_reply_to.clone(),
        replies: item.replies.trim().parse().ok(),
        replies_feed: named(&item.replies_feed).map(|it| resolve(&base, &it)),
        link: link.or(comments).unwrap_or_default(),
    })
}

fn body(item: &Item) -> &str {
    if item.text.trim().is_empty() { &item.summary } else { &item.text }
}

impl Entry<'_> {
    /// Title and text as people see them, cut; and how long they are in all. Titles of comments are made by
    /// programs, of a name or of the text's beginning.
    pub(crate) fn text(&self, is_comment: bool) -> (Option<String>, u32) {
        let body = body(self.item);
        let title = if is_comment && !body.trim().is_empty() { "" } else { &self.item.title };
        let parts = [title, body].map(mail::html_text);
        let parts: Vec<&str> =
            parts.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        let text = parts.join("\n");
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        (Some(cut(text)).filter(|it| !it.is_empty()), length)
    }
}

/// What names the author: LiveJournal's name, a mail, a page, a name.
fn author(item: &Item) -> Option<String> {
    let (mail, name) = rss_author(&item.author);
    let all = [&item.poster, &item.author_mail, &mail, &item.author_page, &item.author_name, &name];
    let known = all.into_iter().map(|it| it.trim()).find(|it| !it.is_empty())?;
    Some(known.to_owned()).filter(|it| !NOBODY.contains(&it.to_lowercase().as_str()))
}

/// RSS has `anna@example.com (Anna Nowak)`, or what people write there.
fn rss_author(raw: &str) -> (String, String) {
    let raw = raw.trim();
    let (first, rest) =
        raw.split_once(|it: char| it.is_whitespace() || it == '(').unwrap_or((raw, ""));
    match identity::mail(first) {
        Some(_) => (first.to_owned(), rest.trim_matches(['(', ')', ' ']).to_owned()),
        None => (String::new(), raw.to_owned()),
    }
}

fn is_own(item: &Item, settings: &Settings) -> bool {
    let (mail, name) = rss_author(&item.author);
    let all = [&item.poster, &item.author_mail, &item.author_page, &item.author_name, &mail, &name];
    all.into_iter().any(|it| settings.own_authors.contains(&it.trim().to_lowercase()))
}

/// Identifiers: a mail is one everywhere, a page too; a name is one within its site.
fn customer(item: &Item, author: &Option<String>, link: &str) -> Vec<String> {
    let Some(author) = author else { return Vec::new() };
    let host = host(link).unwrap_or_default();
    let mut known = Vec::new();
    let (rss_mail, _) = rss_author(&item.author);
    let mails = [&item.author_mail, &rss_mail].into_iter().filter_map(|it| identity::mail(it));
    known.extend(mails.filter(|it| it != "mail:noreply@blogger.com"));
    let page = item.author_page.trim();
    if !item.poster.trim().is_empty() {
        known.push(format!("livejournal:{}", item.poster.trim().to_lowercase()));
    } else if !page.is_empty() {
        known.push(format!("web:{}", page.trim_end_matches('/').to_lowercase()));
    } else if known.is_empty() {
        known.push(format!("web:{host}:{}", author.to_lowercase()));
    }
    known
}

/// What an entry is a comment on: the page without the place in it, else what it answers, else what the whole
/// feed answers. Of a comment that answers another one it is what that one is on.
pub(crate) fn topic(
    entry: &Entry<'_>,
    all: &[Entry<'_>],
    of_feed: Option<&str>,
    url: &str,
) -> String {
    const STEPS_MAX: usize = 16;
    if page(&entry.link).len() < entry.link.trim_end_matches(['?', '/']).len() {
        return page(&entry.link).to_owned();
    }
    let mut answered = entry.in_reply_to.as_deref();
    for _ in 0..STEPS_MAX {
        let parent = answered.and_then(|id| parent(id, all));
        match parent {
            Some(parent) if parent.in_reply_to.is_some() => {
                answered = parent.in_reply_to.as_deref()
            }
            _ => break,
        }
    }
    let linked = Some(page(&entry.link)).filter(|it| !it.is_empty());
    page(answered.or(of_feed).or(linked).unwrap_or(url)).to_owned()
}

/// The entry that is answered, where it stands in the same document.
pub(crate) fn parent<'a>(id: &str, all: &'a [Entry<'a>]) -> Option<&'a Entry<'a>> {
    all.iter().find(|it| it.id == id || it.link == id)
}

fn is_sound(moment: &Moment, now_ms: u64) -> bool {
    moment.ms() <= now_ms.saturating_add(AHEAD_MS_MAX)
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    }
    text
}
