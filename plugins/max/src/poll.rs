//! `GET /updates`, asked again and again.
//!
//! One request is under way at a time. Beside it a watchdog timer runs, so that a lost answer, a
//! failure or a restart of the host cannot end the polling. Asking from a marker confirms all
//! updates before it: the host journals an output's events before it carries out its commands.

use serde_json::value::RawValue;
use tablica_plugin::poll::{REST_MS_MIN, Rounds, retry_after};
use tablica_plugin::{
    Command, Event, Failure, Kind, Output, Pair, Request, Response, bad_input, config_error,
    fingerprint, pieces, secret,
};

use crate::decode;
use crate::settings::Settings;
use crate::state::State;
use crate::update::{Answer, Known};

/// The kinds that count; the others don't even travel.
const TYPES: &str = "message_created,message_edited,message_removed,message_callback,\
                     comment_created,comment_edited,comment_removed,bot_stopped";
/// Updates in one answer at most.
const LIMIT: u32 = 100;
/// MAX moved from the second to the first; either may be granted.
const HOSTS: [&str; 2] = ["platform-api2.max.ru", "platform-api.max.ru"];

/// What is under way.
pub(crate) struct Poll {
    host: &'static str,
    rounds: Rounds,
    asked_ms: u64,
}

impl Poll {
    pub(crate) fn new(granted: &[String]) -> Self {
        let is_granted = |host: &&str| granted.iter().any(|granted| granted == host);
        let host = HOSTS.into_iter().find(is_granted).unwrap_or(HOSTS[0]);
        Self { host, rounds: Rounds::new("updates"), asked_ms: 0 }
    }

    /// The first request.
    pub(crate) fn start(&mut self, settings: &Settings, state: &State, now_ms: u64) -> Output {
        self.rounds.begin(now_ms);
        self.ask(Vec::new(), settings, state, now_ms)
    }

    pub(crate) fn timer(
        &mut self,
        tag: &str,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        match self.rounds.is_timer(tag) {
            true => self.ask(Vec::new(), settings, state, now_ms),
            false => Output::default(),
        }
    }

    pub(crate) fn answer(
        &mut self,
        answer: &Response,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let is_current = self.rounds.is_current(&answer.tag);
        let (updates, marker) = match serde_json::from_slice(&answer.body) {
            Ok(Answer { updates: Some(updates), marker }) => (updates, marker),
            _ if !is_current => return Ok(Output::default()),
            Err(error) if answer.status == 200 => {
                return Err(bad_input(format!("updates: {error}")));
            }
            _ => return self.refused(answer, now_ms),
        };
        let events = decode_all(&updates, settings, state);
        if !is_current {
            // Its marker may be older than what we have.
            return Ok(events.into());
        }
        self.rounds.went_well();
        let is_new = marker.is_some() && marker != state.marker;
        state.marker = marker.or(state.marker);
        // Nothing new, and sooner than a long poll ends: don't spin.
        if !is_new && now_ms < self.asked_ms.saturating_add(1_000) {
            return Ok(Output { events, ..self.rounds.later(REST_MS_MIN) });
        }
        Ok(self.ask(events, settings, state, now_ms))
    }

    /// MAX answered, but not with updates. The watchdog asks again after a failure.
    fn refused(&mut self, answer: &Response, now_ms: u64) -> Result<Output, Failure> {
        match answer.status {
            401 | 403 => Err(config_error(
                "MAX does not know the bot: check the secret bot_token, from the bot's settings",
            )),
            405 => Err(config_error(
                "MAX refuses to be polled: a webhook is set for this bot. Delete the subscription, \
                 or set source = \"webhook\"",
            )),
            _ => match retry_after(answer, now_ms) {
                Some(delay_ms) => Ok(self.rounds.later(delay_ms.max(REST_MS_MIN))),
                None => Ok(self.rounds.back_off()),
            },
        }
    }

    fn ask(
        &mut self,
        events: Vec<Event>,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        let (host, timeout) = (self.host, settings.poll_timeout_s);
        let (tag, watchdog) = self.rounds.next(timeout.saturating_mul(1_000));
        self.asked_ms = now_ms;
        let marker = state.marker.map_or(String::new(), |marker| format!("&marker={marker}"));
        let query = format!("limit={LIMIT}&timeout={timeout}&types={TYPES}{marker}");
        let request = Request::get(pieces![format!("https://{host}/updates?{query}")], &tag)
            .header("authorization", pieces![secret("bot_token")]);
        let commands = vec![Command::Fetch(request), watchdog];
        Output { events, commands, reply: None }
    }
}

fn decode_all(updates: &[&RawValue], settings: &Settings, state: &mut State) -> Vec<Event> {
    let mut events = Vec::with_capacity(updates.len());
    for update in updates {
        let body = update.get().as_bytes();
        match decode::update(body, settings, state) {
            Ok(event) => events.extend(event),
            Err(_) => {
                let id = serde_json::from_slice(body).map_or_else(
                    |_| format!("{:016x}", fingerprint(body)),
                    |it: Known| it.message.body.mid,
                );
                let what = Pair { name: "undecodable_update".into(), value: String::new() };
                events.push(Event::new(format!("broken:{id}"), 0, Kind::Other(what)));
            }
        }
    }
    events
}
