//! What is read from the state folder: `src/fuzzing/journal_rows.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::journal_rows(data));
