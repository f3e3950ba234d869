//! The one error of the HTTP edge: problem+json (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, for machines (`type`, `status`) and people (`title`, `detail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: Box<str>,
    title: &'static str,
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16)]
    status: StatusCode,
    detail: String,
    /// What would have been right, where that is a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    valid: Vec<String>,
    /// All that is wrong with what was sent, where it is more than the detail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Mistake>,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

/// One thing that is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mistake {
    /// The field, as a JSON pointer: `#/title`.
    pub pointer: String,
    /// What is wrong with it, what was expected.
    pub detail: String,
}

impl Problem {
    /// A problem; `name` becomes its type, `urn:tablica:problem:{name}`.
    pub fn new(
        status: StatusCode,
        name: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem {
            kind: format!("urn:tablica:problem:{name}").into(),
            title,
            status,
            detail: detail.into(),
            valid: Vec::new(),
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    /// With the values that would have been right.
    #[must_use]
    pub fn valid<T: Into<String>>(mut self, valid: impl IntoIterator<Item = T>) -> Problem {
        self.valid = valid.into_iter().map(Into::into).collect();
        self
    }

    /// With everything that is wrong with what was sent.
    #[must_use]
    pub fn errors(mut self, errors: impl IntoIterator<Item = Mistake>) -> Problem {
        self.errors = errors.into_iter().collect();
        self
    }

    /// With more detail.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Problem {
        self.detail.push_str(detail);
        self
    }

    /// With the time after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// A response that was a problem: its type, for who says the same to people.
#[derive(Clone, Debug)]
pub(super) struct Kind(pub(super) Box<str>);

fn as_number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after_s) = (self.status, self.retry_after_s);
        let kind = Kind(self.kind.clone());
        let mut response = (status, Json(self)).into_response();
        response.extensions_mut().insert(kind);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_would_have_been_right() {
        let problem =
            Problem::new(StatusCode::NOT_FOUND, "unknown-kpi", "Unknown KPI", "no KPI \"x\"")
                .valid(["asa"]);
        assert_eq!(
            serde_json::to_value(&problem).expect("json"),
            serde_json::json!({
                "type": "urn:tablica:problem:unknown-kpi",
                "title": "Unknown KPI",
                "status": 404,
                "detail": "no KPI \"x\"",
                "valid": ["asa"],
            })
        );
    }
}
