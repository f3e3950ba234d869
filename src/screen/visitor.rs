//! Who comes, before there is a seat.

use std::net::SocketAddr;

use tokio::sync::watch;

use super::paired::Ticket;
use super::{BROWSER_CHARS_MAX, Introduction, is_name};

/// Who wants a seat.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub(super) remote: Option<SocketAddr>,
    pub(super) name: Option<String>,
    pub(super) browser: String,
    /// Of a paired screen: any word here ends its session.
    pub(super) is_revoked: Option<watch::Receiver<bool>>,
}

impl Visitor {
    /// What it says of itself, as far as that can be believed.
    pub fn new(
        introduction: Introduction,
        remote: Option<SocketAddr>,
        browser: Option<&str>,
    ) -> Visitor {
        let browser = browser.unwrap_or_default().chars().filter(|c| !c.is_control());
        Visitor {
            remote,
            name: introduction.screen.filter(|name| is_name(name)),
            browser: browser.take(BROWSER_CHARS_MAX).collect(),
            is_revoked: None,
        }
    }

    /// It is a paired screen: it is called what the operator called it.
    pub fn with_ticket(self, ticket: Ticket) -> Visitor {
        Visitor { name: Some(ticket.name), is_revoked: Some(ticket.is_revoked), ..self }
    }

    /// It has no name of its own, or none that it may have.
    pub fn nameless(self) -> Visitor {
        Visitor { name: None, ..self }
    }

    /// What it calls itself.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}
