//! What the provider says of itself, and its keys: asked for when they are needed first, kept for a
//! while, and one that cannot be asked is left alone for some seconds.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use reqwest::Url;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::error::OidcError;
use super::{Answer, Ask, Question};
use crate::config::host::is_https_or_here;
use crate::config::model;
use crate::event::{Millis, UnixMs};

/// A longer address of an issuer is not repeated.
const NAMED_BYTES_MAX: usize = 200;
/// What it says of itself is asked for again after so long, and its keys.
const KEPT_MS: Millis = 60 * 60 * 1000;
/// A key that is not known makes the keys be asked for again, so often at most.
const KEYS_AGAIN_MS: Millis = 60 * 1000;
/// After a failure it is left alone for so long.
const REST_MS: Millis = 5_000;

/// What it says of itself (OpenID Connect Discovery, 3).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Described {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    pub(super) end_session_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Described {
    /// Whether the client's secret goes into the form; into a header otherwise, as is usual.
    pub(super) fn takes_secret_in_form(&self) -> bool {
        self.token_endpoint_auth_methods_supported.as_ref().is_some_and(|methods| {
            let has = |method: &str| methods.iter().any(|it| it == method);
            !has("client_secret_basic") && has("client_secret_post")
        })
    }
}

#[derive(Default)]
struct Standing {
    described: Option<(Arc<Described>, UnixMs)>,
    keys: Option<(Arc<JwkSet>, UnixMs)>,
    /// When the keys were last asked for because of one that was not known.
    again_ms: Option<UnixMs>,
    /// Why it is left alone, and since when.
    failed: Option<(Failure, UnixMs)>,
}

#[derive(Clone)]
enum Failure {
    Down(String),
    Odd(String),
}

impl From<Failure> for OidcError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Down(why) => Self::Down(why),
            Failure::Odd(why) => Self::Odd(why),
        }
    }
}

/// The provider, as far as it is known.
pub(super) struct Provider {
    pub(super) settings: model::Oidc,
    pub(super) ask: Arc<dyn Ask>,
    now: fn() -> UnixMs,
    /// Others wait here while one asks.
    standing: Mutex<Standing>,
}

impl Provider {
    pub(super) fn new(settings: model::Oidc, ask: Arc<dyn Ask>, now: fn() -> UnixMs) -> Self {
        Self { settings, ask, now, standing: Mutex::default() }
    }

    /// What it says of itself. What it said before is as good while it cannot be asked.
    pub(super) async fn described(&self) -> Result<Arc<Described>, OidcError> {
        let mut standing = self.standing.lock().await;
        self.describe(&mut standing).await
    }

    /// Where people log out of the provider, if it is known to have such a page.
    pub(super) async fn log_out_page(&self) -> Option<String> {
        // It is held while the provider is asked, for which nobody who leaves should wait.
        let standing = self.standing.try_lock().ok()?;
        let (described, _) = standing.described.as_ref()?;
        let page = described.end_session_endpoint.as_ref()?;
        let mut page = page.parse::<Url>().ok().filter(is_https_or_here)?;
        page.query_pairs_mut().append_pair("client_id", &self.settings.client_id);
        Some(page.into())
    }

    /// Its keys; asked for anew when `is_known` finds none in those that are kept.
    pub(super) async fn keys(
        &self,
        is_known: impl Fn(&JwkSet) -> bool,
    ) -> Result<Arc<JwkSet>, OidcError> {
        let mut standing = self.standing.lock().await;
        let now_ms = (self.now)();
        let kept = standing.keys.clone().filter(|(_, at_ms)| is_within(*at_ms, now_ms, KEPT_MS));
        if let Some((keys, _)) = kept {
            let was_just_asked =
                standing.again_ms.is_some_and(|at_ms| is_within(at_ms, now_ms, KEYS_AGAIN_MS));
            if is_known(&keys) || was_just_asked {
                return Ok(keys);
            }
            standing.again_ms = Some(now_ms);
        }
        let described = self.describe(&mut standing).await?;
        let asked = self.json::<JwkSet>(&mut standing, &described.jwks_uri, "its keys").await;
        match (asked, standing.keys.clone()) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                standing.keys = Some((Arc::clone(&keys), now_ms));
                Ok(keys)
            }
            (Err(_), Some((keys, _))) if is_known(&keys) => Ok(keys),
            (Err(failure), _) => Err(failure.into()),
        }
    }

    async fn describe(&self, standing: &mut Standing) -> Result<Arc<Described>, OidcError> {
        let now_ms = (self.now)();
        let kept = standing.described.clone();
        if let Some((described, at_ms)) = &kept
            && is_within(*at_ms, now_ms, KEPT_MS)
        {
            return Ok(Arc::clone(described));
        }
        let issuer = &self.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let asked = self.json::<Described>(standing, &url, "its description").await;
        let checked = asked.and_then(|described| self.checked(standing, described));
        match (checked, kept) {
            (Ok(described), _) => {
                let described = Arc::new(described);
                standing.described = Some((Arc::clone(&described), now_ms));
                Ok(described)
            }
            (Err(_), Some((described, _))) => Ok(described),
            (Err(failure), None) => Err(failure.into()),
        }
    }

    fn checked(&self, standing: &mut Standing, said: Described) -> Result<Described, Failure> {
        let issuer = &self.settings.issuer;
        let why = if said.issuer != *issuer {
            // Only an address is shown of what it says.
            let named = said.issuer.parse::<Url>().ok().filter(is_https_or_here).map(String::from);
            let named = named.filter(|named| named.len() <= NAMED_BYTES_MAX);
            let named = named.unwrap_or_else(|| "something that is no address".to_owned());
            format!("it calls itself {named}; access.oidc.issuer is {issuer}, and must be the same")
        } else if !said.authorization_endpoint.parse().is_ok_and(|url| is_https_or_here(&url)) {
            "its page for logins (authorization_endpoint) is no https address".to_owned()
        } else {
            return Ok(said);
        };
        let failure = Failure::Odd(why);
        self.note(standing, &failure);
        Err(failure)
    }

    async fn json<T: for<'de> Deserialize<'de>>(
        &self,
        standing: &mut Standing,
        url: &str,
        what: &str,
    ) -> Result<T, Failure> {
        let now_ms = (self.now)();
        if let Some((failure, since_ms)) = &standing.failed
            && is_within(*since_ms, now_ms, REST_MS)
        {
            return Err(failure.clone());
        }
        let question = Question { url: url.to_owned(), form: None, authorization: None };
        let read = match self.ask.ask(question).await {
            Err(why) => Err(Failure::Down(why)),
            Ok(Answer { status: 200, body }) => serde_json::from_slice(&body)
                .map_err(|_| Failure::Odd(format!("{what} cannot be read"))),
            Ok(Answer { status, .. }) if status >= 500 => {
                Err(Failure::Down(format!("it answered {status} when asked for {what}")))
            }
            Ok(Answer { status, .. }) => {
                Err(Failure::Odd(format!("it answered {status} when asked for {what}")))
            }
        };
        match &read {
            Ok(_) => standing.failed = None,
            Err(failure) => self.note(standing, failure),
        }
        read
    }

    fn note(&self, standing: &mut Standing, failure: &Failure) {
        standing.failed = Some((failure.clone(), (self.now)()));
        let error = OidcError::from(failure.clone());
        tracing::warn!(issuer = self.settings.issuer, %error, "logins by OpenID Connect fail");
    }
}

/// A clock that was set back ends it, too.
fn is_within(at_ms: UnixMs, now_ms: UnixMs, length_ms: Millis) -> bool {
    (0..length_ms).contains(&now_ms.saturating_sub(at_ms))
}
