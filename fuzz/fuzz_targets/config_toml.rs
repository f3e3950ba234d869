//! Any text as a config: `src/fuzzing/config_toml.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::config_toml(data));
