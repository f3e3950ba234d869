//! Draws written threads: what customers, agents, bots and networks do in them.

use tablica::event::{
    Abandoned, Author, CustomerKey, Direction, Event, Kind, Left, LeftReason, Medium, Message,
    Opened, Prioritized, Priority, Removed, UnixMs,
};

use super::dice::Dice;
use super::draw::{Plan, Quirk, Quirks, mood};
use super::pen::{Pen, opening};
use super::world::{HOUR, MINUTE, SECOND, tells};

const AGENTS: [&str; 3] = ["ann", "eve", "fay"];
const TOPICS: [&str; 2] = ["refund", "login"];

/// A thread in the making.
struct Talk<'a> {
    pen: &'a mut Pen,
    dice: Dice,
    quirks: Quirks,
    channel: &'static str,
    medium: Medium,
    public: bool,
    at_ms: UnixMs,
    /// The contact is settled, given up or taken away.
    is_over: bool,
    is_replied: bool,
    /// The thread's end was such that nothing can follow.
    is_closed: bool,
    agent: &'static str,
}

pub(super) fn conversation(pen: &mut Pen, channel: &'static str, plan: &Plan, quirks: Quirks) {
    let mut talk = talk(pen, channel, plan, quirks);
    talk.begin();
    for _ in 0..2 + talk.dice.below(12) {
        talk.step();
    }
}

/// A thread of so many facts, within hours.
pub(super) fn long_conversation(
    pen: &mut Pen,
    channel: &'static str,
    plan: &Plan,
    quirks: Quirks,
    facts: usize,
) {
    let before = pen.events.len();
    let mut talk = talk(pen, channel, plan, quirks);
    talk.ask();
    for _ in 0..3 * facts {
        if talk.pen.events.len() >= before + facts {
            break;
        }
        let at_ms = talk.at_ms;
        talk.step();
        talk.is_closed = false;
        // Fewer long pauses than usual: all of it is to be within a day.
        talk.at_ms = talk.at_ms.min(at_ms + 10 * MINUTE);
    }
}

fn talk<'a>(pen: &'a mut Pen, channel: &'static str, plan: &Plan, quirks: Quirks) -> Talk<'a> {
    let mut dice = Dice::new(plan.bytes.clone());
    let (medium, queues): (_, &[Option<&str>]) = match channel {
        "web" => (Medium::Chat, &[Some("sales"), Some("care")]),
        "desk" => (dice.one(&[Medium::Ticket, Medium::Mail]), &[Some("care"), Some("back"), None]),
        "fb" => (dice.one(&[Medium::Comment, Medium::Message]), &[Some("care")]),
        _ => (Medium::Message, &[None]),
    };
    pen.thread(channel, &format!("t{}", plan.number), dice.one(queues));
    if dice.chance(70) {
        let keys = [format!("k{}", dice.below(7)), format!("{channel}{}", dice.below(9))];
        pen.customer = keys.into_iter().take(1 + dice.below(2)).map(CustomerKey).collect();
    }
    let agent = dice.one(&AGENTS);
    let public = medium == Medium::Comment;
    let at_ms = plan.start_ms;
    let (is_over, is_replied, is_closed) = (false, false, false);
    Talk {
        pen,
        dice,
        quirks,
        channel,
        medium,
        public,
        at_ms,
        is_over,
        is_replied,
        is_closed,
        agent,
    }
}

impl Talk<'_> {
    fn has(&mut self, quirk: Quirk, percent: usize) -> bool {
        self.quirks.has(quirk) && self.dice.chance(percent)
    }

    fn begin(&mut self) {
        if self.has(Quirk::Outbound, 20) {
            let opened = Opened {
                medium: self.medium,
                direction: Direction::Outbound,
                public: self.public,
                priority: None,
            };
            self.pen.opened(self.at_ms, opened, Some(self.agent));
            self.write(Author::Agent);
            self.is_closed = true;
            return;
        }
        if self.has(Quirk::Spam, 25) {
            let message = Message { spam: true, ..self.message(Author::Customer) };
            self.pen.wrote(self.at_ms, None, message);
            self.is_closed = true;
            return;
        }
        if self.dice.chance(40) {
            let priority = (self.quirks.has(Quirk::Priorities)).then_some(Priority::High);
            self.pen.opened(self.at_ms, opening(self.medium, self.public, priority), None);
        }
        self.ask();
    }

    fn message(&mut self, author: Author) -> Message {
        let (medium, public) = (self.medium, self.public);
        Message { medium, author, public, length: 20, ..Message::default() }
    }

    fn ask(&mut self) {
        let mut message = self.message(Author::Customer);
        message.sentiment = mood(&mut self.dice);
        if self.dice.chance(25) {
            message.topics = vec![self.dice.one(&TOPICS).to_owned()];
        }
        message.complaint = self.has(Quirk::Complaints, 25);
        self.pen.wrote(self.at_ms, None, message);
    }

    fn write(&mut self, author: Author) {
        let message = self.message(author);
        let agent = (author == Author::Agent).then_some(self.agent);
        self.pen.wrote(self.at_ms, agent, message);
    }

    /// Something happens after a while.
    fn step(&mut self) {
        self.at_ms += match self.dice.below(12) {
            0 => 0,
            1 => self.dice.length(1, SECOND),
            2..=4 => self.dice.length(SECOND, MINUTE),
            5..=8 => self.dice.length(MINUTE, 12 * MINUTE),
            9 | 10 => self.dice.length(10 * MINUTE, 50 * MINUTE),
            _ => self.dice.length(HOUR + MINUTE, 5 * HOUR),
        };
        if self.is_closed {
            return;
        }
        if self.is_over {
            return self.after_the_end();
        }
        match self.dice.below(20) {
            0..=3 => self.ask(),
            4..=9 => {
                self.write(Author::Agent);
                self.is_replied = true;
            }
            10 | 11 => self.write(Author::Bot),
            12 if self.has(Quirk::Peers, 80) => self.write(Author::Peer),
            12 if self.has(Quirk::Assignments, 100) => {
                self.agent = self.dice.one(&AGENTS);
                self.pen.answered(self.at_ms, self.agent, None);
            }
            13 if self.public && self.dice.chance(60) => self.whisper(),
            13 => self.note(),
            14 => self.aside(),
            15 if self.has(Quirk::Moves, 100) => self.move_on(),
            16 if self.channel == "web" && !self.is_replied && self.dice.chance(70) => {
                self.pen.tell(self.at_ms, Kind::Abandoned(Abandoned::default()));
                (self.is_over, self.is_closed) = (true, true);
            }
            16 if self.has(Quirk::Callbacks, 60) => self.leave(),
            16 if self.channel == "fb" && self.has(Quirk::Removed, 100) => self.remove(),
            17..=19 if tells(self.channel).resolved => self.resolve(),
            _ => self.aside(),
        }
    }

    fn resolve(&mut self) {
        use Author::{Agent, Bot, Customer, System};
        let by = if self.is_replied {
            self.dice.one(&[Agent, Agent, Agent, Customer])
        } else {
            self.dice.one(&[Bot, Bot, Agent, Customer, System])
        };
        let agent = (by == Agent).then_some(self.agent);
        self.pen.resolved(self.at_ms, agent, by);
        self.is_over = true;
    }

    /// Settled: asked for a rating, opened again in one way or another, or a new matter.
    fn after_the_end(&mut self) {
        match self.dice.below(6) {
            0 | 1 => {
                self.pen.tell(self.at_ms, Kind::RatingRequested);
                if self.dice.chance(70) {
                    let at_ms = self.at_ms + self.dice.length(SECOND, 10 * MINUTE);
                    self.rate(at_ms);
                }
                self.is_closed = self.dice.chance(40);
            }
            2 | 3 if self.has(Quirk::Reopenings, 100) => {
                let apart_ms = self.dice.one(&[0, 0, SECOND, 20 * SECOND]);
                match self.dice.below(5) {
                    0 | 1 => {
                        self.pen.tell(self.at_ms, Kind::Reopened);
                        self.at_ms += apart_ms;
                        self.ask();
                    }
                    2 | 3 => {
                        self.ask();
                        self.at_ms += apart_ms;
                        self.pen.tell(self.at_ms, Kind::Reopened);
                    }
                    _ => self.pen.tell(self.at_ms, Kind::Reopened),
                }
                self.is_over = false;
            }
            4 => {
                // Minutes later, so that no `reopened` can be meant by it.
                self.at_ms += 3 * MINUTE;
                self.ask();
                (self.is_over, self.is_replied) = (false, false);
                self.at_ms += 2 * MINUTE;
            }
            _ => {}
        }
    }

    fn rate(&mut self, at_ms: UnixMs) {
        let (scale, score) = match self.dice.below(3) {
            0 => (5, 1 + self.dice.below(5)),
            _ => (10, self.dice.below(11)),
        };
        let dimension = self.dice.one(&["overall", "overall", "overall", "clear"]);
        self.pen.rated(at_ms, dimension, score as u32, scale);
        if self.has(Quirk::Ratings, 50) {
            let at_ms = at_ms + self.dice.length(SECOND, 20 * MINUTE);
            self.pen.rated(at_ms, dimension, 1 + self.dice.below(5) as u32, 5);
        }
    }

    /// To a public question, in private: no answer that the others could read.
    fn whisper(&mut self) {
        let message = Message { public: false, ..self.message(Author::Agent) };
        self.pen.wrote(self.at_ms, Some(self.agent), message);
    }

    fn note(&mut self) {
        if !self.has(Quirk::Notes, 100) {
            return;
        }
        let note = Message { note: true, public: false, ..self.message(Author::Agent) };
        self.pen.wrote(self.at_ms, Some(self.agent), note);
    }

    fn aside(&mut self) {
        match self.dice.below(4) {
            0 if self.has(Quirk::Topics, 100) => {
                let topic = self.dice.one(&TOPICS).to_owned();
                self.pen.tell(self.at_ms, Kind::Tagged(vec![topic]));
            }
            1 if self.has(Quirk::Priorities, 100) => {
                let priority = self.dice.one(&Priority::ALL);
                self.pen.tell(self.at_ms, Kind::Prioritized(Prioritized { priority }));
            }
            2 if self.has(Quirk::Spam, 60) => {
                let message = Message { spam: true, ..self.message(Author::Customer) };
                self.pen.wrote(self.at_ms, None, message);
            }
            3 if self.channel == "tg" => {
                self.pen.tell(self.at_ms, Kind::RatingRequested);
                let at_ms = self.at_ms + SECOND;
                self.rate(at_ms);
            }
            _ => {}
        }
    }

    /// To another team, told as such.
    fn move_on(&mut self) {
        let to = match self.pen.queue.as_deref() {
            Some("care") => "back",
            _ => "care",
        };
        // Apart from what else happens: whose queue a reply of the same second is of, nobody knows.
        self.at_ms += SECOND;
        self.pen.transferred(self.at_ms, None, Some(to));
        self.pen.queue = Some(to.to_owned());
        self.at_ms += SECOND;
    }

    /// Asks to be called back, or blocks us.
    fn leave(&mut self) {
        let reason = if self.is_replied { LeftReason::Blocked } else { LeftReason::Callback };
        self.pen.tell(self.at_ms, Kind::Left(Left { reason }));
        (self.is_over, self.is_closed) = (true, true);
    }

    /// It is one of the messages that the customer has written, answered or not.
    fn name_taken_back(&mut self) {
        let is_question = |event: &&Event| {
            event.interaction == self.pen.thread
                && matches!(&event.kind, Kind::Message(it) if it.author == Author::Customer)
        };
        let questions: Vec<String> =
            self.pen.events.iter().filter(is_question).map(|event| event.id.clone()).collect();
        let place = self.dice.below(questions.len().max(1));
        if let Some(event) = self.pen.events.last_mut() {
            event.refers = questions.get(place).cloned();
        }
    }

    fn remove(&mut self) {
        use Author::{Agent, Bot, Customer};
        let by = self.dice.one(&[Agent, Bot, Customer]);
        let agent = (by == Agent).then_some(self.agent);
        self.pen.by(self.at_ms, agent, Kind::Removed(Removed { by }));
        if by == Customer && self.dice.chance(50) {
            self.name_taken_back();
            return;
        }
        // Who took their own post away has nothing more to say.
        (self.is_over, self.is_closed) = (by == Customer, by == Customer);
    }
}
