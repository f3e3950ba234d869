//! Messages: who wrote, in which conversation, and what became of it.
//!
//! In a thread, a private channel and a direct message the channel is the conversation. In a channel where many
//! write side by side each customer has one of their own, named by its first message: a thread that is made of
//! that message has the same id, and so goes on with it.

use tablica_plugin::{
    AgentProfile, Author, Event, Kind, Medium, Message as Written, Removal, Visibility,
    fingerprint, time,
};

use crate::Desk;
use crate::state::Seen;
use crate::wire::{self, Deletion, Deletions, Message, Snowflake, User};

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    Customer(u64),
    Agent(u64),
    Bot,
    /// Discord itself, or a channel that is followed.
    Nobody,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spot {
    /// In a conversation of one customer: a direct message, a private channel, a thread.
    Own { root: u64, is_public: bool },
    /// In a channel where many write.
    Shared,
}

impl Desk {
    /// `MESSAGE_CREATE`.
    pub(crate) fn created(&mut self, message: &Message) -> Vec<Event> {
        let kind = message.kind.unwrap_or(wire::DEFAULT);
        let is_written =
            matches!(kind, wire::DEFAULT | wire::REPLY) || wire::COMMANDS.contains(&kind);
        let writer = self.writer(message);
        if !is_written || writer == Writer::Nobody {
            return Vec::new();
        }
        let Some(spot) = self.spot(message) else { return Vec::new() };
        let Some((root, author)) = self.conversation(message, writer, spot) else {
            return Vec::new();
        };
        let mut event = written(message, author, spot, Kind::Message).on(root.to_string());
        let mut events = Vec::new();
        match writer {
            Writer::Customer(user) => {
                let seen = Seen { channel: message.channel_id.0, author: user, root };
                self.state.remember(message.id, seen);
                if author == Author::Customer {
                    event = event.customer(format!("discord:{user}"));
                }
            }
            Writer::Agent(user) => {
                events.extend(self.agent_known(user, message));
                event = event.agent(user.to_string());
            }
            Writer::Bot | Writer::Nobody => {}
        }
        events.push(event);
        events
    }

    /// `MESSAGE_UPDATE` also comes when a link gets its preview or a message is pinned: then nobody has edited
    /// it, or the time of the edit is an old one.
    pub(crate) fn edited(&mut self, message: &Message) -> Option<Event> {
        let Some(tablica_plugin::Moment::Utc(at_ms)) =
            time::moment(message.edited_timestamp.as_ref()?)
        else {
            return None;
        };
        let Writer::Customer(user) = self.writer(message) else { return None };
        let spot = self.spot(message)?;
        let root = match (self.state.recent(message.id), spot) {
            (Some(recent), _) => recent.root,
            (None, Spot::Own { root, .. }) => root,
            (None, Spot::Shared) => return None,
        };
        let author = match self.asker(message) {
            Some(asker) if asker != user => Author::Peer,
            _ => Author::Customer,
        };
        let mut event = written(message, author, spot, Kind::Edited).on(root.to_string());
        event.id = format!("e{}:{at_ms}", message.id.0);
        event.at = at_ms.into();
        Some(event.refers(message.id.0.to_string()))
    }

    /// `MESSAGE_DELETE` says not whose message it was, nor who deleted it. In a direct message only its author
    /// can.
    pub(crate) fn deleted(&mut self, deletion: &Deletion) -> Vec<Event> {
        let is_direct = deletion.guild_id.is_none();
        self.removed(deletion.id, if is_direct { Author::Customer } else { Author::System })
    }

    /// Only moderators and their bots can delete many at once.
    pub(crate) fn deleted_in_bulk(&mut self, deletions: &Deletions) -> Vec<Event> {
        deletions.ids.iter().flat_map(|id| self.removed(*id, Author::Agent)).collect()
    }

    fn removed(&mut self, message: Snowflake, by: Author) -> Vec<Event> {
        let Some(recent) = self.state.forget(message) else { return Vec::new() };
        let event = Event::new(format!("d{}", message.0), 0, Kind::Removed(Removal { by }));
        vec![event.on(recent.root.to_string()).refers(message.0.to_string())]
    }

    /// Our people are told by their id, also when they write through a bot or a webhook; then by role.
    fn writer(&self, message: &Message) -> Writer {
        let Some(author) = &message.author else { return Writer::Nobody };
        let id = author.id.0;
        let is_system = author.system.unwrap_or(false);
        let roles = message.member.as_ref().and_then(|it| it.roles.as_deref()).unwrap_or_default();
        if message.flags.unwrap_or(0) & wire::IS_CROSSPOST != 0 {
            Writer::Nobody
        } else if self.settings.agents.contains(&id) {
            Writer::Agent(id)
        } else if message.webhook_id.is_some() || (author.bot.unwrap_or(false) && !is_system) {
            Writer::Bot
        } else if is_system {
            Writer::Nobody
        } else if self.is_agent(author, roles) {
            Writer::Agent(id)
        } else {
            Writer::Customer(id)
        }
    }

    /// A human of ours.
    pub(crate) fn is_agent(&self, user: &User, roles: &[Snowflake]) -> bool {
        self.settings.agents.contains(&user.id.0)
            || roles.iter().any(|role| self.settings.agent_roles.contains(&role.0))
    }

    /// None where the channel does not belong to the desk.
    fn spot(&mut self, message: &Message) -> Option<Spot> {
        self.spot_of(message.channel_id, message.guild_id, message.position.is_some())
    }

    pub(crate) fn spot_of(
        &mut self,
        channel: Snowflake,
        guild: Option<Snowflake>,
        is_in_thread: bool,
    ) -> Option<Spot> {
        let Some(guild) = guild else {
            let own = Spot::Own { root: channel.0, is_public: false };
            return self.settings.direct_messages.then_some(own);
        };
        let all = self.settings.channels.is_empty();
        if let Some(place) = self.state.places.touch(channel) {
            let is_own = place.is_thread || place.is_private;
            let own =
                Spot::Own { root: place.root.unwrap_or(channel.0), is_public: !place.is_private };
            return Some(if is_own { own } else { Spot::Shared });
        }
        if !all && !self.settings.channels.contains(&channel.0) {
            return None;
        }
        if is_in_thread {
            // A thread that was told before the bot came, or that was forgotten.
            let place = self.state.places.know(channel);
            (place.guild, place.is_thread) = (guild.0, true);
            return Some(Spot::Own { root: channel.0, is_public: true });
        }
        Some(Spot::Shared)
    }

    /// Whose public thread it is.
    fn asker(&self, message: &Message) -> Option<u64> {
        let place = self.state.places.get(message.channel_id)?;
        place.asker.filter(|_| place.is_thread && !place.is_private)
    }

    /// The interaction, and what the author is in it. None for what is said to nobody.
    fn conversation(
        &mut self,
        message: &Message,
        writer: Writer,
        spot: Spot,
    ) -> Option<(u64, Author)> {
        let channel = message.channel_id;
        match (spot, writer) {
            (Spot::Own { root, .. }, Writer::Customer(user)) => {
                let asker = self.state.places.touch(channel).map_or(user, |place| {
                    // A customer's message opens it again, though its tag may stay.
                    place.is_closed &= place.asker.is_some_and(|asker| asker != user);
                    *place.asker.get_or_insert(user)
                });
                // In a private one, who was let in is on the customer's side.
                let is_other = asker != user && self.asker(message).is_some();
                Some((root, if is_other { Author::Peer } else { Author::Customer }))
            }
            (Spot::Own { root, .. }, Writer::Agent(_)) => Some((root, Author::Agent)),
            (Spot::Own { root, .. }, _) => Some((root, Author::Bot)),
            (Spot::Shared, Writer::Customer(user)) => {
                let replied = replied_to(message).and_then(|id| self.state.recent(id));
                if let Some(other) = replied.filter(|it| it.author != user) {
                    return Some((other.root, Author::Peer));
                }
                let root = self.state.conversation(channel, Some(user));
                Some((root.unwrap_or(message.id.0), Author::Customer))
            }
            (Spot::Shared, Writer::Agent(_)) => {
                let to = self.addressed(message).or_else(|| self.state.conversation(channel, None));
                Some((to?, Author::Agent))
            }
            // A machine that talks to nobody: welcomes, levels, news.
            (Spot::Shared, _) => Some((self.addressed(message)?, Author::Bot)),
        }
    }

    /// Whom a message of ours answers, in a channel where many write.
    fn addressed(&self, message: &Message) -> Option<u64> {
        let replied = replied_to(message);
        if let Some(recent) = replied.and_then(|id| self.state.recent(id)) {
            return Some(recent.root);
        }
        let referenced = message.referenced_message.as_ref().and_then(|it| it.author.as_ref());
        let command = message.interaction_metadata.as_ref().and_then(|it| it.user.as_ref());
        let named = referenced.into_iter().chain(command).chain(message.mentions.iter().flatten());
        named
            .filter(|user| {
                let roles = user.member.as_ref().and_then(|it| it.roles.as_deref());
                !user.bot.unwrap_or(false) && !self.is_agent(user, roles.unwrap_or_default())
            })
            .find_map(|user| self.state.conversation(message.channel_id, Some(user.id.0)))
    }

    /// The name that people in the guild call an agent by, when it is news.
    fn agent_known(&mut self, agent: u64, message: &Message) -> Option<Event> {
        let nick = message.member.as_ref().and_then(|it| it.nick.clone());
        let title = nick.or_else(|| message.author.as_ref()?.global_name.clone())?;
        if !self.state.is_news(agent, &title) {
            return None;
        }
        let id = format!("a{agent}:{:x}", fingerprint(&title));
        let known = Kind::AgentKnown(AgentProfile::named(title));
        Some(Event::new(id, message.id.at_ms(), known).agent(agent.to_string()))
    }
}

fn replied_to(message: &Message) -> Option<Snowflake> {
    let is_reply = message.kind == Some(wire::REPLY);
    message.message_reference.as_ref().filter(|_| is_reply)?.message_id
}

/// The event of a message, still without its interaction. Its id holds the time when it was sent.
fn written(message: &Message, author: Author, spot: Spot, kind: fn(Written) -> Kind) -> Event {
    let mut written = Written::new(Medium::Message, author);
    // What somebody forwards is all they say.
    let forwarded = message.message_snapshots.iter().flatten().find_map(|it| it.message.as_ref());
    let texts = [message.content.as_ref(), forwarded.and_then(|it| it.content.as_ref())];
    if let Some(text) = texts.into_iter().flatten().find(|text| !text.is_empty()) {
        written = written.text(text);
    }
    if !matches!(spot, Spot::Own { is_public: false, .. }) {
        written.visibility = Visibility::Public;
    }
    Event::new(message.id.0.to_string(), message.id.at_ms(), kind(written))
}
