//! Boards as people edit them on a page: what a text is to the editor, changes to it that leave all else
//! as it is, the operator's folder that it is saved to, and the texts that it had before.
//!
//! A draft is the text of a board file and nothing else: whoever edits holds it, so nothing is kept
//! here between two questions, and a draft has nothing counted. What is saved is read as any board
//! file is, and reaches the walls by the library, which finds the changed file.
//!
//! | file | what is in it |
//! |---|---|
//! | `read` | from a text to its tiles, keys and mistakes |
//! | `change` | one act of an editor, done to the text |
//! | `blocks` | whole tiles put in and taken out, by their lines |
//! | `value` | single values, put in where they differ |
//! | `difference` | two texts line by line |
//! | `templates` | what a new board begins as |
//! | `shelf` | the operator's folder: read, save, remove, never over somebody else's change |
//! | `versions` | the SQLite file of earlier texts |

mod blocks;
mod change;
pub mod difference;
mod read;
mod shelf;
pub mod templates;
mod value;
mod versions;

#[cfg(test)]
mod tests;

pub use change::{Change, ChangeError, apply};
pub use read::{Draft, Looked, Remark, look};
pub use shelf::{Held, Origin, SaveError, Settings, Shelf};
pub use versions::{Came, Dropped, Version};
