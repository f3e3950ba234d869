//! What the scenarios stand on.

mod asked;
pub(crate) mod authority;
pub(crate) mod center;
pub(crate) mod compiled;
pub(crate) mod damage;
pub(crate) mod day;
pub(crate) mod faketime;
pub(crate) mod http;
pub(crate) mod journal;
pub(crate) mod lines;
pub(crate) mod process;
pub(crate) mod prometheus;
pub(crate) mod schema;
pub(crate) mod server;
pub(crate) mod smtp;
pub(crate) mod wait;
pub(crate) mod webhook_thread;
pub(crate) mod week;

pub(crate) use wait::wait_for;
