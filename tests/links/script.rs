//! A plugin of a few rules: what it does when something comes on a link, laid out in a guest's memory as
//! the contract's bindings would.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::hostile::guests;

const GUEST: &str = include_str!("scripted.wat");
/// Where the script begins, and where the guest's heap does instead of here.
const BASE: u32 = 4096;
const HEAP: u32 = 65_536;
/// The longest thing that a slot keeps.
const SLOT_BYTES: usize = 256;

/// A part of what is sent.
#[derive(Clone, Debug)]
pub(super) enum P {
    Text(String),
    Secret(&'static str),
    /// What a rule has kept.
    Slot(&'static str),
    /// MD5 in hexadecimal of a slot and a secret.
    Md5(&'static str, &'static str),
}

pub(super) fn t(text: impl Into<String>) -> P {
    P::Text(text.into())
}

#[derive(Clone, Debug)]
pub(super) enum Cut {
    Messages,
    Chunks,
    Until(&'static str),
    /// Bytes of the length, its order, whether it counts itself.
    Prefixed(u8, bool, bool),
}

#[derive(Clone, Debug)]
pub(super) enum C {
    Connect(&'static str, Vec<P>, Cut),
    /// With a header and protocols.
    Shake(&'static str, Vec<P>, (&'static str, Vec<P>), Vec<&'static str>),
    Send(&'static str, Vec<P>),
    Close(&'static str, u16),
    Timer(&'static str, u32),
}

/// What a rule waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    Frame(&'static str),
    /// With this code; 0 for any.
    Down(u16),
    Timer(&'static str),
}

#[derive(Default)]
pub(super) struct Script {
    memory: Vec<u8>,
    rules: Vec<[u32; 6]>,
    slots: BTreeMap<&'static str, (u32, Vec<u32>)>,
    rule_slots: Vec<Option<&'static str>>,
    start: (u32, u32),
}

impl Script {
    /// What it asks for at its start.
    pub(super) fn start(commands: &[C]) -> Self {
        let mut script = Self::default();
        script.start = script.commands(commands);
        script
    }

    pub(super) fn on(self, when: When, commands: &[C]) -> Self {
        self.rule(when, None, commands)
    }

    /// Keeps what follows in a slot besides.
    pub(super) fn keeping(self, when: When, slot: &'static str, commands: &[C]) -> Self {
        self.rule(when, Some(slot), commands)
    }

    fn rule(mut self, when: When, slot: Option<&'static str>, commands: &[C]) -> Self {
        let (kind, code, begins) = match when {
            When::Frame(begins) => (3, 0, begins),
            When::Down(code) => (6, u32::from(code), ""),
            When::Timer(tag) => (7, 0, tag),
        };
        let (begins, length) = self.text(begins.as_bytes());
        let (at, count) = self.commands(commands);
        self.rules.push([kind | code << 16, begins, length, at, count, 0]);
        self.rule_slots.push(slot);
        self
    }

    /// Does not survive it: its commands are outside its memory.
    pub(super) fn dies(self, when: When) -> Self {
        let mut script = self.rule(when, None, &[]);
        if let Some(rule) = script.rules.last_mut() {
            (rule[3], rule[4]) = (0x7fff_fff0, 3);
        }
        script
    }

    /// As a plugin file.
    pub(super) fn pack(mut self, manifest: &str) -> Bytes {
        let mut places = BTreeMap::new();
        for (name, (buffer, pairs)) in std::mem::take(&mut self.slots) {
            let count = pairs.len() as u32;
            let pairs = self.words(&pairs);
            places.insert(name, self.words(&[buffer, pairs, count]));
        }
        let rules: Vec<u32> = std::mem::take(&mut self.rules)
            .into_iter()
            .zip(std::mem::take(&mut self.rule_slots))
            .flat_map(|([kind, begins, length, at, count, _], slot)| {
                let slot = slot.map_or(0, |slot| places[slot]);
                [kind, begins, length, at, count, slot]
            })
            .collect();
        let rules_at = self.words(&rules);
        let rules_end = rules_at + 4 * rules.len() as u32;
        assert!(rules_end <= HEAP, "the script is too long");
        let data: String = self.memory.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let guest = GUEST
            .replace("START_AT", &self.start.0.to_string())
            .replace("START_COUNT", &self.start.1.to_string())
            .replace("RULES_AT", &rules_at.to_string())
            .replace("RULES_END", &rules_end.to_string());
        let guest = format!("(data (i32.const {BASE}) \"{data}\")\n{guest}");
        let ends = "(call $alloc (i32.const 44) (i32.const 4)))\n";
        let prelude = guests::PRELUDE.replace(&BASE.to_string(), &HEAP.to_string());
        assert_eq!(prelude.matches(ends).count(), 1, "only init ends so");
        let prelude = prelude.replace(ends, "(call $started))\n");
        guests::from_parts(&prelude, "scripted", &guest, manifest)
    }

    fn place(&mut self, bytes: &[u8], align: usize) -> u32 {
        while !self.memory.len().is_multiple_of(align) {
            self.memory.push(0);
        }
        let at = BASE + self.memory.len() as u32;
        self.memory.extend_from_slice(bytes);
        at
    }

    fn words(&mut self, words: &[u32]) -> u32 {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.place(&bytes, 4)
    }

    fn text(&mut self, text: &[u8]) -> (u32, u32) {
        (self.place(text, 1), text.len() as u32)
    }

    /// Address and length of a slot's place; the length stands where the pair is laid, `offset` bytes
    /// into a record whose address is not known yet.
    fn slot(&mut self, name: &'static str) -> u32 {
        if !self.slots.contains_key(name) {
            let buffer = self.place(&[0; SLOT_BYTES], 4);
            self.slots.insert(name, (buffer, Vec::new()));
        }
        self.slots[name].0
    }

    fn pieces(&mut self, pieces: &[P]) -> (u32, u32) {
        // Seven words each: the case, and the longest of them.
        let mut words = Vec::new();
        let mut lengths = Vec::new();
        for (i, piece) in pieces.iter().enumerate() {
            let mut piece_words = [0; 7];
            match piece {
                P::Text(text) => {
                    let (at, length) = self.text(text.as_bytes());
                    piece_words[..3].copy_from_slice(&[0, at, length]);
                }
                P::Secret(name) => {
                    let (at, length) = self.text(name.as_bytes());
                    piece_words[..3].copy_from_slice(&[1, at, length]);
                }
                P::Slot(name) => {
                    piece_words[..3].copy_from_slice(&[0, self.slot(name), 0]);
                    lengths.push((*name, 28 * i as u32 + 8));
                }
                P::Md5(slot, secret) => {
                    let (secret, length) = self.text(secret.as_bytes());
                    let buffer = self.slot(slot);
                    let over = self.words(&[0, buffer, 0, 1, secret, length]);
                    self.slots.get_mut(slot).unwrap().1.push(over + 8);
                    // The digest is MD5, the encoding hexadecimal.
                    piece_words = [2, 1, 0, 0, over, 2, 1];
                }
            }
            words.extend(piece_words);
        }
        let at = self.words(&words);
        for (slot, offset) in lengths {
            self.slots.get_mut(slot).unwrap().1.push(at + offset);
        }
        (at, pieces.len() as u32)
    }

    fn commands(&mut self, commands: &[C]) -> (u32, u32) {
        let mut words = Vec::new();
        for command in commands {
            words.extend(self.command(command));
        }
        (self.words(&words), commands.len() as u32)
    }

    fn command(&mut self, command: &C) -> [u32; 12] {
        let mut words = [0; 12];
        let mut put = |at: usize, pair: (u32, u32)| (words[at], words[at + 1]) = pair;
        match command {
            C::Connect(link, address, cut) => {
                put(1, self.text(link.as_bytes()));
                put(3, self.pieces(address));
                let (case, payload) = match cut {
                    Cut::Messages => (0, (0, 0)),
                    Cut::Chunks => (1, (0, 0)),
                    Cut::Until(end) => (2, self.text(end.as_bytes())),
                    Cut::Prefixed(bytes, little, itself) => {
                        let flags = u32::from(*little) << 8 | u32::from(*itself) << 16;
                        (3, (u32::from(*bytes) | flags, 0))
                    }
                };
                put(10, payload);
                words[9] = case;
                words[0] = 1;
            }
            C::Shake(link, address, (name, value), protocols) => {
                put(1, self.text(link.as_bytes()));
                put(3, self.pieces(address));
                let (name, value) = (self.text(name.as_bytes()), self.pieces(value));
                put(5, (self.words(&[name.0, name.1, value.0, value.1]), 1));
                let protocols: Vec<(u32, u32)> =
                    protocols.iter().map(|it| self.text(it.as_bytes())).collect();
                let list: Vec<u32> =
                    protocols.iter().flat_map(|(at, length)| [*at, *length]).collect();
                put(7, (self.words(&list), protocols.len() as u32));
                words[0] = 1;
            }
            C::Send(link, data) => {
                put(1, self.text(link.as_bytes()));
                put(4, self.pieces(data));
                (words[0], words[3]) = (2, 1);
            }
            C::Close(link, code) => {
                put(1, self.text(link.as_bytes()));
                (words[0], words[3]) = (3, u32::from(*code));
            }
            C::Timer(tag, after_ms) => {
                put(1, self.text(tag.as_bytes()));
                put(3, (1, *after_ms));
                words[0] = 4;
            }
        }
        words
    }
}
