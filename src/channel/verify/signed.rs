//! What schemes with a signature have in common: where it stands, how it is written, what it is
//! over, and how old it may be.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;

use super::call::Call;
use super::freshness::Freshness;
use super::once::Once;
use super::place::Place;
use super::template::Template;
use super::{VerifyError, header_name};
use crate::channel::manifest::{Encoding, Verify};
use crate::event::UnixMs;

/// Networks differ in whether they pad.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What holds for a scheme where the author says nothing.
pub(super) struct Usual {
    pub(super) header: Option<&'static str>,
    pub(super) template: &'static str,
    pub(super) timestamp_header: Option<&'static str>,
    pub(super) encoding: Encoding,
}

#[derive(Debug)]
pub(super) struct Signed {
    at: Place,
    prefix: String,
    encoding: Encoding,
    pub(super) template: Template,
    freshness: Option<Freshness>,
    /// Where the body is not signed.
    once: Option<Once>,
}

impl Signed {
    pub(super) fn of(verify: &Verify, usual: &Usual) -> Result<Self, VerifyError> {
        let template = Template::parse(verify.template.as_deref().unwrap_or(usual.template))?;
        let freshness = Freshness::of(verify, &template, usual.timestamp_header)?;
        let covers_body = verify.covers_body.unwrap_or(true);
        match (template.signs_body(), covers_body) {
            (false, true) => {
                let why = "template: a signature that leaves out `{body}` proves nothing of it; \
                           if the network has no better, say `covers_body = false`";
                return Err(VerifyError::author(why));
            }
            (true, false) => {
                return Err(VerifyError::author("covers_body = false: the template has `{body}`"));
            }
            _ => {}
        }
        if !covers_body && freshness.is_none() {
            let why = "covers_body = false: whoever has seen one request could sign any body with \
                       it for ever; bound that by `tolerance` and a signed time";
            return Err(VerifyError::author(why));
        }
        let header = ("header", verify.header.as_deref());
        let at = match (Place::of(header, ("field", verify.field.as_deref()))?, usual.header) {
            (Some(said), _) => said,
            (None, Some(usual)) => Place::Header(header_name(usual)?),
            (None, None) => {
                let why = "this scheme needs `header`, or `field` of the body";
                return Err(VerifyError::author(why));
            }
        };
        let once = freshness.as_ref().filter(|_| !covers_body);
        let once = once.map(|freshness| Once::new(freshness.tolerance()));
        let encoding = verify.encoding.unwrap_or(usual.encoding);
        let prefix = verify.prefix.clone().unwrap_or_default();
        Ok(Self { at, prefix, encoding, template, freshness, once })
    }

    /// The signature that the request claims to have.
    pub(super) fn claimed(&self, call: &Call<'_>) -> Option<Vec<u8>> {
        self.decode(self.at.text(call)?.as_bytes())
    }

    fn decode(&self, value: &[u8]) -> Option<Vec<u8>> {
        let value = value.strip_prefix(self.prefix.as_bytes())?;
        match self.encoding {
            Encoding::Hex => hex::decode(value).ok(),
            Encoding::Base64 => BASE64_STANDARD.decode(value).ok(),
            Encoding::Base64url => BASE64_URL.decode(value).ok(),
        }
    }

    pub(super) fn is_fresh(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        self.freshness.as_ref().is_none_or(|rule| rule.holds(call, now_ms))
    }

    /// What is signed, or its only signature, has not come with another body before. It is genuine.
    pub(super) fn is_of_its_body(&self, call: &Call<'_>, signed: &[u8], now_ms: UnixMs) -> bool {
        let whole = self.once.as_ref().zip(call.body());
        whole.is_none_or(|(once, body)| once.is_of(signed, body, now_ms))
    }

    /// The head is that of a genuine request: all that is signed of it is there, a signature that
    /// can be one, and not too old.
    pub(super) fn can_hold(
        &self,
        call: &Call<'_>,
        now_ms: UnixMs,
        is_possible: impl Fn(&[u8]) -> bool,
    ) -> bool {
        let is_claimed =
            self.at.is_in_body() || self.claimed(call).is_some_and(|claimed| is_possible(&claimed));
        is_claimed && self.is_fresh(call, now_ms) && self.template.feed(call, |_| {})
    }
}
