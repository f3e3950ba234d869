//! Bridges, holds, transfers and rings: who talks with whom.

use tablica_plugin::{Answered, Author, Kind, TalkEnded, Transfer, TransferWay};

use crate::decode::Decoder;
use crate::state::{By, Call, Stage, author};
use crate::wire::{Bridge, Channel, Event};

impl Decoder<'_> {
    pub(crate) fn hold(&mut self, channel: &str, is_held: bool) {
        let Some(id) = self.state.call_of(channel) else { return };
        let Some(call) = self.state.calls.get_mut(&id) else { return };
        if call.is_held == is_held || call.stage != Stage::Talking {
            return;
        }
        call.is_held = is_held;
        let agent = self.state.agent(channel);
        self.tell(&id, agent, if is_held { Kind::Held } else { Kind::Resumed });
    }

    /// Into a bridge: of music, which is a queue where the operator says so, or to somebody.
    pub(crate) fn bridged(&mut self, channel: &Channel, bridge: &Bridge) {
        if bridge.bridge_type == "holding" {
            if self.settings.queue_bridges
                && let Some(call) = self.state.calls.get_mut(&channel.id)
                && matches!(call.stage, Stage::Opened | Stage::Talked)
            {
                let name = Some(bridge.name.clone()).filter(|name| !name.is_empty());
                let name =
                    name.map(|name| self.settings.queues.get(&name).cloned().unwrap_or(name));
                call.queue = name.or(call.queue.take());
                self.queued(&channel.id);
            }
            return;
        }
        self.meet(
            &bridge.id,
            bridge.channels.iter().map(String::as_str).chain([channel.id.as_str()]),
        );
    }

    /// Who is in one bridge talks with each other.
    pub(crate) fn meet<'c>(
        &mut self,
        bridge: &str,
        channels: impl Iterator<Item = &'c str> + Clone,
    ) {
        let state = &*self.state;
        let agents = channels.clone().filter(|it| state.agent(it).is_some());
        let agents: Vec<String> = agents.map(str::to_owned).collect();
        let Some(first) = agents.first() else { return };
        let calls = channels.filter(|it| state.calls.contains(*it)).map(str::to_owned);
        let calls: Vec<String> = calls.collect();
        for id in calls {
            let Some(call) = self.state.calls.get_mut(&id) else { continue };
            if call.stage != Stage::Talking {
                call.stage = Stage::Talking;
                call.bridge = Some(bridge.to_owned());
                (call.is_held, call.by) = (false, None);
                call.legs.clear();
                call.join(first);
                let agent = self.state.agent(first);
                let answered = Answered { wait_ms: None, ring_ms: None };
                self.tell(&id, agent, Kind::Answered(answered));
            }
            if let Some(call) = self.state.calls.get_mut(&id)
                && call.bridge.as_deref() == Some(bridge)
            {
                agents.iter().for_each(|agent| call.join(agent));
            }
        }
    }

    pub(crate) fn unbridged(&mut self, channel: &str, bridge: &str) {
        let is_here = |call: &Call| call.bridge.as_deref() == Some(bridge);
        if let Some(call) = self.state.calls.get(channel) {
            if call.stage == Stage::Talking && is_here(call) {
                self.talk_ended(channel);
            }
        } else if let Some(id) = self.state.call_of(channel)
            && self.state.calls.get(&id).is_some_and(is_here)
        {
            self.parted(&id, channel);
        }
    }

    /// An agent's leg is out of the call. Where another one is in it, it has the call now.
    pub(crate) fn parted(&mut self, id: &str, leg: &str) {
        let Some(call) = self.state.calls.get_mut(id) else { return };
        let had_it = call.legs.first().is_some_and(|first| first == leg);
        let next = call.legs.get(1).cloned().filter(|_| had_it);
        if let (true, None) = (had_it, &next) {
            self.talk_ended(id);
            return;
        }
        call.legs.retain(|it| it != leg);
        let Some(next) = next else { return };
        (call.is_held, call.by) = (false, None);
        let (from, to) = (self.state.agent(leg), self.state.agent(&next));
        let way = TransferWay::Attended;
        let transfer = Transfer { to_queue: None, to_agent: to.clone(), way };
        self.tell(id, from.clone(), Kind::Transferred(transfer));
        self.tell_end(id, from, Author::Agent);
        self.tell(id, to, Kind::Answered(Answered { wait_ms: None, ring_ms: None }));
    }

    pub(crate) fn talk_ended(&mut self, id: &str) {
        let Some(call) = self.state.calls.get_mut(id) else { return };
        let (leg, by) = (call.legs.first().cloned(), call.by);
        call.stage = Stage::Talked;
        call.legs.clear();
        (call.bridge, call.is_held) = (None, false);
        let agent = leg.and_then(|leg| self.state.agent(&leg));
        self.tell_end(id, agent, author(by));
    }

    /// After-work is nothing that Asterisk knows.
    fn tell_end(&mut self, id: &str, agent: Option<String>, by: Author) {
        let ended = TalkEnded { talk_ms: None, hold_ms: None, by };
        self.tell(id, agent.clone(), Kind::TalkEnded(ended));
        self.tell(id, agent, Kind::WrappedUp);
    }

    pub(crate) fn transferred(&mut self, leg: &str, way: TransferWay) {
        let Some(id) = self.state.call_of(leg) else { return };
        let agent = self.state.agent(leg);
        if let Some(call) = self.state.calls.get_mut(&id) {
            call.by = Some(By::Agent);
        }
        let transfer = Transfer { to_queue: None, to_agent: None, way };
        self.tell(&id, agent, Kind::Transferred(transfer));
    }

    /// A leg rings for a caller.
    pub(crate) fn dial(&mut self, event: &Event) {
        let (Some(caller), Some(peer)) = (&event.caller, &event.peer) else { return };
        if peer.is_machine() || peer.id.is_empty() {
            return;
        }
        if !self.state.legs.contains(&peer.id) && !self.state.calls.contains(&peer.id) {
            self.called(peer);
        }
        if !self.state.calls.contains(&caller.id) {
            return;
        }
        let Some(agent) = self.state.agent(&peer.id) else { return };
        let kind = match event.dialstatus.as_str() {
            "" => Kind::OfferedToAgent,
            "NOANSWER" | "BUSY" | "CONGESTION" | "CHANUNAVAIL" => Kind::RingMissed(None),
            // ANSWER is told by the bridge. CANCEL: the caller hung up, or somebody else was faster.
            _ => return,
        };
        self.tell(&caller.id, Some(agent), kind);
    }
}
