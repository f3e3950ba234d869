//! What must outlive a restart, as hashes: ids of customers stay out of snapshots.

use std::collections::VecDeque;

use tablica_plugin::fingerprint_of;

/// Threads of comments whose first author is known; in older ones whoever writes is a customer.
const THREADS_MAX: usize = 1_000;
/// Messages of ours whose last receipt is known; of older ones each receipt is told once.
const RECEIPTS_MAX: usize = 1_000;
/// Tells this layout of a snapshot from later ones.
const LAYOUT: u8 = 1;

/// How far a message of ours has come. A later word below an earlier one says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Receipt {
    Sent = 1,
    Delivered = 2,
    Read = 3,
    Failed = 4,
}

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// (thread, thread and its author) of customers' threads, longest silent first.
    threads: VecDeque<(u64, u64)>,
    /// (message, receipt), oldest first.
    receipts: VecDeque<(u64, u64)>,
}

/// Who writes in a thread of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Whoever began it.
    Beginner,
    /// Another customer.
    Another,
    /// The thread is ours, or older than what is remembered.
    Unknown,
}

impl State {
    /// A customer began a thread.
    pub(crate) fn began(&mut self, thread: &str, author: &str) {
        let key = fingerprint_of([thread], 0);
        self.threads.retain(|(known, _)| *known != key);
        push(&mut self.threads, (key, fingerprint_of([thread, author], 0)), THREADS_MAX);
    }

    /// A customer's thread.
    pub(crate) fn is_begun(&self, thread: &str) -> bool {
        let key = fingerprint_of([thread], 0);
        self.threads.iter().any(|(known, _)| *known == key)
    }

    /// Who it is that writes there. The thread is not forgotten while people write.
    pub(crate) fn voice(&mut self, thread: &str, author: &str) -> Voice {
        let key = fingerprint_of([thread], 0);
        let Some(at) = self.threads.iter().position(|(known, _)| *known == key) else {
            return Voice::Unknown;
        };
        let Some(found) = self.threads.remove(at) else { return Voice::Unknown };
        self.threads.push_back(found);
        match found.1 == fingerprint_of([thread, author], 0) {
            true => Voice::Beginner,
            false => Voice::Another,
        }
    }

    /// A message has come so far: whether that is news, and whether it is the first word of it.
    pub(crate) fn received(&mut self, message: &str, receipt: Receipt) -> (bool, bool) {
        let key = fingerprint_of([message], 0);
        match self.receipts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, last)) => {
                let is_news = receipt as u64 > *last;
                *last = (*last).max(receipt as u64);
                (is_news, false)
            }
            None => {
                push(&mut self.receipts, (key, receipt as u64), RECEIPTS_MAX);
                (true, true)
            }
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        let mut bytes = vec![LAYOUT];
        bytes.extend((self.threads.len() as u64).to_le_bytes());
        for (first, second) in self.threads.iter().chain(&self.receipts) {
            bytes.extend(first.to_le_bytes());
            bytes.extend(second.to_le_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let [LAYOUT, rest @ ..] = bytes else { return None };
        let (numbers, []) = rest.as_chunks::<8>() else { return None };
        let mut numbers = numbers.iter().map(|bytes| u64::from_le_bytes(*bytes));
        let threads = usize::try_from(numbers.next()?).ok()?;
        let mut pairs = VecDeque::new();
        while let Some(first) = numbers.next() {
            pairs.push_back((first, numbers.next()?));
        }
        let receipts = (threads <= pairs.len()).then(|| pairs.split_off(threads))?;
        let fits = threads <= THREADS_MAX && receipts.len() <= RECEIPTS_MAX;
        fits.then_some(Self { threads: pairs, receipts })
    }
}

fn push(list: &mut VecDeque<(u64, u64)>, entry: (u64, u64), max: usize) {
    if list.len() == max {
        list.pop_front();
    }
    list.push_back(entry);
}
