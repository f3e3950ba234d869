//! `tablica topics`: what a text would get, and whether a rules file is good.
//!
//! Works on the rules that a server would have: the file over the shipped lexicons.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;

use crate::channel::enrich::{Explanation, RuleWords, Rules, explain, knows_language};
use crate::config::model::LANGUAGES;
use crate::config::{self, Environment, Problems};
use crate::kpi::text::counted;

const EXAMPLES: &str = "\
Examples:
  tablica topics try \"gdzie jest moja paczka?\" --file topics.toml
  tablica topics try \"не работает\" --language ru --config tablica.toml --json
  tablica topics check topics.toml";

/// The arguments of `tablica topics`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with topic rules.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Show which topics, complaint, spam and sentiment a message gets, and by which of its words
    ///
    /// Topics come from your rules file. Without --config or --file there are none, and only what
    /// ships is tried: it knows complaints, spam and sentiment.
    Try {
        /// The message
        text: String,
        /// The language that the network tells, such as pl or ru-RU; without it, it is guessed
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        /// Take the rules file and the site's language from this config
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// The rules file, instead of the config's
        #[arg(long, value_name = "RULES")]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say everything that is wrong with a rules file, line by line
    Check {
        /// The rules file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Carries it out; the exit code is 1 when a checked file is bad.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Check { file, json } => check(file, *json, out),
        Action::Try { text, language, config, file, json } => {
            let (site_file, site) = site(config.as_deref(), environment)?;
            let file = file.clone().or(site_file);
            let rules = match &file {
                Some(file) => Rules::load(file),
                None => Rules::shipped(),
            };
            let rules = rules.map_err(|problems| anyhow::anyhow!("{problems}"))?;
            let tag = language.as_deref();
            if let Some(tag) = tag.filter(|tag| !knows_language(tag)) {
                let known = LANGUAGES.join(", ");
                bail!(
                    "--language {tag}: there is no lexicon for that language, only for {known}; \
                     expected a tag such as pl or ru-RU, or none: then the letters tell"
                );
            }
            let explanation = explain(&rules, text, tag, &site);
            if *json {
                writeln!(out, "{}", serde_json::to_string_pretty(&explanation)?)?;
            } else {
                write!(out, "{}", told(&explanation, rules.topics()))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The rules file and the language of a site.
fn site(
    config: Option<&Path>,
    environment: &Environment,
) -> anyhow::Result<(Option<PathBuf>, String)> {
    let Some(path) = config else {
        return Ok((None, config::model::Site::default().language));
    };
    // Whoever tries words need not have the server's secrets.
    let environment = Environment { skips_secrets: true, ..environment.clone() };
    let config = config::load_with(Some(path), &environment)
        .map_err(|problems| anyhow::anyhow!("{problems}"))
        .context("the config is bad")?;
    Ok((config.topics.file, config.site.language))
}

fn check(file: &Path, json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match (Rules::load(file), json) {
        (Ok(rules), true) => {
            let (topics, words) = (rules.topics(), rules.words());
            writeln!(
                out,
                "{}",
                json!({ "ok": true, "problems": [], "topics": topics, "words": words })
            )?;
            Ok(ExitCode::SUCCESS)
        }
        (Ok(rules), false) => {
            let words = rules.words();
            let topics = counted(i64::try_from(rules.topics()).unwrap_or(i64::MAX), "topics");
            let file = file.display();
            writeln!(out, "{file}: ok, {topics}; {words} words with the shipped ones")?;
            Ok(ExitCode::SUCCESS)
        }
        (Err(problems), json) => {
            print_problems(&problems, json, out)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn print_problems(problems: &Problems, json: bool, out: &mut impl Write) -> std::io::Result<()> {
    if json {
        writeln!(out, "{}", json!({ "ok": false, "problems": problems }))
    } else {
        writeln!(out, "{problems}")
    }
}

fn told(explanation: &Explanation, topics: usize) -> String {
    let mut told = String::new();
    let mut line = |name: &str, value: &str| {
        // Into a text nothing can fail.
        let _ = writeln!(told, "{name:<10} {value}");
    };
    line("languages", &or_none(explanation.languages.join(", ")));
    if topics == 0 {
        line("topics", "none: no topics are known; name your rules file (--file, --config)");
    } else {
        line("topics", &rules(&explanation.topics));
    }
    line("complaint", &yes_or_no(&explanation.complaint));
    line("spam", &yes_or_no(&explanation.spam));
    let sentiment = format!("{}, score {:+}", explanation.sentiment.word(), explanation.score);
    let tones: Vec<String> = explanation
        .tones
        .iter()
        .map(|tone| {
            let negated = if tone.negated { ", negated" } else { "" };
            format!("\"{}\" {:+}{negated}", tone.word, tone.points)
        })
        .collect();
    let tones = if tones.is_empty() { String::new() } else { format!(": {}", tones.join("; ")) };
    line("sentiment", &format!("{sentiment}{tones}"));
    told
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

fn rules(list: &[RuleWords]) -> String {
    let rule = |rule: &RuleWords| format!("{} (\"{}\")", rule.name, rule.words.join("\", \""));
    or_none(list.iter().map(rule).collect::<Vec<_>>().join(", "))
}

fn yes_or_no(list: &[RuleWords]) -> String {
    if list.is_empty() { "no".to_owned() } else { format!("yes: {}", rules(list)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(arguments: &[&str]) -> (String, Result<ExitCode, String>) {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            arguments: Arguments,
        }
        let line = <Line as clap::Parser>::try_parse_from([&["topics"], arguments].concat());
        let arguments = line.unwrap_or_else(|error| panic!("{error}")).arguments;
        let mut out = Vec::new();
        let code = run(&arguments, &Environment::default(), &mut out);
        (String::from_utf8_lossy(&out).into_owned(), code.map_err(|error| format!("{error:#}")))
    }

    #[test]
    fn a_text_is_shown_with_the_words_that_did_it() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("topics.toml");
        std::fs::write(&file, "[[topic]]\ntag = \"parcel\"\npl = [\"paczka\"]\n").expect("write");
        let file = file.display().to_string();
        let text = "Nie jestem zadowolona: gdzie są moje paczki? Nikt nie odpowiada";
        let (said, code) = command(&["try", text, "--language", "pl", "--file", &file]);
        assert_eq!(code, Ok(ExitCode::SUCCESS));
        expect_test::expect![[r#"
            languages  en, pl
            topics     parcel ("paczki")
            complaint  yes: mówi, co poszło źle ("nikt nie odpowiada")
            spam       no
            sentiment  negative, score -3: "zadowolona" -1, negated; "nikt nie odpowiada" -2
        "#]]
        .assert_eq(&said);

        let (said, _) = command(&["try", text, "--file", &file, "--json"]);
        let json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(json["topics"][0]["words"][0], "paczki");
        assert_eq!(json["sentiment"], "negative");
    }

    #[test]
    fn without_rules_the_shipped_lexicons_are_tried() {
        let (said, _) = command(&["try", "when do you open"]);
        assert!(said.ends_with("neutral, score +0\n"), "{said}");
        let (said, _) = command(&["try", "thanks"]);
        assert!(said.contains("no topics are known; name your rules file"), "{said}");
        assert!(said.contains("positive, score +1: \"thanks\" +1"), "{said}");
        // The shell has no secrets, and needs none.
        let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/tablica.toml");
        assert_eq!(command(&["try", "thanks", "--config", demo]).1, Ok(ExitCode::SUCCESS));
        let (_, code) = command(&["try", "x", "--language", "по-русски"]);
        assert!(code.expect_err("no tag").contains("such as pl or ru-RU"));
    }

    #[test]
    fn a_language_without_a_lexicon_is_refused_with_those_that_have_one() {
        let (said, code) = command(&["try", "das ist schlecht", "--language", "de"]);
        assert_eq!(said, "");
        let error = code.expect_err("nothing is guessed");
        assert!(error.contains("--language de: ") && error.contains("en, pl, ru, uk"), "{error}");
        let (said, code) = command(&["try", "это плохо", "--language", "RU-ru"]);
        assert_eq!(code, Ok(ExitCode::SUCCESS));
        assert!(said.starts_with("languages  ru\n"), "{said}");
    }

    #[test]
    fn a_bad_file_is_told_with_every_line() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("topics.toml");
        std::fs::write(&file, "[[topic]]\nen = [\"***\"]\nfr = 1\n").expect("write");
        let path = file.display().to_string();
        let (said, code) = command(&["check", &path]);
        assert_eq!(code, Ok(ExitCode::FAILURE));
        assert!(said.contains("topics.toml:2: ") && said.contains("topics.toml:3: "), "{said}");
        assert!(said.ends_with("3 problems\n"), "{said}");
        let (said, _) = command(&["check", &path, "--json"]);
        let json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(
            (json["ok"].as_bool(), json["problems"][0]["line"].as_u64()),
            (Some(false), Some(1))
        );

        std::fs::write(&file, "[[topic]]\ntag = \"a\"\nen = [\"b\"]\n").expect("write");
        let (said, code) = command(&["check", &path]);
        assert_eq!(code, Ok(ExitCode::SUCCESS));
        assert!(said.contains("topics.toml: ok, 1 topic;"), "{said}");
    }
}
