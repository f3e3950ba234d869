//! Events into what they mean.
//!
//! A channel that enters a Stasis application is a caller, unless it is an agent's leg: by its arguments, by its
//! endpoint, or because Asterisk called it. A caller and an agent in one bridge talk. Tablica
//! listens beside the application, so entering is seen in `ChannelDialplan`, too; `StasisStart` goes
//! to the application alone.

use tablica_plugin::{
    Abandoned, Direction, Event as Told, Kind, LeftReason, Medium, Moment, Opened, TransferWay,
    identity,
};

use crate::settings::Settings;
use crate::state::{By, Call, Stage, State};
use crate::wire::{Channel, Event, moment};

/// A caller who left the application and is not hung up after so long goes on elsewhere.
pub(crate) const GOES_ON_MS: u64 = 3_000;

/// One event's decoder.
pub(crate) struct Decoder<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Told>,
    /// When, and of which id, what is told next.
    pub(crate) at: Moment,
    pub(crate) id: String,
    told: usize,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(
        settings: &'a Settings,
        state: &'a mut State,
        events: &'a mut Vec<Told>,
        at: Moment,
        id: String,
    ) -> Self {
        Self { settings, state, events, at, id, told: 0 }
    }

    /// Reads one event about a channel.
    pub(crate) fn event(&mut self, event: &Event) {
        if let Moment::Utc(at_ms) = self.at {
            self.state.event_ms = self.state.event_ms.max(at_ms);
        }
        if event.kind == "Dial" {
            self.dial(event);
            return;
        }
        let channel = event.channel.as_ref().or(event.transferer_first_leg.as_ref());
        let Some(channel) = channel.filter(|it| !it.id.is_empty() && !it.is_machine()) else {
            return;
        };
        match event.kind.as_str() {
            "ChannelCreated" if channel.state == "Down" => self.called(channel),
            "ChannelDialplan" if event.dialplan_app == "Stasis" => {
                let (app, args) = parts(&event.dialplan_app_data);
                self.enters(channel, app, &args);
            }
            "ChannelDialplan" => self.leaves(channel),
            "StasisStart" => self.enters(channel, &event.application, &event.args),
            "StasisEnd" => self.leaves(channel),
            "ChannelHangupRequest" => self.hangs_up(channel),
            "ChannelDestroyed" => self.gone(&channel.id),
            "ChannelHold" => self.hold(&channel.id, true),
            "ChannelUnhold" => self.hold(&channel.id, false),
            "ChannelEnteredBridge" => {
                if let Some(bridge) = &event.bridge {
                    self.bridged(channel, bridge);
                }
            }
            "ChannelLeftBridge" => {
                if let Some(bridge) = &event.bridge {
                    self.unbridged(&channel.id, &bridge.id);
                }
            }
            "BridgeBlindTransfer" if event.result == "Success" => {
                self.transferred(&channel.id, TransferWay::Blind);
            }
            "BridgeAttendedTransfer" if event.result == "Success" => {
                self.transferred(&channel.id, TransferWay::Attended);
            }
            _ => {}
        }
    }

    pub(crate) fn tell(&mut self, call: &str, agent: Option<String>, kind: Kind) {
        let event = self.told(call, agent, kind);
        self.events.push(event);
    }

    fn told(&mut self, call: &str, agent: Option<String>, kind: Kind) -> Told {
        let id = match self.told {
            0 => self.id.clone(),
            told => format!("{}#{told}", self.id),
        };
        self.told = self.told.saturating_add(1);
        let mut event = Told::new(id, self.at.clone(), kind).on(call);
        event.queue = self.state.calls.get(call).and_then(|call| call.queue.clone());
        event.agent = agent;
        event
    }

    /// Asterisk calls somebody: an agent, where the operator does not say who is one.
    pub(crate) fn called(&mut self, channel: &Channel) {
        let agent = self.settings.agent(channel);
        let is_any = !self.settings.names_agents();
        let agent = agent.or_else(|| is_any.then(|| channel.endpoint().to_owned()));
        self.state.put_leg(&channel.id, agent);
    }

    /// Into an application.
    pub(crate) fn enters(&mut self, channel: &Channel, app: &str, args: &[String]) {
        let by_args = args.iter().any(|arg| self.settings.agent_args.contains(arg));
        let agent = self.settings.agent(channel);
        if agent.is_some() || by_args {
            let agent = agent.or_else(|| Some(channel.endpoint().to_owned()));
            self.state.put_leg(&channel.id, agent);
        }
        if self.state.legs.contains(&channel.id) || !self.settings.counts(app) {
            return;
        }
        if let Some(call) = self.state.calls.get_mut(&channel.id) {
            // It went round through the dialplan.
            call.left_ms = None;
            return;
        }
        let queue = self.settings.queue(app, args, &channel.dialplan.exten);
        self.state.put_call(&channel.id, Call { queue, ..Call::default() });
        let opened = Opened {
            medium: Medium::Call,
            direction: Direction::Inbound,
            public: false,
            priority: None,
        };
        let country = self.settings.country_code.as_deref();
        let customer = identity::phone(&channel.caller.number, country);
        let mut event = self.told(&channel.id, None, Kind::Opened(opened));
        event.customer.extend(customer);
        self.events.push(event);
        if !self.settings.queue_bridges {
            self.queued(&channel.id);
        }
    }

    pub(crate) fn queued(&mut self, call: &str) {
        if let Some(known) = self.state.calls.get_mut(call) {
            known.stage = Stage::Waiting;
            self.tell(call, None, Kind::Queued);
        }
    }

    /// Out of an application. It may be hung up, which is told afterwards, or go on in the dialplan.
    fn leaves(&mut self, channel: &Channel) {
        let at = self.at.clone();
        let Some(call) = self.state.calls.get_mut(&channel.id) else { return };
        match (call.by, at) {
            (None, Moment::Utc(at_ms)) => call.left_ms = call.left_ms.or(Some(at_ms)),
            _ => self.gone(&channel.id),
        }
    }

    fn hangs_up(&mut self, channel: &Channel) {
        if let Some(call) = self.state.calls.get_mut(&channel.id) {
            call.by = call.by.or(Some(By::Caller));
        } else if let Some(call) = self.state.call_of(&channel.id)
            && let Some(call) = self.state.calls.get_mut(&call)
            && call.legs.first() == Some(&channel.id)
        {
            call.by = call.by.or(Some(By::Agent));
        }
    }

    /// A channel is no more.
    pub(crate) fn gone(&mut self, channel: &str) {
        if let Some(call) = self.state.call_of(channel) {
            self.parted(&call, channel);
        }
        self.state.legs.remove(channel);
        let Some(call) = self.state.calls.get(channel).cloned() else { return };
        if let Some(at_ms) = call.left_ms {
            self.at = at_ms.into();
        }
        match call.stage {
            Stage::Waiting => {
                self.tell(channel, None, Kind::Abandoned(Abandoned { wait_ms: None }));
            }
            Stage::Opened => {
                self.tell(channel, None, Kind::Left(LeftReason::Unknown));
            }
            Stage::Talking => self.talk_ended(channel),
            Stage::Talked => {}
        }
        self.state.calls.remove(channel);
    }

    /// The caller left the application a while ago, and was not hung up.
    pub(crate) fn went_on(&mut self, channel: &str) {
        let Some(call) = self.state.calls.get(channel).cloned() else { return };
        match call.stage {
            Stage::Waiting | Stage::Opened => {
                self.tell(channel, None, Kind::Left(LeftReason::Overflow));
            }
            Stage::Talking => self.talk_ended(channel),
            Stage::Talked => {}
        }
        self.state.calls.remove(channel);
    }

    /// A channel that is there when Tablica begins to listen.
    pub(crate) fn listed(&mut self, channel: &Channel) {
        if self.state.legs.contains(&channel.id) || self.state.calls.contains(&channel.id) {
            return;
        }
        match channel.dialplan.app_name.as_str() {
            // Legs that Dial or the application called.
            "AppDial" | "AppDial2" => self.called(channel),
            "Stasis" => {
                let (app, args) = parts(&channel.dialplan.app_data);
                self.at = moment(&channel.creationtime);
                self.enters(channel, app, &args);
            }
            _ if self.settings.agent(channel).is_some() => self.called(channel),
            _ => {}
        }
    }

    /// A call is not there any more, and its end was not seen.
    pub(crate) fn lost(&mut self, channel: &str) {
        let Some(call) = self.state.calls.get(channel) else { return };
        match call.stage {
            Stage::Waiting | Stage::Opened => {
                self.tell(channel, None, Kind::Left(LeftReason::Lost));
            }
            Stage::Talking => self.talk_ended(channel),
            Stage::Talked => {}
        }
        self.state.calls.remove(channel);
    }
}

/// `app,first,second`
fn parts(data: &str) -> (&str, Vec<String>) {
    let mut parts = data.split(',');
    let app = parts.next().unwrap_or_default();
    (app, parts.map(str::to_owned).collect())
}
