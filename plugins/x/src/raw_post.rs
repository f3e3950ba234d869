//! A post as X writes it: in the shape of version 1.1 (`id_str`, `user`, `in_reply_to_status_id_str`) or of version 2
//! (`id`, `author_id`, `referenced_tweets`). One reader for both, as no field means two things.

use serde::Deserialize;
use serde::de::IgnoredAny;
use tablica_plugin::Id;

#[derive(Deserialize)]
pub(crate) struct RawPost {
    id_str: Option<Id>,
    /// Above 2^53: a number is no float.
    id: Option<Id>,
    user: Option<User>,
    author_id: Option<Id>,
    text: Option<String>,
    /// Where posts are longer than the 140 characters of old.
    extended_tweet: Option<Extended>,
    full_text: Option<String>,
    /// Where they are longer than 280.
    note_tweet: Option<Note>,
    pub(crate) lang: Option<String>,
    timestamp_ms: Option<Id>,
    in_reply_to_status_id_str: Option<Id>,
    in_reply_to_tweet_id: Option<Id>,
    in_reply_to_user_id_str: Option<Id>,
    in_reply_to_user_id: Option<Id>,
    retweeted_status: Option<IgnoredAny>,
    quoted_status: Option<Quoted>,
    #[serde(default)]
    referenced_tweets: Vec<Referenced>,
    entities: Option<Entities>,
    display_text_range: Option<Vec<u32>>,
    edit_history: Option<EditHistory>,
    edit_history_tweet_ids: Option<Vec<Id>>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct User {
    id_str: Option<Id>,
    id: Option<Id>,
}

#[derive(Deserialize)]
struct Extended {
    full_text: Option<String>,
    entities: Option<Entities>,
    display_text_range: Option<Vec<u32>>,
}

#[derive(Deserialize)]
struct Note {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Quoted {
    user: Option<User>,
}

#[derive(Deserialize)]
struct Referenced {
    #[serde(rename = "type")]
    kind: String,
    id: Id,
}

#[derive(Deserialize)]
struct Entities {
    #[serde(default)]
    user_mentions: Vec<Named>,
    #[serde(default)]
    mentions: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id_str: Option<Id>,
    id: Option<Id>,
    indices: Option<Vec<u32>>,
    start: Option<u32>,
}

#[derive(Deserialize)]
struct EditHistory {
    #[serde(default)]
    edit_tweet_ids: Vec<Id>,
}

fn text(id: &Option<Id>) -> Option<&str> {
    id.as_ref().map(|id| id.0.as_str())
}

impl User {
    fn id(&self) -> Option<&str> {
        text(&self.id_str).or(text(&self.id))
    }
}

impl RawPost {
    pub(crate) fn id(&self) -> Option<&str> {
        text(&self.id_str).or(text(&self.id))
    }

    pub(crate) fn author(&self) -> Option<&str> {
        text(&self.author_id).or_else(|| self.user.as_ref()?.id())
    }

    /// All of it, however long.
    pub(crate) fn text(&self) -> Option<&str> {
        let note = self.note_tweet.as_ref().and_then(|note| note.text.as_deref());
        let extended = self.extended_tweet.as_ref().and_then(|it| it.full_text.as_deref());
        note.or(extended).or(self.full_text.as_deref()).or(self.text.as_deref())
    }

    /// In milliseconds: of a stream, or else what the id says, whose upper bits are the time.
    pub(crate) fn at_ms(&self) -> u64 {
        let said = text(&self.timestamp_ms).and_then(|at| at.parse().ok());
        said.unwrap_or_else(|| snowflake_ms(self.id().unwrap_or_default()))
    }

    /// The post that it answers.
    pub(crate) fn parent(&self) -> Option<&str> {
        let said = text(&self.in_reply_to_status_id_str).or(text(&self.in_reply_to_tweet_id));
        said.or_else(|| self.referenced("replied_to"))
    }

    /// Whose post it answers.
    pub(crate) fn parent_author(&self) -> Option<&str> {
        text(&self.in_reply_to_user_id_str).or(text(&self.in_reply_to_user_id))
    }

    pub(crate) fn is_repost(&self) -> bool {
        self.retweeted_status.is_some() || self.referenced("retweeted").is_some()
    }

    /// Whose post it quotes, in version 1.1.
    pub(crate) fn quoted_author(&self) -> Option<&str> {
        self.quoted_status.as_ref()?.user.as_ref()?.id()
    }

    fn referenced(&self, kind: &str) -> Option<&str> {
        let mut found = self.referenced_tweets.iter().filter(|it| it.kind == kind);
        found.next().map(|it| it.id.0.as_str())
    }

    /// Who is named in the text itself, not only before it as somebody who takes part in the thread.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let extended = self.extended_tweet.as_ref();
        let entities = extended.and_then(|it| it.entities.as_ref()).or(self.entities.as_ref());
        let range = extended.and_then(|it| it.display_text_range.as_ref());
        let range = range.or(self.display_text_range.as_ref());
        let begin = range.and_then(|range| range.first()).copied().unwrap_or(0);
        let all = entities.into_iter().flat_map(|it| it.user_mentions.iter().chain(&it.mentions));
        all.filter(move |named| {
            let indices = named.indices.as_ref().and_then(|indices| indices.first()).copied();
            indices.or(named.start).is_none_or(|start| start >= begin)
        })
        .filter_map(|named| text(&named.id_str).or(text(&named.id)))
    }

    /// Of an edited post, which is a new one: the first.
    pub(crate) fn first_version(&self) -> Option<&str> {
        let old = self.edit_history.as_ref().map(|history| &history.edit_tweet_ids);
        let first = self.edit_history_tweet_ids.as_ref().or(old)?.first()?;
        (Some(first.0.as_str()) != self.id()).then_some(first.0.as_str())
    }

    /// The name of the app: it comes as a link, `<a href="…">Name</a>`.
    pub(crate) fn app(&self) -> Option<&str> {
        let source = self.source.as_deref()?;
        let name = source.split_once('>').map_or(source, |(_, name)| name);
        Some(name.strip_suffix("</a>").unwrap_or(name))
    }
}

/// When ids of today began, in milliseconds.
const EPOCH_MS: u64 = 1_288_834_974_657;
/// Ids below are from before; they have no time in them.
const FIRST_ID: u64 = 1 << 42;

/// The time in an id of X's.
fn snowflake_ms(id: &str) -> u64 {
    match id.parse::<u64>() {
        Ok(id) if id >= FIRST_ID => (id >> 22).saturating_add(EPOCH_MS),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_from_ids_of_every_size() {
        // 2^64 - 1 is of the year 2110.
        assert_eq!(snowflake_ms("18446744073709551615"), EPOCH_MS + (1 << 42) - 1);
        assert_eq!(snowflake_ms("4398046511104"), EPOCH_MS + (1 << 20));
        for id in ["", "20", "18446744073709551616", "-1"] {
            assert_eq!(snowflake_ms(id), 0, "{id}");
        }
    }
}
