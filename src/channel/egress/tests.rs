//! Against a server on loopback; names are resolved by the test.

mod oauth;
mod secrets;

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;

use std::collections::BTreeMap;

use super::*;
use crate::channel::manifest::{OauthUse, SecretUse};
use crate::channel::request::Piece;
use crate::config::model::{OauthClient, Secret};

const TOKEN: &str = "4711:s3cr3t-token";

/// Starts a server; its address.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let address = listener.local_addr().expect("address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn rules(declared: &[&str], granted: &[&str]) -> Rules {
    let own = |hosts: &[&str]| hosts.iter().map(|host| (*host).to_owned()).collect();
    Rules {
        names: Names::default(),
        declared: own(declared),
        granted: own(granted),
        declared_secrets: secret_for(declared),
        granted_secrets: BTreeMap::from([("token".to_owned(), Secret::new(TOKEN))]),
        declared_accounts: BTreeMap::new(),
        granted_accounts: BTreeMap::new(),
        accounts_folder: None,
        ca_file: None,
        timeout: Duration::from_secs(30),
        response_bytes_max: 1000,
    }
}

fn secret_for(hosts: &[&str]) -> BTreeMap<String, SecretUse> {
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    BTreeMap::from([("token".to_owned(), SecretUse { hosts, about: String::new() })])
}

fn bytes(text: impl Into<String>) -> Piece {
    Piece::Bytes(text.into().into())
}

fn secret() -> Piece {
    Piece::Secret("token".into())
}

fn get_request(url: impl Into<String>) -> Request {
    get_pieces(vec![bytes(url)])
}

fn get_pieces(url: Vec<Piece>) -> Request {
    Request { method: Method::Get, url, tag: "t1".into(), ..Request::default() }
}

async fn error_of(egress: &Egress, url: &str) -> FetchError {
    egress.try_fetch(get_request(url)).await.expect_err(url)
}

#[tokio::test]
async fn a_host_must_be_declared_and_granted() {
    let egress = Egress::new(rules(&["api.one.org", "api.two.org"], &["api.two.org", "evil.org"]))
        .expect("egress");
    assert_eq!(
        error_of(&egress, "https://api.one.org/x").await,
        FetchError::NotGranted("api.one.org".into())
    );
    assert_eq!(
        error_of(&egress, "https://evil.org/x").await,
        FetchError::NotDeclared("evil.org".into())
    );
    assert_eq!(
        error_of(&egress, "https://api.two.org:8443/x").await,
        FetchError::NotDeclared("api.two.org:8443".into())
    );
    assert_eq!(
        error_of(&egress, "http://api.two.org/x").await,
        FetchError::PlainHttp("api.two.org".into())
    );
}

#[tokio::test]
async fn odd_addresses_are_refused() {
    let egress = Egress::new(rules(&["*"], &["api.two.org"])).expect("egress");
    for url in
        ["/relative", "file:///etc/passwd", "https://user:pw@api.two.org/", "ftp://api.two.org/"]
    {
        assert_eq!(error_of(&egress, url).await, FetchError::Address, "{url}");
    }
    // A secret cannot be part of what says where it goes.
    for (before, after) in [
        ("https://", ".api.two.org/"),
        ("https://api.two.org", "/"),
        ("https://api.two.org:", "/"),
        ("https://", "@api.two.org/"),
        ("", "https://api.two.org/"),
    ] {
        let request = get_pieces(vec![bytes(before), secret(), bytes(after)]);
        let said = egress.try_fetch(request).await.expect_err(before).to_string();
        assert!(!said.contains("s3cr3t"), "{said}");
    }
    // A number in an odd spelling is still that number.
    assert_eq!(
        error_of(&egress, "https://0x7f.1/").await,
        FetchError::NotGranted("127.0.0.1".into())
    );
    assert_eq!(
        error_of(&egress, "https://[::ffff:127.0.0.1]/").await,
        FetchError::NotGranted("127.0.0.1".into())
    );
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused() {
    let hits = Arc::new(AtomicUsize::new(0));
    let router = Router::new().fallback(get({
        let hits = Arc::clone(&hits);
        || async move {
            hits.fetch_add(1, Ordering::Relaxed);
        }
    }));
    let address = serve(router).await;
    let port = address.rsplit_once(':').expect("port").1;
    let home = format!("rebind.example:{port}");
    let lookups = Arc::new(AtomicUsize::new(0));
    let lookup: Lookup = Arc::new({
        let lookups = Arc::clone(&lookups);
        move |host| {
            lookups.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                match host.as_str() {
                    "rebind.example" => {
                        Ok(vec!["1.1.1.1".parse().expect("ip"), "127.0.0.1".parse().expect("ip")])
                    }
                    _ => Err(std::io::Error::other("no such name")),
                }
            })
        }
    });
    let rules = Rules {
        granted_secrets: BTreeMap::new(),
        ..rules(&["*"], &[&home, "nowhere.example:1", &address])
    };
    let egress = Egress::with_lookup(rules, lookup).expect("egress");
    assert_eq!(
        error_of(&egress, &format!("http://{home}/")).await,
        FetchError::PrivateAddress(home)
    );
    assert_eq!(
        error_of(&egress, "http://nowhere.example:1/").await,
        FetchError::Unresolved("nowhere.example:1".into())
    );
    assert_eq!((hits.load(Ordering::Relaxed), lookups.load(Ordering::Relaxed)), (0, 2));
    // Granted by number it is reached.
    let response = egress.fetch(get_request(format!("http://{address}/"))).await;
    assert_eq!((response.status, hits.load(Ordering::Relaxed)), (200, 1));
}

#[tokio::test]
async fn redirects_are_answers_and_are_not_followed() {
    let router = Router::new()
        .route("/", get(|| async { Redirect::temporary("http://169.254.169.254/latest") }));
    let address = serve(router).await;
    let egress = Egress::new(rules(&["*"], &[&address])).expect("egress");
    let response = egress.fetch(get_request(format!("http://{address}/"))).await;
    assert_eq!(response.status, 307);
    assert!(response.headers.iter().any(|(name, _)| name == "location"));
}

#[tokio::test]
async fn a_large_answer_is_cut_off_whether_announced_or_not() {
    let router = Router::new()
        .route("/announced", get(|| async { "x".repeat(1001) }))
        .route(
            "/streamed",
            get(|| async {
                let parts = futures_util::stream::iter(
                    (0..100).map(|_| Ok::<_, std::convert::Infallible>("x".repeat(100))),
                );
                axum::body::Body::from_stream(parts)
            }),
        )
        .route("/fits", get(|| async { (StatusCode::NOT_FOUND, "x".repeat(1000)) }));
    let address = serve(router).await;
    let egress = Egress::new(rules(&["*"], &[&address])).expect("egress");
    let too_large = FetchError::TooLarge { host: address.clone(), max: 1000 };
    assert_eq!(error_of(&egress, &format!("http://{address}/announced")).await, too_large);
    assert_eq!(error_of(&egress, &format!("http://{address}/streamed")).await, too_large);
    let fits = egress.fetch(get_request(format!("http://{address}/fits"))).await;
    assert_eq!((fits.status, fits.body.len()), (404, 1000));
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_the_reason_shows_no_secret() {
    let router = Router::new().fallback(get(std::future::pending::<()>));
    let address = serve(router).await;
    let rules = Rules { timeout: Duration::from_millis(50), ..rules(&["*"], &[&address]) };
    let egress = Egress::new(rules).expect("egress");
    let url = vec![bytes(format!("http://{address}/bot")), secret(), bytes("/")];
    let response = egress.fetch(get_pieces(url)).await;
    assert_eq!(response.status, 0);
    let reason = String::from_utf8(response.body.into()).expect("text");
    assert_eq!(reason, format!("{address} did not answer within 50ms (fetch_timeout)"));
}

#[tokio::test]
async fn a_refused_connection_is_told_without_the_address() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let address = listener.local_addr().expect("address").to_string();
    drop(listener);
    let egress = Egress::new(rules(&["*"], &[&address])).expect("egress");
    let url = vec![bytes(format!("http://{address}/bot")), secret(), bytes("/?q")];
    let response = egress.fetch(get_pieces(url)).await;
    assert_eq!(String::from_utf8_lossy(&response.body), format!("no connection to {address}"));
}

#[tokio::test]
async fn headers_that_would_go_around_the_check_are_refused() {
    let egress = Egress::new(rules(&["*"], &["127.0.0.1:1"])).expect("egress");
    for (name, value) in [("Host", "evil.org"), ("Proxy-Authorization", "x"), ("X", "a\r\nb")] {
        let request = Request {
            headers: vec![(name.into(), vec![bytes(value)])],
            ..get_request("http://127.0.0.1:1/")
        };
        let error = egress.try_fetch(request).await.expect_err(name);
        assert_eq!(error, FetchError::Header(name.into()));
    }
}

#[tokio::test]
async fn requests_wait_for_their_turn_and_too_many_are_refused() {
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let router = Router::new().fallback(get(move || async move {
        arrived.send(()).expect("the test listens");
        std::future::pending::<()>().await;
    }));
    let address = serve(router).await;
    let egress = Arc::new(Egress::new(rules(&["*"], &[&address])).expect("egress"));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..FETCHES_AT_ONCE_MAX + FETCHES_WAITING_MAX {
        let (egress, url) = (Arc::clone(&egress), format!("http://{address}/"));
        tasks.spawn(async move { egress.fetch(get_request(url)).await });
    }
    for _ in 0..FETCHES_AT_ONCE_MAX {
        arrivals.recv().await.expect("under way");
    }
    while egress.waiting.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(error_of(&egress, &format!("http://{address}/")).await, FetchError::TooMany);
    assert!(arrivals.try_recv().is_err(), "no more than allowed at once");
}

#[test]
fn what_a_request_lacks_is_told_with_the_line_that_gives_it() {
    let account = OauthUse { about: "The desk's client".into(), ..OauthUse::default() };
    let pin = SecretUse { hosts: Vec::new(), about: "The PIN, from the console".into() };
    let mut rules = Rules {
        names: Names {
            channel: "front-desk".into(),
            plugin: "bell".into(),
            config: Some("tablica.toml".into()),
        },
        declared_accounts: BTreeMap::from([("desk".to_owned(), account)]),
        ..rules(&["api.one.org", "api.two.org"], &["api.one.org"])
    };
    rules.declared_secrets.insert("pin".into(), pin);
    let egress = Egress::new(rules).expect("egress");
    let ask = |url: &str, secret: Option<&str>| {
        let body = secret.map(|name| Piece::Secret(name.into())).into_iter().collect();
        let request = Request { body, ..get_request(url) };
        egress.prepare(&request, &Tokens::new()).map(|_| ()).expect_err("refused");
    };
    ask("https://api.one.org/", Some("pin"));
    ask("https://api.one.org/", Some("desk"));
    ask("https://api.one.org/", Some("key"));
    ask("https://api.two.org/", None);
    ask("https://api.two.org/again", None);
    ask("https://api.three.org/", None);
    ask("http://api.one.org/", None);
    ask("https://c48601000000.evil.org/", None);
    expect_test::expect![[r#"
        the secret pin is missing: write `pin = { env = "FRONT_DESK_PIN" }` to [channel.front-desk.grant_secrets] in tablica.toml (The PIN, from the console)
        the account desk is missing: write `client_id` to [channel.front-desk.oauth.desk] in tablica.toml (The desk's client)
        the secret key is not declared: write [secrets.key] with `hosts` to the plugin.toml of bell
        api.two.org is not granted: write `grant_hosts = ["api.one.org", "api.two.org"]` to [channel.front-desk] in tablica.toml
        api.three.org is not declared: write `hosts = ["api.one.org", "api.two.org", "api.three.org"]` to [fetch] in the plugin.toml of bell
        api.one.org is granted for TLS only: write `grant_hosts = ["api.one.org", "api.one.org:80"]` to [channel.front-desk] in tablica.toml if it is to go without
        a name with a long number is not declared: write `hosts = ["api.one.org", "api.two.org", "a name with a long number"]` to [fetch] in the plugin.toml of bell"#]]
    .assert_eq(&egress.lacks().join("\n"));
}
