//! Every input that the fuzzer has kept, played again without it: what was once found stays found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::TARGETS;

/// All inputs together, so that the repository stays small.
const BYTES_MAX: u64 = 2 << 20;
/// One input; a larger one can be cut by `cargo fuzz tmin`.
const INPUT_BYTES_MAX: u64 = 16 << 10;

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(below)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn play(target: &str) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    let inputs = files(&folder("corpus").join(target));
    assert!(inputs.len() >= 10, "{} inputs of {target}", inputs.len());
    for input in inputs {
        // Shown when the test fails: which input it was.
        println!("{}", input.display());
        body(&fs::read(&input).expect("an input"));
    }
}

macro_rules! played {
    ($($target:ident),+ $(,)?) => {
        $(
            #[test]
            fn $target() {
                play(stringify!($target));
            }
        )+

        #[test]
        fn each_target_has_its_file_its_inputs_and_is_played_here() {
            let named = |names: &[&str]| -> BTreeSet<String> {
                names.iter().map(|name| (*name).to_owned()).collect()
            };
            let stems = |below: &str| -> BTreeSet<String> {
                let stem = |path: &PathBuf| path.file_stem().map(|it| it.to_string_lossy().into_owned());
                files(&folder(below)).iter().filter_map(stem).collect()
            };
            let targets = named(&TARGETS.map(|(name, _)| name));
            assert_eq!(named(&[$(stringify!($target)),+]), targets);
            // Plugins are attacked natively, by plugins/shipped: its tests play their samples.
            let with_plugins = &targets | &named(&["plugin"]);
            assert_eq!(stems("fuzz_targets"), with_plugins);
            assert_eq!(stems("corpus"), targets);
            let manifest = fs::read_to_string(folder("Cargo.toml")).expect("a manifest");
            for target in targets {
                assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
            }
        }
    };
}

played!(
    http_door,
    screen_frames,
    plugin_output,
    journal_rows,
    board_toml,
    config_toml,
    wall_script,
    id_token,
);

#[test]
fn the_kept_inputs_are_small() {
    let mut all = 0;
    for (target, _) in TARGETS {
        for input in files(&folder("corpus").join(target)) {
            let bytes = fs::metadata(&input).expect("an input").len();
            assert!(bytes <= INPUT_BYTES_MAX, "{}: {bytes} bytes", input.display());
            all += bytes;
        }
    }
    assert!(all <= BYTES_MAX, "{all} bytes of inputs; `cargo fuzz cmin` leaves what is needed");
}

#[test]
fn plugins_are_attacked_within_the_limits_of_a_server() {
    use tablica_shipped::attack::{COMMANDS_MAX, EVENTS_MAX, OUTPUT_BYTES_MAX, SNAPSHOT_BYTES_MAX};
    let limits = crate::config::model::Channel::new("", "").limits;
    assert_eq!(limits.call_events_max, EVENTS_MAX);
    assert_eq!(limits.call_commands_max, COMMANDS_MAX);
    assert_eq!(limits.call_output_bytes_max, OUTPUT_BYTES_MAX);
    assert_eq!(limits.snapshot_bytes_max, SNAPSHOT_BYTES_MAX);
}
