//! What a screen says: `src/fuzzing/screen_frames.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::screen_frames(data));
