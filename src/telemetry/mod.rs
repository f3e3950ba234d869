//! What Prometheus and the log see of the house.
//!
//! | file | what is in it |
//! |---|---|
//! | `names` | the one table of metrics: name, kind, labels, help |
//! | `exporter` | all that is told at a scrape, and where histograms' buckets end |
//! | `recorder` | every series, by its key and in the order of the table |
//! | `series` | one series: its value, recorded without a lock, and its ready-made bytes |
//! | `text` | names, labels and numbers as Prometheus reads them |
//! | `form` | the two ways to write them, and which one is asked for |
//! | `meters` | cached handles for paths that are hot |
//! | `happenings` | one struct per thing that befalls the journal: its log line and its metric together |
//! | `process` | the server's own memory, CPU and start |
//! | `logs` | where log lines go, and how they look |
//! | `seldom` | lines that others can cause: now and then, with a count |
//!
//! Rules: flow is a counter, a live state is a gauge, a duration is a histogram, "since" is a
//! `_timestamp_seconds`. Whoever owns a number sets its metric, by its name in the table; those
//! that keep totals or states do it once a second. A gauge vanishes when that stops; counters and
//! histograms stay. No label may name a customer or an interaction, and an agent only where the
//! operator says so. Nothing here decides anything: figures come in, text goes out.

mod exporter;
mod form;
pub mod happenings;
mod journal;
pub mod logs;
mod meters;
pub mod names;
mod process;
mod recorder;
#[cfg(test)]
mod recorder_tests;
mod seldom;
mod series;
mod text;

pub use exporter::{Exporter, InstallError};
pub use form::Form;
pub use journal::JournalMeters;
pub use meters::WaitMeters;
pub use recorder::Recorder;
pub use seldom::Seldom;
