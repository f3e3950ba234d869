//! A feed's document: RSS 0.9x to 2.0, RDF (RSS 1.0) and Atom, with what is broken in them passed over.
//!
//! Elements are known by their namespace, whichever prefix it has; a prefix that nobody declares means what it
//! means everywhere. Of an element that stands there twice the first counts. An item that is cut off is left
//! for the next time.

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

/// Items of one document; of more the rest is left out.
pub(crate) const ITEMS_MAX: usize = 500;
/// So much of a document is read: the newest items stand first, and a call has its time.
const BYTES_MAX: usize = 1024 * 1024;
/// So much of one element's text is kept.
const FIELD_BYTES_MAX: usize = 64 * 1024;
/// What stands deeper is passed over.
const DEPTH_MAX: usize = 64;

/// A document.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) items: Vec<Item>,
    /// The page with older items (RFC 5005).
    pub(crate) next: Option<String>,
    /// What all items answer.
    pub(crate) in_reply_to: Option<String>,
    pub(crate) language: Option<String>,
    /// It is a feed, whatever stands in it.
    pub(crate) is_feed: bool,
    /// It was read to its end.
    pub(crate) is_whole: bool,
}

/// An item, as it stands there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Item {
    pub(crate) id: String,
    /// The id is also where the item is to be found.
    pub(crate) is_id_link: bool,
    pub(crate) link: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) summary: String,
    pub(crate) published: String,
    pub(crate) updated: String,
    pub(crate) author: String,
    pub(crate) author_name: String,
    pub(crate) author_page: String,
    pub(crate) author_mail: String,
    /// LiveJournal's name of who posted.
    pub(crate) poster: String,
    /// The page of the comments.
    pub(crate) comments: String,
    /// How many comments there are.
    pub(crate) replies: String,
    /// The feed of the comments.
    pub(crate) replies_feed: String,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) base: Option<String>,
}

/// Namespaces that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    /// RSS in all versions, which mostly has none, and Atom.
    Core,
    Content,
    DublinCore,
    Threading,
    WellFormedWeb,
    Slash,
    LiveJournal,
    Rdf,
    Other,
}

/// An element that is open.
struct Open {
    name: String,
    /// What stands in it is not read.
    is_skipped: bool,
    /// Where its text belongs.
    field: Option<Field>,
}

/// What of an item is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Link,
    Id,
    Summary,
    Text,
    Published,
    Updated,
    Author,
    AuthorName,
    AuthorPage,
    AuthorMail,
    Poster,
    Comments,
    Replies,
    RepliesFeed,
}

impl Item {
    fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::Title => &mut self.title,
            Field::Link => &mut self.link,
            Field::Id => &mut self.id,
            Field::Summary => &mut self.summary,
            Field::Text => &mut self.text,
            Field::Published => &mut self.published,
            Field::Updated => &mut self.updated,
            Field::Author => &mut self.author,
            Field::AuthorName => &mut self.author_name,
            Field::AuthorPage => &mut self.author_page,
            Field::AuthorMail => &mut self.author_mail,
            Field::Poster => &mut self.poster,
            Field::Comments => &mut self.comments,
            Field::Replies => &mut self.replies,
            Field::RepliesFeed => &mut self.replies_feed,
        }
    }
}

/// Reads a document as far as it goes.
pub(crate) fn read(text: &str) -> Document {
    let is_long = text.len() > BYTES_MAX;
    let text = text.get(..text.floor_char_boundary(BYTES_MAX)).unwrap_or_default();
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut walk = Walk::default();
    loop {
        match reader.read_resolved_event() {
            Ok((space, Event::Start(start))) => {
                let space = space_of(&space, &start);
                walk.start(space, &start);
            }
            Ok((_, Event::End(end))) => walk.end(end.local_name().as_ref()),
            Ok((_, Event::Text(text))) => walk.text(&text.xml10_content()),
            Ok((_, Event::CData(text))) => walk.text(&text.xml10_content()),
            Ok((_, Event::GeneralRef(reference))) => walk.reference(&reference),
            Ok((_, Event::Eof)) => {
                walk.document.is_whole = walk.open.is_empty();
                break;
            }
            Ok(_) => {}
            // What comes behind cannot be told.
            Err(_) => break,
        }
        if walk.document.items.len() >= ITEMS_MAX {
            walk.document.is_whole = true;
            break;
        }
    }
    walk.document.is_whole |= is_long;
    walk.document
}

fn space_of(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Space {
    let uri = match space {
        ResolveResult::Bound(uri) => uri.as_ref(),
        ResolveResult::Unbound => return Space::Core,
        ResolveResult::Unknown(prefix) => return by_prefix(prefix),
    };
    match uri.trim().trim_end_matches(['/', '#']) {
        "http://www.w3.org/2005/Atom"
        | "http://purl.org/atom/ns"
        | "http://purl.org/rss/1.0"
        | "http://my.netscape.com/rdf/simple/0.9"
        | "http://backend.userland.com/rss2"
        | "http://blogs.law.harvard.edu/tech/rss" => Space::Core,
        "http://purl.org/rss/1.0/modules/content" => Space::Content,
        "http://purl.org/dc/elements/1.1"
        | "http://purl.org/dc/terms"
        | "http://purl.org/dc/elements/1.0" => Space::DublinCore,
        "http://purl.org/syndication/thread/1.0" => Space::Threading,
        "http://wellformedweb.org/CommentAPI" => Space::WellFormedWeb,
        "http://purl.org/rss/1.0/modules/slash" => Space::Slash,
        "http://www.livejournal.org/rss/lj/1.0" => Space::LiveJournal,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "" => start.name().prefix().map_or(Space::Core, |it| by_prefix(it.as_ref())),
        _ => Space::Other,
    }
}

fn by_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "atom" | "atom10" => Space::Core,
        "content" => Space::Content,
        "dc" | "dcterms" => Space::DublinCore,
        "thr" => Space::Threading,
        "wfw" => Space::WellFormedWeb,
        "slash" => Space::Slash,
        "lj" => Space::LiveJournal,
        "rdf" => Space::Rdf,
        _ => Space::Other,
    }
}

#[derive(Default)]
struct Walk {
    document: Document,
    open: Vec<Open>,
    /// The item that is open, and how many elements are open around it.
    item: Option<(Item, usize)>,
}

impl Walk {
    fn start(&mut self, space: Space, start: &BytesStart<'_>) {
        let name = start.local_name().as_ref().to_owned();
        let depth = self.open.len();
        let is_skipped = depth >= DEPTH_MAX
            || self.open.last().is_some_and(|it| it.is_skipped)
            || self.is_skipped(space, &name, start);
        if depth == 0 {
            self.document.is_feed |= matches!(name.as_str(), "rss" | "RDF" | "feed");
        }
        let is_item = matches!(name.as_str(), "item" | "entry") && space == Space::Core;
        if is_item && self.item.is_none() && !is_skipped {
            let mut item = Item { base: attribute(start, "xml:base"), ..Item::default() };
            item.id = attribute(start, "rdf:about").unwrap_or_default();
            item.is_id_link = !item.id.is_empty();
            self.item = Some((item, depth));
        } else if !is_skipped {
            self.attributes(space, &name, start);
        }
        if depth < DEPTH_MAX.saturating_mul(4) {
            let field = match (&self.item, self.open.last()) {
                (Some((_, item)), _) if depth == item.saturating_add(1) => field_of(space, &name),
                (Some(_), Some(parent)) => part_of(parent.field, &name),
                _ => None,
            };
            self.open.push(Open { name, is_skipped, field });
        }
    }

    /// The source of a copied entry has a title and an author of its own; of an element that stands there twice
    /// the first counts.
    fn is_skipped(&mut self, space: Space, name: &str, start: &BytesStart<'_>) -> bool {
        let Some((item, depth)) = &mut self.item else { return false };
        if self.open.len() != depth.saturating_add(1) {
            return false;
        }
        let is_there = |text: &String| !text.trim().is_empty();
        match (space, name) {
            (Space::Core, "source") => true,
            (Space::Core, "author") => {
                [&item.author, &item.author_name, &item.author_page, &item.author_mail]
                    .into_iter()
                    .any(is_there)
            }
            // Atom has one for each purpose.
            (Space::Core, "link") if attribute(start, "href").is_some() => false,
            _ => field_of(space, name).is_some_and(|field| is_there(item.field(field))),
        }
    }

    fn attributes(&mut self, space: Space, name: &str, start: &BytesStart<'_>) {
        let attribute = |name: &str| attribute(start, name).filter(|it| !it.is_empty());
        match (space, name, &mut self.item) {
            (Space::Core, "link", item) => {
                let Some(href) = attribute("href") else { return };
                let kind = attribute("type").unwrap_or_default();
                match (attribute("rel").as_deref().unwrap_or("alternate"), item) {
                    ("next", None) => self.document.next = Some(href),
                    ("alternate", Some((item, _))) if item.link.is_empty() => item.link = href,
                    ("replies", Some((item, _))) => {
                        if let Some(count) = attribute("thr:count").or_else(|| attribute("count")) {
                            item.replies = count;
                        }
                        if kind.contains("xml") && item.replies_feed.is_empty() {
                            item.replies_feed = href;
                        }
                    }
                    _ => {}
                }
            }
            (Space::Core, "guid", Some((item, _))) => {
                item.is_id_link = attribute("isPermaLink").as_deref() != Some("false");
            }
            (Space::Threading, "in-reply-to", item) => {
                let answered = attribute("ref").or_else(|| attribute("href"));
                match item {
                    Some((item, _)) if item.in_reply_to.is_none() => item.in_reply_to = answered,
                    Some(_) => {}
                    None => self.document.in_reply_to = answered,
                }
            }
            (Space::LiveJournal, "poster", Some((item, _))) => {
                item.poster = attribute("user").unwrap_or_default();
            }
            (Space::Core, "feed" | "rss", None) => self.document.language = attribute("xml:lang"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let Some(place) = self.open.iter().rposition(|it| it.name == name) else { return };
        self.open.truncate(place);
        if self.item.as_ref().is_some_and(|(_, depth)| *depth >= place)
            && let Some((item, _)) = self.item.take()
        {
            self.document.items.push(item);
        }
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_none_or(|it| it.is_skipped) {
            return;
        }
        let Some((item, _)) = &mut self.item else {
            let is_language = self.open.last().is_some_and(|it| it.name == "language");
            if is_language && self.document.language.is_none() {
                self.document.language = Some(text.trim().to_owned()).filter(|it| !it.is_empty());
            }
            return;
        };
        let Some(field) = self.open.last().and_then(|it| it.field) else { return };
        let field = item.field(field);
        let space = FIELD_BYTES_MAX.saturating_sub(field.len());
        field.push_str(text.get(..text.floor_char_boundary(space)).unwrap_or_default());
    }

    /// `&amp;`, `&#380;`; a name that XML does not know stays, HTML may.
    fn reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            let mut bytes = [0; 4];
            return self.text(character.encode_utf8(&mut bytes));
        }
        let name = reference.xml10_content();
        match name.as_ref() {
            "amp" => self.text("&"),
            "lt" => self.text("<"),
            "gt" => self.text(">"),
            "quot" => self.text("\""),
            "apos" => self.text("'"),
            name => self.text(&format!("&{name};")),
        }
    }
}

/// Where the text of an item's element belongs.
fn field_of(space: Space, name: &str) -> Option<Field> {
    Some(match (space, name) {
        (Space::Core, "title") => Field::Title,
        (Space::Core, "link") => Field::Link,
        (Space::Core, "guid" | "id") => Field::Id,
        (Space::Core, "description" | "summary") => Field::Summary,
        (Space::Core, "content") | (Space::Content, "encoded") => Field::Text,
        (Space::Core, "pubDate" | "published" | "issued") => Field::Published,
        (Space::DublinCore, "date" | "created" | "issued") => Field::Published,
        (Space::Core, "updated" | "modified") | (Space::DublinCore, "modified") => Field::Updated,
        (Space::Core, "author") => Field::Author,
        (Space::DublinCore, "creator") => Field::AuthorName,
        (Space::Core, "comments") => Field::Comments,
        (Space::Slash, "comments") | (Space::LiveJournal, "reply-count") => Field::Replies,
        (Space::Threading, "total") => Field::Replies,
        (Space::LiveJournal, "poster") => Field::Poster,
        (Space::WellFormedWeb, "commentRss" | "commentRSS") => Field::RepliesFeed,
        _ => return None,
    })
}

/// Where the text of an element within an item's element belongs: Atom names authors by several.
fn part_of(field: Option<Field>, name: &str) -> Option<Field> {
    match (field, name) {
        (Some(Field::Author), "name") => Some(Field::AuthorName),
        (Some(Field::Author), "uri" | "url") => Some(Field::AuthorPage),
        (Some(Field::Author), "email") => Some(Field::AuthorMail),
        (field, _) => field,
    }
}

/// An attribute by its whole name, its entities resolved.
fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let mut all = start.attributes();
    let found = all.with_checks(false).flatten().find(|it| it.key.as_ref() == wanted)?;
    let value =
        quick_xml::escape::unescape(&found.value).map_or(found.value.to_string(), Into::into);
    Some(value.trim().to_owned())
}
