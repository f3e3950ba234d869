//! Accounts at networks: the host signs in by OAuth 2.0 (RFC 6749), renews access tokens before they
//! run out and when a network refuses one, and puts them where a plugin's request has the account's
//! name as a secret. No token is in a plugin's memory, its snapshot, or the journal.
//!
//! Some token servers give a new refresh token each time and take the old one back. The newest is
//! kept in `state_dir/accounts`, readable by the server's user only; when the operator configures
//! another one, that one counts.
//!
//! Written here and not taken from a crate: what `oauth2` would do for us is to make one form and to
//! read four fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::error::explain;
use super::secrets::may_go;
use super::{EgressError, FetchError, body, hosts};
use crate::channel::back_off::{BackOff, Pace};
use crate::channel::manifest::{ANY_HOST, ClientAuth, Grant, OauthUse};
use crate::channel::request::{Atom, Piece, Request};
use crate::config::host::{Host, HostGrant};
use crate::config::model::{OauthClient, Secret};
use crate::files;

/// Renewed so much before it runs out: clocks differ, and requests take time.
const RENEWED_BEFORE: Duration = Duration::from_secs(60);
/// After a refusal the token server is left alone for so long, at first and at most.
const REST: Pace = Pace { min: Duration::from_secs(2), max: Duration::from_secs(300) };
/// More is no token server's answer.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// Tokens that are looked for in answers: the last ones.
const KNOWN_MAX: usize = 6;

/// Access tokens for one request, by the accounts' names.
pub(super) type Tokens = BTreeMap<String, Secret>;

/// Those that the plugin declares and the operator gave.
pub(super) struct Accounts {
    by_name: BTreeMap<String, Account>,
    /// Tokens that a server may send back.
    known: Mutex<Vec<(String, Secret)>>,
}

struct Account {
    token_url: Url,
    grant: Grant,
    client_auth: ClientAuth,
    scope: Option<String>,
    client: OauthClient,
    /// None: the one host that the operator granted.
    hosts: Option<Vec<HostGrant>>,
    /// Where the newest refresh token is kept.
    file: Option<PathBuf>,
    standing: tokio::sync::Mutex<Standing>,
}

#[derive(Default)]
struct Standing {
    access: Option<Access>,
    /// The newest; none before the first look into the file.
    refresh: Option<Secret>,
    refused: Option<Refused>,
}

struct Access {
    token: Secret,
    /// None: until a network refuses it.
    good_until: Option<Instant>,
}

struct Refused {
    why: String,
    back_off: BackOff,
}

impl Accounts {
    pub(super) fn new(
        given: BTreeMap<String, OauthClient>,
        declared: &BTreeMap<String, OauthUse>,
        granted: &[HostGrant],
        folder: Option<&std::path::Path>,
    ) -> Result<Self, EgressError> {
        let mut by_name = BTreeMap::new();
        for (name, client) in given {
            let Some(account) = declared.get(&name) else { continue };
            let any = account.hosts.iter().any(|host| host == ANY_HOST);
            if any && granted.len() > 1 {
                return Err(EgressError::ManyHosts(granted.len()));
            }
            let token_url = client.token_url.as_ref().or(account.token_url.as_ref());
            let token_url = token_url.and_then(|url| url.parse().ok());
            let token_url = token_url.ok_or_else(|| EgressError::NoTokenUrl(name.clone()))?;
            let account = Account {
                token_url,
                grant: account.grant,
                client_auth: account.client_auth,
                scope: account.scope.clone(),
                hosts: if any { None } else { Some(hosts(&account.hosts)?) },
                file: folder.map(|folder| folder.join(format!("{name}.json"))),
                client,
                standing: tokio::sync::Mutex::default(),
            };
            by_name.insert(name, account);
        }
        Ok(Self { by_name, known: Mutex::default() })
    }

    /// The hosts of an account: to whom its token may be sent.
    pub(super) fn hosts(&self, name: &str) -> Option<Option<&[HostGrant]>> {
        self.by_name.get(name).map(|account| account.hosts.as_deref())
    }

    /// Where tokens are given, by account.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (&str, &Url)> {
        self.by_name.iter().map(|(name, account)| (name.as_str(), &account.token_url))
    }

    /// The accounts that a request names.
    pub(super) fn named(&self, request: &Request) -> BTreeSet<String> {
        let headers = request.headers.iter().flat_map(|(_, value)| value);
        let pieces = request.url.iter().chain(headers).chain(&request.body);
        let mut names = BTreeSet::new();
        for piece in pieces {
            match piece {
                Piece::Bytes(_) => {}
                Piece::Secret(name) => drop(names.insert(name)),
                Piece::Computed(computed) => {
                    for atom in computed.key.iter().chain(&computed.over) {
                        if let Atom::Secret(name) = atom {
                            names.insert(name);
                        }
                    }
                }
            }
        }
        names.into_iter().filter(|name| self.by_name.contains_key(*name)).cloned().collect()
    }

    /// The accounts whose tokens may go to this address.
    pub(super) fn for_address(&self, host: &Host, url: &Url) -> BTreeSet<String> {
        let fits = |account: &Account| may_go("", account.hosts.as_deref(), host, url).is_ok();
        let all = self.by_name.iter().filter(|(_, account)| fits(account));
        all.map(|(name, _)| name.clone()).collect()
    }

    /// A good token of an account: the one that is there, or a new one. Not the one that a network has
    /// just refused.
    pub(super) async fn token(
        &self,
        name: &str,
        refused: Option<&Secret>,
        client: &Client,
    ) -> Result<Secret, FetchError> {
        let failed = |why: String| FetchError::NotSignedIn { account: name.to_owned(), why };
        let Some(account) = self.by_name.get(name) else {
            return Err(FetchError::UnknownSecret(name.to_owned()));
        };
        // Others wait here while one renews it.
        let mut standing = account.standing.lock().await;
        if let Some(Access { token, good_until }) = &standing.access
            && good_until.is_none_or(|until| Instant::now() < until)
            && refused != Some(token)
        {
            return Ok(token.clone());
        }
        if let Some(Refused { why, back_off }) = &standing.refused
            && !back_off.wait(Instant::now()).is_zero()
        {
            return Err(failed(why.clone()));
        }
        match account.renew(&mut standing, client).await {
            Ok(token) => {
                standing.refused = None;
                self.remember(name, &[Some(&token), standing.refresh.as_ref()]);
                Ok(token)
            }
            Err(why) => {
                let before = standing.refused.take();
                let mut back_off = before.map_or_else(|| BackOff::new(REST), |it| it.back_off);
                let now = Instant::now();
                back_off.ended(None, now);
                let rest_s = back_off.wait(now).as_secs();
                tracing::warn!(account = name, why, rest_s, "cannot sign in");
                standing.refused = Some(Refused { why: why.clone(), back_off });
                Err(failed(why))
            }
        }
    }

    fn remember(&self, name: &str, tokens: &[Option<&Secret>]) {
        let mut known = self.known();
        for token in tokens.iter().flatten() {
            if !known.iter().any(|(_, it)| it == *token) {
                known.push((name.to_owned(), (*token).clone()));
            }
        }
        let too_many = known.len().saturating_sub(KNOWN_MAX);
        known.drain(..too_many);
    }

    /// What a server may send back.
    pub(super) fn known(&self) -> MutexGuard<'_, Vec<(String, Secret)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    /// Asks the token server; why not, in words without a secret.
    async fn renew(&self, standing: &mut Standing, client: &Client) -> Result<Secret, String> {
        standing.access = None;
        if self.grant == Grant::RefreshToken && standing.refresh.is_none() {
            standing.refresh = self.kept().await.or_else(|| self.client.refresh_token.clone());
            if standing.refresh.is_none() {
                return Err("the operator gave no refresh_token".to_owned());
            }
        }
        let answer = self.ask(standing.refresh.as_ref(), client).await?;
        let token = Secret::new(answer.access_token.as_bytes());
        let good_until = answer.expires_in.map(|seconds| {
            let whole = Duration::from_secs(seconds.min(YEAR_S));
            Instant::now() + whole.saturating_sub(RENEWED_BEFORE.min(whole / 2))
        });
        if let Some(refresh) = answer.refresh_token.as_ref().filter(|it| !it.is_empty()) {
            let refresh = Secret::new(refresh.as_bytes());
            if standing.refresh.as_ref() != Some(&refresh) {
                self.keep(&refresh).await;
                standing.refresh = Some(refresh);
            }
        }
        standing.access = Some(Access { token: token.clone(), good_until });
        Ok(token)
    }

    async fn ask(&self, refresh: Option<&Secret>, client: &Client) -> Result<Answer, String> {
        let OauthClient { client_id, client_secret, .. } = &self.client;
        let secret = client_secret.as_ref().map_or(&b""[..], Secret::expose);
        let mut request = reqwest::Request::new(reqwest::Method::POST, self.token_url.clone());
        let form = {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("grant_type", self.grant.word());
            if let Some(refresh) = refresh {
                form.append_pair("refresh_token", &String::from_utf8_lossy(refresh.expose()));
            }
            if let Some(scope) = &self.scope {
                form.append_pair("scope", scope);
            }
            if self.client_auth == ClientAuth::Body {
                form.append_pair("client_id", client_id);
                if !secret.is_empty() {
                    form.append_pair("client_secret", &String::from_utf8_lossy(secret));
                }
            }
            form.finish()
        };
        if self.client_auth == ClientAuth::Basic {
            let value = basic(client_id, secret)?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let of_a_form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, of_a_form);
        *request.body_mut() = Some(form.into());
        let host = self.token_url.host_str().unwrap_or_default();
        let failed = |error: reqwest::Error| explain(&error, host).to_string();
        let mut answer = client.execute(request).await.map_err(failed)?;
        let status = answer.status();
        let body = body(&mut answer, host, ANSWER_BYTES_MAX).await.map_err(|error| match error {
            FetchError::TooLarge { .. } => format!("the answer of {host} is too large"),
            error => error.to_string(),
        });
        let body = Zeroizing::new(body?);
        if !status.is_success() {
            let said = serde_json::from_slice::<Complaint>(&body).ok();
            let known = said.and_then(|said| COMPLAINTS.into_iter().find(|it| *it == said.error));
            let why = known.map(|it| format!(" ({it})")).unwrap_or_default();
            return Err(format!("{host} answered {}{why}", status.as_u16()));
        }
        serde_json::from_slice(&body).map_err(|_| format!("{host} gave no access token"))
    }

    /// The newest refresh token that was given for the one in the config.
    async fn kept(&self) -> Option<Secret> {
        let (file, of) = (self.file.clone()?, self.client.refresh_token.as_ref().map(mark)?);
        let read = tokio::task::spawn_blocking(move || files::read(&file, FILE_BYTES_MAX));
        let bytes = Zeroizing::new(read.await.ok()?.ok()?);
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        (kept.of == of).then(|| Secret::new(kept.refresh_token.as_bytes()))
    }

    async fn keep(&self, refresh: &Secret) {
        let Some((file, first)) = self.file.clone().zip(self.client.refresh_token.as_ref()) else {
            return;
        };
        let refresh_token = String::from_utf8_lossy(refresh.expose()).into_owned();
        let kept = Kept { of: mark(first), refresh_token: Zeroizing::new(refresh_token) };
        let Ok(text) = serde_json::to_vec(&kept).map(Zeroizing::new) else { return };
        let name = file.display().to_string();
        let written = tokio::task::spawn_blocking(move || {
            if let Some(folder) = file.parent() {
                files::create_private_folder(folder)?;
            }
            files::replace(&file, &file.with_extension("new"), &[&text])
        });
        if let Err(error) = written.await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
        {
            tracing::error!(file = name, %error, "a new refresh token cannot be kept; \
                after a restart the account may need a new one from you");
        }
    }
}

/// No token lives longer.
const YEAR_S: u64 = 366 * 86_400;
/// A file with one token in it.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// As RFC 6749 has it in section 2.3.1: both parts are escaped before they are joined.
fn basic(client_id: &str, secret: &[u8]) -> Result<HeaderValue, String> {
    let escaped = |bytes: &[u8]| form_urlencoded::byte_serialize(bytes).collect::<String>();
    let pair = Zeroizing::new(format!("{}:{}", escaped(client_id.as_bytes()), escaped(secret)));
    let value = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(&*pair)));
    let mut value =
        HeaderValue::from_str(&value).map_err(|_| "the client_id is no text".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Tells one refresh token of the config from another, without being it.
fn mark(token: &Secret) -> String {
    hex::encode(&Sha256::digest(token.expose())[..16])
}

/// RFC 6749, section 5.1.
#[derive(Deserialize)]
struct Answer {
    access_token: Zeroizing<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<Zeroizing<String>>,
}

/// A number, as text from some servers.
fn seconds<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<u64>, D::Error> {
    Ok(match serde_json::Value::deserialize(reader)? {
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// RFC 6749, section 5.2.
#[derive(Deserialize)]
struct Complaint {
    error: String,
}

/// All that the RFC knows. Whatever else a server says may hold what it was sent.
const COMPLAINTS: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Which token of the config it comes from.
    of: String,
    refresh_token: Zeroizing<String>,
}
