//! Our own answers, which OK tells only to who reads the chats: now and then it is asked which
//! chats have something new, and those are read. What customers wrote is read with them and known
//! again by its id, so that nothing is lost that long polling missed.

use std::collections::VecDeque;

use tablica_plugin::poll::Rounds;
use tablica_plugin::{Command, Event, FeedState, Kind, Output, escape};

use crate::ask;
use crate::decode;
use crate::settings::Settings;
use crate::state::State;
use crate::update::{Answer, Chat, Stamp};

/// OK gives no more chats at once.
const CHATS: usize = 100;
const MESSAGES: usize = 100;
/// So many answers for one list or one chat; what lies beyond is a gap.
const PAGES_MAX: u32 = 10;

pub(crate) struct Answers {
    pub(crate) rounds: Rounds,
    /// What is asked now.
    step: Step,
    /// Chats that are still to be read.
    queue: VecDeque<String>,
    pages: u32,
    /// The last event of all chats that were listed.
    newest_ms: u64,
    gap: bool,
}

enum Step {
    /// Nothing, until the timer comes.
    Idle,
    /// The list of chats, from this marker on.
    List(Option<String>),
    /// One chat, up to this time.
    Read(String, Option<u64>),
}

impl Answers {
    pub(crate) fn new() -> Self {
        let rounds = Rounds::new("answers");
        let queue = VecDeque::new();
        Self { rounds, step: Step::Idle, queue, pages: 0, newest_ms: 0, gap: false }
    }

    /// Another look, from the beginning.
    pub(crate) fn look(&mut self, state: &State) -> Output {
        self.queue.clear();
        (self.pages, self.newest_ms, self.gap) = (0, 0, false);
        self.step = Step::List(None);
        self.ask(Vec::new(), state)
    }

    fn ask(&mut self, events: Vec<Event>, state: &State) -> Output {
        let (tag, watchdog) = self.rounds.next(0);
        let request = match &self.step {
            Step::Idle => return Output { events, ..Output::default() },
            Step::List(marker) => {
                let marker = marker.as_deref().map(escape);
                let marker = marker.map_or(String::new(), |marker| format!("&marker={marker}"));
                ask::get("chats", &format!("&count={CHATS}{marker}"), &tag)
            }
            Step::Read(chat, from) => {
                let from = from.map_or(String::new(), |from| format!("&from={from}"));
                let (chat, to) = (escape(chat), state.read_to_ms.unwrap_or_default());
                let query = format!("&chat_id={chat}{from}&to={to}&count={MESSAGES}");
                ask::get("messages", &query, &tag)
            }
        };
        Output { events, commands: vec![Command::Fetch(request), watchdog], reply: None }
    }

    /// Takes the answer that is waited for. `events` are those of its messages.
    pub(crate) fn answer(
        &mut self,
        answer: Answer<'_>,
        events: Vec<Event>,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Output {
        self.pages = self.pages.saturating_add(1);
        match (&self.step, answer.chats, answer.messages) {
            (Step::List(_), Some(chats), _) => {
                self.rounds.went_well();
                let goes_on = self.listed(&chats, state);
                let marker = answer.marker.map(String::from).filter(|_| goes_on);
                if marker.is_some() && self.pages < PAGES_MAX {
                    self.step = Step::List(marker);
                    return self.ask(events, state);
                }
                self.gap |= marker.is_some();
            }
            (Step::Read(chat, _), _, Some(messages)) => {
                self.rounds.went_well();
                let stamp = |it: &&serde_json::value::RawValue| serde_json::from_str(it.get()).ok();
                let oldest = messages.iter().filter_map(stamp).map(|it: Stamp| it.timestamp).min();
                let from = oldest.filter(|_| messages.len() >= MESSAGES);
                if from.is_some() && self.pages < PAGES_MAX {
                    self.step = Step::Read(chat.clone(), from);
                    return self.ask(events, state);
                }
                self.gap |= from.is_some();
            }
            _ => return Output { events, ..self.failed() },
        }
        self.go_on(events, settings, state, now_ms)
    }

    /// Chats with something new, newest first; whether the next page may hold more of them. The first
    /// list of all is history.
    fn listed(&mut self, chats: &[Chat], state: &State) -> bool {
        let newest = chats.iter().map(|chat| chat.last_event_time).max().unwrap_or_default();
        self.newest_ms = self.newest_ms.max(newest);
        let Some(read_to_ms) = state.read_to_ms else { return false };
        let changed = |chat: &&Chat| chat.last_event_time > read_to_ms;
        let ids = chats.iter().filter(changed).filter_map(|chat| chat.chat_id.clone());
        self.queue.extend(ids.map(String::from));
        chats.len() >= CHATS && chats.last().as_ref().is_some_and(changed)
    }

    /// The next chat, or the end: all are read up to the newest event that was listed.
    fn go_on(
        &mut self,
        mut events: Vec<Event>,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Output {
        self.pages = 0;
        if let Some(chat) = self.queue.pop_front() {
            self.step = Step::Read(chat, None);
            return self.ask(events, state);
        }
        self.step = Step::Idle;
        let before = state.read_to_ms.unwrap_or_default();
        state.read_to_ms = Some(self.newest_ms.max(before));
        if std::mem::take(&mut self.gap) {
            let gap = Kind::Feed(FeedState::Gap);
            events.push(Event::new(format!("gap:{now_ms}"), now_ms, gap));
        }
        Output { events, ..self.rounds.later(settings.answers_every_s.saturating_mul(1_000)) }
    }

    pub(crate) fn failed(&mut self) -> Output {
        self.step = Step::Idle;
        self.rounds.back_off()
    }
}

/// The events of `messages` in an answer.
pub(crate) fn events(answer: &Answer<'_>, settings: &Settings) -> Vec<Event> {
    answer.messages.as_ref().map_or_else(Vec::new, |messages| decode::all(messages, settings))
}
