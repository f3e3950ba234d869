//! Bots Long Poll: a server is asked for, and the server again and again for what is new.
//!
//! One request is under way at a time. Beside it a watchdog timer runs, so that a lost answer, a
//! failure or a restart of the host cannot end the polling. Of a session only its place (`ts`) is
//! kept: its key opens all events, so it stays in memory, and a restart asks for another one.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::poll::{REST_MS_MIN, Rounds};
use tablica_plugin::{
    Command, Event, Failure, FeedState, Id, Kind, Method, Output, Pair, Request, Response,
    bad_input, config_error, escape, pieces, secret,
};

use crate::decode;
use crate::settings::Settings;
use crate::state::State;
use crate::update::EventId;

/// The version of the API whose objects are asked for.
const VERSION: &str = "5.199";
/// VK moved from one domain to the other; either may be granted.
const API_HOSTS: [&str; 2] = ["api.vk.com", "api.vk.ru"];
/// The community's token is wrong, or may not do this: nothing helps but another one.
const REFUSALS: [u64; 6] = [5, 7, 15, 27, 100, 203];

/// What is under way.
pub(crate) struct Poll {
    hosts: Vec<String>,
    session: Option<Session>,
    rounds: Rounds,
    asked_ms: u64,
}

struct Session {
    server: String,
    key: String,
}

#[derive(Deserialize)]
struct Server {
    key: String,
    server: String,
    ts: Id,
}

#[derive(Deserialize)]
struct ApiError {
    #[serde(default)]
    error_code: u64,
}

/// What is answered: by `groups.getLongPollServer` one of the first two, by the server it names the
/// others. `ts` is a text with updates, and a number with `failed`.
#[derive(Deserialize)]
struct Answer<'a> {
    response: Option<Server>,
    error: Option<ApiError>,
    ts: Option<Id>,
    failed: Option<u64>,
    /// One by one, so that a broken update does not take its neighbours with it.
    #[serde(borrow)]
    updates: Option<Vec<&'a RawValue>>,
}

impl Poll {
    pub(crate) fn new(hosts: &[String]) -> Self {
        Self { hosts: hosts.to_vec(), session: None, rounds: Rounds::new("poll"), asked_ms: 0 }
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
        let parsed: Answer<'_> = match serde_json::from_slice(&answer.body) {
            Ok(parsed) => parsed,
            Err(_) if !is_current => return Ok(Output::default()),
            Err(error) if answer.status == 200 => {
                return Err(bad_input(format!("long poll: {error}")));
            }
            Err(_) => return Ok(self.rounds.back_off()),
        };
        match parsed {
            Answer { updates: Some(_), .. } => {}
            _ if !is_current => return Ok(Output::default()),
            Answer { response: Some(server), .. } => {
                return self.begin(server, settings, state, now_ms);
            }
            Answer { error: Some(error), .. } => return self.refused(&error),
            Answer { failed: Some(failed), ts, .. } => {
                return Ok(self.failed(failed, ts, settings, state, now_ms));
            }
            _ => return Ok(self.rounds.back_off()),
        }
        let Some(updates) = parsed.updates else { return Ok(self.rounds.back_off()) };
        let ts = parsed.ts.map(String::from);
        let events = decode_all(&updates, ts.as_deref().unwrap_or(""), settings, state);
        if !is_current {
            // Its place may be older than what we have.
            return Ok(events.into());
        }
        self.rounds.went_well();
        let is_new = ts.is_some() && ts != state.ts;
        state.ts = ts.or(state.ts.take());
        // Nothing new, and sooner than a long poll ends: don't spin.
        if !is_new && now_ms < self.asked_ms.saturating_add(1_000) {
            return Ok(Output { events, ..self.rounds.later(REST_MS_MIN) });
        }
        Ok(self.ask(events, settings, state, now_ms))
    }

    /// A session begins. Where one was before, it goes on at its place.
    fn begin(
        &mut self,
        Server { key, server, ts }: Server,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        if !self.is_granted(&server) {
            return Err(config_error(
                "VK names a host for long polling that is not granted, or no https: add lp.vk.com \
                 and lp.vk.ru to grant_hosts",
            ));
        }
        self.session = Some(Session { server, key });
        state.ts.get_or_insert(ts.into());
        Ok(self.ask(Vec::new(), settings, state, now_ms))
    }

    fn refused(&mut self, error: &ApiError) -> Result<Output, Failure> {
        match error.error_code {
            code if REFUSALS.contains(&code) => Err(config_error(format!(
                "VK refuses with error {code}: check the secret access_token (a community's token \
                 with the right to manage it), group_id, and that Long Poll API is switched on"
            ))),
            _ => Ok(self.rounds.back_off()),
        }
    }

    /// 1: history is lost, go on from the place given. 2: the key has run out. 3: all is lost.
    fn failed(
        &mut self,
        failed: u64,
        ts: Option<Id>,
        settings: &Settings,
        state: &mut State,
        now_ms: u64,
    ) -> Output {
        let gap = || Event::new(format!("gap:{now_ms}"), now_ms, Kind::Feed(FeedState::Gap));
        let events = match failed {
            1 => {
                state.ts = ts.map(String::from);
                // Without a place another session gives one.
                if state.ts.is_none() {
                    self.session = None;
                }
                vec![gap()]
            }
            2 => {
                self.session = None;
                Vec::new()
            }
            3 => {
                self.session = None;
                state.ts = None;
                vec![gap()]
            }
            _ => {
                self.session = None;
                return self.rounds.back_off();
            }
        };
        if now_ms < self.asked_ms.saturating_add(1_000) {
            return Output { events, ..self.rounds.later(REST_MS_MIN) };
        }
        self.ask(events, settings, state, now_ms)
    }

    /// The server's address comes from VK: only a granted host is asked, and only by https.
    fn is_granted(&self, server: &str) -> bool {
        let host = server.strip_prefix("https://").and_then(|rest| rest.split('/').next());
        host.is_some_and(|host| self.hosts.iter().any(|granted| granted == host))
    }

    fn ask(
        &mut self,
        events: Vec<Event>,
        settings: &Settings,
        state: &State,
        now_ms: u64,
    ) -> Output {
        let (tag, watchdog) = self.rounds.next(settings.poll_timeout_s.saturating_mul(1_000));
        self.asked_ms = now_ms;
        let request = match (&self.session, &state.ts) {
            (Some(Session { server, key }), Some(ts)) => {
                let wait = settings.poll_timeout_s;
                let (key, ts) = (escape(key), escape(ts));
                let query = format!("{server}?act=a_check&key={key}&ts={ts}&wait={wait}");
                Request::get(pieces![query], &tag)
            }
            _ => self.server_request(settings.group_id, &tag),
        };
        let commands = vec![Command::Fetch(request), watchdog];
        Output { events, commands, reply: None }
    }

    fn server_request(&self, group: u64, tag: &str) -> Request {
        let granted = |host: &&str| self.hosts.iter().any(|granted| granted == host);
        let host = API_HOSTS.into_iter().find(granted).unwrap_or(API_HOSTS[0]);
        let address = pieces![format!("https://{host}/method/groups.getLongPollServer")];
        let fields = format!("group_id={group}&v={VERSION}&access_token=");
        Request {
            method: Method::Post,
            body: pieces![fields, secret("access_token")],
            ..Request::get(address, tag)
        }
        .header("content-type", pieces!["application/x-www-form-urlencoded"])
    }
}

fn decode_all(
    updates: &[&RawValue],
    ts: &str,
    settings: &Settings,
    state: &mut State,
) -> Vec<Event> {
    let mut events = Vec::with_capacity(updates.len());
    for (place, update) in updates.iter().enumerate() {
        let body = update.get().as_bytes();
        match decode::update(body, settings, state) {
            Ok(event) => events.extend(event),
            Err(_) => {
                let id = serde_json::from_slice(body)
                    .map_or_else(|_| format!("{ts}:{place}"), |EventId { event_id }| event_id);
                let what = Pair { name: "undecodable_update".into(), value: String::new() };
                events.push(Event::new(format!("event:{id}"), 0, Kind::Other(what)));
            }
        }
    }
    events
}
