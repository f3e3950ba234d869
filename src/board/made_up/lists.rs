//! The made-up contact center's lists: who waits, what breaks next, who is at work.

use super::counts::counts;
use super::figures::{MINUTE_MS, MadeUp};
use super::numbers::State;
use crate::board::figures::{Figures, Site};
use crate::board::lists::{Breaking, Colleague, Lists, Missed, Person, Waiting};
use crate::engine::Deadline;
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::kpi::compared::Compared;
use crate::kpi::forecast::Quarter;
use crate::kpi::value::Figure;
use crate::kpi::{self, Earlier, Kpi, Past};
use crate::scope::{Selector, Window};

/// Marks of contacts: nobody's.
const MARKS: [&str; 8] = ["K7QD", "M2WX", "B9TP", "H4RZ", "V6NC", "D3LF", "Y8GA", "P5JS"];
/// Names that nobody here has.
const PEOPLE: [&str; 6] = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Tony"];
/// Each next one waits so much less, in percent of the one before.
const FALLS_PERCENT: Millis = 82;
/// What a number is at other times, in percent of now: the same day a week before, the day before.
const THEN: [f64; 2] = [0.93, 1.06];

impl MadeUp {
    fn counted(&self, id: &str, selector: &Selector) -> Option<f64> {
        let value = self.value(kpi::find(id)?, selector, Window::Now, self.now_ms);
        match value.figure {
            Figure::Number(number) => Some(number),
            _ => None,
        }
    }

    fn count(&self, id: &str, selector: &Selector) -> usize {
        // A count of a few dozens: `as` loses nothing.
        self.counted(id, selector).unwrap_or_default() as usize
    }

    /// What a row is of: what is selected, else one after the other.
    fn of<'a>(
        selected: &Option<String>,
        names: impl Iterator<Item = &'a String> + Clone,
        place: usize,
    ) -> String {
        selected.clone().unwrap_or_else(|| MadeUp::nth(names, place))
    }

    fn nth<'a>(names: impl Iterator<Item = &'a String> + Clone, place: usize) -> String {
        let count = names.clone().count().max(1);
        names.clone().nth(place % count).cloned().unwrap_or_default()
    }
}

/// What the person of that number is called.
pub(super) fn person(place: usize) -> String {
    format!("{} {}", PEOPLE[place % PEOPLE.len()], place / PEOPLE.len() + 1)
}

fn deadline(now_ms: UnixMs, left_ms: Millis) -> Deadline {
    let due_ms = now_ms + left_ms;
    Deadline { due_ms, left_ms, is_at_risk: left_ms < 3 * MINUTE_MS, is_paused: false }
}

impl Lists for MadeUp {
    fn waiting(
        &self,
        selector: &Selector,
        _in_writing: Option<bool>,
        max: usize,
    ) -> (Vec<Waiting>, usize) {
        let all = self.count("waiting", selector);
        // `as` saturates, and a wait of hours is far below that.
        let mut wait_ms =
            (self.counted("longest_wait_now", selector).unwrap_or(0.0) * 1000.0) as Millis;
        let promised_ms = if self.state == State::Red { 15 * MINUTE_MS } else { 6 * MINUTE_MS };
        let rows = (0..all.min(max)).map(|place| {
            let waited_ms = wait_ms;
            wait_ms = wait_ms * FALLS_PERCENT / 100;
            Waiting {
                mark: MARKS[place % MARKS.len()].to_owned(),
                channel: MadeUp::of(&selector.channel, self.channels.iter(), place),
                queue: MadeUp::of(&selector.queue, self.queues.iter(), place),
                since_ms: self.now_ms - waited_ms,
                deadline: deadline(self.now_ms, promised_ms - waited_ms),
            }
        });
        (rows.collect(), all)
    }

    fn breaking(&self, selector: &Selector, max: usize) -> Vec<Breaking> {
        let all = self.count("sla_running", selector).min(max);
        let first_ms =
            (self.counted("sla_next_breach", selector).unwrap_or(0.0) * 1000.0) as Millis;
        let rows = (0..all).zip(0..).map(|(place, later)| Breaking {
            policy: MadeUp::of(&selector.policy, self.policies.iter(), place),
            channel: MadeUp::of(&selector.channel, self.channels.iter(), place),
            queue: MadeUp::of(&selector.queue, self.queues.iter(), place),
            deadline: deadline(self.now_ms, first_ms + later * 4 * MINUTE_MS / 3),
            count: 1,
        });
        rows.collect()
    }

    fn missed(&self, selector: &Selector) -> Vec<Missed> {
        let count = self.count("sla_breached", selector);
        let missed = Missed {
            policy: MadeUp::of(&selector.policy, self.policies.iter(), 0),
            queue: MadeUp::of(&selector.queue, self.queues.iter(), 0),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        };
        if count > 0 { vec![missed] } else { Vec::new() }
    }

    fn people(&self, selector: &Selector, states: &[AgentStatus], _site: &Site) -> Vec<Person> {
        let at_work = [
            (AgentStatus::Available, "agents_available"),
            (AgentStatus::Ringing, "agents_ringing"),
            (AgentStatus::Talking, "agents_talking"),
            (AgentStatus::Hold, "agents_hold"),
            (AgentStatus::AfterWork, "agents_after_work"),
            (AgentStatus::Paused, "agents_paused"),
            (AgentStatus::Offline, "agents_offline"),
        ];
        let asked = at_work.into_iter().filter(|(status, _)| states.contains(status));
        let each =
            asked.flat_map(|(status, kpi)| std::iter::repeat_n(status, self.count(kpi, selector)));
        let people = each.zip(0..).map(|(status, place): (AgentStatus, usize)| Person {
            title: person(place),
            status,
            since_ms: self.now_ms - (place as Millis % 7 + 1) * MINUTE_MS * 3 / 2,
            reason: None,
        });
        people.collect()
    }

    fn colleagues(&self, _site: &Site) -> Vec<Colleague> {
        let colleague = |name: &String| Colleague {
            name: name.clone(),
            title: name.clone(),
            teams: Vec::new(),
        };
        self.agents.iter().map(colleague).collect()
    }

    fn present(&self, selector: &Selector) -> Option<u32> {
        let at_work = ["available", "ringing", "talking", "hold", "after_work"];
        let count = |status| self.count(&format!("agents_{status}"), selector);
        u32::try_from(at_work.into_iter().map(count).sum::<usize>()).ok()
    }

    fn staffing(&self, selector: &Selector, (from_ms, to_ms): (UnixMs, UnixMs)) -> Vec<Quarter> {
        let needed = self.counted("agents_required", selector).unwrap_or_default();
        let quarters = (0..).map(|at| from_ms + at * 15 * MINUTE_MS);
        let quarters = quarters.take_while(|begins_ms| *begins_ms < to_ms).zip(0..);
        let quarter = |(from_ms, at): (UnixMs, i32)| {
            // A peak in an hour and a half, and less towards the evening.
            let share = 1.12 - 0.12 * ((f64::from(at) - 6.0) / 6.0).powi(2);
            let agents = (needed * share.max(0.2)).round() as u32;
            let agents = if at == 0 { needed as u32 } else { agents };
            Quarter { from_ms, contacts: None, aht_s: None, agents: Some(agents), weeks: 5 }
        };
        quarters.map(quarter).collect()
    }

    fn compared(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        _window: Window,
        by: Earlier,
    ) -> Option<Compared> {
        let now = self.counted(kpi.id, selector)?;
        let then = now * THEN[usize::from(by == Earlier::Yesterday)];
        Some(Compared { now, then })
    }

    fn quarter(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        from_ms: UnixMs,
        by: Earlier,
    ) -> Option<f64> {
        let now = self.counted(kpi.id, selector)?;
        let wave = (from_ms.div_euclid(15 * MINUTE_MS) % 7) as f64 * 0.04;
        let then = now * (THEN[usize::from(by == Earlier::Yesterday)] + wave - 0.12);
        Some(match kpi.unit {
            // A count is over the hour.
            kpi::value::Unit::Count => then / 4.0,
            kpi::value::Unit::Ratio => then.min(1.0),
            _ => then,
        })
    }

    fn hour(&self, kpi: &'static Kpi, selector: &Selector, from_ms: UnixMs) -> Option<Past> {
        let hour = from_ms.div_euclid(60 * MINUTE_MS).rem_euclid(24) as f64;
        // Little before eight and after eight in the evening, most about noon.
        let share = (1.0 - ((hour - 13.0) / 7.0).powi(2)).max(0.0);
        if share <= 0.0 {
            return None;
        }
        let number = self.counted(kpi.id, selector)?;
        let number = match kpi.unit {
            kpi::value::Unit::Count => (number * share).round(),
            _ => number,
        };
        let counts = counts(kpi, Some(number));
        Some(Past { figure: Figure::Number(number), sentence: String::new(), counts })
    }
}
