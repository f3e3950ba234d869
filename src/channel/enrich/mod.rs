//! What a message is about and how it sounds, learned from its text before the text is dropped.
//!
//! ```text
//! plugin ─► wit::Event ─┬─► Event ───────────────┬─► Normalize ─► journal
//!                       └─► Text ─► Enricher ────┘
//!                                    Rules ◄── topics.toml, looked at every few seconds
//! ```
//!
//! The actor takes the text out of a plugin's event and hands it in here; what comes out are
//! tags of the site's own, two flags and a sentiment. The text goes nowhere else: [`Text`] cannot
//! be printed, copied or serialized, errors and counters of this module know only rules, and
//! nothing here writes a log line about a message. Only customers' and peers' messages are looked
//! at; what agents and bots write says nothing of how customers feel.
//!
//! Messages never wait for a file: rules are swapped as a whole, by a pointer.
//!
//! | file | what is in it |
//! |---|---|
//! | `normal`, `language` | the form of a text that is compared; in which languages it may be |
//! | `phrase`, `inflect`, `endings` | a rule's words and the forms that they tolerate |
//! | `matcher`, `stems` | all words of all rules in one pass |
//! | `rules` | the site's file and the shipped `lexicon/` become a matcher |
//! | `sentiment` | praise and criticism, summed up |
//! | `explain` | the same for a person: which words did it |
//! | `watch` | the file, looked at while the server runs |

mod endings;
mod explain;
mod inflect;
mod language;
mod matcher;
mod normal;
mod phrase;
mod rules;
mod sentiment;
mod stems;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use zeroize::Zeroizing;

pub use self::explain::{Explanation, RuleWords, explain};
use self::language::Languages;
pub use self::rules::{FILE_BYTES_MAX, RULES_MAX, Rules, WORDS_MAX};
use self::rules::{Found, Says};
pub use self::sentiment::ToneWord;
pub use self::watch::{RulesFile, watch};
use crate::config::Problems;
use crate::config::model::{Site, Topics};
use crate::event::{Author, Event, Kind, Sentiment};
use crate::telemetry::names;

/// There are lexicons for a language tag such as `pl-PL`.
pub fn knows_language(tag: &str) -> bool {
    Languages::of_tag(tag) != Languages::NONE
}

/// A message's text, on its only way: into [`Enricher::enrich`], where it ends.
pub struct Text(Zeroizing<String>);

impl Text {
    /// As the network gave it.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// What was left out for a limit; the channel counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The text was longer than `topics.text_bytes_max`; only its beginning was looked at.
    pub text_cut: bool,
    /// Topics beyond `topics.tags_max`.
    pub tags: usize,
}

/// Looks at messages with the rules in force. One for all channels.
pub struct Enricher {
    rules: ArcSwap<Rules>,
    /// The rules file, if there is one, is the one in force.
    in_order: AtomicBool,
    site: Languages,
    text_bytes_max: usize,
    tags_max: usize,
}

impl Enricher {
    /// With the shipped lexicons, until [`put`](Self::put) brings others.
    pub fn new(topics: &Topics, site: &Site) -> Result<Self, Problems> {
        Ok(Self {
            rules: ArcSwap::from_pointee(Rules::shipped()?),
            in_order: AtomicBool::new(true),
            site: Languages::of_tag(&site.language),
            text_bytes_max: topics.text_bytes_max,
            tags_max: topics.tags_max,
        })
    }

    /// Other rules, from the next message on.
    pub fn put(&self, rules: Rules) {
        self.rules.store(Arc::new(rules));
    }

    /// Whether the rules file was good when it was last looked at.
    pub fn is_in_order(&self) -> bool {
        self.in_order.load(Ordering::Relaxed)
    }

    /// Topics in force.
    pub fn topics(&self) -> usize {
        self.rules.load().topics()
    }

    /// Tells Prometheus.
    pub fn publish(&self) {
        names::TOPIC_RULES.set(&[], self.topics() as f64);
        names::TOPICS_FILE_OK.set(&[], f64::from(self.is_in_order()));
    }

    fn set_in_order(&self, in_order: bool) {
        self.in_order.store(in_order, Ordering::Relaxed);
    }

    /// Notes in the event what its text tells. Without a text, nothing.
    pub fn enrich(&self, event: &mut Event, text: Option<Text>) -> LeftOut {
        let Some(Text(text)) = text else { return LeftOut::default() };
        match &mut event.kind {
            Kind::Message(message) | Kind::Edited(message) => {
                if !matches!(message.author, Author::Customer | Author::Peer) {
                    return LeftOut::default();
                }
                let (seen, left_out) = self.look(&text, message.language.as_deref());
                message.topics = seen.topics;
                message.complaint = seen.complaint;
                message.spam = seen.spam;
                if message.sentiment == Sentiment::Unknown {
                    message.sentiment = seen.sentiment;
                }
                left_out
            }
            // Whoever speaks of the company without addressing it is none of ours.
            Kind::Mention(mention) => {
                let (seen, left_out) = self.look(&text, mention.language.as_deref());
                mention.topics = seen.topics;
                mention.spam = seen.spam;
                if mention.sentiment == Sentiment::Unknown {
                    mention.sentiment = seen.sentiment;
                }
                left_out
            }
            _ => LeftOut::default(),
        }
    }

    fn look(&self, text: &str, tag: Option<&str>) -> (Seen, LeftOut) {
        let looked_at = &text[..text.floor_char_boundary(self.text_bytes_max)];
        let rules = self.rules.load();
        let mut found = rules.find(looked_at, tag, self.site);
        let sentiment = heard(&found);
        let mut seen = Seen { sentiment, ..Seen::default() };
        let mut left_out = LeftOut { text_cut: looked_at.len() < text.len(), ..LeftOut::default() };
        for (rule, _) in rules.holding(&mut found.hits) {
            let rule = &rules.kept[rule];
            match rule.says {
                Says::Topic if seen.topics.len() >= self.tags_max => left_out.tags += 1,
                Says::Topic => seen.topics.push(rule.name.clone()),
                Says::Complaint => seen.complaint = true,
                Says::Spam => seen.spam = true,
            }
        }
        (seen, left_out)
    }
}

/// What a text told.
#[derive(Default)]
struct Seen {
    topics: Vec<String>,
    complaint: bool,
    spam: bool,
    sentiment: Sentiment,
}

/// Unknown when nobody here knows the text's language and no emoji tells.
fn heard(found: &Found) -> Sentiment {
    let tones = sentiment::tones(&found.hits, &found.normal);
    if tones.is_empty() && !found.languages.is_known() {
        return Sentiment::Unknown;
    }
    sentiment::judge(&tones).1
}

#[cfg(test)]
mod tests;
