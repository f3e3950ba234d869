//! Who may do what: people with passwords, tokens for programs, and the log of what was done.
//!
//! Only with `[access]` in the config; without it being reachable is the permission. Everything is
//! in `access.sqlite` in the state folder, readable by the server's user alone: passwords as
//! Argon2id, sessions and tokens as SHA-256 of what only their holder knows. `tablica access`
//! changes the same file beside a running server, which takes it up within a second.
//!
//! | file | what is in it |
//! |---|---|
//! | `secret` | tokens, and what forms are made with |
//! | `password` | passwords, and how they are kept |
//! | `attempts` | how often somebody may try |
//! | `store` | the SQLite file |
//! | `book` | the handle: what requests ask |
//! | `login` | logging in, by attempts and password |
//! | `oidc` | logging in by the login of one's organisation |
//! | `change` | people, tokens and the first set-up |
//! | `console` | the same for `tablica access` |
//! | `audit` | who has done what |

mod attempts;
mod audit;
mod book;
mod change;
mod console;
mod login;
pub mod oidc;
mod password;
mod secret;
mod store;
#[cfg(test)]
mod tests;

pub use audit::{Act, Recorded};
pub use book::{Access, Counts, Identity, Person, TokenInfo, Via};
pub use change::ChangeError;
pub use console::Console;
pub use login::{LoggedIn, LoginError};
pub use password::PASSWORD_CHARS_MIN;
pub use secret::form_token;

use crate::journal::SideFileError;
use crate::tokens::NoRandom;
use crate::words::words;

words! {
    /// What somebody may do; each may all that those before may.
    pub enum Role [word, from_word] {
        /// Sees walls and figures.
        Viewer = "viewer",
        /// Sees to the day: annotations, screens.
        Lead = "lead",
        /// Everything: people, tokens, channels.
        Admin = "admin",
    }
}

impl Role {
    /// What walls and pages call it: a message of the language files.
    pub fn message(self) -> &'static str {
        match self {
            Role::Viewer => "access-role-viewer",
            Role::Lead => "access-role-lead",
            Role::Admin => "access-role-admin",
        }
    }
}

/// Why the file of people cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The disk refuses.
    #[error(transparent)]
    File(#[from] SideFileError),
    /// Nothing can be drawn that nobody guesses.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
    /// The server stops.
    #[error("the server is stopping")]
    Stopping,
}

/// Lets in screens that were paired, wherever that is kept.
pub trait ScreenTokens: Send + Sync + 'static {
    /// Whether the screen with this token may have what is asked for at that path.
    fn admits(&self, token: &str, path: &str) -> bool;
}

/// A name as it is kept: in small letters, so that it is the same however it is typed. None if it
/// cannot be one.
pub fn tidy_name(typed: &str) -> Option<String> {
    let name = typed.trim().to_lowercase();
    let is_fit = |c: char| c.is_alphanumeric() || " ._@-".contains(c);
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
    (fits && name.chars().all(is_fit)).then_some(name)
}

/// Longest name of a person or token.
pub const NAME_CHARS_MAX: usize = 64;

/// What forms are made with where there is no session yet. None where the system gives no random
/// numbers.
pub fn form_secret() -> Option<zeroize::Zeroizing<String>> {
    secret::random().ok()
}
