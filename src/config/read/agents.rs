//! `[agents]`: what they are called.

use std::collections::BTreeMap;

use super::super::document::Node;
use super::super::model::{Agents, SHOW_AGENTS, ShowAgents};
use super::super::problem::Problem;
use super::super::section::{Reader, Section, text};

/// Longest alias: a cell of a table.
const ALIAS_CHARS_MAX: usize = 40;

pub(super) fn agents(mut section: Section<'_>) -> Agents {
    let words = SHOW_AGENTS.map(|(word, _)| word);
    let word = section.choice("show", words[0].to_owned(), &words);
    let show = SHOW_AGENTS.iter().find(|(shown, _)| *shown == word);
    let show = show.map_or(ShowAgents::default(), |(_, show)| *show);
    let own = section.section("aliases");
    let aliases = aliases(section.reader, own);
    section.finish();
    Agents { show, aliases }
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
                let expected = format!("a text of 1 to {ALIAS_CHARS_MAX} characters");
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
    let is_fit = alias.chars().count() <= ALIAS_CHARS_MAX && !alias.contains(char::is_control);
    is_fit.then_some(alias)
}
