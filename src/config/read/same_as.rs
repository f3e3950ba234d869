//! `[channel.NAME.same_as.CHANNEL]`.

use std::collections::BTreeMap;

use super::channel::ChannelNames;
use crate::config::model::{AttributePiece, Channel, SameAs};
use crate::config::problem::Problem;
use crate::config::section::{Reader, Section, text};

pub(super) fn same_as(section: Section<'_>) -> Vec<SameAs> {
    let (reader, path) = (section.reader, section.key(""));
    let rule = |(channel, node)| {
        let mut section = Section::of(reader, format!("{path}{channel}"), Some(node));
        let when = when(section.section("when"));
        let interaction = section.optional_text("interaction");
        let interaction = interaction.map(|it| pieces(&it)).unwrap_or(Ok(Vec::new()));
        let names_one = |pieces: &[AttributePiece]| {
            pieces.iter().any(|piece| matches!(piece, AttributePiece::Attribute(_)))
        };
        let interaction = match interaction {
            Ok(pieces) if names_one(&pieces) => pieces,
            wrong => {
                let found = wrong.err().unwrap_or("it names no attribute");
                let expected = "interaction = \"{ATTRIBUTE}\": how the other channel names the contact, \
                    such as \"{chat_id}\"";
                section.wrong("interaction", found, expected);
                Vec::new()
            }
        };
        let replies = section.boolean("replies", true);
        section.finish();
        SameAs { channel, when, interaction, replies }
    };
    section.entries().into_iter().map(rule).collect()
}

/// What attributes must say.
fn when(section: Section<'_>) -> BTreeMap<String, String> {
    let (reader, path) = (section.reader, section.key(""));
    let mut when = BTreeMap::new();
    for (name, node) in section.entries() {
        match text(&node) {
            Some(value) => drop(when.insert(name, value)),
            None => {
                let expected = "a text that the attribute must be";
                let problem =
                    Problem::about(format!("{path}{name}"), node.value.describe(), expected);
                reader.report(&node.place, problem);
            }
        }
    }
    when
}

/// `chat-{chat_id}` in pieces.
fn pieces(template: &str) -> Result<Vec<AttributePiece>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}').ok_or("a { without its }")?;
        if name.is_empty() || name.contains('{') {
            return Err("no attribute's name between { and }");
        }
        if !before.is_empty() {
            pieces.push(AttributePiece::Text(before.to_owned()));
        }
        pieces.push(AttributePiece::Attribute(name.to_owned()));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(AttributePiece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// Reports channels that there are not, and a channel that is said to be itself.
pub(super) fn check(
    reader: &Reader<'_>,
    channels: &BTreeMap<String, Channel>,
    names: &ChannelNames<'_>,
) {
    let rules = channels.values().flat_map(|it| it.same_as.iter().map(|rule| (&it.name, rule)));
    for (name, SameAs { channel: other, .. }) in rules {
        let key = format!("channel.{name}.same_as.{other}");
        let problem = if other == name {
            let expected = "another channel, by which the contacts came in";
            Some(Problem::about(&key, "it is the channel itself", expected))
        } else {
            names.problem(&key, other)
        };
        if let Some(problem) = problem {
            let place = reader.places.borrow().keys.get(&key).cloned().unwrap_or_default();
            reader.report(&place, problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contacts_name_is_made_of_texts_and_attributes() {
        let text = |it: &str| AttributePiece::Text(it.to_owned());
        let attribute = |it: &str| AttributePiece::Attribute(it.to_owned());
        assert_eq!(pieces("{chat_id}"), Ok(vec![attribute("chat_id")]));
        let both = vec![text("a:"), attribute("b"), attribute("c"), text("!")];
        assert_eq!(pieces("a:{b}{c}!"), Ok(both));
        assert_eq!(pieces("plain"), Ok(vec![text("plain")]));
        for wrong in ["{", "{}", "a{b", "{a{b}}"] {
            assert!(pieces(wrong).is_err(), "{wrong}");
        }
    }
}
