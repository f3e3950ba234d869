//! Tablica: a wallboard and metrics server for contact centers on many networks at once.

pub mod app;
pub mod assets;
pub mod board;
pub mod channel;
pub mod clock;
pub mod command;
pub mod config;
pub mod engine;
pub mod event;
pub mod http;
pub mod journal;
pub mod kpi;
pub mod screen;
pub mod simulate;
pub mod telemetry;
