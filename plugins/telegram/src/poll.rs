//! `getUpdates`, asked again and again.
//!
//! One request is under way at a time. Beside it a watchdog timer runs, so that a lost answer, a
//! failure or a restart of the host cannot end the polling. Asking for an offset confirms all
//! updates below it: the host journals an output's events before it carries out its commands.
//!
//! Ids grow by one until there was nothing for a week: then they begin anew anywhere, even far
//! below. Telegram gives such updates out whatever offset is asked for, and again and again until
//! the offset is theirs. So the offset follows the last answer, not the highest id.

use tablica_plugin::poll::{REST_MS_MIN, Rounds};
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

/// What is under way.
pub(crate) struct Poll {
    timeout_s: u32,
    rounds: Rounds,
    asked_ms: u64,
}

impl Poll {
    pub(crate) fn new(timeout_s: u32) -> Self {
        Self { timeout_s, rounds: Rounds::new("getUpdates"), asked_ms: 0 }
    }

    /// The first request.
    pub(crate) fn start(&mut self, state: &State, now_ms: u64) -> Output {
        self.rounds.begin(now_ms);
        self.ask(Vec::new(), state, now_ms)
    }

    pub(crate) fn timer(&mut self, tag: &str, state: &State, now_ms: u64) -> Output {
        match self.rounds.is_timer(tag) {
            true => self.ask(Vec::new(), state, now_ms),
            false => Output::default(),
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
        let current = self.rounds.is_current(&answer.tag);
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
                self.rounds.went_well();
                let before = state.offset;
                state.offset = next.or(before);
                // Nothing new, and sooner than a long poll ends: don't spin.
                let is_soon = now_ms < self.asked_ms.saturating_add(1_000);
                if state.offset == before && is_soon {
                    return Ok(Output { events, ..self.rounds.later(REST_MS_MIN) });
                }
                Ok(self.ask(events, state, now_ms))
            }
            _ if !current => Ok(Output::default()),
            Ok(refused) => self.refused(&refused),
            Err(error) if answer.status == 200 => Err(bad_input(format!("getUpdates: {error}"))),
            Err(_) => Ok(self.rounds.back_off()),
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
                Some(seconds) => Ok(self.rounds.later(seconds.saturating_mul(1_000))),
                None => Ok(self.rounds.back_off()),
            },
        }
    }

    fn ask(&mut self, events: Vec<Event>, state: &State, now_ms: u64) -> Output {
        let (tag, watchdog) = self.rounds.next(self.timeout_s.saturating_mul(1_000));
        self.asked_ms = now_ms;
        let offset = state.offset.map_or(String::new(), |offset| format!(r#""offset":{offset},"#));
        let body = format!(
            r#"{{{offset}"timeout":{},"allowed_updates":{ALLOWED_UPDATES}}}"#,
            self.timeout_s
        );
        let request = Request::post_json(address(), body, &tag);
        let commands = vec![Command::Fetch(request), watchdog];
        Output { events, commands, reply: None }
    }
}

fn address() -> Vec<Piece> {
    pieces!["https://api.telegram.org/bot", secret("bot_token"), "/getUpdates"]
}
