//! The traffic generator: a contact center that does not exist, speaking through the real doors.
//!
//! It writes what the networks themselves would send (signed webhooks over HTTP, lines of an Asterisk
//! queue_log) and nothing else: it may not build an
//! [`Event`](crate::event::Event), nor call into the server. What it sends is decided by a seed
//! and a start time alone, so the same two give the same bytes.
//!
//! The way of one message: a world ([`phone`], [`messenger`], [`desk`], and [`written`] for all other
//! networks) lets something happen → its writer ([`queuelog`], [`telegram`], [`webform`], one of
//! [`networks`]) puts it in the network's words → [`traffic`] merges the worlds in order of time →
//! [`run`] waits until it is due → [`sender`] delivers it, signed by [`sign`], or [`dry_run`] writes it
//! to files.

pub mod day;
pub mod desk;
pub mod door;
pub mod draw;
pub mod dry_run;
pub mod messenger;
pub mod model;
pub mod networks;
pub mod people;
pub mod phone;
pub mod phrases;
pub mod queuelog;
pub mod run;
pub mod sender;
pub mod sign;
pub mod staff;
pub mod tally;
pub mod telegram;
pub mod traffic;
pub mod webform;
pub mod written;
