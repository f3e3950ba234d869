//! The parts of Chatwoot's calls that count. What stands in them beside that is not read.

use serde::Deserialize;
use serde_json::Value;
use tablica_plugin::Id;

use crate::moments::When;

/// What every call has, or it is none.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) event: String,
}

/// `message_created`, `message_updated`.
#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) content: Option<String>,
    /// A word here, a number in lists of a conversation's messages.
    #[serde(default)]
    pub(crate) message_type: Value,
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) content_attributes: Value,
    pub(crate) private: Option<bool>,
    #[serde(default)]
    pub(crate) created_at: When,
    pub(crate) sender: Option<Sender>,
    pub(crate) account: Option<Account>,
    pub(crate) conversation: Conversation,
}

/// Who wrote a message: `user`, `agent_bot`, `captain_assistant`; contacts have no type.
#[derive(Deserialize)]
pub(crate) struct Sender {
    pub(crate) id: Option<Id>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
}

/// A conversation: the whole call of `conversation_…`, or a part of a message's.
#[derive(Deserialize)]
pub(crate) struct Conversation {
    /// The number that people see; unique within the account.
    #[serde(alias = "display_id")]
    pub(crate) id: Id,
    pub(crate) inbox_id: Option<Id>,
    /// `Channel::WebWidget`
    pub(crate) channel: Option<String>,
    pub(crate) contact_inbox: Option<ContactInbox>,
    /// What the inbox's network knows of it.
    #[serde(default)]
    pub(crate) additional_attributes: Value,
    /// The last message that a customer can see, if there is one yet.
    #[serde(default)]
    pub(crate) messages: Vec<LastMessage>,
    #[serde(default)]
    pub(crate) meta: Meta,
    pub(crate) status: Option<String>,
    pub(crate) priority: Option<String>,
    #[serde(default)]
    pub(crate) first_reply_created_at: Value,
    #[serde(default)]
    pub(crate) snoozed_until: When,
    #[serde(default)]
    pub(crate) created_at: When,
    #[serde(default)]
    pub(crate) updated_at: When,
    #[serde(default)]
    pub(crate) changed_attributes: Value,
    pub(crate) account: Option<Account>,
}

#[derive(Deserialize)]
pub(crate) struct ContactInbox {
    /// Who the customer is in the inbox's own network.
    pub(crate) source_id: Option<Id>,
}

#[derive(Deserialize)]
pub(crate) struct LastMessage {
    pub(crate) id: Option<Id>,
    pub(crate) account_id: Option<Id>,
    #[serde(default)]
    pub(crate) message_type: Value,
    pub(crate) sender_type: Option<String>,
    pub(crate) status: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Meta {
    /// The customer, whoever wrote.
    pub(crate) sender: Option<Sender>,
    pub(crate) assignee: Option<Assignee>,
    /// `User`, `AgentBot`; older versions do not say.
    pub(crate) assignee_type: Option<String>,
    pub(crate) team: Option<Team>,
}

#[derive(Deserialize)]
pub(crate) struct Assignee {
    pub(crate) id: Option<Id>,
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Team {
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Account {
    pub(crate) id: Option<Id>,
}

/// Which of Chatwoot's four types a message is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageType {
    Incoming,
    Outgoing,
    /// Chatwoot writes what happened.
    Activity,
    /// Chatwoot writes to the customer: greetings, surveys.
    Template,
}

/// By its word or its number; none when a later version has another.
pub(crate) fn message_type(value: &Value) -> Option<MessageType> {
    let is = |word, number| value.as_str() == Some(word) || value.as_u64() == Some(number);
    [
        (MessageType::Incoming, "incoming", 0),
        (MessageType::Outgoing, "outgoing", 1),
        (MessageType::Activity, "activity", 2),
        (MessageType::Template, "template", 3),
    ]
    .into_iter()
    .find_map(|(kind, word, number)| is(word, number).then_some(kind))
}
