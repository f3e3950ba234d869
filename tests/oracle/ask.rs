//! One question to the recount: a selection and a span. Finds what is selected, and makes means,
//! medians and shares of it.

use std::collections::BTreeSet;

use tablica::event::{Millis, UnixMs};
use tablica::scope::{Selector, Window};

use super::contact::{Contact, Place, Stay};
use super::hours::{self, Span};
use super::promise::{Promise, Standing, covers_traits};
use super::reading::Point;
use super::recount::Recount;
use super::world::{POLICIES, tells};

/// What the definitions answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    Number(f64),
    /// The denominator is zero.
    NoData,
    /// It makes no sense for what is selected.
    NotApplicable,
    /// Nothing of what is selected was ever seen: 0, no data and not applicable are all right.
    Nothing,
    /// The definitions do not decide it, for this reason.
    Undecided(&'static str),
}

/// Which contacts a figure can be of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    All,
    /// Calls, and written contacts of networks that tell when a customer gives up.
    Abandonable,
    Calls,
    Written,
}

/// A selection and a span.
pub(super) struct Ask<'a> {
    pub(super) recount: &'a Recount,
    pub(super) selector: &'a Selector,
    pub(super) span: Span,
}

impl<'a> Ask<'a> {
    pub(super) fn reads(&self, point: Point) -> bool {
        self.recount.reading.has(point)
    }

    pub(super) fn now_ms(&self) -> UnixMs {
        self.recount.now_ms
    }

    /// Whether contacts of this make are selected, wherever and whosever they are.
    pub(super) fn covers(&self, contact: &Contact) -> bool {
        let Selector { channel, kind, priority, public, topic, policy, .. } = self.selector;
        let promised = |name: &String| {
            let policy = POLICIES.into_iter().find(|policy| policy.name == name);
            policy.is_some_and(|policy| {
                let queues = policy.queues;
                covers_traits(policy, contact, self.recount.reading)
                    && (queues.is_empty() || queues.contains(&contact.queue()))
            })
        };
        channel.as_ref().is_none_or(|channel| *channel == contact.channel)
            && kind.is_none_or(|kind| kind == contact.kind)
            && priority.is_none_or(|priority| priority == contact.priority)
            && public.is_none_or(|public| public == contact.public)
            && topic.as_ref().is_none_or(|topic| contact.topics.contains(topic))
            && policy.as_ref().is_none_or(promised)
    }

    pub(super) fn has_queue(&self, queue: &str) -> bool {
        self.selector.queue.as_ref().is_none_or(|selected| selected == queue)
    }

    pub(super) fn has_agent(&self, agent: Option<&str>) -> bool {
        self.selector.agent.as_ref().is_none_or(|selected| Some(selected.as_str()) == agent)
    }

    /// Whether what happened there in the contact is selected.
    pub(super) fn is_here(&self, contact: &Contact, place: &Place) -> bool {
        let reading = self.recount.reading;
        self.has_queue(contact.queue_of(place, reading))
            && self.has_agent(contact.agent_of(place, reading))
    }

    /// All contacts that count and are of the selected make.
    pub(super) fn contacts(&self) -> impl Iterator<Item = &'a Contact> + use<'a, '_> {
        self.recount.contacts.iter().filter(|contact| contact.counts() && self.covers(contact))
    }

    /// Those that a figure can be of.
    pub(super) fn of(&self, of: Of) -> impl Iterator<Item = &'a Contact> + use<'a, '_> {
        self.contacts().filter(move |contact| is_of(contact, of))
    }

    /// Contacts that came in within the span, counted where they came in.
    pub(super) fn came(&self) -> impl Iterator<Item = &'a Contact> + use<'a, '_> {
        self.contacts().filter(|contact| {
            let again = self.reads(Point::ReopenedComesInAgain)
                && contact.came_again.iter().any(|(at_ms, _)| self.span.holds(*at_ms));
            self.has_queue(contact.first_queue()) && (self.span.holds(contact.came_ms) || again)
        })
    }

    /// Stays in the selected queues, of whoever answered.
    pub(super) fn stays(&self, of: Of) -> impl Iterator<Item = (&'a Contact, &'a Stay)> {
        let stays =
            self.of(of).flat_map(|contact| contact.stays.iter().map(move |it| (contact, it)));
        stays.filter(|(_, stay)| {
            self.has_queue(&stay.place.queue) && self.has_agent(stay.place.agent.as_deref())
        })
    }

    /// The stays of the selection that were offered within the span.
    pub(super) fn offered(&self, of: Of) -> Vec<&'a Stay> {
        let stays = self.stays(of).map(|(_, stay)| stay);
        stays.filter(|stay| self.span.holds(stay.offered_ms)).collect()
    }

    /// Promises to the selected contacts, by the selected policy.
    pub(super) fn promises(&self) -> Vec<&'a Promise> {
        self.promises_of().map(|(_, promise)| promise).collect()
    }

    /// Each with the index of its contact.
    pub(super) fn promises_of(&self) -> impl Iterator<Item = (usize, &'a Promise)> + use<'a, '_> {
        let made = self.recount.promises.iter();
        let selected = made.filter(|(index, promise)| {
            let contact = &self.recount.contacts[*index];
            let makes = Selector { policy: None, ..self.selector.clone() };
            let named = self.selector.policy.as_ref();
            named.is_none_or(|name| name == promise.policy.name)
                && Ask { selector: &makes, ..*self }.covers(contact)
                && self.is_here(contact, &promise.place)
        });
        selected.map(|(index, promise)| (*index, promise))
    }

    /// Whether anything of the selection was ever seen, and of that, anything that a figure can be
    /// of. `None`: a figure can be computed.
    pub(super) fn none_of(&self, of: Of) -> Option<Answer> {
        let here = |contact: &&Contact| {
            let queue = self.selector.queue.as_ref();
            let agent = self.selector.agent.as_ref();
            // Who gives up does so where they were offered.
            let is_offered = |stay: &Stay| {
                self.has_queue(&stay.place.queue) && self.has_agent(stay.place.agent.as_deref())
            };
            if of == Of::Abandonable {
                let asks_here = queue.is_some_and(|queue| contact.happened_in(queue));
                return agent.is_none() && asks_here || contact.stays.iter().any(is_offered);
            }
            queue.is_none_or(|queue| contact.happened_in(queue))
                && agent.is_none_or(|agent| contact.agents.contains(agent))
        };
        // What we began is work, too, though nobody came.
        let seen = self.recount.contacts.iter().filter(|it| self.covers(it));
        let seen: Vec<_> = seen.filter(here).collect();
        if !seen.iter().any(|it| it.counts() || of == Of::Calls && it.is_outbound) {
            Some(Answer::Nothing)
        } else if seen.iter().any(|contact| is_of(contact, of)) {
            None
        } else {
            Some(Answer::NotApplicable)
        }
    }

    /// How many contacts the selected agent had to do with, ever.
    pub(super) fn contacts_ever(&self, agent: &str) -> usize {
        let contacts = self.recount.contacts.iter().filter(|contact| self.covers(contact));
        let is_theirs = |place: &Place| place.agent.as_deref() == Some(agent);
        let had = contacts.filter(|contact| {
            contact.agents.iter().any(|name| name == agent)
                || contact.stays.iter().any(|stay| is_theirs(&stay.place))
                || contact.legs.iter().any(|leg| is_theirs(&leg.place))
        });
        had.count()
    }

    /// How many contacts stand behind what the selected agent was promised to do: those with a promise
    /// that was kept or broken in the span or, where it is asked how things stand, today or is open.
    pub(super) fn contacts_promised(&self, is_state: bool) -> usize {
        let today = hours::span(self.recount.world, Window::Today, self.now_ms());
        let span = today.filter(|_| is_state).unwrap_or(self.span);
        let counts = |promise: &Promise| {
            let is_open = promise.standing != Standing::Closed;
            promise.verdict.is_some_and(|(at_ms, _)| span.holds(at_ms)) || is_state && is_open
        };
        let promised = self.promises_of().filter(|(_, promise)| counts(promise));
        promised.map(|(index, _)| index).collect::<BTreeSet<_>>().len()
    }

    /// Of those, the ones of which nothing but this span and this agent knows.
    pub(super) fn contacts_promised_here_only(&self) -> usize {
        let all = Ask { selector: &Selector::default(), ..*self };
        let elsewhere = all.promises_of().filter(|(_, promise)| {
            let is_here = promise.verdict.is_some_and(|(at_ms, _)| self.span.holds(at_ms));
            !is_here || !self.has_agent(promise.place.agent.as_deref())
        });
        let elsewhere: BTreeSet<_> = elsewhere.map(|(index, _)| index).collect();
        let promised = self.promises_of().map(|(index, _)| index).collect::<BTreeSet<_>>();
        let stayed = |index: &usize| self.recount.contacts[*index].queues.len() == 1;
        promised.difference(&elsewhere).filter(|index| stayed(index)).count()
    }
}

fn is_of(contact: &Contact, of: Of) -> bool {
    match of {
        Of::All => true,
        Of::Abandonable => contact.is_voice || tells(&contact.channel).abandoned,
        Of::Calls => contact.is_voice,
        Of::Written => !contact.is_voice,
    }
}

pub(super) fn count(count: usize) -> Answer {
    Answer::Number(count as f64)
}

pub(super) fn ratio(part: i64, whole: i64) -> Answer {
    if whole == 0 { Answer::NoData } else { Answer::Number(part as f64 / whole as f64) }
}

pub(super) fn share(part: usize, whole: usize) -> Answer {
    ratio(part as i64, whole as i64)
}

pub(super) fn seconds(length_ms: Millis) -> Answer {
    Answer::Number(length_ms as f64 / 1000.0)
}

/// The arithmetic mean, in seconds.
pub(super) fn mean(lengths_ms: &[Millis]) -> Answer {
    match lengths_ms.len() {
        0 => Answer::NoData,
        count => {
            let sum: Millis = lengths_ms.iter().sum();
            Answer::Number(sum as f64 / count as f64 / 1000.0)
        }
    }
}

/// The middle one, or between the two in the middle.
pub(super) fn median(lengths_ms: &[Millis]) -> Answer {
    let mut sorted = lengths_ms.to_vec();
    sorted.sort_unstable();
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => Answer::NoData,
        (count, middle) if count % 2 == 1 => seconds(sorted[middle]),
        (_, middle) => Answer::Number((sorted[middle - 1] + sorted[middle]) as f64 / 2000.0),
    }
}

/// By nearest rank: the smallest that so many of a hundred do not exceed.
pub(super) fn percentile(percent: usize, lengths_ms: &[Millis]) -> Answer {
    let mut sorted = lengths_ms.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    match rank {
        0 => Answer::NoData,
        rank => seconds(sorted[rank - 1]),
    }
}
