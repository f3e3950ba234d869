//! Every plugin that ships, under attack: its samples as they are, and mutated by a seeded generator.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::attack::{Outcome, SNAPSHOT_BYTES_MAX, attack};
use tablica_plugin::{
    Author, Channel, Command, Event, Failure, Info, Input, Kind, LogLevel, Medium, Message, Output,
    Setup, Webhook, bad_input, config_error, info,
};

use crate::samples::{Known, folder};
use crate::script::{FIELD, Script, TURN, Turn};
use crate::telling::telling;
use crate::{ALL, Plugin, start};

/// Mutated scripts of each plugin.
const MUTATED: usize = 300;
/// Words that change what a parser does.
const WORDS: [&[u8]; 16] = [
    b"\"",
    b"{",
    b"}",
    b"[]",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\\u0000",
    b"\n",
    b"\r\n\r\n",
    b",",
    b"<![CDATA[",
    b"&#0;",
    b"\xFF",
    b"%",
];

fn known(plugin: &Plugin) -> Known {
    Known::read(plugin.name).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn each_plugin_that_ships_is_here() {
    let folders =
        fs::read_dir(folder("")).expect("a folder").map(|it| it.expect("an entry").path());
    let folders = folders.filter(|it| it.join("plugin.toml").is_file());
    let folders: BTreeSet<String> =
        folders.filter_map(|it| Some(it.file_name()?.to_str()?.to_owned())).collect();
    let here: BTreeSet<String> = ALL.iter().map(|plugin| plugin.name.to_owned()).collect();
    assert_eq!(here, folders, "plugins/shipped: Cargo.toml and src/lib.rs have a line for each");
}

#[test]
fn a_script_is_read_as_it_was_written() {
    for plugin in ALL {
        for script in known(plugin).scripts {
            let bytes = script.write();
            let read = Script::read(&bytes);
            // Long logs are cut.
            if script.turns.len() < 400 {
                assert_eq!(read.turns.len(), script.turns.len(), "{}", plugin.name);
                assert_eq!(read.write(), bytes, "{}", plugin.name);
            }
        }
    }
}

#[test]
fn samples_go_well_and_their_texts_stay_where_they_belong() {
    for plugin in ALL {
        let known = known(plugin);
        let mut all = Outcome::default();
        for seed in known.seeds() {
            let Outcome { inputs, events, refused, marked } = attack(plugin, &known, &seed);
            all.inputs += inputs;
            all.events += events;
            all.refused += refused;
            all.marked += marked;
        }
        println!("{}: {all:?}", plugin.name);
        assert!(all.events > 0, "{}: {all:?}", plugin.name);
    }
}

#[test]
fn each_plugin_has_an_input_that_tells_something() {
    for plugin in ALL {
        let telling = telling(plugin, &known(plugin)).expect(plugin.name);
        println!("{}: after {}, again {}", plugin.name, telling.before.len(), telling.again);
    }
}

#[test]
fn mutated_samples_of_each_plugin_break_nothing() {
    std::thread::scope(|scope| {
        for half in ALL.chunks(ALL.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(mutated));
        }
    });
}

fn mutated(plugin: &Plugin) {
    let known = known(plugin);
    let seeds = known.seeds();
    let mut random = Random(plugin.name.bytes().map(u64::from).sum());
    let mut all = Outcome::default();
    for _ in 0..MUTATED {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &seeds, &mut random);
        }
        // Shown when the test fails: what to begin with.
        let outcome = std::panic::catch_unwind(|| attack(plugin, &known, &bytes));
        let outcome = outcome.unwrap_or_else(|_| {
            panic!("{}: {}", plugin.name, bytes.escape_ascii());
        });
        all.inputs += outcome.inputs;
        all.events += outcome.events;
        all.marked += outcome.marked;
        all.refused += outcome.refused;
    }
    println!("{}: {all:?}", plugin.name);
    assert!(all.events > 0, "{}: nothing is left of the samples", plugin.name);
}

/// Numbers beyond what a clock, a counter or a length may be.
const EXTREMES: [&[u8]; 8] = [
    b"0",
    b"-1",
    b"4294967296",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551615",
    b"99999999999999999999999",
    b"1e308",
];
/// Numbers of one sample of which each is also extreme alone.
const NUMBERS_MAX: usize = 60;

#[test]
fn extreme_numbers_of_a_network_break_nothing() {
    std::thread::scope(|scope| {
        for half in ALL.chunks(ALL.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(extreme));
        }
    });
}

fn extreme(plugin: &Plugin) {
    let known = known(plugin);
    let try_it = |bytes: &[u8]| {
        let outcome = std::panic::catch_unwind(|| attack(plugin, &known, bytes));
        outcome.unwrap_or_else(|_| panic!("{}: {}", plugin.name, bytes.escape_ascii()));
    };
    for (turn, seed) in known.seeds().iter().enumerate() {
        let numbers = numbers(seed);
        for extreme in EXTREMES {
            // Times and ids alone, then every number.
            for length in [9, 1] {
                let long = numbers.iter().filter(|(from, to)| to - from >= length).copied();
                try_it(&replaced(seed, long, extreme));
            }
        }
        for (place, number) in numbers.iter().take(NUMBERS_MAX).enumerate() {
            let extreme = EXTREMES[(turn + place) % EXTREMES.len()];
            try_it(&replaced(seed, std::iter::once(*number), extreme));
        }
    }
}

/// Where numbers stand; the first two bytes choose settings.
fn numbers(seed: &[u8]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, byte) in seed.iter().enumerate().skip(2) {
        match found.last_mut() {
            _ if !byte.is_ascii_digit() => {}
            Some((_, to)) if *to == at => *to = at + 1,
            _ => found.push((at, at + 1)),
        }
    }
    found
}

fn replaced(seed: &[u8], numbers: impl Iterator<Item = (usize, usize)>, extreme: &[u8]) -> Vec<u8> {
    let (mut bytes, mut copied) = (Vec::new(), 0);
    for (from, to) in numbers {
        bytes.extend_from_slice(&seed[copied..from]);
        bytes.extend_from_slice(extreme);
        copied = to;
    }
    bytes.extend_from_slice(&seed[copied..]);
    bytes
}

struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count.max(1)
    }
}

fn mutate(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len());
    let to = (at + random.below(40)).min(bytes.len());
    match random.below(8) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => drop(bytes.drain(at..to)),
        2 => {
            let again = bytes[at..to].to_vec();
            bytes.splice(to..to, again);
        }
        3 => drop(bytes.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied())),
        4 => bytes.truncate(at.max(2)),
        5 => bytes.extend_from_slice(seeds[random.below(seeds.len())].get(2..).unwrap_or_default()),
        6 => {
            bytes.extend(TURN);
            bytes.push(b"STPC"[random.below(4)]);
        }
        _ => bytes.insert(at, FIELD),
    }
    if bytes.is_empty() {
        bytes.extend([0, 0]);
    }
}

/// A plugin of somebody who is careless in one way, which its first input names.
#[derive(Default)]
struct Careless(Vec<u8>);

static CALLS: AtomicU64 = AtomicU64::new(0);

impl Channel for Careless {
    fn describe() -> Info {
        info("careless", "0.1.0", "test")
    }
    fn new(_: &Setup) -> Result<Self, Failure> {
        Ok(Self::default())
    }
    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        if snapshot == b"forgetful" { Err(config_error("whose is it?")) } else { Ok(()) }
    }
    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        let Input::Webhook(call) = input else { return Ok(Output::default()) };
        let text = String::from_utf8(call.body).map_err(|_| bad_input("not UTF-8"))?;
        let (how, said) = text.split_once(':').ok_or_else(|| bad_input("no colon"))?;
        let message = Message::new(Medium::Chat, Author::Customer).text(said);
        let mut event = Event::new("1", now_ms, Kind::Message(message));
        let mut commands = Vec::new();
        match how {
            "panic" => panic!("careless"),
            "nameless" => event.id.clear(),
            "moody" => event.id = CALLS.fetch_add(1, Ordering::Relaxed).to_string(),
            "id" => event.id = said.to_owned(),
            "queue" => event.queue = Some(said.to_uppercase()),
            "attr" => event = event.attr("subject", said),
            "log" => commands.push(Command::log(LogLevel::Info, format!("they say {said}"))),
            "reason" if !said.ends_with(';') => return Err(bad_input(said)),
            "quoted" => commands.push(Command::log(LogLevel::Info, format!("they say \"{said}\""))),
            "large" => self.0 = vec![0; SNAPSHOT_BYTES_MAX + 1],
            "memory" => self.0 = said.into(),
            "forgetful" => self.0 = how.into(),
            _ => {}
        }
        Ok(Output { events: vec![event], commands, reply: None })
    }
    fn snapshot(&self) -> Vec<u8> {
        self.0.clone()
    }
}

/// Each promise is broken once, and seen.
#[test]
fn what_a_careless_plugin_does_is_found() {
    let careless = Plugin { name: "careless", start: start::<Careless> };
    let known = Known::read("line").expect("a plugin of webhooks");
    for (body, expected) in [
        ("good:parcel", None),
        ("panic:parcel", Some("careless")),
        ("nameless:parcel", Some("an event without an id")),
        ("moody:parcel", Some("two instances say different things")),
        ("id:parcel", Some("an event beside its text")),
        ("queue:parcel", Some("an event beside its text")),
        ("attr:parcel", Some("an event beside its text")),
        ("log:parcel", Some("a line of the log")),
        ("quoted:parcel", None),
        // Only what is damaged has it in the reason.
        ("reason:parcel;", Some("the reason of a failure")),
        ("large:parcel", Some("a snapshot of")),
        ("memory:parcel", Some("in the snapshot")),
        ("forgetful:parcel", Some("it does not start from its own snapshot")),
    ] {
        let turns = vec![Turn::Input(Input::Webhook(Webhook::post(body))), Turn::Restart];
        let script = Script { settings: 0, own_settings: None, source: 0, turns };
        let found = std::panic::catch_unwind(|| attack(&careless, &known, &script.write()));
        let found = found.err().map(|why| match why.downcast::<String>() {
            Ok(why) => *why,
            Err(why) => why.downcast::<&str>().map_or_else(|_| String::new(), |it| it.to_string()),
        });
        match (&found, expected) {
            (None, None) => {}
            (Some(found), Some(expected)) if found.contains(expected) => {}
            _ => panic!("{body}: {found:?} instead of {expected:?}"),
        }
    }
}
