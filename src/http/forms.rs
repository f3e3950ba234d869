//! Forms of the server's own pages: read whole, within limits, and only when the page that they
//! stand in was made for this browser.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use maud::{Markup, html};
use subtle::ConstantTimeEq;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::Problem;
use crate::access::form_token;

/// Largest form: a few names and passwords.
const BODY_BYTES_MAX: usize = 16 * 1024;
/// The field that says for whom the page was made.
const TOKEN: &str = "form_token";

/// What was filled in.
pub(super) struct Form(BTreeMap<String, Vec<Zeroizing<String>>>);

impl Form {
    /// A field; empty when it was not sent.
    pub(super) fn get(&self, field: &str) -> &str {
        self.all(field).last().unwrap_or_default()
    }

    /// Everything that was chosen of a field.
    pub(super) fn all<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        self.0.get(field).into_iter().flatten().map(|value| value.as_str())
    }

    /// A field, to be wiped when it is dropped.
    pub(super) fn secret(&self, field: &str) -> Zeroizing<String> {
        Zeroizing::new(self.get(field).to_owned())
    }
}

/// The field by which a form is known.
pub(super) fn token_field(secret: &str) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(form_token(secret)); }
}

/// Reads a form of a page that was made with that secret.
pub(super) async fn read(
    request: Request,
    secret: &str,
    within: Duration,
) -> Result<Form, Problem> {
    let content = request.headers().get(header::CONTENT_TYPE);
    let is_form = content.and_then(|it| it.to_str().ok()).is_some_and(|it| {
        it.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
    });
    if !is_form {
        let detail = "the body must be a form";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "no-form", "No form", detail));
    }
    let body = timeout(within, whole(request.into_body())).await.map_err(|_| {
        let detail = format!("the body did not arrive within {within:?}");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Body too slow", detail)
    })??;
    let mut form = Form(BTreeMap::new());
    for (field, value) in form_urlencoded::parse(&body) {
        form.0.entry(field.into_owned()).or_default().push(Zeroizing::new(value.into_owned()));
    }
    check(secret, form.get(TOKEN))?;
    Ok(form)
}

/// What a page that is made with that secret says with what it sends.
pub(super) fn token(secret: &str) -> String {
    form_token(secret)
}

/// Whether it is of a page that was made with that secret.
pub(super) fn check(secret: &str, token: &str) -> Result<(), Problem> {
    let expected = form_token(secret);
    if !secret.is_empty() && bool::from(token.as_bytes().ct_eq(expected.as_bytes())) {
        return Ok(());
    }
    let detail = "this form is of another login or too old: open its page again, with cookies \
                  allowed";
    Err(Problem::new(StatusCode::FORBIDDEN, "other-form", "Other form", detail))
}

async fn whole(body: Body) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        let detail = format!("the body is larger than {BODY_BYTES_MAX} bytes, or ended early");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Body too large", detail)
    })?;
    Ok(Zeroizing::new(bytes.to_vec()))
}
