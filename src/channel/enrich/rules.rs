//! The rules in force: the site's file over the shipped lexicons, made ready for matching.

use std::collections::BTreeSet;
use std::path::Path;

use super::language::{Languages, languages};
use super::matcher::{Builder, Hit, Matcher, Output};
use super::normal::Normal;
use super::phrase::Phrase;
use crate::config::topics::{self, Rule, RulesFile, Tones, Word};
use crate::config::{Problem, Problems};
use crate::files;

/// Largest rules file.
pub const FILE_BYTES_MAX: u64 = 1 << 20;
/// Topics, complaint rules and spam rules in all.
pub const RULES_MAX: usize = 2000;
/// Words and phrases of all of them, sentiment included.
pub const WORDS_MAX: usize = 50_000;

/// The lexicons that ship, by file name.
const SHIPPED: [(&str, &str); 5] = [
    ("lexicon/all.toml", include_str!("lexicon/all.toml")),
    ("lexicon/en.toml", include_str!("lexicon/en.toml")),
    ("lexicon/pl.toml", include_str!("lexicon/pl.toml")),
    ("lexicon/ru.toml", include_str!("lexicon/ru.toml")),
    ("lexicon/uk.toml", include_str!("lexicon/uk.toml")),
];

/// What a rule says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Topic,
    Complaint,
    Spam,
}

/// A rule without its words: those are in the matcher.
pub(super) struct Kept {
    pub(super) says: Says,
    pub(super) name: String,
    pub(super) min: usize,
}

/// All rules, ready for use. Does not change; a new file makes new ones.
pub struct Rules {
    matcher: Matcher,
    pub(super) kept: Vec<Kept>,
    words: usize,
}

/// What was found in one text. Holds a customer's words, so it has no `Debug`.
pub(super) struct Found {
    pub(super) normal: Normal,
    pub(super) languages: Languages,
    pub(super) hits: Vec<Hit>,
}

impl Rules {
    /// The shipped lexicons alone.
    pub fn shipped() -> Result<Self, Problems> {
        compile(RulesFile::default(), "shipped", Vec::new())
    }

    /// A rules file over the shipped lexicons, or all that is wrong with it.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let file = path.display().to_string();
        let unreadable = |found: String, expected: &str| {
            Problems::from(vec![Problem::in_file(&file, &found, expected)])
        };
        let read = |error: std::io::Error| {
            unreadable(format!("the file cannot be read ({error})"), "a rules file")
        };
        Self::parse(&files::read_to_string(path, FILE_BYTES_MAX).map_err(read)?, &file)
    }

    /// As [`load`](Self::load), from a text; `file` is the name in messages.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let (rules, problems) = topics::read(text, file);
        compile(rules, file, problems)
    }

    /// How many topics there are.
    pub fn topics(&self) -> usize {
        self.kept.iter().filter(|rule| rule.says == Says::Topic).count()
    }

    /// How many words and phrases there are, the shipped ones included.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Everything that any rule knows of a text.
    pub(super) fn find(&self, text: &str, tag: Option<&str>, site: Languages) -> Found {
        let normal = Normal::of(text);
        let languages = languages(normal.letters(), tag, site);
        let hits = self.matcher.scan(&normal, languages);
        Found { normal, languages, hits }
    }

    /// The rules that hold, in the order of the file, each with its hits.
    pub(super) fn holding<'a>(&self, hits: &'a mut [Hit]) -> Vec<(usize, &'a [Hit])> {
        let rule_of = |hit: &Hit| match hit.output {
            Output::Word { rule, .. } | Output::Not { rule } => rule as usize,
            Output::Tone(_) | Output::Negation => usize::MAX,
        };
        hits.sort_by_key(rule_of);
        let by_rule = hits.chunk_by(|a, b| rule_of(a) == rule_of(b));
        let holds = |of_one: &&[Hit]| {
            let Some(rule) = of_one.first().and_then(|hit| self.kept.get(rule_of(hit))) else {
                return false;
            };
            let denied = of_one.iter().any(|hit| matches!(hit.output, Output::Not { .. }));
            !denied && (rule.min == 1 || different(of_one) >= rule.min)
        };
        by_rule.filter(holds).map(|of_one| (rule_of(&of_one[0]), of_one)).collect()
    }
}

/// How many different words at different places: the same word of two languages is one.
fn different(hits: &[Hit]) -> usize {
    let words: BTreeSet<Output> = hits.iter().map(|hit| hit.output).collect();
    let places: BTreeSet<usize> = hits.iter().map(|hit| hit.from).collect();
    words.len().min(places.len())
}

/// Adds the shipped lexicons that the file lets hold, and makes the matcher.
fn compile(site: RulesFile, file: &str, problems: Vec<Problem>) -> Result<Rules, Problems> {
    let mut compiler = Compiler { problems, ..Compiler::default() };
    let shipped = site.shipped;
    compiler.neutral(&site);
    compiler.file(&site, file);
    for (name, text) in SHIPPED {
        let (mut lexicon, problems) = topics::read(text, name);
        compiler.problems.extend(problems);
        if !shipped.complaint {
            lexicon.complaints.clear();
        }
        if !shipped.spam {
            lexicon.spam.clear();
        }
        if !shipped.sentiment {
            lexicon.sentiment.clear();
        }
        compiler.file(&lexicon, name);
    }
    compiler.finish(file)
}

#[derive(Default)]
struct Compiler {
    builder: Builder,
    kept: Vec<Kept>,
    words: u32,
    /// What the site takes out of the shipped sentiment lexicons.
    neutral: Vec<Phrase>,
    problems: Vec<Problem>,
}

impl Compiler {
    fn file(&mut self, rules: &RulesFile, file: &str) {
        for (says, of_kind, key) in [
            (Says::Topic, &rules.topics, "topic"),
            (Says::Complaint, &rules.complaints, "complaint"),
            (Says::Spam, &rules.spam, "spam"),
        ] {
            for rule in of_kind {
                self.rule(rule, says, &format!("{key}.{}", rule.name), file);
            }
        }
        for tones in &rules.sentiment {
            self.tones(tones, file);
        }
    }

    fn rule(&mut self, rule: &Rule, says: Says, key: &str, file: &str) {
        let number = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        for word in &rule.words {
            let output = Output::Word { rule: number, word: self.words };
            self.word(word, key, file, output);
        }
        for word in &rule.not {
            self.word(word, &format!("{key}.not"), file, Output::Not { rule: number });
        }
        if rule.min > rule.words.len() && !rule.words.is_empty() {
            let found = format!("{} of {} words can never be there", rule.min, rule.words.len());
            self.wrong(&format!("{key}.min"), file, rule.line, found, "as many as words, or less");
        }
        self.kept.push(Kept { says, name: rule.name.clone(), min: rule.min });
    }

    fn tones(&mut self, tones: &Tones, file: &str) {
        for (words, output) in [
            (&tones.positive, Output::Tone(1)),
            (&tones.very_positive, Output::Tone(2)),
            (&tones.negative, Output::Tone(-1)),
            (&tones.very_negative, Output::Tone(-2)),
            (&tones.negations, Output::Negation),
            (&tones.neutral, Output::Tone(0)),
        ] {
            for word in words {
                self.word(word, "sentiment", file, output);
            }
        }
    }

    /// Before the lexicons: what the site calls neutral is not taken from them.
    fn neutral(&mut self, site: &RulesFile) {
        for word in site.sentiment.iter().flat_map(|tones| &tones.neutral) {
            // What is no phrase is said with the others, by `word`.
            self.neutral.extend(Phrase::parse(&word.text));
        }
    }

    fn word(&mut self, word: &Word, key: &str, file: &str, output: Output) {
        let phrase = match Phrase::parse(&word.text) {
            Ok(phrase) => phrase,
            Err(error) => {
                let found = format!("found {:?}", word.text);
                self.wrong(key, file, word.line, found, &error.to_string());
                return;
            }
        };
        if matches!(output, Output::Tone(points) if points != 0) && self.neutral.contains(&phrase) {
            return;
        }
        let languages = word.language.map_or(Languages::ALL, Languages::of_tag);
        self.builder.add(&phrase, languages, output);
        self.words += 1;
    }

    fn wrong(&mut self, key: &str, file: &str, line: Option<usize>, found: String, wanted: &str) {
        let problem = Problem::about(key, found, wanted);
        self.problems.push(Problem { file: Some(file.to_owned()), line, ..problem });
    }

    fn finish(mut self, file: &str) -> Result<Rules, Problems> {
        let words = self.words as usize;
        if self.kept.len() > RULES_MAX || words > WORDS_MAX {
            let found = format!("{} rules with {words} words", self.kept.len());
            let wanted = format!("at most {RULES_MAX} rules with {WORDS_MAX} words");
            self.wrong("", file, None, found, &wanted);
        }
        topics::problems(self.problems)?;
        Ok(Rules { matcher: self.builder.build(), kept: self.kept, words })
    }
}
