//! Any text as a board file: `src/fuzzing/board_toml.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::board_toml(data));
