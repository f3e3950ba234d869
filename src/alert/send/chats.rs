//! Messages in a chat: by a bot of Telegram, by an incoming webhook of Slack.

use jiff::tz::TimeZone;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;
use zeroize::Zeroizing;

use super::text_of;
use crate::alert::notice::Notice;
use crate::config::model::{Secret, Severity};

/// A message has 4096 letters at most: <https://core.telegram.org/bots/api#sendmessage>. A letter has up to
/// four bytes, a cut text must not be longer in any language.
const TELEGRAM_BYTES_MAX: usize = 4096;
/// Slack cuts texts beyond 40,000 letters, and nobody reads so many.
const SLACK_BYTES_MAX: usize = 8_000;

/// Plain text: nothing of what a network sent can be taken for a mark of the chat's.
pub(super) fn telegram(
    client: &Client,
    api: &Url,
    token: &Secret,
    chat: &str,
    notice: &Notice,
    zone: &TimeZone,
) -> Option<RequestBuilder> {
    let path = Zeroizing::new(format!("bot{}/sendMessage", *text_of(token)));
    let mut url = api.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path.split('/'));
    let body = json!({
        "chat_id": chat,
        "text": notice.text(zone, TELEGRAM_BYTES_MAX),
        "link_preview_options": { "is_disabled": true },
        // Who sleeps is woken by pages alone.
        "disable_notification": notice.firing.is_empty() || notice.severity == Severity::Ticket,
    });
    Some(json_to(client, url, &body))
}

pub(super) fn slack(
    client: &Client,
    url: &Secret,
    notice: &Notice,
    zone: &TimeZone,
) -> Option<RequestBuilder> {
    let url: Url = text_of(url).parse().ok()?;
    Some(json_to(client, url, &json!({ "text": plain(&notice.text(zone, SLACK_BYTES_MAX)) })))
}

fn json_to(client: &Client, url: Url, body: &serde_json::Value) -> RequestBuilder {
    client.post(url).header(CONTENT_TYPE, "application/json").body(body.to_string())
}

/// What Slack takes for marks of its own is written as it wants it.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::notice::tests::{line, notice};

    fn body(request: RequestBuilder) -> (String, serde_json::Value) {
        let request = request.build().expect("a request");
        let body = request.body().and_then(|it| it.as_bytes()).expect("a body");
        (request.url().to_string(), serde_json::from_slice(body).expect("JSON"))
    }

    fn client() -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = crate::channel::trust::client(Vec::new()).expect("TLS");
        Client::builder().tls_backend_preconfigured(tls).build().expect("a client")
    }

    #[test]
    fn telegram_is_asked_to_send_plain_text_and_to_wake_nobody_for_a_ticket() {
        let api: Url = "https://api.telegram.org".parse().expect("an address");
        let token = Secret::new("12:AB-c\n");
        let lines = vec![line("AbandonedMany", "<b>sales</b>", Severity::Page)];
        let page = notice(lines, Vec::new());
        let sent = |notice: &Notice| {
            let zone = TimeZone::UTC;
            body(telegram(&client(), &api, &token, "-100", notice, &zone).expect("a request"))
        };
        let (url, told) = sent(&page);
        assert_eq!(url, "https://api.telegram.org/bot12:AB-c/sendMessage");
        assert_eq!(
            (&told["chat_id"], &told["disable_notification"]),
            (&json!("-100"), &json!(false))
        );
        assert!(told.get("parse_mode").is_none());
        assert!(told["text"].as_str().expect("a text").contains("<b>sales</b>"));
        let ticket = Notice { severity: Severity::Ticket, ..page };
        assert_eq!(sent(&ticket).1["disable_notification"], json!(true));
    }

    #[test]
    fn slack_gets_no_marks_of_its_own_by_accident() {
        let url = Secret::new("https://hooks.slack.com/services/T/B/x");
        let lines = vec![line("AbandonedMany", "<!channel> & co", Severity::Page)];
        let notice = notice(lines, Vec::new());
        let request = slack(&client(), &url, &notice, &TimeZone::UTC).expect("a request");
        let (url, told) = body(request);
        assert_eq!(url, "https://hooks.slack.com/services/T/B/x");
        assert!(told["text"].as_str().expect("it").contains("&lt;!channel&gt; &amp; co"));
    }
}
