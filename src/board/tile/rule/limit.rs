//! Where a rule draws its line: at a number, or at so many times what the config promises.
//!
//! A number over several queues or policies is held against each one's own promise, as its colour is.

use std::hash::Hash;
use std::time::Duration;

use super::{Look, Subject};
use crate::board::figures::Site;
use crate::board::tile::limits::common;
use crate::config::model::Queue;
use crate::config::units::parse_duration;
use crate::kpi::value::{Of, Part, Unit, Yardstick};

/// A rule's line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// In the value's unit.
    Number(f64),
    /// So many times what is promised.
    Promised(f64, Promise),
}

/// What the config promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    AnswerThreshold,
    ReplyThreshold,
    /// Of the queue, or of the policy.
    Goal,
    AgentsRequired,
}

const PROMISES: [Promise; 4] =
    [Promise::AnswerThreshold, Promise::ReplyThreshold, Promise::Goal, Promise::AgentsRequired];

/// Why a limit cannot be read.
pub(super) enum Wrong {
    Text,
    /// It is a promise of another unit.
    Unit(Promise),
    /// It is a promise, and none is made of this value.
    Free(Promise),
}

/// By whose promises a limit is told.
#[derive(Clone, Copy)]
pub(in crate::board::tile) enum Whose<'a> {
    /// By each part's own.
    Parts(&'a [Part]),
    Queue(&'a str),
    Policy(&'a str),
    /// By what all queues, or all policies, promise alike.
    Queues,
    Policies,
    /// Nobody waits, or only where it is closed.
    Nobody,
}

/// A number and the line that it is held against.
pub(super) struct Bound<'a> {
    pub(super) number: f64,
    pub(super) limit: f64,
    /// Whose part it is.
    pub(super) of: Option<&'a Of>,
}

impl Promise {
    /// As the config and `when` write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Promise::AnswerThreshold => "answer_threshold",
            Promise::ReplyThreshold => "reply_threshold",
            Promise::Goal => "goal",
            Promise::AgentsRequired => "agents_required",
        }
    }

    /// For messages.
    pub(super) fn what(self) -> &'static str {
        match self {
            Promise::AnswerThreshold | Promise::ReplyThreshold => "a length of time",
            Promise::Goal => "a share of contacts",
            Promise::AgentsRequired => "a number of agents",
        }
    }

    fn fits(self, subject: Subject) -> bool {
        subject.is_promised && self.is_in(subject)
    }

    /// It is of the value's unit.
    fn is_in(self, subject: Subject) -> bool {
        match self {
            Promise::AnswerThreshold | Promise::ReplyThreshold => subject.unit == Unit::Seconds,
            Promise::Goal => subject.unit == Unit::Ratio,
            Promise::AgentsRequired => subject.name == "agents_available",
        }
    }

    fn is_of(self, yardstick: Yardstick) -> bool {
        match self {
            Promise::AnswerThreshold => {
                matches!(yardstick, Yardstick::Caller | Yardstick::Average)
            }
            Promise::ReplyThreshold => {
                matches!(yardstick, Yardstick::Message | Yardstick::Average)
            }
            Promise::Goal => yardstick == Yardstick::Share,
            Promise::AgentsRequired => yardstick == Yardstick::Ready,
        }
    }

    fn of_queue(self, queue: &Queue) -> f64 {
        let seconds = |threshold: Duration| threshold.as_secs_f64();
        match self {
            Promise::AnswerThreshold => seconds(queue.answer_threshold),
            Promise::ReplyThreshold => seconds(queue.reply_threshold),
            Promise::Goal => queue.goal,
            Promise::AgentsRequired => f64::from(queue.agents_required),
        }
    }

    fn of_policy(self, policy: &str, site: &Site) -> Option<f64> {
        site.policy_goal(policy).filter(|_| self == Promise::Goal)
    }

    fn of(self, of: &Of, site: &Site) -> Option<f64> {
        match of {
            Of::Queue(queue) => Some(self.of_queue(site.queues.rules(queue))),
            Of::Policy(policy) => self.of_policy(policy, site),
        }
    }

    /// Of whom there is one promise.
    fn of_whom(self, whose: Whose<'_>, site: &Site) -> Option<f64> {
        match whose {
            Whose::Queue(queue) => Some(self.of_queue(site.queues.rules(queue))),
            Whose::Policy(policy) => self.of_policy(policy, site),
            Whose::Queues => {
                let queues = site.queues.named.values().chain([&site.queues.default]);
                common(queues.map(|queue| self.of_queue(queue)))
            }
            Whose::Policies => {
                common(site.policies.values().map(|it| it.goal)).filter(|_| self == Promise::Goal)
            }
            Whose::Parts(_) | Whose::Nobody => None,
        }
    }
}

/// The promises that a value can be held against, for messages.
pub(super) fn fitting(subject: Subject) -> String {
    let fitting = PROMISES.into_iter().filter(|promise| promise.fits(subject));
    fitting.map(|promise| format!("\"> 2 * {}\"", promise.name())).collect::<Vec<_>>().join(" or ")
}

impl Limit {
    /// `10`, `70%`, `1m30s`, `goal`, `3 * answer_threshold`.
    pub(super) fn read(text: &str, subject: Subject) -> Result<Limit, Wrong> {
        let text = text.trim();
        let (times, name) = text
            .split_once('*')
            .map_or((None, text), |(times, name)| (Some(times.trim()), name.trim()));
        let Some(promise) = PROMISES.into_iter().find(|promise| promise.name() == name) else {
            return number(text, subject.unit).map(Limit::Number).ok_or(Wrong::Text);
        };
        if !promise.is_in(subject) {
            return Err(Wrong::Unit(promise));
        }
        if !subject.is_promised {
            return Err(Wrong::Free(promise));
        }
        let times: f64 = times.map_or(Ok(1.0), str::parse).map_err(|_| Wrong::Text)?;
        if !times.is_finite() || times <= 0.0 {
            return Err(Wrong::Text);
        }
        Ok(Limit::Promised(times, promise))
    }

    /// What is held against what.
    pub(super) fn bounds<'a, H: Hash>(self, look: &Look<'a, H>, site: &Site) -> Vec<Bound<'a>> {
        let number = look.number;
        match (self, look.whose) {
            (Limit::Number(limit), _) => vec![Bound { number, limit, of: None }],
            (Limit::Promised(times, promise), Whose::Parts(parts)) => {
                let enough =
                    |part: &Part| part.volume.is_none_or(|volume| volume >= look.min_volume);
                let parts = parts.iter().filter(|part| promise.is_of(part.yardstick));
                let bound = |part: &'a Part| {
                    let limit = times * promise.of(&part.of, site)?;
                    Some(Bound { number: part.number, limit, of: Some(&part.of) })
                };
                parts.filter(|part| enough(part)).filter_map(bound).collect()
            }
            (Limit::Promised(times, promise), whose) => {
                let promised = promise.of_whom(whose, site).into_iter();
                promised.map(|limit| Bound { number, limit: times * limit, of: None }).collect()
            }
        }
    }
}

/// A number as people write it.
fn number(text: &str, unit: Unit) -> Option<f64> {
    let number: f64 = match (unit, text.strip_suffix('%')) {
        (Unit::Ratio, Some(percent)) => percent.trim().parse::<f64>().ok()? / 100.0,
        (_, Some(_)) => return None,
        (Unit::Seconds, None) if text.ends_with(char::is_alphabetic) => {
            parse_duration(text)?.as_secs_f64()
        }
        _ => text.parse().ok()?,
    };
    let is_share = unit != Unit::Ratio || (0.0..=1.0).contains(&number);
    (number.is_finite() && is_share).then_some(number)
}
