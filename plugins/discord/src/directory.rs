//! Guilds, channels and threads: which of them belong to the desk, who sees them, and when a thread is closed.

use serde_json::value::RawValue;
use tablica_plugin::{Author, Event, Kind, Moment, Resolution, time};

use crate::Desk;
use crate::settings::Settings;
use crate::state::State;
use crate::wire::{Channel, Guild, Snowflake, ThreadList};

impl Desk {
    /// `GUILD_CREATE`, after each new session: channels, and threads that are open. One that was open and is
    /// not there has been closed while we heard nothing.
    pub(crate) fn guild(&mut self, guild: &Guild<'_>) -> Vec<Event> {
        if guild.unavailable.unwrap_or(false) {
            return Vec::new();
        }
        for channel in each(guild.channels.as_deref()) {
            self.channel(&channel, Some(guild.id));
        }
        let Some(threads) = &guild.threads else { return Vec::new() };
        let mut events = Vec::new();
        let mut active = std::collections::BTreeSet::new();
        for thread in each(Some(threads)) {
            active.insert(thread.id);
            events.extend(self.thread(&thread, Some(guild.id)));
        }
        for id in self.state.places.open_threads(guild.id) {
            if !active.contains(&id) {
                events.extend(turn(&mut self.state, id, true, Author::System, Moment::None));
            }
        }
        events
    }

    /// Threads of a channel that the bot was let into.
    pub(crate) fn threads(&mut self, list: &ThreadList<'_>) {
        for thread in each(list.threads.as_deref()) {
            self.learn(&thread, Some(list.guild_id));
        }
    }

    /// A channel that is new or has changed.
    pub(crate) fn channel(&mut self, channel: &Channel, guild: Option<Snowflake>) {
        self.learn(channel, guild);
    }

    /// A thread that is new or has changed.
    pub(crate) fn thread(&mut self, thread: &Channel, guild: Option<Snowflake>) -> Vec<Event> {
        if !self.learn(thread, guild) {
            return Vec::new();
        }
        let closing = Closing::of(thread, &self.settings);
        turn(&mut self.state, thread.id, closing.is_closed, closing.by, closing.at)
            .into_iter()
            .collect()
    }

    /// A channel or a thread was deleted: desks that give each ticket a channel end it so.
    pub(crate) fn gone(&mut self, channel: &Channel) -> Vec<Event> {
        let id = channel.id;
        let event = turn(&mut self.state, id, true, Author::System, Moment::None);
        self.state.places.remove(id);
        event.into_iter().collect()
    }

    /// Remembers what messages do not say of it. False when it does not belong to the desk, or nothing is to
    /// be remembered.
    fn learn(&mut self, channel: &Channel, guild: Option<Snowflake>) -> bool {
        let Some(guild) = guild.or(channel.guild_id) else { return false };
        let listed = &self.settings.channels;
        let parent = channel.parent_id;
        let of_parent = parent.and_then(|id| self.state.places.get(id));
        let is_of_listed = parent.is_some_and(|id| listed.contains(&id.0));
        let counts = listed.is_empty()
            || listed.contains(&channel.id.0)
            || is_of_listed
            || of_parent.is_some();
        let is_private = channel.is_private(guild)
            || (channel.is_thread() && of_parent.is_some_and(|parent| parent.is_private));
        if !counts || !(channel.is_thread() || is_private || is_of_listed) {
            self.state.places.remove(channel.id);
            return false;
        }
        let started = self.state.recent(channel.id);
        let place = self.state.places.know(channel.id);
        (place.guild, place.is_thread, place.is_private) =
            (guild.0, channel.is_thread(), is_private);
        if let Some(started) = started.filter(|_| place.is_thread && place.asker.is_none()) {
            // Made of a customer's message in a channel: their conversation goes on in here.
            place.asker = Some(started.author);
            place.root = Some(started.root).filter(|root| *root != channel.id.0);
            self.state.moved(started.root, channel.id.0);
        }
        true
    }
}

/// What a thread says of its end.
struct Closing {
    is_closed: bool,
    by: Author,
    at: Moment,
}

impl Closing {
    fn of(thread: &Channel, settings: &Settings) -> Self {
        let data = thread.thread_metadata.as_ref();
        let is_locked = data.and_then(|it| it.locked).unwrap_or(false);
        let is_archived = data.and_then(|it| it.archived).unwrap_or(false);
        let mut tags = thread.applied_tags.iter().flatten();
        let is_solved = tags.any(|tag| settings.solved_tags.contains(&tag.0));
        let said = data.and_then(|it| it.archive_timestamp.as_deref()).and_then(time::moment);
        Self {
            is_closed: is_locked || is_solved || (is_archived && settings.archive_resolves),
            // Only moderators can lock; a thread closes by itself, too, and whoever asked can set a tag.
            by: if is_locked { Author::Agent } else { Author::System },
            // A tag and a lock have no time of their own; they come before the thread is archived.
            at: said.filter(|_| is_archived).unwrap_or(Moment::None),
        }
    }
}

/// The thread is closed or open now; an event if it was not before.
fn turn(state: &mut State, id: Snowflake, closed: bool, by: Author, at: Moment) -> Option<Event> {
    let place = state.places.touch(id)?;
    if place.is_closed == closed {
        return None;
    }
    place.is_closed = closed;
    place.turns = place.turns.saturating_add(1);
    let root = place.root.unwrap_or(id.0);
    let kind = match closed {
        true => Kind::Resolved(Resolution { by, note: None }),
        false => Kind::Reopened,
    };
    Some(Event::new(format!("t{}:{}", id.0, place.turns), at, kind).on(root.to_string()))
}

/// Those that can be read.
fn each(list: Option<&[&RawValue]>) -> impl Iterator<Item = Channel> {
    list.into_iter().flatten().filter_map(|raw| serde_json::from_str(raw.get()).ok())
}
