//! What a source hands to a channel's actor: one input, and who waits for its fate.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::actor::Position;
use super::host::{FailureClass, wit};
use super::reply::Answer;
use crate::event::{FeedState, UnixMs};

/// One thing that a network said. Mirrors `input` of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A webhook call whose signature was checked.
    Webhook(Http),
    /// The answer to a `fetch`; status 0 when there was none, the body then says why.
    Response(Http),
    /// A text frame of a socket.
    Text(String),
    /// A binary frame of a socket.
    Binary(Bytes),
    /// One line of a tailed file.
    Line(Line),
    /// The socket is up, the file is open.
    Connected,
    /// The socket or file went away; why.
    Disconnected(String),
    /// A timer that the plugin set.
    Timer(String),
}

impl Input {
    /// The bytes that a person would look at, without what surrounds them.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Input::Webhook(http) | Input::Response(http) => &http.body,
            Input::Text(text) | Input::Disconnected(text) | Input::Timer(text) => text.as_bytes(),
            Input::Binary(bytes) => bytes,
            Input::Line(line) => &line.bytes,
            Input::Connected => &[],
        }
    }

    /// Its case in the contract.
    pub fn kind(&self) -> &'static str {
        match self {
            Input::Webhook(_) => "webhook",
            Input::Response(_) => "response",
            Input::Text(_) => "text",
            Input::Binary(_) => "binary",
            Input::Line(_) => "line",
            Input::Connected => "connected",
            Input::Disconnected(_) => "disconnected",
            Input::Timer(_) => "timer",
        }
    }
}

/// One HTTP message, request or response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// The method; empty in a response.
    pub method: String,
    /// Path of a webhook, absolute address of a fetch.
    pub path: String,
    /// The query string without `?`.
    pub query: String,
    /// 0 in a request.
    pub status: u16,
    /// Only the headers that the plugin's manifest names: never a secret or a cookie.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Bytes,
    /// The plugin's own mark on a fetch, repeated in its response.
    pub tag: String,
}

/// A plugin's `fetch`.
impl From<wit::HttpResult> for Http {
    fn from(http: wit::HttpResult) -> Self {
        Self {
            method: http.method,
            path: http.path,
            query: http.query,
            status: http.status,
            headers: http.headers.into_iter().map(|pair| (pair.name, pair.value)).collect(),
            body: http.body.into(),
            tag: http.tag,
        }
    }
}

/// A line of a tailed file and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file's lasting name.
    pub file: Arc<str>,
    /// Byte where the line begins.
    pub offset: u64,
    /// The line without its end.
    pub bytes: Bytes,
}

/// How bytes from a file are to be read: `--as`, and `as` in a manifest's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One webhook body per file.
    Webhook,
    /// One response body per file.
    Response,
    /// One socket frame per file.
    Text,
    /// One input per line.
    Line,
}

impl InputKind {
    /// All of them.
    pub const ALL: [InputKind; 4] =
        [InputKind::Webhook, InputKind::Response, InputKind::Text, InputKind::Line];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            InputKind::Webhook => "webhook",
            InputKind::Response => "response",
            InputKind::Text => "text",
            InputKind::Line => "line",
        }
    }
}

impl fmt::Display for InputKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for InputKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = InputKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("`{name}` is none of webhook, response, text, line"))
    }
}

/// What a source has to say.
#[derive(Debug)]
pub enum Content {
    /// For the plugin.
    Input(Input),
    /// For the quarantine: the source itself sees that it is not fit for the plugin.
    Unfit {
        /// The input, or what there is of it.
        input: Input,
        /// The kind of trouble.
        class: FailureClass,
        /// The trouble in words.
        reason: String,
    },
    /// The feed is up, down, or has a gap.
    Feed(FeedState),
    /// Nothing but a new position.
    Nothing,
}

/// Something on its way from a source to a channel's actor.
#[derive(Debug)]
pub struct Delivery {
    /// What came.
    pub content: Content,
    /// When the host received it.
    pub received_ms: UnixMs,
    /// Where the source stands once this input is dealt with; stored with its events. None for
    /// sources that cannot go back.
    pub position: Option<Position>,
    /// Who waits to hear that it is on disk, or why it is not.
    pub answer: Option<Answer>,
    /// It comes from the quarantine: when it fails again, only its answer says so.
    pub is_retry: bool,
}

impl Content {
    /// What the plugin is to decode.
    pub fn input(&self) -> Option<&Input> {
        match self {
            Content::Input(input) => Some(input),
            Content::Unfit { .. } | Content::Feed(_) | Content::Nothing => None,
        }
    }
}

impl Delivery {
    /// An input whose fate nobody waits for.
    pub fn new(input: Input, received_ms: UnixMs) -> Self {
        let content = Content::Input(input);
        Self { content, received_ms, position: None, answer: None, is_retry: false }
    }
}
