//! The gateway: one WebSocket, its heartbeats, and the session that outlives it.
//!
//! Discord counts the dispatches of a session. When the connection breaks, a new one resumes the session and
//! the missed dispatches come again; where that fails, a new session begins and what lies between is lost,
//! which is said as a gap. The host waits longer each time that a connection fails.

use serde_json::value::RawValue;
use tablica_plugin::{
    Command, Connect, Event, Failure, FeedState, Kind, LogLevel, Output, pieces, secret,
};

use crate::read;
use crate::state::{Session, State};
use crate::wire::{self, Hello, Payload, Ready};

/// The link's name.
pub(crate) const LINK: &str = "gateway";
const HOST: &str = "gateway.discord.gg";
/// The secret's name in `plugin.toml`.
const TOKEN: &str = "bot_token";
const HEARTBEAT: &str = "heartbeat";
const CONNECT: &str = "connect";
/// How long the first word of the gateway may take.
const HELLO_MS: u32 = 30_000;
const INTERVAL_MS: std::ops::RangeInclusive<u64> = 1_000..=600_000;
/// Any but 1000 and 1001, which would end the session.
const GO_ON: u16 = 4_000;
const END: u16 = 1_000;
/// Discord resets the token of a bot that begins 1,000 sessions in a day.
const SESSIONS_MAX: u32 = 900;
const DAY_MS: u64 = 86_400_000;

/// What is under way.
pub(crate) struct Gateway {
    intents: u64,
    hosts: Vec<String>,
    interval_ms: u32,
    /// The gateway said hello on this connection.
    is_greeted: bool,
    is_acknowledged: bool,
    is_open: bool,
}

/// What a close code says.
enum After {
    Resume,
    Anew,
    /// A mistake in what the operator has set: trying again cannot help.
    Never(&'static str),
}

impl Gateway {
    pub(crate) fn new(intents: u64, hosts: Vec<String>) -> Self {
        Self {
            intents,
            hosts,
            interval_ms: HELLO_MS,
            is_greeted: false,
            is_acknowledged: true,
            is_open: false,
        }
    }

    /// Asks for the connection; a session is resumed where it wants to be, if that host is granted.
    pub(crate) fn open(&self, state: &State) -> Output {
        let resumed = state.session.as_ref().and_then(|it| host(it.url.as_deref()?));
        let host = resumed.filter(|host| self.hosts.iter().any(|it| it == host)).unwrap_or(HOST);
        let address = format!("wss://{host}/?v=10&encoding=json");
        commands([Command::connect(Connect::new(LINK, pieces![address]))])
    }

    pub(crate) fn connected(&mut self) -> Output {
        (self.is_open, self.is_greeted, self.is_acknowledged) = (true, false, true);
        commands([Command::timer(HEARTBEAT, HELLO_MS)])
    }

    pub(crate) fn disconnected(
        &mut self,
        code: Option<u16>,
        state: &mut State,
        now_ms: u64,
    ) -> Output {
        self.is_open = false;
        let mut output = match after(code) {
            After::Resume => self.open(state),
            After::Anew => {
                end(state);
                self.open(state)
            }
            After::Never(why) => {
                end(state);
                let code = code.unwrap_or_default();
                let down = Kind::Feed(FeedState::Down);
                let mut output =
                    Output::from(Event::new(format!("down:{code}:{now_ms}"), now_ms, down));
                output.commands.push(Command::log(LogLevel::Warn, why));
                output
            }
        };
        output.commands.push(Command::cancel_timer(HEARTBEAT));
        output
    }

    pub(crate) fn timer(&mut self, tag: &str, state: &mut State, now_ms: u64) -> Output {
        match tag {
            CONNECT if self.is_open => self.introduce(state, now_ms),
            HEARTBEAT if !self.is_open => Output::default(),
            // A connection on which nothing is answered is dead, even if it looks open.
            HEARTBEAT if !self.is_greeted || !self.is_acknowledged => {
                commands([Command::close(LINK, GO_ON)])
            }
            HEARTBEAT => {
                self.is_acknowledged = false;
                commands([heartbeat(state), Command::timer(HEARTBEAT, self.interval_ms)])
            }
            _ => Output::default(),
        }
    }

    /// What the gateway says of the connection itself.
    pub(crate) fn control(
        &mut self,
        payload: &Payload<'_>,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        Ok(match payload.op {
            wire::HELLO => {
                let data = payload.d.map_or("null", RawValue::get);
                let hello: Hello = read(data.as_bytes(), "a hello")?;
                self.hello(&hello, state, now_ms)
            }
            wire::HEARTBEAT => commands([heartbeat(state)]),
            wire::HEARTBEAT_ACK => {
                self.is_acknowledged = true;
                Output::default()
            }
            wire::RECONNECT => commands([Command::close(LINK, GO_ON)]),
            wire::INVALID_SESSION => {
                let resumable = payload.d.is_some_and(|data| data.get() == "true");
                if !resumable {
                    end(state);
                }
                commands([Command::close(LINK, if resumable { GO_ON } else { END })])
            }
            // Opcodes that Discord adds later.
            _ => Output::default(),
        })
    }

    /// The first heartbeat comes at a time of its own within the interval, so that not all bots send theirs at
    /// once after an outage. There is no chance in here: the clock stands in for it.
    fn hello(&mut self, hello: &Hello, state: &mut State, now_ms: u64) -> Output {
        let interval = hello.heartbeat_interval.clamp(*INTERVAL_MS.start(), *INTERVAL_MS.end());
        let spread = now_ms.wrapping_mul(6_364_136_223_846_793_005) >> 33;
        let first = u32::try_from(spread % interval).unwrap_or(0);
        self.interval_ms = u32::try_from(interval).unwrap_or(HELLO_MS);
        self.is_greeted = true;
        let mut output = self.introduce(state, now_ms);
        output.commands.push(Command::timer(HEARTBEAT, first));
        output
    }

    /// Resumes the session, or begins one. The token is put in by the host.
    fn introduce(&self, state: &mut State, now_ms: u64) -> Output {
        if let Some(session) = &state.session {
            let id = serde_json::Value::from(session.id.as_str());
            let rest = format!("\",\"session_id\":{id},\"seq\":{}}}}}", session.seq);
            return commands([said(r#"{"op":6,"d":{"token":""#, &rest)]);
        }
        let begun = &mut state.identified;
        if now_ms.saturating_sub(begun.since_ms) >= DAY_MS {
            (begun.since_ms, begun.count) = (now_ms, 0);
        }
        if begun.count >= SESSIONS_MAX {
            let wait_ms = begun.since_ms.saturating_add(DAY_MS).saturating_sub(now_ms);
            let why = "too many sessions today: waiting, or Discord would reset the bot's token";
            return commands([
                Command::log(LogLevel::Warn, why),
                Command::timer(CONNECT, u32::try_from(wait_ms).unwrap_or(u32::MAX)),
            ]);
        }
        begun.count = begun.count.saturating_add(1);
        let rest = format!(
            r#"","intents":{},"properties":{{"os":"linux","browser":"tablica","device":"tablica"}}}}}}"#,
            self.intents
        );
        commands([said(r#"{"op":2,"d":{"token":""#, &rest)])
    }

    /// A session has begun. What was sent between it and the one before is lost.
    pub(crate) fn ready(
        &mut self,
        data: &RawValue,
        state: &mut State,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        let ready: Ready = read(data.get().as_bytes(), "a ready")?;
        let is_same = state.session.as_ref().is_some_and(|it| it.id == ready.session_id);
        let lost = std::mem::take(&mut state.has_gap) || (state.session.is_some() && !is_same);
        let gap = format!("gap:{}", ready.session_id);
        state.session =
            Some(Session { id: ready.session_id, url: ready.resume_gateway_url, seq: 1 });
        Ok(match lost {
            true => Event::new(gap, now_ms, Kind::Feed(FeedState::Gap)).into(),
            false => Output::default(),
        })
    }
}

/// The session is over; what comes until the next one begins is lost.
fn end(state: &mut State) {
    state.has_gap |= state.session.take().is_some();
}

fn after(code: Option<u16>) -> After {
    match code {
        Some(4004) => After::Never(
            "Discord does not know the bot: check the secret bot_token, then reload the channel",
        ),
        Some(4010..=4011) => After::Never(
            "the bot is in too many servers for one connection: use a bot of your own for this desk",
        ),
        Some(4012) => {
            After::Never("Discord has ended this version of its gateway: update the plugin")
        }
        Some(4013) => After::Never("Discord refuses the intents: update the plugin"),
        Some(4014) => After::Never(
            "the bot may not read messages: switch on Message Content Intent under Bot in Discord's \
             Developer Portal, or set message_content = false; then reload the channel",
        ),
        // Not identified, identified twice, a wrong number, a session that timed out.
        Some(4001 | 4003 | 4005 | 4007 | 4009) => After::Anew,
        _ => After::Resume,
    }
}

/// The host of an address of Discord's gateway.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("wss://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    host.ends_with(".discord.gg").then_some(host)
}

fn heartbeat(state: &State) -> Command {
    let seq = state.session.as_ref().map_or("null".to_owned(), |it| it.seq.to_string());
    Command::send_text(LINK, pieces![format!(r#"{{"op":1,"d":{seq}}}"#)])
}

/// A payload with the token in it.
fn said(before: &str, after: &str) -> Command {
    Command::send_text(LINK, pieces![before, secret(TOKEN), after])
}

fn commands<const N: usize>(commands: [Command; N]) -> Output {
    Output { commands: commands.into(), ..Output::default() }
}
