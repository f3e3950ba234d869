//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeSet;

use serde::Deserialize;
use tablica_plugin::{Failure, Id, check_rating_scale, setting_error, settings};

/// Events of guilds, channels and threads.
const GUILDS: u64 = 1;
const GUILD_MESSAGES: u64 = 1 << 9;
const DIRECT_MESSAGES: u64 = 1 << 12;
/// Privileged: without it messages come without their text.
const MESSAGE_CONTENT: u64 = 1 << 15;
/// Discord's own limit of a message.
const REPLY_CHARACTERS_MAX: usize = 2_000;

/// As they are written.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    channels: Vec<Id>,
    direct_messages: bool,
    agents: Vec<Id>,
    agent_roles: Vec<Id>,
    solved_tags: Vec<Id>,
    archive_resolves: bool,
    message_content: bool,
    rating_prefix: String,
    rating_scale: f64,
    commands: Vec<String>,
    command_reply: String,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            channels: Vec::new(),
            direct_messages: true,
            agents: Vec::new(),
            agent_roles: Vec::new(),
            solved_tags: Vec::new(),
            archive_resolves: true,
            message_content: true,
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
            commands: Vec::new(),
            command_reply: "Thank you. We have your message.".into(),
        }
    }
}

/// The settings; all have defaults.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Channels, forums and categories that belong to the desk; empty: all that the bot sees.
    pub(crate) channels: BTreeSet<u64>,
    pub(crate) direct_messages: bool,
    /// Users, bots and webhooks whose messages are a human answer of ours.
    pub(crate) agents: BTreeSet<u64>,
    pub(crate) agent_roles: BTreeSet<u64>,
    /// Tags of a forum that mean: solved.
    pub(crate) solved_tags: BTreeSet<u64>,
    /// A closed thread is settled.
    pub(crate) archive_resolves: bool,
    message_content: bool,
    /// Buttons and menus whose `custom_id` begins so are ratings.
    pub(crate) rating_prefix: String,
    pub(crate) rating_scale: f64,
    /// Slash commands, and forms' `custom_id`s, by which a customer writes to us.
    pub(crate) commands: BTreeSet<String>,
    /// What the customer is answered who used one of them, where Discord calls the webhook.
    pub(crate) command_reply: String,
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let written: Written = settings(config)?;
        if written.rating_prefix.is_empty() {
            let why = "is empty: every button would be a rating";
            return Err(setting_error("/rating_prefix", why));
        }
        check_rating_scale(written.rating_scale)?;
        let length = written.command_reply.chars().count();
        if !(1..=REPLY_CHARACTERS_MAX).contains(&length) {
            let why = format!("Discord takes 1 to {REPLY_CHARACTERS_MAX} characters");
            return Err(setting_error("/command_reply", why));
        }
        Ok(Self {
            channels: ids("channels", &written.channels)?,
            direct_messages: written.direct_messages,
            agents: ids("agents", &written.agents)?,
            agent_roles: ids("agent_roles", &written.agent_roles)?,
            solved_tags: ids("solved_tags", &written.solved_tags)?,
            archive_resolves: written.archive_resolves,
            message_content: written.message_content,
            rating_prefix: written.rating_prefix,
            rating_scale: written.rating_scale,
            commands: written.commands.into_iter().collect(),
            command_reply: written.command_reply,
        })
    }

    /// What the bot asks the gateway for.
    pub(crate) fn intents(&self) -> u64 {
        let direct = if self.direct_messages { DIRECT_MESSAGES } else { 0 };
        let content = if self.message_content { MESSAGE_CONTENT } else { 0 };
        GUILDS | GUILD_MESSAGES | direct | content
    }
}

fn ids(key: &str, written: &[Id]) -> Result<BTreeSet<u64>, Failure> {
    let parse = |(at, id): (usize, &Id)| {
        let why = "not an id: in Discord's settings under Advanced, switch on Developer Mode, then right-click and Copy ID";
        id.0.parse().map_err(|_| setting_error(&format!("/{key}/{at}"), why))
    };
    written.iter().enumerate().map(parse).collect()
}
