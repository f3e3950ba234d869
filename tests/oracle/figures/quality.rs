//! Ratings, complaints, reopenings.

use super::super::ask::{Answer, Ask, Of, count, mean, share};
use super::super::contact::{Contact, Moment, Rating};
use super::super::promise::{Promise, Standing};
use super::super::reading::Point;
use super::Figure;
use super::contacts::queue_of;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("csat", |ask| {
        let ratings = ratings(ask);
        share(ratings.iter().filter(|it| it.score * 5.0 >= it.scale * 4.0).count(), ratings.len())
    }),
    ("rating", |ask| {
        let ratings = ratings(ask);
        let sum: f64 = ratings.iter().map(|it| it.score / it.scale).sum();
        match ratings.len() {
            0 => Answer::NoData,
            count => Answer::Number(sum / count as f64),
        }
    }),
    ("nps", nps),
    ("csi", csi),
    ("rating_response_rate", response_rate),
    ("reopen_rate", reopen_rate),
    ("complaints", |ask| count(complaints(ask))),
    ("complaint_share", |ask| share(complaints(ask), ask.came().count())),
    ("complaints_resolved", |ask| count(resolved(ask).len())),
    ("complaint_resolution_time", |ask| mean(&resolved(ask))),
    ("complaints_in_time", |ask| {
        let verdicts = promises(ask).into_iter().filter_map(|promise| promise.verdict);
        let verdicts: Vec<_> = verdicts.filter(|(at_ms, _)| ask.span.holds(*at_ms)).collect();
        share(verdicts.iter().filter(|(_, is_kept)| *is_kept).count(), verdicts.len())
    }),
    ("complaints_overdue", |ask| {
        let promises = promises(ask).into_iter();
        count(promises.filter(|promise| promise.standing == Standing::Breached).count())
    }),
];

/// The last ratings of the selected dimension, `overall` if none is, that were given in the span.
fn ratings<'a>(ask: &Ask<'a>) -> Vec<&'a Rating> {
    let dimension = ask.selector.dimension.as_deref().unwrap_or("overall");
    let ratings = ask.contacts().filter_map(|contact| {
        let rating = contact.ratings.get(dimension)?;
        let is_here = ask.is_here(contact, &rating.place) && ask.span.holds(rating.at_ms);
        is_here.then_some(rating)
    });
    ratings.collect()
}

fn nps(ask: &Ask<'_>) -> Answer {
    let mut ratings = ratings(ask);
    ratings.retain(|rating| rating.scale == 10.0);
    let promoters = ratings.iter().filter(|rating| rating.score >= 9.0).count() as f64;
    let detractors = ratings.iter().filter(|rating| rating.score <= 6.0).count() as f64;
    match ratings.len() {
        0 => Answer::NoData,
        count => Answer::Number((promoters - detractors) * 100.0 / count as f64),
    }
}

/// Good ones for each bad one, on ten points; less than one point is none.
fn csi(ask: &Ask<'_>) -> Answer {
    let of_ten = ratings(ask).into_iter().map(|rating| rating.score * 10.0 / rating.scale);
    let of_ten: Vec<_> = of_ten.filter(|score| *score >= 1.0).collect();
    let good = of_ten.iter().filter(|score| **score >= 8.0).count();
    share(good, of_ten.iter().filter(|score| **score <= 3.0).count())
}

/// Of the customers who were asked, those who answered.
fn response_rate(ask: &Ask<'_>) -> Answer {
    let in_span = |moment: &&Moment| ask.span.holds(moment.at_ms);
    let (mut asked, mut answered) = (0, 0);
    for contact in ask.contacts() {
        // Who is asked twice is one who was asked, when it was for the first time.
        let here = contact.asked.iter().take(1).filter(|it| ask.is_here(contact, &it.place));
        let requests = here.filter(in_span).count();
        asked += requests;
        let mut rated = contact.ratings.iter().filter(|(dimension, rating)| {
            let is_asked_for = *dimension == "overall" || ask.reads(Point::AnyDimensionAnswers);
            is_asked_for && (!ask.reads(Point::RatingsInTheSpan) || ask.span.holds(rating.at_ms))
        });
        let of_earlier = ask.reads(Point::RatingsOfWhoeverWasAsked)
            && contact.ratings.get("overall").is_some_and(|rating| ask.span.holds(rating.at_ms))
            && contact.asked.iter().any(|moment| ask.is_here(contact, &moment.place));
        let counts = if ask.reads(Point::RatingsOfWhoeverWasAsked) {
            of_earlier
        } else {
            requests > 0 && rated.next().is_some()
        };
        answered += usize::from(counts);
    }
    share(answered, asked)
}

fn reopen_rate(ask: &Ask<'_>) -> Answer {
    let (mut reopened, mut settled) = (0, 0);
    for contact in ask.contacts() {
        let again = contact.reopened.iter().filter(|reopened| {
            ask.is_here(contact, &reopened.place) && ask.span.holds(reopened.at_ms)
        });
        let again = again.count();
        reopened += if ask.reads(Point::EveryReopening) { again } else { again.min(1) };
        let first = contact.settled.first();
        settled += usize::from(first.is_some_and(|(at_ms, _, place)| {
            ask.is_here(contact, place) && ask.span.holds(*at_ms)
        }));
    }
    share(reopened, settled)
}

fn is_complaint_here(ask: &Ask<'_>, contact: &Contact, complaint: &Moment) -> bool {
    ask.has_queue(queue_of(ask, contact, &complaint.place.queue))
}

fn complaints(ask: &Ask<'_>) -> usize {
    let complained = ask.contacts().filter(|contact| {
        contact.complaint.as_ref().is_some_and(|complaint| {
            is_complaint_here(ask, contact, complaint) && ask.span.holds(complaint.at_ms)
        })
    });
    complained.count()
}

/// From the complaint to the first settlement after it, of those settled in the span.
fn resolved(ask: &Ask<'_>) -> Vec<i64> {
    let lengths = ask.of(Of::All).filter_map(|contact| {
        let complaint = contact.complaint.as_ref()?;
        let (at_ms, _, place) = contact.settled.get(contact.settled_before)?;
        let is_here = ask.is_here(contact, place) && ask.span.holds(*at_ms);
        is_here.then_some(at_ms - complaint.at_ms)
    });
    lengths.collect()
}

fn promises<'a>(ask: &Ask<'a>) -> Vec<&'a Promise> {
    let mut promises = ask.promises();
    promises.retain(|promise| promise.policy.complaints);
    promises
}
