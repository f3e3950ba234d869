//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, check_rating_scale, setting_error, settings};

/// How events arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// VK calls us: Callback API.
    Webhook,
    /// We ask VK: Bots Long Poll API.
    Poll,
}

/// Who sends messages for which VK names no administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ApiReplies {
    /// A chat bot.
    Bot,
    /// A help desk, in which people write.
    Agent,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    mode: Option<Mode>,
    /// The community, for polling.
    pub(crate) group_id: u64,
    /// User ids of our people, who also write under their own names.
    pub(crate) admins: Vec<i64>,
    pub(crate) api_replies: ApiReplies,
    /// Only members read posts and comments.
    pub(crate) closed: bool,
    /// The key of a button's payload that holds a rating: `{"rate": "4/5"}`.
    pub(crate) rating_key: String,
    /// Best rating where the payload does not say: `{"rate": 4}`.
    pub(crate) rating_scale: f64,
    /// How long one long poll may wait, in seconds.
    pub(crate) poll_timeout_s: u32,
    /// Set from the above and from the channel's `source`.
    #[serde(skip)]
    pub(crate) polls: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: None,
            group_id: 0,
            admins: Vec::new(),
            api_replies: ApiReplies::Bot,
            closed: false,
            rating_key: "rate".into(),
            rating_scale: 5.0,
            poll_timeout_s: 25,
            polls: false,
        }
    }
}

/// VK's own limit.
const POLL_TIMEOUT_S_MAX: u32 = 90;

impl Settings {
    pub(crate) fn of(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        settings.polls = match settings.mode {
            Some(mode) => mode == Mode::Poll,
            None => setup.source == "poll",
        };
        if settings.polls && settings.group_id == 0 {
            let why = "is needed for polling: the number in the community's address, club123456";
            return Err(setting_error("/group_id", why));
        }
        if let Some(at) = settings.admins.iter().position(|id| *id <= 0) {
            let why = "a user's id is above 0; the community itself need not be named";
            return Err(setting_error(&format!("/admins/{at}"), why));
        }
        if settings.rating_key.is_empty() {
            return Err(setting_error("/rating_key", "is empty; write a name, such as \"rate\""));
        }
        check_rating_scale(settings.rating_scale)?;
        if !(1..=POLL_TIMEOUT_S_MAX).contains(&settings.poll_timeout_s) {
            let found = settings.poll_timeout_s;
            let why = format!("found {found}; VK takes 1 to {POLL_TIMEOUT_S_MAX}");
            return Err(setting_error("/poll_timeout_s", why));
        }
        Ok(settings)
    }

    pub(crate) fn is_admin(&self, user: i64) -> bool {
        self.admins.contains(&user)
    }
}
