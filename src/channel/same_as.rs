//! Contacts of which two channels tell: a help desk in which a chat of another channel is worked on.
//!
//! The operator says by which attributes of the desk's events such a contact is known, and how the other
//! channel names it (`[channel.NAME.same_as.CHANNEL]`). Both channels' events then belong to the one
//! contact. What the other channel tells as well counts as it comes from there: a customer's question is
//! one message, however many programs hand it on.

use crate::config::model::{AttributePiece, SameAs as Rule};
use crate::event::{Author, Event, Kind, SameAs};

/// Of which other channel's contact an event tells; the first rule that fits counts. Its attributes and
/// names are read as the plugin gave them.
pub fn find(rules: &[Rule], event: &Event) -> Option<SameAs> {
    if rules.is_empty() || event.interaction.is_empty() {
        return None;
    }
    let said = |name: &String| event.attrs.get(name).filter(|value| !value.is_empty());
    let fits = |rule: &&Rule| rule.when.iter().all(|(name, value)| said(name) == Some(value));
    let named = |rule: &Rule| {
        let mut interaction = String::new();
        for piece in &rule.interaction {
            match piece {
                AttributePiece::Text(text) => interaction.push_str(text),
                AttributePiece::Attribute(name) => interaction.push_str(said(name)?),
            }
        }
        let told_there = is_told_there(&event.kind, rule.replies);
        Some(SameAs { channel: rule.channel.clone(), interaction, told_there })
    };
    rules.iter().filter(fits).find_map(named)
}

/// Whether the channel by which a contact came in tells this, too.
fn is_told_there(kind: &Kind, replies: bool) -> bool {
    match kind {
        Kind::Opened(_) | Kind::Queued => true,
        Kind::Message(message) | Kind::Edited(message) => match message.author {
            Author::Customer | Author::Peer => true,
            // The desk's notes are read by nobody else.
            Author::Agent | Author::Bot | Author::System => !replies && !message.note,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::event::{Direction, Medium, Message, Opened};

    fn rule(replies: bool) -> Rule {
        Rule {
            channel: "telegram".to_owned(),
            when: BTreeMap::from([("inbox".to_owned(), "Telegram".to_owned())]),
            interaction: vec![
                AttributePiece::Text("c".to_owned()),
                AttributePiece::Attribute("chat_id".to_owned()),
            ],
            replies,
        }
    }

    fn event(kind: Kind, attrs: &[(&str, &str)]) -> Event {
        let attrs = attrs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Event {
            id: "1".to_owned(),
            channel: "desk".to_owned(),
            at_ms: 1,
            received_ms: 1,
            interaction: "ticket-8".to_owned(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            order: None,
            refers: None,
            same_as: None,
            kind,
            attrs: attrs.collect(),
        }
    }

    fn message(author: Author, note: bool) -> Kind {
        Kind::Message(Message { author, note, ..Message::default() })
    }

    const BOTH: [(&str, &str); 2] = [("inbox", "Telegram"), ("chat_id", "77")];

    #[test]
    fn a_contact_is_the_other_channels_where_its_attributes_say_so() {
        let same = find(&[rule(true)], &event(Kind::Assigned, &BOTH)).expect("it fits");
        assert_eq!((same.channel.as_str(), same.interaction.as_str()), ("telegram", "c77"));
        let others: [&[(&str, &str)]; 4] = [
            &[("inbox", "Email"), ("chat_id", "77")],
            &[("chat_id", "77")],
            &[("inbox", "Telegram")],
            &[("inbox", "Telegram"), ("chat_id", "")],
        ];
        for attrs in others {
            assert_eq!(find(&[rule(true)], &event(Kind::Assigned, attrs)), None, "{attrs:?}");
        }
        let of_nobody = Event { interaction: String::new(), ..event(Kind::Assigned, &BOTH) };
        assert_eq!(find(&[rule(true)], &of_nobody), None, "an agent's state is no contact's");
    }

    #[test]
    fn what_the_other_channel_tells_is_left_to_it() {
        let told_there = |kind: Kind, replies: bool| {
            find(&[rule(replies)], &event(kind, &BOTH)).expect("it fits").told_there
        };
        let opened = Kind::Opened(Opened {
            medium: Medium::Ticket,
            direction: Direction::Inbound,
            public: false,
            priority: None,
        });
        assert!(told_there(opened, true));
        assert!(told_there(message(Author::Customer, false), true));
        assert!(!told_there(message(Author::Agent, false), true));
        assert!(told_there(message(Author::Agent, false), false));
        assert!(!told_there(message(Author::Agent, true), false), "a note is only the desk's");
        assert!(!told_there(Kind::Assigned, false));
    }
}
