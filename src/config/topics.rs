//! Topics: `[topics]` of the config, and the rules file that it names: what makes a message a topic, a complaint, spam, praise or criticism.
//!
//! Only reads and checks what stands there; `channel::enrich` makes something of it, and reads
//! the shipped lexicons by the same words. Like [`load`](super::load) it names all mistakes at
//! once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use super::document::{self, Place, Places, Value};
use super::model::LANGUAGES;
use super::problem::{Problem, Problems};
use super::section::{Reader, Section};
use super::{Environment, document::Node};

/// Longest tag or name of a rule, in characters: it goes into the journal and onto walls.
pub const TAG_CHARS_MAX: usize = 48;

/// What is learned from messages before their text is dropped.
#[derive(Clone, Debug)]
pub struct Topics {
    /// The site's rules: topics, complaints, spam, sentiment. Without it the shipped lexicons
    /// hold.
    pub file: Option<PathBuf>,
    /// How much of a text is looked at; what is beyond is counted. Default 4 KiB.
    pub text_bytes_max: usize,
    /// Topics of one message; what is beyond is counted. Default 8.
    pub tags_max: usize,
}

impl Default for Topics {
    fn default() -> Self {
        Self { file: None, text_bytes_max: 4 * 1024, tags_max: 8 }
    }
}

/// A whole rules file.
#[derive(Clone, Debug, Default)]
pub struct RulesFile {
    /// `[shipped]`: which of the shipped lexicons hold beside this file.
    pub shipped: Shipped,
    /// `[[topic]]`
    pub topics: Vec<Rule>,
    /// `[[complaint]]`
    pub complaints: Vec<Rule>,
    /// `[[spam]]`
    pub spam: Vec<Rule>,
    /// `[sentiment.LANGUAGE]`
    pub sentiment: Vec<Tones>,
}

/// Which shipped lexicons hold; all by default.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Complaint rules.
    pub complaint: bool,
    /// Spam rules.
    pub spam: bool,
    /// Words of praise and criticism.
    pub sentiment: bool,
}

impl Default for Shipped {
    fn default() -> Self {
        Self { complaint: true, spam: true, sentiment: true }
    }
}

/// One rule: any of the words, none of the others.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The tag of a topic; what a person calls a complaint or spam rule.
    pub name: String,
    /// How many different words must be there.
    pub min: usize,
    /// Words and phrases.
    pub words: Vec<Word>,
    /// With one of these in the text the rule does not hold.
    pub not: Vec<Word>,
    /// Where it stands.
    pub line: Option<usize>,
}

/// A word or phrase as written.
#[derive(Clone, Debug)]
pub struct Word {
    /// As written.
    pub text: String,
    /// `en`, `pl`, `ru`, `uk`, or all.
    pub language: Option<&'static str>,
    /// Where it stands.
    pub line: Option<usize>,
}

/// Words by how they sound, in one language or in all.
#[derive(Clone, Debug, Default)]
pub struct Tones {
    /// Count +1.
    pub positive: Vec<Word>,
    /// Count +2.
    pub very_positive: Vec<Word>,
    /// Count −1.
    pub negative: Vec<Word>,
    /// Count −2.
    pub very_negative: Vec<Word>,
    /// Turn the words after them round: `not`, `nie`.
    pub negations: Vec<Word>,
    /// Do not count, nor do words inside such a phrase; shipped words of the same spelling go.
    pub neutral: Vec<Word>,
}

/// `[topics]` of the config.
pub(super) fn settings(mut section: Section<'_>) -> Topics {
    let default = Topics::default();
    let topics = Topics {
        // Not looked for here: a server goes on without it, and `check` reads it.
        file: section.path("file"),
        text_bytes_max: section.bytes("text_bytes_max", default.text_bytes_max, 64..=1 << 20),
        tags_max: section.count("tags_max", default.tags_max, 1..=32),
    };
    section.finish();
    topics
}

/// Reads a file's text; `file` is its name in messages. What could be read comes along with the
/// problems, so that whoever looks deeper can add theirs.
pub fn read(text: &str, file: &str) -> (RulesFile, Vec<Problem>) {
    let table = match document::parse(text, file) {
        Ok(table) => table,
        Err(problems) => return (RulesFile::default(), problems.iter().cloned().collect()),
    };
    let environment = Environment::default();
    let places = Places { file: Some(file.to_owned()), ..Places::default() };
    let reader = Reader {
        environment: &environment,
        folder: PathBuf::new(),
        places: RefCell::new(places),
        problems: RefCell::default(),
    };
    let mut root = Section::root(&reader, table);
    let rules = RulesFile {
        shipped: shipped(root.section("shipped")),
        topics: rules(&mut root, "topic"),
        complaints: rules(&mut root, "complaint"),
        spam: rules(&mut root, "spam"),
        sentiment: sentiment(root.section("sentiment")),
    };
    root.finish();
    (rules, reader.problems.into_inner())
}

fn shipped(mut section: Section<'_>) -> Shipped {
    let default = Shipped::default();
    let shipped = Shipped {
        complaint: section.boolean("complaint", default.complaint),
        spam: section.boolean("spam", default.spam),
        sentiment: section.boolean("sentiment", default.sentiment),
    };
    section.finish();
    shipped
}

/// The tables of `[[key]]`.
fn rules(root: &mut Section<'_>, key: &'static str) -> Vec<Rule> {
    let reader = root.reader;
    let items = match root.take(key) {
        None => return Vec::new(),
        Some(Node { value: Value::List(items), .. }) => items,
        Some(node) => {
            let expected = format!("[[{key}]], once for each rule");
            reader.report(&node.place, Problem::about(key, node.value.describe(), expected));
            return Vec::new();
        }
    };
    let mut names = BTreeSet::new();
    let mut rules = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let place = item.place.clone();
        let path = format!("{key}.{}", called(&item).unwrap_or_else(|| (index + 1).to_string()));
        let rule = rule(Section::of(reader, path, Some(item)), key, &place);
        if key == "topic" && !rule.name.is_empty() && !names.insert(rule.name.clone()) {
            let found = "another topic has this tag";
            let expected = "one [[topic]] with all its words";
            reader.report(&place, Problem::about(format!("topic.{}", rule.name), found, expected));
        }
        rules.push(rule);
    }
    rules
}

/// What the rule calls itself, for messages.
fn called(item: &Node) -> Option<String> {
    let Value::Table(table) = &item.value else { return None };
    let name = table.get("tag").or_else(|| table.get("name"))?;
    super::section::text(name)
}

fn rule(mut section: Section<'_>, kind: &'static str, place: &Place) -> Rule {
    let named = if kind == "topic" { "tag" } else { "name" };
    let name = section.optional_text(named);
    if name.is_none() && kind == "topic" {
        section.wrong("tag", "the topic has no tag", "tag = \"…\": a short name");
    }
    let name = name.unwrap_or_else(|| kind.to_owned());
    // A tag goes into the journal and into queries; other names are only read.
    let usable = |c: char| match kind {
        "topic" => c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/'),
        _ => !c.is_control(),
    };
    if name.chars().count() > TAG_CHARS_MAX || !name.chars().all(usable) {
        let expected =
            format!("letters, digits, spaces, - _ . and /, at most {TAG_CHARS_MAX} in all");
        section.wrong(named, format!("found {name:?}"), expected);
    }
    let rule = Rule {
        name,
        min: section.count("min", 1, 1..=10),
        words: by_language(&mut section),
        not: words(&mut section, "not", None),
        line: place.line,
    };
    if rule.words.is_empty() {
        let place = Place { line: place.line, variable: None };
        let expected = format!("words under {} or all", LANGUAGES.join(", "));
        let problem = Problem::about(section.key(""), "a rule without words", expected);
        let key = problem.key.trim_end_matches('.').to_owned();
        section.reader.report(&place, Problem { key, ..problem });
    }
    section.finish();
    rule
}

fn by_language(section: &mut Section<'_>) -> Vec<Word> {
    let mut all = words(section, "all", None);
    for language in LANGUAGES {
        all.extend(words(section, language, Some(language)));
    }
    all
}

fn words(
    section: &mut Section<'_>,
    key: &'static str,
    language: Option<&'static str>,
) -> Vec<Word> {
    let texts = section.texts(key).into_iter();
    texts.map(|(place, text)| Word { text, language, line: place.line }).collect()
}

fn sentiment(mut section: Section<'_>) -> Vec<Tones> {
    let languages = LANGUAGES.iter().map(|id| (*id, Some(*id)));
    let all = languages.chain([("all", None)]).map(|(key, language)| {
        let mut section = section.section(key);
        let mut list = |key| words(&mut section, key, language);
        let tones = Tones {
            positive: list("positive"),
            very_positive: list("very_positive"),
            negative: list("negative"),
            very_negative: list("very_negative"),
            negations: list("negations"),
            neutral: list("neutral"),
        };
        section.finish();
        tones
    });
    let all = all.collect();
    section.finish();
    all
}

/// The problems in the order of the file, if there are any.
pub fn problems(problems: Vec<Problem>) -> Result<(), Problems> {
    if problems.is_empty() { Ok(()) } else { Err(Problems::from(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let text = "[shipped]\ncomplain = false\n[[topic]]\npl = ['zwrot']\n[[topic]]\ntag = 'a,b'\n\
                    [[topic]]\ntag = 'refund'\nen = ['refund', 3]\nfr = ['retour']\n\
                    [[topic]]\ntag = 'refund'\nall = 'iban'\n[spam]\nen = ['casino']\n\
                    [sentiment.en]\npositve = ['good']\n";
        let (_, found) = read(text, "topics.toml");
        let said = problems(found).expect_err("many").to_string();
        expect_test::expect![[r#"
            topics.toml:2: shipped.complain: unknown key; did you mean `complaint`? Expected one of complaint, spam, sentiment
            topics.toml:3: topic.1.tag: the topic has no tag; expected tag = "…": a short name
            topics.toml:5: topic.a,b: a rule without words; expected words under en, pl, ru, uk or all
            topics.toml:6: topic.a,b.tag: found "a,b"; expected letters, digits, spaces, - _ . and /, at most 48 in all
            topics.toml:9: topic.refund.en: found 3; expected a list of texts
            topics.toml:10: topic.refund.fr: unknown key; expected one of tag, min, all, en, pl, ru, uk, not
            topics.toml:11: topic.refund: another topic has this tag; expected one [[topic]] with all its words
            topics.toml:14: spam: found a table; expected [[spam]], once for each rule
            topics.toml:17: sentiment.en.positve: unknown key; did you mean `positive`?
            9 problems"#]].assert_eq(&said);
    }

    #[test]
    fn a_rule_is_read_with_the_line_of_each_word() {
        let text = "[[topic]]\ntag = 'refund'\nmin = 2\nen = ['refund',\n  'money back']\n\
                    not = ['gift card']\n[sentiment.pl]\nneutral = ['problem']\n";
        let (rules, found) = read(text, "topics.toml");
        assert_eq!(found, []);
        let rule = &rules.topics[0];
        assert_eq!((rule.name.as_str(), rule.min, rule.line), ("refund", 2, Some(1)));
        let words: Vec<_> =
            rule.words.iter().map(|word| (word.text.as_str(), word.language, word.line)).collect();
        assert_eq!(words, [("refund", Some("en"), Some(4)), ("money back", Some("en"), Some(5))]);
        assert_eq!(rule.not[0].text, "gift card");
        assert_eq!(rules.sentiment[1].neutral[0].language, Some("pl"));
    }
}
