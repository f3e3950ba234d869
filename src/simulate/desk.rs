//! The help desk behind the company's own site: forms that are answered, settled and rated.
//!
//! Pure model; [`webform`](super::webform) puts what happens in the site's own JSON.

use std::collections::BTreeMap;

use crate::event::UnixMs;

use super::day::Day;
use super::draw::Draw;
use super::model::{Agenda, World};
use super::people::{self, Customer};
use super::traffic::{Raw, Size};
use super::webform::{Step, Ticket, WebForm};

/// Forms per peak hour at size 1.
const FORMS_PER_HOUR: f64 = 60.0;
/// Time to the first answer when the desk is staffed for the size.
const ANSWER_MEDIAN_MS: f64 = 5.0 * 60_000.0;
const AGENTS: usize = 6;

#[derive(Clone, Copy, Debug)]
enum Happening {
    Arrival,
    Answers(u64),
    Asks(u64),
    Settles(u64),
    Reopens(u64),
    Rates(u64),
}

/// The help desk.
pub struct Desk {
    agenda: Agenda<Happening>,
    draw: Draw,
    day: Day,
    size: Size,
    form: WebForm,
    tickets: BTreeMap<u64, Ticket>,
    opened: u64,
}

impl Desk {
    /// Opens at `start_ms`.
    pub fn new(size: Size, seed: u64, day: Day, start_ms: UnixMs) -> Self {
        let mut desk = Self {
            agenda: Agenda::new(start_ms),
            draw: Draw::new(seed, "desk"),
            day,
            size,
            form: WebForm::new(start_ms),
            tickets: BTreeMap::new(),
            opened: 0,
        };
        desk.plan_arrival();
        desk
    }

    fn plan_arrival(&mut self) {
        let per_hour = FORMS_PER_HOUR * self.size.rate;
        let at = self.day.next_arrival(&mut self.draw, self.agenda.now_ms(), per_hour);
        self.agenda.plan(at, Happening::Arrival);
    }

    fn plan_answer(&mut self, key: u64) {
        // Too few people for the work: everything takes longer.
        let load = self.size.rate / self.size.staff;
        let delay = self.draw.lognormal_ms(ANSWER_MEDIAN_MS * load, 0.7);
        self.agenda.plan_in(delay, Happening::Answers(key));
    }

    fn arrival(&mut self, out: &mut Vec<Raw>) {
        self.plan_arrival();
        let key = self.opened;
        self.opened += 1;
        let ticket = Ticket {
            number: key,
            customer: Customer::any(&mut self.draw),
            team: ["sales", "support", "billing"][self.draw.weighted(&[0.2, 0.4, 0.4])],
            // Behind the agents of phones and messenger.
            agent: people::agent_name(300 + self.draw.between(0, AGENTS as i64 - 1) as usize),
        };
        let text = people::question(&mut self.draw);
        self.form.write(self.agenda.now_ms(), &ticket, Step::Submitted(text), out);
        // A few are seen by nobody.
        if !self.draw.chance(0.01) {
            self.tickets.insert(key, ticket);
            self.plan_answer(key);
        }
    }

    fn step_of(&mut self, happening: Happening) -> Option<(u64, Step)> {
        Some(match happening {
            Happening::Arrival => return None,
            Happening::Answers(key) => {
                let next = if self.draw.chance(0.25) {
                    Happening::Asks(key)
                } else {
                    Happening::Settles(key)
                };
                let delay = self.draw.lognormal_ms(240_000.0, 0.6);
                self.agenda.plan_in(delay, next);
                (key, Step::Answered(people::reply(&mut self.draw)))
            }
            Happening::Asks(key) => {
                self.plan_answer(key);
                (key, Step::AskedAgain(people::follow_up(&mut self.draw)))
            }
            Happening::Settles(key) => {
                let next = self.draw.weighted(&[0.35, 0.05, 0.60]);
                let delay = self.draw.lognormal_ms(180_000.0, 0.7);
                match next {
                    0 => self.agenda.plan_in(delay, Happening::Rates(key)),
                    1 => self.agenda.plan_in(delay, Happening::Reopens(key)),
                    _ => {}
                }
                (key, Step::Settled { last: next == 2 })
            }
            Happening::Reopens(key) => {
                self.plan_answer(key);
                (key, Step::Reopened)
            }
            Happening::Rates(key) => {
                (key, Step::Rated(1 + self.draw.weighted(&[4.0, 4.0, 10.0, 30.0, 52.0])))
            }
        })
    }
}

impl World for Desk {
    fn next_at(&self) -> UnixMs {
        self.agenda.next_at().unwrap_or(UnixMs::MAX)
    }

    fn step(&mut self, out: &mut Vec<Raw>) {
        let Some(happening) = self.agenda.take() else { return };
        let Some((key, step)) = self.step_of(happening) else { return self.arrival(out) };
        let Some(ticket) = self.tickets.get(&key) else { return };
        self.form.write(self.agenda.now_ms(), ticket, step, out);
        if matches!(step, Step::Rated(_) | Step::Settled { last: true }) {
            self.tickets.remove(&key);
        }
    }
}
