//! Requests by which a network tries whether an address is ours: answered here, without waking the
//! plugin and without a line in the journal.
//!
//! `plugin.toml` says which ones the network knows (`[[handshake]]`), the operator's config what they
//! compare with or answer (`handshake.NAME`). A request that asks for one and is refused counts as a
//! wrong signature. Answers are plain text or JSON and nothing that a browser would run.

mod get;
mod post;

use self::get::Get;
use self::post::{Asked, Post};
use super::input::{Incoming, Method};
use super::manifest::{Handshake, Shake};
use super::reply::Reply;
use super::verify::{NotVerified, VerifyError};
use crate::config::model::Channel;

/// In the operator's texts: for all that are not named.
const ANY: &str = "*";

/// A channel's handshakes, ready to use.
pub(super) struct Handshakes {
    gets: Vec<Get>,
    posts: Vec<Post>,
    uses_secret: bool,
}

impl Handshakes {
    pub(super) fn of(channel: &Channel, declared: &[Handshake]) -> Result<Self, VerifyError> {
        no_strangers(channel, declared)?;
        let mut made = Self { gets: Vec::new(), posts: Vec::new(), uses_secret: false };
        for handshake in declared {
            match handshake.scheme {
                Shake::Ok | Shake::MetaChallenge | Shake::XCrc => {
                    let (get, uses_secret) = Get::build(handshake, channel)?;
                    made.uses_secret |= uses_secret;
                    made.gets.push(get);
                }
                Shake::Echo | Shake::Fixed => made.posts.push(Post::build(handshake, channel)?),
            }
        }
        // What asks for nothing in particular is looked at last.
        made.gets.sort_by_key(Get::is_for_all);
        Ok(made)
    }

    /// Whether the channel's own secret is compared with.
    pub(super) fn use_secret(&self) -> bool {
        self.uses_secret
    }

    /// The answer to a request that is known by its head. None: it asks for no handshake.
    pub(super) fn answer_head(&self, head: &Incoming) -> Option<Result<Reply, NotVerified>> {
        if !matches!(head.method, Method::Get | Method::Head) {
            return None;
        }
        self.gets.iter().find_map(|get| get.answer(head.query.as_deref().unwrap_or_default()))
    }

    /// Whether it may turn out to be a handshake that the network does not sign.
    pub(super) fn may_be_unsigned(&self, head: &Incoming) -> bool {
        head.method == Method::Post
            && self.posts.iter().any(|post| post.is_unsigned())
            && post::is_small(head)
    }

    /// The handshake that a whole request asks for.
    pub(super) fn asked_by(&self, request: &Incoming) -> Option<Asked<'_>> {
        if request.method != Method::Post || self.posts.is_empty() {
            return None;
        }
        let body = post::read(request)?;
        self.posts.iter().find_map(|post| post.asked_by(&body))
    }
}

/// Each value that the operator gives belongs to a handshake that the plugin has.
fn no_strangers(channel: &Channel, declared: &[Handshake]) -> Result<(), VerifyError> {
    let takes = |name: &str| declared.iter().any(|it| it.name() == name && it.takes_value());
    let Some(name) = channel.handshake.keys().find(|name| !takes(name)) else { return Ok(()) };
    let known: Vec<&str> =
        declared.iter().filter(|it| it.takes_value()).map(Handshake::name).collect();
    let known = match known.as_slice() {
        [] => "it needs nothing for handshakes".to_owned(),
        known => format!("it knows {}", known.join(", ")),
    };
    let why = format!("the plugin knows no such handshake, {known}; remove or rename it");
    Err(VerifyError::Handshake { name: name.clone(), why })
}

/// 200 with a text that a browser takes for nothing else.
fn answer(content_type: &'static str, text: impl Into<bytes::Bytes>) -> Reply {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    Reply { headers, body: text.into(), ..Reply::default() }
}

#[cfg(test)]
mod tests;
