//! What is in a message of Messenger or Instagram.

use serde::Deserialize;
use serde::de::IgnoredAny;
use tablica_plugin::Id;

#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) mid: Option<String>,
    text: Option<String>,
    #[serde(default)]
    pub(crate) is_echo: bool,
    /// The customer has taken it back. It has the id of the message that it was.
    #[serde(default)]
    pub(crate) is_deleted: bool,
    /// Of an echo: the app that sent it, a number or a text.
    pub(crate) app_id: Option<Id>,
    quick_reply: Option<QuickReply>,
    attachments: Option<Vec<Attachment>>,
}

#[derive(Deserialize)]
struct QuickReply {
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "payload")]
    _payload: Option<IgnoredAny>,
}

/// A story of the customer's that names us comes as a message without text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoryMention {
    None,
    OfUs,
}

impl Message {
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// What the pressed button stands for.
    pub(crate) fn payload(&self) -> Option<&str> {
        self.quick_reply.as_ref()?.payload.as_deref()
    }

    pub(crate) fn story_mention(&self) -> StoryMention {
        let mut kinds = self.attachments.iter().flatten().filter_map(|it| it.kind.as_deref());
        match kinds.any(|kind| kind == "story_mention") {
            true => StoryMention::OfUs,
            false => StoryMention::None,
        }
    }
}
