//! Against a stand-in for a server: it speaks as much IMAP as a mailbox that is only read needs.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::super::{Place as Where, Source};
use super::*;
use crate::channel::authority::Authority;

const PATIENCE: Duration = Duration::from_secs(30);

struct Box {
    validity: u32,
    mails: Vec<(u32, Vec<u8>)>,
    /// Connections that were made.
    calls: usize,
    said: Vec<String>,
}

#[derive(Clone)]
struct Server {
    state: Arc<Mutex<Box>>,
    /// Grows when there is something new, or to hang up.
    news: watch::Sender<(u64, u64)>,
    port: u16,
}

impl Server {
    async fn start() -> Self {
        Self::speaking(None).await
    }

    /// Over TLS, if that is given.
    async fn speaking(tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listen");
        let port = listener.local_addr().expect("address").port();
        let state = Box { validity: 7, mails: Vec::new(), calls: 0, said: Vec::new() };
        let (news, _) = watch::channel((0, 0));
        let server = Self { state: Arc::new(Mutex::new(state)), news, port };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.state.lock().expect("state").calls += 1;
                match &tls {
                    None => drop(tokio::spawn(own.clone().serve(stream))),
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            tokio::spawn(own.clone().serve(stream));
                        }
                    }
                }
            }
        });
        server
    }

    fn put(&self, uid: u32, bytes: &[u8]) {
        self.state.lock().expect("state").mails.push((uid, bytes.to_vec()));
        self.news.send_modify(|(news, _)| *news += 1);
    }

    fn hang_up(&self) {
        self.news.send_modify(|(_, ends)| *ends += 1);
    }

    async fn serve<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send>(self, stream: S) {
        let (reader, mut writer) = tokio::io::split(stream);
        let mut lines = BufReader::new(reader).lines();
        let mut news = self.news.subscribe();
        let began = news.borrow_and_update().1;
        // Who does not trust us has gone.
        if writer.write_all(b"* OK ready\r\n").await.is_err() {
            return;
        }
        loop {
            let line = tokio::select! {
                line = lines.next_line() => line,
                () = ended(&mut news, began) => return,
            };
            let Ok(Some(line)) = line else { return };
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            self.state.lock().expect("state").said.push(command.to_owned());
            let answer = if command == "IDLE" {
                writer.write_all(b"+ idling\r\n").await.expect("write");
                let known = news.borrow().0;
                let mut ends = news.clone();
                let over = tokio::select! {
                    line = lines.next_line() => line.ok().flatten(),
                    () = ended(&mut ends, began) => return,
                    () = changed(&mut news, known) => {
                        writer.write_all(b"* 1 EXISTS\r\n").await.expect("write");
                        lines.next_line().await.ok().flatten()
                    }
                };
                assert_eq!(over.as_deref(), Some("DONE"));
                Vec::new()
            } else {
                self.answer(command)
            };
            writer.write_all(&answer).await.expect("write");
            let end = if command.starts_with("LOGIN \"desk\" \"wrong\"") { "NO" } else { "OK" };
            writer.write_all(format!("{tag} {end} done\r\n").as_bytes()).await.expect("write");
        }
    }

    fn answer(&self, command: &str) -> Vec<u8> {
        let state = self.state.lock().expect("state");
        let words: Vec<&str> = command.split(' ').collect();
        let mut out = Vec::new();
        match words.as_slice() {
            ["CAPABILITY"] => out.extend(b"* CAPABILITY IMAP4rev1 IDLE\r\n"),
            ["EXAMINE", "\"INBOX\""] => {
                let next = state.mails.last().map_or(1, |(uid, _)| uid + 1);
                let text = format!(
                    "* {} EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n* OK [UIDNEXT {next}] next\r\n",
                    state.mails.len(),
                    state.validity
                );
                out.extend(text.as_bytes());
            }
            ["UID", "SEARCH", "UID", range] => {
                let from: u32 = range.split(':').next().unwrap().parse().expect("a number");
                let last = state.mails.last().map(|(uid, _)| *uid);
                // As the standard has it: `*` is the last mail, also below the beginning.
                let found = state.mails.iter().map(|(uid, _)| *uid);
                let found = found.filter(|uid| *uid >= from || Some(*uid) == last);
                let found: Vec<String> = found.map(|uid| uid.to_string()).collect();
                out.extend(format!("* SEARCH {}\r\n", found.join(" ")).as_bytes());
            }
            ["UID", "FETCH", range, rest @ ..] => {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                let range = from.parse::<u32>().expect("uid")..=to.parse().expect("uid");
                for (number, (uid, bytes)) in state.mails.iter().enumerate() {
                    if !range.contains(uid) {
                        continue;
                    }
                    out.extend(format!("* {} FETCH (UID {uid} ", number + 1).as_bytes());
                    match rest.last().and_then(|it| it.strip_prefix("BODY.PEEK[]<")) {
                        Some(place) => {
                            let (at, length) =
                                place.trim_end_matches(">)").split_once('.').expect("partial");
                            let at: usize = at.parse().expect("offset");
                            let length: usize = length.parse().expect("length");
                            let end = (at + length).min(bytes.len());
                            let part = &bytes[at.min(end)..end];
                            out.extend(format!("BODY[]<{at}> {{{}}}\r\n", part.len()).as_bytes());
                            out.extend(part);
                        }
                        None => out.extend(
                            format!(
                                "RFC822.SIZE {} INTERNALDATE \"29-Nov-2026 04:00:00 +0000\"",
                                bytes.len()
                            )
                            .as_bytes(),
                        ),
                    }
                    out.extend(b")\r\n");
                }
            }
            _ => {}
        }
        out
    }

    fn settings(&self, from_beginning: bool) -> Settings {
        Settings {
            place: Where::Imap(Mailbox {
                host: "127.0.0.1".to_owned(),
                port: self.port,
                user: "desk".to_owned(),
                password: Some(Secret::new("pass")),
                name: "INBOX".to_owned(),
                ca_file: None,
                plain: true,
                back_off: Duration::from_millis(1),
            }),
            part_bytes: 1000,
            bytes_max: 1 << 20,
            from_beginning,
            look_every: Duration::from_millis(5),
            quiet: Duration::ZERO,
        }
    }
}

async fn ended(news: &mut watch::Receiver<(u64, u64)>, began: u64) {
    drop(news.wait_for(|(_, ends)| *ends > began).await);
}

async fn changed(news: &mut watch::Receiver<(u64, u64)>, known: u64) {
    drop(news.wait_for(|(now, _)| *now > known).await);
}

async fn say(source: &mut Source) -> Next {
    tokio::time::timeout(PATIENCE, source.next()).await.expect("in time")
}

/// The next document, whole, with its name, and the cursor behind it.
async fn take(source: &mut Source) -> (String, Vec<u8>, Vec<u8>) {
    'again: loop {
        let Next::Document(head) = say(source).await else { continue };
        let mut bytes = Vec::new();
        loop {
            let Ok(part) = source.part(bytes.len() as u64, 1000).await else { continue 'again };
            bytes.extend(&part.bytes);
            if part.is_last {
                let cursor = source.cursor();
                source.taken();
                assert_eq!(head.received_ms, Some(1_795_924_800_000));
                return (head.name.to_string(), bytes, cursor);
            }
        }
    }
}

#[tokio::test]
async fn mails_come_as_the_server_tells_and_a_restart_goes_on_behind_the_last() {
    let server = Server::start().await;
    server.put(4, b"history");
    let mut source = Source::new(&server.settings(false), None);
    assert_eq!(say(&mut source).await, Next::Connected);
    assert_eq!(say(&mut source).await, Next::Begins);
    let long = vec![b'x'; 3000];
    let told = tokio::spawn({
        let server = server.clone();
        async move {
            // Once it waits.
            while !server.state.lock().expect("state").said.iter().any(|it| it == "IDLE") {
                tokio::task::yield_now().await;
            }
            server.put(9, &vec![b'x'; 3000]);
        }
    });
    let (name, bytes, cursor) = take(&mut source).await;
    assert_eq!((name.as_str(), bytes), ("7.9", long));
    told.await.expect("told");
    server.put(10, b"meanwhile");
    let mut source = Source::new(&server.settings(false), Some(&cursor));
    assert_eq!(take(&mut source).await.1, b"meanwhile");
    let said = server.state.lock().expect("state").said.join("\n");
    for word in ["SELECT", "STORE", "EXPUNGE", "DELETE"] {
        assert!(!said.contains(word), "{word}: nothing is changed");
    }
}

#[tokio::test]
async fn a_lost_connection_is_told_and_made_again_and_nothing_is_lost_or_doubled() {
    let server = Server::start().await;
    let mut source = Source::new(&server.settings(true), None);
    server.put(1, b"one");
    assert_eq!(take(&mut source).await.1, b"one");
    server.hang_up();
    let down = say(&mut source).await;
    assert_eq!(down, Next::Disconnected("the connection to the IMAP server was lost".to_owned()));
    server.put(2, b"two");
    assert_eq!(say(&mut source).await, Next::Connected);
    assert_eq!(take(&mut source).await.1, b"two");
    assert_eq!(server.state.lock().expect("state").calls, 2);
}

#[tokio::test]
async fn a_mailbox_that_numbers_anew_is_a_gap_and_begins_again() {
    let server = Server::start().await;
    let mut source = Source::new(&server.settings(true), None);
    server.put(1, b"one");
    let (_, _, cursor) = take(&mut source).await;
    server.state.lock().expect("state").validity = 8;
    let mut source = Source::new(&server.settings(false), Some(&cursor));
    assert_eq!(say(&mut source).await, Next::Connected);
    assert!(matches!(say(&mut source).await, Next::Gap(_)));
    assert_eq!(say(&mut source).await, Next::Begins);
    server.put(2, b"two");
    let (name, bytes, _) = take(&mut source).await;
    assert_eq!((name.as_str(), bytes.as_slice()), ("8.2", b"two".as_slice()));
}

#[tokio::test]
async fn a_wrong_password_is_told_without_it() {
    let server = Server::start().await;
    let mut settings = server.settings(false);
    if let Where::Imap(mailbox) = &mut settings.place {
        mailbox.password = Some(Secret::new("wrong"));
    }
    let mut source = Source::new(&settings, None);
    let why = "the IMAP server does not let this user in".to_owned();
    assert_eq!(say(&mut source).await, Next::Disconnected(why));
}

#[tokio::test]
async fn a_server_of_the_operators_own_authority_is_read_over_tls_and_others_are_refused() {
    let (own, other) = (Authority::new("Own"), Authority::new("Other"));
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, own.pem()).expect("write");
    let over_tls = |server: &Server| {
        let mut settings = server.settings(true);
        if let Where::Imap(mailbox) = &mut settings.place {
            (mailbox.plain, mailbox.ca_file) = (false, Some(file.clone()));
        }
        settings
    };
    let server = Server::speaking(Some(own.server("127.0.0.1"))).await;
    server.put(1, b"one");
    let mut source = Source::new(&over_tls(&server), None);
    assert_eq!(say(&mut source).await, Next::Connected);
    assert_eq!(take(&mut source).await.1, b"one");
    let refused = [
        (own.server("mail.example"), "the IMAP server's certificate is for another name"),
        (own.expired_server("127.0.0.1"), "the IMAP server's certificate has expired"),
        (
            other.server("127.0.0.1"),
            "the IMAP server's certificate is signed by nobody whom this machine or ca_file trusts",
        ),
    ];
    for (tls, why) in refused {
        let server = Server::speaking(Some(tls)).await;
        let mut source = Source::new(&over_tls(&server), None);
        assert_eq!(say(&mut source).await, Next::Disconnected(why.to_owned()));
    }
    std::fs::remove_file(&file).expect("remove");
    let mut source = Source::new(&over_tls(&server), None);
    let why = "the channel's ca_file cannot be read".to_owned();
    assert_eq!(say(&mut source).await, Next::Disconnected(why));
}
