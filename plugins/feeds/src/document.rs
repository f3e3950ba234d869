//! A feed's document: RSS 0.9x to 2.0, RDF (RSS 1.0) and Atom, with what is broken in them passed over.
//!
//! Elements are known by their namespace, whichever prefix it has; a prefix that nobody declares means what it
//! means everywhere. Of an element that stands there twice the first counts. An item that is cut off is left
//! for the next time.

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::item::{Field, Item, field_of, part_of};
use crate::names::{Space, space_of};

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

/// An element that is open.
struct Open {
    name: String,
    /// What stands in it is not read.
    is_skipped: bool,
    /// Where its text belongs.
    field: Option<Field>,
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

/// An attribute by its whole name, its entities resolved.
fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let mut all = start.attributes();
    let found = all.with_checks(false).flatten().find(|it| it.key.as_ref() == wanted)?;
    let value =
        quick_xml::escape::unescape(&found.value).map_or(found.value.to_string(), Into::into);
    Some(value.trim().to_owned())
}
