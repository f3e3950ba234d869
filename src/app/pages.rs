//! Asks the pages that boards show whether they let themselves be shown inside others, and tells the hub.
//!
//! Only hosts of `boards.embed_hosts` are asked, for headers alone, a few seconds at most, one after the
//! other, and each again after a while. Of a page that does not answer nothing is known: the wall asks for it
//! itself, and says so.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, LOCATION, X_FRAME_OPTIONS};
use reqwest::{Client, Response, Url};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::board::framing::{self, Framing};
use crate::board::hub::HubHandle;
use crate::channel::trust;

/// More pages are not asked: their tiles show whatever the browser makes of them.
const PAGES_MAX: usize = 64;
/// How often the boards are looked at for pages that have not been asked.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often each page is asked again: its server may have been told to let the wall.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(60);
/// A page that takes longer is not known.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// As browsers follow, but fewer.
const REDIRECTS_MAX: usize = 5;

/// What is known of a page.
struct Known {
    asked: Instant,
    ancestors: Option<Vec<String>>,
}

/// Asks for as long as the server runs.
pub(super) async fn ask(hub: HubHandle, hosts: Vec<String>) {
    if hosts.is_empty() {
        return;
    }
    let client = match tokio::task::spawn_blocking(client).await {
        Ok(Ok(client)) => client,
        Ok(Err(error)) => return not_asked(&error),
        Err(error) => return not_asked(&error.into()),
    };
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut told = Framing::default();
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let pages = hub.pages();
        known.retain(|page, _| pages.contains(page));
        for page in pages.iter().take(PAGES_MAX) {
            let is_new = |it: &Known| it.asked.elapsed() < ASK_AGAIN_AFTER;
            if known.get(page).is_some_and(is_new) {
                continue;
            }
            let ancestors = ancestors(&client, page, &hosts).await;
            known.insert(page.clone(), Known { asked: Instant::now(), ancestors });
        }
        let refusing =
            known.iter().filter_map(|(page, it)| Some((page.clone(), it.ancestors.clone()?)));
        let framing = Framing::of(refusing);
        if framing != told {
            told = framing.clone();
            hub.keep_framing(framing);
        }
    }
}

fn not_asked(error: &anyhow::Error) {
    tracing::warn!(error = %format!("{error:#}"), "pages of boards are not asked whether they can be shown");
}

fn client() -> anyhow::Result<Client> {
    Ok(trust::asker()?.timeout(ANSWER_WITHIN).build()?)
}

/// Who may show a page; nothing where everybody may, or where that is not known.
async fn ancestors(client: &Client, page: &str, hosts: &[String]) -> Option<Vec<String>> {
    let mut url: Url = page.parse().ok()?;
    for _ in 0..=REDIRECTS_MAX {
        if !hosts.contains(&framing::host(&url)) {
            return None;
        }
        // Its body is not read.
        let answer = client.get(url.clone()).send().await.ok()?;
        match next(&url, &answer) {
            Some(there) => url = there,
            None if answer.status().is_success() => {
                let headers = answer.headers();
                let policies = texts(headers, &CONTENT_SECURITY_POLICY);
                return framing::ancestors(&url, policies, texts(headers, &X_FRAME_OPTIONS));
            }
            None => return None,
        }
    }
    None
}

fn next(url: &Url, answer: &Response) -> Option<Url> {
    if !answer.status().is_redirection() {
        return None;
    }
    let there = url.join(answer.headers().get(LOCATION)?.to_str().ok()?).ok()?;
    matches!(there.scheme(), "http" | "https").then_some(there)
}

fn texts<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers each request with the next of these heads; its host with its port.
    async fn server(heads: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        tokio::spawn(async move {
            for head in heads {
                let (mut socket, _) = listener.accept().await.expect("a connection");
                let mut request = [0; 4096];
                assert!(socket.read(&mut request).await.expect("a request") > 0);
                let answer =
                    format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                socket.write_all(answer.as_bytes()).await.expect("sent");
            }
        });
        host
    }

    async fn asked(host: &str, hosts: &[&str]) -> Option<Vec<String>> {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        ancestors(&client().expect("a client"), &format!("http://{host}/board?kiosk"), &hosts).await
    }

    #[tokio::test]
    async fn a_page_that_forbids_frames_is_found_by_its_headers() {
        let denied = server(vec!["200 OK\r\nx-frame-options: DENY".to_owned()]).await;
        assert_eq!(asked(&denied, &[&denied]).await, Some(vec![]));
        let open = server(vec!["200 OK".to_owned()]).await;
        assert_eq!(asked(&open, &[&open]).await, None);
        let named = "200 OK\r\ncontent-security-policy: frame-ancestors https://walls.example.com";
        let named = server(vec![named.to_owned()]).await;
        assert_eq!(
            asked(&named, &[&named]).await,
            Some(vec!["https://walls.example.com".to_owned()])
        );
    }

    #[tokio::test]
    async fn redirects_are_followed_among_the_hosts_that_are_allowed_and_no_further() {
        let denied = || vec!["200 OK\r\nx-frame-options: sameorigin".to_owned()];
        let there = server(denied()).await;
        let moved = || vec![format!("302 Found\r\nlocation: http://{there}/login")];
        let here = server(moved()).await;
        let told = asked(&here, &[&here, &there]).await;
        assert_eq!(told, Some(vec![format!("http://{there}")]));
        let here = server(moved()).await;
        assert_eq!(asked(&here, &[&here]).await, None, "nobody asks a host that is not allowed");
        let round =
            server(vec!["302 Found\r\nlocation: /again".to_owned(); REDIRECTS_MAX + 1]).await;
        assert_eq!(asked(&round, &[&round]).await, None, "not for ever");
    }

    #[tokio::test]
    async fn of_what_does_not_answer_nothing_is_said() {
        let failing =
            server(vec!["503 Service Unavailable\r\nx-frame-options: DENY".to_owned()]).await;
        assert_eq!(asked(&failing, &[&failing]).await, None);
        let gone = server(Vec::new()).await;
        assert_eq!(asked(&gone, &[&gone]).await, None);
        assert_eq!(asked("status.example.com", &[]).await, None, "not allowed: not asked");
    }
}
