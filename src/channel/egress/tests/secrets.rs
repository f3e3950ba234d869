//! Secrets on their way out: where they go, what is made of them, and that none comes back.

use axum::Router;
use axum::body::Bytes;
use axum::http::Uri;
use axum::routing::any;

use super::*;
use crate::channel::request::{Atom, Computed, Digest, Encoding};

#[tokio::test]
async fn secrets_are_put_in_and_never_come_back() {
    let seen = Arc::new(std::sync::Mutex::new(String::new()));
    let router = Router::new().fallback(any({
        let seen = Arc::clone(&seen);
        |uri: Uri, headers: axum::http::HeaderMap, body: Bytes| async move {
            let header = headers["x-key"].to_str().expect("text").to_owned();
            let body = String::from_utf8_lossy(&body).into_owned();
            *seen.lock().expect("lock") = format!("{uri}|{header}|{body}");
            ([("x-echo", header.clone()), ("set-cookie", "a=b".to_owned())], format!("echo {uri}"))
        }
    }));
    let address = serve(router).await;
    let egress = Egress::new(rules(&["*"], &[&address])).expect("egress");
    let response = egress
        .fetch(Request {
            method: Method::Post,
            url: vec![bytes(format!("http://{address}/bot")), secret(), bytes("/send?x=1")],
            headers: vec![("X-Key".into(), vec![bytes("Bearer "), secret()])],
            body: vec![bytes("{\"key\":\""), secret(), bytes("\"}")],
            tag: "t1".into(),
        })
        .await;
    let expected = format!("/bot{TOKEN}/send?x=1|Bearer {TOKEN}|{{\"key\":\"{TOKEN}\"}}");
    assert_eq!(*seen.lock().expect("lock"), expected);
    assert_eq!((response.status, response.tag.as_str()), (200, "t1"));
    assert_eq!(response.body, "echo /bot{secret:token}/send?x=1");
    assert!(!format!("{response:?}").contains("s3cr3t"));
    assert!(response.headers.iter().all(|(name, _)| name != "set-cookie"));
}

#[tokio::test]
async fn a_secret_for_the_one_host_of_the_site_goes_to_no_second() {
    assert!(Egress::new(rules(&["*"], &["a.org"])).is_ok());
    let said = Egress::new(rules(&["*"], &["a.org", "b.org"])).err().expect("refused").to_string();
    assert!(said.contains("exactly one"), "{said}");
}

#[tokio::test]
async fn a_secret_goes_to_its_hosts_only_and_never_over_plain_http() {
    let hosts = ["a.org", "b.org", "a.org:8080", "10.0.0.7:80", "127.0.0.1:80"];
    let own = ["a.org", "a.org:8080", "10.0.0.7:80", "127.0.0.1:80"];
    let rules = Rules { declared_secrets: secret_for(&own), ..rules(&hosts, &hosts) };
    let egress = Egress::new(rules).expect("egress");
    let in_header =
        |url: &str| Request { headers: vec![("X-Key".into(), vec![secret()])], ..get_request(url) };
    let in_address = |url: &str| get_pieces(vec![bytes(url), secret()]);
    let in_body = |url: &str| Request { body: vec![secret()], ..get_request(url) };
    let computed = |url: &str| Request {
        body: vec![Piece::Computed(Computed {
            digest: Digest::HmacSha256,
            key: vec![Atom::Secret("token".into())],
            over: vec![],
            encoding: Encoding::Hex,
        })],
        ..get_request(url)
    };
    let makers: [&dyn Fn(&str) -> Request; 4] = [&in_header, &in_address, &in_body, &computed];
    for make in makers {
        let said = |url: &str| egress.prepare(&make(url), &Tokens::new()).map(|_| ());
        assert_eq!(said("https://a.org/x"), Ok(()));
        assert_eq!(said("https://b.org/x"), Err(FetchError::SecretElsewhere("token".into())));
        for clear in ["http://a.org:8080/x", "http://10.0.0.7/x"] {
            assert_eq!(said(clear), Err(FetchError::SecretInClear("token".into())), "{clear}");
        }
        assert_eq!(said("http://127.0.0.1/x"), Ok(()), "it does not leave the machine");
    }
    let unknown = get_pieces(vec![bytes("https://a.org/"), Piece::Secret("pin".into())]);
    let error = egress.prepare(&unknown, &Tokens::new()).map(|_| ());
    assert_eq!(error, Err(FetchError::UnknownSecret("pin".into())));
}

/// Values of RFC 1321, 2202, 4231, 3174 and 7617, and of `printf … | openssl`, not of this code.
#[tokio::test]
async fn what_is_computed_is_what_others_compute() {
    let rules = Rules {
        granted_secrets: BTreeMap::from([("token".to_owned(), Secret::new("Jefe"))]),
        ..rules(&["a.org"], &["a.org"])
    };
    let egress = Egress::new(rules).expect("egress");
    let atom = |text: &'static str| Atom::Bytes(Bytes::from_static(text.as_bytes()));
    let key = || Atom::Secret("token".into());
    let question = "what do ya want for nothing?";
    for (digest, key, over, encoding, expected) in [
        (
            Digest::Md5,
            vec![],
            vec![atom("a"), atom("bc")],
            Encoding::Hex,
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        (
            Digest::Sha1,
            vec![],
            vec![atom("abc")],
            Encoding::Hex,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            Digest::HmacMd5,
            vec![key()],
            vec![atom(question)],
            Encoding::Hex,
            "750c783e6ab0b503eaa86e310a5db738",
        ),
        (
            Digest::HmacSha1,
            vec![key()],
            vec![atom(question)],
            Encoding::Hex,
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        ),
        (
            Digest::HmacSha256,
            vec![key()],
            vec![atom("what do ya want "), atom("for nothing?")],
            Encoding::Hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            Digest::None,
            vec![],
            vec![atom("Aladdin:open sesame")],
            Encoding::Base64,
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        (Digest::None, vec![], vec![atom("\u{fb}\u{ff}")], Encoding::Base64url, "w7vDvw"),
        (Digest::None, vec![], vec![atom("a b/ż~")], Encoding::Percent, "a%20b%2F%C5%BC~"),
        (Digest::None, vec![], vec![key()], Encoding::Raw, "Jefe"),
    ] {
        let piece = Piece::Computed(Computed { digest, key, over, encoding });
        let request = Request { body: vec![piece], ..get_request("https://a.org/") };
        let prepared = egress.prepare(&request, &Tokens::new()).expect(expected);
        let body = prepared.request.body().and_then(|body| body.as_bytes()).expect(expected);
        assert_eq!(String::from_utf8_lossy(body), expected);
    }
}

#[tokio::test]
async fn a_computed_password_that_comes_back_is_not_shown() {
    let router = Router::new().fallback(any(|headers: axum::http::HeaderMap| async move {
        format!("you said {:?}", headers["authorization"])
    }));
    let address = serve(router).await;
    let egress = Egress::new(rules(&["*"], &[&address])).expect("egress");
    let password = Piece::Computed(Computed {
        digest: Digest::None,
        key: vec![],
        over: vec![Atom::Bytes(Bytes::from_static(b"anna:")), Atom::Secret("token".into())],
        encoding: Encoding::Base64,
    });
    let mut request = get_request(format!("http://{address}/"));
    request.headers.push(("authorization".into(), vec![bytes("Basic "), password.clone()]));
    let response = egress.fetch(request).await;
    assert_eq!(response.body, "you said \"Basic {secret:computed}\"");

    let many = Request { body: vec![password; 9], ..get_request(format!("http://{address}/")) };
    assert_eq!(egress.prepare(&many, &Tokens::new()).map(|_| ()), Err(FetchError::TooManyComputed));
}

#[tokio::test]
async fn bytes_are_never_searched_for_secrets() {
    let egress = Egress::new(rules(&["a.org"], &["a.org"])).expect("egress");
    let text = "{secret:token}";
    let request = Request {
        headers: vec![("x-key".into(), vec![bytes(text)])],
        body: vec![bytes("{secret:"), bytes("token}")],
        ..get_pieces(vec![bytes("https://a.org/"), bytes(text)])
    };
    let prepared =
        egress.prepare(&request, &Tokens::new()).expect("a request like any other").request;
    assert_eq!(prepared.headers()["x-key"], text);
    assert_eq!(prepared.body().and_then(|body| body.as_bytes()), Some(text.as_bytes()));
    assert!(!prepared.url().as_str().contains("s3cr3t"), "{}", prepared.url());
}

#[tokio::test]
async fn a_secret_stays_in_its_part_of_the_address() {
    let rules = Rules {
        granted_secrets: BTreeMap::from([("token".to_owned(), Secret::new("12:a/b#c?d&e@f%"))]),
        ..rules(&["x.org"], &["x.org"])
    };
    let egress = Egress::new(rules).expect("egress");
    let request = get_pieces(vec![bytes("https://x.org/bot"), secret(), bytes("/me?t=1")]);
    let prepared = egress.prepare(&request, &Tokens::new()).expect("a request").request;
    assert_eq!(prepared.url().as_str(), "https://x.org/bot12:a%2Fb%23c%3Fd%26e%40f%25/me?t=1");
}
