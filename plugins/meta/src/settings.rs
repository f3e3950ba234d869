//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Author, Failure, check_rating_scale, setting_error, settings};

/// Who wrote what we know of only by its receipt, or who takes a comment away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Who {
    Customer,
    Agent,
    Bot,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Ids of apps that are machines: what they send is no human answer.
    pub(crate) bots: Vec<String>,
    /// Names of apps at which people work: to whom a handed over conversation is assigned.
    pub(crate) desks: BTreeMap<String, String>,
    /// Page, account or telephone number (by Meta's id) → queue.
    pub(crate) queues: BTreeMap<String, String>,
    /// Further ids and user names of ours under which Instagram comments come.
    pub(crate) own: Vec<String>,
    /// A pressed button of a menu is a message of the customer's.
    pub(crate) postbacks: bool,
    /// Buttons whose payload begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the payload does not say: `rate:4`.
    pub(crate) rating_scale: f64,
    /// Who a removed comment is said to be removed by: Meta does not tell.
    pub(crate) removed_by: Who,
    /// Who writes the WhatsApp messages that are sent through the API; none: they are not counted.
    pub(crate) whatsapp_sent: Option<Who>,
    /// Who answers on WhatsApp while we stand by. Meta gives the conversation to its business agent, a machine.
    pub(crate) whatsapp_standby: Who,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bots: Vec::new(),
            desks: BTreeMap::new(),
            queues: BTreeMap::new(),
            own: Vec::new(),
            postbacks: false,
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
            removed_by: Who::Customer,
            whatsapp_sent: None,
            whatsapp_standby: Who::Bot,
        }
    }
}

/// The Page's own inbox, for people who write there: Meta Business Suite, the Pages app.
const PAGE_INBOX: &str = "263902037430900";

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        if settings.rating_prefix.is_empty() {
            return Err(setting_error("/rating_prefix", "a word, such as \"rate:\""));
        }
        check_rating_scale(settings.rating_scale)?;
        if settings.removed_by == Who::Bot {
            return Err(setting_error("/removed_by", "\"customer\" or \"agent\""));
        }
        if settings.whatsapp_sent == Some(Who::Customer) {
            return Err(setting_error("/whatsapp_sent", "\"agent\" or \"bot\""));
        }
        if settings.whatsapp_standby == Who::Customer {
            return Err(setting_error("/whatsapp_standby", "\"agent\" or \"bot\""));
        }
        Ok(settings)
    }

    /// Who writes through the app. Without an id it is the Page's inbox.
    pub(crate) fn author_of(&self, app: Option<&str>) -> Author {
        match app {
            Some(app) if self.bots.iter().any(|bot| bot == app) => Author::Bot,
            _ => Author::Agent,
        }
    }

    /// What the app is called among those to whom a conversation is handed; none for a machine.
    pub(crate) fn desk(&self, app: &str) -> Option<String> {
        match self.desks.get(app) {
            Some(name) => Some(name.clone()),
            None if self.author_of(Some(app)) == Author::Bot => None,
            None if app == PAGE_INBOX => Some("inbox".into()),
            None => Some(format!("app:{app}")),
        }
    }

    /// What people are called who are known by their role alone: as the role, or as the operator calls it.
    pub(crate) fn desk_of_role(&self, role: &str) -> String {
        self.desks.get(role).map_or(role, String::as_str).to_owned()
    }

    /// One of our own names on Instagram.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|own| own.trim_start_matches('@').eq_ignore_ascii_case(name))
    }
}

impl From<Who> for Author {
    fn from(who: Who) -> Self {
        match who {
            Who::Customer => Author::Customer,
            Who::Agent => Author::Agent,
            Who::Bot => Author::Bot,
        }
    }
}
