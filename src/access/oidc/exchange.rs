//! The code that a browser brought back, for an ID token: asked of the provider itself, with the
//! client's secret and the verifier that only this server knows.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::error::OidcError;
use super::provider::{Described, Provider};
use super::ticket::Ticket;
use super::{Answer, Question};

#[derive(Deserialize)]
struct Tokens {
    id_token: Zeroizing<String>,
}

/// RFC 6749, section 5.2.
#[derive(Deserialize)]
struct Complaint {
    error: String,
}

impl Provider {
    /// The ID token.
    pub(super) async fn exchange(
        &self,
        described: &Described,
        (code, ticket, redirect_uri): (&str, &Ticket, &str),
    ) -> Result<Zeroizing<String>, OidcError> {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let secret = secret.as_ref().map(|it| String::from_utf8_lossy(it.expose()));
        let in_form = described.takes_secret_in_form() || secret.is_none();
        let form = {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("grant_type", "authorization_code");
            form.append_pair("code", code);
            form.append_pair("redirect_uri", redirect_uri);
            form.append_pair("code_verifier", &ticket.verifier);
            if in_form {
                form.append_pair("client_id", id);
                if let Some(secret) = &secret {
                    form.append_pair("client_secret", secret);
                }
            }
            Zeroizing::new(form.finish())
        };
        let authorization = secret.filter(|_| !in_form).map(|secret| basic(id, &secret));
        let url = described.token_endpoint.clone();
        let question = Question { url, form: Some(form), authorization };
        let Answer { status, body } = self.ask.ask(question).await.map_err(OidcError::Down)?;
        match status {
            200 => serde_json::from_slice::<Tokens>(&body)
                .map(|tokens| tokens.id_token)
                .map_err(|_| OidcError::Odd("it gave no ID token for a code".to_owned())),
            500.. => Err(OidcError::Down(format!("it answered {status} when given a code"))),
            _ => {
                let said = serde_json::from_slice::<Complaint>(&body).ok();
                match said.as_ref().map(|said| said.error.as_str()) {
                    // The code was used, is too old, or was never one.
                    Some("invalid_grant") => Err(OidcError::Stale),
                    Some("invalid_client" | "unauthorized_client") => Err(OidcError::Odd(
                        "it does not know client_id and client_secret of access.oidc".to_owned(),
                    )),
                    _ => Err(OidcError::Odd(format!("it answered {status} when given a code"))),
                }
            }
        }
    }
}

/// As RFC 6749 has it in section 2.3.1: both parts are escaped before they are joined.
fn basic(id: &str, secret: &str) -> Zeroizing<String> {
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = Zeroizing::new(format!("{}:{}", escaped(id), escaped(secret)));
    Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(&*pair)))
}
