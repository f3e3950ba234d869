//! `GET /updates`, asked again and again.
//!
//! One request is under way at a time. Beside it a watchdog timer runs, so that a lost answer, a
//! failure or a restart of the host cannot end the polling. Asking from a marker confirms all
//! updates before it: the host journals an output's events before it carries out its commands.

use serde_json::value::RawValue;
use tablica_plugin::{
    Command, Event, Failure, Kind, Output, Pair, Request, Response, bad_input, config_error,
    fingerprint, pieces, poll, secret,
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
const TIMER: &str = "updates";
/// MAX moved from the second to the first; either may be granted.
const HOSTS: [&str; 2] = ["platform-api2.max.ru", "platform-api.max.ru"];
/// How much longer than MAX's own wait an answer may take.
const WATCHDOG_MS: u32 = 30_000;
const BACK_OFF_MS_MIN: u32 = 1_000;
const BACK_OFF_MS_MAX: u32 = 60_000;

/// What is under way.
pub(crate) struct Poll {
    host: &'static str,
    /// Tells the answer we wait for from one that comes too late.
    round: u64,
    asked_ms: u64,
    failures: u32,
}

impl Poll {
    pub(crate) fn new(granted: &[String]) -> Self {
        let is_granted = |host: &&str| granted.iter().any(|granted| granted == host);
        let host = HOSTS.into_iter().find(is_granted).unwrap_or(HOSTS[0]);
        Self { host, round: 0, asked_ms: 0, failures: 0 }
    }

    /// The first request. Rounds begin at the time, to differ from those of an earlier run.
    pub(crate) fn start(&mut self, settings: &Settings, state: &State, now_ms: u64) -> Output {
        self.round = now_ms;
        self.ask(Vec::new(), settings, state, now_ms)
    }

    pub(crate) fn timer(
        &mut self,
        tag: &str,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        match tag {
            TIMER => self.ask(Vec::new(), settings, state, now_ms),
            _ => Output::default(),
        }
    }

    pub(crate) fn answer(
        &mut self,
        answer: &Response,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let is_current = answer.tag == self.tag();
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
        self.failures = 0;
        let is_new = marker.is_some() && marker != state.marker;
        state.marker = marker.or(state.marker);
        // Nothing new, and sooner than a long poll ends: don't spin.
        if !is_new && now_ms < self.asked_ms.saturating_add(1_000) {
            return Ok(Output { events, ..later(BACK_OFF_MS_MIN) });
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
            _ => match poll::retry_after(answer, now_ms) {
                Some(delay_ms) => Ok(later(delay_ms.max(BACK_OFF_MS_MIN))),
                None => Ok(self.back_off()),
            },
        }
    }

    fn back_off(&mut self) -> Output {
        let delay_ms = BACK_OFF_MS_MIN << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        later(delay_ms.min(BACK_OFF_MS_MAX))
    }

    fn ask(
        &mut self,
        events: Vec<Event>,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        self.round = self.round.wrapping_add(1);
        self.asked_ms = now_ms;
        let (host, timeout) = (self.host, settings.poll_timeout_s);
        let marker = state.marker.map_or(String::new(), |marker| format!("&marker={marker}"));
        let query = format!("limit={LIMIT}&timeout={timeout}&types={TYPES}{marker}");
        let request = Request::get(pieces![format!("https://{host}/updates?{query}")], &self.tag())
            .header("authorization", pieces![secret("bot_token")]);
        let watchdog_ms = timeout.saturating_mul(1_000).saturating_add(WATCHDOG_MS);
        let commands = vec![Command::Fetch(request), Command::timer(TIMER, watchdog_ms)];
        Output { events, commands, reply: None }
    }

    fn tag(&self) -> String {
        format!("{TIMER}:{}", self.round)
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

fn later(delay_ms: u32) -> Output {
    Output { commands: vec![Command::timer(TIMER, delay_ms)], ..Output::default() }
}
