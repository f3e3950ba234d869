//! Messages: who wrote, in which conversation, and what became of it.
//!
//! One message comes several times: as `message` and as `app_mention`, again after a lost answer, and for each
//! workspace of a shared channel, each time with another `event_id`. A channel's id is the same for all of them,
//! and so is `ts`: together they are the event's id.

use tablica_plugin::{
    Author, Event as Told, Kind, Medium, Message as Written, Removal, Visibility,
};

use crate::Desk;
use crate::wire::{Call, Event, Message, at_ms};

/// Kinds of messages that somebody wrote. Slack adds kinds that nobody wrote every now and then.
const WRITTEN: [&str; 4] = ["file_share", "thread_broadcast", "me_message", "bot_message"];
/// Slack's own bot.
const SLACKBOT: &str = "USLACKBOT";

/// Who wrote a message.
#[derive(Debug, PartialEq, Eq)]
enum Writer {
    /// None where a bot posts what a customer wrote.
    Customer(Option<String>),
    Agent(String),
    Bot,
    Nobody,
}

impl Desk {
    /// An event `message` or `app_mention`.
    pub(crate) fn message(&mut self, event: &Event, call: &Call<'_>) -> Option<Told> {
        if event.channel_type.as_deref() == Some("mpim") {
            self.state.met_group(event.channel.as_deref()?);
        }
        let channel = event.channel.as_deref().filter(|channel| self.counts(channel, event))?;
        match event.message.subtype.as_deref() {
            Some("message_changed") => self.changed(event, channel, call),
            Some("message_deleted") => {
                let message = event.previous_message.as_ref()?;
                let ts = event.deleted_ts.as_deref().or(message.ts.as_deref())?;
                self.removed(message, ts, event, channel, call)
            }
            None => self.posted(event, channel, call),
            Some(kind) if WRITTEN.contains(&kind) => self.posted(event, channel, call),
            Some(_) => None,
        }
    }

    fn posted(&mut self, event: &Event, channel: &str, call: &Call<'_>) -> Option<Told> {
        let message = &event.message;
        let ts = message.ts.as_deref()?;
        let writer = self.writer(message, call);
        if writer == Writer::Nobody || message.hidden.unwrap_or(false) {
            return None;
        }
        let interaction = self.interaction(message, ts, event, channel);
        let mut author = writer.author();
        if let Writer::Customer(Some(user)) = &writer {
            let is_root = message.thread_ts.as_deref().is_none_or(|thread| thread == ts);
            if is_root && interaction != channel {
                self.state.began(&interaction, user);
            }
            author = self.customer_or_peer(&interaction, user, call);
        }
        let kind = Kind::Message(self.written(message, author, event, call));
        let told = Told::new(format!("{channel}:{ts}"), at_ms(ts), kind).on(interaction);
        Some(match writer {
            Writer::Customer(Some(user)) if author == Author::Customer => {
                told.customer(format!("slack:{user}"))
            }
            Writer::Agent(agent) => told.agent(agent),
            _ => told,
        })
    }

    /// Previews of links and other changes that nobody made come in the same way: of an edit the time is new. A
    /// thread whose first message is deleted keeps a stone in its place.
    fn changed(&mut self, event: &Event, channel: &str, call: &Call<'_>) -> Option<Told> {
        let (now, before) = (event.now.as_ref()?, event.previous_message.as_ref());
        let ts = now.ts.as_deref().or(before?.ts.as_deref())?;
        if now.subtype.as_deref() == Some("tombstone") {
            return self.removed(before?, ts, event, channel, call);
        }
        let edited = now.edited.as_ref()?.ts.as_deref()?;
        let last = before.and_then(|it| it.edited.as_ref()?.ts.as_deref());
        let Writer::Customer(user) = self.writer(now, call) else { return None };
        if last == Some(edited) {
            return None;
        }
        let interaction = self.interaction(now, ts, event, channel);
        let author = match user {
            Some(user) => self.customer_or_peer(&interaction, &user, call),
            None => Author::Customer,
        };
        let kind = Kind::Edited(self.written(now, author, event, call));
        let told = Told::new(format!("e{channel}:{ts}:{edited}"), at_ms(edited), kind);
        Some(told.on(interaction).refers(format!("{channel}:{ts}")))
    }

    /// Slack does not say who deleted it. In a direct message only its author can.
    fn removed(
        &self,
        message: &Message,
        ts: &str,
        event: &Event,
        channel: &str,
        call: &Call<'_>,
    ) -> Option<Told> {
        let Writer::Customer(_) = self.writer(message, call) else { return None };
        let by = if is_direct(event, channel) { Author::Customer } else { Author::System };
        let at = event.message.ts.as_deref().map_or(0, at_ms);
        let told = Told::new(format!("d{channel}:{ts}"), at, Kind::Removed(Removal { by }));
        let interaction = self.interaction(message, ts, event, channel);
        Some(told.on(interaction).refers(format!("{channel}:{ts}")))
    }

    /// The channel belongs to the desk. A group message does so as a direct one does: nobody lists it before somebody
    /// writes to the app in it.
    fn counts(&self, channel: &str, event: &Event) -> bool {
        let (listed, whole) = (&self.settings.channels, &self.settings.whole_channels);
        let is_listed = listed.contains(channel) || whole.contains(channel);
        if is_direct(event, channel) || self.is_group(event, channel) {
            return self.settings.direct_messages || is_listed;
        }
        listed.is_empty() || is_listed
    }

    /// A direct message among several people. Events of mentions have no type of channel: it is known from before.
    fn is_group(&self, event: &Event, channel: &str) -> bool {
        let known = || self.state.is_group(channel);
        event.channel_type.as_deref().map_or_else(known, |kind| kind == "mpim")
    }

    /// The thread, which a message in a channel begins; or the whole channel.
    fn interaction(&self, message: &Message, ts: &str, event: &Event, channel: &str) -> String {
        let is_group = self.is_group(event, channel);
        if is_group || is_direct(event, channel) || self.settings.whole_channels.contains(channel) {
            return channel.to_owned();
        }
        format!("{channel}:{}", message.thread_ts.as_deref().unwrap_or(ts))
    }

    /// In a thread that another customer began, it is that other one's. In a channel that is shared with a
    /// customer's organization, they are colleagues.
    fn customer_or_peer(&self, interaction: &str, user: &str, call: &Call<'_>) -> Author {
        let is_shared = call.is_ext_shared_channel.unwrap_or(false);
        match self.state.author(interaction) {
            Some(author) if author != user && !is_shared => Author::Peer,
            _ => Author::Customer,
        }
    }

    fn writer(&self, message: &Message, call: &Call<'_>) -> Writer {
        let settings = &self.settings;
        let ids = [&message.user, &message.bot_id, &message.app_id];
        let is_in = |set: &std::collections::BTreeSet<String>| {
            ids.into_iter().flatten().any(|id| set.contains(id))
        };
        let is_bot_message = message.subtype.as_deref() == Some("bot_message");
        let is_bot = message.bot_id.is_some() || is_bot_message;
        if is_in(&settings.customers) {
            return Writer::Customer(message.user.clone().filter(|_| !is_bot));
        }
        if is_in(&settings.agents) {
            let name = ids.into_iter().flatten().next();
            return Writer::Agent(name.cloned().unwrap_or_default());
        }
        if is_bot || message.user.as_deref() == Some(SLACKBOT) {
            return Writer::Bot;
        }
        let Some(user) = message.user.clone() else { return Writer::Nobody };
        let team = message.team();
        let is_shared = settings.external && call.is_ext_shared_channel.unwrap_or(false);
        let is_agent = team.is_some_and(|team| {
            settings.agent_teams.contains(team) || (is_shared && call.is_ours(team))
        });
        if is_agent { Writer::Agent(user) } else { Writer::Customer(Some(user)) }
    }

    fn written(
        &self,
        message: &Message,
        author: Author,
        event: &Event,
        call: &Call<'_>,
    ) -> Written {
        let mut written = Written::new(Medium::Message, author);
        if let Some(text) = message.text.as_deref().filter(|text| !text.is_empty()) {
            written = written.text(plain(text));
        }
        let is_shared = call.is_ext_shared_channel.unwrap_or(false);
        let is_open = event.channel_type.as_deref() == Some("channel") && !is_shared;
        if self.settings.public && is_open {
            written.visibility = Visibility::Public;
        }
        written
    }
}

impl Writer {
    fn author(&self) -> Author {
        match self {
            Self::Customer(_) => Author::Customer,
            Self::Agent(_) => Author::Agent,
            Self::Bot => Author::Bot,
            Self::Nobody => Author::System,
        }
    }
}

/// Events of mentions have no type of channel: then the id says it.
fn is_direct(event: &Event, channel: &str) -> bool {
    event.channel_type.as_deref().map_or_else(|| channel.starts_with('D'), |kind| kind == "im")
}

/// Slack escapes three characters.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
