//! What the fuzzer does to the product: one function for each target of `fuzz/`, from bytes to
//! nothing. A function that panics has found something.
//!
//! Only there in tests and with the feature `fuzzing`. Each function says in its file what must hold
//! for any bytes. What it needs of a module's inside is lent by that module's own `fuzzing`. The
//! tests play every kept input again.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a panic is how a finding is told")]

mod board_toml;
mod channels;
mod config_toml;
mod house;
mod http_door;
mod id_token;
mod journal_rows;
mod plugin_output;
mod screen_frames;
#[cfg(test)]
mod tests;
mod values;
mod wall_script;

pub use board_toml::board_toml;
pub use config_toml::config_toml;
pub use http_door::http_door;
pub use id_token::id_token;
pub use journal_rows::journal_rows;
pub use plugin_output::plugin_output;
pub use screen_frames::screen_frames;
pub use wall_script::wall_script;

/// A target's function.
pub type Body = fn(&[u8]);

/// Every target by its name, which is that of its file in `fuzz/fuzz_targets` and of its folder in
/// `fuzz/corpus`.
pub const TARGETS: [(&str, Body); 8] = [
    ("http_door", http_door),
    ("screen_frames", screen_frames),
    ("plugin_output", plugin_output),
    ("journal_rows", journal_rows),
    ("board_toml", board_toml),
    ("config_toml", config_toml),
    ("wall_script", wall_script),
    ("id_token", id_token),
];
