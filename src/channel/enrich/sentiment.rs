//! How a text sounds: its words of praise and criticism, summed up.
//!
//! A word counts +1 or −1, a strong one twice that. A negation up to [`NEGATION_REACH`] words
//! before, in the same clause, turns it round: `не доволен` counts −1. What is not bad is not
//! good either, so a negated criticism counts half. Where phrases overlap the longest counts.

use serde::Serialize;

use super::matcher::{Hit, Output};
use super::normal::Normal;
use crate::event::Sentiment;

/// Words between a negation and what it turns round, itself included.
const NEGATION_REACH: usize = 3;

/// A word that counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tone {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) points: f32,
    pub(super) negated: bool,
}

/// The words that count, in order.
pub(super) fn tones(hits: &[Hit], normal: &Normal) -> Vec<Tone> {
    let mut tones: Vec<(usize, usize, i8)> = Vec::new();
    let mut negations = Vec::new();
    for hit in hits {
        match hit.output {
            Output::Tone(points) => tones.push((hit.from, hit.to, points)),
            Output::Negation => negations.push(hit.from),
            Output::Word { .. } | Output::Not { .. } => {}
        }
    }
    // At the same place the longer first, and the stronger of two languages.
    tones.sort_by_key(|(from, to, points)| {
        (*from, std::cmp::Reverse(*to), std::cmp::Reverse(points.abs()))
    });
    let mut counted: Vec<Tone> = Vec::new();
    for (from, to, points) in tones {
        let covered = counted.last().map_or(0, |tone| tone.to);
        if from < covered {
            continue;
        }
        // A negation inside a phrase that counts has done its work: `не работает, спасибо`.
        let negated = negations.iter().any(|at| {
            (covered..from).contains(at) && from - at <= NEGATION_REACH && !normal.parted(*at, from)
        });
        let points = f32::from(points);
        let points = match (negated, points < 0.0) {
            (false, _) => points,
            (true, false) => -points,
            (true, true) => -points / 2.0,
        };
        counted.push(Tone { from, to, points, negated });
    }
    // Neutral phrases have covered the words in them: a good morning is no praise.
    counted.retain(|tone| tone.points != 0.0);
    counted
}

/// The sum, and what it says.
pub(super) fn judge(tones: &[Tone]) -> (f32, Sentiment) {
    // From 0: the sum of nothing would be -0.
    let score = tones.iter().fold(0.0, |sum, tone| sum + tone.points);
    let sentiment = if score > 0.0 {
        Sentiment::Positive
    } else if score < 0.0 {
        Sentiment::Negative
    } else {
        Sentiment::Neutral
    };
    (score, sentiment)
}

/// A word that counted, for a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToneWord {
    /// As it stands in the text, normalised.
    pub word: String,
    /// What it counts.
    pub points: f32,
    /// A negation before it turned it round.
    pub negated: bool,
}
