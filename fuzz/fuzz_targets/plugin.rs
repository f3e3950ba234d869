//! One plugin that ships, natively; which one says `TABLICA_FUZZ_PLUGIN`. What must hold stands in
//! `plugins/shipped/src/attack.rs`. It writes what it begins with, the plugin's own samples, into the
//! folder `TABLICA_FUZZ_SEEDS`.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use tablica_fuzz as _;
use tablica_shipped::Plugin;
use tablica_shipped::attack::attack;
use tablica_shipped::samples::Known;

static ATTACKED: LazyLock<(&'static Plugin, Known)> = LazyLock::new(|| {
    let name = std::env::var("TABLICA_FUZZ_PLUGIN").expect("TABLICA_FUZZ_PLUGIN names a plugin");
    let plugin = tablica_shipped::find(&name).expect("a plugin that ships");
    (plugin, Known::read(&name).expect("its manifest and samples"))
});

fn write_seeds() {
    let Some(folder) = std::env::var_os("TABLICA_FUZZ_SEEDS") else { return };
    for (number, seed) in ATTACKED.1.seeds().iter().enumerate() {
        let file = Path::new(&folder).join(format!("{number:04}"));
        std::fs::write(file, seed).expect("a seed is written");
    }
}

libfuzzer_sys::fuzz_target!(init: write_seeds(), |data: &[u8]| {
    let (plugin, known) = &*ATTACKED;
    attack(plugin, known, data);
});
