//! Accounts, against a token server and a network that are played by the test. What the two expect is
//! written from RFC 6749, sections 2.3.1, 4.4, 5 and 6.

use std::path::Path;
use std::sync::Mutex;

use axum::extract::State;
use axum::http::HeaderMap as Headers;
use axum::routing::post;
use bytes::Bytes;

use super::*;
use crate::channel::link::{Connect, Framing, Linker as _};
use crate::channel::manifest::{ClientAuth, Grant};

/// What the two servers know.
#[derive(Default)]
struct World {
    /// The only refresh token that is taken; each renewal makes another one when `rotates`.
    refresh: Mutex<String>,
    rotates: bool,
    /// Seconds for which tokens are good, as they are told.
    expires_in: Option<u64>,
    /// Tokens that were given.
    given: AtomicUsize,
    /// The only one that the network takes.
    good: Mutex<String>,
    asked: Mutex<Vec<Asked>>,
    is_down: std::sync::atomic::AtomicBool,
}

type Shared = Arc<World>;
/// A form, and the header `authorization`.
type Asked = (BTreeMap<String, String>, Option<String>);

async fn give(State(world): State<Shared>, headers: Headers, form: Bytes) -> (StatusCode, String) {
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    let form: BTreeMap<String, String> = form_urlencoded::parse(&form).into_owned().collect();
    let authorization = headers.get("authorization").map(|it| it.to_str().unwrap().to_owned());
    world.asked.lock().unwrap().push((form.clone(), authorization));
    if world.is_down.load(Ordering::SeqCst) {
        return (StatusCode::SERVICE_UNAVAILABLE, "resting, refresh-1 noted".into());
    }
    let mut refresh = world.refresh.lock().unwrap();
    if form["grant_type"] == "refresh_token" && form["refresh_token"] != *refresh {
        return (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#.into());
    }
    let number = world.given.fetch_add(1, Ordering::SeqCst) + 1;
    let token = format!("access-token-{number}");
    *world.good.lock().unwrap() = token.clone();
    let mut answer = serde_json::json!({ "access_token": token, "token_type": "Bearer" });
    if let Some(seconds) = world.expires_in {
        answer["expires_in"] = seconds.into();
    }
    if world.rotates {
        *refresh = format!("refresh-{}", number + 1);
        answer["refresh_token"] = refresh.clone().into();
    }
    (StatusCode::OK, answer.to_string())
}

/// The network: repeats what it was sent, as some do.
async fn tickets(State(world): State<Shared>, headers: Headers) -> (StatusCode, String) {
    let sent = headers["authorization"].to_str().unwrap().to_owned();
    let good = format!("Bearer {}", world.good.lock().unwrap());
    let status = if sent == good { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    (status, format!("you sent {sent}"))
}

async fn start(world: World) -> (Shared, String) {
    *world.refresh.lock().unwrap() = "refresh-1".into();
    let world = Arc::new(world);
    let router = Router::new()
        .route("/token", post(give))
        .route("/tickets", get(tickets))
        .with_state(Arc::clone(&world));
    (world, serve(router).await)
}

fn client() -> OauthClient {
    OauthClient {
        client_id: "desk:1".into(),
        client_secret: Some(Secret::new("s3cret client")),
        refresh_token: Some(Secret::new("refresh-1")),
        token_url: None,
    }
}

fn egress_with(
    address: &str,
    account: OauthUse,
    client: OauthClient,
    folder: Option<&Path>,
) -> Egress {
    let account = OauthUse {
        token_url: Some(format!("http://{address}/token")),
        hosts: vec![address.to_owned()],
        ..account
    };
    Egress::new(Rules {
        declared_accounts: BTreeMap::from([("desk".to_owned(), account)]),
        granted_accounts: BTreeMap::from([("desk".to_owned(), client)]),
        accounts_folder: folder.map(Path::to_owned),
        ..rules(&[address], &[address])
    })
    .expect("egress")
}

fn ask(address: &str) -> Request {
    let bearer = vec![bytes("Bearer "), Piece::Secret("desk".into())];
    Request {
        headers: vec![("authorization".into(), bearer)],
        ..get_request(format!("http://{address}/tickets"))
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_never_shown() {
    let (world, address) = start(World { expires_in: Some(3600), ..World::default() }).await;
    let egress = egress_with(&address, OauthUse::default(), client(), None);
    for _ in 0..3 {
        let answer = egress.try_fetch(ask(&address)).await.expect("an answer");
        assert_eq!(answer.status, 200);
        assert_eq!(&answer.body[..], b"you sent Bearer {secret:desk}");
    }
    let asked = world.asked.lock().unwrap();
    let form = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let expected = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh-1"),
        ("client_id", "desk:1"),
        ("client_secret", "s3cret client"),
    ]);
    assert_eq!(*asked, [(expected, None)]);
}

/// A server of ours that repeats what it is sent, as some switchboards do at a log-in.
#[tokio::test]
async fn a_token_that_is_sent_on_a_link_is_not_shown_when_it_comes_back() {
    let (_world, tokens) = start(World::default()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let far = listener.local_addr().expect("address").to_string();
    let account = OauthUse {
        token_url: Some(format!("http://{tokens}/token")),
        hosts: vec![far.clone()],
        ..OauthUse::default()
    };
    let egress = Egress::new(Rules {
        declared_accounts: BTreeMap::from([("desk".to_owned(), account)]),
        granted_accounts: BTreeMap::from([("desk".to_owned(), client())]),
        ..rules(&[&tokens, &far], &[&tokens, &far])
    });
    let connect = Connect {
        link: "main".into(),
        address: vec![bytes(format!("tcp://{far}"))],
        headers: Vec::new(),
        protocols: Vec::new(),
        framing: Framing::Chunks,
    };
    let opened = Arc::new(egress.expect("egress")).open(connect, 1000).await.expect("open");
    let sent = opened.guard.compose(&[bytes("token "), Piece::Secret("desk".into())]);
    let sent = sent.expect("a token");
    assert_eq!(&sent[..], b"token access-token-1");
    let mut held = Held::default();
    let shown: Vec<u8> =
        sent.chunks(3).flat_map(|part| opened.guard.pass(&mut held, part, false)).collect();
    assert_eq!(String::from_utf8_lossy(&shown), "token {secret:desk}");
    assert_eq!(&*opened.guard.redacted(&sent), b"token {secret:desk}", "a message of a WebSocket");
}

#[tokio::test]
async fn a_client_can_say_who_it_is_in_a_header_and_act_for_itself() {
    let (world, address) = start(World::default()).await;
    let account = OauthUse {
        grant: Grant::ClientCredentials,
        client_auth: ClientAuth::Basic,
        scope: Some("tickets.read agents.read".into()),
        ..OauthUse::default()
    };
    let client = OauthClient { refresh_token: None, ..client() };
    let egress = egress_with(&address, account, client, None);
    assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
    let asked = world.asked.lock().unwrap();
    let (form, authorization) = &asked[0];
    assert_eq!(form.len(), 2, "{form:?}");
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["scope"], "tickets.read agents.read");
    // printf 'desk%%3A1:s3cret+client' | base64
    assert_eq!(authorization.as_deref(), Some("Basic ZGVzayUzQTE6czNjcmV0K2NsaWVudA=="));
}

#[tokio::test]
async fn a_token_that_the_network_takes_back_is_renewed_and_the_request_made_again() {
    let (world, address) = start(World::default()).await;
    let egress = egress_with(&address, OauthUse::default(), client(), None);
    assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
    *world.good.lock().unwrap() = "none".into();
    assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
    assert_eq!(world.given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn many_requests_at_once_sign_in_once() {
    let (world, address) = start(World::default()).await;
    let egress = egress_with(&address, OauthUse::default(), client(), None);
    let asks = (0..10).map(|_| egress.try_fetch(ask(&address)));
    for answer in futures_util::future::join_all(asks).await {
        assert_eq!(answer.expect("an answer").status, 200);
    }
    assert_eq!(world.given.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_runs_out() {
    let (world, address) = start(World { expires_in: Some(3600), ..World::default() }).await;
    let egress = egress_with(&address, OauthUse::default(), client(), None);
    let given_by = |at_s: u64, given: usize| {
        let (world, egress, address) = (Arc::clone(&world), &egress, address.clone());
        async move {
            tokio::time::advance(Duration::from_secs(at_s)).await;
            assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
            assert_eq!(world.given.load(Ordering::SeqCst), given);
        }
    };
    given_by(0, 1).await;
    given_by(3500, 1).await;
    given_by(50, 2).await;
}

/// The newest refresh token survives a restart; another one in the config goes before it.
#[tokio::test]
async fn a_refresh_token_that_changes_each_time_is_kept() {
    let (world, address) = start(World { rotates: true, ..World::default() }).await;
    let state = tempfile::tempdir().expect("folder");
    let folder = state.path().join("accounts/shop");
    let new = |client| egress_with(&address, OauthUse::default(), client, Some(&folder));
    let egress = new(client());
    assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
    let file = folder.join("desk.json");
    let kept = std::fs::read_to_string(&file).expect("kept");
    assert!(kept.contains("refresh-2") && !kept.contains("refresh-1"), "{kept}");
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&file).expect("it").permissions().mode() & 0o777, 0o600);

    let restarted = new(client());
    assert_eq!(restarted.try_fetch(ask(&address)).await.expect("an answer").status, 200);
    assert_eq!(*world.refresh.lock().unwrap(), "refresh-3");

    *world.refresh.lock().unwrap() = "agreed-again".into();
    let refresh_token = Some(Secret::new("agreed-again"));
    let configured_anew = new(OauthClient { refresh_token, ..client() });
    assert_eq!(configured_anew.try_fetch(ask(&address)).await.expect("an answer").status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_why_without_a_secret_and_the_server_is_left_alone_for_a_while() {
    let (world, address) = start(World::default()).await;
    let client = OauthClient { refresh_token: Some(Secret::new("taken-back")), ..client() };
    let egress = egress_with(&address, OauthUse::default(), client, None);
    let said = egress.try_fetch(ask(&address)).await.expect_err("refused").to_string();
    assert_eq!(
        said,
        "cannot sign in to the account \"desk\": 127.0.0.1 answered 400 (invalid_grant)"
    );
    for _ in 0..5 {
        egress.try_fetch(ask(&address)).await.expect_err("refused");
    }
    assert_eq!(world.asked.lock().unwrap().len(), 1, "not asked again at once");
    // The rest has chance in it: of the first 2 to 4 s, of the second 4 to 8.
    tokio::time::advance(Duration::from_secs(4)).await;
    world.is_down.store(true, Ordering::SeqCst);
    let said = egress.try_fetch(ask(&address)).await.expect_err("refused").to_string();
    // What a server says beyond the RFC may hold what it was sent.
    assert_eq!(said, "cannot sign in to the account \"desk\": 127.0.0.1 answered 503");
    world.is_down.store(false, Ordering::SeqCst);
    *world.refresh.lock().unwrap() = "taken-back".into();
    tokio::time::advance(Duration::from_secs(8)).await;
    assert_eq!(egress.try_fetch(ask(&address)).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn a_token_goes_to_its_hosts_only_and_its_server_must_be_granted() {
    let account = |token_url: &str| OauthUse {
        token_url: Some(token_url.into()),
        hosts: vec!["api.one.org".into()],
        ..OauthUse::default()
    };
    let new = |token_url: &str, granted: &[&str]| {
        Egress::new(Rules {
            declared_accounts: BTreeMap::from([("desk".to_owned(), account(token_url))]),
            granted_accounts: BTreeMap::from([("desk".to_owned(), client())]),
            ..rules(&["api.one.org", "id.one.org", "b.org"], granted)
        })
    };
    let all = ["api.one.org", "id.one.org", "b.org"];
    let egress = new("https://id.one.org/token", &all).expect("egress");
    let tokens = Tokens::from([("desk".to_owned(), Secret::new("access-token-1"))]);
    let to = |url: &str| {
        let request = Request { body: vec![Piece::Secret("desk".into())], ..get_request(url) };
        egress.prepare(&request, &tokens).map(|_| ())
    };
    assert_eq!(to("https://api.one.org/x"), Ok(()));
    assert_eq!(to("https://b.org/x"), Err(FetchError::SecretElsewhere("desk".into())));
    let refused = |token_url: &str, granted: &[&str]| {
        new(token_url, granted).err().expect("refused").to_string()
    };
    let said = refused("https://id.one.org/token", &["api.one.org"]);
    assert!(said.contains("id.one.org is not granted"), "{said}");
    let said = refused("https://evil.org/token", &["api.one.org", "evil.org"]);
    assert!(said.contains("evil.org is not declared: write `hosts = "), "{said}");
}
