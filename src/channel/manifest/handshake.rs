//! `[[handshake]]`: requests by which a network tries whether an address is ours, answered by the
//! host. See [`handshake`](crate::channel::handshake).

use serde::Deserialize;

use super::{ManifestProblem, TWICE, is_plain, twice, useless};

/// One request that the host answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handshake {
    /// What the operator calls it in `handshake.NAME`. Default: the scheme's word.
    pub name: Option<String>,
    /// What is asked, and answered.
    pub scheme: Shake,
    /// `echo`, `fixed`: the field of the JSON body that tells this request from others. Default
    /// `type`.
    pub type_field: Option<String>,
    /// `echo`, `fixed`: what stands in it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `echo`: the field that is answered. Default `challenge`.
    pub field: Option<String>,
    /// `fixed`: the field by which the operator's texts are chosen, such as `group_id`.
    pub by: Option<String>,
    /// `fixed`: the answer, where it is the same for every operator.
    pub text: Option<String>,
    /// `echo`, `fixed`: `text/plain` or `application/json`. Default `text/plain`.
    pub content_type: Option<String>,
    /// `fixed`: false where the network does not sign this request. Default true.
    pub verified: Option<bool>,
}

/// A scheme of [`Handshake`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shake {
    /// A GET or HEAD: 200 and nothing.
    #[default]
    Ok,
    /// Meta's `hub.challenge` is repeated to who knows `hub.verify_token`.
    MetaChallenge,
    /// X's `crc_token` is signed.
    XCrc,
    /// A field of a verified POST is repeated.
    Echo,
    /// A POST is answered with a fixed text.
    Fixed,
}

impl Shake {
    /// All of them.
    pub const ALL: [Shake; 5] =
        [Shake::Ok, Shake::MetaChallenge, Shake::XCrc, Shake::Echo, Shake::Fixed];

    /// As the manifest spells it.
    pub fn word(self) -> &'static str {
        match self {
            Shake::Ok => "ok",
            Shake::MetaChallenge => "meta-challenge",
            Shake::XCrc => "x-crc",
            Shake::Echo => "echo",
            Shake::Fixed => "fixed",
        }
    }

    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Shake::Ok | Shake::MetaChallenge | Shake::XCrc => &[],
            Shake::Echo => &["type_field", "type", "field", "content_type"],
            Shake::Fixed => &["type_field", "type", "by", "text", "content_type", "verified"],
        }
    }
}

impl Handshake {
    /// What the operator calls it by.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.scheme.word())
    }

    /// Whether the operator may give something for it.
    pub fn takes_value(&self) -> bool {
        match self.scheme {
            Shake::MetaChallenge => true,
            Shake::Fixed => self.text.is_none(),
            Shake::Ok | Shake::XCrc | Shake::Echo => false,
        }
    }

    fn check(&self) -> Result<(), String> {
        let scheme = self.scheme.word();
        let given = [
            ("type_field", self.type_field.is_some()),
            ("type", self.kind.is_some()),
            ("field", self.field.is_some()),
            ("by", self.by.is_some()),
            ("text", self.text.is_some()),
            ("content_type", self.content_type.is_some()),
            ("verified", self.verified.is_some()),
        ];
        if !is_plain(self.name()) {
            return Err("a name is lower-case letters, digits and `-`".into());
        }
        if let Some(why) = useless(&given, self.scheme.keys(), scheme) {
            return Err(why);
        }
        if matches!(self.scheme, Shake::Echo | Shake::Fixed) && self.kind.is_none() {
            return Err(format!("`{scheme}` needs `type`, which tells it from other requests"));
        }
        if self.by.is_some() && self.text.is_some() {
            return Err(
                "`by` chooses among the operator's texts, and `text` is one of yours".into()
            );
        }
        match self.content_type.as_deref() {
            None | Some("text/plain" | "application/json") => Ok(()),
            Some(other) => {
                let expected = "`text/plain` or `application/json`";
                Err(format!("content_type is `{other}`, expected {expected}"))
            }
        }
    }
}

/// Whether every handshake is whole, and each has a name of its own.
pub(super) fn check(handshakes: &[Handshake]) -> Result<(), ManifestProblem> {
    let wrong =
        |name: &str, why: String| Err(ManifestProblem::Handshake { name: name.to_owned(), why });
    for handshake in handshakes {
        if let Err(why) = handshake.check() {
            return wrong(handshake.name(), why);
        }
    }
    match twice(handshakes.iter().map(Handshake::name)) {
        Some(name) => wrong(name, TWICE.to_owned()),
        None => Ok(()),
    }
}
