//! Which channels can feed a number, by what their networks tell: no figure of written contacts
//! lacks anything while the phones are silent.

use std::collections::BTreeSet;

use super::{AppliesTo, Kpi};
use crate::engine::Engine;
use crate::event::{KindName, Medium, UnixMs};
use crate::scope::{Coverage, Selector};

/// Numbers that are made of one kind of event, and not of contacts.
struct MadeOf {
    kpis: &'static [&'static str],
    any_of: &'static [KindName],
}

static MADE_OF: &[MadeOf] = &[
    MadeOf { kpis: &["mentions", "mentions_jump"], any_of: &[KindName::Mention] },
    MadeOf {
        kpis: &[
            "public_posts",
            "public_negative",
            "spam",
            "negative_share",
            "net_sentiment",
            "negative_jump",
        ],
        any_of: &[KindName::Mention, KindName::Message],
    },
    MadeOf { kpis: &["removed_public_posts"], any_of: &[KindName::Removed] },
    MadeOf { kpis: &["messages"], any_of: &[KindName::Message] },
    MadeOf {
        kpis: &["csat", "rating", "nps", "csi", "rating_response_rate"],
        any_of: &[KindName::Rated],
    },
];

/// Only what is heard happens to telephones.
const OF_PHONES: [KindName; 5] = [
    KindName::OfferedToAgent,
    KindName::RingMissed,
    KindName::Held,
    KindName::Resumed,
    KindName::TalkEnded,
];
/// How contacts begin that are told of without their messages: calls, and visits to a branch.
const OF_CONTACTS: [KindName; 3] = [KindName::Opened, KindName::Queued, KindName::Answered];
/// By what it is known what agents do.
const OF_AGENTS: [KindName; 9] = [
    KindName::AgentState,
    KindName::Member,
    KindName::Answered,
    KindName::OfferedToAgent,
    KindName::RingMissed,
    KindName::Held,
    KindName::Resumed,
    KindName::TalkEnded,
    KindName::WrappedUp,
];

/// The channels that a number comes from, each with its freshness.
pub(super) fn coverage(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    now_ms: UnixMs,
) -> Coverage {
    let policy = selector.policy.as_deref().and_then(|name| engine.policy(name));
    engine.coverage(selector, now_ms, |channel, tells| {
        let is_promised = policy.is_none_or(|policy| {
            let is_covered = |all: &[String]| all.is_empty() || all.iter().any(|it| it == channel);
            is_covered(&policy.channels) && tells_any_of(&policy.kinds, tells)
        });
        is_promised && can_feed(kpi, selector, tells)
    })
}

/// Whether a channel whose network tells this has part in the number.
fn can_feed(kpi: &Kpi, selector: &Selector, tells: &BTreeSet<KindName>) -> bool {
    if let Some(made) = MADE_OF.iter().find(|made| made.kpis.contains(&kpi.id)) {
        return any(tells, made.any_of);
    }
    let contacts = match kpi.applies_to {
        AppliesTo::Agents => any(tells, &OF_AGENTS),
        AppliesTo::Calls => tells_calls(tells),
        AppliesTo::Written => tells_written(tells),
        AppliesTo::Voice => {
            let given_up = tells_written(tells) && tells.contains(&KindName::Abandoned);
            tells_calls(tells) || given_up
        }
        AppliesTo::Contacts | AppliesTo::Policies => tells_calls(tells) || tells_written(tells),
    };
    contacts && tells_any_of(selector.kind.as_slice(), tells)
}

/// Whether contacts of one of these kinds can come; of any, where none is named.
fn tells_any_of(kinds: &[Medium], tells: &BTreeSet<KindName>) -> bool {
    kinds.is_empty()
        || kinds.iter().any(|kind| match kind {
            Medium::Call => tells_calls(tells),
            Medium::Unknown => true,
            _ => tells_written(tells),
        })
}

fn tells_calls(tells: &BTreeSet<KindName>) -> bool {
    any(tells, &OF_PHONES) || (any(tells, &OF_CONTACTS) && !tells.contains(&KindName::Message))
}

fn tells_written(tells: &BTreeSet<KindName>) -> bool {
    tells.contains(&KindName::Message) || (any(tells, &OF_CONTACTS) && !any(tells, &OF_PHONES))
}

fn any(tells: &BTreeSet<KindName>, kinds: &[KindName]) -> bool {
    kinds.iter().any(|kind| tells.contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi;

    const PHONES: [KindName; 6] = [
        KindName::Opened,
        KindName::Queued,
        KindName::Answered,
        KindName::TalkEnded,
        KindName::Abandoned,
        KindName::AgentState,
    ];
    const TELEGRAM: [KindName; 3] = [KindName::Message, KindName::Rated, KindName::Left];
    const LIVE_CHAT: [KindName; 4] =
        [KindName::Opened, KindName::Message, KindName::Queued, KindName::Abandoned];
    const PRESS: [KindName; 1] = [KindName::Mention];

    /// Who feeds a KPI: phones, Telegram, live chat, press.
    fn feeds(kpi: &str, selector: &Selector) -> [bool; 4] {
        let kpi = kpi::find(kpi).expect("a KPI");
        let told = [PHONES.as_slice(), &TELEGRAM, &LIVE_CHAT, &PRESS];
        told.map(|tells| can_feed(kpi, selector, &tells.iter().copied().collect()))
    }

    #[test]
    fn a_number_lacks_only_what_can_feed_it() {
        for (kpi, expected) in [
            ("unanswered_now", [false, true, true, false]),
            ("aht_written", [false, true, true, false]),
            ("aht", [true, false, false, false]),
            ("abandon_rate", [true, false, true, false]),
            ("waiting", [true, true, true, false]),
            ("agents_available", [true, false, false, false]),
            ("mentions", [false, false, false, true]),
            ("public_posts", [false, true, true, true]),
            ("csat", [false, true, false, false]),
            ("sla_met", [true, true, true, false]),
        ] {
            assert_eq!(feeds(kpi, &Selector::default()), expected, "{kpi}");
        }
        let calls = Selector { kind: Some(Medium::Call), ..Selector::default() };
        assert_eq!(feeds("waiting", &calls), [true, false, false, false]);
        let mails = Selector { kind: Some(Medium::Mail), ..Selector::default() };
        assert_eq!(feeds("waiting", &mails), [false, true, true, false]);
    }

    #[test]
    fn a_branch_that_tells_of_visits_feeds_what_it_may() {
        let visits = BTreeSet::from([KindName::Opened, KindName::Answered, KindName::Resolved]);
        assert!(tells_calls(&visits) && tells_written(&visits));
    }

    #[test]
    fn every_exception_is_a_kpi() {
        for made in MADE_OF {
            for id in made.kpis {
                assert!(kpi::find(id).is_some(), "there is no KPI {id}");
            }
        }
    }
}
