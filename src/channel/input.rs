//! What a source hands to a channel's actor: one input, and who waits for its fate.

mod kind;

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::HeaderMap;
use bytes::Bytes;
use zeroize::Zeroize;

pub use self::kind::InputKind;
use super::actor::Position;
use super::host::{FailureClass, wit};
use super::reply::Answer;
use crate::clock;
use crate::event::{Feed, UnixMs};

/// One thing that a network said. Mirrors `input` of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A webhook call whose signature was checked.
    Webhook(Webhook),
    /// The answer to a `fetch`; status 0 when there was none, the body then says why.
    Response(Response),
    /// One line of a tailed file.
    Line(Line),
    /// What came on a link.
    Frame(Frame),
    /// A part of a mail or of a file.
    Document(Document),
    /// A link, or the tailed file, is open.
    Connected(LinkUp),
    /// A link, or the tailed file, went away.
    Disconnected(LinkDown),
    /// A timer that the plugin set.
    Timer(String),
}

impl Input {
    /// The bytes that a person would look at, without what surrounds them.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Input::Webhook(webhook) => &webhook.body,
            Input::Response(response) => &response.body,
            Input::Line(line) => &line.bytes,
            Input::Frame(frame) => frame.content.bytes(),
            Input::Document(document) => &document.bytes,
            Input::Disconnected(link) => link.reason.as_bytes(),
            Input::Timer(tag) => tag.as_bytes(),
            Input::Connected(_) => &[],
        }
    }

    /// Drops it without leaving its bytes in freed memory, where nobody else holds them.
    pub fn wipe(self) {
        match self {
            Input::Webhook(Webhook { body: bytes, .. })
            | Input::Response(Response { body: bytes, .. })
            | Input::Line(Line { bytes, .. })
            | Input::Document(Document { bytes, .. })
            | Input::Frame(Frame { content: FrameContent::Bytes(bytes), .. }) => {
                if let Ok(mut bytes) = bytes.try_into_mut() {
                    bytes.as_mut().zeroize();
                }
            }
            Input::Frame(Frame { content: FrameContent::Text(mut text), .. }) => text.zeroize(),
            Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) => {}
        }
    }

    /// Its case in the contract.
    pub fn kind(&self) -> &'static str {
        match self {
            Input::Webhook(_) => "webhook",
            Input::Response(_) => "response",
            Input::Line(_) => "line",
            Input::Frame(_) => "frame",
            Input::Document(_) => "document",
            Input::Connected(_) => "connected",
            Input::Disconnected(_) => "disconnected",
            Input::Timer(_) => "timer",
        }
    }
}

/// How HTTP is asked: by a network's webhook, or by a plugin's fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`, as nearly always.
    #[default]
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
}

impl Method {
    /// As HTTP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
        }
    }
}

impl From<wit::Method> for Method {
    fn from(method: wit::Method) -> Self {
        match method {
            wit::Method::Get => Method::Get,
            wit::Method::Head => Method::Head,
            wit::Method::Post => Method::Post,
            wit::Method::Put => Method::Put,
            wit::Method::Patch => Method::Patch,
            wit::Method::Delete => Method::Delete,
            wit::Method::Options => Method::Options,
        }
    }
}

/// There are others; nobody here speaks them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the method is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")]
pub struct NotAMethod;

impl FromStr for Method {
    type Err = NotAMethod;

    fn from_str(name: &str) -> Result<Self, NotAMethod> {
        use Method::{Delete, Get, Head, Options, Patch, Post, Put};
        let all = [Get, Head, Post, Put, Patch, Delete, Options];
        all.into_iter().find(|method| method.as_str() == name).ok_or(NotAMethod)
    }
}

/// A network's call as HTTP hands it in: its body is within the limit, its signature not yet
/// checked.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method.
    pub method: Method,
    /// The query string without `?`; none without one.
    pub query: Option<String>,
    /// All headers: signatures are among them.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: Bytes,
    /// Who called.
    pub remote: Option<SocketAddr>,
    /// What follows the channel's name in the address, as it was sent.
    pub tail: Option<String>,
    /// Scheme and host that the network called, such as `https://desk.example`, where a trusted proxy
    /// says it.
    pub origin: Option<String>,
}

/// A network's call, its signature checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Webhook {
    /// Mostly `POST`.
    pub method: Method,
    /// Without `?`; none when there is none.
    pub query: Option<String>,
    /// Only the headers that the plugin's manifest names: never a secret or a cookie.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Bytes,
}

/// What the plugin gets back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0 when there was none: the body then says why.
    pub status: u16,
    /// As sent, but for cookies.
    pub headers: Vec<(String, String)>,
    /// As sent; secrets of the channel are replaced by their placeholders.
    pub body: Bytes,
    /// The request's.
    pub tag: String,
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

/// What came on a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The link's name.
    pub link: Arc<str>,
    /// As it came.
    pub content: FrameContent,
}

/// What a frame holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameContent {
    /// A WebSocket's text message.
    Text(String),
    /// A binary one, or bytes of a stream.
    Bytes(Bytes),
}

impl FrameContent {
    /// Of both.
    pub fn bytes(&self) -> &[u8] {
        match self {
            FrameContent::Text(text) => text.as_bytes(),
            FrameContent::Bytes(bytes) => bytes,
        }
    }
}

/// A part of a whole thing, such as a mail or a file in a watched folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Names the whole thing for ever.
    pub name: Arc<str>,
    /// Such as `message/rfc822`.
    pub media_type: Arc<str>,
    /// When its box received it, where that is known.
    pub received_ms: Option<UnixMs>,
    /// Where in the whole the part begins.
    pub offset: u64,
    /// Nothing of it follows.
    pub is_last: bool,
    /// The part.
    pub bytes: Bytes,
}

/// The link by which a plugin knows the tailed file.
pub const FILE_LINK: &str = "file";
/// The link by which a plugin knows the place of its documents.
pub const DOCUMENTS_LINK: &str = "documents";

/// A link, the tailed file, or the place of documents is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkUp {
    /// Its name.
    pub link: Arc<str>,
    /// What the two sides of a WebSocket agreed on.
    pub protocol: Option<String>,
    /// Of a WebSocket's handshake.
    pub headers: Vec<(String, String)>,
}

/// A link, or the tailed file, went away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkDown {
    /// Its name.
    pub link: Arc<str>,
    /// A WebSocket's close code, or the HTTP status that refused it.
    pub code: Option<u16>,
    /// In words.
    pub reason: String,
}

impl Content {
    /// The plugin is to hear that a source of the host's own can be read.
    pub fn connected(link: &str) -> Self {
        Content::Input(Input::Connected(LinkUp { link: link.into(), ..LinkUp::default() }))
    }

    /// The plugin is to hear that it cannot; why.
    pub fn disconnected(link: &str, reason: String) -> Self {
        let down = LinkDown { link: link.into(), code: None, reason };
        Content::Input(Input::Disconnected(down))
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
    /// The feed, or a part of it, is up, down, or has a gap.
    Feed(Feed),
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
    /// When it cannot be decoded, only its answer says so: it comes from the quarantine, or it is a part
    /// of a document, and its source sets the whole of it aside.
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
        Self::of(Content::Input(input), received_ms)
    }

    /// What a source of the host's own says: where it stands then, and who waits.
    pub fn at(content: Content, position: Position, answer: Answer) -> Self {
        let of = Self::of(content, clock::now_ms());
        Self { position: Some(position), answer: Some(answer), ..of }
    }

    /// Whatever a source says, where nobody waits for its fate.
    pub fn of(content: Content, received_ms: UnixMs) -> Self {
        Self { content, received_ms, position: None, answer: None, is_retry: false }
    }
}
