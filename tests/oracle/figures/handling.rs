//! What contacts cost agents in time.

use tablica::event::Millis;

use super::super::ask::{Answer, Ask, Of, count, mean};
use super::super::call::{after_work_ms, done_ms, hold_ms, talk_ms};
use super::super::contact::{Contact, Leg, Place};
use super::super::reading::Point;
use super::super::world::tells;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("aht", |ask| {
        of_legs(ask, |contact, leg| {
            talk_ms(leg) + hold_ms(leg) + after_work_ms(leg, &contact.channel)
        })
    }),
    ("talk_time", |ask| of_legs(ask, |_, leg| talk_ms(leg))),
    ("hold_time", |ask| of_legs(ask, |_, leg| hold_ms(leg))),
    ("after_work_time", after_work_time),
    ("aht_written", |ask| written(ask, |contact| contact.work_ms)),
    ("aht_written_elapsed", |ask| {
        written(ask, |contact| contact.over.map_or(0, |(_, last_ms)| last_ms - contact.came_ms))
    }),
    ("handled", |ask| match conversations(ask) {
        Ok(written) => count(legs(ask).len() + written.len()),
        Err(why) => Answer::Undecided(why),
    }),
    ("rings_missed", |ask| {
        let missed = ask.of(Of::Calls).flat_map(|contact| {
            contact.rings_missed.iter().filter(|missed| {
                ask.is_here(contact, &missed.place) && ask.span.holds(missed.at_ms)
            })
        });
        count(missed.count())
    }),
];

type Undecided = &'static str;

/// Talks that agents had done with in the span.
fn legs<'a>(ask: &Ask<'a>) -> Vec<(&'a Contact, &'a Leg)> {
    let calls = ask.recount.contacts.iter().filter(|contact| {
        let is_counted = !contact.is_outbound || !ask.reads(Point::OutboundIsNotHandled);
        contact.is_voice && is_counted && ask.covers(contact)
    });
    let legs = calls.flat_map(|contact| contact.legs.iter().map(move |leg| (contact, leg)));
    let done = legs.filter(|(contact, leg)| {
        let done_ms = done_ms(leg, &contact.channel).filter(|at_ms| *at_ms <= ask.now_ms());
        ask.is_here(contact, &leg.place) && done_ms.is_some_and(|at_ms| ask.span.holds(at_ms))
    });
    done.collect()
}

fn of_legs(ask: &Ask<'_>, length: impl Fn(&Contact, &Leg) -> Millis) -> Answer {
    let legs = legs(ask).into_iter();
    mean(&legs.map(|(contact, leg)| length(contact, leg)).collect::<Vec<_>>())
}

/// Only where a network says when that ends; of all that was handled, so that the parts of the
/// handling time add up.
fn after_work_time(ask: &Ask<'_>) -> Answer {
    let legs = legs(ask);
    let is_told = |contact: &Contact| tells(&contact.channel).wrapped_up;
    if !legs.iter().any(|(contact, _)| is_told(contact)) {
        return Answer::NoData;
    }
    let lengths = legs.into_iter().map(|(contact, leg)| after_work_ms(leg, &contact.channel));
    mean(&lengths.collect::<Vec<_>>())
}

/// Written contacts that were over within the span, after an agent's work.
fn conversations<'a>(ask: &Ask<'a>) -> Result<Vec<&'a Contact>, Undecided> {
    let mut done = Vec::new();
    for contact in ask.of(Of::Written).filter(|contact| contact.has_work) {
        let is_theirs = ask.selector.agent.as_ref().is_none_or(|it| contact.agents.contains(it));
        if is_theirs && ask.selector.agent.is_some() && contact.agents.len() > 1 {
            return Err("whose work a contact is that several agents had is not defined");
        }
        let queue = contact.queue().to_owned();
        let place = Place { queue, agent: contact.agents.last().cloned() };
        if contact.over.is_some_and(|(at_ms, _)| ask.span.holds(at_ms))
            && ask.is_here(contact, &place)
        {
            done.push(contact);
        }
    }
    Ok(done)
}

fn written(ask: &Ask<'_>, length: fn(&Contact) -> Millis) -> Answer {
    match conversations(ask) {
        Ok(done) => mean(&done.into_iter().map(length).collect::<Vec<_>>()),
        Err(why) => Answer::Undecided(why),
    }
}
