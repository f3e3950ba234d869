//! The one place that lets somebody in, on both listeners: who asks, what the address needs, whether a
//! page of this server asks, and what was done.
//!
//! Without `[access]` the public listener has no gate, and on the admin listener everybody who reaches
//! it may do everything, as long as no page of another site asks in their name.

mod table;
mod told;
mod who;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use ipnet::IpNet;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::addresses::counted_as;
use super::client::Client;
use super::{Problem, origin, page, screen_page};
use crate::access::oidc::Oidc;
use crate::access::{Access, Act, Identity, Role, ScreenTokens, Via};
use crate::board::hub::HubHandle;
use crate::screen::paired::COOKIE;
use table::Found;
use told::Reader;

pub use table::{Least, Rule, TABLE};
pub(super) use who::{FORM_COOKIE, SESSION_COOKIE, cookie, cookies};

/// Who is let in, where `[access]` tells people apart.
#[derive(Clone)]
pub struct Guard {
    /// People and tokens.
    pub access: Access,
    /// Screens that were paired.
    pub screens: Option<Arc<dyn ScreenTokens>>,
    /// The login of their organisation, with `[access.oidc]`.
    pub oidc: Option<Oidc>,
}

/// Where a request came from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Origin(pub(super) Option<IpAddr>);

/// Nobody who may read everything asks, but a screen that was paired: it sees its own board, and no
/// list of others.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnlyScreen;

/// What a handler tells the audit log beside what the gate knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Did {
    /// Who it was, where only the handler knows.
    pub(super) who: Option<String>,
    /// What it was done to.
    pub(super) target: String,
    /// Why it was not done.
    pub(super) refused: Option<String>,
    /// It was told before: no row.
    pub(super) is_no_news: bool,
}

/// What the gate is made of.
#[derive(Clone)]
pub(super) struct Gate {
    guard: Option<Guard>,
    /// What forms are made with where nobody logs in.
    open_secret: Zeroizing<String>,
    /// Knows the site's language.
    hub: HubHandle,
}

impl Gate {
    pub(super) fn new(
        guard: Option<Guard>,
        open_secret: Zeroizing<String>,
        hub: HubHandle,
    ) -> Self {
        Self { guard, open_secret, hub }
    }

    fn identity(&self, request: &Request) -> Option<Identity> {
        match &self.guard {
            Some(guard) => who::asks(&guard.access, request.headers()),
            None => Some(Identity {
                name: "operator".to_owned(),
                role: Role::Admin,
                via: Via::Reach,
                form_secret: self.open_secret.clone(),
            }),
        }
    }

    /// Whether whoever asks may read every board.
    fn reads(&self, who: Option<&Identity>, from: Option<IpAddr>) -> bool {
        let Some(guard) = &self.guard else { return true };
        let open = &guard.access.settings().open_networks;
        who.is_some() || from.is_some_and(|from| open.iter().any(|network| network.contains(&from)))
    }

    fn admits(
        &self,
        rule: &Rule,
        who: Option<&Identity>,
        from: Option<IpAddr>,
        request: &Request,
    ) -> bool {
        let Some(guard) = &self.guard else { return true };
        let settings = guard.access.settings();
        let is_of = |networks: &[IpNet]| {
            from.is_some_and(|from| networks.iter().any(|network| network.contains(&from)))
        };
        match rule.least {
            Least::Anybody => true,
            Least::Watcher => who.is_some() || is_of(&settings.metrics_networks),
            Least::Reader => self.reads(who, from),
            Least::Screen => self.reads(who, from) || is_paired(guard, request),
            Least::Role(role) => who.is_some_and(|who| who.role >= role),
        }
    }
}

fn is_paired(guard: &Guard, request: &Request) -> bool {
    let Some(screens) = &guard.screens else { return false };
    let mut tokens = cookies(request.headers(), COOKIE);
    tokens.any(|token| screens.admits(token, request.uri().path()))
}

/// Lets through who may, and records what they did.
pub(super) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        return next.run(request).await;
    };
    let rule = match table::rule(path.as_str(), request.method()) {
        Found::Rule(rule) => rule,
        Found::OtherMethod => return page::method_not_allowed(request).await,
        Found::Nothing => return no_rule(path.as_str()),
    };
    let who = gate.identity(&request);
    let reader = Reader::of(&request, who.as_ref());
    let response = gate.pass(rule, path.as_str(), who, request, next).await;
    match reader {
        Some(reader) => reader.told(response, rule.needs(), &gate.hub),
        None => response,
    }
}

impl Gate {
    async fn pass(
        &self,
        rule: &Rule,
        path: &str,
        who: Option<Identity>,
        mut request: Request,
        next: Next,
    ) -> Response {
        let client = request.extensions().get::<Client>().copied().unwrap_or_default();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let is_told = request.extensions().get::<Client>().is_some();
        let from = if is_told { client.address } else { peer.map(|peer| peer.to_canonical()) };
        let changes = rule.method != Method::GET;
        if changes && !may_have_come(&request, &client, who.as_ref(), rule) {
            return other_site();
        }
        let target = target_of(&request, path);
        if !self.admits(rule, who.as_ref(), from, &request) {
            let response = refused(&request, who.as_ref(), rule);
            // Who is nobody could fill the log.
            if let (Some(act), Some(who)) = (rule.act, &who) {
                let did = Did { refused: Some("not allowed".to_owned()), ..Did::default() };
                self.record(act, Some(who), from, did, target).await;
            }
            return response;
        }
        request.extensions_mut().insert(Origin(from.map(counted_as)));
        if rule.least == Least::Screen && !self.reads(who.as_ref(), from) {
            request.extensions_mut().insert(OnlyScreen);
        }
        if let Some(who) = who.clone() {
            request.extensions_mut().insert(who);
        }
        let mut response = next.run(request).await;
        if let Some(act) = rule.act {
            let told = response.extensions_mut().remove::<Did>();
            // Of nobody only what the handler tells: anybody could fill the log with the rest.
            let Some(mut did) = told.or_else(|| who.is_some().then(Did::default)) else {
                return response;
            };
            let status = response.status();
            if did.refused.is_none() && (status.is_client_error() || status.is_server_error()) {
                did.refused = Some(status.to_string());
            }
            self.record(act, who.as_ref(), from, did, target).await;
        }
        response
    }

    async fn record(
        &self,
        act: &'static str,
        who: Option<&Identity>,
        from: Option<IpAddr>,
        did: Did,
        target: String,
    ) {
        let Some(guard) = &self.guard else { return };
        if did.is_no_news {
            return;
        }
        let name = did.who.or_else(|| who.map(|who| who.name.clone()));
        let act = Act {
            who: name.unwrap_or_else(|| "nobody".to_owned()),
            origin: from.map_or_else(|| "unknown".to_owned(), |from| from.to_string()),
            act,
            target: if did.target.is_empty() { target } else { did.target },
            result: did.refused.unwrap_or_else(|| "ok".to_owned()),
        };
        guard.access.record(act).await;
    }
}

/// The last part of the address, where the route leaves it open.
fn target_of(request: &Request, route: &str) -> String {
    if !route.ends_with('}') {
        return String::new();
    }
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned()
}

/// Whether a change is asked for by a page of this server, or by no page. A browser sends its cookie
/// with what a page of another site asks, but says which site that is; who has a token in a header is
/// no browser.
fn may_have_come(request: &Request, client: &Client, who: Option<&Identity>, rule: &Rule) -> bool {
    if who.is_some_and(|who| who.via == Via::Token) {
        return true;
    }
    let headers = request.headers();
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" && origin::is_same(headers, client);
    }
    if headers.contains_key(header::ORIGIN) {
        return origin::is_same(headers, client);
    }
    // Every browser that can log in says where a form is from.
    who.is_none_or(|who| who.via == Via::Reach) && rule.least != Least::Anybody
}

fn other_site() -> Response {
    let detail = "this was not asked for by a page of this server: a proxy in between must leave the \
                  Host header as it is, or be one of server.trusted_proxies and say \
                  X-Forwarded-Host and X-Forwarded-Proto";
    Problem::new(StatusCode::FORBIDDEN, "other-origin", "Other origin", detail).into_response()
}

fn no_rule(path: &str) -> Response {
    tracing::warn!(path, "an address without a rule is closed to everybody");
    let detail = "no rule says who may ask for this";
    Problem::new(StatusCode::FORBIDDEN, "no-rule", "Closed", detail).into_response()
}

/// People are sent to the login; programs are told.
fn refused(request: &Request, who: Option<&Identity>, rule: &Rule) -> Response {
    if let Some(who) = who {
        let (needed, yours) = (rule.needs().word(), who.role.word());
        let detail = format!("this needs the role {needed}; yours is {yours}");
        return Problem::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail)
            .into_response();
    }
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let is_browser = accept.is_some_and(|accept| accept.contains("text/html"));
    if request.method() == Method::GET && is_browser && page::is_for_people(request) {
        // A television that was paired has no keyboard: it is let in by a code again.
        let address = if rule.least == Least::Screen && is_of_screen(request) {
            format!("{}screen", up_from(request))
        } else {
            login_address(request)
        };
        return Redirect::to(&address).into_response();
    }
    let detail = "this needs a login, or a token in the header: Authorization: Bearer …";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "not-logged-in", "Not logged in", detail);
    let mut response = problem.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// It has the cookie of a screen, whatever that is worth now.
fn is_of_screen(request: &Request) -> bool {
    screen_page::token(request.headers()).is_some()
}

/// Relative, as all links: a proxy may show the server below a path of its own.
fn up_from(request: &Request) -> String {
    "../".repeat(request.uri().path().matches('/').count().saturating_sub(1))
}

fn login_address(request: &Request) -> String {
    let (path, up) = (request.uri().path(), up_from(request));
    let wanted = request.uri().path_and_query().map_or(path, |it| it.as_str());
    let wanted = utf8_percent_encode(wanted.trim_start_matches('/'), NON_ALPHANUMERIC);
    format!("{up}login?next={wanted}")
}
