//! Status callbacks of calls.
//!
//! A call that comes in is answered by a machine first, so `in-progress` of it is no answer. The legs that
//! `<Dial>` makes of it ring at agents; they name it in `ParentCallSid`. `CallDuration` is seconds,
//! `Duration` is minutes and not used.

use tablica_plugin::{
    Answered, Author, Direction, Event, Failure, Kind, LeftReason, Medium, Moment, Opened,
    TalkEnded, bad_input,
};

use crate::address;
use crate::fields::Fields;
use crate::settings::Settings;
use crate::state::{Contact, Stage, State};

/// A call's status callback.
pub(crate) struct Voice<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Event>,
}

/// Why a leg did not come to talk.
const NOT_TAKEN: [&str; 3] = ["busy", "no-answer", "failed"];

impl Voice<'_> {
    pub(crate) fn decode(&mut self) -> Result<(), Failure> {
        let Some(sid) = self.fields.get("CallSid") else {
            return Err(bad_input("/CallSid is missing"));
        };
        let status = self.fields.get("CallStatus").unwrap_or_default();
        match self.fields.get("ParentCallSid") {
            Some(call) => self.leg(call, sid, status),
            None => self.call(sid, status),
        }
        Ok(())
    }

    /// The call itself.
    fn call(&mut self, sid: &str, status: &str) {
        let fields = self.fields;
        let (from, to) =
            (fields.get("From").unwrap_or_default(), fields.get("To").unwrap_or_default());
        let is_api = fields.get("Direction").is_some_and(|way| way.starts_with("outbound"));
        // A leg that an application makes to an agent, as TaskRouter does.
        if is_api && address::is_ours(to) {
            return;
        }
        let is_outbound = is_api || address::is_ours(from);
        let (ours, theirs) = if is_outbound { (from, to) } else { (to, from) };
        let talk_ms = fields.seconds_ms("CallDuration");
        // Of most numbers only the end is told: the call began so much earlier.
        let began = match (status, fields.at(), talk_ms) {
            ("completed", Moment::Utc(at_ms), Some(talk_ms)) => {
                at_ms.saturating_sub(talk_ms).into()
            }
            (_, at, _) => at,
        };
        let contact = self.state.contact(sid);
        if !contact.is_opened {
            contact.is_opened = true;
            contact.is_outbound = is_outbound;
            if address::is_ours(from) {
                contact.agent = self.settings.agent(from);
            }
            let direction = if is_outbound { Direction::Outbound } else { Direction::Inbound };
            let mut opened = opened(sid, began, Medium::Call, direction);
            opened.queue = self.settings.queue([Some(ours)]);
            opened.agent = contact.agent.clone().filter(|_| is_outbound);
            let country = self.settings.country_code.as_deref();
            opened.customer.extend(address::customer(theirs, country));
            self.events.push(opened);
        }
        let is_over = matches!(status, "completed" | "canceled") || NOT_TAKEN.contains(&status);
        if !is_over || contact.is_task || contact.stage != Stage::Waiting {
            return;
        }
        contact.stage = Stage::Over;
        let talked = is_api && status == "completed" && talk_ms.is_some_and(|ms| ms > 0);
        if talked {
            let agent = contact.agent.clone();
            self.talk_ended(sid, sid, agent, talk_ms);
            return;
        }
        let gave_up =
            matches!(status, "no-answer" | "canceled") || (status == "completed" && contact.rang);
        let kind = match gave_up && !is_outbound {
            true => Kind::Abandoned(tablica_plugin::Abandoned { wait_ms: None }),
            // A machine served it, or nobody was reached.
            false => Kind::Left(LeftReason::Unknown),
        };
        self.tell(sid, format!("{sid}:{status}"), None, kind);
    }

    /// A leg of it: of an agent, or of the customer whom an agent calls.
    fn leg(&mut self, call: &str, sid: &str, status: &str) {
        let to = self.fields.get("To").unwrap_or_default();
        let contact = self.state.contact(call);
        let is_customer = contact.is_outbound && !address::is_ours(to);
        let agent = match is_customer {
            true => contact.agent.clone(),
            false => self.settings.agent(to),
        };
        let id = format!("{sid}:{status}");
        match status {
            "ringing" if !is_customer => {
                contact.rang = true;
                self.tell(call, id, agent, Kind::OfferedToAgent);
            }
            "in-progress" | "answered" => {
                self.take(call, sid, &agent);
                let answered = Answered { wait_ms: None, ring_ms: None };
                self.tell(call, format!("{sid}:in-progress"), agent, Kind::Answered(answered));
            }
            "completed" => {
                let talk_ms = self.fields.seconds_ms("CallDuration");
                let contact = self.state.contact(call);
                if contact.by.as_deref() == Some(sid) || contact.stage != Stage::Talking {
                    contact.stage = Stage::Over;
                }
                self.talk_ended(call, sid, agent, talk_ms);
            }
            status if NOT_TAKEN.contains(&status) && !is_customer => {
                contact.rang = true;
                self.tell(call, id, agent, Kind::RingMissed(None));
            }
            // `canceled`: the caller hung up, or somebody else was faster.
            _ => {}
        }
    }

    fn take(&mut self, call: &str, sid: &str, agent: &Option<String>) {
        let contact: &mut Contact = self.state.contact(call);
        contact.stage = Stage::Talking;
        contact.agent.clone_from(agent);
        contact.by = Some(sid.to_owned());
    }

    fn talk_ended(&mut self, call: &str, sid: &str, agent: Option<String>, talk_ms: Option<u64>) {
        let ended = TalkEnded { talk_ms, hold_ms: None, by: Author::System };
        self.tell(call, format!("{sid}:completed"), agent.clone(), Kind::TalkEnded(ended));
        self.tell(call, format!("{sid}:wrapped-up"), agent, Kind::WrappedUp);
    }

    fn tell(&mut self, call: &str, id: String, agent: Option<String>, kind: Kind) {
        let mut event = Event::new(id, self.fields.at(), kind).on(call);
        event.agent = agent;
        event.order = self.order();
        self.events.push(event);
    }

    /// Callbacks overtake each other; they are numbered.
    fn order(&self) -> Option<u64> {
        self.fields.get("SequenceNumber")?.parse().ok()
    }
}

/// The begin of a contact: the same event, whoever tells of it.
pub(crate) fn opened(interaction: &str, at: Moment, medium: Medium, direction: Direction) -> Event {
    let opened = Opened { medium, direction, public: false, priority: None };
    Event::new(format!("{interaction}:opened"), at, Kind::Opened(opened)).on(interaction)
}
