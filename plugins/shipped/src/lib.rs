//! Every channel plugin that ships, natively and by its name, without the sandbox.
//!
//! The fuzzer attacks all of them by one body, [`attack`]; benchmarks hold the sandbox against them. What
//! they are fed with are their own samples, as [`samples`] reads them, or a fuzzer's bytes, as [`script`]
//! does. A new plugin is in by two lines: its dependency in `Cargo.toml`, and its type below.

pub mod attack;
mod marked;
#[path = "../../../src/channel/privacy/quoted.rs"]
#[allow(dead_code, unreachable_pub, reason = "the host's own: what it strikes out of reasons")]
mod quoted;
pub mod samples;
pub mod script;
pub mod telling;
#[cfg(test)]
mod tests;

use tablica_plugin::{Channel, Failure, Input, Output, Setup};

/// A plugin that runs.
pub trait Native {
    /// As [`Channel::handle`].
    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure>;
    /// As [`Channel::snapshot`].
    fn snapshot(&self) -> Vec<u8>;
}

impl<C: Channel> Native for C {
    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        Channel::handle(self, now_ms, input)
    }
    fn snapshot(&self) -> Vec<u8> {
        Channel::snapshot(self)
    }
}

type Started = (Box<dyn Native>, Output);

/// A plugin that ships.
#[derive(Clone, Copy)]
pub struct Plugin {
    /// That of its folder.
    pub name: &'static str,
    start: fn(&Setup) -> Result<Started, Failure>,
}

impl Plugin {
    /// Starts one as the SDK does it in the sandbox: restored where there is a snapshot.
    pub fn start(&self, setup: &Setup) -> Result<Started, Failure> {
        (self.start)(setup)
    }
}

fn start<C: Channel>(setup: &Setup) -> Result<Started, Failure> {
    let mut channel = C::new(setup)?;
    if let Some(snapshot) = setup.snapshot.as_ref().filter(|bytes| !bytes.is_empty()) {
        channel.restore(snapshot)?;
    }
    let output = channel.start(setup.now_ms)?;
    Ok((Box::new(channel), output))
}

/// The plugin of this name.
pub fn find(name: &str) -> Option<&'static Plugin> {
    ALL.iter().find(|plugin| plugin.name == name)
}

macro_rules! shipped {
    ($($name:literal: $channel:ty),+ $(,)?) => {
        /// All of them.
        pub const ALL: &[Plugin] = &[$(Plugin { name: $name, start: start::<$channel> }),+];
    };
}

shipped! {
    "asterisk-ami": tablica_asterisk_ami::Manager,
    "asterisk-ari": tablica_asterisk_ari::Ari,
    "asterisk-queuelog": tablica_asterisk_queuelog::QueueLog,
    "chatwoot": tablica_chatwoot::Chatwoot,
    "csv": tablica_csv::Csv,
    "discord": tablica_discord::Discord,
    "discourse": tablica_discourse::Discourse,
    "email": tablica_email::Email,
    "feeds": tablica_feeds::Feeds,
    "freeswitch": tablica_freeswitch::FreeSwitch,
    "freshdesk": tablica_freshdesk::Freshdesk,
    "intercom": tablica_intercom::Intercom,
    "jira": tablica_jira::Jira,
    "line": tablica_line::Line,
    "livechat": tablica_livechat::LiveChat,
    "max": tablica_max::Max,
    "meta": tablica_meta::Meta,
    "ok": tablica_ok::Odnoklassniki,
    "osticket": tablica_osticket::OsTicket,
    "rocketchat": tablica_rocketchat::RocketChat,
    "slack": tablica_slack::Slack,
    "telegram": tablica_telegram::Telegram,
    "twilio": tablica_twilio::Twilio,
    "viber": tablica_viber::Viber,
    "vk": tablica_vk::Vk,
    "webform": tablica_webform::WebForm,
    "x": tablica_x::X,
    "zammad": tablica_zammad::Zammad,
    "zendesk": tablica_zendesk::Zendesk,
}
