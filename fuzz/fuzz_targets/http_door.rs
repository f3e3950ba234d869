//! Bytes on a connection: `src/fuzzing/http_door.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::http_door(data));
