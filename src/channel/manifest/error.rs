//! Why a manifest is not accepted, and on which of its lines.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Manifest;
use crate::config::document::Lines;

/// Why a manifest is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// From 1; none where it is about all of it.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: ManifestProblem,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "plugin.toml:{line}: {}", self.problem),
            None => write!(f, "plugin.toml: {}", self.problem),
        }
    }
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestProblem {
    /// TOML or its shape is wrong.
    #[error("{0}")]
    Syntax(String),
    /// A value makes no sense.
    #[error("`{key}` is {found}, expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// A way to verify is not whole.
    #[error("[[verify]] `{name}`: {why}")]
    Verify {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A secret is not whole.
    #[error("[secrets.{name}]: {why}")]
    Secret {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// An account is not whole.
    #[error("[oauth.{name}]: {why}")]
    Oauth {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A handshake is not whole.
    #[error("[[handshake]] `{name}`: {why}")]
    Handshake {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A sample cannot be played.
    #[error("[[sample]] `{expect}`: {why}")]
    Sample {
        /// Its expectation.
        expect: String,
        /// What is wrong with it.
        why: String,
    },
}

impl ManifestError {
    /// What TOML or serde says of a text.
    pub(super) fn syntax(error: &toml::de::Error, text: Option<&str>) -> Self {
        let line = error.span().zip(text).map(|(span, text)| Lines::new(text).of(span.start));
        Self { line, problem: ManifestProblem::Syntax(short(error.message())) }
    }

    /// With the line of a manifest that is one, but makes no sense.
    pub(super) fn locate(problem: ManifestProblem, manifest: &Manifest, text: &str) -> Self {
        let line = steps(&problem, manifest).and_then(|steps| line(text, &steps));
        Self { line, problem }
    }
}

/// A line of a message is cut off here: it may name a key as long as the file.
const LINE_CHARS_MAX: usize = 1000;

fn short(message: &str) -> String {
    let cut = |line: &str| line.chars().take(LINE_CHARS_MAX).collect::<String>();
    message.lines().map(cut).collect::<Vec<_>>().join("\n")
}

/// Where something stands.
enum Step<'a> {
    Key(&'a str),
    Nth(usize),
}

/// Where a problem stands: of two of the same name it is the last.
fn steps<'a>(problem: &'a ManifestProblem, manifest: &Manifest) -> Option<Vec<Step<'a>>> {
    use ManifestProblem as P;
    use Step::{Key, Nth};
    Some(match problem {
        P::Syntax(_) => return None,
        P::Value { key, .. } => key.split('.').map(Key).collect(),
        P::Secret { name, .. } => vec![Key("secrets"), Key(name)],
        P::Oauth { name, .. } => vec![Key("oauth"), Key(name)],
        P::Verify { name, .. } => {
            let at = manifest.verify.iter().rposition(|it| it.name() == name)?;
            vec![Key("verify"), Nth(at)]
        }
        P::Handshake { name, .. } => {
            let at = manifest.handshakes.iter().rposition(|it| it.name() == name)?;
            vec![Key("handshake"), Nth(at)]
        }
        P::Sample { expect, .. } => {
            let at = manifest.samples.iter().rposition(|it| it.expect == *expect)?;
            vec![Key("sample"), Nth(at)]
        }
    })
}

/// The line at which the last of the steps that stands there begins.
fn line(text: &str, steps: &[Step<'_>]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut table = Some(table.get_ref());
    let mut list: Option<&[Spanned<DeValue<'_>>]> = None;
    let mut start = None;
    for step in steps {
        let value = match step {
            Step::Key(key) => {
                let Some((key, value)) = table.and_then(|it| it.get_key_value(*key)) else { break };
                start = Some(key.span().start);
                value
            }
            Step::Nth(at) => {
                let Some(value) = list.and_then(|it| it.get(*at)) else { break };
                start = Some(value.span().start);
                value
            }
        };
        table = value.get_ref().as_table();
        list = value.get_ref().as_array().map(|it| &**it);
    }
    Some(Lines::new(text).of(start?))
}

#[cfg(test)]
mod tests {
    use crate::channel::manifest::Manifest;

    const HEAD: &str = "name = 'bell'\nversion = '1'\napi = '1'\nnetwork = 'Bell'\n";

    #[test]
    fn each_mistake_is_told_with_its_line() {
        for (rest, line, expected) in [
            ("[source]\nkind = 'webhok'\n", 6, "unknown variant `webhok`"),
            ("[source]\nkinds = [\n'poll',\n'webhok',\n]\n", 8, "unknown variant `webhok`"),
            ("[source]\nkind = 'poll'\n[sauce]\n", 7, "unknown field `sauce`"),
            ("[source]\nkind = 'poll'\n[[verify]]\nheader = 'X'\n", 7, "missing field `scheme`"),
            ("[source]\n", 5, "`source.kind` is ``"),
            (
                "[source]\nkind = 'poll'\n\n[on_bad_input]\nbody = ''\nstatus = 503\n",
                10,
                "`on_bad_input.status` is `503`",
            ),
            (
                "[source]\nkind = 'webhook'\n[[verify]]\nscheme = 'twilio'\n\n[[verify]]\n\
                 scheme = 'token-header'\n",
                10,
                "[[verify]] `token-header`: this scheme needs `header`",
            ),
            (
                "[source]\nkind = 'webhook'\n[[handshake]]\nscheme = 'echo'\n",
                7,
                "[[handshake]] `echo`: `echo` needs `type`",
            ),
            (
                "[source]\nkind = 'poll'\n[secrets]\n[secrets.key]\nabout = 'x'\n",
                8,
                "[secrets.key]: `hosts` is missing",
            ),
            (
                "[source]\nkind = 'poll'\n[secrets.key]\nhosts = ['a.org']\n",
                7,
                "[secrets.key]: `hosts` names `a.org`, and `[fetch] hosts` does not",
            ),
            (
                "[source]\nkind = 'poll'\n[oauth.desk]\ntoken_url = 'http://a'\n",
                7,
                "[oauth.desk]: `token_url` must be",
            ),
            (
                "[source]\nkind = 'poll'\n[[sample]]\nexpect = 'a'\nfile = 'b'\n",
                7,
                "[[sample]] `a`: `file` needs `as`",
            ),
            ("[source\n", 5, "unclosed table"),
        ] {
            let error = Manifest::parse(&format!("{HEAD}{rest}")).expect_err(rest).to_string();
            let begin = format!("plugin.toml:{line}: ");
            assert!(error.starts_with(&begin), "{rest}: {error}");
            assert!(error.contains(expected), "{rest}: {error}");
        }
        let error = Manifest::parse("name = 'bell'").expect_err("too little").to_string();
        assert!(error.contains("missing field `version`"), "{error}");
    }
}
