//! Boards: what stands on which wall.
//!
//! A board file (TOML) becomes a [`file::Board`]; its tiles read [`figures::Figures`] and become
//! JSON; the [`hub`] owns the engine, renders what changed and publishes one encoded
//! [`frame::Frame`] per board, which all its screens share. Numbers come from the engine and go
//! to `screen` and `http`; nothing in here talks to a network.

pub mod annotations;
mod asked_once;
pub mod edit;
pub mod figures;
pub mod file;
pub mod format;
pub mod frame;
pub mod framing;
mod handle;
mod held;
pub mod house;
pub mod hub;
pub mod images;
mod kept;
mod length;
pub mod library;
pub mod lists;
pub mod made_up;
pub mod notice;
mod observer;
pub mod parameter;
mod parts;
mod reader;
pub mod recount;
pub mod schema;
mod shown;
pub mod tile;
pub mod time;
pub mod unknown;

pub use shown::{picture, sketch};
