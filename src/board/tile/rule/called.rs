//! What the rules say of a tile that has a value in each row: the gravest on the tile, and each where it is.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use super::{Alarm, Raised};
use crate::board::figures::Scene;
use crate::board::tile::{Tone, verdict};
use crate::kpi::value::{Better, Unit};

/// The part of a tile's value that is about its rules.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(in crate::board::tile) struct Called {
    #[serde(skip)]
    tone: Option<Tone>,
    /// What the gravest says.
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    /// Of which row.
    #[serde(skip_serializing_if = "Option::is_none")]
    word_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm: Option<Alarm>,
    /// Each row's that has a sound or a frame: a screen hears each of them once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alarms: Vec<OfRow>,
}

#[derive(Debug, PartialEq, Serialize)]
struct OfRow {
    /// Tells the row from others, also after a reload, and says nothing of whom it is.
    row: String,
    tone: Tone,
    #[serde(flatten)]
    alarm: Alarm,
}

/// What is marked in a row: how grave the rule is that holds in it, and what it draws. The part of the row's
/// value that is about its rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::board::tile) struct Mark {
    #[serde(rename = "raised", skip_serializing_if = "Option::is_none")]
    pub(in crate::board::tile) tone: Option<Tone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::board::tile) icon: Option<&'static str>,
}

impl Mark {
    /// The graver of both, of equals this one.
    pub(in crate::board::tile) fn or_graver(self, other: Mark) -> Mark {
        if other.tone > self.tone { other } else { self }
    }

    /// A row's colour, which no rule makes better.
    pub(in crate::board::tile) fn over(self, tone: Tone) -> Tone {
        tone.max(self.tone.unwrap_or(Tone::Plain))
    }
}

impl Called {
    /// A rule holds in a row; the word is what is said there. Of equals the first is the tile's. A row is
    /// told from others by its first name, and called by its second.
    pub(in crate::board::tile) fn add(
        &mut self,
        (row, title): (&str, &str),
        (tone, word, alarm): (Tone, Option<String>, Alarm),
    ) -> Mark {
        let mark = Mark { tone: Some(tone), icon: alarm.icon() };
        if alarm.is_felt() && !row.is_empty() {
            self.alarms.push(OfRow { row: key(row), tone, alarm: alarm.clone() });
        }
        if self.tone.is_none_or(|before| tone > before) {
            self.tone = Some(tone);
            self.word = word;
            self.word_of = (!title.is_empty()).then(|| title.to_owned());
            self.alarm = Some(alarm);
        }
        mark
    }

    /// The same of a value that is no KPI's, with what is true of it where the file has no word.
    pub(in crate::board::tile) fn raise(
        &mut self,
        row: (&str, &str),
        raised: Option<Raised>,
        (unit, better): (Unit, Better),
        scene: &Scene<'_>,
    ) -> Mark {
        let Some(Raised { tone, word, alarm }) = raised else { return Mark::default() };
        let word = word.unwrap_or_else(|| verdict::beyond(unit, better, tone, scene.language));
        self.add(row, (tone, Some(word), alarm))
    }

    /// No rule holds; the tile has a word all the same.
    pub(in crate::board::tile) fn saying(word: Option<String>) -> Called {
        Called { word, ..Called::default() }
    }

    /// Of the gravest rule that holds.
    pub(in crate::board::tile) fn tone(&self) -> Tone {
        self.tone.unwrap_or(Tone::Plain)
    }
}

/// A row as screens remember it.
fn key(row: &str) -> String {
    let mut hash = DefaultHasher::new();
    row.hash(&mut hash);
    format!("{:08x}", hash.finish() as u32)
}
