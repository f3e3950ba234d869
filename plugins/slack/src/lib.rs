//! Slack: messages of channels, threads and direct messages become contact center events.
//!
//! They come by webhook (the Events API) or on a WebSocket (Socket Mode), in the same words. `message` says what
//! they count for, `socket` keeps the connection, `wire` has the shapes. The snapshot (`state`) holds who began
//! which thread, and when the connection was last seen alive. No text and no name is kept.

mod message;
mod settings;
mod socket;
mod state;
mod wire;

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{
    Channel, Command, Content, Event, Failure, FeedState, Info, Input, Kind, LogLevel, Output,
    Setup, bad_input, export_channel, info, snapshot, unsupported,
};

use crate::settings::Settings;
use crate::socket::Socket;
use crate::state::State;
use crate::wire::{Call, Head};

/// One app.
pub struct Slack {
    desk: Desk,
    socket: Socket,
    is_webhook: bool,
}

/// What decoding needs: the operator's settings, and what is remembered.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) state: State,
}

impl Channel for Slack {
    fn describe() -> Info {
        info("slack", env!("CARGO_PKG_VERSION"), "Slack")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(&setup.settings)?;
        let desk = Desk { settings, state: State::default() };
        Ok(Self { desk, socket: Socket::default(), is_webhook: setup.source == "webhook" })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.desk.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        Ok(match self.is_webhook {
            true => Output::default(),
            false => self.socket.start(now_ms),
        })
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => self.desk.called(&call.body),
            Input::Frame(frame) => {
                let bytes = match &frame.content {
                    Content::Text(text) => text.as_bytes(),
                    Content::Bytes(bytes) => bytes,
                };
                self.socket.frame(&frame.link, bytes, &mut self.desk, now_ms)
            }
            Input::Response(answer) => self.socket.answer(&answer),
            Input::Connected(up) => Ok(self.socket.connected(&up.link, now_ms)),
            Input::Disconnected(down) => Ok(self.socket.disconnected(&down.link, now_ms)),
            Input::Timer(tag) => Ok(self.socket.timer(&tag, &mut self.desk.state, now_ms)),
            Input::Line(_) | Input::Document(_) => {
                Err(bad_input("Slack delivers by webhook or Socket Mode only"))
            }
            Input::Other(_) => Ok(Output::default()),
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.desk.state)
    }
}

impl Desk {
    /// A call of the Events API, or the payload of an envelope.
    pub(crate) fn called(&mut self, body: &[u8]) -> Result<Output, Failure> {
        let call: Call<'_> = serde_json::from_slice(body).map_err(|error| fault(body, &error))?;
        if call.kind == "app_rate_limited" {
            return Ok(limited(call.minute_rate_limited, &call));
        }
        // Kinds that Slack adds later; the handshake is the host's.
        let Some(raw) = call.event.filter(|_| call.kind == "event_callback") else {
            return Ok(Output::default());
        };
        let head: Head = event(raw)?;
        Ok(match head.kind.as_str() {
            "message" | "app_mention" => {
                let told = self.message(&event(raw)?, &call);
                told.into_iter().collect::<Vec<_>>().into()
            }
            "app_rate_limited" => limited(head.minute_rate_limited, &call),
            "app_uninstalled" | "tokens_revoked" => gone(&call),
            // In events of other kinds the same names hold other things.
            _ => Output::default(),
        })
    }
}

fn event<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, Failure> {
    serde_json::from_str(raw.get()).map_err(|error| bad_input(format!("an event: {error}")))
}

/// Slack left out events of a minute, because there were more than 30,000 in an hour.
fn limited(minute_s: Option<u64>, call: &Call<'_>) -> Output {
    let minute_s = minute_s.unwrap_or_default();
    let team = call.team_id.as_deref().unwrap_or_default();
    let at_ms = minute_s.saturating_mul(1_000);
    Event::new(format!("limited:{team}:{minute_s}"), at_ms, Kind::Feed(FeedState::Gap)).into()
}

/// The app was taken out of the workspace: nothing will come.
fn gone(call: &Call<'_>) -> Output {
    let id = call.event_id.as_deref().unwrap_or_default();
    let at_ms = call.event_time.unwrap_or_default().saturating_mul(1_000);
    let mut output =
        Output::from(Event::new(format!("down:{id}"), at_ms, Kind::Feed(FeedState::Down)));
    let why =
        "the app was removed from the workspace, or its tokens were revoked: install it again";
    output.commands.push(Command::log(LogLevel::Warn, why));
    output
}

/// What is broken is bad input; what is another thing is not supported.
fn fault(body: &[u8], error: &serde_json::Error) -> Failure {
    if error.is_data() {
        return unsupported(format!("not a call of the Events API: {error}"));
    }
    // Forms: of slash commands and of buttons.
    if body.starts_with(b"payload=") || body.starts_with(b"token=") {
        return unsupported("a slash command or a button: their address is not that of events");
    }
    bad_input(format!("not JSON: {error}"))
}

export_channel!(Slack);

#[cfg(test)]
mod tests;
