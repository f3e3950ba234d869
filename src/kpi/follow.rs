//! Which selectors a figure can follow. By another one it is "not applicable", with a sentence:
//! what is not counted by a queue, a topic or an agent must not look like 0.

use super::{AppliesTo, Kpi};
use crate::scope::Selector;

/// Figures that are counted in some ways only, and in which not.
struct Exception {
    kpis: &'static [&'static str],
    not_by: &'static [&'static str],
    why: &'static str,
}

/// What a contact is like belongs to contacts.
const TRAITS: [&str; 4] = ["kind", "priority", "public", "topic"];

static EXCEPTIONS: &[Exception] = &[
    Exception {
        kpis: &["messages"],
        not_by: &["kind", "priority", "public", "topic", "agent"],
        why: "customers' messages are counted by channel and queue",
    },
    Exception {
        kpis: &["fcr", "repeat_contacts"],
        not_by: &TRAITS,
        why: "who comes again is counted by channel, queue and agent, whatever the contacts are \
              about",
    },
    Exception {
        kpis: &["mentions", "mentions_jump"],
        not_by: &["agent", "kind", "priority"],
        why: "mentions are no contacts: they have no agent, kind or priority",
    },
    Exception {
        kpis: &["forecast_contacts", "agents_required", "agents_missing"],
        not_by: &["agent", "priority", "public", "topic"],
        why: "a team is planned by queue, channel or kind",
    },
    Exception {
        kpis: &[
            "waiting",
            "longest_wait_now",
            "unanswered_now",
            "oldest_unanswered_now",
            "unanswered_over_15m",
            "unanswered_over_1h",
            "unanswered_over_4h",
            "unanswered_over_24h",
            "unanswered_over_48h",
            "pending_now",
        ],
        not_by: &["agent"],
        why: "who waits for an answer waits for no agent in particular",
    },
    Exception {
        kpis: &["negative_share", "net_sentiment", "public_posts", "public_negative", "spam"],
        not_by: &["agent"],
        why: "customers write before an agent has taken the contact",
    },
    Exception {
        kpis: &[
            "abandoned",
            "abandon_rate",
            "abandon_rate_net",
            "flowed_out",
            "answer_rate",
            "never_answered",
            "first_bot_response",
            "peer_answer_rate",
        ],
        not_by: &["agent"],
        why: "contacts that came to no agent belong to none",
    },
];

/// Why the figure cannot be told for what the selector names; nothing when it can.
pub(super) fn why_not(kpi: &Kpi, selector: &Selector) -> Option<String> {
    let by = |key: &str, why: &str| Some(format!("not counted by {key}: {why}"));
    for exception in EXCEPTIONS.iter().filter(|it| it.kpis.contains(&kpi.id)) {
        if let Some(key) = exception.not_by.iter().find(|key| selector.names(key)) {
            return by(key, exception.why);
        }
    }
    if kpi.applies_to == AppliesTo::Agents
        && let Some(key) = TRAITS.iter().find(|key| selector.names(key))
    {
        return by(key, "agents' states are known by channel, queue and agent");
    }
    if selector.names("policy") && kpi.applies_to != AppliesTo::Policies {
        return by("policy", "only promises are");
    }
    if selector.names("dimension") && !["csat", "rating"].contains(&kpi.id) {
        return by("dimension", "only ratings are");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi;

    #[test]
    fn exceptions_name_kpis_and_selectors_that_there_are() {
        for exception in EXCEPTIONS {
            for id in exception.kpis {
                assert!(kpi::find(id).is_some(), "there is no KPI {id}");
            }
            for key in exception.not_by {
                assert!(Selector::KEYS.contains(key), "nothing is selected by {key}");
                let word = if *key == "kind" { "mail" } else { "high" };
                let mut selector = Selector::default();
                let value = if *key == "public" { "true" } else { word };
                selector.set(key, value).expect("a word of the key");
                assert!(selector.names(key) && !Selector::default().names(key), "{key}");
            }
        }
    }
}
