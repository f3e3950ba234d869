//! People who come in by the login of their organisation: OpenID Connect, authorization code flow with
//! PKCE. Whoever the provider vouches for gets the same session as by a password.
//!
//! May not speak HTTP: questions to the provider go through [`Ask`], whose maker sees to TLS and to which
//! addresses may be asked. What an ID token says counts only when its signature, issuer, audience, time
//! and nonce are right; it comes from the provider's token endpoint and ends here.
//!
//! | file | what is in it |
//! |---|---|
//! | `ticket` | what ties a login to the browser that began it |
//! | `provider` | what the provider says of itself, and its keys |
//! | `exchange` | the code for an ID token |
//! | `token` | whether an ID token is genuine and meant |
//! | `signatures` | how signatures are checked |
//! | `claims` | which name and role somebody gets |
//! | `login` | beginning a login, and coming back |
//! | `error` | why somebody does not come in |
//! | `fuzzing` | what the fuzzer needs of the inside |

mod claims;
mod error;
mod exchange;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod login;
mod provider;
mod signatures;
#[cfg(test)]
mod tests;
mod ticket;
mod token;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex as PlainMutex};

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::book::Access;
use super::{AccessError, secret};
use crate::config::model;
use provider::Provider;
use ticket::Tickets;

pub use error::OidcError;
pub use login::{Answered, Begun};

/// A question to the provider.
pub struct Question {
    /// Where.
    pub url: String,
    /// A form to post; none to get.
    pub form: Option<Zeroizing<String>>,
    /// The header `Authorization`.
    pub authorization: Option<Zeroizing<String>>,
}

/// What it answered.
pub struct Answer {
    /// HTTP's.
    pub status: u16,
    /// At most as long as the asker lets it be.
    pub body: Zeroizing<Vec<u8>>,
}

/// Carries questions to the provider. Why it got no answer is said in words that may stand in a log.
pub trait Ask: Send + Sync + 'static {
    /// Asks.
    fn ask(&self, question: Question) -> BoxFuture<'_, Result<Answer, String>>;
}

/// Logins by OpenID Connect; clones share it.
#[derive(Clone)]
pub struct Oidc {
    shared: Arc<Shared>,
}

struct Shared {
    access: Access,
    settings: model::Oidc,
    provider: Provider,
    tickets: PlainMutex<Tickets>,
    places: Semaphore,
    counts: OidcCounts,
}

/// What has happened since the start.
#[derive(Debug, Default)]
pub struct OidcCounts {
    /// Those who came in.
    pub ok: AtomicU64,
    /// Vouched for, and without a role or a name here.
    pub refused: AtomicU64,
    /// Logins that this server did not begin, that are too old, or that came back twice.
    pub stale: AtomicU64,
    /// The provider let them not in, or said that they did not want to.
    pub denied: AtomicU64,
    /// What the provider vouched with is not genuine, or not meant for this login.
    pub forged: AtomicU64,
    /// The provider does not answer, or not as it should.
    pub provider: AtomicU64,
    /// Too many at once (`access.oidc.logins_at_once_max`).
    pub busy: AtomicU64,
}

impl Oidc {
    /// By `[access.oidc]`. Nothing is asked before somebody wants to come in.
    pub fn new(
        access: Access,
        settings: model::Oidc,
        ask: Arc<dyn Ask>,
    ) -> Result<Self, AccessError> {
        let key = secret::random()?;
        let now = access.shared.now;
        let tickets = Tickets::new(key, settings.login_within, settings.logins_kept_max);
        let places = Semaphore::new(settings.logins_at_once_max);
        let provider = Provider::new(settings.clone(), ask, now);
        let (tickets, counts) = (PlainMutex::new(tickets), OidcCounts::default());
        let shared = Shared { access, settings, provider, tickets, places, counts };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// `[access.oidc]`
    pub fn settings(&self) -> &model::Oidc {
        &self.shared.settings
    }

    /// What has happened since the start.
    pub fn counts(&self) -> &OidcCounts {
        &self.shared.counts
    }

    /// Logins that were forgotten early (`access.oidc.logins_kept_max`).
    pub fn logins_forgotten(&self) -> u64 {
        self.shared.tickets.lock().map_or(0, |tickets| tickets.forgotten)
    }
}
