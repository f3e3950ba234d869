//! Who is told of alerts, and how.

use std::time::Duration;

use reqwest::Url;

use super::{Secret, Span};
use crate::words::words;

/// Receivers of one server; more nobody keeps apart.
pub const RECEIVERS_MAX: usize = 20;

words! {
    /// How somebody is told.
    pub enum NotifyBy {
        /// A signed POST (Standard Webhooks).
        Webhook = "webhook",
        /// A message of a Telegram bot.
        Telegram = "telegram",
        /// An incoming webhook of Slack, or of what understands the same.
        Slack = "slack",
        /// A mail, by the server of `[mail]`.
        Mail = "mail",
    }
}

words! {
    /// Whose alerts somebody is told.
    pub enum Audience {
        /// All.
        All = "all",
        /// What customers notice: queues, promises, public attention, silent channels.
        Floor = "floor",
        /// What the server, its channels and its screens do.
        Operator = "operator",
    }
}

impl Audience {
    /// Whether these people are told of what is theirs or those others'; what is everybody's all are told.
    pub fn hears_of(self, about: Audience) -> bool {
        self == about || [self, about].contains(&Audience::All)
    }
}

words! {
    /// How grave an alert is, as its rule says.
    pub enum Severity {
        /// Somebody has to do something now.
        Page = "page",
        /// Somebody has to do something today.
        Ticket = "ticket",
    }
}

/// `[alerts]`: what Tablica does about alerts by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Alerts {
    /// Whether it watches for them. Default yes.
    pub watch: bool,
    /// How often the rules are looked at. Default 15 s, as often as Prometheus scrapes.
    pub look_every: Duration,
    /// Names of alerts that nobody is told of here.
    pub off: Vec<String>,
    /// How long the first alert of a group waits for others, so that one cause is one message.
    /// Default 30 s.
    pub group_wait: Duration,
    /// A group whose alerts have changed is told again no sooner. Default 5 min.
    pub group_interval: Duration,
    /// What still holds is told again after so long, where it is a page. Default 30 min.
    pub repeat_pages: Duration,
    /// The same of tickets. Default 12 h.
    pub repeat_tickets: Duration,
    /// Where Grafana is, for links to its dashboards. Default none: then there are no such links.
    pub grafana_url: Option<Url>,
    /// Series of metrics that are kept in memory for the rules; alerts do not see others. Default 20,000.
    pub series_max: usize,
    /// Silences that there may be at one time. Default 100.
    pub silences_max: usize,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            watch: true,
            look_every: Duration::from_secs(15),
            off: Vec::new(),
            group_wait: Duration::from_secs(30),
            group_interval: Duration::from_secs(5 * 60),
            repeat_pages: Duration::from_secs(30 * 60),
            repeat_tickets: Duration::from_secs(12 * 60 * 60),
            grafana_url: None,
            series_max: 20_000,
            silences_max: 100,
        }
    }
}

/// The way to somebody, with what it needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// To an address of the operator's.
    Webhook {
        /// Where to.
        url: Url,
        /// Signs each message, where there is one.
        secret: Option<Secret>,
    },
    /// To a chat of Telegram.
    Telegram {
        /// Where its Bot API is. Default `https://api.telegram.org`.
        api: Url,
        /// The bot's token.
        token: Secret,
        /// The chat's number, or `@name` of a channel.
        chat: String,
    },
    /// To a channel of Slack: the address is the secret.
    Slack {
        /// The incoming webhook's address.
        url: Secret,
    },
    /// To people.
    Mail {
        /// Their addresses.
        to: Vec<String>,
    },
}

impl Way {
    /// What it is called in the config.
    pub fn by(&self) -> NotifyBy {
        match self {
            Way::Webhook { .. } => NotifyBy::Webhook,
            Way::Telegram { .. } => NotifyBy::Telegram,
            Way::Slack { .. } => NotifyBy::Slack,
            Way::Mail { .. } => NotifyBy::Mail,
        }
    }
}

/// `[notify.NAME]`: somebody who is told of alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Receiver {
    /// How.
    pub way: Way,
    /// Of which alerts. Default all.
    pub about: Audience,
    /// Of pages only. Default no.
    pub pages_only: bool,
    /// Also when an alert is over. Default yes.
    pub resolved: bool,
    /// When tickets wait, by the site's clock; pages never do. Default never.
    pub quiet_hours: Vec<Span>,
    /// One message may take so long. Default 10 s.
    pub timeout: Duration,
}
