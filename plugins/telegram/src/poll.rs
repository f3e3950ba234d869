//! `getUpdates`, asked again and again.
//!
//! One request is under way at a time. Beside it a watchdog timer runs, so that a lost answer, a
//! failure or a restart of the host cannot end the polling. Asking for an offset confirms all
//! updates below it: the host journals an output's events before it carries out its commands.
//!
//! Ids grow by one until there was nothing for a week: then they begin anew anywhere, even far
//! below. Telegram gives such updates out whatever offset is asked for, and again and again until
//! the offset is theirs. So the offset follows the last answer, not the highest id.

use tablica_plugin::{
    Command, Event, Failure, Kind, Output, Pair, Piece, Request, Response, bad_input, config_error,
    pieces, secret,
};

use crate::decode;
use crate::settings::Settings;
use crate::state::State;
use crate::update::{Answer, UpdateId};

/// The kinds that count; the others don't even travel.
const ALLOWED_UPDATES: &str = r#"["message","edited_message","business_message","edited_business_message","business_connection","callback_query","my_chat_member"]"#;
const TIMER: &str = "getUpdates";
/// How much longer than Telegram's own wait an answer may take.
const WATCHDOG_MS: u32 = 30_000;
const BACK_OFF_MS_MIN: u32 = 1_000;
const BACK_OFF_MS_MAX: u32 = 60_000;

/// What is under way.
pub(crate) struct Poll {
    timeout_s: u32,
    /// Tells the answer we wait for from one that comes too late.
    round: u64,
    asked_ms: u64,
    failures: u32,
}

impl Poll {
    pub(crate) fn new(timeout_s: u32) -> Self {
        Self { timeout_s, round: 0, asked_ms: 0, failures: 0 }
    }

    /// The first request. Rounds begin at the time, to differ from those of an earlier run.
    pub(crate) fn start(&mut self, state: &State, now_ms: u64) -> Output {
        self.round = now_ms;
        self.ask(Vec::new(), state, now_ms)
    }

    pub(crate) fn timer(&mut self, tag: &str, state: &State, now_ms: u64) -> Output {
        match tag {
            TIMER => self.ask(Vec::new(), state, now_ms),
            _ => Output::default(),
        }
    }

    /// Takes an answer and asks again, at once or later.
    pub(crate) fn answer(
        &mut self,
        answer: &Response,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let current = answer.tag == self.tag();
        let parsed: Result<Answer<'_>, _> = serde_json::from_slice(&answer.body);
        match parsed {
            Ok(Answer { ok: true, result: Some(updates), .. }) => {
                let (events, last) = self.updates(&updates, settings, state);
                let next = last.map(|id| id.saturating_add(1));
                if !current {
                    // Its answer may be older than what we have.
                    state.offset = state.offset.max(next);
                    return Ok(events.into());
                }
                self.failures = 0;
                let before = state.offset;
                state.offset = next.or(before);
                // Nothing new, and sooner than a long poll ends: don't spin.
                let is_soon = now_ms < self.asked_ms.saturating_add(1_000);
                if state.offset == before && is_soon {
                    return Ok(Output { events, ..later(BACK_OFF_MS_MIN) });
                }
                Ok(self.ask(events, state, now_ms))
            }
            _ if !current => Ok(Output::default()),
            Ok(refused) => self.refused(&refused),
            Err(error) if answer.status == 200 => Err(bad_input(format!("getUpdates: {error}"))),
            Err(_) => Ok(self.back_off()),
        }
    }

    /// Their events, and the id of the last one.
    fn updates(
        &self,
        updates: &[&serde_json::value::RawValue],
        settings: &Settings,
        state: &mut State,
    ) -> (Vec<Event>, Option<u64>) {
        let mut events = Vec::with_capacity(updates.len());
        let mut last = None;
        for update in updates {
            let body = update.get().as_bytes();
            let id = decode::update(body, settings, state, &mut events).or_else(|failure| {
                // Counted, and not asked for again: it would come back for ever.
                let UpdateId { update_id } = serde_json::from_slice(body).map_err(|_| failure)?;
                let what = Pair { name: "undecodable_update".into(), value: String::new() };
                events.push(Event::new(format!("u{update_id}"), 0, Kind::Other(what)));
                Ok::<_, Failure>(update_id)
            });
            last = id.ok().or(last);
        }
        (events, last)
    }

    /// Telegram answered, but not with updates. The watchdog asks again after a failure.
    fn refused(&mut self, answer: &Answer<'_>) -> Result<Output, Failure> {
        let description = answer.description.as_ref().map_or("no description", |text| &text.0);
        match answer.error_code {
            409 => Err(config_error(format!(
                "Telegram refuses to be polled: {description}. A webhook is set for this bot, or \
                 another program polls it: call deleteWebhook, or set mode = \"webhook\""
            ))),
            401 | 404 => Err(config_error(format!(
                "Telegram does not know the bot: {description}. Check the secret bot_token"
            ))),
            _ => match answer.parameters.as_ref().and_then(|parameters| parameters.retry_after) {
                Some(seconds) => Ok(later(seconds.saturating_mul(1_000))),
                None => Ok(self.back_off()),
            },
        }
    }

    fn back_off(&mut self) -> Output {
        let delay_ms = BACK_OFF_MS_MIN << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        later(delay_ms.min(BACK_OFF_MS_MAX))
    }

    fn ask(&mut self, events: Vec<Event>, state: &State, now_ms: u64) -> Output {
        self.round = self.round.wrapping_add(1);
        self.asked_ms = now_ms;
        let offset = state.offset.map_or(String::new(), |offset| format!(r#""offset":{offset},"#));
        let body = format!(
            r#"{{{offset}"timeout":{},"allowed_updates":{ALLOWED_UPDATES}}}"#,
            self.timeout_s
        );
        let commands = vec![
            Command::Fetch(Request::post_json(address(), body, &self.tag())),
            Command::timer(TIMER, self.timeout_s * 1_000 + WATCHDOG_MS),
        ];
        Output { events, commands, reply: None }
    }

    fn tag(&self) -> String {
        format!("getUpdates:{}", self.round)
    }
}

fn address() -> Vec<Piece> {
    pieces!["https://api.telegram.org/bot", secret("bot_token"), "/getUpdates"]
}

fn later(delay_ms: u32) -> Output {
    Output { commands: vec![Command::timer(TIMER, delay_ms)], ..Output::default() }
}
