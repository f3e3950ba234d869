//! A signed POST, as Standard Webhooks has it: <https://github.com/standard-webhooks/standard-webhooks>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;
use sha2::Sha256;

use crate::alert::notice::Notice;
use crate::config::model::Secret;

pub(super) fn request(
    client: &Client,
    url: &Url,
    secret: Option<&Secret>,
    notice: &Notice,
    now_s: i64,
) -> Option<RequestBuilder> {
    let body = body(notice);
    let id = format!("msg_{}", notice.id());
    let mut request = client
        .post(url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now_s.to_string());
    if let Some(secret) = secret {
        request = request.header("webhook-signature", signature(secret, &id, now_s, &body)?);
    }
    Some(request.body(body))
}

fn body(notice: &Notice) -> String {
    let at = Timestamp::from_millisecond(notice.at_ms).unwrap_or_default();
    let kind = if notice.firing.is_empty() { "alert.resolved" } else { "alert.firing" };
    let body = json!({
        "type": kind,
        "timestamp": at.to_string(),
        "data": {
            "site": notice.site,
            "severity": notice.severity,
            "repeated": notice.is_repeated,
            "firing": notice.firing,
            "resolved": notice.resolved,
            "admin_url": notice.admin_url,
        },
    });
    body.to_string()
}

fn signature(secret: &Secret, id: &str, now_s: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.as_signing_key()?).ok()?;
    for part in [id, ".", &now_s.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specifications_example() {
        // From the reference libraries' own tests.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }
}
