//! Socket Mode: `apps.connections.open` gives the address of a WebSocket, which lives for some hours.
//!
//! Before Slack closes it, it says so: another one is opened beside it, under the second of two names, and the old
//! one is closed when the new one has said hello. Every envelope is acknowledged, or it comes again. An address
//! can be used for a short time only, so after a failure a new one is asked for, later each time.

use serde_json::value::RawValue;
use tablica_plugin::{
    Command, Connect, Event, Failure, FeedState, Kind, LogLevel, Method, Output, Pair, Request,
    Response, bad_input, config_error, pieces, secret, unsupported,
};

use crate::Desk;
use crate::state::State;
use crate::wire::{Envelope, Opened};

/// The names of the two links.
pub(crate) const LINKS: [&str; 2] = ["a", "b"];
const OPEN: &str = "open";
const ALIVE: &str = "alive";
/// How long an address, and then the first word on the link, may take.
const WATCHDOG_MS: u32 = 60_000;
/// A connection that lived for less has failed.
const LIVED_MS: u64 = 60_000;
/// The host waits 1 to 2 s after the first failure, and twice as long after each further one: an address must
/// not grow old meanwhile.
const BACK_OFF_MS_MIN: u32 = 2_000;
const BACK_OFF_MS_MAX: u32 = 120_000;
/// Ten connections of the app are open elsewhere: a wait of 64 s.
const TOO_MANY: u32 = 5;
const ALIVE_MS: u32 = 60_000;
/// Without a connection for longer, events may be lost: Slack tries each a few times only.
const GAP_MS: u64 = 150_000;

/// Mistakes that only the operator can put right.
const MISTAKES: [&str; 9] = [
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "not_allowed_token_type",
    "no_permission",
    "forbidden_team",
];

/// What is under way.
#[derive(Default)]
pub(crate) struct Socket {
    /// Tells the answer that is waited for from one that comes too late.
    round: u64,
    is_asking: bool,
    links: [Link; 2],
    /// The link that is in use; the other one may be about to replace it.
    active: usize,
    failures: u32,
    /// Socket Mode was switched off.
    is_stopped: bool,
}

#[derive(Clone, Copy, Default)]
struct Link {
    is_asked: bool,
    opened_ms: Option<u64>,
}

impl Socket {
    /// Rounds begin at the time, to differ from those of an earlier run.
    pub(crate) fn start(&mut self, now_ms: u64) -> Output {
        self.round = now_ms;
        commands(self.ask())
    }

    fn ask(&mut self) -> Vec<Command> {
        self.round = self.round.wrapping_add(1);
        self.is_asking = true;
        let request =
            Request::get(pieces!["https://slack.com/api/apps.connections.open"], &self.tag())
                .header("authorization", pieces!["Bearer ", secret("app_token")])
                .header("content-type", pieces!["application/x-www-form-urlencoded"]);
        let request = Request { method: Method::Post, ..request };
        vec![Command::Fetch(request), Command::timer(OPEN, WATCHDOG_MS)]
    }

    fn tag(&self) -> String {
        format!("open:{}", self.round)
    }

    /// An address, or why there is none.
    pub(crate) fn answer(&mut self, answer: &Response) -> Result<Output, Failure> {
        if answer.tag != self.tag() || !self.is_asking {
            return Ok(Output::default());
        }
        let opened: Opened = match serde_json::from_slice(&answer.body) {
            Ok(opened) => opened,
            Err(error) if answer.status == 200 => {
                return Err(bad_input(format!("apps.connections.open: {error}")));
            }
            Err(_) => Opened::default(),
        };
        let error = opened.error.as_deref().unwrap_or("no reason");
        match opened.url.filter(|url| opened.ok && url.starts_with("wss://")) {
            Some(url) => {
                self.is_asking = false;
                // Beside the one that still lives.
                if self.is_open(self.active) {
                    self.active = 1 - self.active;
                }
                self.links[self.active % 2] = Link { is_asked: true, opened_ms: None };
                let connect = Connect::new(self.name(self.active), pieces![url]);
                Ok(commands(vec![Command::connect(connect), Command::timer(OPEN, WATCHDOG_MS)]))
            }
            None if MISTAKES.contains(&error) => Err(config_error(format!(
                "Slack gives no connection: {error}. The secret app_token must be an app-level token (xapp-…) \
                 with the scope connections:write, and Socket Mode must be on"
            ))),
            None => {
                let said = retry_after_ms(answer);
                let wait_ms = said.unwrap_or_else(|| self.back_off());
                self.is_asking = false;
                Ok(commands(vec![Command::timer(OPEN, wait_ms)]))
            }
        }
    }

    fn name(&self, link: usize) -> &'static str {
        LINKS.get(link).copied().unwrap_or(LINKS[0])
    }

    fn is_open(&self, link: usize) -> bool {
        self.links.get(link).is_some_and(|it| it.opened_ms.is_some())
    }

    fn back_off(&mut self) -> u32 {
        let wait_ms = BACK_OFF_MS_MIN << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        wait_ms.min(BACK_OFF_MS_MAX)
    }

    pub(crate) fn connected(&mut self, link: &str, now_ms: u64) -> Output {
        if let Some(link) = index(link).and_then(|at| self.links.get_mut(at)) {
            link.opened_ms = Some(now_ms);
        }
        Output::default()
    }

    pub(crate) fn disconnected(&mut self, link: &str, now_ms: u64) -> Output {
        let Some(at) = index(link) else { return Output::default() };
        let Some(entry) = self.links.get_mut(at) else { return Output::default() };
        let was = std::mem::take(entry);
        if self.is_stopped || !was.is_asked {
            return Output::default();
        }
        let lived_ms = was.opened_ms.map_or(0, |opened| now_ms.saturating_sub(opened));
        if at != self.active || self.is_asking {
            // Another one is on its way: this one is not wanted any more.
            return commands(vec![Command::close(self.name(at), 1_000)]);
        }
        let other = 1 - at;
        if self.is_open(other) {
            // The new one failed while the old one lives.
            self.active = other;
            let wait_ms = self.back_off();
            return commands(vec![
                Command::close(self.name(at), 1_000),
                Command::timer(OPEN, wait_ms),
            ]);
        }
        if lived_ms >= LIVED_MS {
            self.failures = 0;
            return commands(self.ask());
        }
        let wait_ms = self.back_off();
        commands(vec![Command::timer(OPEN, wait_ms)])
    }

    pub(crate) fn timer(&mut self, tag: &str, state: &mut State, now_ms: u64) -> Output {
        match tag {
            OPEN if !self.is_stopped => commands(self.ask()),
            ALIVE if self.is_open(self.active) => {
                state.alive_ms = now_ms;
                commands(vec![Command::timer(ALIVE, ALIVE_MS)])
            }
            _ => Output::default(),
        }
    }

    /// What comes on a link: events, and what Slack says of the connection.
    pub(crate) fn frame(
        &mut self,
        link: &str,
        bytes: &[u8],
        desk: &mut Desk,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let Some(at) = index(link) else { return Ok(Output::default()) };
        let envelope: Envelope<'_> =
            serde_json::from_slice(bytes).map_err(|error| match error.is_data() {
                true => unsupported(format!("not a message of Socket Mode: {error}")),
                false => bad_input(format!("not JSON: {error}")),
            })?;
        let mut output = match envelope.kind.as_str() {
            "hello" => self.hello(at, &mut desk.state, now_ms),
            "disconnect" => {
                self.leaving(at, envelope.reason.as_deref().unwrap_or_default(), now_ms)
            }
            "events_api" => {
                let id = envelope.envelope_id.as_deref().unwrap_or_default();
                event(id, envelope.payload, desk)
            }
            // Buttons, slash commands, and what Slack adds later.
            _ => Output::default(),
        };
        if let Some(id) = &envelope.envelope_id {
            let id = serde_json::Value::from(id.as_str());
            let text = format!(r#"{{"envelope_id":{id}}}"#);
            output.commands.insert(0, Command::send_text(self.name(at), pieces![text]));
        }
        Ok(output)
    }

    /// The link is ready: the one before it is not needed any more.
    fn hello(&mut self, at: usize, state: &mut State, now_ms: u64) -> Output {
        let mut output = Output::default();
        self.active = at;
        if let Some(link) = self.links.get_mut(at) {
            link.is_asked = true;
            link.opened_ms.get_or_insert(now_ms);
        }
        let other = 1 - at;
        if self.is_open(other) {
            self.links[other % 2] = Link::default();
            output.commands.push(Command::close(self.name(other), 1_000));
        }
        if state.alive_ms > 0 && now_ms.saturating_sub(state.alive_ms) > GAP_MS {
            output.events.push(Event::new(
                format!("gap:{now_ms}"),
                now_ms,
                Kind::Feed(FeedState::Gap),
            ));
        }
        state.alive_ms = now_ms;
        output.commands.push(Command::cancel_timer(OPEN));
        output.commands.push(Command::timer(ALIVE, ALIVE_MS));
        output
    }

    /// Slack is about to close the link.
    fn leaving(&mut self, at: usize, reason: &str, now_ms: u64) -> Output {
        match reason {
            "link_disabled" => {
                self.is_stopped = true;
                let down = Kind::Feed(FeedState::Down);
                let mut output = Output::from(Event::new(format!("down:{now_ms}"), now_ms, down));
                let why = "Socket Mode was switched off for the app: switch it on, then reload the channel";
                output.commands.push(Command::log(LogLevel::Warn, why));
                output.commands.push(Command::cancel_timer(OPEN));
                output
            }
            "too_many_websockets" => {
                // It is closed now; coming back at once would make it worse.
                self.failures = self.failures.max(TOO_MANY);
                let why = "the app has ten connections elsewhere: give the wall an app of its own";
                commands(vec![Command::log(LogLevel::Warn, why)])
            }
            "warning" | "refresh_requested" if at == self.active && !self.is_asking => {
                commands(self.ask())
            }
            // For other reasons it is enough to come back when it is closed.
            _ => Output::default(),
        }
    }
}

/// An event. One that cannot be decoded is counted and acknowledged: it would come back.
fn event(id: &str, payload: Option<&RawValue>, desk: &mut Desk) -> Output {
    let payload = payload.map_or("null", RawValue::get);
    desk.called(payload.as_bytes()).unwrap_or_else(|_| {
        let what = Pair { name: "undecodable_event".into(), value: String::new() };
        Event::new(format!("other:{id}"), 0, Kind::Other(what)).into()
    })
}

fn index(link: &str) -> Option<usize> {
    LINKS.iter().position(|name| *name == link)
}

/// In seconds.
fn retry_after_ms(answer: &Response) -> Option<u32> {
    let mut headers = answer.headers.iter();
    let said = headers.find(|it| it.name.eq_ignore_ascii_case("retry-after"))?;
    let seconds: u32 = said.value.trim().parse().ok()?;
    Some(seconds.saturating_mul(1_000).clamp(BACK_OFF_MS_MIN, 3_600_000))
}

fn commands(commands: Vec<Command>) -> Output {
    Output { commands, ..Output::default() }
}
