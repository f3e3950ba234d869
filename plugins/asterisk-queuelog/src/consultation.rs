//! Which waiting call is an agent's consultation.
//!
//! An agent with a desk telephone puts the caller on hold, calls another queue and hands the
//! caller on before anybody there answers. The consultation enters that queue under an id of its
//! own; what follows there carries the caller's id. Some versions write the transfer under the
//! caller's id, some under the consultation's. Nothing else links the two, so the consultation is
//! found by who called it, and by the time at which it entered, which CONNECT, ABANDON and EXIT…
//! tell by their wait.

use crate::agents::Agents;
use crate::calls::{Call, Calls, SAME_TIME_MS, Stage};
use crate::settings::Settings;

/// A number of up to so many digits is an extension, whoever has it.
const EXTENSION_DIGITS_MAX: usize = 4;
/// A longer number is nobody's telephone in the house.
const TELEPHONE_DIGITS_MAX: usize = 8;

/// What is known of the site's own telephones.
pub(crate) struct Telephones<'a> {
    pub(crate) agents: &'a Agents,
    pub(crate) settings: &'a Settings,
}

impl Telephones<'_> {
    /// Whether the agent may have called from that number. Of many agents the log does not tell
    /// the telephone: they may have any extension.
    fn may_be(&self, agent: &str, number: &str) -> bool {
        let mut is_known = false;
        for word in self.agents.words(agent, &self.settings.members) {
            let Some(own) = extension_in(word) else { continue };
            if own == number {
                return true;
            }
            is_known = true;
        }
        !is_known && is_extension(number)
    }
}

/// `7009` of `PJSIP/7009` and of `Local/7009@from-queue/n`.
fn extension_in(word: &str) -> Option<&str> {
    let (technology, rest) = word.split_once('/')?;
    let part = rest.split(['@', '/']).next().unwrap_or(rest);
    let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && technology != "Agent").then_some(part)
}

/// Short enough for a telephone in the house.
fn may_be_inside(number: &str) -> bool {
    (1..=TELEPHONE_DIGITS_MAX).contains(&number.len())
}

/// Too short for anybody outside.
pub(crate) fn is_extension(number: &str) -> bool {
    (1..=EXTENSION_DIGITS_MAX).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl Calls {
    /// Somebody who is talking now may have called from that number.
    pub(crate) fn may_be_consultation(&self, number: &str, telephones: &Telephones<'_>) -> bool {
        may_be_inside(number)
            && self.iter().any(|(_, call)| {
                call.stage == Stage::Talking
                    && call.agent.as_deref().is_some_and(|agent| telephones.may_be(agent, number))
            })
    }

    /// The call that the agent talks on in that queue.
    pub(crate) fn talk_of(&self, queue: &str, agent: &str) -> Option<String> {
        let is_theirs = |call: &Call| {
            call.stage == Stage::Talking
                && call.queue == queue
                && call.agent.as_deref() == Some(agent)
        };
        self.iter().find(|(_, call)| is_theirs(call)).map(|(id, _)| id.clone())
    }

    /// The only waiting call that the agent may have begun during this talk.
    pub(crate) fn consultation_of(
        &self,
        id: &str,
        agent: &str,
        telephones: &Telephones<'_>,
    ) -> Option<String> {
        let talk = self.get(id)?;
        let mut found = self.iter().filter(|(other, call)| {
            *other != id
                && call.stage == Stage::Waiting
                && call.entered_ms.saturating_add(SAME_TIME_MS) >= talk.at_ms
                && call.extension.as_deref().is_some_and(|from| telephones.may_be(agent, from))
        });
        match (found.next(), found.next()) {
            (Some((consultation, _)), None) => Some(consultation.clone()),
            _ => None,
        }
    }

    /// What waits in that queue since then, and may be the consultation with which this call came
    /// there.
    pub(crate) fn consultation_since(
        &self,
        id: &str,
        queue: &str,
        began_ms: u64,
        telephones: &Telephones<'_>,
    ) -> Option<String> {
        let call = self.get(id);
        let agent = call.and_then(|call| call.agent.as_deref());
        let waits: Vec<_> = self
            .iter()
            .filter(|(other, call)| {
                *other != id
                    && call.stage == Stage::Waiting
                    && call.queue == queue
                    && call.entered_ms.abs_diff(began_ms) <= SAME_TIME_MS
            })
            .collect();
        let internal = waits.iter().filter(|(_, call)| call.extension.is_some());
        let nearest = internal.min_by_key(|(_, call)| {
            let is_theirs = call.extension.as_deref().zip(agent);
            let is_theirs = is_theirs.is_some_and(|(from, agent)| telephones.may_be(agent, from));
            (!is_theirs, call.entered_ms.abs_diff(began_ms))
        });
        match (nearest, &waits[..]) {
            (Some((consultation, _)), _) => Some((*consultation).clone()),
            // Asterisk said that there is one: with an outside number, it can only be this.
            (None, [(consultation, _)]) if call.is_some_and(|call| call.handed_on) => {
                Some((*consultation).clone())
            }
            _ => None,
        }
    }

    /// The call that was handed on just now, and for which a consultation from that number is
    /// missing.
    pub(crate) fn handed_on_by(
        &self,
        number: &str,
        at_ms: u64,
        telephones: &Telephones<'_>,
    ) -> Option<String> {
        if !may_be_inside(number) {
            return None;
        }
        let is_missing = |call: &Call| {
            call.handed_on
                && call.stage == Stage::Elsewhere
                && call.at_ms.abs_diff(at_ms) <= SAME_TIME_MS
                && call.agent.as_deref().is_some_and(|agent| telephones.may_be(agent, number))
        };
        let mut found = self.iter().filter(|(_, call)| is_missing(call));
        let (Some((id, call)), None) = (found.next(), found.next()) else { return None };
        // It is not missing when one of several that wait can be it.
        let agent = call.agent.as_deref()?;
        let waits = self.iter().any(|(_, call)| {
            call.stage == Stage::Waiting
                && call.extension.as_deref().is_some_and(|from| telephones.may_be(agent, from))
        });
        (!waits).then(|| id.clone())
    }

    /// The call whose entry into that queue was made up for want of this line.
    pub(crate) fn made_up_for(&self, queue: &str, at_ms: u64) -> Option<String> {
        let is_it = |call: &Call| {
            call.made_up
                && call.queue == queue
                && call.at_ms.abs_diff(at_ms) <= SAME_TIME_MS
                && call.entered_ms.abs_diff(at_ms) <= SAME_TIME_MS
        };
        self.iter().find(|(_, call)| is_it(call)).map(|(id, _)| id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_tells_the_extension_where_it_is_a_number() {
        for (word, extension) in [
            ("PJSIP/7009", Some("7009")),
            ("Local/7009@from-queue/n", Some("7009")),
            ("SIP/70123", Some("70123")),
            ("SIP/ewa", None),
            ("Agent/1001", None),
            ("Ewa", None),
            ("7009", None),
            ("SIP/", None),
        ] {
            assert_eq!(extension_in(word), extension, "{word}");
        }
    }

    #[test]
    fn an_extension_is_short() {
        for number in ["7", "7009"] {
            assert!(is_extension(number), "{number}");
        }
        for number in ["", "70091", "+70", "anonymous"] {
            assert!(!is_extension(number), "{number}");
        }
    }
}
