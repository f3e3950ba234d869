//! Who the customer is: in Chatwoot, by telephone and mail, and in the network behind the inbox, so that
//! somebody who also writes past Chatwoot is the same person.

use tablica_plugin::identity;

use crate::payload::{Conversation, Sender};

/// Without `Channel::`, in small letters: `webwidget`, `telegram`.
pub(crate) fn network(channel: &str) -> String {
    channel.strip_prefix("Channel::").unwrap_or(channel).to_ascii_lowercase()
}

/// Identifiers, the best known first.
pub(crate) fn identifiers(
    contact: Option<&Sender>,
    conversation: &Conversation,
    country_code: Option<&str>,
) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(contact) = contact {
        all.extend(contact.id.as_ref().map(|id| format!("chatwoot:{id}")));
        let phone = contact.phone_number.as_deref();
        all.extend(phone.and_then(|raw| identity::phone(raw, country_code)));
        all.extend(contact.email.as_deref().and_then(identity::mail));
    }
    let source = conversation.contact_inbox.as_ref().and_then(|it| it.source_id.as_ref());
    if let (Some(channel), Some(source)) = (&conversation.channel, source) {
        let known = of_network(&network(channel), &source.0, country_code);
        all.extend(known.filter(|it| !all.contains(it)));
    }
    all
}

fn of_network(network: &str, source: &str, country_code: Option<&str>) -> Option<String> {
    match network {
        // Chatwoot gives WhatsApp's ids: the number without `+`.
        "whatsapp" => {
            let plain = source.bytes().all(|byte| byte.is_ascii_digit());
            identity::phone(&format!("{}{source}", if plain { "+" } else { "" }), None)
        }
        "twiliosms" => {
            let number = source.strip_prefix("whatsapp:").unwrap_or(source);
            identity::phone(number, country_code)
        }
        "sms" | "voice" => identity::phone(source, country_code),
        "email" => identity::mail(source),
        "facebookpage" => Some(format!("messenger:{source}")),
        "twitterprofile" => Some(format!("x:{source}")),
        "telegram" | "instagram" | "line" | "tiktok" => Some(format!("{network}:{source}")),
        // Of widgets and programs: names nobody outside of Chatwoot.
        _ => None,
    }
}
