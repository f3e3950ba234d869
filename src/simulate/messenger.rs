//! The messenger: customers write to the company's business accounts, and the people behind
//! those accounts answer, one conversation at a time.
//!
//! Pure model; [`telegram`](super::telegram) puts what happens in the Bot API's words.

use std::collections::{BTreeMap, VecDeque};

use crate::event::UnixMs;

use super::day::Day;
use super::draw::Draw;
use super::model::{Agenda, World};
use super::people::{self, Customer};
use super::telegram::{Content, Telegram};
use super::traffic::{Raw, Size};

/// Conversations per peak hour at size 1.
const CONVERSATIONS_PER_HOUR: f64 = 110.0;
/// Business accounts that answer at size 1.
const ACCOUNTS: f64 = 4.0;
const REPLY_MEDIAN_MS: f64 = 42_000.0;
const COMES_BACK_MEDIAN_MS: f64 = 50_000.0;
/// An overlooked conversation is found after 12 to 30 minutes.
const FOUND_AFTER_MS: (i64, i64) = (12 * 60_000, 30 * 60_000);

#[derive(Clone, Copy, Debug)]
enum Happening {
    Arrival,
    /// The customer sends one more line; so many follow it.
    Writes(u64, u32),
    /// The customer corrects a message.
    Corrects(u64, i64),
    /// The account sends the answer it was typing.
    Answers(usize),
    /// Somebody comes across it after all.
    Found(u64),
    /// The customer presses a button under "how did we do?".
    Rates(u64),
}

struct Conversation {
    customer: Customer,
    account: usize,
    /// Nobody looks at it for a good while: it happens in every center.
    overlooked: bool,
    /// Answers so far.
    answers: u32,
}

#[derive(Default)]
struct Account {
    /// Conversations that wait for an answer of this account.
    inbox: VecDeque<u64>,
    answering: Option<u64>,
}

/// The messenger side of the center.
pub struct Messenger {
    agenda: Agenda<Happening>,
    draw: Draw,
    day: Day,
    per_hour: f64,
    telegram: Telegram,
    accounts: Vec<Account>,
    conversations: BTreeMap<u64, Conversation>,
    opened: u64,
}

impl Messenger {
    /// Begins at `start_ms`: each account tells the bot that it is connected.
    pub fn new(size: Size, seed: u64, day: Day, start_ms: UnixMs, out: &mut Vec<Raw>) -> Self {
        let count = (ACCOUNTS * size.staff).ceil() as usize;
        let mut messenger = Self {
            agenda: Agenda::new(start_ms),
            draw: Draw::new(seed, "messenger"),
            day,
            per_hour: CONVERSATIONS_PER_HOUR * size.rate,
            telegram: Telegram::new(start_ms),
            accounts: (0..count).map(|_| Account::default()).collect(),
            conversations: BTreeMap::new(),
            opened: 0,
        };
        for account in 0..count {
            messenger.telegram.account_connected(start_ms, account, out);
        }
        messenger.plan_arrival();
        messenger
    }

    fn plan_arrival(&mut self) {
        let at = self.day.next_arrival(&mut self.draw, self.agenda.now_ms(), self.per_hour);
        self.agenda.plan(at, Happening::Arrival);
    }

    fn arrival(&mut self, out: &mut Vec<Raw>) {
        self.plan_arrival();
        let customer = Customer::any(&mut self.draw);
        let account = self.draw.between(0, self.accounts.len() as i64 - 1) as usize;
        let overlooked = self.draw.chance(0.015);
        let key = self.opened;
        self.opened += 1;
        self.conversations.insert(key, Conversation { customer, account, overlooked, answers: 0 });
        // Many press Enter after each half sentence.
        let lines = self.draw.weighted(&[0.6, 0.25, 0.15]) as u32;
        self.writes(key, lines, out);
    }

    fn writes(&mut self, key: u64, more: u32, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        let Some(conversation) = self.conversations.get(&key) else { return };
        let content = match self.draw.weighted(&[86.0, 5.0, 5.0, 4.0]) {
            0 if conversation.answers == 0 => Content::Text(people::question(&mut self.draw)),
            0 => Content::Text(people::follow_up(&mut self.draw)),
            1 => Content::Sticker,
            2 => Content::Album(self.draw.between(2, 4)),
            _ => Content::Voice(self.draw.between(2, 40)),
        };
        let account = conversation.account;
        let message =
            self.telegram.customer_wrote(now, account, &conversation.customer, content, out);
        if matches!(content, Content::Text(_)) && self.draw.chance(0.05) {
            let second_thought = self.draw.between(4_000, 25_000);
            self.agenda.plan_in(second_thought, Happening::Corrects(key, message));
        }
        if more > 0 {
            let pause = self.draw.between(1_500, 9_000);
            self.agenda.plan_in(pause, Happening::Writes(key, more - 1));
        } else if conversation.overlooked {
            let found = self.draw.between(FOUND_AFTER_MS.0, FOUND_AFTER_MS.1);
            self.agenda.plan_in(found, Happening::Found(key));
        }
        if !conversation.overlooked {
            self.comes_to_desk(key, account);
        }
    }

    /// Somebody comes across a conversation that was overlooked.
    fn found(&mut self, key: u64) {
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.overlooked = false;
            let account = conversation.account;
            self.comes_to_desk(key, account);
        }
    }

    fn comes_to_desk(&mut self, key: u64, account: usize) {
        let desk = &mut self.accounts[account];
        let known = desk.answering == Some(key) || desk.inbox.contains(&key);
        if !known {
            desk.inbox.push_back(key);
            self.next_in_inbox(account);
        }
    }

    fn next_in_inbox(&mut self, account: usize) {
        let desk = &mut self.accounts[account];
        if desk.answering.is_none() {
            desk.answering = desk.inbox.pop_front();
            if desk.answering.is_some() {
                let typing = self.draw.lognormal_ms(REPLY_MEDIAN_MS, 0.6);
                self.agenda.plan_in(typing, Happening::Answers(account));
            }
        }
    }

    fn answers(&mut self, account: usize, out: &mut Vec<Raw>) {
        let now = self.agenda.now_ms();
        let Some(key) = self.accounts[account].answering.take() else { return };
        if let Some(conversation) = self.conversations.get_mut(&key) {
            conversation.answers += 1;
            let text = people::reply(&mut self.draw);
            self.telegram.account_wrote(now, account, &conversation.customer, text, out);
            if conversation.answers < 6 && self.draw.chance(0.55) {
                let back = self.draw.lognormal_ms(COMES_BACK_MEDIAN_MS, 0.8);
                self.agenda.plan_in(back, Happening::Writes(key, 0));
            } else {
                let later = self.draw.between(30_000, 180_000);
                self.agenda.plan_in(later, Happening::Rates(key));
            }
        }
        self.next_in_inbox(account);
    }

    fn corrects(&mut self, key: u64, message: i64, out: &mut Vec<Raw>) {
        if let Some(conversation) = self.conversations.get(&key) {
            let text = people::question(&mut self.draw);
            let (account, customer) = (conversation.account, &conversation.customer);
            self.telegram.customer_corrected(
                self.agenda.now_ms(),
                account,
                customer,
                message,
                text,
                out,
            );
        }
    }

    fn rates(&mut self, key: u64, out: &mut Vec<Raw>) {
        let account_waits = |desk: &Account| desk.inbox.contains(&key);
        if self.accounts.iter().any(account_waits) {
            return; // wrote again in the meantime
        }
        if let Some(conversation) = self.conversations.remove(&key)
            && self.draw.chance(0.3)
        {
            let stars = 1 + self.draw.weighted(&[5.0, 4.0, 8.0, 28.0, 55.0]);
            let (account, customer) = (conversation.account, &conversation.customer);
            self.telegram.customer_rated(self.agenda.now_ms(), account, customer, stars, out);
        }
    }
}

impl World for Messenger {
    fn next_at(&self) -> UnixMs {
        self.agenda.next_at().unwrap_or(UnixMs::MAX)
    }

    fn step(&mut self, out: &mut Vec<Raw>) {
        match self.agenda.take() {
            Some(Happening::Arrival) => self.arrival(out),
            Some(Happening::Writes(key, more)) => self.writes(key, more, out),
            Some(Happening::Corrects(key, message)) => self.corrects(key, message, out),
            Some(Happening::Answers(account)) => self.answers(account, out),
            Some(Happening::Found(key)) => self.found(key),
            Some(Happening::Rates(key)) => self.rates(key, out),
            None => {}
        }
    }
}
