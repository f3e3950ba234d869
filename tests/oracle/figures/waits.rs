//! Waiting and giving up.

use tablica::event::Millis;
use tablica::scope::Window;

use super::super::ask::{Answer, Ask, Of, count, mean, median, percentile, seconds, share};
use super::super::contact::{Outcome, Stay};
use super::super::hours;
use super::super::reading::Point;
use super::super::world::queue_rules;
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("waiting", |ask| {
        let stays = ask.stays(Of::All);
        count(stays.filter(|(_, stay)| stay.outcome == Outcome::Waiting).count())
    }),
    ("longest_wait_now", |ask| seconds(waits_now(ask).into_iter().max().unwrap_or(0))),
    ("longest_wait_today", longest_wait_today),
    ("asa", |ask| mean(&waits_answered(ask))),
    ("wait_median", |ask| median(&waits_answered(ask))),
    ("wait_p90", |ask| percentile(90, &waits_answered(ask))),
    ("wait_p95", |ask| percentile(95, &waits_answered(ask))),
    ("abandoned", |ask| count(abandoned(&ask.offered(Of::Abandonable)))),
    ("abandon_rate", |ask| {
        let offered = ask.offered(Of::Abandonable);
        share(abandoned(&offered), offered.len())
    }),
    ("abandon_rate_net", |ask| {
        let mut offered = ask.offered(Of::Abandonable);
        offered.retain(|stay| !is_short(stay));
        share(abandoned(&offered), offered.len())
    }),
    ("unanswered_now", |ask| count(unanswered(ask).len())),
    ("oldest_unanswered_now", |ask| seconds(unanswered(ask).into_iter().max().unwrap_or(0))),
    ("unanswered_over_15m", |ask| over(ask, 15)),
    ("unanswered_over_1h", |ask| over(ask, 60)),
    ("unanswered_over_4h", |ask| over(ask, 4 * 60)),
    ("unanswered_over_24h", |ask| over(ask, 24 * 60)),
    ("unanswered_over_48h", |ask| over(ask, 48 * 60)),
];

fn abandoned(stays: &[&Stay]) -> usize {
    stays.iter().filter(|stay| stay.is_abandoned()).count()
}

/// Abandoned within s: did not really wait.
fn is_short(stay: &Stay) -> bool {
    let short_ms = queue_rules(&stay.place.queue).short_ms;
    stay.is_abandoned() && stay.wait_ms().is_some_and(|wait_ms| wait_ms <= short_ms)
}

/// How long those had waited who were answered within the span.
fn waits_answered(ask: &Ask<'_>) -> Vec<Millis> {
    let stays = ask.stays(Of::Abandonable).filter(|(_, stay)| match stay.outcome {
        Outcome::Answered(at_ms) => ask.span.holds(at_ms),
        _ => false,
    });
    stays.filter_map(|(_, stay)| stay.wait_ms()).collect()
}

/// How long each customer who wrote has waited for a human reply.
fn unanswered(ask: &Ask<'_>) -> Vec<Millis> {
    let here = ask.of(Of::Written).filter(|contact| ask.has_queue(contact.queue()));
    let since = here.filter_map(|contact| contact.unanswered_since_ms());
    since.map(|since_ms| ask.now_ms() - since_ms).collect()
}

fn over(ask: &Ask<'_>, minutes: Millis) -> Answer {
    count(unanswered(ask).into_iter().filter(|wait_ms| *wait_ms > minutes * 60_000).count())
}

/// How long each waits now: callers in line, and customers who wrote.
fn waits_now(ask: &Ask<'_>) -> Vec<Millis> {
    if ask.selector.agent.is_some() {
        return Vec::new(); // who waits is nobody's
    }
    let mut waits = unanswered(ask);
    let callers = ask.stays(Of::Calls).filter(|(_, stay)| stay.outcome == Outcome::Waiting);
    waits.extend(callers.map(|(_, stay)| ask.now_ms() - stay.offered_ms));
    waits
}

fn longest_wait_today(ask: &Ask<'_>) -> Answer {
    let today = hours::span(ask.recount.world, Window::Today, ask.now_ms());
    let is_today = |at_ms| today.is_some_and(|today| today.holds(at_ms));
    let ended = ask.stays(Of::All).filter(|(_, stay)| stay.end_ms().is_some_and(is_today));
    let mut waits: Vec<_> = ended.filter_map(|(_, stay)| stay.wait_ms()).collect();
    waits.extend(waits_now(ask));
    if ask.reads(Point::LaterWaitsCount) {
        let replies = ask.of(Of::Written).flat_map(|contact| {
            contact.next_replies.iter().filter(|reply| ask.is_here(contact, &reply.place))
        });
        let replies = replies.filter(|reply| is_today(reply.at_ms));
        waits.extend(replies.map(|reply| reply.at_ms - reply.from_ms));
    }
    waits.into_iter().max().map_or(Answer::NoData, seconds)
}
