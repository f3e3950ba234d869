//! Any bytes as what a provider of OpenID Connect answers: `src/fuzzing/id_token.rs` says what must hold.
#![no_main]

use tablica_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tablica::fuzzing::id_token(data));
