//! An item of a feed as it stands there, and which element of it is what.

use crate::names::Space;

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

/// What of an item is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
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
    pub(crate) fn field(&mut self, field: Field) -> &mut String {
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

/// Where the text of an item's element belongs.
pub(crate) fn field_of(space: Space, name: &str) -> Option<Field> {
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
pub(crate) fn part_of(field: Option<Field>, name: &str) -> Option<Field> {
    match (field, name) {
        (Some(Field::Author), "name") => Some(Field::AuthorName),
        (Some(Field::Author), "uri" | "url") => Some(Field::AuthorPage),
        (Some(Field::Author), "email") => Some(Field::AuthorMail),
        (field, _) => field,
    }
}
