//! How many came, and what became of them.

use super::super::ask::{Answer, Ask, Of, count, ratio, share};
use super::super::contact::{Contact, Outcome, Stay};
use super::super::customers;
use super::super::reading::Point;
use super::super::world::{CALLBACK_WITHIN, MINUTE};
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("offered", |ask| count(ask.offered(Of::All).len())),
    ("answered", |ask| outcome(ask, Stay::is_answered)),
    ("flowed_out", |ask| outcome(ask, |stay| matches!(stay.outcome, Outcome::FlowedOut(_)))),
    ("volume", |ask| count(ask.came().count())),
    ("messages", |ask| {
        let said =
            ask.contacts().flat_map(|contact| contact.said.iter().map(move |it| (contact, it)));
        let said = said.filter(|(contact, said)| {
            let topic = ask.selector.topic.as_ref();
            let is_about = !ask.reads(Point::TopicOfTheMessage)
                || topic.is_none_or(|topic| said.topics.contains(topic));
            !said.is_spam
                && (!said.by_peer || ask.reads(Point::PeersAreCustomers))
                && is_about
                && ask.is_here(contact, &said.place)
                && ask.span.holds(said.at_ms)
        });
        count(said.count())
    }),
    ("answer_rate", |ask| {
        let came: Vec<_> = reached(ask).collect();
        share(came.iter().filter(|contact| contact.is_answered).count(), came.len())
    }),
    ("never_answered", |ask| {
        let is_lost = |contact: &&Contact| is_never_answered(ask, contact);
        count(reached(ask).filter(is_lost).count())
    }),
    ("transfers_per_contact", hand_overs),
    // A week has not passed in these scenarios: whether somebody came again is not known yet.
    ("fcr", |_| Answer::NoData),
    ("repeat_contacts", |ask| {
        let all = &ask.recount.contacts;
        let came: Vec<_> = ask.came().map(std::ptr::from_ref).collect();
        let came = (0..all.len()).filter(|index| came.contains(&std::ptr::from_ref(&all[*index])));
        let known = came.filter_map(|index| customers::is_repeat(all, index, ask.recount.reading));
        let known: Vec<_> = known.collect();
        share(known.iter().filter(|is_repeat| **is_repeat).count(), known.len())
    }),
    ("topic_contacts", |ask| {
        if ask.selector.topic.is_none() {
            return Answer::NotApplicable;
        }
        count(ask.came().count())
    }),
    ("topic_share", topic_share),
    // Nothing is known of last week in these scenarios.
    ("topic_change", |ask| {
        let Some(_) = ask.selector.topic else { return Answer::NotApplicable };
        let has_whole_quarters = ask.span.to_ms - ask.span.from_ms >= 30 * MINUTE;
        if has_whole_quarters { Answer::NoData } else { Answer::Nothing }
    }),
    ("forecast_contacts", |_| Answer::NoData),
];

pub(super) fn queue_of<'a>(ask: &Ask<'_>, contact: &'a Contact, queue: &'a str) -> &'a str {
    if ask.reads(Point::QueueOfOpening) {
        contact.first_queue()
    } else if ask.reads(Point::QueueOfNow) {
        contact.queue()
    } else {
        queue
    }
}

fn outcome(ask: &Ask<'_>, is_it: fn(&Stay) -> bool) -> Answer {
    count(ask.offered(Of::All).into_iter().filter(|stay| is_it(stay)).count())
}

/// Those of whom it is asked whether they were answered, when and where they asked for a first answer
/// last: when they came in, or were reopened before any human had answered.
fn reached<'a>(ask: &Ask<'a>) -> impl Iterator<Item = &'a Contact> {
    ask.contacts().filter(|contact| {
        let again = contact.came_again.last();
        let again = again.filter(|_| !ask.reads(Point::ReopenedNeverComesIn));
        let (at_ms, queue) = again
            .map_or((contact.came_ms, contact.first_queue()), |(at_ms, queue)| (*at_ms, queue));
        ask.has_queue(queue) && ask.span.holds(at_ms)
    })
}

/// Over, and no human ever answered; a callback that is promised may still come.
fn is_never_answered(ask: &Ask<'_>, contact: &Contact) -> bool {
    let is_promised =
        contact.callback_ms.is_some_and(|at_ms| ask.now_ms() - at_ms <= CALLBACK_WITHIN);
    contact.over.is_some() && !contact.is_answered && !is_promised
}

fn hand_overs(ask: &Ask<'_>) -> Answer {
    let of_some = ask.selector.queue.is_some() || ask.selector.agent.is_some();
    let contacts = if of_some { ask.offered(Of::All).len() } else { ask.came().count() };
    let moved = ask.contacts().map(|contact| {
        let rules = contact.overflows.iter().filter(|_| ask.reads(Point::OverflowIsHandOver));
        let moves = contact.hand_overs.iter().chain(rules);
        let moves = moves.filter(|moved| ask.span.holds(moved.at_ms));
        let moves = moves.filter(|moved| ask.has_agent(moved.place.agent.as_deref()));
        let from = moves.filter(|moved| {
            let queue = &moved.place.queue;
            let next =
                contact.queues.iter().find(|(at_ms, name)| *at_ms >= moved.at_ms && name != queue);
            match next.filter(|_| ask.reads(Point::HandOverOfTarget)) {
                Some((_, next)) => ask.has_queue(next),
                None => ask.has_queue(queue),
            }
        });
        from.count() as i64
    });
    ratio(moved.sum(), contacts as i64)
}

/// Of all contacts that everything but the topic selects.
fn topic_share(ask: &Ask<'_>) -> Answer {
    let Some(topic) = &ask.selector.topic else { return Answer::NotApplicable };
    let selector = tablica::scope::Selector { topic: None, ..ask.selector.clone() };
    let others = Ask { selector: &selector, ..*ask };
    let came: Vec<_> = others.came().collect();
    share(came.iter().filter(|contact| contact.topics.contains(topic)).count(), came.len())
}
