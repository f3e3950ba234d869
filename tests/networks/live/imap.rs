//! A mail server that is only read: as much IMAP as that needs, over TLS.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The numbers of this mailbox hold as long as it does not change.
const VALIDITY: u32 = 7;

#[derive(Default)]
struct Inbox {
    mails: Vec<(u32, Vec<u8>)>,
    said: Vec<String>,
    calls: usize,
    /// The next mail that is asked for breaks off in its middle.
    breaks: bool,
}

#[derive(Clone)]
pub(super) struct MailServer {
    inbox: Arc<Mutex<Inbox>>,
    /// Grows with each mail.
    news: watch::Sender<u64>,
    pub(super) port: u16,
}

impl MailServer {
    pub(super) async fn start(tls: TlsAcceptor) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { inbox: Arc::default(), news: watch::channel(0).0, port };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.inbox.lock().unwrap().calls += 1;
                let (own, tls) = (own.clone(), tls.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = tls.accept(stream).await {
                        // Who goes away is not waited for.
                        let _ = own.serves(stream).await;
                    }
                });
            }
        });
        server
    }

    pub(super) fn put(&self, uid: u32, mail: &str) {
        self.inbox.lock().unwrap().mails.push((uid, mail.as_bytes().to_vec()));
        self.news.send_modify(|news| *news += 1);
    }

    /// The next mail that is asked for breaks off in its middle, and the connection with it.
    pub(super) fn will_break(&self) {
        self.inbox.lock().unwrap().breaks = true;
    }

    /// Connections that were made.
    pub(super) fn calls(&self) -> usize {
        self.inbox.lock().unwrap().calls
    }

    /// All commands so far.
    pub(super) fn said(&self) -> Vec<String> {
        self.inbox.lock().unwrap().said.clone()
    }

    async fn serves<S: AsyncRead + AsyncWrite + Send>(self, stream: S) -> std::io::Result<()> {
        let (reader, mut writer) = tokio::io::split(stream);
        let mut lines = BufReader::new(reader).lines();
        let mut news = self.news.subscribe();
        // So many mails the other side knows of, once it has opened the mailbox.
        let mut told = usize::MAX;
        writer.write_all(b"* OK ready\r\n").await?;
        writer.flush().await?;
        while let Some(line) = lines.next_line().await? {
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            self.inbox.lock().unwrap().said.push(command.to_owned());
            let mut answer = Vec::new();
            if command == "IDLE" {
                writer.write_all(b"+ idling\r\n").await?;
                writer.flush().await?;
                tokio::select! {
                    // It has heard enough.
                    _ = lines.next_line() => {}
                    () = more_than(&mut news, told) => {
                        told = self.mails();
                        writer.write_all(format!("* {told} EXISTS\r\n").as_bytes()).await?;
                        writer.flush().await?;
                        lines.next_line().await?;
                    }
                }
            } else {
                answer = self.answer(command);
            }
            if command.starts_with("EXAMINE") {
                told = self.mails();
            }
            let breaks = command.contains("BODY.PEEK")
                && std::mem::take(&mut self.inbox.lock().unwrap().breaks);
            if breaks {
                writer.write_all(&answer[..answer.len() / 2]).await?;
                return writer.shutdown().await;
            }
            // What came meanwhile is told with whatever is answered next, and not again.
            let there = self.mails();
            if there > told {
                told = there;
                answer.extend(format!("* {there} EXISTS\r\n").as_bytes());
            }
            answer.extend(format!("{tag} OK done\r\n").as_bytes());
            writer.write_all(&answer).await?;
            writer.flush().await?;
        }
        Ok(())
    }

    fn mails(&self) -> usize {
        self.inbox.lock().unwrap().mails.len()
    }

    fn answer(&self, command: &str) -> Vec<u8> {
        let inbox = self.inbox.lock().unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let last = inbox.mails.last().map(|(uid, _)| *uid);
        match words.as_slice() {
            ["CAPABILITY"] => b"* CAPABILITY IMAP4rev1 IDLE\r\n".to_vec(),
            ["EXAMINE", _] => format!(
                "* {} EXISTS\r\n* OK [UIDVALIDITY {VALIDITY}] valid\r\n* OK [UIDNEXT {}] next\r\n",
                inbox.mails.len(),
                last.unwrap_or(0) + 1,
            )
            .into_bytes(),
            ["UID", "SEARCH", "UID", range] => {
                let from: u32 = range.split(':').next().unwrap().parse().unwrap();
                // By the standard `*` is the last mail, also where it is below the beginning.
                let uids = inbox.mails.iter().map(|(uid, _)| *uid);
                let found: Vec<String> = uids
                    .filter(|uid| *uid >= from || Some(*uid) == last)
                    .map(|uid| uid.to_string())
                    .collect();
                format!("* SEARCH {}\r\n", found.join(" ")).into_bytes()
            }
            ["UID", "FETCH", range, asked @ ..] => {
                let (from, to) = range.split_once(':').unwrap_or((range, range));
                let range = from.parse::<u32>().unwrap()..=to.parse().unwrap();
                let mails = inbox.mails.iter().enumerate();
                let mails = mails.filter(|(_, (uid, _))| range.contains(uid));
                mails.flat_map(|(place, mail)| fetched(place + 1, mail, asked)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Waits until there are more mails than so many.
async fn more_than(news: &mut watch::Receiver<u64>, known: usize) {
    drop(news.wait_for(|now| *now > known as u64).await);
}

fn fetched(place: usize, (uid, mail): &(u32, Vec<u8>), asked: &[&str]) -> Vec<u8> {
    let mut answer = format!("* {place} FETCH (UID {uid} ").into_bytes();
    match asked.last().and_then(|it| it.strip_prefix("BODY.PEEK[]<")) {
        Some(part) => {
            let (at, length) = part.trim_end_matches(">)").split_once('.').unwrap();
            let at = at.parse::<usize>().unwrap();
            let end = mail.len().min(at + length.parse::<usize>().unwrap());
            let part = &mail[at.min(end)..end];
            answer.extend(format!("BODY[]<{at}> {{{}}}\r\n", part.len()).as_bytes());
            answer.extend(part);
        }
        None => {
            let size = mail.len();
            let date = jiff::Zoned::now().strftime("%d-%b-%Y %H:%M:%S %z");
            answer.extend(format!("RFC822.SIZE {size} INTERNALDATE \"{date}\"").as_bytes());
        }
    }
    answer.extend(b")\r\n");
    answer
}
