//! Beginning a login, and coming back from the provider.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Url;
use zeroize::Zeroizing;

use super::error::{OidcError, said};
use super::ticket::Ticket;
use super::token::{self, Expected, Spoken};
use super::{Oidc, OidcCounts, claims};
use crate::access::LoggedIn;
use crate::access::login::LoginError;
use crate::access::secret::Hash;
use crate::access::store::Entered;

/// Longest code that a provider gives; longer is none.
const CODE_BYTES_MAX: usize = 4096;

/// Where a browser goes now, and what it keeps meanwhile.
pub struct Begun {
    /// The provider's page.
    pub address: String,
    /// For a cookie.
    pub cookie: Zeroizing<String>,
}

/// What a browser brings back from the provider.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// What it was sent with.
    pub state: String,
    /// To be exchanged.
    pub code: Option<String>,
    /// Instead of a code.
    pub error: Option<String>,
    /// Who sends it back, where the provider says so (RFC 9207).
    pub issuer: Option<String>,
}

impl Oidc {
    /// The provider's page for somebody who wants to go to `next` afterwards. With `as_another` it asks
    /// who they are even when it knows.
    pub async fn begin(
        &self,
        next: &str,
        redirect_uri: &str,
        as_another: bool,
    ) -> Result<Begun, OidcError> {
        let described = self.counted(self.shared.provider.described().await)?;
        let settings = &self.shared.settings;
        let now_ms = (self.shared.access.shared.now)();
        let ticket = match self.shared.tickets.lock() {
            Ok(tickets) => tickets.draw(next, now_ms)?,
            Err(_) => return Err(OidcError::Busy),
        };
        let odd = |_| OidcError::Odd("its page for logins is no address".to_owned());
        let mut address = described.authorization_endpoint.parse::<Url>().map_err(odd)?;
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &settings.scopes.join(" "))
            .append_pair("state", &ticket.state)
            .append_pair("nonce", &ticket.nonce)
            .append_pair("code_challenge", &ticket.challenge())
            .append_pair("code_challenge_method", "S256");
        if as_another {
            address.query_pairs_mut().append_pair("prompt", "login");
        }
        Ok(Begun { address: address.into(), cookie: ticket.cookie })
    }

    /// A session for who comes back, and where they wanted to go.
    pub async fn finish(
        &self,
        cookie: &str,
        answered: &Answered,
        redirect_uri: &str,
        from: Option<IpAddr>,
    ) -> Result<(LoggedIn, String), OidcError> {
        let access = &self.shared.access;
        let done = async {
            let ticket = self.taken(cookie, &answered.state)?;
            access.may_try(from, None).map_err(|error| match error {
                LoginError::TooMany { is_news, .. } => OidcError::TooMany { is_news },
                _ => OidcError::Busy,
            })?;
            let done = self.vouched(&ticket, answered, redirect_uri).await;
            // Whoever comes in does not guess, and what the provider or this server cannot do is
            // nobody's attempt: their password is another way in, which has the same limit.
            if matches!(
                &done,
                Ok(_) | Err(OidcError::Busy | OidcError::Down(_) | OidcError::Odd(_))
            ) {
                access.give_back(from, None);
            }
            Ok((done?, ticket.next))
        };
        self.counted(done.await)
    }

    /// Where people log out of the provider, if it is known to have such a page.
    pub async fn log_out_page(&self) -> Option<String> {
        self.shared.provider.log_out_page().await
    }

    /// The login that was begun in this browser, once.
    fn taken(&self, cookie: &str, state: &str) -> Result<Ticket, OidcError> {
        let now_ms = (self.shared.access.shared.now)();
        let mut tickets = self.shared.tickets.lock().map_err(|_| OidcError::Busy)?;
        tickets.take(cookie, state, now_ms).ok_or(OidcError::Stale)
    }

    /// Lets them in whom the provider vouches for.
    async fn vouched(
        &self,
        ticket: &Ticket,
        answered: &Answered,
        redirect_uri: &str,
    ) -> Result<LoggedIn, OidcError> {
        let settings = &self.shared.settings;
        if answered.issuer.as_ref().is_some_and(|issuer| *issuer != settings.issuer) {
            return Err(OidcError::Stale);
        }
        if let Some(error) = &answered.error {
            return Err(OidcError::Denied(said(error)));
        }
        let code = answered.code.as_deref().filter(|code| code.len() <= CODE_BYTES_MAX);
        let code = code.ok_or(OidcError::Stale)?;
        let spoken = {
            let Ok(_place) = self.shared.places.try_acquire() else { return Err(OidcError::Busy) };
            let provider = &self.shared.provider;
            let described = provider.described().await?;
            let token = provider.exchange(&described, (code, ticket, redirect_uri)).await?;
            self.verified(&token, &ticket.nonce).await?
        };
        self.enter(&spoken).await
    }

    async fn verified(&self, token: &str, nonce: &str) -> Result<Spoken, OidcError> {
        let settings = &self.shared.settings;
        let head = token::head(token)?;
        let keys = self.shared.provider.keys(|all| !token::keys(&head, all).is_empty()).await?;
        let now_ms = (self.shared.access.shared.now)();
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce,
            now_s: now_ms as f64 / 1000.0,
            skew_s: settings.clock_skew.as_secs_f64(),
        };
        Ok(token::verified(token, &head, &token::keys(&head, &keys), &expected)?)
    }

    /// Who is refused is out with all their sessions, whatever role those had.
    async fn enter(&self, spoken: &Spoken) -> Result<LoggedIn, OidcError> {
        let (access, settings) = (&self.shared.access, &self.shared.settings);
        // No address and no provider of others has the same.
        let subject = crate::access::secret::hash(&format!("{}\n{}", settings.issuer, spoken.sub));
        let entered = self.enter_as(subject, spoken).await;
        let is_out = matches!(
            &entered,
            Err(OidcError::NoRole | OidcError::NoName | OidcError::Taken | OidcError::Full)
        );
        if is_out {
            access.change(move |store| store.forget_subject(&subject)).await?;
        }
        entered
    }

    async fn enter_as(&self, subject: Hash, spoken: &Spoken) -> Result<LoggedIn, OidcError> {
        let (access, settings) = (&self.shared.access, &self.shared.settings);
        let role = claims::role(&spoken.claims, settings)?;
        let name = claims::name(&spoken.claims, settings)?;
        let (max, now_ms) = (access.shared.settings.people_max, (access.shared.now)());
        let of = name.clone();
        let entered = access.change(move |it| it.enter(&subject, (&of, role), max, now_ms)).await?;
        match entered {
            Entered::Done => {}
            Entered::Taken => return Err(OidcError::Taken),
            Entered::Full => {
                access.shared.counts.people_refused.fetch_add(1, Ordering::Relaxed);
                return Err(OidcError::Full);
            }
        }
        let session = access.begin_session(&name).await?;
        access.shared.counts.logins.fetch_add(1, Ordering::Relaxed);
        self.shared.counts.ok.fetch_add(1, Ordering::Relaxed);
        Ok(LoggedIn { name, session })
    }

    fn counted<T>(&self, done: Result<T, OidcError>) -> Result<T, OidcError> {
        if let Err(error) = &done
            && let Some(counter) = self.shared.counts.of(error)
        {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}

impl OidcCounts {
    /// Where a failure is counted; that of `access.login_attempts_max` has its own counter there.
    fn of(&self, error: &OidcError) -> Option<&AtomicU64> {
        Some(match error {
            OidcError::Down(_) | OidcError::Odd(_) => &self.provider,
            OidcError::Stale => &self.stale,
            OidcError::Denied(_) => &self.denied,
            OidcError::Token(_) => &self.forged,
            OidcError::NoRole
            | OidcError::NoGroups
            | OidcError::NoName
            | OidcError::Taken
            | OidcError::Full => &self.refused,
            OidcError::Busy => &self.busy,
            OidcError::TooMany { .. } | OidcError::Store(_) => return None,
        })
    }
}
