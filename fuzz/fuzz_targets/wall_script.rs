//! Any text as a wall script: `src/fuzzing/wall_script.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::wall_script(data));
