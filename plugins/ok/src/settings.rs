//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Author, Failure, Setup, check_rating_scale, setting_error, settings};

/// How events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// OK calls us.
    Webhook,
    /// We ask OK.
    Poll,
}

/// Who writes in the group's name: OK does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OwnMessages {
    /// Moderators, on the site or through a help desk.
    Agent,
    /// A program.
    Bot,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    mode: Option<Mode>,
    /// Ids of our people in chats where they write under their own names.
    agents: Vec<String>,
    /// Id of the account that the token is of, when it is a person's and not a group's.
    account: String,
    own_messages: OwnMessages,
    /// Buttons whose payload begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the payload does not say: `rate:4`.
    pub(crate) rating_scale: f64,
    /// How long one long poll may wait, in seconds.
    pub(crate) poll_timeout_s: u32,
    /// How often our own answers are looked for, in seconds.
    pub(crate) answers_every_s: u32,
    /// Set from the above and from the channel's `source`.
    #[serde(skip)]
    pub(crate) polls: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: None,
            agents: Vec::new(),
            account: String::new(),
            own_messages: OwnMessages::Agent,
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
            poll_timeout_s: 25,
            answers_every_s: 30,
            polls: false,
        }
    }
}

const POLL_TIMEOUT_S_MAX: u32 = 60;
const ANSWERS_EVERY_S_MAX: u32 = 3_600;

impl Settings {
    pub(crate) fn of(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        settings.polls = match settings.mode {
            Some(mode) => mode == Mode::Poll,
            None => setup.source == "poll",
        };
        let is_id = |id: &str| {
            let digits = id.strip_prefix("user:").unwrap_or(id);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let why = "an id is digits, such as \"123456789012\"";
        if let Some(at) = settings.agents.iter().position(|id| !is_id(id)) {
            return Err(setting_error(&format!("/agents/{at}"), why));
        }
        if !settings.account.is_empty() && !is_id(&settings.account) {
            return Err(setting_error("/account", why));
        }
        if settings.rating_prefix.is_empty() {
            let why = "is empty: every button would be a rating";
            return Err(setting_error("/rating_prefix", why));
        }
        check_rating_scale(settings.rating_scale)?;
        if !(1..=POLL_TIMEOUT_S_MAX).contains(&settings.poll_timeout_s) {
            let why = format!("must be 1 to {POLL_TIMEOUT_S_MAX}");
            return Err(setting_error("/poll_timeout_s", why));
        }
        if !(5..=ANSWERS_EVERY_S_MAX).contains(&settings.answers_every_s) {
            let why = format!("must be 5 to {ANSWERS_EVERY_S_MAX}");
            return Err(setting_error("/answers_every_s", why));
        }
        Ok(settings)
    }

    /// Who wrote, by OK's id of theirs: `user:123` or `group:123`.
    pub(crate) fn author(&self, sender: &str) -> Author {
        let is = |id: &str| id.strip_prefix("user:").unwrap_or(id) == number(sender);
        let is_account = !self.account.is_empty() && is(&self.account);
        if sender.starts_with("group:") || is_account {
            match self.own_messages {
                OwnMessages::Agent => Author::Agent,
                OwnMessages::Bot => Author::Bot,
            }
        } else if self.agents.iter().any(|id| is(id)) {
            Author::Agent
        } else {
            Author::Customer
        }
    }

    /// Whether an agent is a person whom OK names.
    pub(crate) fn is_named(&self, sender: &str) -> bool {
        self.agents.iter().any(|id| id.strip_prefix("user:").unwrap_or(id) == number(sender))
    }
}

/// The id without what it is an id of.
pub(crate) fn number(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, number)| number)
}
