//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, check_rating_scale, setting_error, settings};

/// How updates arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// MAX calls us.
    Webhook,
    /// We ask MAX.
    Poll,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    mode: Option<Mode>,
    /// Ids of our people in chats and comments, and of bots through which people answer.
    pub(crate) agents: Vec<i64>,
    /// Only subscribers read the channel: comments are not public.
    pub(crate) closed: bool,
    /// Buttons whose payload begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the payload does not say: `rate:4`.
    pub(crate) rating_scale: f64,
    /// How long one `GET /updates` may wait, in seconds.
    pub(crate) poll_timeout_s: u32,
    /// Set from the above and from the channel's `source`.
    #[serde(skip)]
    pub(crate) polls: bool,
    /// The site's calling code, from the host.
    #[serde(skip)]
    pub(crate) country_code: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: None,
            agents: Vec::new(),
            closed: false,
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
            poll_timeout_s: 30,
            polls: false,
            country_code: None,
        }
    }
}

/// MAX's own limit.
const POLL_TIMEOUT_S_MAX: u32 = 90;

impl Settings {
    pub(crate) fn of(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        settings.polls = match settings.mode {
            Some(mode) => mode == Mode::Poll,
            None => setup.source == "poll",
        };
        settings.country_code = setup.country_code.clone();
        if settings.rating_prefix.is_empty() {
            let why = "is empty: every button would be a rating";
            return Err(setting_error("/rating_prefix", why));
        }
        check_rating_scale(settings.rating_scale)?;
        if !(1..=POLL_TIMEOUT_S_MAX).contains(&settings.poll_timeout_s) {
            let found = settings.poll_timeout_s;
            let why = format!("found {found}; MAX takes 1 to {POLL_TIMEOUT_S_MAX}");
            return Err(setting_error("/poll_timeout_s", why));
        }
        Ok(settings)
    }

    pub(crate) fn is_agent(&self, user: i64) -> bool {
        self.agents.contains(&user)
    }
}
