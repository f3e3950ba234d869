//! What is in a WhatsApp message. Kinds of content are listed: what comes beside them as a message is the network's
//! word on something, or a reaction.

use serde::Deserialize;
use serde_json::{Map, Value};
use tablica_plugin::Id;

#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    /// The customer's number; absent when they hide it behind a user name.
    pub(super) from: Option<Id>,
    pub(super) from_user_id: Option<Id>,
    pub(super) from_parent_user_id: Option<Id>,
    /// Of an echo: to whom.
    pub(super) to: Option<Id>,
    pub(super) to_user_id: Option<Id>,
    pub(super) group_id: Option<Id>,
    /// Seconds, as a text.
    pub(super) timestamp: Option<Id>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    content: Content,
    edit: Option<Edit>,
    revoke: Option<Revoke>,
}

/// What another app wrote, as an app on standby is shown it: as that app has sent it, beside its id.
#[derive(Deserialize)]
struct Shown {
    id: Value,
    timestamp: Option<Value>,
    message: Map<String, Value>,
}

#[derive(Deserialize)]
struct Content {
    text: Option<Text>,
    button: Option<Button>,
    interactive: Option<Interactive>,
    image: Option<Media>,
    video: Option<Media>,
    document: Option<Media>,
}

#[derive(Deserialize)]
struct Text {
    body: Option<String>,
}

#[derive(Deserialize)]
struct Media {
    caption: Option<String>,
}

#[derive(Deserialize)]
struct Button {
    text: Option<String>,
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Interactive {
    #[serde(rename = "type")]
    kind: Option<String>,
    button_reply: Option<Choice>,
    list_reply: Option<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    id: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Edit {
    original_message_id: Option<String>,
    message: Option<Content>,
}

#[derive(Deserialize)]
struct Revoke {
    original_message_id: Option<String>,
}

/// What a message says.
pub(super) enum Said<'a> {
    /// `payload` is what a pressed button stands for.
    Content {
        text: Option<&'a str>,
        payload: Option<&'a str>,
    },
    Edit {
        original: &'a str,
        text: Option<&'a str>,
    },
    Revoke {
        original: &'a str,
    },
    /// A reaction, a changed number, what WhatsApp cannot show, what it adds later.
    Nothing,
}

impl Message {
    /// An echo: from the WhatsApp Business app, or of another app.
    pub(super) fn echo(json: &str) -> Result<Self, serde_json::Error> {
        let Ok(Shown { id, timestamp, message: mut shown }) = serde_json::from_str(json) else {
            return serde_json::from_str(json);
        };
        shown.insert("id".into(), id);
        shown.insert("timestamp".into(), timestamp.unwrap_or_default());
        let recipient = shown.remove("recipient").filter(|_| !shown.contains_key("to"));
        if let Some(recipient) = recipient {
            let is_number = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+');
            let key = if recipient.as_str().is_none_or(is_number) { "to" } else { "to_user_id" };
            shown.entry(key).or_insert(recipient);
        }
        serde_json::from_value(Value::Object(shown))
    }

    /// The customer, where the message names none.
    pub(super) fn name(&mut self, number: Option<&Id>, user: Option<&Id>) {
        if self.from.is_none() && self.from_user_id.is_none() {
            self.from = number.cloned();
            self.from_user_id = user.cloned();
        }
    }

    /// Something was written, and nothing says by whom.
    pub(super) fn is_nobodys(&self) -> bool {
        let is_named = self.from.is_some() || self.from_user_id.is_some();
        !is_named && self.group_id.is_none() && !matches!(self.said(), Said::Nothing)
    }

    pub(super) fn said(&self) -> Said<'_> {
        match self.kind.as_deref().unwrap_or_default() {
            "text" | "image" | "video" | "document" | "button" | "audio" | "voice" | "sticker"
            | "location" | "contacts" | "order" => {
                Said::Content { text: self.content.text(), payload: self.content.payload() }
            }
            "interactive" if self.content.is_answer() => {
                Said::Content { text: self.content.text(), payload: self.content.payload() }
            }
            "edit" => match self.edit.as_ref() {
                Some(Edit { original_message_id: Some(original), message }) => Said::Edit {
                    original,
                    text: message.as_ref().and_then(|message| message.text()),
                },
                _ => Said::Nothing,
            },
            "revoke" => match self.revoke.as_ref() {
                Some(Revoke { original_message_id: Some(original) }) => Said::Revoke { original },
                _ => Said::Nothing,
            },
            _ => Said::Nothing,
        }
    }
}

impl Content {
    /// The text, a media's caption, or what stands on the button that was pressed.
    fn text(&self) -> Option<&str> {
        let media = [&self.image, &self.video, &self.document].into_iter().flatten();
        let texts = [
            self.text.as_ref().and_then(|text| text.body.as_deref()),
            self.button.as_ref().and_then(|button| button.text.as_deref()),
            self.choice().and_then(|choice| choice.title.as_deref()),
        ];
        let captions = media.filter_map(|media| media.caption.as_deref());
        texts.into_iter().flatten().chain(captions).next()
    }

    fn payload(&self) -> Option<&str> {
        let button = self.button.as_ref().and_then(|button| button.payload.as_deref());
        button.or_else(|| self.choice()?.id.as_deref())
    }

    fn choice(&self) -> Option<&Choice> {
        let interactive = self.interactive.as_ref()?;
        interactive.button_reply.as_ref().or(interactive.list_reply.as_ref())
    }

    /// A chosen button or line, or a filled-in form; not the permission to call.
    fn is_answer(&self) -> bool {
        let kind = self.interactive.as_ref().and_then(|interactive| interactive.kind.as_deref());
        matches!(kind, Some("button_reply" | "list_reply" | "nfm_reply"))
    }
}
