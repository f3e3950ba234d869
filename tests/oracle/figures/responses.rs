//! How soon humans, bots and settlements came.

use tablica::event::{Millis, UnixMs};

use super::super::ask::{Ask, Of, mean, median, percentile};
use super::super::contact::{Contact, Reply};
use super::super::hours;
use super::super::world::queue_rules;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("frt", |ask| mean(&first(ask))),
    ("frt_median", |ask| median(&first(ask))),
    ("frt_p90", |ask| percentile(90, &first(ask))),
    ("frt_p95", |ask| percentile(95, &first(ask))),
    ("frt_business", |ask| mean(&first_business(ask))),
    ("frt_business_median", |ask| median(&first_business(ask))),
    ("frt_business_p90", |ask| percentile(90, &first_business(ask))),
    ("frt_business_p95", |ask| percentile(95, &first_business(ask))),
    ("first_bot_response", |ask| mean(&lengths(ask, |contact| contact.bot.iter().collect()))),
    ("time_to_assignment", |ask| mean(&lengths(ask, |contact| contact.assigned.iter().collect()))),
    ("nrt", |ask| mean(&next(ask))),
    ("nrt_median", |ask| median(&next(ask))),
    ("nrt_p90", |ask| percentile(90, &next(ask))),
    ("nrt_p95", |ask| percentile(95, &next(ask))),
    ("ttr", |ask| mean(&settled(ask))),
    ("ttr_median", |ask| median(&settled(ask))),
    ("ttr_p90", |ask| percentile(90, &settled(ask))),
    ("ttr_p95", |ask| percentile(95, &settled(ask))),
    ("ttr_final", |ask| mean(&settled_for_good(ask))),
    ("ttr_final_median", |ask| median(&settled_for_good(ask))),
    ("ttr_final_p90", |ask| percentile(90, &settled_for_good(ask))),
    ("ttr_final_p95", |ask| percentile(95, &settled_for_good(ask))),
];

/// Replies given in the span, each with its contact.
fn replies<'a>(
    ask: &Ask<'a>,
    of: fn(&'a Contact) -> Vec<&'a Reply>,
) -> Vec<(&'a Contact, &'a Reply)> {
    let each = ask
        .of(Of::Written)
        .flat_map(|contact| of(contact).into_iter().map(move |reply| (contact, reply)));
    let here = each.filter(|(contact, reply)| {
        ask.is_here(contact, &reply.place) && ask.span.holds(reply.at_ms)
    });
    here.collect()
}

fn lengths<'a>(ask: &Ask<'a>, of: fn(&'a Contact) -> Vec<&'a Reply>) -> Vec<Millis> {
    replies(ask, of).into_iter().map(|(_, reply)| reply.at_ms - reply.from_ms).collect()
}

fn first(ask: &Ask<'_>) -> Vec<Millis> {
    lengths(ask, |contact| contact.first_replies.iter().collect())
}

/// The first response times in the open time of the queue.
fn first_business(ask: &Ask<'_>) -> Vec<Millis> {
    let replies = replies(ask, |contact| contact.first_replies.iter().collect());
    let open = replies.into_iter().map(|(contact, reply)| {
        let queue = contact.queue_of(&reply.place, ask.recount.reading);
        hours::open_ms(queue_rules(queue).office, reply.from_ms, reply.at_ms)
    });
    open.collect()
}

fn next(ask: &Ask<'_>) -> Vec<Millis> {
    lengths(ask, |contact| contact.next_replies.iter().collect())
}

/// From the opening to the first settlement.
fn settled(ask: &Ask<'_>) -> Vec<Millis> {
    settlements(ask, |contact| contact.settled.first().map(|(at_ms, _, _)| *at_ms))
}

/// From the opening to the last settlement, where it was not reopened since.
fn settled_for_good(ask: &Ask<'_>) -> Vec<Millis> {
    settlements(ask, |contact| {
        let (at_ms, _, _) = contact.settled.last()?;
        (contact.settled.len() > contact.reopened.len()).then_some(*at_ms)
    })
}

fn settlements(ask: &Ask<'_>, when: fn(&Contact) -> Option<UnixMs>) -> Vec<Millis> {
    let settled = ask.contacts().filter_map(|contact| {
        let at_ms = when(contact)?;
        let (_, _, place) =
            contact.settled.iter().rfind(|(settled_ms, _, _)| *settled_ms == at_ms)?;
        let is_here = ask.is_here(contact, place) && ask.span.holds(at_ms);
        is_here.then_some(at_ms - contact.came_ms)
    });
    settled.collect()
}
