//! One person, two words in the log.
//!
//! ADDMEMBER, REMOVEMEMBER and AGENTLOGIN write the interface (`PJSIP/ewa`), everything else the
//! member's name (`Ewa`), unless `log_membername_as_agent` is set. Two words are taken as one
//! person where the operator says so, or where the interface's last part is the name and there is
//! no choice. Such a pair is parted again when the interface turns out to be a name of its own.
//! The word that was told first stays the name, so that a wall has one agent, not two.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Agents;

/// Pairs remembered; further ones stay two agents.
const PAIRS_MAX: usize = 10_000;

/// Which kind of line a word stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A login or a membership: it names the interface, or the person.
    Login,
    /// Anything else: it names the person.
    Work,
}

/// The second word of a person.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Alias {
    name: String,
    /// This word is the one of logins, and the name that of work; or the other way round.
    is_login: bool,
}

/// The pairs that were learnt.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Pairs {
    aliases: BTreeMap<String, Alias>,
    /// From the name to its alias.
    names: BTreeMap<String, String>,
}

impl Agents {
    /// The name of the person behind a word.
    pub(crate) fn name(
        &mut self,
        word: &str,
        said: Said,
        members: &BTreeMap<String, String>,
    ) -> String {
        if let Some(name) = members.get(word) {
            return name.clone();
        }
        if said == Said::Work {
            self.pairs.part(word);
        }
        if let Some(alias) = self.pairs.aliases.get(word) {
            return alias.name.clone();
        }
        if !self.agents.contains_key(word)
            && let Some(name) = self.other_word(word, said)
            && self.pairs.aliases.len() < PAIRS_MAX
        {
            let alias = Alias { name: name.clone(), is_login: said == Said::Login };
            self.pairs.aliases.insert(word.to_owned(), alias);
            self.pairs.names.insert(name.clone(), word.to_owned());
            return name;
        }
        if said == Said::Work {
            self.agent(word).works = true;
        }
        word.to_owned()
    }

    /// All words of that person.
    pub(crate) fn words<'a>(
        &'a self,
        name: &'a str,
        members: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a str> {
        let set = members.iter().filter(move |(_, person)| *person == name);
        let learnt = self.pairs.names.get(name).map(String::as_str);
        [name].into_iter().chain(learnt).chain(set.map(|(word, _)| word.as_str()))
    }

    /// The only agent of whom this can be the other word.
    fn other_word(&self, word: &str, said: Said) -> Option<String> {
        let mut found = self.agents.iter().filter(|(known, agent)| match said {
            Said::Login => agent.works && is_pair(word, known),
            Said::Work => !agent.works && is_pair(known, word),
        });
        match (found.next(), found.next()) {
            (Some((known, _)), None) if !self.pairs.names.contains_key(known) => {
                Some(known.clone())
            }
            _ => None,
        }
    }
}

impl Pairs {
    /// A word of logins that works is a name of its own.
    fn part(&mut self, word: &str) {
        let alias = match self.names.get(word) {
            Some(alias) if self.aliases.get(alias).is_some_and(|alias| !alias.is_login) => {
                alias.clone()
            }
            _ if self.aliases.get(word).is_some_and(|alias| alias.is_login) => word.to_owned(),
            _ => return,
        };
        if let Some(alias) = self.aliases.remove(&alias) {
            self.names.remove(&alias.name);
        }
    }
}

/// `PJSIP/ewa` and `Ewa`; and `1001` of AGENTLOGIN with the queue's `Agent/1001`. Two interfaces,
/// or two names, are two.
fn is_pair(login: &str, work: &str) -> bool {
    match (login.split_once('/'), work.split_once('/')) {
        (Some((_, rest)), None) => {
            let part = rest.split(['@', '/']).next().unwrap_or(rest);
            part.to_lowercase() == work.to_lowercase()
        }
        (None, Some(("Agent", id))) => id == login,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_interface_and_its_last_part_make_a_pair() {
        for (login, work) in [
            ("PJSIP/ewa", "Ewa"),
            ("Local/ewa@agents/n", "EWA"),
            ("Agent/1001", "1001"),
            ("1001", "Agent/1001"),
        ] {
            assert!(is_pair(login, work), "{login} {work}");
        }
        for (login, work) in [
            ("PJSIP/ewa", "Ewa Lis"),
            ("PJSIP/ewa", "SIP/ewa"),
            ("ewa", "Ewa"),
            ("1001", "SIP/1001"),
            ("PJSIP/7009", "Ewa"),
            ("ewa", "PJSIP/ewa"),
        ] {
            assert!(!is_pair(login, work), "{login} {work}");
        }
    }
}
