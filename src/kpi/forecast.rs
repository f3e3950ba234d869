//! How many contacts are to be expected, and how many agents they need, quarter hour by quarter
//! hour.
//!
//! Expected is the mean of the same quarter hour on the same weekday of the last five weeks, as
//! far as there are any. What comes at once and waits in line (calls, live chats) needs agents by
//! Erlang C, at the queue's goal and threshold. What may lie for a while (mails, posts) needs as
//! many as clear the backlog, and what comes in meanwhile, within the queue's threshold. Both
//! take the handling time of the same past quarters. That is measured conversation by
//! conversation: in writing, an agent leads as many at once as the queue's `concurrency` says.

use super::erlang;
use crate::config::model::Queue;
use crate::engine::{CellView, Engine, Field, QUARTER_MS, Quarters, Sum, Tally};
use crate::event::{AgentStatus, Medium, Millis, UnixMs};
use crate::scope::Selector;

/// A queue that promises written replies this soon is a live chat: its customers wait for it.
const LIVE_REPLY_MS_MAX: Millis = 5 * 60_000;
const WEEK_MS: Millis = 7 * 24 * 3_600_000;
const DAYS_OF_MONTH: f64 = 30.0;
const HOUR_S: f64 = 3600.0;

/// How work comes, which decides how many agents it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// In line for a call.
    Calls,
    /// In a live chat.
    Chats,
    /// It may lie for a while.
    Written,
}

/// One kind of work of one queue.
pub struct Group<'a> {
    engine: &'a Engine,
    queue: &'a str,
    work: Work,
    rules: &'a Queue,
    cells: Vec<CellView<'a>>,
    known_since_ms: UnixMs,
    /// Handling time of the last week, for quarters in which nobody was handled.
    usual_aht_s: Option<f64>,
}

/// What a quarter hour will bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Contacts.
    pub contacts: f64,
    /// Their mean handling time; none when nobody was handled of late.
    pub aht_s: Option<f64>,
    /// Of so many weeks.
    pub weeks: usize,
    /// Agents needed; none without a handling time, or for a goal that no team reaches.
    pub agents: Option<u32>,
}

impl<'a> Group<'a> {
    /// All that a selector covers, queue by queue.
    pub fn all(engine: &'a Engine, selector: &Selector) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for cell in engine.select(selector) {
            let Some(known_since_ms) = cell.known_since_ms().filter(|_| cell.has_traffic()) else {
                continue;
            };
            let (queue, work) = (cell.queue(), work_of(&cell));
            match groups.iter_mut().find(|group| (group.queue, group.work) == (queue, work)) {
                Some(group) => {
                    group.known_since_ms = group.known_since_ms.min(known_since_ms);
                    group.cells.push(cell);
                }
                None => groups.push(Group {
                    engine,
                    queue,
                    work,
                    rules: cell.rules(),
                    cells: vec![cell],
                    known_since_ms,
                    usual_aht_s: None,
                }),
            }
        }
        for group in &mut groups {
            group.usual_aht_s = group.aht_s(&group.counts(&[group.last_week()]));
        }
        groups
    }

    /// How its work comes.
    pub fn work(&self) -> Work {
        self.work
    }

    /// The queue's promises.
    pub fn rules(&self) -> &'a Queue {
        self.rules
    }

    /// T.
    pub fn threshold_ms(&self) -> Millis {
        let threshold = match self.work {
            Work::Calls => self.rules.answer_threshold,
            Work::Chats | Work::Written => self.rules.reply_threshold,
        };
        i64::try_from(threshold.as_millis()).unwrap_or(Millis::MAX)
    }

    /// Conversations that one agent leads at once.
    pub fn concurrency(&self) -> u32 {
        match self.work {
            Work::Calls => 1,
            Work::Chats | Work::Written => self.rules.concurrency.max(1),
        }
    }

    fn last_week(&self) -> Quarters {
        let now_ms = self.engine.now_ms();
        Quarters::between(now_ms - WEEK_MS, now_ms)
    }

    fn counts(&self, spans: &[Quarters]) -> Tally {
        let mut sum = Tally::default();
        for cell in &self.cells {
            for span in spans {
                sum.add_up(&cell.quarters(*span));
            }
        }
        sum
    }

    /// Talk, hold and after-work of a call; the agents' own work on a written contact.
    fn aht_s(&self, counts: &Tally) -> Option<f64> {
        let mean_s = |sums_ms: i64, field| {
            let count = counts.get(field);
            (count > 0).then(|| sums_ms as f64 / count as f64 / 1000.0)
        };
        match self.work {
            Work::Calls => {
                let talk_ms = counts.sum_ms(Sum::Talk) + counts.sum_ms(Sum::Hold);
                let after_s = mean_s(counts.sum_ms(Sum::AfterWork), Field::WrapUps);
                Some(mean_s(talk_ms, Field::Handled)? + after_s.unwrap_or_default())
            }
            Work::Chats | Work::Written => {
                mean_s(counts.sum_ms(Sum::Active), Field::HandledWritten)
            }
        }
    }

    /// What the quarter hour that holds `at_ms` will bring; none until a like one has passed.
    pub fn expected(&self, at_ms: UnixMs) -> Option<Expected> {
        let mut like = self.engine.quarters_like(at_ms);
        like.retain(|quarter| quarter.from_ms() >= self.known_since_ms);
        if like.is_empty() {
            return None;
        }
        let counts = self.counts(&like);
        let contacts = counts.get(Field::Offered) as f64 / like.len() as f64;
        let aht_s = self.aht_s(&counts).or(self.usual_aht_s);
        let now_ms = self.engine.now_ms();
        let is_under_way = at_ms.div_euclid(QUARTER_MS) == now_ms.div_euclid(QUARTER_MS);
        let backlog = if is_under_way { self.unanswered() } else { 0 };
        let agents = self.agents(contacts, aht_s, backlog);
        Some(Expected { contacts, aht_s, weeks: like.len(), agents })
    }

    /// Who waits for a reply now.
    fn unanswered(&self) -> u32 {
        match self.work {
            Work::Written => self.cells.iter().map(CellView::unanswered).sum(),
            Work::Calls | Work::Chats => 0,
        }
    }

    fn agents(&self, contacts: f64, aht_s: Option<f64>, backlog: u32) -> Option<u32> {
        if contacts <= 0.0 && backlog == 0 {
            return Some(0);
        }
        let (aht_s, threshold_s) = (aht_s?, self.threshold_ms() as f64 / 1000.0);
        let quarter_s = QUARTER_MS as f64 / 1000.0;
        match self.work {
            Work::Calls | Work::Chats => {
                let load = erlang::load(contacts, quarter_s, aht_s);
                let goal = self.rules.goal;
                let at_once = erlang::agents_for_service_level(load, aht_s, threshold_s, goal)?;
                Some(at_once.div_ceil(self.concurrency()))
            }
            Work::Written => {
                let meanwhile = contacts * threshold_s / quarter_s;
                let backlog = f64::from(backlog) + meanwhile;
                let per_hour = HOUR_S / aht_s;
                let concurrency = f64::from(self.concurrency());
                erlang::agents_for_backlog(backlog, per_hour, concurrency, threshold_s / HOUR_S)
            }
        }
    }

    /// Contacts within an hour from now, taken from its quarters in proportion; none until a like
    /// hour has begun to be known.
    pub fn next_hour(&self) -> Option<(f64, usize)> {
        let now_ms = self.engine.now_ms();
        let (mut contacts, mut weeks) = (0.0, 0);
        for quarter in 0..=4 {
            let from_ms = now_ms.div_euclid(QUARTER_MS) * QUARTER_MS + quarter * QUARTER_MS;
            let until_ms = (from_ms + QUARTER_MS).min(now_ms + 4 * QUARTER_MS);
            let part = (until_ms - from_ms.max(now_ms)) as f64 / QUARTER_MS as f64;
            if let Some(expected) = self.expected(from_ms).filter(|_| part > 0.0) {
                contacts += part * expected.contacts;
                weeks = weeks.max(expected.weeks);
            }
        }
        (weeks > 0).then_some((contacts, weeks))
    }

    /// Customers' written messages of a month, by the last week.
    pub fn messages_per_month(&self) -> u64 {
        let week = self.counts(&[self.last_week()]).get(Field::MessagesCustomer);
        (week.max(0) as f64 * DAYS_OF_MONTH / 7.0).round() as u64
    }
}

fn work_of(cell: &CellView<'_>) -> Work {
    let reply_ms = cell.rules().reply_threshold.as_millis();
    let is_live = reply_ms <= LIVE_REPLY_MS_MAX.unsigned_abs().into();
    match cell.selector().kind {
        _ if cell.has_voice() => Work::Calls,
        Some(Medium::Chat) => Work::Chats,
        _ if is_live => Work::Chats,
        _ => Work::Written,
    }
}

/// Agents who are there: neither logged off nor on a break. None when none is known at all.
pub fn present(engine: &Engine, selector: &Selector) -> Option<u32> {
    let agents = engine.agents(selector);
    let there =
        |status: &AgentStatus| !matches!(status, AgentStatus::Offline | AgentStatus::Paused);
    let count = agents.iter().filter(|(status, _)| there(status)).map(|(_, count)| count).sum();
    (!agents.is_empty()).then_some(count)
}

/// One quarter hour of all that a selector covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quarter {
    /// When it begins.
    pub from_ms: UnixMs,
    /// Contacts expected; none until a like quarter has passed.
    pub contacts: Option<f64>,
    /// Their mean handling time.
    pub aht_s: Option<f64>,
    /// Agents needed.
    pub agents: Option<u32>,
    /// Of so many weeks.
    pub weeks: usize,
}

/// Quarter hour by quarter hour, what a span will bring.
pub fn quarters(
    engine: &Engine,
    selector: &Selector,
    (from_ms, to_ms): (UnixMs, UnixMs),
) -> Vec<Quarter> {
    let groups = Group::all(engine, selector);
    let first_ms = from_ms.div_euclid(QUARTER_MS) * QUARTER_MS;
    let steps = (to_ms - first_ms).max(0).unsigned_abs().div_ceil(QUARTER_MS.unsigned_abs());
    (0..steps.min(QUARTERS_MAX))
        .map(|step| quarter(&groups, first_ms + QUARTER_MS * step.cast_signed()))
        .collect()
}

/// The longest span that is answered about: a day of 25 hours.
const QUARTERS_MAX: u64 = 4 * 25;

fn quarter(groups: &[Group<'_>], from_ms: UnixMs) -> Quarter {
    let expected: Vec<Expected> =
        groups.iter().filter_map(|group| group.expected(from_ms)).collect();
    let known = !expected.is_empty();
    Quarter {
        from_ms,
        contacts: known.then(|| expected.iter().map(|one| one.contacts).sum()),
        aht_s: mean_aht_s(&expected),
        agents: expected.iter().map(|one| one.agents).sum::<Option<u32>>().filter(|_| known),
        weeks: expected.iter().map(|one| one.weeks).max().unwrap_or_default(),
    }
}

/// Over all contacts that are expected.
pub(super) fn mean_aht_s(expected: &[Expected]) -> Option<f64> {
    let (mut contacts, mut work_s) = (0.0, 0.0);
    for one in expected {
        contacts += one.contacts;
        work_s += one.contacts * one.aht_s.unwrap_or_default();
    }
    (contacts > 0.0 && work_s > 0.0).then(|| work_s / contacts)
}
