//! The WebSocket, the watch over it, and what is there when it opens.
//!
//! Asterisk can lose an application's registration while the socket stays open, and says nothing. So it is
//! asked, each 30 s, whether it still knows the application. Nothing is replayed: after a gap the
//! lists of channels and bridges say what is true.

use tablica_plugin::{
    Atom, Command, Computed, Connect, Digest, Encoding, Piece, Request, basic, pieces,
};

use crate::settings::{Auth, Settings};

/// The link's name.
pub(crate) const LINK: &str = "events";
/// The timer that asks for the application, and the tag of that request.
pub(crate) const WATCH: &str = "watch";
/// Tags of the lists.
pub(crate) const CHANNELS: &str = "channels";
pub(crate) const BRIDGES: &str = "bridges";
/// Another program took the name: until then nothing is asked.
pub(crate) const RETRY: &str = "retry";
/// How often the application is asked for.
pub(crate) const WATCH_EVERY_MS: u32 = 30_000;
/// How long another program has the name before Tablica takes it again.
pub(crate) const RETRY_AFTER_MS: u32 = 300_000;

/// Opens the WebSocket, or opens it again.
pub(crate) fn connect(settings: &Settings) -> Command {
    let address = settings.url.replacen("http", "ws", 1);
    let app = &settings.app;
    let mut address = pieces![format!("{address}/ari/events?app={app}&subscribeAll=true")];
    address.extend(key(settings, "&"));
    let mut link = Connect::new(LINK, address);
    if settings.auth == Auth::Basic {
        link = link.header("authorization", basic(&settings.user, "password"));
    }
    Command::connect(link)
}

/// Asks for something below `/ari/`.
pub(crate) fn ask(settings: &Settings, what: &str, tag: &str) -> Command {
    let mut address = pieces![format!("{}/ari/{what}", settings.url)];
    address.extend(key(settings, "?"));
    let mut request = Request::get(address, tag);
    if settings.auth == Auth::Basic {
        request = request.header("authorization", basic(&settings.user, "password"));
    }
    Command::Fetch(request)
}

/// Asks whether the application is known.
pub(crate) fn watch(settings: &Settings) -> Vec<Command> {
    let what = format!("applications/{}", settings.app);
    vec![ask(settings, &what, WATCH), Command::timer(WATCH, WATCH_EVERY_MS)]
}

/// `api_key=user:password`, where it stands in the address.
fn key(settings: &Settings, before: &str) -> Vec<Piece> {
    if settings.auth == Auth::Basic {
        return Vec::new();
    }
    let encoded = Computed {
        digest: Digest::None,
        key: Vec::new(),
        over: vec![Atom::Secret("password".into())],
        encoding: Encoding::Percent,
    };
    vec![Piece::from(format!("{before}api_key={}:", settings.user)), Piece::Computed(encoded)]
}
