//! Channels: where a network's raw bytes become events, and nothing else of theirs gets in.
//!
//! ```text
//! HTTP ──► Registry::deliver ─► verify ─┐ (handshakes end here)
//! file, poll ─► source ─────────────────┴► mailbox ─► actor ─► plugin (host) ─► Normalize ─► Sink
//!                                                       └────► bad input ─► RejectedSink
//! ```
//!
//! One actor per `[channel.NAME]` owns one plugin instance; nothing that a plugin does reaches
//! another channel. An event's way is over here when the journal has it: a 2xx to a network is
//! given by the journal, through the [`reply::Answer`] that travels with the events.
//!
//! The actors know neither disks nor sockets: who keeps, hashes, quarantines and fetches is handed
//! to them by the traits below. Those who do the work stand in here too, each in a room of its own:
//! [`privacy`] hashes, [`quarantine`] owns its file, [`egress`] asks hosts, [`source`] reads files.
//! Only the journal stands outside.

pub mod actor;
#[cfg(test)]
#[path = "../../tests/support/authority.rs"]
mod authority;
mod back_off;
mod callers;
pub mod egress;
pub mod enrich;
pub mod handshake;
pub mod host;
pub mod input;
pub mod intake;
pub mod link;
pub mod manifest;
pub mod privacy;
pub mod quarantine;
pub mod registry;
pub mod reply;
pub mod request;
pub mod same_as;
pub mod source;
pub mod status;
pub mod trust;
pub mod verify;

use std::pin::Pin;
use std::sync::Arc;

use host::FailureClass;
use input::{Input, Response};
use link::Linker;
use request::Request;

use crate::event::{Event, UnixMs};
use crate::journal::{Append, JournalError, JournalHandle};

/// Where events go to become durable.
pub trait Sink: Send + Sync {
    /// Queues an append without waiting; gives it back when that cannot be.
    #[allow(clippy::result_large_err, reason = "the append itself comes back")]
    fn append(&self, append: Append) -> Result<(), (Append, JournalError)>;

    /// Resolves when the commit that is under way is done; none when there is none.
    fn commit_under_way(&self) -> Option<BoxFuture<()>> {
        None
    }
}

impl Sink for JournalHandle {
    #[allow(clippy::result_large_err, reason = "as in the trait")]
    fn append(&self, append: Append) -> Result<(), (Append, JournalError)> {
        self.try_append(append)
    }

    fn commit_under_way(&self) -> Option<BoxFuture<()>> {
        JournalHandle::commit_under_way(self).map(|done| Box::pin(done) as BoxFuture<()>)
    }
}

/// Takes out of an event what must not be kept: identifiers become keyed hashes, attributes
/// that the plugin does not declare go.
pub trait Normalize: Send + Sync {
    /// Called once for each event, before anybody else sees it.
    fn event(&self, event: Event) -> Event;
}

impl Normalize for privacy::Pseudonymizer {
    fn event(&self, event: Event) -> Event {
        privacy::Pseudonymizer::event(self, event)
    }
}

/// Keeps what could not be decoded, for the operator.
pub trait RejectedSink: Send + Sync {
    /// Takes one input; done when it is on disk, or cannot be: why. The channel waits for it.
    fn put(&self, rejected: Rejected) -> BoxFuture<Result<(), String>>;
}

/// An input that made trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The channel it came by.
    pub channel: String,
    /// The plugin and its version, such as `telegram 0.1.0`.
    pub plugin: String,
    /// The kind of trouble.
    pub class: FailureClass,
    /// The trouble in words.
    pub reason: String,
    /// The raw input. Its headers are those that the plugin reads: no secrets among them.
    pub input: Input,
    /// When it was received.
    pub received_ms: UnixMs,
}

/// A future on the heap, as traits need it.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Asks hosts on a plugin's behalf, within what the operator granted.
pub trait Fetcher: Send + Sync {
    /// Sends a `fetch` command's request. Cannot fail: when there is no answer, the response has
    /// status 0 and says why in its body. The response repeats the request's tag.
    fn fetch(self: Arc<Self>, request: Request) -> BoxFuture<Response>;

    /// The same way out for links, where there is one.
    fn linker(self: Arc<Self>) -> Option<Arc<dyn Linker>> {
        None
    }

    /// What requests and links lacked, each with the line of which file that gives it.
    fn lacks(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Fetcher for egress::Egress {
    fn fetch(self: Arc<Self>, request: Request) -> BoxFuture<Response> {
        Box::pin(async move { egress::Egress::fetch(&self, request).await })
    }

    fn linker(self: Arc<Self>) -> Option<Arc<dyn Linker>> {
        Some(self)
    }

    fn lacks(&self) -> Vec<String> {
        egress::Egress::lacks(self)
    }
}
