//! Zendesk's words for ours: states of tickets, channels, priorities, ratings.

use tablica_plugin::{Medium, Priority};

/// What a ticket's state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    New,
    Open,
    /// Waits for the customer.
    Pending,
    /// Waits for somebody outside.
    Hold,
    /// Solved or closed: Zendesk closes what was solved by itself, days later.
    Settled,
}

impl Status {
    /// Events write `SOLVED`, placeholders `Solved`.
    pub(crate) fn read(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "new" => Self::New,
            "open" => Self::Open,
            "pending" => Self::Pending,
            "hold" | "on-hold" | "on hold" => Self::Hold,
            "solved" | "closed" => Self::Settled,
            _ => return None,
        })
    }

    /// One letter for the snapshot.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::New => 'n',
            Self::Open => 'o',
            Self::Pending => 'p',
            Self::Hold => 'h',
            Self::Settled => 's',
        }
    }

    pub(crate) fn from_letter(letter: char) -> Option<Self> {
        [Self::New, Self::Open, Self::Pending, Self::Hold, Self::Settled]
            .into_iter()
            .find(|status| status.letter() == letter)
    }
}

/// Zendesk has our four.
pub(crate) fn priority(word: &str) -> Option<Priority> {
    Some(match word.trim().to_lowercase().as_str() {
        "low" => Priority::Low,
        "normal" => Priority::Normal,
        "high" => Priority::High,
        "urgent" => Priority::Urgent,
        _ => return None,
    })
}

/// Messengers of Zendesk's messaging: what is written there comes as `messaging_ticket` events, and the
/// comments on such a ticket say it a second time.
const MESSAGING: [&str; 16] = [
    "native_messaging",
    "messaging",
    "whatsapp",
    "line",
    "wechat",
    "telegram",
    "twilio",
    "messagebird_sms",
    "viber",
    "google_rcs",
    "apple_business_chat",
    "google_business_messages",
    "kakaotalk",
    "instagram_dm",
    "slack_connect",
    "chat_transcript",
];

/// `via.channel` of an event, or `{{ticket.via}}` of a trigger.
pub(crate) fn is_messaging(via: &str) -> bool {
    let via = via.trim().to_lowercase();
    via.starts_with("sunshine_conversations") || MESSAGING.contains(&via.as_str())
}

pub(crate) fn medium(via: &str) -> Medium {
    match via.trim().to_lowercase().as_str() {
        "email" | "mail" => Medium::Mail,
        "chat" => Medium::Chat,
        // A page's posts and its private messages have one name: which of them it is is not told.
        "twitter" | "facebook" | "twitter_dm" => Medium::Message,
        other if is_messaging(other) => Medium::Message,
        _ => Medium::Ticket,
    }
}

/// What a rating says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rating {
    /// The customer was only asked.
    Offered,
    /// Good or bad: 1 of 1, or 0.
    Good,
    Bad,
}

impl Rating {
    /// `GOOD`, `good_with_comment`, and `Good, I'm satisfied` as placeholders render it.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        if word.starts_with("good") {
            Some(Self::Good)
        } else if word.starts_with("bad") {
            Some(Self::Bad)
        } else {
            (word == "offered").then_some(Self::Offered)
        }
    }

    pub(crate) fn letter(self) -> char {
        match self {
            Self::Offered => 'o',
            Self::Good => 'g',
            Self::Bad => 'b',
        }
    }
}
