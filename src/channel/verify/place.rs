//! Where a request has its signature, or the time of it: in a header, or in a field of the body.

use std::borrow::Cow;

use axum::http::HeaderName;

use super::call::Call;
use super::template::Template;
use super::{VerifyError, header_name};

#[derive(Debug)]
pub(super) enum Place {
    Header(HeaderName),
    Field(String),
}

impl Place {
    /// As the author says: in one of them at most. None where it is not said.
    pub(super) fn of(
        header: (&str, Option<&str>),
        field: (&str, Option<&str>),
    ) -> Result<Option<Self>, VerifyError> {
        match (header, field) {
            ((header, Some(_)), (field, Some(_))) => {
                Err(VerifyError::author(format!("`{header}` and `{field}`: one of them")))
            }
            (_, (_, Some(field))) => Ok(Some(Place::Field(field.to_owned()))),
            ((_, Some(header)), _) => Ok(Some(Place::Header(header_name(header)?))),
            _ => Ok(None),
        }
    }

    /// What stands there.
    pub(super) fn text<'a>(&self, call: &'a Call<'_>) -> Option<Cow<'a, str>> {
        match self {
            Place::Header(name) => call.headers().get(name)?.to_str().ok().map(Cow::Borrowed),
            Place::Field(name) => call.field(name).map(Cow::Owned),
        }
    }

    /// Whether it is there only with the body.
    pub(super) fn is_in_body(&self) -> bool {
        matches!(self, Place::Field(_))
    }

    pub(super) fn is_signed_by(&self, template: &Template) -> bool {
        match self {
            Place::Header(header) => template.signs_header(header),
            Place::Field(field) => template.signs_field(field),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Place::Header(header) => header.as_str(),
            Place::Field(field) => field,
        }
    }
}
