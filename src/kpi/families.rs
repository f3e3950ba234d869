//! The families of KPIs: chapters of `docs/kpis.md`, in its order, and lines of the README's table.

use super::{
    Kpi, abandonment, agent_time, agents, attention, automation, budget, complaints,
    first_response, handling, next_response, policies, quality, reachability, repeat, resolution,
    service_level, staffing, topics, volume, waiting,
};

/// KPIs about one thing: a file of this folder.
pub struct Family {
    /// The file's name, without `.rs`.
    pub id: &'static str,
    /// The chapter's heading. No KPI's id, so that each heading has an address of its own.
    pub title: &'static str,
    /// The question that its numbers answer.
    pub question: &'static str,
    /// Its KPIs.
    pub kpis: &'static [Kpi],
}

const fn family(
    id: &'static str,
    title: &'static str,
    question: &'static str,
    kpis: &'static [Kpi],
) -> Family {
    Family { id, title, question, kpis }
}

/// All of them.
pub static FAMILIES: &[Family] = &[
    family(
        "service_level",
        "Service level",
        "What share of customers was served in time? Six formulas of the industry.",
        service_level::KPIS,
    ),
    family(
        "budget",
        "Service level against its goal",
        "How many contacts in time bring us back to the goal, and how many more may be late?",
        budget::KPIS,
    ),
    family(
        "policies",
        "SLA policies",
        "Is what we promised being kept, what is about to break, and what can we still afford?",
        policies::KPIS,
    ),
    family(
        "waiting",
        "Waiting times",
        "Who waits now, for how long, and how long had those waited who were answered?",
        waiting::KPIS,
    ),
    family("abandonment", "Abandonment", "How many customers gave up waiting?", abandonment::KPIS),
    family(
        "reachability",
        "Answered and unanswered contacts",
        "Does everybody get an answer from a human, and who still waits for one?",
        reachability::KPIS,
    ),
    family(
        "first_response",
        "First response",
        "How soon do customers who wrote get their first reply?",
        first_response::KPIS,
    ),
    family(
        "next_response",
        "Next response",
        "How long do customers wait for each reply within a conversation?",
        next_response::KPIS,
    ),
    family(
        "resolution",
        "Resolution",
        "How long does it take until a customer's matter is resolved, for the first time and for \
         good?",
        resolution::KPIS,
    ),
    family(
        "handling",
        "Handling",
        "How much work is a contact, and how often is it handed on?",
        handling::KPIS,
    ),
    family("volume", "Contact volumes", "How much came in, and what became of it?", volume::KPIS),
    family("agents", "Agents by state", "What is each agent doing now?", agents::KPIS),
    family(
        "agent_time",
        "Agents' time",
        "What did agents spend their time on, and how busy were they?",
        agent_time::KPIS,
    ),
    family(
        "quality",
        "Ratings by customers",
        "How satisfied are customers, and how many of those asked say so?",
        quality::KPIS,
    ),
    family(
        "repeat",
        "Repeat contacts",
        "Who had to come again, and what was only seemingly resolved?",
        repeat::KPIS,
    ),
    family(
        "complaints",
        "Complaint handling",
        "How many complaints are there, and are they dealt with in time?",
        complaints::KPIS,
    ),
    family(
        "automation",
        "Automation and cost",
        "What was done without staff, and what do contacts cost?",
        automation::KPIS,
    ),
    family(
        "attention",
        "Public attention",
        "What is said about us in public, how does it sound, and is it more than usual?",
        attention::KPIS,
    ),
    family(
        "topics",
        "Topics",
        "What do customers contact us about, and does it become more?",
        topics::KPIS,
    ),
    family(
        "staffing",
        "Forecast and staffing",
        "How many contacts are coming, and how many agents do they need?",
        staffing::KPIS,
    ),
];
