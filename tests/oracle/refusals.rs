//! Which figures cannot be asked for by what, by what they are: the only questions that may be
//! answered "not applicable" wherever they are asked.
//!
//! Where else a figure does not apply (abandonment where nobody can give up, a share of calls where
//! there are only written contacts, a topic's share without a topic) the recount itself says.

/// What is nobody's: who waits, gives up or leaves came to no agent; what customers write comes before
/// an agent has taken it, and what is said of us is said to none.
const NOBODYS: [&str; 28] = [
    "waiting",
    "longest_wait_now",
    "unanswered_now",
    "oldest_unanswered_now",
    "unanswered_over_15m",
    "unanswered_over_1h",
    "unanswered_over_4h",
    "unanswered_over_24h",
    "unanswered_over_48h",
    "abandoned",
    "abandon_rate",
    "abandon_rate_net",
    "flowed_out",
    "answer_rate",
    "never_answered",
    "first_bot_response",
    "peer_answer_rate",
    "messages",
    "mentions",
    "mentions_jump",
    "public_posts",
    "public_negative",
    "spam",
    "negative_share",
    "net_sentiment",
    "forecast_contacts",
    "agents_required",
    "agents_missing",
];

/// What an agent does is of no contact in particular.
const OF_PEOPLE: [&str; 14] = [
    "agents_available",
    "agents_ringing",
    "agents_talking",
    "agents_hold",
    "agents_after_work",
    "agents_paused",
    "agents_offline",
    "agents_unknown",
    "occupancy",
    "time_available",
    "time_talking",
    "time_hold",
    "time_after_work",
    "time_paused",
];

/// Whether a customer comes again does not depend on what the contacts are about; messages are not
/// contacts, and counted by where they come in.
const OF_CUSTOMERS: [&str; 3] = ["fcr", "repeat_contacts", "messages"];

/// A team is planned for the work that comes in, not for its ranks and subjects.
const PLANNED: [&str; 3] = ["forecast_contacts", "agents_required", "agents_missing"];

/// Mentions are no contacts: of no kind and no rank.
const OF_MENTIONS: [&str; 2] = ["mentions", "mentions_jump"];

/// Whether the figure of that id cannot be asked for by that key.
pub(super) fn cannot_follow(id: &str, key: &str) -> bool {
    match key {
        "agent" => NOBODYS.contains(&id),
        "kind" | "priority" => {
            OF_PEOPLE.contains(&id)
                || OF_CUSTOMERS.contains(&id)
                || OF_MENTIONS.contains(&id)
                || key == "priority" && PLANNED.contains(&id)
        }
        "public" | "topic" => {
            OF_PEOPLE.contains(&id) || OF_CUSTOMERS.contains(&id) || PLANNED.contains(&id)
        }
        "policy" => !id.starts_with("sla_"),
        "dimension" => !["csat", "rating"].contains(&id),
        _ => false,
    }
}
