//! One event of the manager into what it says.
//!
//! Names are those of Asterisk 12 and later, and where they changed those of earlier ones. Most of
//! what comes says nothing of queues and is passed over.

use tablica_plugin::{Event, Kind, fingerprint_of};

use crate::State;
use crate::message::Message;
use crate::settings::Settings;

/// What one message does.
pub(crate) struct Decoder<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    /// When it happened.
    pub(crate) at_ms: u64,
    /// By the host's clock.
    pub(crate) host_ms: u64,
    /// When Asterisk was last heard before.
    pub(crate) last_ms: u64,
    pub(crate) events: Vec<Event>,
}

/// An event of these names is about a queue, and must say which.
const OF_QUEUES: [&str; 18] = [
    "QueueCallerJoin",
    "Join",
    "QueueCallerLeave",
    "Leave",
    "QueueCallerAbandon",
    "AgentCalled",
    "AgentRingNoAnswer",
    "AgentDump",
    "AgentConnect",
    "AgentComplete",
    "QueueMemberAdded",
    "QueueMemberRemoved",
    "QueueMemberPause",
    "QueueMemberPaused",
    "QueueMemberStatus",
    "QueueMember",
    "QueueEntry",
    "QueueParams",
];

impl<'a> Decoder<'a> {
    pub(crate) fn new(
        settings: &'a Settings,
        state: &'a mut State,
        at_ms: u64,
        host_ms: u64,
    ) -> Self {
        let last_ms = state.clock.last_ms();
        Self { settings, state, at_ms, host_ms, last_ms, events: Vec::new() }
    }

    /// What the event of that name says; an error when something is missing in it.
    pub(crate) fn event(&mut self, name: &str, message: &Message<'_>) -> Result<(), &'static str> {
        if OF_QUEUES.contains(&name) {
            let queue = message.get("Queue").ok_or("an event of a queue names none")?;
            if self.settings.counts(queue) {
                self.of_queue(name, queue, message)?;
            }
            return Ok(());
        }
        match name {
            "Hold" => self.hold(message, !message.is("Status", "Off")),
            "Unhold" => self.hold(message, false),
            "BlindTransfer" => self.blind_transfer(message),
            "AttendedTransfer" => self.attended_transfer(message),
            "Transfer" => self.old_transfer(message),
            "BridgeEnter" => self.bridge_entered(message),
            "BridgeLeave" => self.bridge_left(message),
            "MusicOnHoldStop" => self.music_stopped(message),
            "MusicOnHold" if message.is("State", "Stop") => self.music_stopped(message),
            "HangupRequest" => self.hang_up_asked(message),
            "SoftHangupRequest" => self.end_asked(message),
            "Hangup" => self.hung_up(message),
            "VarSet" if message.is("Variable", "QUEUESTATUS") => self.queue_status(message),
            "Newexten" if message.is("Application", "Queue") => self.queue_application(message),
            _ => {}
        }
        Ok(())
    }

    fn of_queue(
        &mut self,
        name: &str,
        queue: &str,
        message: &Message<'_>,
    ) -> Result<(), &'static str> {
        let channel = message.get("Uniqueid");
        let call = channel.ok_or("an event of a caller names no Uniqueid");
        let member = message.member().ok_or("an event of a member names none");
        match name {
            "QueueCallerJoin" | "Join" => self.join(call?, queue, message),
            "QueueCallerLeave" | "Leave" => self.leave(call?, queue),
            "QueueCallerAbandon" => self.abandon(call?, queue, message),
            "AgentCalled" => self.called(call?, queue, member?, message),
            "AgentRingNoAnswer" => {
                // In milliseconds, unlike the others.
                self.ring_missed(call?, queue, member?, message.number("RingTime"));
            }
            // Hung up during the announcement, before the caller heard them.
            "AgentDump" => self.ring_missed(call?, queue, member?, None),
            "AgentConnect" => self.connect(call?, queue, member?, message),
            // Where both channels are gone by then, it names neither.
            "AgentComplete" => self.complete(channel, queue, member?, message),
            "QueueEntry" => self.entry(queue, message),
            "QueueParams" => {}
            "QueueMemberRemoved" => self.member_removed(queue, member?, message),
            _ => self.member(queue, member?, message, name == "QueueMember"),
        }
        Ok(())
    }

    /// An event of a contact, in the queue where it is.
    pub(crate) fn tell(&mut self, key: &str, at_ms: u64, agent: Option<&str>, kind: Kind) {
        let Some(contact) = self.state.contacts.get(key) else { return };
        let queue = contact.queue.clone();
        let mut event = Event::new(event_id(at_ms, key, &queue, agent, &kind), at_ms, kind).on(key);
        event.queue = Some(queue);
        event.agent = agent.map(str::to_owned);
        event.customer.extend(contact.customer.clone());
        self.events.push(event);
    }

    /// An event of an agent in a queue, or with none in all of them.
    pub(crate) fn tell_of_agent(
        &mut self,
        agent: &str,
        queue: Option<&str>,
        at_ms: u64,
        kind: Kind,
    ) {
        let id = event_id(at_ms, "", queue.unwrap_or_default(), Some(agent), &kind);
        let mut event = Event::new(id, at_ms, kind).agent(agent);
        event.queue = queue.map(str::to_owned);
        self.events.push(event);
    }
}

/// The same for the same happening: its time, and a hash of what it is about.
pub(crate) fn event_id(
    at_ms: u64,
    key: &str,
    queue: &str,
    agent: Option<&str>,
    kind: &Kind,
) -> String {
    let parts = [key, queue, agent.unwrap_or_default(), word(kind)];
    format!("{at_ms}-{:016x}", fingerprint_of(parts, 0))
}

fn word(kind: &Kind) -> &'static str {
    use tablica_plugin::{AgentStatus, Membership};
    match kind {
        Kind::Opened(_) => "opened",
        Kind::Queued => "queued",
        Kind::OfferedToAgent => "offered",
        Kind::RingMissed(_) => "missed",
        Kind::Answered(_) => "answered",
        Kind::Held => "held",
        Kind::Resumed => "resumed",
        Kind::Transferred(_) => "transferred",
        Kind::TalkEnded(_) => "ended",
        Kind::WrappedUp => "wrapped",
        Kind::Abandoned(_) => "abandoned",
        Kind::Left(_) => "left",
        Kind::Member(member) => match member.change {
            Membership::Joined => "joined",
            Membership::Left => "gone",
            Membership::Paused => "paused",
            Membership::Resumed => "unpaused",
        },
        Kind::AgentState(state) => match state.status {
            AgentStatus::Offline => "offline",
            AgentStatus::Talking => "talking",
            AgentStatus::Paused => "pause",
            _ => "available",
        },
        Kind::Feed(_) => "feed",
        _ => "other",
    }
}
