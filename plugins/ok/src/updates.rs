//! Long polling: what others write. It needs a subscription, which is made first, and anew when OK
//! has forgotten it.

use tablica_plugin::poll::{REST_MS_MIN, Rounds};
use tablica_plugin::{Command, Event, Output, escape};

use crate::ask;
use crate::decode;
use crate::settings::Settings;
use crate::state::State;
use crate::update::Answer;

const SUBSCRIPTION: &str =
    r#"{"types":["MESSAGE_CREATED","MESSAGE_CALLBACK","CHAT_SYSTEM"],"longPolling":true}"#;
/// Updates in one answer at most.
const COUNT: u32 = 100;

pub(crate) struct Updates {
    pub(crate) rounds: Rounds,
    is_subscribed: bool,
    asked_ms: u64,
}

impl Updates {
    pub(crate) fn new() -> Self {
        Self { rounds: Rounds::new("updates"), is_subscribed: false, asked_ms: 0 }
    }

    pub(crate) fn ask(
        &mut self,
        events: Vec<Event>,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        self.asked_ms = now_ms;
        let (tag, watchdog) = self.rounds.next(settings.poll_timeout_s.saturating_mul(1_000));
        let request = if self.is_subscribed {
            let marker = state.marker.as_deref().map(escape);
            let marker = marker.map_or(String::new(), |marker| format!("&marker={marker}"));
            let timeout = settings.poll_timeout_s;
            ask::get("updates", &format!("&count={COUNT}&timeout={timeout}{marker}"), &tag)
        } else {
            ask::post("subscribe", SUBSCRIPTION, &tag)
        };
        Output { events, commands: vec![Command::Fetch(request), watchdog], reply: None }
    }

    /// Takes the answer that is waited for. `events` are those of its updates.
    pub(crate) fn answer(
        &mut self,
        answer: Answer<'_>,
        events: Vec<Event>,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Output {
        if answer.success == Some(true) && answer.updates.is_none() {
            self.is_subscribed = true;
            self.rounds.went_well();
            return self.ask(events, settings, state, now_ms);
        }
        if answer.updates.is_none() {
            return self.failed();
        }
        self.rounds.went_well();
        let marker = answer.marker.map(String::from).filter(|marker| !marker.is_empty());
        let is_new = marker.is_some() && marker != state.marker;
        state.marker = marker.or(state.marker.take());
        // Nothing new, and sooner than a long poll ends: don't spin.
        if !is_new && now_ms < self.asked_ms.saturating_add(1_000) {
            return Output { events, ..self.rounds.later(REST_MS_MIN) };
        }
        self.ask(events, settings, state, now_ms)
    }

    /// OK said no, or nothing: perhaps the subscription is gone, so it is made again.
    pub(crate) fn failed(&mut self) -> Output {
        self.is_subscribed = false;
        self.rounds.back_off()
    }
}

/// The events of `updates` in an answer.
pub(crate) fn events(answer: &Answer<'_>, settings: &Settings) -> Vec<Event> {
    answer.updates.as_ref().map_or_else(Vec::new, |updates| decode::all(updates, settings))
}
