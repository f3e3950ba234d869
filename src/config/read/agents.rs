//! `[agents]`: what they are called, and which of them are one person.

use std::collections::BTreeMap;

use super::super::document::{Node, Place, Value};
use super::super::model::{AgentOfChannel, Agents, SHOW_AGENTS};
use super::super::problem::Problem;
use super::super::section::{Reader, Section, text};
use super::channel::ChannelNames;

/// Longest alias or person's name: a cell of a table.
const NAME_CHARS_MAX: usize = 40;

pub(super) fn agents(mut section: Section<'_>, channels: &ChannelNames<'_>) -> Agents {
    let reader = section.reader;
    let show = section.meaning("show", &SHOW_AGENTS);
    let aliases = aliases(reader, section.section("aliases"));
    let people = people(reader, section.section("people"), channels);
    section.finish();
    Agents { show, aliases, people }
}

/// Two people of one alias would be one in a report, so that is a mistake.
fn aliases(reader: &Reader<'_>, section: Section<'_>) -> BTreeMap<String, String> {
    let mut aliases: BTreeMap<String, String> = BTreeMap::new();
    for (name, node) in section.entries() {
        let wrong = |found: String, expected: String| {
            let key = format!("agents.aliases.{name}");
            reader.report(&node.place, Problem::about(key, found, expected));
        };
        match alias(&node) {
            None => {
                let expected = format!("a text of 1 to {NAME_CHARS_MAX} characters");
                wrong(node.value.describe(), expected);
            }
            Some(alias) => match aliases.iter().find(|(_, taken)| **taken == alias) {
                Some((other, _)) => wrong(
                    format!("{alias:?} is the alias of {other:?} already"),
                    "an alias of its own for each agent".to_owned(),
                ),
                None => drop(aliases.insert(name, alias)),
            },
        }
    }
    aliases
}

fn alias(node: &Node) -> Option<String> {
    let alias = text(node)?.trim().to_owned();
    fits_a_cell(&alias).then_some(alias)
}

fn fits_a_cell(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.contains(char::is_control)
}

/// People by name, each with the agents that they are.
fn people(
    reader: &Reader<'_>,
    section: Section<'_>,
    channels: &ChannelNames<'_>,
) -> BTreeMap<String, Vec<AgentOfChannel>> {
    let mut entries = section.entries();
    // In the order of the file: whoever names an agent second is told so.
    entries.sort_by_key(|(_, node)| node.place.line);
    let mut claims = Claims { reader, channels, owners: BTreeMap::new() };
    let mut people = BTreeMap::new();
    for (person, node) in entries {
        let key = format!("agents.people.{person}");
        if !fits_a_cell(&person) || person.trim() != person {
            let found = format!("{person:?} is no name");
            let expected = format!("1 to {NAME_CHARS_MAX} characters, without space around them");
            reader.report(&node.place, Problem::about(&key, found, expected));
        }
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            let expected = r#"who it is, such as ["pbx:SIP/101", "desk:8812"]"#;
            reader.report(&node.place, Problem::about(&key, "an empty list", expected));
        }
        let texts = reader.texts(&key, node).into_iter();
        let agents = texts.filter_map(|(place, text)| claims.claim(&person, &place, &text));
        let agents = agents.collect();
        people.insert(person, agents);
    }
    people
}

/// Which agents are taken, and by whom. One of two people would be counted with both, so that is
/// a mistake.
struct Claims<'a> {
    reader: &'a Reader<'a>,
    channels: &'a ChannelNames<'a>,
    owners: BTreeMap<AgentOfChannel, String>,
}

impl Claims<'_> {
    /// The agent that a text names, the person's from now on.
    fn claim(&mut self, person: &str, place: &Place, text: &str) -> Option<AgentOfChannel> {
        let key = format!("agents.people.{person}");
        let wrong = |found, expected: &str| {
            self.reader.report(place, Problem::about(&key, found, expected));
            None
        };
        let Some(agent) = agent_of_channel(text) else {
            return wrong(format!("found {text:?}"), r#"CHANNEL:NAME such as "pbx:SIP/101""#);
        };
        if let Some(problem) = self.channels.problem(&key, &agent.channel) {
            self.reader.report(place, problem);
            return None;
        }
        match self.owners.get(&agent) {
            Some(owner) if owner == person => {
                wrong(format!("{text:?} stands here twice"), "each of a person's names once")
            }
            Some(owner) => wrong(
                format!("{text:?} is {owner:?} already"),
                "each agent of a channel with one person only",
            ),
            None => {
                self.owners.insert(agent.clone(), person.to_owned());
                Some(agent)
            }
        }
    }
}

/// A channel's name has no colon; an agent's may have several.
fn agent_of_channel(text: &str) -> Option<AgentOfChannel> {
    let (channel, name) = text.split_once(':')?;
    let [channel, name] = [channel, name].map(|part| part.trim().to_owned());
    (!channel.is_empty() && !name.is_empty()).then_some(AgentOfChannel { channel, name })
}
