//! What a plugin answers: `src/fuzzing/plugin_output.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::plugin_output(data));
