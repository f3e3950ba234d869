//! The front end's files as browsers get them: compressed once, at build time, and asked for once.

use super::answer::Answer;
use super::server::{Options, Server, ask};

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let line = |line: &'a str| line.strip_prefix(name)?.strip_prefix(": ");
    answer.head.lines().find_map(line)
}

async fn get(server: &Server, path: &str, headers: &str) -> Answer {
    ask(server.public, &format!("GET {path}"), headers, b"").await
}

/// The paths of script and style, with their build, as the wall's page names them.
async fn own_files(server: &Server) -> [String; 2] {
    let page = server.get("/wall/floor").await.text();
    let build = page.split("data-build=\"").nth(1).and_then(|rest| rest.split('"').next());
    let build = build.expect("the front end is built (cargo xtask ui)");
    ["js", "css"].map(|kind| {
        let path = format!("assets/wall.{kind}?v={build}");
        assert!(page.contains(&format!("\"../{path}\"")), "{page}");
        format!("/{path}")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn script_and_style_come_compressed_and_are_kept_for_ever() {
    let server = Server::start(Options::default()).await;
    for path in own_files(&server).await {
        let plain = get(&server, &path, "").await;
        assert_eq!((plain.status, header(&plain, "content-encoding")), (200, None));
        let forever = Some("public, max-age=31536000, immutable");
        let mut tags = vec![header(&plain, "etag").expect("a tag").to_owned()];
        for (wish, coding) in [("gzip, deflate, br", "br"), ("gzip, deflate", "gzip")] {
            let packed = get(&server, &path, &format!("Accept-Encoding: {wish}\r\n")).await;
            assert_eq!(packed.status, 200, "{path} as {coding}");
            assert_eq!(header(&packed, "content-encoding"), Some(coding));
            assert_eq!(header(&packed, "vary"), Some("accept-encoding"));
            assert_eq!(header(&packed, "cache-control"), forever);
            assert_eq!(header(&packed, "content-type"), header(&plain, "content-type"));
            let length = packed.body.len();
            assert_eq!(header(&packed, "content-length"), Some(length.to_string().as_str()));
            assert!(length * 2 < plain.body.len(), "{path}: {length} as {coding}");
            tags.push(header(&packed, "etag").expect("a tag").to_owned());
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 3, "other bytes have another tag: {tags:?}");
        let refused = get(&server, &path, "Accept-Encoding: br;q=0, gzip;q=0\r\n").await;
        assert_eq!(header(&refused, "content-encoding"), None);
        assert_eq!(refused.body, plain.body);
        assert_eq!(header(&refused, "vary"), Some("accept-encoding"), "a cache must know");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_packed_is_what_is_plain() {
    let server = Server::start(Options::default()).await;
    for path in own_files(&server).await {
        let plain = get(&server, &path, "").await.body;
        for (coding, program) in [("gzip", "gunzipSync"), ("br", "brotliDecompressSync")] {
            let packed = get(&server, &path, &format!("Accept-Encoding: {coding}\r\n")).await;
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("packed");
            std::fs::write(&file, &packed.body).expect("written");
            let script = format!(
                "const packed = require('fs').readFileSync(process.argv[1]); \
                 process.stdout.write(require('zlib').{program}(packed))"
            );
            let mut node = std::process::Command::new("node");
            let output = node.args(["-e", &script]).arg(&file).output().expect("node runs");
            let unpacked = output.stdout;
            assert!(unpacked == plain, "{path} as {coding}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_a_browser_has_is_not_sent_again() {
    let server = Server::start(Options::default()).await;
    let path = "/assets/wall.js";
    for wish in ["", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n"] {
        let first = get(&server, path, wish).await;
        assert_eq!(header(&first, "cache-control"), Some("no-cache"), "without its build");
        let tag = header(&first, "etag").expect("a tag");
        for known in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let asked = format!("{wish}If-None-Match: {known}\r\n");
            let again = get(&server, path, &asked).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{asked}");
            assert_eq!(header(&again, "etag"), Some(tag));
            assert_eq!(header(&again, "vary"), Some("accept-encoding"));
        }
        let other = get(&server, path, &format!("{wish}If-None-Match: \"x\"\r\n")).await;
        assert_eq!(other.status, 200);
        // Of another coding: those are other bytes.
        let coding = if wish.contains("br") { "gzip" } else { "br" };
        let asked = format!("Accept-Encoding: {coding}\r\nIf-None-Match: {tag}\r\n");
        assert_eq!(get(&server, path, &asked).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_says_what_a_get_would() {
    let server = Server::start(Options::default()).await;
    for wish in ["", "Accept-Encoding: br\r\n"] {
        let got = get(&server, "/assets/wall.css", wish).await;
        let head = ask(server.public, "HEAD /assets/wall.css", wish, b"").await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        for name in ["etag", "content-length", "content-encoding", "vary", "cache-control"] {
            assert_eq!(header(&head, name), header(&got, name), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packed_shapes_are_no_files_and_fonts_are_kept_for_ever() {
    let server = Server::start(Options::default()).await;
    for path in ["/assets/wall.js.br", "/assets/wall.js.gz"] {
        assert_eq!(server.get(path).await.problem().0, "unknown-asset");
    }
    let style = server.get("/assets/wall.css").await.text();
    let font = style.split("url(").nth(1).and_then(|rest| rest.split(')').next());
    let font = font.expect("a font").trim_matches('"').trim_start_matches("./");
    assert!(font.starts_with("fonts/"), "relative, for a proxy's path: {font}");
    let answer = get(&server, &format!("/assets/{font}"), "Accept-Encoding: br\r\n").await;
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "content-encoding"), None, "it is compressed by itself");
    assert!(header(&answer, "cache-control").is_some_and(|it| it.contains("immutable")));
    let worker = server.get("/wall/sw.js").await;
    assert_eq!((worker.status, header(&worker, "cache-control")), (200, Some("no-cache")));
    assert_eq!(header(&worker, "content-type"), Some("text/javascript; charset=utf-8"));
    assert!(
        header(&worker, "content-security-policy")
            .is_some_and(|it| it.contains("worker-src 'self'"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_not_compressed() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::start(Options::default()).await;
    let mut stream = tokio::net::TcpStream::connect(server.public).await.expect("connected");
    let head = format!(
        "GET /ws/v1/boards/floor HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAccept-Encoding: br\r\n\
         Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        server.public
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("an answer"));
    }
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 101"), "{answer}");
    assert!(!answer.contains("extensions") && !answer.contains("encoding"), "{answer}");
}
