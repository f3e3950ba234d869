//! `tablica plugin new`: a folder that builds and passes its first test at once.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;

use crate::channel::manifest::SourceKind;

/// The contract that components are made by.
pub(super) const CONTRACT: &str = include_str!("../../../plugins/wit/v1/channel.wit");
/// Names the SDK's folder where `--sdk` does not.
const SDK: &str = "TABLICA_SDK";
const NAME_CHARS_MAX: usize = 40;

/// The arguments of `tablica plugin new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plugin's name, such as `front-desk`: lower-case letters, digits and `-`
    name: String,
    /// The language to write it in
    #[arg(long, value_enum, default_value = "rust")]
    lang: Lang,
    /// How the network's bytes come: webhook, poll, socket, tcp, file, document
    #[arg(long, default_value = "webhook", value_parser = source)]
    source: SourceKind,
    /// The Rust SDK's folder, instead of its repository [default: TABLICA_SDK of the environment]
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Rust,
    Js,
    Python,
}

fn source(word: &str) -> Result<SourceKind, String> {
    let known = || SourceKind::ALL.map(SourceKind::word).join(", ");
    SourceKind::from_word(word).ok_or_else(|| format!("known are {}", known()))
}

/// A template's file: where it goes, and its text.
type File = (&'static str, &'static str);

macro_rules! template {
    ($path:literal) => {
        include_str!(concat!("../../../plugins/templates/", $path))
    };
}

const COMMON: [File; 11] = [
    ("plugin.toml", template!("common/plugin.toml")),
    ("tablica.toml", template!("common/tablica.toml")),
    ("README.md", template!("common/README.md")),
    ("samples/first.json", template!("common/samples/first.json")),
    ("samples/first.events.jsonl", template!("common/samples/first.events.jsonl")),
    ("samples/first.commands.jsonl", template!("common/samples/first.commands.jsonl")),
    ("samples/answer.json", template!("common/samples/answer.json")),
    ("samples/answer.events.jsonl", template!("common/samples/answer.events.jsonl")),
    ("samples/history.json", template!("common/samples/history.json")),
    ("samples/quiet.events.jsonl", template!("common/samples/quiet.events.jsonl")),
    ("samples/quiet.commands.jsonl", template!("common/samples/quiet.commands.jsonl")),
];
const RUST: [File; 3] = [
    ("Cargo.toml", template!("rust/Cargo.toml.txt")),
    (".gitignore", template!("rust/gitignore")),
    ("src/lib.rs", template!("rust/src/lib.rs")),
];
const JS: [File; 4] = [
    ("package.json", template!("js/package.json")),
    (".gitignore", template!("js/gitignore")),
    ("plugin.js", template!("js/plugin.js")),
    ("tablica.js", template!("js/tablica.js")),
];
const PYTHON: [File; 4] = [
    ("requirements.txt", template!("python/requirements.txt")),
    (".gitignore", template!("python/gitignore")),
    ("plugin.py", template!("python/plugin.py")),
    ("tablica.py", template!("python/tablica.py")),
];
/// Ready as they are: nothing in them is filled in.
const VERBATIM: [&str; 2] = ["tablica.js", "tablica.py"];

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let Arguments { name, lang, source, sdk } = arguments;
    check(name)?;
    let folder = Path::new(name);
    if folder.exists() {
        bail!("{name} is there already: choose another name, or another folder to be in");
    }
    let sdk = sdk.clone().or_else(|| std::env::var_os(SDK).map(PathBuf::from));
    let words = words(name, *source, *lang, sdk.as_deref())?;
    let (own, language): (&[File], _) = match lang {
        Lang::Rust => (&RUST, "rust"),
        Lang::Js => (&JS, "js"),
        Lang::Python => (&PYTHON, "python"),
    };
    let choice = [source.word(), language];
    for (file, text) in COMMON.iter().chain(own) {
        let text = match VERBATIM.contains(file) {
            true => (*text).to_owned(),
            false => filled(text, &choice, &words),
        };
        // What says nothing to this choice is no file.
        if !text.trim().is_empty() {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    writeln!(out, "{name}: a plugin that is tested; its README.md goes on from here\n")?;
    writeln!(out, "  cd {name}")?;
    match lang {
        Lang::Rust => {}
        Lang::Js => writeln!(out, "  npm install")?,
        Lang::Python => {
            writeln!(out, "  python3 -m venv .venv")?;
            writeln!(out, "  .venv/bin/pip install --requirement requirements.txt")?;
        }
    }
    writeln!(out, "  tablica plugin build\n  tablica plugin test")?;
    Ok(ExitCode::SUCCESS)
}

fn check(name: &str) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let ends = name.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !begins || !ends || !name.chars().all(plain) || name.len() > NAME_CHARS_MAX {
        bail!(
            "`{name}` is no name of a plugin: at most {NAME_CHARS_MAX} lower-case letters, digits \
             and `-`, the first one a letter, such as `front-desk`"
        );
    }
    // Crates of these names would not be built, or be confused with another.
    if ["test", "std", "core", "alloc", "self", "super", "crate", "tablica-plugin", "serde"]
        .contains(&name)
    {
        bail!("`{name}` means something else to Rust: choose another name");
    }
    Ok(())
}

/// What stands in `{{…}}`.
fn words(
    name: &str,
    source: SourceKind,
    lang: Lang,
    sdk: Option<&Path>,
) -> anyhow::Result<[(&'static str, String); 6]> {
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars
            .next()
            .map_or_else(String::new, |c| c.to_ascii_uppercase().to_string() + chars.as_str())
    };
    let type_name: String = name.split('-').map(capital).collect();
    let network = capital(&name.replace('-', " "));
    let sdk = match sdk {
        None => format!("git = \"{}\"", env!("CARGO_PKG_REPOSITORY")),
        Some(path) => {
            let whole = fs::canonicalize(path)
                .with_context(|| format!("there is no SDK at {}", path.display()))?;
            if !whole.join("Cargo.toml").is_file() {
                bail!("there is no SDK at {}: it has no Cargo.toml", path.display());
            }
            format!("path = {:?}", whole.display().to_string())
        }
    };
    Ok([
        ("name", name.to_owned()),
        // A type of another meaning is in the SDK's own words.
        ("Type", format!("{type_name}Channel")),
        ("network", network),
        ("source", source.word().to_owned()),
        ("ext", if matches!(lang, Lang::Python) { "py" } else { "js" }.to_owned()),
        ("sdk", sdk),
    ])
}

/// Lines between `#@ WORD…` (or `//@ WORD…`) and the next such mark are for these sources or languages;
/// after a mark without any they are for all.
fn filled(template: &str, choice: &[&str], words: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut on = true;
    for line in template.lines() {
        let bare = line.trim_start();
        if let Some(these) = bare.strip_prefix("#@").or_else(|| bare.strip_prefix("//@")) {
            let mut these = these.split_whitespace().peekable();
            on = these.peek().is_none() || these.any(|it| choice.contains(&it));
        } else if on {
            text.push_str(line);
            text.push('\n');
        }
    }
    for (word, value) in words {
        text = text.replace(&format!("{{{{{word}}}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_templates_marks_choose_by_source_and_language() {
        let template = "a\n#@ poll file\n  b {{name}}\n//@ tcp\nc\n#@\nd\n";
        let words = [("name", "bell".to_owned())];
        assert_eq!(filled(template, &["file", "js"], &words), "a\n  b bell\nd\n");
        assert_eq!(filled(template, &["tcp", "js"], &words), "a\nc\nd\n");
        assert_eq!(filled(template, &["webhook", "rust"], &words), "a\nd\n");
    }

    #[test]
    fn what_is_no_name_is_said_so() {
        for name in ["", "Bell", "front desk", "-x", "x-", "9x", "../x", "bell.wasm", "test"] {
            assert!(check(name).is_err(), "{name}");
        }
        for name in ["bell", "front-desk", "x25"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }
}
