//! Which conversation a mail belongs to, and what is remembered for that: hashes of ids, the last ones.

use tablica_plugin::{Recent, fingerprint};

use crate::letter::Letter;
use crate::settings::{Plus, Settings, without_plus};

/// Ids that are remembered: mails, tokens and tags, a week of a small desk. Older conversations are still
/// known by the first mail that `References` names.
pub(crate) const KEYS_MAX: usize = 4096;
/// Ids of one mail that are looked up.
const CANDIDATES_MAX: usize = 64;
/// Tells this layout of a snapshot from later ones.
const LAYOUT: u8 = 1;

/// An id within a queue, or within all of the channel.
fn key(queue: Option<&str>, id: &str) -> u64 {
    match queue {
        Some(queue) => fingerprint([queue, "\n", id].concat()),
        None => fingerprint(id),
    }
}

/// Conversations by the ids of their mails.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Threads(Recent<u64, u64, KEYS_MAX>);

impl Threads {
    /// The conversation of a mail, which is remembered with all of its ids; and whether it was known.
    pub(crate) fn of(
        &mut self,
        letter: &Letter,
        queue: Option<&str>,
        settings: &Settings,
    ) -> (u64, bool) {
        let candidates = candidates(letter, settings);
        let known = std::iter::once(&letter.id)
            .chain(&candidates)
            .find_map(|id| self.0.get(&key(queue, id)).copied());
        // A conversation that one of ours began under no queue goes on as it is.
        let known = known.or_else(|| {
            let begun = key(None, letter.root.as_ref()?);
            let mut answers = letter.answers.iter();
            answers.any(|id| self.0.get(&key(None, id)) == Some(&begun)).then_some(begun)
        });
        let tokens = candidates.iter().find(|id| id.starts_with(['+', '#']));
        let thread = known.unwrap_or_else(|| {
            // A token before what it answers, a tag of the subject last.
            let token = tokens.filter(|it| it.starts_with('+'));
            let first = token.or(letter.root.as_ref()).or(tokens).unwrap_or(&letter.id);
            key(queue, first)
        });
        let named = candidates.iter().filter(|id| id.starts_with(['+', '#']));
        for id in named.chain([&letter.id]) {
            self.remember(key(None, id), thread);
            if queue.is_some() {
                self.remember(key(queue, id), thread);
            }
        }
        (thread, known.is_some())
    }

    /// The conversation of a mail of ours, by its id alone; and whether it was seen.
    pub(crate) fn of_id(&self, id: &str) -> (u64, bool) {
        let key = key(None, id);
        self.0.get(&key).map_or((key, false), |thread| (*thread, true))
    }

    fn remember(&mut self, key: u64, thread: u64) {
        self.0.put(key, thread);
    }

    /// For the snapshot: 16 bytes an id.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let mut bytes = vec![LAYOUT];
        for (key, thread) in self.0.iter() {
            bytes.extend(key.to_le_bytes());
            bytes.extend(thread.to_le_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (LAYOUT, rest) = bytes.split_first().map(|(layout, rest)| (*layout, rest))? else {
            return None;
        };
        let (pairs, []) = rest.as_chunks::<16>() else { return None };
        let mut threads = Self::default();
        for pair in pairs {
            let (key, thread) = pair.split_at(8);
            threads.remember(number(key)?, number(thread)?);
        }
        Some(threads)
    }
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// What may name the conversation, the surest first: a token in our address (`+…`), what is answered, a tag of
/// the subject (`#…`).
fn candidates(letter: &Letter, settings: &Settings) -> Vec<String> {
    let mut found: Vec<String> = token(letter, settings).into_iter().collect();
    found.extend(letter.answers.iter().take(CANDIDATES_MAX).cloned());
    found.extend(tag(&letter.subject, &settings.subject_tags));
    found
}

/// What stands behind `+` in an address of ours: to whom it went or, when we wrote, where answers go.
fn token(letter: &Letter, settings: &Settings) -> Option<String> {
    let noted = letter.delivered_to.iter();
    let ours = letter.to.iter().chain(&letter.from).chain(&letter.reply_to);
    let ours = ours.filter(|it| settings.is_own(it));
    let plus = |address: &String| {
        let (local, _) = address.split_once('@')?;
        let (bare, token) = local.split_once('+')?;
        let is_label = settings.is_shared(address) && !settings.is_shared(&without_plus(address));
        (!bare.is_empty() && !is_label).then(|| token.to_owned())
    };
    let all =
        letter.token.iter().map(|it| it.to_lowercase()).chain(noted.chain(ours).filter_map(plus));
    let is_token = |token: &String| match settings.plus {
        Plus::Auto => token.len() >= 6 && token.bytes().any(|it| it.is_ascii_digit()),
        Plus::Threads => !token.is_empty(),
        Plus::Labels => false,
    };
    all.filter(is_token).map(|token| format!("+{token}")).next()
}

/// `[#4711]`, `[Ticket#4711]`, `[ABC-4711]`, `##4711##`, or a number behind what the operator names.
fn tag(subject: &str, prefixes: &[String]) -> Option<String> {
    let subject = subject.to_lowercase();
    for prefix in prefixes {
        if let Some((_, behind)) = subject.split_once(prefix.as_str()) {
            let number: String =
                behind.trim_start().chars().take_while(|it| is_of_tag(*it)).collect();
            if number.bytes().any(|it| it.is_ascii_digit()) {
                return Some(format!("#{number}"));
            }
        }
    }
    if let Some((number, _)) =
        subject.split_once("##").and_then(|(_, behind)| behind.split_once("##"))
        && number.len() >= 2
        && number.bytes().all(|it| it.is_ascii_digit() || it == b'-')
    {
        return Some(format!("#{number}"));
    }
    let mut rest = subject.as_str();
    while let Some((_, behind)) = rest.split_once('[') {
        let Some((inner, next)) = behind.split_once(']') else { break };
        let (before, number) = inner.rsplit_once(['#', '-', ':']).unwrap_or(("", ""));
        let (number, before) = (number.trim(), before.trim());
        let is_number = number.len() >= 2 && number.bytes().all(|it| it.is_ascii_digit());
        if is_number && before.chars().all(|it| it.is_alphanumeric() || " #-".contains(it)) {
            return Some(format!("#{}{number}", before.replace(' ', "")));
        }
        rest = next;
    }
    None
}

fn is_of_tag(it: char) -> bool {
    it.is_alphanumeric() || it == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_of_the_subject_is_in_brackets_or_behind_a_word_of_the_operators() {
        let own = ["sprawa nr".to_owned()];
        for (subject, expected) in [
            ("Re: [#4711] Parcel", Some("#4711")),
            ("[Ticket#4711] Parcel", Some("#ticket4711")),
            ("[Ticket: 4711] Parcel", Some("#ticket4711")),
            ("AW: [ABC-12] Parcel", Some("#abc12")),
            ("##2026-17## Parcel", Some("#2026-17")),
            ("Odp: Sprawa nr 12/26", Some("#12")),
            ("Order #4711", None),
            ("[EXTERNAL] Invoice 2026-11", None),
            ("[list] hello", None),
            ("[", None),
        ] {
            assert_eq!(tag(subject, &own).as_deref(), expected, "{subject}");
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut threads = Threads::default();
        for i in 0..2 * KEYS_MAX {
            threads.remember(i as u64, 7);
        }
        let bytes = threads.to_bytes();
        assert_eq!((bytes.len(), threads.0.len()), (1 + 16 * KEYS_MAX, KEYS_MAX));
        assert_eq!(Threads::from_bytes(&bytes), Some(threads));
        assert_eq!(Threads::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Threads::from_bytes(&[9]), None);
    }
}
