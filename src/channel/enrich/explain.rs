//! What a text would get and which words did it, for `tablica topics try`.
//!
//! Quotes the text: for the person who gave it, never for a server's messages.

use serde::Serialize;

use super::language::Languages;
use super::matcher::{Hit, Output};
use super::normal::Normal;
use super::rules::{Rules, Says};
use super::sentiment::{self, ToneWord};
use crate::event::Sentiment;

/// Everything about one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The text as it is compared.
    pub normalised: String,
    /// In which languages it was looked at.
    pub languages: Vec<&'static str>,
    /// Topics that it gets, in the order of the file.
    pub topics: Vec<RuleWords>,
    /// Complaint rules that hold; with any it is a complaint.
    pub complaint: Vec<RuleWords>,
    /// Spam rules that hold; with any it is spam.
    pub spam: Vec<RuleWords>,
    /// How it sounds.
    pub sentiment: Sentiment,
    /// The sum of the words' points.
    pub score: f32,
    /// The words that count.
    pub tones: Vec<ToneWord>,
}

/// A rule that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleWords {
    /// Its tag or name.
    pub name: String,
    /// The words of the text that matched.
    pub words: Vec<String>,
}

/// Looks at a text as the server would.
pub fn explain(rules: &Rules, text: &str, tag: Option<&str>, site: &str) -> Explanation {
    let mut found = rules.find(text, tag, Languages::of_tag(site));
    let tones = sentiment::tones(&found.hits, &found.normal);
    let (score, sentiment) = sentiment::judge(&tones);
    let normal = &found.normal;
    let mut explanation = Explanation {
        normalised: normal.text().trim().to_owned(),
        languages: found.languages.ids(),
        topics: Vec::new(),
        complaint: Vec::new(),
        spam: Vec::new(),
        sentiment: if tones.is_empty() { super::heard(&found) } else { sentiment },
        score,
        tones: tones
            .iter()
            .map(|tone| ToneWord {
                word: normal.words(tone.from, tone.to).to_owned(),
                points: tone.points,
                negated: tone.negated,
            })
            .collect(),
    };
    for (rule, hits) in rules.holding(&mut found.hits) {
        let rule = &rules.kept[rule];
        let list = match rule.says {
            Says::Topic => &mut explanation.topics,
            Says::Complaint => &mut explanation.complaint,
            Says::Spam => &mut explanation.spam,
        };
        list.push(RuleWords { name: rule.name.clone(), words: words(hits, normal) });
    }
    explanation
}

fn words(hits: &[Hit], normal: &Normal) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for hit in hits.iter().filter(|hit| matches!(hit.output, Output::Word { .. })) {
        let word = normal.words(hit.from, hit.to);
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}
