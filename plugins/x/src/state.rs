//! What must outlive a restart: which posts belong to which thread, and our accounts.

use tablica_plugin::{Recent, fingerprint_of};

/// Posts whose thread is known; an answer to an older one stands in a thread of its own.
const POSTS_MAX: usize = 1_000;
/// Accounts of ours; a site has a handful.
const ACCOUNTS_MAX: usize = 100;
/// Tells this layout of a snapshot from later ones.
const LAYOUT: u8 = 1;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Accounts for which X sent something.
    accounts: Vec<u64>,
    posts: Recent<u64, Known, POSTS_MAX>,
}

/// The thread of a post. Ids of posts are in the address of everybody's browser; who began it is a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    root: u64,
    owner: u64,
}

/// A thread that a customer began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thread {
    /// The id of the first post.
    pub(crate) root: String,
    owner: u64,
}

impl Thread {
    /// A thread that begins with this post.
    pub(crate) fn begin(post: &str, author: &str) -> Self {
        Self { root: post.to_owned(), owner: owner(post, author) }
    }

    /// Whoever began it.
    pub(crate) fn is_of(&self, author: &str) -> bool {
        self.owner == owner(&self.root, author)
    }
}

impl State {
    /// An account is ours.
    pub(crate) fn learn(&mut self, account: &str) {
        let Ok(account) = account.parse() else { return };
        if !self.accounts.contains(&account) && self.accounts.len() < ACCOUNTS_MAX {
            self.accounts.push(account);
        }
    }

    pub(crate) fn is_ours(&self, account: &str) -> bool {
        account.parse().is_ok_and(|account: u64| self.accounts.contains(&account))
    }

    /// The thread of a post.
    pub(crate) fn thread(&self, post: &str) -> Option<Thread> {
        let known = self.posts.get(&post.parse().ok()?)?;
        Some(Thread { root: known.root.to_string(), owner: known.owner })
    }

    /// A post stands in a thread.
    pub(crate) fn put(&mut self, post: &str, thread: &Thread) {
        let (Ok(post), Ok(root)) = (post.parse(), thread.root.parse()) else { return };
        self.posts.get_or_put_with(post, || Known { root, owner: thread.owner });
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        let mut bytes = vec![LAYOUT];
        bytes.extend((self.accounts.len() as u64).to_le_bytes());
        self.accounts.iter().for_each(|account| bytes.extend(account.to_le_bytes()));
        for (post, known) in self.posts.iter() {
            for number in [*post, known.root, known.owner] {
                bytes.extend(number.to_le_bytes());
            }
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
        let accounts = usize::try_from(numbers.next()?).ok()?;
        if accounts > ACCOUNTS_MAX {
            return None;
        }
        let accounts: Vec<u64> = numbers.by_ref().take(accounts).collect();
        let mut posts = Vec::new();
        while let Some(post) = numbers.next() {
            posts.push((post, Known { root: numbers.next()?, owner: numbers.next()? }));
        }
        let fits = posts.len() <= POSTS_MAX;
        fits.then(|| Self { accounts, posts: posts.into_iter().collect() })
    }
}

/// The author within their thread: the same person is another number in another thread.
fn owner(root: &str, author: &str) -> u64 {
    fingerprint_of([root, author], 0)
}
