//! Events of FreeSWITCH into what they mean.
//!
//! What counts is `callcenter::info` of mod_callcenter, and holds of agents' legs. Everything else is accepted
//! and gives nothing. Times are microseconds in `Event-Date-Timestamp` and seconds in `CC-…-Time`.

use tablica_plugin::{
    Author, Event, Gauge, Kind, LeftReason, Moment, Pair, TransferWay, fingerprint_of, identity,
};

use crate::calls::Stage;
use crate::esl::Headers;
use crate::settings::Settings;
use crate::state::{Entry, Over, State, Taken, abandoned};

/// Reasons for which a phone stopped ringing that are not its agent's: somebody else took the call, or the
/// caller hung up.
const NOT_MISSED: [&str; 2] = ["ORIGINATOR_CANCEL", "LOSE_RACE"];

/// One event's decoder.
pub(crate) struct Decoder<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Event>,
}

impl Decoder<'_> {
    /// Reads one event; the call that it was about.
    pub(crate) fn event(&mut self, headers: &Headers) -> Option<String> {
        let at_ms = at_ms(headers).unwrap_or_default();
        self.state.event_ms = self.state.event_ms.max(at_ms);
        match text(headers, "Event-Name")? {
            "CUSTOM" if text(headers, "Event-Subclass") == Some("callcenter::info") => {
                self.call_center(headers)
            }
            "CHANNEL_HOLD" => self.hold(headers, true),
            "CHANNEL_UNHOLD" => self.hold(headers, false),
            _ => None,
        }
    }

    fn call_center(&mut self, headers: &Headers) -> Option<String> {
        let action = text(headers, "CC-Action")?;
        let agent = text(headers, "CC-Agent").map(str::to_owned);
        match action {
            "agent-status-change" | "agent-state-change" => {
                self.agent(headers, agent.as_deref()?);
                return None;
            }
            "members-count" => {
                self.count(headers);
                return None;
            }
            _ => {}
        }
        let entry = self.entry(headers)?;
        let now = at_ms(headers);
        let joined = ms(headers, "CC-Member-Joined-Time");
        match action {
            "member-queue-start" | "member-queue-resume" => {
                self.state.waits(&entry, now, self.events);
            }
            // May come before the caller's own event.
            "agent-offering" => {
                self.state.waits(&entry, joined.or(now), self.events);
                if self.state.calls.is(&entry.session, &entry.member, Stage::Waiting) {
                    self.tell(headers, &entry, agent, Kind::OfferedToAgent);
                }
            }
            "bridge-agent-fail" => self.failed(headers, &entry, agent),
            "bridge-agent-start" => {
                self.state.waits(&entry, joined.or(now), self.events);
                self.state.taken(&entry, &taken(headers, now), self.events);
            }
            "bridge-agent-end" => self.talked(headers, &entry),
            "member-queue-end" => match text(headers, "CC-Cause") {
                // After the end of the talk, which says more.
                Some("Terminated") => self.talked(headers, &entry),
                _ => self.left(headers, &entry),
            },
            _ => {}
        }
        Some(entry.session)
    }

    fn agent(&mut self, headers: &Headers, agent: &str) {
        let agents = &mut self.state.agents;
        let said = match (text(headers, "CC-Agent-Status"), text(headers, "CC-Agent-State")) {
            (Some(status), _) => agents.status(agent, status),
            (None, Some(state)) => agents.state(agent, state),
            (None, None) => None,
        };
        if let Some(said) = said {
            let event = Event::new(id(headers), moment(headers), Kind::AgentState(said));
            self.events.push(event.agent(agent));
        }
    }

    fn count(&mut self, headers: &Headers) {
        let value = text(headers, "CC-Count").and_then(|count| count.parse::<u32>().ok());
        let Some(value) = value.map(f64::from) else { return };
        let gauge = Kind::Gauge(Gauge { name: "waiting".into(), value });
        let mut event = Event::new(id(headers), moment(headers), gauge);
        event.queue = text(headers, "CC-Queue").map(str::to_owned);
        self.events.push(event);
    }

    /// Which place in which queue it is about. An abandoned place has no call any more.
    fn entry(&self, headers: &Headers) -> Option<Entry> {
        let number = text(headers, "CC-Member-CID-Number");
        let country = self.settings.country_code.as_deref();
        Some(Entry {
            session: text(headers, "CC-Member-Session-UUID")?.to_owned(),
            member: text(headers, "CC-Member-UUID")?.to_owned(),
            queue: text(headers, "CC-Queue").unwrap_or_default().to_owned(),
            customer: number.and_then(|number| identity::phone(number, country)),
        })
    }

    fn tell(&mut self, headers: &Headers, entry: &Entry, agent: Option<String>, kind: Kind) {
        let mut event = entry.event(id(headers), at_ms(headers), kind);
        event.agent = agent;
        self.events.push(event);
    }

    /// An agent did not take it.
    fn failed(&mut self, headers: &Headers, entry: &Entry, agent: Option<String>) {
        let cause = text(headers, "CC-Hangup-Cause").unwrap_or_default();
        let call = self.state.calls.get(&entry.session);
        let is_over =
            call.is_some_and(|call| call.member == entry.member && call.stage == Stage::Out);
        if is_over || NOT_MISSED.contains(&cause) {
            return;
        }
        let joined = ms(headers, "CC-Member-Joined-Time").or(at_ms(headers));
        self.state.waits(entry, joined, self.events);
        let ring_ms = between(headers, "CC-Agent-Called-Time", "CC-Agent-Aborted-Time");
        self.tell(headers, entry, agent, Kind::RingMissed(ring_ms));
    }

    /// The talk is over, and with it, if they were not seen, the wait and the answer.
    fn talked(&mut self, headers: &Headers, entry: &Entry) {
        let now = at_ms(headers);
        let answered = ms(headers, "CC-Agent-Answered-Time");
        let joined = ms(headers, "CC-Member-Joined-Time");
        self.state.waits(entry, joined.or(answered).or(now), self.events);
        self.state.taken(entry, &taken(headers, answered.or(now)), self.events);
        let talk_ms = between(headers, "CC-Agent-Answered-Time", "CC-Bridge-Terminated-Time")
            .or_else(|| between(headers, "CC-Agent-Answered-Time", "CC-Member-Leaving-Time"));
        // Only the first of its two ends is of the agent's leg.
        let of_leg = |name| {
            text(headers, name).filter(|_| text(headers, "CC-Action") == Some("bridge-agent-end"))
        };
        let handed_on = match of_leg("variable_endpoint_disposition") {
            Some("BLIND_TRANSFER") => Some(TransferWay::Blind),
            Some("ATTENDED_TRANSFER") => Some(TransferWay::Attended),
            _ => None,
        };
        // Their phone said good-bye, or it was told to.
        let by = match of_leg("variable_sip_hangup_disposition") {
            _ if handed_on.is_some() => Author::Agent,
            Some("recv_bye") => Author::Agent,
            Some("send_bye") => Author::Customer,
            _ => Author::System,
        };
        let over = Over { at: now, talk_ms, by, handed_on };
        self.state.talked(entry, over, self.events);
    }

    /// Out of the queue without an agent. The documentation says `CC-Cause-Reason`, the code and its events
    /// `CC-Cancel-Reason`.
    fn left(&mut self, headers: &Headers, entry: &Entry) {
        let now = at_ms(headers);
        let joined = ms(headers, "CC-Member-Joined-Time");
        self.state.waits(entry, joined.or(now), self.events);
        let reason = text(headers, "CC-Cancel-Reason").or(text(headers, "CC-Cause-Reason"));
        // FreeSWITCH says BREAK_OUT of whoever hangs up, too.
        let is_gone =
            !matches!(text(headers, "Answer-State"), Some("answered" | "early" | "ringing"));
        let exit_key = text(headers, "variable_cc_exit_key");
        let kind = match reason {
            Some("TIMEOUT") => Kind::Left(LeftReason::Timeout),
            Some("NO_AGENT_TIMEOUT") => Kind::Left(LeftReason::QueueEmpty),
            Some("EXIT_WITH_KEY") => Kind::Left(LeftReason::ExitKey),
            Some("BREAK_OUT") if !is_gone && exit_key.is_some() => Kind::Left(LeftReason::ExitKey),
            Some("BREAK_OUT") if !is_gone => Kind::Left(LeftReason::Overflow),
            Some("NONE" | "BREAK_OUT") => {
                abandoned(between(headers, "CC-Member-Joined-Time", "CC-Member-Leaving-Time"))
            }
            _ => Kind::Left(LeftReason::Unknown),
        };
        self.state.left(entry, now, kind, self.events);
    }

    fn hold(&mut self, headers: &Headers, is_held: bool) -> Option<String> {
        let session = self.state.calls.of_leg(text(headers, "Unique-ID")?)?;
        let call = self.state.calls.get_mut(&session)?;
        if call.is_held == is_held {
            return Some(session);
        }
        call.is_held = is_held;
        let kind = if is_held { Kind::Held } else { Kind::Resumed };
        let mut event = Event::new(id(headers), moment(headers), kind).on(session.as_str());
        event.queue = Some(call.queue.clone()).filter(|queue| !queue.is_empty());
        event.agent.clone_from(&call.agent);
        self.events.push(event);
        Some(session)
    }
}

fn taken(headers: &Headers, at: Option<u64>) -> Taken {
    Taken {
        at,
        agent: text(headers, "CC-Agent").map(str::to_owned),
        leg: text(headers, "CC-Agent-UUID").map(str::to_owned),
        wait_ms: between(headers, "CC-Member-Joined-Time", "CC-Agent-Answered-Time"),
        ring_ms: between(headers, "CC-Agent-Called-Time", "CC-Agent-Answered-Time"),
    }
}

/// What could not be read, counted by name.
pub(crate) fn undecodable(bytes: &[u8]) -> Event {
    let other = Pair { name: "undecodable_event".into(), value: String::new() };
    Event::new(format!("undecodable:{:016x}", fingerprint_of([bytes], 0xff)), 0, Kind::Other(other))
}

/// A header that says something.
pub(crate) fn text<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// FreeSWITCH numbers its events, anew at each start. Without a number it is what it says.
fn id(headers: &Headers) -> String {
    match (text(headers, "Core-UUID"), text(headers, "Event-Sequence")) {
        (Some(core), Some(sequence)) => format!("{core}:{sequence}"),
        _ => {
            let parts = headers.iter().flat_map(|(name, value)| [name, value]);
            format!("event:{:016x}", fingerprint_of(parts, 0xff))
        }
    }
}

/// Microseconds.
fn at_ms(headers: &Headers) -> Option<u64> {
    let micros: u64 = text(headers, "Event-Date-Timestamp")?.parse().ok()?;
    (micros > 0).then_some(micros / 1000)
}

fn moment(headers: &Headers) -> Moment {
    at_ms(headers).map_or(Moment::None, Moment::from)
}

/// Seconds; 0 is none.
fn ms(headers: &Headers, name: &str) -> Option<u64> {
    let seconds: u64 = text(headers, name)?.parse().ok()?;
    (seconds > 0).then(|| seconds.saturating_mul(1000))
}

fn between(headers: &Headers, from: &str, to: &str) -> Option<u64> {
    ms(headers, to)?.checked_sub(ms(headers, from)?)
}
