//! What agents do now, and how long they did it.

use tablica::event::{AgentStatus, Millis};
use tablica::scope::Selector;

use super::super::ask::{Answer, Ask, count, ratio, seconds};
use super::super::crew::Person;
use super::super::hours::Span;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("agents_available", |ask| now(ask, AgentStatus::Available)),
    ("agents_ringing", |ask| now(ask, AgentStatus::Ringing)),
    ("agents_talking", |ask| now(ask, AgentStatus::Talking)),
    ("agents_hold", |ask| now(ask, AgentStatus::Hold)),
    ("agents_after_work", |ask| now(ask, AgentStatus::AfterWork)),
    ("agents_paused", |ask| now(ask, AgentStatus::Paused)),
    ("agents_offline", |ask| now(ask, AgentStatus::Offline)),
    ("agents_unknown", |ask| match people(ask) {
        Err(answer) => answer,
        Ok(people) => {
            count(people.iter().filter(|person| person.state(ask.now_ms()).is_none()).count())
        }
    }),
    ("occupancy", occupancy),
    ("time_available", |ask| time(ask, AgentStatus::Available)),
    ("time_talking", |ask| time(ask, AgentStatus::Talking)),
    ("time_hold", |ask| time(ask, AgentStatus::Hold)),
    ("time_after_work", |ask| time(ask, AgentStatus::AfterWork)),
    ("time_paused", |ask| time(ask, AgentStatus::Paused)),
];

/// The people selected, or why there is no figure of them.
fn people<'a>(ask: &Ask<'a>) -> Result<Vec<&'a Person>, Answer> {
    let Selector { channel, queue, agent, kind, priority, public, topic, policy, .. } =
        ask.selector;
    if kind.is_some()
        || priority.is_some()
        || public.is_some()
        || topic.is_some()
        || policy.is_some()
    {
        return Err(Answer::NotApplicable);
    }
    if queue.is_some() {
        return Err(Answer::Undecided("which queues an agent is of is not defined"));
    }
    let selected = ask.recount.crew.iter().filter(|((of, name), _)| {
        channel.as_ref().is_none_or(|channel| channel == of)
            && agent.as_ref().is_none_or(|agent| agent == name)
    });
    let people: Vec<_> = selected.map(|(_, person)| person).collect();
    if people.is_empty() {
        return Err(Answer::Nothing);
    }
    Ok(people)
}

fn now(ask: &Ask<'_>, status: AgentStatus) -> Answer {
    match people(ask) {
        Err(answer) => answer,
        Ok(people) => {
            let is_known = people.iter().any(|person| person.state(ask.now_ms()).is_some());
            let there = people.iter().filter(|person| person.state(ask.now_ms()) == Some(status));
            if is_known { count(there.count()) } else { Answer::Nothing }
        }
    }
}

fn sum(ask: &Ask<'_>, people: &[&Person], status: AgentStatus) -> Millis {
    // A span that is over lasts until the next one begins.
    let is_over = ask.span.to_ms < ask.now_ms();
    let span = Span { to_ms: ask.span.to_ms + i64::from(is_over), ..ask.span };
    people.iter().map(|person| person.time_in(status, span)).sum()
}

fn time(ask: &Ask<'_>, status: AgentStatus) -> Answer {
    match people(ask) {
        Err(answer) => answer,
        Ok(people) => match sum(ask, &people, status) {
            0 => Answer::Nothing, // whether it is 0 or no data is not defined
            length_ms => seconds(length_ms),
        },
    }
}

/// Of the people whose states the network tells.
fn occupancy(ask: &Ask<'_>) -> Answer {
    match people(ask) {
        Err(answer) => answer,
        Ok(mut people) => {
            people.retain(|person| person.is_told_of(ask.now_ms()));
            let handling = [AgentStatus::Talking, AgentStatus::Hold, AgentStatus::AfterWork];
            let handling: Millis = handling.map(|it| sum(ask, &people, it)).into_iter().sum();
            ratio(handling, handling + sum(ask, &people, AgentStatus::Available))
        }
    }
}
