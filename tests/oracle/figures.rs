//! Every KPI of the registry by its id: one function each, straight from its definition.

mod attention;
mod automation;
mod contacts;
mod crew;
mod handling;
mod promises;
mod quality;
mod responses;
mod service;
mod waits;

use tablica::kpi::{AppliesTo, Kpi};

use super::ask::{Answer, Ask, Of};
use super::refusals;

/// From a question to an answer.
type Figure = fn(&Ask<'_>) -> Answer;

/// Who computes it.
fn figure(id: &str) -> Option<Figure> {
    let families: [&[(&str, Figure)]; 10] = [
        service::FIGURES,
        waits::FIGURES,
        contacts::FIGURES,
        responses::FIGURES,
        handling::FIGURES,
        quality::FIGURES,
        automation::FIGURES,
        attention::FIGURES,
        promises::FIGURES,
        crew::FIGURES,
    ];
    let mut all = families.into_iter().flatten();
    all.find(|(name, _)| *name == id).map(|(_, figure)| *figure)
}

/// KPIs that are not recounted, and why.
const LEFT_OUT: [(&str, &str); 2] = [
    (
        "agents_required",
        "of which span the AHT is, and how backlog and forecast meet, is not defined",
    ),
    ("agents_missing", "it is made of agents_required"),
];

/// Figures of whole contacts: of several agents who had one, whose it is, is not defined.
const WHOSE: [&str; 15] = [
    "volume",
    "cost",
    "cost_per_contact",
    "topic_contacts",
    "topic_share",
    "topic_change",
    "contacts_jump",
    "repeat_contacts",
    "fcr",
    "complaints",
    "complaint_share",
    "complaints_in_time",
    "complaints_overdue",
    "removed_public_posts",
    "transfers_per_contact",
];

/// What the definitions answer to the question.
pub(super) fn answer(kpi: &Kpi, ask: &Ask<'_>) -> Answer {
    if let Some((_, why)) = LEFT_OUT.iter().find(|(id, _)| *id == kpi.id) {
        return Answer::Undecided(why);
    }
    let Some(figure) = figure(kpi.id) else {
        return Answer::Undecided("the oracle does not know it yet");
    };
    let keys = ask.selector.words();
    if keys.iter().any(|(key, _)| refusals::cannot_follow(kpi.id, key)) {
        return Answer::NotApplicable;
    }
    if ask.selector.agent.is_some() && WHOSE.contains(&kpi.id) {
        return Answer::Undecided(
            "whose a contact is before and after its agents' work is not defined",
        );
    }
    let of = match kpi.applies_to {
        AppliesTo::Contacts => Of::All,
        AppliesTo::Voice => Of::Abandonable,
        AppliesTo::Calls => Of::Calls,
        AppliesTo::Written => Of::Written,
        AppliesTo::Agents | AppliesTo::Policies => return figure(ask),
    };
    let is_spoken = attention::FIGURES.iter().any(|(id, _)| *id == kpi.id);
    match ask.none_of(of).filter(|_| !is_spoken) {
        // What we began ourselves is work, too.
        Some(Answer::Nothing) if kpi.id == "handled" => match figure(ask) {
            Answer::Number(0.0) => Answer::Nothing,
            done => done,
        },
        Some(none) => none,
        None => figure(ask),
    }
}

/// How many good ones a goal needs, and how many misses it allows.
pub(super) fn goal_needs(good: i64, all: i64, goal_percent: i64) -> (i64, i64) {
    (service::recovery(good, all, goal_percent), service::budget(good, all, goal_percent))
}
