//! Carries out the `fetch` commands of one channel's plugin, and opens its links, as far as the operator lets it.
//!
//! A host must be declared by the plugin and granted by the operator. A name is resolved here,
//! the addresses are checked, and the connection goes to the checked ones; private, loopback,
//! link-local and metadata addresses are reached only when granted by number. Redirects are
//! not followed and no proxy of the environment is used, because both would go around the
//! check. Secrets are put in here, where a request has one as a piece of its own: a network cannot
//! ask for one in its own text. Each goes to the hosts that the manifest names for it, and never
//! over plain http but to this machine itself. The plugin never sees the value, also not when a
//! server sends it back.
//!
//! What goes wrong becomes a response with status 0 whose body says why, without the address's
//! path or query and without secrets.

mod address;
mod client;
mod errand;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
mod fuzzing;
mod header;
mod lacks;
mod link;
mod oauth;
mod pieces;
mod redact;
mod rules;
mod secrets;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Url};
use rustls::ClientConfig;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

pub use self::address::{Lookup, is_public, system_lookup};
pub use self::errand::{ErrandRules, Errands};
pub use self::error::FetchError;
use self::error::explain;
use self::header::header;
use self::lacks::Lacks;
pub use self::lacks::{Names, remedy};
pub use self::link::{Guard, Held};
use self::oauth::{Accounts, Tokens};
use self::pieces::Maker;
use self::redact::redact;
pub use self::rules::{EgressError, Rules};
use self::secrets::Secrets;
use super::input::{Method, Response};
use super::manifest::ANY_HOST;
use super::request::Request;
use super::trust;
use crate::config::host::{Host, HostGrant};
use crate::config::model::Secret;

/// Requests of one channel under way at once; a long poll and one more.
const FETCHES_AT_ONCE_MAX: usize = 2;
/// Requests of one channel that wait for their turn; more are refused.
const FETCHES_WAITING_MAX: usize = 16;
/// A network's word that it does not take a token.
const UNAUTHORIZED: u16 = 401;

/// A request as it is sent.
struct Prepared {
    request: reqwest::Request,
    /// Its host's name, for messages.
    host: String,
    /// What was computed of secrets, to be found in the answer.
    made: Vec<Zeroizing<Vec<u8>>>,
}

/// The way out of one channel.
pub struct Egress {
    client: Client,
    lookup: Lookup,
    /// None when nobody is trusted.
    tls: Option<Arc<ClientConfig>>,
    /// None: any that is granted.
    declared: Option<Vec<HostGrant>>,
    granted: Vec<HostGrant>,
    secrets: Secrets,
    accounts: Accounts,
    lacks: Lacks,
    timeout: Duration,
    response_bytes_max: usize,
    at_once: Semaphore,
    waiting: Semaphore,
}

impl Egress {
    /// With the system's resolver.
    pub fn new(rules: Rules) -> Result<Self, EgressError> {
        Self::with_lookup(rules, system_lookup())
    }

    /// With a resolver given.
    pub fn with_lookup(rules: Rules, lookup: Lookup) -> Result<Self, EgressError> {
        // A bare machine has no authorities; granted plain http must work there all the same.
        let authorities = trust::authorities(rules.ca_file.as_deref())?;
        let tls = trust::client(authorities)
            .inspect_err(|error| tracing::warn!(%error, "TLS of plugins will be refused"))
            .ok();
        let client = client::client(tls.clone(), &lookup, Vec::new());
        let client = client.map_err(EgressError::Client)?;
        let lacks = Lacks::of(&rules);
        let granted = hosts(&rules.granted)?;
        let secrets = Secrets::new(rules.granted_secrets, &rules.declared_secrets, &granted)?;
        let (accounts, declared) = (rules.granted_accounts, &rules.declared_accounts);
        let folder = rules.accounts_folder.as_deref();
        let accounts = Accounts::new(accounts, declared, &granted, folder)?;
        let any = rules.declared.iter().any(|host| host == ANY_HOST);
        let egress = Self {
            client,
            lookup,
            tls: tls.map(Arc::new),
            declared: if any { None } else { Some(hosts(&rules.declared)?) },
            granted,
            secrets,
            accounts,
            lacks,
            timeout: rules.timeout,
            response_bytes_max: rules.response_bytes_max,
            at_once: Semaphore::new(FETCHES_AT_ONCE_MAX),
            waiting: Semaphore::new(FETCHES_AT_ONCE_MAX + FETCHES_WAITING_MAX),
        };
        for (account, url) in egress.accounts.addresses() {
            let host = url.host_str().unwrap_or_default().to_owned();
            let may_be_asked =
                egress.may_ask(url).and_then(|(to, _)| secrets::may_go(account, None, &to, url));
            // Without authorities the others do not run, too, and say so when they are asked.
            match may_be_asked {
                Ok(()) | Err(FetchError::NoAuthorities) => {}
                Err(why) => {
                    let account = account.to_owned();
                    let remedy = egress.lacks.remedy(&why);
                    return Err(EgressError::TokenHost { account, host, why, remedy });
                }
            }
        }
        Ok(egress)
    }

    /// Carries a request out; a failure is a response with status 0.
    pub async fn fetch(&self, request: Request) -> Response {
        let tag = request.tag.clone();
        self.try_fetch(request).await.unwrap_or_else(|error| Response {
            status: 0,
            headers: Vec::new(),
            body: error.to_string().into(),
            tag,
        })
    }

    /// What requests and links lacked since the channel was built, each with the line that gives it.
    pub fn lacks(&self) -> Vec<String> {
        self.lacks.told()
    }

    /// As [`fetch`](Self::fetch), with the failure itself, for telemetry.
    pub async fn try_fetch(&self, request: Request) -> Result<Response, FetchError> {
        let accounts = self.accounts.named(&request);
        let tokens = self.sign_in(&accounts, &Tokens::new()).await?;
        let answer = self.try_once(&request, &tokens).await?;
        if answer.status == UNAUTHORIZED && !accounts.is_empty() {
            // The network has taken the token back before its time.
            let newer = self.sign_in(&accounts, &tokens).await?;
            return self.try_once(&request, &newer).await;
        }
        Ok(answer)
    }

    /// A secret, or an account's token, that may go to this address.
    fn secret<'a>(
        &'a self,
        name: &str,
        tokens: &'a Tokens,
        host: &Host,
        plain: &Url,
    ) -> Result<&'a Secret, FetchError> {
        let found = match (self.accounts.hosts(name), tokens.get(name)) {
            (Some(hosts), Some(token)) => secrets::may_go(name, hosts, host, plain).map(|()| token),
            _ => self.secrets.for_host(name, host, plain),
        };
        found.inspect_err(|error| self.lacks.note(error))
    }

    /// Tokens of these accounts, other ones than those.
    async fn sign_in(
        &self,
        accounts: &BTreeSet<String>,
        refused: &Tokens,
    ) -> Result<Tokens, FetchError> {
        let mut tokens = Tokens::new();
        for name in accounts {
            let token = self.accounts.token(name, refused.get(name), &self.client);
            let token = tokio::time::timeout(self.timeout, token).await.map_err(|_| {
                let why = "the token server did not answer within fetch_timeout".to_owned();
                FetchError::NotSignedIn { account: name.clone(), why }
            })??;
            tokens.insert(name.clone(), token);
        }
        Ok(tokens)
    }

    async fn try_once(&self, request: &Request, tokens: &Tokens) -> Result<Response, FetchError> {
        let prepared = self.prepare(request, tokens)?;
        let host = prepared.host.clone();
        let _place = self.waiting.try_acquire().map_err(|_| FetchError::TooMany)?;
        // Neither semaphore is ever closed.
        let _turn = self.at_once.acquire().await.map_err(|_| FetchError::TooMany)?;
        let exchange = self.exchange(prepared, request.tag.clone());
        tokio::time::timeout(self.timeout, exchange)
            .await
            .map_err(|_| FetchError::Timeout { host, timeout: self.timeout })?
    }

    /// Checks a request and puts its pieces together.
    fn prepare(&self, request: &Request, tokens: &Tokens) -> Result<Prepared, FetchError> {
        // Checked without its secrets: a message about it cannot show one.
        let plain: Url =
            pieces::without_secrets(&request.url)?.parse().map_err(|_| FetchError::Address)?;
        let (host, name) = self.check(&plain)?;
        let find = |secret: &str| self.secret(secret, tokens, &host, &plain);
        let mut maker = Maker::new(&find);
        let url: Url = maker.url(&request.url)?.parse().map_err(|_| FetchError::Address)?;
        // A secret may not choose where it is sent.
        if url.origin() != plain.origin() || has_user(&url) {
            return Err(FetchError::Address);
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let (name, value) = header(name, value, &mut maker)?;
            headers.append(name, value);
        }
        let mut prepared = reqwest::Request::new(method(request.method), url);
        *prepared.headers_mut() = headers;
        let body = maker.bytes(&request.body)?;
        if !body.is_empty() {
            *prepared.body_mut() = Some(body.to_vec().into());
        }
        Ok(Prepared { request: prepared, host: name, made: maker.made })
    }

    /// Whether the host is declared and granted; itself, and its name for messages.
    fn check(&self, url: &Url) -> Result<(Host, String), FetchError> {
        self.may_ask(url).inspect_err(|error| self.lacks.note(error))
    }

    fn may_ask(&self, url: &Url) -> Result<(Host, String), FetchError> {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(FetchError::Address),
        };
        if has_user(url) {
            return Err(FetchError::Address);
        }
        let text = url.host_str().ok_or(FetchError::Address)?;
        // The URL's parser has brought odd spellings of numbers (0x7f.1) into the usual one.
        let bare = text.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let host = match bare.parse::<IpAddr>() {
            Ok(address) => Host::Address(address.to_canonical()),
            Err(_) => Host::Name(bare.to_ascii_lowercase()),
        };
        let name = HostGrant { host: host.clone(), port: url.port() }.to_string();
        let fits = |grant: &&HostGrant| fits(grant, &host, url);
        if self.declared.as_ref().is_some_and(|hosts| !hosts.iter().any(|host| fits(&host))) {
            return Err(FetchError::NotDeclared(name));
        }
        let mut grants = self.granted.iter().filter(fits).peekable();
        if grants.peek().is_none() {
            return Err(FetchError::NotGranted(name));
        }
        if !tls && grants.all(|grant| grant.port.is_none()) {
            return Err(FetchError::PlainHttp(name));
        }
        if tls && self.tls.is_none() {
            return Err(FetchError::NoAuthorities);
        }
        Ok((host, name))
    }

    async fn exchange(&self, prepared: Prepared, tag: String) -> Result<Response, FetchError> {
        let Prepared { request, host, made } = prepared;
        let mut answer =
            self.client.execute(request).await.map_err(|error| explain(&error, &host))?;
        let body = body(&mut answer, &host, self.response_bytes_max).await?;
        let headers = answer.headers().iter().filter(|(name, _)| *name != "set-cookie");
        let headers = headers.map(|(name, value)| {
            let value = self.redacted(value.as_bytes(), &made);
            (name.to_string(), String::from_utf8_lossy(&value).into_owned())
        });
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: self.redacted(&body, &made).into_owned().into(),
            tag,
        })
    }

    /// An answer without what no plugin may see.
    fn redacted<'a>(&self, answer: &'a [u8], made: &[Zeroizing<Vec<u8>>]) -> Cow<'a, [u8]> {
        let tokens = self.accounts.known();
        redact(answer, self.hidden(made, &tokens))
    }

    /// What no plugin may see: secrets, what was made of them, and the tokens of accounts.
    fn hidden<'a>(
        &'a self,
        made: &'a [Zeroizing<Vec<u8>>],
        tokens: &'a [(String, Secret)],
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> + Clone {
        let made = made.iter().map(|it| ("computed", it.as_slice()));
        let tokens = tokens.iter().map(|(name, token)| (name.as_str(), token.expose()));
        self.secrets.iter().chain(made).chain(tokens)
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
        Method::Options => reqwest::Method::OPTIONS,
    }
}

/// An answer's body, if it is no longer than that.
async fn body(
    answer: &mut reqwest::Response,
    host: &str,
    max: usize,
) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { host: host.to_owned(), max };
    if answer.content_length().is_some_and(|length| length > max as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| explain(&error, host))? {
        if body.len() + part.len() > max {
            return Err(too_large());
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether a request goes to a host that is written so.
fn fits(written: &HostGrant, host: &Host, url: &Url) -> bool {
    let same = match (&written.host, host) {
        (Host::Address(a), Host::Address(b)) => a.to_canonical() == *b,
        (a, b) => a == b,
    };
    let usual = if url.scheme() == "https" { 443 } else { 80 };
    same && url.port_or_known_default() == Some(written.port.unwrap_or(usual))
}

fn hosts(texts: &[String]) -> Result<Vec<HostGrant>, EgressError> {
    let parse = |text: &String| {
        text.parse().map_err(|reason| EgressError::Host { text: text.clone(), reason })
    };
    texts.iter().map(parse).collect()
}

#[cfg(test)]
mod tests;
