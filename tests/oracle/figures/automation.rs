//! Who helped, and what it cost.

use tablica::event::Author;

use super::super::ask::{Answer, Ask, share};
use super::super::reading::Point;
use super::super::world::cost_cents;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("automation_rate", automation_rate),
    ("peer_answer_rate", peer_answer_rate),
    ("cost", |ask| match costs(ask) {
        (0, _) => Answer::Nothing, // whether nothing costs 0 or has no cost is not defined
        (_, cents) => Answer::Number(cents as f64 / 100.0),
    }),
    ("cost_per_contact", |ask| match costs(ask) {
        (0, _) => Answer::NoData,
        (contacts, cents) => Answer::Number(cents as f64 / 100.0 / contacts as f64),
    }),
    ("removed_public_posts", |ask| {
        let removed = ask.contacts().filter(|contact| contact.public).flat_map(|contact| {
            contact.removed.iter().filter(|(moment, by)| {
                matches!(by, Author::Agent | Author::Bot)
                    && ask.is_here(contact, &moment.place)
                    && ask.span.holds(moment.at_ms)
            })
        });
        super::super::ask::count(removed.count())
    }),
];

/// Matters settled in the span, each at its first settlement.
fn automation_rate(ask: &Ask<'_>) -> Answer {
    let (mut alone, mut all) = (0, 0);
    for contact in ask.contacts() {
        let every = ask.reads(Point::EverySettlement);
        let last = contact.settled.len().saturating_sub(1);
        let first = if ask.reads(Point::SettledByTheLast) { last } else { 0 };
        let upto = if every { contact.settled.len() } else { first + 1 };
        for (at_ms, by, place) in contact.settled.iter().take(upto).skip(first) {
            if !ask.is_here(contact, place) || !ask.span.holds(*at_ms) {
                continue;
            }
            let is_helped = contact.is_answered && ask.reads(Point::HumanHelpIsNoAutomation);
            all += 1;
            alone += usize::from(matches!(by, Author::Bot | Author::Customer) && !is_helped);
        }
    }
    share(alone, all)
}

fn peer_answer_rate(ask: &Ask<'_>) -> Answer {
    let helped = ask.contacts().filter_map(|contact| {
        let (moment, by_peer) = contact.first_help.as_ref()?;
        let is_left_out = contact.is_voice && ask.reads(Point::PeersInWritingOnly);
        let is_here = ask.is_here(contact, &moment.place) && ask.span.holds(moment.at_ms);
        (is_here && !is_left_out).then_some(*by_peer)
    });
    let helped: Vec<_> = helped.collect();
    share(helped.iter().filter(|by_peer| **by_peer).count(), helped.len())
}

/// Contacts of channels with a known cost, and what they cost in all.
fn costs(ask: &Ask<'_>) -> (i64, i64) {
    let cents = ask.came().filter_map(|contact| cost_cents(&contact.channel));
    cents.fold((0, 0), |(contacts, sum), cents| (contacts + 1, sum + cents))
}
