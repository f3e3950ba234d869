//! Who wrote a message. In Telegram `from` is not always the author.

use tablica_plugin::Author;

use crate::settings::Settings;
use crate::state::State;
use crate::update::{Chat, Message, Reply, User};

/// `@GroupAnonymousBot`: stands in for an administrator who hides behind the group.
const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// Telegram itself: stands in for the linked channel whose posts are forwarded.
const TELEGRAM: i64 = 777_000;

/// The author, and how to name them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    Customer(i64),
    Agent(String),
    Bot,
    /// Not somebody who writes to or for us: a forwarded channel post, a message without a sender.
    Nobody,
}

impl Writer {
    pub(crate) fn author(&self) -> Author {
        match self {
            Self::Customer(_) => Author::Customer,
            Self::Agent(_) => Author::Agent,
            Self::Bot => Author::Bot,
            Self::Nobody => Author::System,
        }
    }

    pub(crate) fn customer(&self) -> Option<i64> {
        match self {
            Self::Customer(user) => Some(*user),
            _ => None,
        }
    }
}

/// In a chat with the bot, or in a group.
pub(crate) fn of_message(message: &Message<'_>, settings: &Settings, state: &State) -> Writer {
    let (from, sender) = (message.from.as_ref(), message.sender_chat.as_ref());
    if message.is_automatic_forward {
        return Writer::Nobody;
    }
    let of_channel = message.direct_messages_topic.is_some();
    match writer(message.chat.id, from, sender, of_channel, settings, state) {
        Writer::Agent(_) if sender.is_some() => {
            let title = message.author_signature.as_ref();
            Writer::Agent(title.map_or("anonymous", |title| &title.0).to_owned())
        }
        writer => writer,
    }
}

/// Of the message that is answered, the customer who wrote it.
pub(crate) fn of_answered(
    chat: i64,
    reply: &Reply<'_>,
    settings: &Settings,
    state: &State,
) -> Option<i64> {
    let (from, sender) = (reply.from.as_ref(), reply.sender_chat.as_ref());
    writer(chat, from, sender, false, settings, state).customer()
}

fn writer(
    chat: i64,
    from: Option<&User<'_>>,
    sender: Option<&Chat<'_>>,
    of_channel: bool,
    settings: &Settings,
    state: &State,
) -> Writer {
    if from.is_some_and(|user| user.id == TELEGRAM) {
        return Writer::Nobody;
    }
    if let Some(sender) = sender {
        let ours = sender.id == chat
            || of_channel
            || settings.agents.contains(&sender.id)
            || state.is_linked(chat, sender.id)
            || from.is_some_and(|user| user.id == ANONYMOUS_ADMIN);
        // A customer may write under the name of a channel of their own.
        return if ours { Writer::Agent(String::new()) } else { Writer::Customer(sender.id) };
    }
    match from {
        Some(user) if settings.agents.contains(&user.id) => Writer::Agent(user.id.to_string()),
        Some(user) if user.is_bot => Writer::Bot,
        Some(user) => Writer::Customer(user.id),
        None => Writer::Nobody,
    }
}

/// In a chat of a connected business account. It is a private chat, whose id is the customer's:
/// whoever else writes there is the account's owner, or a machine of theirs.
pub(crate) fn of_business_message(message: &Message<'_>) -> Writer {
    match &message.from {
        Some(user) if user.id == message.chat.id => Writer::Customer(user.id),
        // A connected bot, or the account's automatic greeting or away message.
        _ if message.sender_business_bot.is_some() || message.is_from_offline => Writer::Bot,
        Some(user) if user.is_bot => Writer::Bot,
        Some(user) => Writer::Agent(user.id.to_string()),
        None => Writer::Nobody,
    }
}
