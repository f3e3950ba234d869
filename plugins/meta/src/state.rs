//! What must outlive a restart, as hashes: ids of customers stay out of snapshots.

use tablica_plugin::{Recent, fingerprint_of};

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
    threads: Recent<u64, u64, THREADS_MAX>,
    /// (message, receipt), oldest first.
    receipts: Recent<u64, u64, RECEIPTS_MAX>,
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
        self.threads.renew(key, fingerprint_of([thread, author], 0));
    }

    /// A customer's thread.
    pub(crate) fn is_begun(&self, thread: &str) -> bool {
        self.threads.contains(&fingerprint_of([thread], 0))
    }

    /// Who it is that writes there. The thread is not forgotten while people write.
    pub(crate) fn voice(&mut self, thread: &str, author: &str) -> Voice {
        let owner = fingerprint_of([thread, author], 0);
        match self.threads.touch(&fingerprint_of([thread], 0)) {
            Some(known) if *known == owner => Voice::Beginner,
            Some(_) => Voice::Another,
            None => Voice::Unknown,
        }
    }

    /// A message has come so far: whether that is news, and whether it is the first word of it.
    pub(crate) fn received(&mut self, message: &str, receipt: Receipt) -> (bool, bool) {
        let key = fingerprint_of([message], 0);
        match self.receipts.get_mut(&key) {
            Some(last) => {
                let is_news = receipt as u64 > *last;
                *last = (*last).max(receipt as u64);
                (is_news, false)
            }
            None => {
                self.receipts.put(key, receipt as u64);
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
        for (first, second) in self.threads.iter().chain(self.receipts.iter()) {
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
        let mut pairs = Vec::new();
        while let Some(first) = numbers.next() {
            pairs.push((first, numbers.next()?));
        }
        let receipts = (threads <= pairs.len()).then(|| pairs.split_off(threads))?;
        let fits = threads <= THREADS_MAX && receipts.len() <= RECEIPTS_MAX;
        fits.then(|| Self {
            threads: pairs.into_iter().collect(),
            receipts: receipts.into_iter().collect(),
        })
    }
}
