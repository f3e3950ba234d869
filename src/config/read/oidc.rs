//! Reads `[access.oidc]`: the provider of OpenID Connect, and which role its people have.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;

use super::{SECOND, listen};
use crate::config::document::Node;
use crate::config::host::is_https_or_here;
use crate::config::model::{Oidc, ROLES};
use crate::config::problem::Problem;
use crate::config::secret;
use crate::config::section::{Section, text};

/// A clock that is further off would have to be set, not forgiven.
const CLOCK_SKEW_MAX: Duration = Duration::from_secs(600);
const ISSUER: &str = "an https address as the provider writes itself, such as \
                      \"https://login.example.org/realms/main\"; plain http only for an address of \
                      this machine, such as \"http://127.0.0.1:8081\"";
/// As a provider reads it: without it, it gives no ID token.
const OPENID: &str = "openid";

pub(super) fn oidc(mut section: Section<'_>) -> Oidc {
    let default = Oidc::default();
    let reader = section.reader;
    let client_secret = section.take("client_secret").and_then(|node| {
        let key = section.key("client_secret");
        secret::secret(reader, &key, node)
    });
    let oidc = Oidc {
        issuer: issuer(&mut section),
        client_id: needed(&mut section, "client_id", "the name that the provider gave this server"),
        client_secret,
        scopes: scopes(&mut section, default.scopes),
        name_claim: section.text("name_claim", default.name_claim),
        roles_claim: section.text("roles_claim", default.roles_claim),
        roles: roles(section.section("roles")),
        default_role: section.take("default_role").and_then(|node| {
            let key = section.key("default_role");
            role(&section, &key, &node)
        }),
        button: section.optional_text("button"),
        ca_file: section.path("ca_file"),
        private_networks: listen::networks(&mut section, "private_networks"),
        clock_skew: section.duration("clock_skew", default.clock_skew, Duration::ZERO),
        timeout: section.duration("timeout", default.timeout, SECOND),
        login_within: section.duration("login_within", default.login_within, 30 * SECOND),
        logins_at_once_max: section.count(
            "logins_at_once_max",
            default.logins_at_once_max,
            1..=1000,
        ),
        logins_kept_max: section.count("logins_kept_max", default.logins_kept_max, 100..=1_000_000),
    };
    if oidc.clock_skew > CLOCK_SKEW_MAX {
        let expected = "at most 10m: set the clocks right instead";
        section.wrong("clock_skew", "found a longer one", expected);
    }
    if oidc.roles.is_empty() && oidc.default_role.is_none() && !section.is_wrong("default_role") {
        let found = "nobody gets a role, so nobody would come in";
        let expected = "[access.oidc.roles] with lines such as \"contact-center-leads\" = \"lead\", \
                        or a default_role";
        section.wrong("roles", found, expected);
    }
    section.finish();
    oidc
}

/// Providers lead people back to the server by its own address.
pub(super) fn needs_an_address(section: &Section<'_>, public_url: Option<&str>) {
    if public_url.is_none() {
        let expected = "server.public_url, the address to which the provider sends people back \
                        (public_url + /login/oidc/back, to be registered there)";
        section.wrong("oidc", "the server does not know its own address", expected);
    }
}

fn needed(section: &mut Section<'_>, key: &'static str, expected: &str) -> String {
    let given = section.optional_text(key);
    if given.is_none() && !section.has(key) {
        section.wrong(key, "there is none", expected);
    }
    given.unwrap_or_default()
}

fn issuer(section: &mut Section<'_>) -> String {
    let issuer = needed(section, "issuer", ISSUER);
    if !issuer.is_empty() && !is_issuer(&issuer) {
        section.wrong("issuer", format!("found {issuer:?}"), ISSUER);
    }
    issuer
}

fn is_issuer(issuer: &str) -> bool {
    let Ok(url) = issuer.parse::<Url>() else { return false };
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_https_or_here(&url) && is_plain && url.query().is_none() && url.fragment().is_none()
}

fn scopes(section: &mut Section<'_>, default: Vec<String>) -> Vec<String> {
    let scopes: Vec<String> = section.texts("scopes").into_iter().map(|(_, text)| text).collect();
    if !section.has("scopes") {
        return default;
    }
    // RFC 6749, section 3.3.
    let is_scope = |scope: &String| {
        scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) && !scope.is_empty()
    };
    if let Some(odd) = scopes.iter().find(|scope| !is_scope(scope)) {
        section.wrong("scopes", format!("found {odd:?}"), "a list of words without spaces");
    } else if !scopes.iter().any(|scope| scope == OPENID) && !section.is_wrong("scopes") {
        section.wrong("scopes", "\"openid\" is not among them", "it, and what else you need");
    }
    scopes
}

fn roles(section: Section<'_>) -> BTreeMap<String, String> {
    let path = section.key("");
    let reader = section.reader;
    let mut roles = BTreeMap::new();
    for (value, node) in section.entries() {
        let key = format!("{path}{value}");
        let entry = Section::of(reader, key.clone(), None);
        if let Some(role) = role(&entry, &key, &node) {
            roles.insert(value, role);
        }
    }
    roles
}

fn role(section: &Section<'_>, key: &str, node: &Node) -> Option<String> {
    let word = text(node).unwrap_or_default();
    if ROLES.contains(&word.as_str()) {
        return Some(word);
    }
    let expected = format!("one of {}", ROLES.join(", "));
    let problem = Problem::about(key, node.value.describe(), expected).suggest(&word, ROLES);
    section.reader.report(&node.place, problem);
    None
}
