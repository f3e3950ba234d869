//! A network on which people write: customers ask, in private or where everybody reads it; bots greet, other
//! customers help, people of ours answer, most matters are settled, some are rated, a few are overlooked.
//!
//! Pure model, the same for all [`networks`](super::networks); a network's own writer puts it in its words.

use std::collections::BTreeMap;

use crate::event::UnixMs;

use super::day::Day;
use super::draw::Draw;
use super::model::{Agenda, World};
use super::networks::{NETWORKS, Network, Notes, Step, Talk, Writer};
use super::people::{self, Customer};
use super::phrases;
use super::traffic::{Raw, Size};

/// Behind the agents of the phones, of Telegram and of the forms.
const AGENT_NAMES_FROM: usize = 400;
/// Names kept for the people of one network.
const AGENT_NAMES_EACH: usize = 20;
/// The most answers in one conversation.
const ANSWERS_MAX: u32 = 4;
/// What becomes of answered conversations.
const ASKS_AGAIN: f64 = 0.42;
const BOT_SETTLES: f64 = 0.3;
const PEER_SETTLES: f64 = 0.4;
const REOPENED: f64 = 0.05;
/// An overlooked conversation is found after 12 to 30 minutes, or never.
const FOUND_AFTER_MS: (i64, i64) = (12 * 60_000, 30 * 60_000);
const NEVER_FOUND: f64 = 0.2;

#[derive(Clone, Copy, Debug)]
enum Happening {
    Arrival,
    Bot(u64),
    /// Another customer helps; nobody else will.
    Helps(u64, bool),
    Answers(u64),
    Asks(u64),
    Settles(u64, bool),
    Reopens(u64),
    Rates(u64),
}

/// One network's conversations.
pub struct Written {
    network: &'static Network,
    agenda: Agenda<Happening>,
    draw: Draw,
    day: Day,
    size: Size,
    writer: Box<dyn Writer>,
    names_from: usize,
    talks: BTreeMap<u64, Talk>,
    opened: u64,
}

impl Written {
    /// Opens at `start_ms`.
    pub fn new(
        network: &'static Network,
        size: Size,
        seed: u64,
        day: Day,
        start_ms: UnixMs,
    ) -> Self {
        let place = NETWORKS.iter().position(|it| it.door == network.door).unwrap_or_default();
        let mut world = Self {
            network,
            agenda: Agenda::new(start_ms),
            draw: Draw::new(seed, network.door.name()),
            day,
            size,
            writer: (network.writer)(start_ms),
            names_from: AGENT_NAMES_FROM + place * AGENT_NAMES_EACH,
            talks: BTreeMap::new(),
            opened: 0,
        };
        world.plan_arrival();
        world
    }

    fn plan_arrival(&mut self) {
        let per_hour = self.network.habits.per_hour * self.size.rate;
        let at = self.day.next_arrival(&mut self.draw, self.agenda.now_ms(), per_hour);
        self.agenda.plan(at, Happening::Arrival);
    }

    fn plan_answer(&mut self, key: u64) {
        // Too few people for the work: everything takes longer.
        let load = self.size.rate / self.size.staff;
        let median = self.network.habits.reply_median_ms * load;
        let delay = self.draw.lognormal_ms(median, 0.7);
        self.agenda.plan_in(delay, Happening::Answers(key));
    }

    fn arrival(&mut self, out: &mut Vec<Raw>) {
        self.plan_arrival();
        let habits = &self.network.habits;
        let mut talk = self.talk();
        if self.draw.chance(habits.mentions) {
            let text = phrases::mention(&mut self.draw);
            return self.write(&mut talk, Step::Mentions(text), out);
        }
        let is_overlooked = self.draw.chance(habits.overlooked);
        let is_found = !is_overlooked || !self.draw.chance(NEVER_FOUND);
        let is_helped = talk.public && self.draw.chance(habits.peers);
        let text = if talk.public {
            phrases::in_public(&mut self.draw)
        } else {
            people::question(&mut self.draw)
        };
        let key = talk.number;
        let has_bot = talk.bot;
        self.write(&mut talk, Step::Opens(text), out);
        if !is_found && !is_helped && !has_bot {
            return;
        }
        self.talks.insert(key, talk);
        if is_helped {
            let delay = self.draw.lognormal_ms(150_000.0, 0.8);
            self.agenda.plan_in(delay, Happening::Helps(key, !is_found));
        }
        if has_bot {
            let delay = self.draw.between(800, 3_000);
            self.agenda.plan_in(delay, Happening::Bot(key));
        } else if is_overlooked && is_found {
            let found = self.draw.between(FOUND_AFTER_MS.0, FOUND_AFTER_MS.1);
            self.agenda.plan_in(found, Happening::Answers(key));
        } else if is_found {
            self.plan_answer(key);
        }
    }

    fn talk(&mut self) -> Talk {
        let habits = &self.network.habits;
        let number = self.opened;
        self.opened += 1;
        let agent = self.draw.between(0, habits.agents as i64 - 1) as usize;
        let public = self.draw.chance(habits.public);
        Talk {
            number,
            customer: Customer::any(&mut self.draw),
            agent,
            agent_name: people::agent_name(self.names_from + agent),
            public,
            bot: !public && self.draw.chance(habits.bot),
            answers: 0,
            notes: Notes { begun_ms: self.agenda.now_ms(), ..Notes::default() },
        }
    }

    /// Lets a step of a conversation happen. True when it was the last.
    fn ends_with(&mut self, talk: &mut Talk, happening: Happening, out: &mut Vec<Raw>) -> bool {
        let key = talk.number;
        match happening {
            Happening::Arrival => {}
            Happening::Bot(_) => return self.bot(talk, out),
            Happening::Helps(_, is_last) => {
                let helper = Customer::any(&mut self.draw);
                let text = phrases::help(&mut self.draw);
                self.write(talk, Step::Helps(helper, text), out);
                let is_enough = talk.answers == 0 && self.draw.chance(PEER_SETTLES);
                if self.network.habits.settles && is_enough {
                    self.write(talk, Step::Settles { by_bot: false }, out);
                    return true;
                }
                return is_last;
            }
            Happening::Answers(_) => {
                let text = people::reply(&mut self.draw);
                self.write(talk, Step::Answers(text), out);
                talk.answers += 1;
                if talk.answers < ANSWERS_MAX && self.draw.chance(ASKS_AGAIN) {
                    let delay = self.draw.lognormal_ms(90_000.0, 0.8);
                    self.agenda.plan_in(delay, Happening::Asks(key));
                } else if self.network.habits.settles {
                    let delay = self.draw.lognormal_ms(90_000.0, 0.7);
                    self.agenda.plan_in(delay, Happening::Settles(key, false));
                } else {
                    return !self.will_be_rated(talk);
                }
            }
            Happening::Asks(_) => {
                let text = people::follow_up(&mut self.draw);
                self.write(talk, Step::Asks(text), out);
                self.plan_answer(key);
            }
            Happening::Settles(_, by_bot) => {
                self.write(talk, Step::Settles { by_bot }, out);
                if self.draw.chance(REOPENED) {
                    let delay = self.draw.lognormal_ms(300_000.0, 0.6);
                    self.agenda.plan_in(delay, Happening::Reopens(key));
                } else {
                    return !self.will_be_rated(talk);
                }
            }
            Happening::Reopens(_) => {
                self.write(talk, Step::Reopens, out);
                self.plan_answer(key);
            }
            Happening::Rates(_) => {
                let stars = 1 + self.draw.weighted(&[5.0, 5.0, 10.0, 30.0, 50.0]);
                self.write(talk, Step::Rates(stars), out);
                return true;
            }
        }
        false
    }

    /// The bot greets, and settles it or hands over to people.
    fn bot(&mut self, talk: &mut Talk, out: &mut Vec<Raw>) -> bool {
        let settles = self.draw.chance(BOT_SETTLES);
        let text = if settles { phrases::bot_solves } else { phrases::greeting }(&mut self.draw);
        self.write(talk, Step::BotAnswers(text), out);
        if !settles {
            self.write(talk, Step::HandsOver, out);
            self.plan_answer(talk.number);
            return false;
        }
        if self.network.habits.settles {
            let delay = self.draw.lognormal_ms(60_000.0, 0.5);
            self.agenda.plan_in(delay, Happening::Settles(talk.number, true));
            return false;
        }
        // The network cannot tell that the bot was enough; people look at it all the same.
        self.plan_answer(talk.number);
        false
    }

    fn will_be_rated(&mut self, talk: &Talk) -> bool {
        let rates = !talk.public && self.draw.chance(self.network.habits.rated);
        if rates {
            let delay = self.draw.lognormal_ms(90_000.0, 0.7);
            self.agenda.plan_in(delay, Happening::Rates(talk.number));
        }
        rates
    }

    fn write(&mut self, talk: &mut Talk, step: Step, out: &mut Vec<Raw>) {
        let (at_ms, door) = (self.agenda.now_ms(), self.network.door);
        out.extend(self.writer.write(at_ms, talk, step).into_iter().map(|post| Raw {
            at_ms,
            door,
            lane: talk.number,
            headers: post.headers,
            bytes: post.body.to_string().into_bytes(),
        }));
    }
}

impl World for Written {
    fn next_at(&self) -> UnixMs {
        self.agenda.next_at().unwrap_or(UnixMs::MAX)
    }

    fn step(&mut self, out: &mut Vec<Raw>) {
        let Some(happening) = self.agenda.take() else { return };
        let key = match happening {
            Happening::Arrival => return self.arrival(out),
            Happening::Settles(key, _) | Happening::Helps(key, _) => key,
            Happening::Bot(key)
            | Happening::Answers(key)
            | Happening::Asks(key)
            | Happening::Reopens(key)
            | Happening::Rates(key) => key,
        };
        // Settled by another customer before it was answered: nothing more happens to it.
        let Some(mut talk) = self.talks.remove(&key) else { return };
        if !self.ends_with(&mut talk, happening, out) {
            self.talks.insert(key, talk);
        }
    }
}
