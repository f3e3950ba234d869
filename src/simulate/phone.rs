//! The phones: calls that queue by priority, ring, are answered, handed on or given up.
//!
//! Pure model; [`queuelog`](super::queuelog) puts what happens in Asterisk's words.

use std::collections::{BTreeMap, VecDeque};

use crate::event::UnixMs;

use super::day::Day;
use super::draw::Draw;
use super::model::{Agenda, World};
use super::people::Customer;
use super::queuelog::QueueLog;
use super::staff::{AfterCall, Agent, BREAKS, Doing, QUEUES, hire};
use super::traffic::{Raw, Size};

/// Calls per peak hour at size 1, and how they spread over [`QUEUES`].
const CALLS_PER_HOUR: f64 = 180.0;
const QUEUE_SHARES: [f64; 3] = [0.35, 0.45, 0.20];
/// Agents employed at size 1; three quarters of them work in the morning.
const AGENTS: f64 = 24.0;
/// The dialplan sends callers on after this long.
const QUEUE_TIMEOUT_MS: i64 = 240_000;
const PATIENCE_MEAN_MS: f64 = 170_000.0;
const TALK_MEDIAN_MS: [f64; 3] = [170_000.0, 210_000.0, 140_000.0];
/// Asterisk's `wrapuptime`: the same after each call.
const WRAP_UP_MS: i64 = 18_000;
const RING_MEDIAN_MS: f64 = 4_500.0;
const RING_TIMEOUT_MS: i64 = 15_000;
const WORK_BETWEEN_BREAKS_MS: f64 = 75.0 * 60_000.0;

/// How often a call had been sent on when it entered the queue: timers of one stay mean nothing
/// in the next.
type Stay = u32;

/// What can happen on the phones.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Arrival,
    GivesUp(u64, Stay),
    TimesOut(u64, Stay),
    PressesKey(u64, Stay),
    PicksUp(u64, usize, i64),
    LetsRing(u64, usize),
    TalkEnds(u64),
    WrapUpEnds(usize),
    ShiftBegins(usize),
    ShiftEnds(usize),
    BreakDue(usize),
    BreakEnds(usize),
}

/// A call that is waiting or talking.
#[derive(Clone, Debug)]
pub struct Call {
    /// Asterisk's unique id.
    pub id: String,
    /// Index into [`QUEUES`].
    pub queue: usize,
    /// Caller's number.
    pub caller: String,
    /// When it entered this queue.
    pub entered_ms: UnixMs,
    /// Its place when it entered.
    pub entered_position: usize,
    /// When it was answered.
    pub answered_ms: Option<UnixMs>,
    /// How often it has been sent on.
    pub(super) stay: Stay,
}

/// The phones of the center.
pub struct Phone {
    agenda: Agenda<Happening>,
    draw: Draw,
    day: Day,
    per_hour: f64,
    log: QueueLog,
    agents: Vec<Agent>,
    calls: BTreeMap<u64, Call>,
    waiting: [VecDeque<u64>; QUEUES.len()],
    calls_made: u64,
}

impl Phone {
    /// Opens the center at `start_ms`: the log says that Asterisk started and who is there.
    pub fn new(size: Size, seed: u64, day: Day, start_ms: UnixMs, out: &mut Vec<Raw>) -> Self {
        let mut phone = Self {
            agenda: Agenda::new(start_ms),
            draw: Draw::new(seed, "phone"),
            day,
            per_hour: CALLS_PER_HOUR * size.rate,
            log: QueueLog::default(),
            agents: hire((AGENTS * size.staff).ceil() as usize),
            calls: BTreeMap::new(),
            waiting: Default::default(),
            calls_made: 0,
        };
        phone.log.started(start_ms, out);
        for agent in 0..phone.agents.len() {
            let (begin, end) = phone.agents[agent].shift;
            phone
                .agenda
                .plan(day.next_minute_of_day(start_ms, begin), Happening::ShiftBegins(agent));
            phone.agenda.plan(day.next_minute_of_day(start_ms, end), Happening::ShiftEnds(agent));
            if phone.agents[agent].on_shift(&day, start_ms) {
                phone.log_in(agent, out);
            }
        }
        phone.plan_arrival();
        phone
    }

    fn plan_arrival(&mut self) {
        let at = self.day.next_arrival(&mut self.draw, self.agenda.now_ms(), self.per_hour);
        self.agenda.plan(at, Happening::Arrival);
    }

    fn arrival(&mut self, out: &mut Vec<Raw>) {
        self.plan_arrival();
        let now = self.agenda.now_ms();
        let key = self.calls_made;
        self.calls_made += 1;
        let call = Call {
            id: format!("{}.{}", now / 1000, 1000 + key * 2),
            queue: self.draw.weighted(&QUEUE_SHARES),
            caller: Customer::any(&mut self.draw).phone(),
            entered_ms: now,
            entered_position: 0,
            answered_ms: None,
            stay: 0,
        };
        self.log.dialled(now, &call, out);
        self.calls.insert(key, call);
        self.enter(key, out);
    }

    /// The call joins the end of its queue.
    fn enter(&mut self, key: u64, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        let Some(call) = self.calls.get_mut(&key) else { return };
        let line = &mut self.waiting[call.queue];
        line.push_back(key);
        call.entered_ms = now;
        call.entered_position = line.len();
        call.answered_ms = None;
        self.log.entered(now, call, out);
        let stay = call.stay;
        let patience = if self.draw.chance(0.03) {
            self.draw.between(800, 4_500) // wrong number
        } else {
            self.draw.exponential_ms(PATIENCE_MEAN_MS)
        };
        self.agenda.plan_in(patience, Happening::GivesUp(key, stay));
        self.agenda.plan_in(QUEUE_TIMEOUT_MS, Happening::TimesOut(key, stay));
        if self.draw.chance(0.02) {
            let hesitation = self.draw.between(15_000, 90_000);
            self.agenda.plan_in(hesitation, Happening::PressesKey(key, stay));
        }
        self.match_up();
    }

    /// Rings at idle agents: the most urgent queue first, in it the longest waiting call, and
    /// the agent who has been idle longest.
    fn match_up(&mut self) {
        for queue in 0..QUEUES.len() {
            for place in 0..self.waiting[queue].len() {
                let key = self.waiting[queue][place];
                if self.agents.iter().any(|agent| agent.doing == Doing::Ringing(key)) {
                    continue;
                }
                let longest_idle = self
                    .agents
                    .iter()
                    .enumerate()
                    .filter(|(_, agent)| agent.serves(queue))
                    .min_by_key(|(number, agent)| match agent.doing {
                        Doing::Idle(since) => (since, *number),
                        _ => (UnixMs::MAX, *number),
                    });
                let Some((agent, _)) = longest_idle else { break };
                self.agents[agent].doing = Doing::Ringing(key);
                let ring = self.draw.lognormal_ms(RING_MEDIAN_MS, 0.5);
                if ring >= RING_TIMEOUT_MS || self.draw.chance(0.03) {
                    self.agenda.plan_in(RING_TIMEOUT_MS, Happening::LetsRing(key, agent));
                } else {
                    self.agenda.plan_in(ring, Happening::PicksUp(key, agent, ring));
                }
            }
        }
    }

    /// Takes the call out of its line; its place there, counted from 1, if it still waited.
    fn leave_line(&mut self, key: u64) -> Option<usize> {
        let call = self.calls.get(&key)?;
        let line = &mut self.waiting[call.queue];
        let place = line.iter().position(|waiting| *waiting == key)?;
        line.remove(place);
        Some(place + 1)
    }

    /// A caller stops waiting. `log` writes why; a phone that rang for it falls silent.
    fn stop_waiting(
        &mut self,
        (key, stay): (u64, Stay),
        out: &mut Vec<Raw>,
        log: fn(&mut QueueLog, UnixMs, &Call, usize, &mut Vec<Raw>),
    ) {
        let now = self.agenda.now_ms();
        let due = self.calls.get(&key).is_some_and(|call| call.stay == stay);
        let Some(position) = due.then(|| self.leave_line(key)).flatten() else { return };
        if let Some(call) = self.calls.remove(&key) {
            log(&mut self.log, now, &call, position, out);
        }
        for agent in 0..self.agents.len() {
            if self.agents[agent].doing == Doing::Ringing(key) {
                self.free(agent, out);
            }
        }
        self.match_up();
    }

    fn picks_up(&mut self, key: u64, agent: usize, rang_ms: i64, out: &mut Vec<Raw>) {
        if self.agents[agent].doing != Doing::Ringing(key) || self.leave_line(key).is_none() {
            return;
        }
        let now = self.agenda.now_ms();
        let Some(call) = self.calls.get_mut(&key) else { return };
        call.answered_ms = Some(now);
        self.agents[agent].doing = Doing::Talking(key);
        self.log.connected(now, call, &self.agents[agent].name, rang_ms, out);
        let talk = self.draw.lognormal_ms(TALK_MEDIAN_MS[call.queue], 0.55);
        self.agenda.plan_in(talk, Happening::TalkEnds(key));
    }

    fn lets_ring(&mut self, key: u64, agent: usize, out: &mut Vec<Raw>) {
        if self.agents[agent].doing != Doing::Ringing(key) {
            return;
        }
        let now = self.agenda.now_ms();
        if let Some(call) = self.calls.get(&key) {
            self.log.rang_out(now, call, &self.agents[agent].name, RING_TIMEOUT_MS, out);
        }
        // Who lets it ring is away from the desk: the phone system often pauses them.
        if self.agents[agent].after_call.is_none() && self.draw.chance(0.4) {
            self.agents[agent].after_call = Some(AfterCall::Break(0));
        }
        self.free(agent, out);
        self.match_up();
    }

    fn talk_ends(&mut self, key: u64, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        let talking = |agent: &Agent| agent.doing == Doing::Talking(key);
        let Some(agent) = self.agents.iter().position(talking) else { return };
        self.agents[agent].doing = Doing::WrappingUp;
        self.agenda.plan_in(WRAP_UP_MS, Happening::WrapUpEnds(agent));

        let Some(mut call) = self.calls.remove(&key) else { return };
        let name = &self.agents[agent].name;
        if call.stay == 0 && self.draw.chance(0.06) {
            let next = (call.queue + 1 + self.draw.between(0, 1) as usize) % QUEUES.len();
            self.log.sent_on(now, &call, name, QUEUES[next], out);
            call.queue = next;
            call.stay += 1;
            self.calls.insert(key, call);
            self.enter(key, out);
        } else if self.draw.chance(0.02) {
            self.log.handed_over(now, &call, name, out);
        } else {
            let by_agent = self.draw.chance(0.35);
            self.log.completed(now, &call, name, by_agent, out);
        }
    }

    /// The agent's hands are free: home, a break, or the next call.
    fn free(&mut self, agent: usize, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        match self.agents[agent].after_call.take() {
            Some(AfterCall::GoHome) => self.log_out(agent, out),
            Some(AfterCall::Break(why)) => self.begin_break(agent, why, out),
            None => self.agents[agent].doing = Doing::Idle(now),
        }
    }

    fn begin_break(&mut self, agent: usize, why: usize, out: &mut Vec<Raw>) {
        let (reason, minutes) = BREAKS[why];
        self.agents[agent].doing = Doing::Paused;
        let length = self.draw.lognormal_ms(minutes * 60_000.0, 0.3);
        self.agenda.plan_in(length, Happening::BreakEnds(agent));
        self.log.paused(self.agenda.now_ms(), &self.agents[agent], reason, out);
    }

    fn log_in(&mut self, agent: usize, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        self.agents[agent].doing = Doing::Idle(now);
        self.log.logged_in(now, &self.agents[agent], out);
        let work = self.draw.exponential_ms(WORK_BETWEEN_BREAKS_MS);
        self.agenda.plan_in(work, Happening::BreakDue(agent));
    }

    fn log_out(&mut self, agent: usize, out: &mut Vec<Raw>) {
        self.agents[agent].doing = Doing::Off;
        self.log.logged_out(self.agenda.now_ms(), &self.agents[agent], out);
    }

    /// Something the agent does at once when idle, else after the call.
    fn when_free(&mut self, agent: usize, what: AfterCall, out: &mut Vec<Raw>) {
        match self.agents[agent].doing {
            Doing::Off => {}
            Doing::Paused if what != AfterCall::GoHome => {}
            Doing::Idle(_) => {
                self.agents[agent].after_call = Some(what);
                self.free(agent, out);
            }
            _ if self.agents[agent].after_call == Some(AfterCall::GoHome) => {}
            _ => self.agents[agent].after_call = Some(what),
        }
    }

    fn next_day(&mut self, minute: i64, happening: Happening) {
        let at = self.day.next_minute_of_day(self.agenda.now_ms(), minute);
        self.agenda.plan(at, happening);
    }
}

impl World for Phone {
    fn next_at(&self) -> UnixMs {
        self.agenda.next_at().unwrap_or(UnixMs::MAX)
    }

    fn step(&mut self, out: &mut Vec<Raw>) {
        let Some(happening) = self.agenda.take() else { return };
        match happening {
            Happening::Arrival => self.arrival(out),
            Happening::GivesUp(call, stay) => {
                self.stop_waiting((call, stay), out, QueueLog::abandoned)
            }
            Happening::TimesOut(call, stay) => {
                self.stop_waiting((call, stay), out, QueueLog::timed_out)
            }
            Happening::PressesKey(call, stay) => {
                self.stop_waiting((call, stay), out, QueueLog::pressed_key)
            }
            Happening::PicksUp(call, agent, rang_ms) => self.picks_up(call, agent, rang_ms, out),
            Happening::LetsRing(call, agent) => self.lets_ring(call, agent, out),
            Happening::TalkEnds(call) => self.talk_ends(call, out),
            Happening::WrapUpEnds(agent) => {
                self.free(agent, out);
                self.match_up();
            }
            Happening::ShiftBegins(agent) => {
                self.next_day(self.agents[agent].shift.0, happening);
                if self.agents[agent].doing == Doing::Off {
                    self.log_in(agent, out);
                    self.match_up();
                }
            }
            Happening::ShiftEnds(agent) => {
                self.next_day(self.agents[agent].shift.1, happening);
                self.when_free(agent, AfterCall::GoHome, out);
            }
            Happening::BreakDue(agent) => {
                let why = self.draw.weighted(&[5.0, 2.0, 1.0, 2.0]);
                self.when_free(agent, AfterCall::Break(why), out);
                let work = self.draw.exponential_ms(WORK_BETWEEN_BREAKS_MS);
                if self.agents[agent].doing != Doing::Off {
                    self.agenda.plan_in(work, Happening::BreakDue(agent));
                }
            }
            Happening::BreakEnds(agent) => {
                let now = self.agenda.now_ms();
                if self.agents[agent].doing == Doing::Paused {
                    self.log.unpaused(now, &self.agents[agent], out);
                    self.free(agent, out);
                    self.match_up();
                }
            }
        }
    }
}
