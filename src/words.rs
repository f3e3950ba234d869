//! Tables of words: enums whose cases have one word each, the same in TOML, JSON, labels, in the
//! journal and on the command line.

/// Makes the enum, the list of its cases, and the ways from case to word and back; serde and the
/// journal use the same words. In the journal they cost hardly more than numbers, and
/// nobody can renumber them. `[id, from_id]` names the two ways, where they are not `word` and
/// `from_word`.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $Enum:ident { $($cases:tt)+ }) => {
        $crate::words::words! { $(#[$meta])* pub enum $Enum [word, from_word] { $($cases)+ } }
    };
    ($(#[$meta:meta])* pub enum $Enum:ident [$word_of:ident, $of_word:ident] {
        $($(#[$case_meta:meta])+ $Case:ident = $word:tt,)+
    }) => {
        $(#[$meta])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            PartialOrd,
            Ord,
            ::serde::Serialize,
            ::serde::Deserialize,
        )]
        pub enum $Enum {
            $($(#[$case_meta])+ #[serde(rename = $word)] $Case,)+
        }

        impl $Enum {
            /// All of them, in order.
            pub const ALL: [$Enum; [$($word),+].len()] = [$($Enum::$Case),+];

            /// Its word.
            pub fn $word_of(self) -> &'static str {
                match self { $($Enum::$Case => $word),+ }
            }

            /// The one of that word.
            pub fn $of_word(word: &str) -> Option<Self> {
                match word { $($word => Some($Enum::$Case),)+ _ => None }
            }
        }

        impl<C> ::minicbor::Encode<C> for $Enum {
            fn encode<W: ::minicbor::encode::Write>(
                &self,
                to: &mut ::minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), ::minicbor::encode::Error<W::Error>> {
                to.str(self.$word_of())?.ok()
            }
        }

        impl<'b, C> ::minicbor::Decode<'b, C> for $Enum {
            fn decode(
                from: &mut ::minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, ::minicbor::decode::Error> {
                let at = from.position();
                // Not an unknown variant: the derived code takes that for an absent option.
                let unknown = || ::minicbor::decode::Error::message($crate::words::UNKNOWN).at(at);
                Self::$of_word(from.str()?).ok_or_else(unknown)
            }
        }
    };
}

pub(crate) use words;

/// Said of a word that no case has; which one is not told: it may be anything.
pub(crate) const UNKNOWN: &str = "a word that is not known here, a newer Tablica wrote it";

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use crate::board::annotations;
    use crate::channel::host::FailureClass;
    use crate::event::{
        AgentStatus, Author, Direction, FeedPart, FeedState, LeftReason, Medium, Priority,
        Sentiment, TransferWay,
    };
    use crate::scope::{FeedHealth, FeedWhy, Window};

    /// In JSON, in journals and in configs a case is its word and nothing else.
    fn are<T>(all: &[T], word: fn(T) -> &'static str, of: fn(&str) -> Option<T>, words: &str)
    where
        T: Copy + Debug + PartialEq + Serialize + DeserializeOwned,
    {
        let written: Vec<&str> = all.iter().map(|it| word(*it)).collect();
        assert_eq!(written.join(" "), words);
        for it in all {
            let json = format!("\"{}\"", word(*it));
            assert_eq!(serde_json::to_string(it).expect("json"), json);
            assert_eq!(serde_json::from_str::<T>(&json).expect("a word"), *it);
            assert_eq!(of(word(*it)), Some(*it));
        }
        assert_eq!(of("Elsewhere"), None);
    }

    #[test]
    fn words_are_what_journals_configs_and_dashboards_have() {
        are(
            &Medium::ALL,
            Medium::word,
            Medium::from_word,
            "call chat message mail comment post review ticket visit unknown",
        );
        are(&Direction::ALL, Direction::word, Direction::from_word, "inbound outbound");
        are(&Priority::ALL, Priority::word, Priority::from_word, "low normal high urgent");
        are(&Author::ALL, Author::word, Author::from_word, "customer agent bot peer system");
        are(
            &Sentiment::ALL,
            Sentiment::word,
            Sentiment::from_word,
            "positive neutral negative unknown",
        );
        are(&TransferWay::ALL, TransferWay::word, TransferWay::from_word, "blind attended unknown");
        are(
            &LeftReason::ALL,
            LeftReason::word,
            LeftReason::from_word,
            "overflow timeout exit_key callback queue_full queue_empty lost blocked unknown",
        );
        are(
            &AgentStatus::ALL,
            AgentStatus::word,
            AgentStatus::from_word,
            "available ringing talking hold after_work paused offline",
        );
        are(&FeedState::ALL, FeedState::word, FeedState::from_word, "up down gap restarted");
        are(
            &FeedPart::ALL,
            FeedPart::word,
            FeedPart::from_word,
            "file documents requests link plugin webhook",
        );
        let whys = "closed usual silence gap file documents requests link plugin network webhook";
        are(&FeedWhy::ALL, FeedWhy::word, FeedWhy::from_word, whys);
        are(&FeedHealth::ALL, FeedHealth::word, FeedHealth::from_word, "live late silent no_data");
        are(
            &Window::ALL,
            Window::id,
            Window::from_id,
            "now 5m 15m 30m 60m today shift 24h 48h yesterday",
        );
        are(
            &FailureClass::ALL,
            FailureClass::name,
            FailureClass::from_name,
            "bad_input unsupported config trap deadline out_of_memory output_too_large contract \
             long_line long_document",
        );
        are(
            &annotations::Kind::ALL,
            annotations::Kind::id,
            annotations::Kind::from_id,
            "campaign release outage other message",
        );
    }
}
