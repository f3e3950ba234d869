//! `[[sample]]`: a test of a plugin, as data. Either files that are handed in one after the other, or
//! a scenario of steps: what comes on links, timers, answers, restarts, each at its time.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::ManifestProblem;
use crate::channel::host::FailureClass;
use crate::channel::input::{InputKind, Method};
use crate::event::UnixMs;

/// A test of the plugin.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Raw input, relative to `plugin.toml`; several files are given one after the other.
    #[serde(default, rename = "file", deserialize_with = "one_or_many")]
    pub files: Vec<String>,
    /// How to read it.
    #[serde(rename = "as")]
    pub kind: Option<InputKind>,
    /// Instead of files: what happens, in order.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    /// What the plugin must make of it, as JSON lines; relative to `plugin.toml`.
    pub expect: String,
    /// What it must ask for and answer, as JSON lines of commands and replies. Not compared without
    /// it.
    pub expect_commands: Option<String>,
    /// What the sample shows.
    #[serde(default)]
    pub about: String,
    /// The operator's settings for this sample.
    #[serde(default)]
    pub settings: Option<toml::Table>,
}

/// One step of a scenario: one input, or a restart, or only a time.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// A network's call.
    pub webhook: Option<WebhookStep>,
    /// The answer to a `fetch`.
    pub response: Option<ResponseStep>,
    /// Lines of a tailed file.
    pub line: Option<Bytes>,
    /// What comes on a link.
    pub frame: Option<FrameStep>,
    /// A mail or a file.
    pub document: Option<DocumentStep>,
    /// A link opens.
    pub connected: Option<UpStep>,
    /// A link breaks.
    pub disconnected: Option<DownStep>,
    /// A timer fires; its tag.
    pub timer: Option<String>,
    /// The plugin ends and begins anew from its snapshot.
    pub restart: bool,
    /// What the clock says from here on, such as `2026-11-22T12:00:00Z`.
    #[serde(deserialize_with = "time")]
    pub at: Option<UnixMs>,
    /// What the plugin says to it, where that is no output.
    pub expect: Option<Refusal>,
}

/// Bytes: of a file, relative to `plugin.toml`, or as they stand here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bytes {
    /// A file with them.
    pub file: Option<String>,
    /// The text itself.
    pub text: Option<String>,
}

/// `webhook = { … }`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookStep {
    /// Its body is in this file.
    pub file: Option<String>,
    /// Its body.
    pub text: Option<String>,
    /// Only those that the plugin reads reach it.
    pub headers: BTreeMap<String, String>,
    /// Without `?`.
    pub query: Option<String>,
    /// `POST` without it.
    #[serde(deserialize_with = "method")]
    pub method: Option<Method>,
}

/// `response = { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResponseStep {
    /// Its body is in this file.
    pub file: Option<String>,
    /// Its body.
    pub text: Option<String>,
    /// 200 without it; 0 when there was no answer.
    pub status: Option<u16>,
    /// Headers.
    pub headers: BTreeMap<String, String>,
    /// The request's; `last`, or none, is that of the last fetch.
    pub tag: Option<String>,
}

/// `frame = { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameStep {
    /// The link's name.
    pub link: String,
    /// A file with bytes: a text message where it is text.
    pub file: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// It is a binary message, or of a stream.
    #[serde(default)]
    pub binary: bool,
}

/// `document = { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentStep {
    /// The file.
    pub file: String,
    /// Names it for ever; the file's name without it.
    pub name: Option<String>,
    /// `message/rfc822` without it.
    pub media_type: Option<String>,
    /// When its box received it.
    #[serde(default, deserialize_with = "time")]
    pub received: Option<UnixMs>,
    /// It comes in parts of so many bytes.
    pub part_bytes: Option<usize>,
}

/// `connected = { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpStep {
    /// The link's name.
    pub link: String,
    /// What a WebSocket agreed on.
    pub protocol: Option<String>,
    /// Of a WebSocket's handshake.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// `disconnected = { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DownStep {
    /// The link's name.
    pub link: String,
    /// Why, as a number.
    pub code: Option<u16>,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
}

/// A failure that a step expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// It asks for it again.
    Later,
    /// Not what the network promises.
    BadInput,
    /// Of a kind that it does not know.
    Unsupported,
}

impl Refusal {
    /// Its class on the bench.
    pub fn class(self) -> &'static str {
        match self {
            Refusal::Later => "later",
            Refusal::BadInput => FailureClass::BadInput.name(),
            Refusal::Unsupported => FailureClass::Unsupported.name(),
        }
    }
}

impl Sample {
    /// Files that it names, its expectations included.
    pub fn all_files(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().filter_map(Step::file);
        let expected = [Some(&self.expect), self.expect_commands.as_ref()];
        self.files
            .iter()
            .map(String::as_str)
            .chain(steps)
            .chain(expected.into_iter().flatten().map(String::as_str))
    }

    fn check(&self) -> Result<(), String> {
        match (self.files.is_empty(), self.steps.is_empty()) {
            (true, true) => return Err("it needs `file` with `as`, or `step`s".into()),
            (false, false) => return Err("`file` and `step` do not go together".into()),
            (false, true) if self.kind.is_none() => {
                return Err("`file` needs `as`: webhook, response or line".into());
            }
            (true, false) if self.kind.is_some() => {
                return Err("`as` is for `file`; each step says itself what it is".into());
            }
            _ => {}
        }
        for (number, step) in (1..).zip(&self.steps) {
            step.check().map_err(|why| format!("step {number}: {why}"))?;
        }
        Ok(())
    }
}

impl Step {
    /// The file that it hands in.
    pub fn file(&self) -> Option<&str> {
        self.webhook
            .as_ref()
            .and_then(|it| it.file.as_deref())
            .or(self.response.as_ref().and_then(|it| it.file.as_deref()))
            .or(self.line.as_ref().and_then(|it| it.file.as_deref()))
            .or(self.frame.as_ref().and_then(|it| it.file.as_deref()))
            .or(self.document.as_ref().map(|it| it.file.as_str()))
    }

    fn check(&self) -> Result<(), String> {
        let does = [
            ("webhook", self.webhook.is_some()),
            ("response", self.response.is_some()),
            ("line", self.line.is_some()),
            ("frame", self.frame.is_some()),
            ("document", self.document.is_some()),
            ("connected", self.connected.is_some()),
            ("disconnected", self.disconnected.is_some()),
            ("timer", self.timer.is_some()),
            ("restart", self.restart),
        ];
        let known = || does.map(|(name, _)| name).join(", ");
        match does.iter().filter(|(_, does)| *does).count() {
            0 if self.at.is_none() => {
                return Err(format!("it does nothing; expected one of {}", known()));
            }
            0 | 1 => {}
            _ => {
                return Err(format!("it does several things at once; expected one of {}", known()));
            }
        }
        let bytes = |file: &Option<String>, text: &Option<String>, needed: bool| match (
            file.is_some(),
            text.is_some(),
        ) {
            (true, true) => Err("`file` and `text` do not go together".to_owned()),
            (false, false) if needed => Err("it needs `file` or `text`".to_owned()),
            _ => Ok(()),
        };
        if let Some(WebhookStep { file, text, .. }) = &self.webhook {
            bytes(file, text, false)?;
        }
        if let Some(ResponseStep { file, text, .. }) = &self.response {
            bytes(file, text, false)?;
        }
        if let Some(Bytes { file, text }) = &self.line {
            bytes(file, text, true)?;
        }
        if let Some(FrameStep { file, text, .. }) = &self.frame {
            bytes(file, text, true)?;
        }
        Ok(())
    }
}

/// Whether every sample can be played.
pub(super) fn check(samples: &[Sample]) -> Result<(), ManifestProblem> {
    let wrong =
        |sample: &Sample, why| ManifestProblem::Sample { expect: sample.expect.clone(), why };
    samples.iter().try_for_each(|it| it.check().map_err(|why| wrong(it, why)))
}

fn one_or_many<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Files {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Files::deserialize(reader)? {
        Files::One(file) => vec![file],
        Files::Many(files) => files,
    })
}

fn method<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Method>, D::Error> {
    let name = String::deserialize(reader)?;
    name.parse().map(Some).map_err(serde::de::Error::custom)
}

fn time<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<UnixMs>, D::Error> {
    let text = String::deserialize(reader)?;
    let time = text.parse::<jiff::Timestamp>();
    time.map(|time| Some(time.as_millisecond())).map_err(|_| {
        serde::de::Error::custom(format!("`{text}` is no time such as 2026-11-22T12:00:00Z"))
    })
}

#[cfg(test)]
mod tests {
    use crate::channel::manifest::Manifest;

    fn with(sample: &str) -> Result<Manifest, String> {
        let bell = "name = 'bell'\nversion = '1.0.0'\napi = '1'\nnetwork = 'Bell'\n[source]\nkind = 'webhook'\n";
        Manifest::parse(&format!("{bell}[[sample]]\nexpect = 'e'\n{sample}\n"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_scenario_is_a_list_of_steps_in_order() {
        let manifest = with(
            "[[sample.step]]\nat = '2026-11-22T12:00:00Z'\nwebhook = { file = 'a', method = 'PUT' }\n\
             [[sample.step]]\nrestart = true\n\
             [[sample.step]]\nframe = { link = 'x', text = '{}' }\nexpect = 'bad-input'\n",
        )
        .unwrap();
        let steps = &manifest.samples[0].steps;
        assert_eq!(steps[0].at, Some(1_795_348_800_000));
        assert!(steps[1].restart);
        assert_eq!(steps[2].expect.unwrap().class(), "bad_input");
        let files: Vec<_> = manifest.samples[0].all_files().collect();
        assert_eq!(files, ["a", "e"]);
    }

    #[test]
    fn a_sample_that_cannot_be_played_says_why() {
        for (sample, expected) in [
            ("", "[[sample]] `e`: it needs `file` with `as`, or `step`s"),
            ("file = 'a'", "`file` needs `as`"),
            ("as = 'line'\n[[sample.step]]\nrestart = true", "`as` is for `file`"),
            ("[[sample.step]]", "step 1: it does nothing"),
            ("[[sample.step]]\ntimer = 'a'\nrestart = true", "several things at once"),
            ("[[sample.step]]\nline = {}", "it needs `file` or `text`"),
            ("[[sample.step]]\nat = 'noon'", "`noon` is no time"),
            ("[[sample.step]]\nwebhook = { method = 'BREW' }", "the method is not one of"),
            ("[[sample.step]]\ntimer = 'a'\nexpect = 'sorry'", "unknown variant `sorry`"),
        ] {
            let said = with(sample).expect_err(sample);
            assert!(said.contains(expected), "{sample}: {said}");
        }
    }
}
