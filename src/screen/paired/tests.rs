//! Pairing from both sides, without a socket.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::*;
use crate::journal::Silent;

/// Two boards, and a playlist of both.
struct TwoBoards;

impl Program for TwoBoards {
    fn has(&self, shows: &Shows) -> bool {
        matches!(shows.to_string().as_str(), "board:floor" | "board:week" | "playlist:hall")
    }

    fn includes(&self, shows: &Shows, board: &str) -> bool {
        match shows {
            Shows::Board(own) => own == board,
            Shows::Playlist(_) => ["floor", "week"].contains(&board),
        }
    }

    fn now(&self, _shows: &Shows) -> Turn {
        Turn::default()
    }

    fn playlists(&self) -> Vec<String> {
        vec!["hall".to_owned()]
    }

    fn is_open(&self, calendar: &str) -> Option<bool> {
        match calendar {
            "office" => Some(true),
            "closed" => Some(false),
            _ => None,
        }
    }

    fn calendars(&self) -> Vec<String> {
        vec!["closed".to_owned(), "office".to_owned()]
    }
}

fn limits() -> PairLimits {
    PairLimits {
        code_lifetime: Duration::from_secs(600),
        codes_max: 3,
        codes_per_address_max: 2,
        wrong_max: 4,
        wrong_per_address_max: 2,
        screens_max: 2,
        picture_bytes_max: 1000,
        pictures_max: 1,
        picture_kept: Duration::from_secs(60),
    }
}

fn opened(folder: &Path, clock: fn() -> UnixMs) -> Arc<Paired> {
    let program = Box::new(TwoBoards);
    Paired::open(limits(), folder, Arc::new(Silent), program, clock).expect("opened")
}

fn from(last: u8) -> Option<IpAddr> {
    Some(Ipv4Addr::new(192, 0, 2, last).into())
}

fn visit(last: u8) -> Visit {
    Visit { address: from(last), counted_as: from(last), ..Visit::default() }
}

/// A new screen's code and token.
fn code_of(paired: &Paired, last: u8) -> (String, String) {
    match paired.ask(None, visit(last)).expect("a code") {
        Told::Code { code, new_token: Some(token), .. } => (code, token),
        told => unreachable!("{told:?}"),
    }
}

fn board(name: &str) -> Shows {
    Shows::Board(name.to_owned())
}

fn limit_of<T: std::fmt::Debug>(result: Result<T, PairError>) -> PairLimit {
    match result.expect_err("refused") {
        PairError::Limit(limit) => limit,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_screen_is_let_in_by_its_code_and_known_by_its_token_ever_after() {
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || 1_000_000);
    let (code, token) = code_of(&paired, 1);
    assert!(!paired.shows(&token, "floor"), "worth nothing before it is approved");
    let again = paired.ask(Some(&token), visit(1)).expect("the same code");
    assert_eq!(again, Told::Code { code: code.clone(), expires_in_ms: 600_000, new_token: None });

    let typed = format!("{} {}", &code[..4].to_lowercase(), &code[4..]);
    paired.approve(&typed, "hall", "2nd floor", &board("floor"), None).expect("approved");
    assert!(paired.shows(&token, "floor") && !paired.shows(&token, "week"));
    let again = paired.approve(&code, "hall-2", "", &board("floor"), None);
    assert!(matches!(again, Err(PairError::WrongCode(_))), "a code is for one screen");
    drop(paired);

    let files: Vec<u8> = std::fs::read_dir(folder.path())
        .expect("files")
        .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("read"))
        .collect();
    let has = |what: &[u8]| files.windows(what.len()).any(|bytes| bytes == what);
    let bits = BASE64_URL_SAFE_NO_PAD.decode(token.as_bytes()).expect("a token");
    assert!(!has(token.as_bytes()) && !has(&bits), "at rest");
    let years_later = opened(folder.path(), || 1_000_000_000_000);
    assert!(years_later.shows(&token, "floor"), "no end");
    let told = years_later.ask(Some(&token), visit(9)).expect("told");
    let Told::Paired { name, place, shows, .. } = told else { unreachable!("{told:?}") };
    assert_eq!((name.as_str(), place.as_str(), shows), ("hall", "2nd floor", board("floor")));
}

#[test]
fn a_code_ends_and_the_page_is_given_another_one() {
    static NOW: AtomicI64 = AtomicI64::new(1_000);
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || NOW.load(Ordering::Relaxed));
    let (code, token) = code_of(&paired, 1);
    NOW.store(600_999, Ordering::Relaxed);
    let last = paired.ask(Some(&token), visit(1)).expect("its last moment");
    assert!(matches!(last, Told::Code { expires_in_ms: 1, .. }), "{last:?}");
    NOW.store(601_000, Ordering::Relaxed);
    let over = paired.approve(&code, "hall", "", &board("floor"), None);
    assert!(matches!(over, Err(PairError::WrongCode(_))), "{over:?}");
    match paired.ask(Some(&token), visit(1)).expect("another") {
        Told::Code { code: other, new_token: Some(new), .. } => {
            assert!(other != code && new != token);
        }
        told => unreachable!("{told:?}"),
    }
}

#[test]
fn codes_and_wrong_codes_have_limits_for_each_address_and_for_all() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || NOW.load(Ordering::Relaxed));
    let (code, _) = code_of(&paired, 1);
    code_of(&paired, 1);
    assert_eq!(limit_of(paired.ask(None, visit(1))), PairLimit::CodesPerAddress);
    code_of(&paired, 2);
    assert_eq!(limit_of(paired.ask(None, visit(3))), PairLimit::Codes);

    let attempt = |code: &str, last| paired.approve(code, "hall", "", &board("floor"), from(last));
    let is_wrong = |last| matches!(attempt("BBBBBBBB", last), Err(PairError::WrongCode(_)));
    assert!(is_wrong(1) && is_wrong(1));
    assert_eq!(limit_of(attempt(&code, 1)), PairLimit::WrongPerAddress, "also the right one");
    assert!(is_wrong(2) && is_wrong(3));
    assert_eq!(limit_of(attempt(&code, 9)), PairLimit::Wrong, "also the right one");
    NOW.store(600_001, Ordering::Relaxed);
    let (code, _) = code_of(&paired, 1);
    attempt(&code, 1).expect("wrong codes are forgotten as codes are");
}

#[test]
fn changes_hold_at_once_and_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || 5);
    let tokens = ["hall", "desk"].map(|name| {
        let (code, token) = code_of(&paired, 1);
        paired.approve(&code, name, "", &board("floor"), None).expect("approved");
        token
    });
    let (code, _) = code_of(&paired, 1);
    let third = paired.approve(&code, "third", "", &board("floor"), None);
    assert_eq!(limit_of(third), PairLimit::Screens);
    let taken = paired.rename("hall", "desk", None);
    assert!(matches!(taken, Err(PairError::NameTaken(_))), "{taken:?}");
    let nowhere = paired.show("hall", &board("attic"));
    assert!(matches!(nowhere, Err(PairError::UnknownShows(_))), "{nowhere:?}");

    let ticket = paired.ticket(&tokens[0], "floor").expect("let in");
    paired.show("hall", &Shows::Playlist("hall".to_owned())).expect("moved");
    assert!(ticket.is_revoked.has_changed().expect("paired"), "its sockets are told");
    assert!(paired.shows(&tokens[0], "week"));
    paired.rename("hall", "lobby", Some("by the door")).expect("renamed");
    let ticket = paired.ticket(&tokens[1], "floor").expect("let in");
    paired.revoke("desk").expect("revoked");
    assert!(*ticket.is_revoked.borrow() && !paired.shows(&tokens[1], "floor"));
    drop(paired);

    let paired = opened(folder.path(), || 5);
    let list = paired.list();
    let known: Vec<(&str, &str)> = list.iter().map(|it| (&*it.name, &*it.place)).collect();
    assert_eq!(known, [("lobby", "by the door")]);
    assert!(paired.shows(&tokens[0], "week") && !paired.shows(&tokens[1], "floor"));
}

#[test]
fn an_order_to_a_screen_is_told_once_it_asks_and_grows_old() {
    static NOW: AtomicI64 = AtomicI64::new(1_000_000);
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || NOW.load(Ordering::Relaxed));
    let (code, token) = code_of(&paired, 1);
    paired.approve(&code, "hall", "", &board("floor"), None).expect("approved");
    let orders = || match paired.ask(Some(&token), visit(1)).expect("told") {
        Told::Paired { reload, identify, .. } => (reload, identify),
        told => unreachable!("{told:?}"),
    };
    assert_eq!(orders(), (0, 0));
    paired.identify("hall").expect("ordered");
    assert_eq!(orders(), (0, 1_000_000));
    NOW.store(1_031_000, Ordering::Relaxed);
    paired.reload("hall").expect("ordered");
    assert_eq!(orders(), (1_031_000, 0), "who was away is not told what was long ago");
}

#[test]
fn a_command_beside_the_server_is_answered_through_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    assert!(Orders::beside(folder.path()).expect("looked").is_none());
    let paired = opened(folder.path(), || 5);
    let (code, token) = code_of(&paired, 1);
    let mut orders = Orders::beside(folder.path()).expect("opened").expect("there");
    let order = Order::Approve {
        code,
        name: "hall".to_owned(),
        place: String::new(),
        shows: board("floor"),
    };
    let serve = || drop(paired.carry_out_orders().expect("carried out"));
    assert_eq!(orders.ask(&order, 2, serve).expect("asked"), Some(Outcome::Done));
    assert!(paired.shows(&token, "floor"));
    let again = orders.ask(&Order::Revoke { name: "attic".to_owned() }, 2, serve).expect("asked");
    assert_eq!(again, Some(Outcome::Refused("no paired screen is called \"attic\"".to_owned())));
    let nobody = orders.ask(&Order::Revoke { name: "hall".to_owned() }, 2, || ()).expect("asked");
    assert_eq!(nobody, None);
    serve();
    assert!(paired.shows(&token, "floor"), "what was given up is not done later");
    assert_eq!(orders.on_disk().expect("read").len(), 1);
}

#[test]
fn a_screen_is_expected_by_its_calendar_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || 1_000_000);
    let (code, _) = code_of(&paired, 1);
    paired.approve(&code, "hall", "", &board("floor"), None).expect("approved");
    assert!(paired.is_expected("hall") && paired.is_expected("nobody-has-paired-this"));
    let unknown = paired.expect("hall", Some("holiday"));
    assert!(matches!(unknown, Err(PairError::UnknownCalendar(_))), "{unknown:?}");
    paired.expect("hall", Some("closed")).expect("changed");
    assert!(!paired.is_expected("hall"));
    drop(paired);
    let paired = opened(folder.path(), || 1_000_000);
    assert!(!paired.is_expected("hall"));
    let listed = &paired.list()[0];
    assert_eq!((listed.calendar.as_deref(), listed.expected), (Some("closed"), false));
    paired.expect("hall", Some("office")).expect("changed");
    assert!(paired.is_expected("hall"));
    paired.expect("hall", None).expect("changed");
    assert_eq!(paired.list()[0].calendar, None);
}

/// When the page of the screen with that token is to draw it.
fn asked(paired: &Paired, token: &str) -> UnixMs {
    match paired.ask(Some(token), visit(1)).expect("told") {
        Told::Paired { picture, .. } => picture,
        told => unreachable!("{told:?}"),
    }
}

#[test]
fn a_picture_is_drawn_when_it_is_asked_for_and_seen_once() {
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || 1_000_000);
    let (code, token) = code_of(&paired, 1);
    let png = || [b"\x89PNG\r\n\x1a\n".as_slice(), b"drawn"].concat();
    assert_eq!(paired.take_picture(&token, 5, png()), Err(PictureError::NotPaired));
    paired.approve(&code, "hall", "", &board("floor"), None).expect("approved");
    assert_eq!(asked(&paired, &token), 0, "nobody has asked");
    assert_eq!(paired.take_picture(&token, 0, png()), Err(PictureError::NotAsked));

    paired.ask_picture("hall").expect("asked");
    let asked_ms = asked(&paired, &token);
    assert_eq!(paired.picture_state("hall"), PictureState::Asked);
    assert_eq!(paired.take_picture(&token, asked_ms + 1, png()), Err(PictureError::NotAsked));
    let page = b"<html>".to_vec();
    assert_eq!(paired.take_picture(&token, asked_ms, page), Err(PictureError::NoPng));
    paired.take_picture(&token, asked_ms, png()).expect("taken");
    assert_eq!(asked(&paired, &token), 0, "it is drawn once");
    assert_eq!(paired.picture_state("hall"), PictureState::Taken { at_ms: 1_000_000 });
    assert_eq!(paired.look_at_picture("hall"), Some(png()));
    assert_eq!(paired.look_at_picture("hall"), None, "it is seen once");

    paired.ask_picture("hall").expect("asked");
    paired.fail_picture(&token, asked_ms, Failed::Browser).expect("told");
    assert_eq!(paired.picture_state("hall"), PictureState::Failed(Failed::Browser));
}

#[test]
fn pictures_that_nobody_looks_at_are_few() {
    let folder = tempfile::tempdir().expect("folder");
    let paired = opened(folder.path(), || 1_000_000);
    let mut tokens = Vec::new();
    for name in ["hall", "lobby"] {
        let (code, token) = code_of(&paired, 1);
        paired.approve(&code, name, "", &board("floor"), None).expect("approved");
        paired.ask_picture(name).expect("asked");
        tokens.push(token);
    }
    let take = |token: &str| {
        paired.take_picture(token, asked(&paired, token), b"\x89PNG\r\n\x1a\n".to_vec())
    };
    take(&tokens[0]).expect("taken");
    assert_eq!(take(&tokens[1]), Err(PictureError::Limit("pictures_max")));
    paired.look_at_picture("hall").expect("seen");
    take(&tokens[1]).expect("there is room again");
}
