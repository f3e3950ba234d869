//! Why somebody does not come in by OpenID Connect. No text of the provider's is in it: that may hold
//! anything.

use super::token::TokenError;
use crate::access::AccessError;

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// No answer.
    #[error("the provider of OpenID Connect cannot be asked: {0}")]
    Down(String),
    /// An answer that makes no sense.
    #[error("the provider of OpenID Connect answers something else than expected: {0}")]
    Odd(String),
    /// Begun elsewhere, before a restart, too long ago, or come back before.
    #[error("this login was not begun here, too long ago, or is over")]
    Stale,
    /// The provider said no, or the person did.
    #[error("the provider of OpenID Connect let nobody in ({0})")]
    Denied(&'static str),
    /// What the provider vouches with does not hold.
    #[error("the ID token does not hold: {0}")]
    Token(#[from] TokenError),
    /// No value of the claim has a role, and there is no default.
    #[error("none of their groups has a role here")]
    NoRole,
    /// They are in more groups than fit into an ID token: the provider names none of them there.
    #[error("the ID token leaves their groups out, for there are too many")]
    NoGroups,
    /// The claim is not there, or cannot be a name.
    #[error("the provider gives no name that fits (access.oidc.name_claim)")]
    NoName,
    /// Somebody else has it.
    #[error("the name belongs to somebody who comes in otherwise")]
    Taken,
    /// `access.people_max`
    #[error("there are as many people as may be (access.people_max)")]
    Full,
    /// `access.login_attempts_max`
    #[error("too many attempts")]
    TooMany {
        /// It is the first.
        is_news: bool,
    },
    /// `access.oidc.logins_at_once_max`
    #[error("too many are logging in at this moment")]
    Busy,
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] AccessError),
}

impl OidcError {
    /// A word for the address of the login page, which says it in the site's language.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Down(_) => "down",
            Self::Odd(_) => "odd",
            Self::Stale => "stale",
            Self::Denied(_) => "denied",
            Self::Token(_) => "token",
            Self::NoRole => "no-role",
            Self::NoGroups => "no-groups",
            Self::NoName => "no-name",
            Self::Taken => "taken",
            Self::Full => "full",
            Self::TooMany { .. } => "too-many",
            Self::Busy => "busy",
            Self::Store(_) => "disk",
        }
    }
}

/// What a provider may say that went wrong: RFC 6749 (4.1.2.1) and OpenID Connect Core (3.1.2.6).
const SAID: [&str; 13] = [
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_request",
    "invalid_request_object",
    "invalid_scope",
    "login_required",
    "request_not_supported",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
];

/// One of those, or that it was none of them.
pub(super) fn said(error: &str) -> &'static str {
    SAID.into_iter().find(|known| *known == error).unwrap_or("for a reason of its own")
}
