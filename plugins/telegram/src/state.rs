//! What must outlive a restart. Ids and marks only: no names, no texts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint, recent};

/// Migrated groups remembered; a site has a handful.
const MIGRATED_MAX: usize = 1_000;
/// Channels linked to discussion groups remembered.
const LINKED_MAX: usize = 1_000;
/// Channel posts whose comments are recognised by their thread; older ones still are, as long as
/// a comment replies to the post itself.
const POSTS_MAX: usize = 500;
/// Topics of private chats remembered; each is a contact that ends when the customer blocks the bot.
const TOPICS_MAX: usize = 1_000;
/// Messages of groups whose thread is known again when they are answered or edited: the last ones.
const MESSAGES_MAX: usize = 1_000;

/// A message and all that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Thread {
    /// The number of the message that began it.
    pub(crate) first: i64,
    /// A mark of who wrote that message.
    by: u16,
}

/// The mark of ourselves; that of a customer is never 0.
const OURS: u16 = 0;

impl Thread {
    /// That a message begins, by a customer or by one of us.
    pub(crate) fn begin(chat: i64, first: i64, customer: Option<i64>) -> Self {
        Self { first, by: customer.map_or(OURS, |user| mark(chat, first, user)) }
    }

    /// We began it.
    pub(crate) fn is_ours(self) -> bool {
        self.by == OURS
    }

    /// This customer began it: it is their question.
    pub(crate) fn is_of(self, chat: i64, customer: i64) -> bool {
        self.by == mark(chat, self.first, customer)
    }
}

/// Of a customer under a message: nobody can be found by it.
fn mark(chat: i64, message: i64, customer: i64) -> u16 {
    tablica_plugin::mark(format!("{chat}:{message}/{customer}"))
}

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// The next update to ask for.
    pub(crate) offset: Option<u64>,
    /// Supergroup → the group that it was.
    migrated: BTreeMap<i64, i64>,
    /// Discussion group → its channel.
    linked: BTreeMap<i64, i64>,
    /// (discussion group, message) of forwarded channel posts.
    #[serde(with = "recent::keys")]
    posts: Recent<(i64, i64), (), POSTS_MAX>,
    /// (private chat, topic), longest silent first.
    #[serde(with = "recent::keys")]
    topics: Recent<(i64, i64), (), TOPICS_MAX>,
    /// Fingerprints of messages in groups, and of albums.
    threads: Recent<u64, Thread, MESSAGES_MAX>,
}

impl State {
    /// A group became a supergroup: the thread keeps its first identity. Told twice, once from
    /// each side, in any order.
    pub(crate) fn migrate(&mut self, group: i64, supergroup: i64) {
        let first = self.identity(group);
        insert_bounded(&mut self.migrated, supergroup, first, MIGRATED_MAX);
    }

    /// The chat's first id.
    pub(crate) fn identity(&self, chat: i64) -> i64 {
        self.migrated.get(&chat).copied().unwrap_or(chat)
    }

    /// A channel post showed up in its discussion group.
    pub(crate) fn posted(&mut self, group: i64, message: i64, channel: Option<i64>) {
        if let Some(channel) = channel {
            insert_bounded(&mut self.linked, group, channel, LINKED_MAX);
        }
        self.posts.put((group, message), ());
    }

    /// Somebody wrote in a topic of a private chat.
    pub(crate) fn talked(&mut self, chat: i64, topic: i64) {
        self.topics.renew((chat, topic), ());
    }

    /// Takes away the topics of a private chat.
    pub(crate) fn take_topics(&mut self, chat: i64) -> Vec<i64> {
        let of_chat = self.topics.iter().filter(|(known, ())| known.0 == chat);
        let taken: Vec<i64> = of_chat.map(|((_, topic), ())| *topic).collect();
        for topic in &taken {
            self.topics.remove(&(chat, *topic));
        }
        taken
    }

    /// The thread in which a message or an album of a group stands, if it was seen.
    pub(crate) fn thread(&self, name: &str) -> Option<Thread> {
        self.threads.get(&fingerprint(name)).copied()
    }

    /// A message or an album of a group stands in this thread.
    pub(crate) fn stands(&mut self, name: &str, thread: Thread) {
        self.threads.renew(fingerprint(name), thread);
    }

    /// The thread holds the comments under a channel post.
    pub(crate) fn is_post(&self, group: i64, thread: i64) -> bool {
        self.posts.contains(&(group, thread))
    }

    /// The channel is ours: its posts are forwarded to this group.
    pub(crate) fn is_linked(&self, group: i64, channel: i64) -> bool {
        self.linked.get(&group) == Some(&channel)
    }
}

/// Over the limit the entry with the lowest key goes. The limits are far above what a site has;
/// they are there so that nobody can grow the snapshot without end.
fn insert_bounded(map: &mut BTreeMap<i64, i64>, key: i64, value: i64, max: usize) {
    map.insert(key, value);
    if map.len() > max {
        map.pop_first();
    }
}
