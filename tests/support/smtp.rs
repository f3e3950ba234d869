//! A mail server of one's own: takes mail over loopback, and says what a test has it say.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// What it has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) is_encrypted: bool,
    pub(crate) is_logged_in: bool,
}

/// How it behaves; as a plain server that takes everything by itself.
#[derive(Default)]
pub(crate) struct Manners {
    /// TLS from the first byte.
    pub(crate) tls: Option<TlsAcceptor>,
    /// TLS after STARTTLS.
    pub(crate) starttls: Option<TlsAcceptor>,
    /// Answers to messages, one after the other; 250 afterwards.
    pub(crate) answers: VecDeque<&'static str>,
    /// Answers to recipients.
    pub(crate) recipients: BTreeMap<&'static str, &'static str>,
    /// The login that it asks for, as AUTH PLAIN has it, in Base64.
    pub(crate) login: Option<String>,
    /// It takes messages and never says so.
    pub(crate) is_mute: bool,
}

/// A running one; ends with the runtime.
pub(crate) struct Smtp {
    address: SocketAddr,
    manners: Arc<Mutex<Manners>>,
    taken: watch::Sender<Vec<Taken>>,
}

impl Smtp {
    pub(crate) async fn start(manners: Manners) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let manners = Arc::new(Mutex::new(manners));
        let taken = watch::Sender::new(Vec::new());
        let (of_all, told) = (Arc::clone(&manners), taken.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // One that breaks off is the client's matter.
                tokio::spawn(serve(stream, Arc::clone(&of_all), told.clone()));
            }
        });
        Smtp { address, manners, taken }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on.
    pub(crate) fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.manners.lock().expect("whole"));
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.borrow().clone()
    }

    /// Waits until it has taken so many.
    pub(crate) async fn takes(&self, count: usize) {
        let mut taken = self.taken.subscribe();
        taken.wait_for(|taken| taken.len() >= count).await.expect("it runs");
    }
}

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

async fn serve(
    stream: TcpStream,
    manners: Arc<Mutex<Manners>>,
    taken: watch::Sender<Vec<Taken>>,
) -> Option<()> {
    let tls = manners.lock().expect("whole").tls.clone();
    let mut is_encrypted = tls.is_some();
    let stream: Box<dyn Both> = match tls {
        Some(tls) => Box::new(tls.accept(stream).await.ok()?),
        None => Box::new(stream),
    };
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 stand-in").await?;
    let (mut to, mut is_logged_in) = (String::new(), false);
    loop {
        let line = hear(&mut stream).await?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let (starttls, login, is_mute) = {
            let manners = manners.lock().expect("whole");
            (manners.starttls.clone(), manners.login.clone(), manners.is_mute)
        };
        match verb.as_str() {
            "EHLO" => {
                if starttls.is_some() && !is_encrypted {
                    say(&mut stream, "250-STARTTLS").await?;
                }
                if login.is_some() {
                    say(&mut stream, "250-AUTH PLAIN LOGIN").await?;
                }
                say(&mut stream, "250 8BITMIME").await?;
            }
            "STARTTLS" => {
                say(&mut stream, "220 go on").await?;
                let plain = stream.into_inner();
                stream = BufReader::new(Box::new(starttls?.accept(plain).await.ok()?));
                is_encrypted = true;
            }
            "AUTH" => {
                is_logged_in = line.rsplit(' ').next() == login.as_deref();
                let answer = if is_logged_in { "235 welcome" } else { "535 who are you" };
                say(&mut stream, answer).await?;
            }
            "MAIL" if login.is_some() && !is_logged_in => say(&mut stream, "530 log in").await?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                let refused = manners.lock().expect("whole").recipients.get(to.as_str()).copied();
                say(&mut stream, refused.unwrap_or("250 ok")).await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let mut text = String::new();
                loop {
                    let line = hear(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                let answer = manners.lock().expect("whole").answers.pop_front();
                let answer = answer.unwrap_or("250 taken");
                if answer.starts_with('2') {
                    let mail = Taken { to: to.clone(), text, is_encrypted, is_logged_in };
                    taken.send_modify(|taken| taken.push(mail));
                }
                if is_mute {
                    std::future::pending::<()>().await;
                }
                say(&mut stream, answer).await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

async fn hear(stream: &mut BufReader<Box<dyn Both>>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn say(stream: &mut BufReader<Box<dyn Both>>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    stream.flush().await.ok()
}
