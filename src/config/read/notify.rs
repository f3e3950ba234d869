//! Reads `[alerts]` and `[notify.NAME]`. An address may be a secret: none is repeated in a problem.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use lettre::Address;
use reqwest::Url;

use super::SECOND;
use super::hours::spans;
use crate::config::document::{Node, Place, Value};
use crate::config::model::{
    Alerts, Audience, NotifyBy, RECEIVERS_MAX, RECIPIENTS_MAX, Receiver, Secret, Way,
};
use crate::config::problem::Problem;
use crate::config::secret;
use crate::config::section::{Section, text};

/// Rules see nothing of what is between two looks.
const LOOK_EVERY_MAX: Duration = Duration::from_secs(60);
const TELEGRAM: &str = "https://api.telegram.org";

pub(super) fn alerts(mut section: Section<'_>) -> Alerts {
    let default = Alerts::default();
    let grafana_url = section.optional_text("grafana_url");
    let grafana_url = grafana_url.and_then(|it| match it.trim_end_matches('/').parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
        _ => {
            section.wrong("grafana_url", "it is no address", "as \"https://grafana.example.org\"");
            None
        }
    });
    let look_every = section.duration("look_every", default.look_every, SECOND);
    if look_every > LOOK_EVERY_MAX {
        let expected =
            "60s at most: rules look back five minutes, and need a few looks in that time";
        section.wrong("look_every", "found a longer time", expected);
    }
    let alerts = Alerts {
        grafana_url,
        watch: section.boolean("watch", default.watch),
        look_every,
        off: section.texts("off").into_iter().map(|(_, name)| name).collect(),
        group_wait: section.duration("group_wait", default.group_wait, SECOND),
        group_interval: section.duration("group_interval", default.group_interval, SECOND),
        repeat_pages: section.duration("repeat_pages", default.repeat_pages, SECOND),
        repeat_tickets: section.duration("repeat_tickets", default.repeat_tickets, SECOND),
        series_max: section.count("series_max", default.series_max, 100..=10_000_000),
        silences_max: section.count("silences_max", default.silences_max, 1..=10_000),
    };
    section.finish();
    alerts
}

pub(super) fn receivers(section: Section<'_>, has_mail: bool) -> BTreeMap<String, Receiver> {
    let reader = section.reader;
    let entries = section.entries();
    if entries.len() > RECEIVERS_MAX {
        let found = format!("found {} receivers", entries.len());
        let problem = Problem::about("notify", found, format!("at most {RECEIVERS_MAX}"));
        reader.report(&Place::default(), problem);
    }
    let mut receivers = BTreeMap::new();
    for (name, node) in entries.into_iter().take(RECEIVERS_MAX) {
        let section = Section::of(reader, format!("notify.{name}"), Some(node));
        if let Some(receiver) = receiver(section, &name, has_mail) {
            receivers.insert(name, receiver);
        }
    }
    receivers
}

fn receiver(mut section: Section<'_>, name: &str, has_mail: bool) -> Option<Receiver> {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.len() > 40 || !name.chars().all(is_fit) {
        let expected = "letters, digits, `-` and `_`, 40 at most";
        section.wrong("by", "the receiver's name is unfit", expected);
    }
    let by = section.choice("by", String::new(), &NotifyBy::ALL.map(NotifyBy::word));
    if by.is_empty() && !section.is_wrong("by") {
        let ways = NotifyBy::ALL.map(NotifyBy::word).join(", ");
        section.wrong("by", "nothing says how the receiver is told", format!("one of {ways}"));
    }
    let way = NotifyBy::from_word(&by).and_then(|by| way(&mut section, by, has_mail));
    let about = section.choice("about", "all".to_owned(), &Audience::ALL.map(Audience::word));
    let quiet_hours = section.take("quiet_hours");
    let quiet_hours =
        quiet_hours.map(|node| spans(section.reader, &section.key("quiet_hours"), node));
    let receiver = way.map(|way| Receiver {
        way,
        about: Audience::from_word(&about).unwrap_or(Audience::All),
        pages_only: section.boolean("pages_only", false),
        resolved: section.boolean("resolved", true),
        quiet_hours: quiet_hours.unwrap_or_default(),
        timeout: section.duration("timeout", 10 * SECOND, SECOND),
    });
    if receiver.is_none() {
        // What is wrong was said; the rest is as it may be.
        for key in ["pages_only", "resolved", "timeout", "url", "secret", "token", "chat", "to"] {
            section.take(key);
        }
        section.take("api");
    }
    section.finish();
    receiver
}

fn way(section: &mut Section<'_>, by: NotifyBy, has_mail: bool) -> Option<Way> {
    match by {
        NotifyBy::Webhook => {
            let secret = section.take("secret");
            let secret = secret.and_then(|it| {
                let secret = secret::secret(section.reader, &section.key("secret"), it)?;
                if secret.as_signing_key().is_none() {
                    let expected = "24 to 64 bytes in base64, as `whsec_…` of Standard Webhooks";
                    section.wrong("secret", "it is no key", expected);
                }
                Some(secret)
            });
            let Some(address) = section.optional_text("url") else {
                section.wrong("url", "no address", "where to, such as \"https://example.com/in\"");
                return None;
            };
            Some(Way::Webhook { url: address_of(section, "url", &address)?, secret })
        }
        NotifyBy::Telegram => {
            let token = needed_secret(section, "token", "the bot's token");
            let api = section.text("api", TELEGRAM.to_owned());
            let api = address_of(section, "api", &api);
            let chat = section.take("chat").and_then(|node| match node.value {
                Value::Integer(number) => Some(number.to_string()),
                _ => text(&node),
            });
            if chat.is_none() {
                let expected = "the chat's number such as \"-1001234567890\", or \"@channel\"";
                section.wrong("chat", "no chat", expected);
            }
            Some(Way::Telegram { api: api?, token: token?, chat: chat? })
        }
        NotifyBy::Slack => {
            let url = needed_secret(section, "url", "the address of an incoming webhook")?;
            let is_text = std::str::from_utf8(url.expose()).unwrap_or_default().trim().to_owned();
            address_of(section, "url", &is_text)?;
            Some(Way::Slack { url: Secret::new(is_text) })
        }
        NotifyBy::Mail => {
            if !has_mail {
                let expected = "the section [mail] with the server that sends it";
                section.wrong("to", "there is no [mail]", expected);
            }
            let to = section.texts("to");
            let expected = format!("1 to {RECIPIENTS_MAX} addresses such as \"lead@example.com\"");
            let are_fit = to.iter().all(|(_, it)| it.trim().parse::<Address>().is_ok());
            if to.is_empty() || to.len() > RECIPIENTS_MAX || !are_fit {
                let found = format!("found {} texts that are not all addresses", to.len());
                section.wrong("to", found, expected);
                return None;
            }
            Some(Way::Mail { to: to.into_iter().map(|(_, it)| it.trim().to_owned()).collect() })
        }
    }
}

fn needed_secret(section: &mut Section<'_>, key: &'static str, what: &str) -> Option<Secret> {
    let node: Option<Node> = section.take(key);
    let Some(node) = node else {
        let expected = format!("{what}, from {{ env = \"NAME\" }} or {{ file = \"/path\" }}");
        section.wrong(key, "there is none", expected);
        return None;
    };
    secret::secret(section.reader, &section.key(key), node)
}

/// An address by TLS; without it only on this machine.
fn address_of(section: &Section<'_>, key: &str, address: &str) -> Option<Url> {
    let url: Option<Url> = address.parse().ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_here =
        bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let scheme = url.as_ref().map(Url::scheme).unwrap_or_default();
    if host.is_empty() || !(scheme == "https" || scheme == "http" && is_here) {
        let expected = "an https address; http is for this machine (127.0.0.1) alone";
        section.wrong(key, "it is no such address", expected);
        return None;
    }
    url
}
