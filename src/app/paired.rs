//! What paired screens have to show, by the config that holds, and commands that ask for something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::access::ScreenTokens;
use crate::board::hub::HubHandle;
use crate::board::parameter;
use crate::clock;
use crate::config::model::{Config, Playlist, Step};
use crate::engine::Calendar;
use crate::screen::Screens;
use crate::screen::paired::{Paired, Program, Shows, Turn, TurnStep};
use crate::telemetry::JournalMeters;

/// How often the file is looked at for what a command asks.
const LOOK_EVERY: Duration = Duration::from_millis(300);

pub(super) fn open(
    config: &Config,
    hub: HubHandle,
    in_force: watch::Receiver<Arc<Config>>,
) -> anyhow::Result<Arc<Paired>> {
    let observer = Arc::new(JournalMeters::default());
    let program = Box::new(Shown { hub, in_force, alarms: Mutex::default() });
    let state_dir = &config.server.state_dir;
    Ok(Paired::open(config.pairing.clone(), state_dir, observer, program, clock::now_ms)?)
}

/// Does what commands ask for, until it is aborted.
pub(super) async fn carry_out(paired: Arc<Paired>, screens: Arc<Screens>) {
    let mut tick = interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut in_trouble = false;
    loop {
        tick.tick().await;
        let paired = Arc::clone(&paired);
        match tokio::task::spawn_blocking(move || paired.carry_out_orders()).await {
            Ok(Ok(gone)) => {
                in_trouble = false;
                // Nobody misses them. Those whose sockets are about to close forget it themselves.
                gone.iter().for_each(|name| drop(screens.forget(name)));
            }
            // Once: it is tried again.
            Ok(Err(error)) if !std::mem::replace(&mut in_trouble, true) => {
                tracing::warn!(%error, "commands about screens are not answered");
            }
            Ok(Err(_)) => {}
            Err(_) => return,
        }
    }
}

/// Lets a paired screen have what it shows, where `[access]` asks people for a login.
pub(super) struct Tokens(pub(super) Arc<Paired>);

impl ScreenTokens for Tokens {
    fn admits(&self, token: &str, path: &str) -> bool {
        match board_of(path) {
            Some(board) => self.0.shows(token, &board),
            // A picture is found by what is in it: whoever knows that may see it.
            None => path.starts_with("/images/") && self.0.knows(token),
        }
    }
}

/// The board that an address is of.
fn board_of(path: &str) -> Option<String> {
    let board = path.strip_prefix("/wall/").or_else(|| path.strip_prefix("/ws/v1/boards/"))?;
    Some(percent_decode_str(board).decode_utf8().ok()?.into_owned())
}

/// Boards and playlists as they are now.
struct Shown {
    hub: HubHandle,
    in_force: watch::Receiver<Arc<Config>>,
    /// Of boards that are jumped to: the state that was looked at last, and whether it was bad.
    alarms: Mutex<HashMap<String, (u64, bool)>>,
}

impl Program for Shown {
    fn has(&self, shows: &Shows) -> bool {
        match shows {
            Shows::Board(id) => self.hub.can_show(id),
            Shows::Playlist(name) => self.in_force.borrow().playlists.contains_key(name),
        }
    }

    fn includes(&self, shows: &Shows, board: &str) -> bool {
        match shows {
            Shows::Board(id) => id == board,
            Shows::Playlist(name) => {
                let config = self.in_force.borrow();
                let steps = config.playlists.get(name).map(|playlist| &playlist.steps);
                steps.is_some_and(|steps| steps.iter().any(|step| step.board == board))
            }
        }
    }

    fn now(&self, shows: &Shows) -> Turn {
        let config = Arc::clone(&self.in_force.borrow());
        match shows {
            Shows::Board(id) => {
                Turn { steps: vec![TurnStep { board: id.clone(), seconds: 0 }], jump: None }
            }
            Shows::Playlist(name) => {
                let playlist = config.playlists.get(name);
                playlist.map(|playlist| self.turn(&config, playlist)).unwrap_or_default()
            }
        }
    }

    fn playlists(&self) -> Vec<String> {
        self.in_force.borrow().playlists.keys().cloned().collect()
    }

    fn is_open(&self, calendar: &str) -> Option<bool> {
        let config = self.in_force.borrow();
        let calendar = config.calendars.get(calendar)?;
        Some(Calendar::from(calendar).is_open(clock::now_ms()))
    }

    fn calendars(&self) -> Vec<String> {
        self.in_force.borrow().calendars.keys().cloned().collect()
    }
}

impl Shown {
    fn turn(&self, config: &Config, playlist: &Playlist) -> Turn {
        let now_ms = clock::now_ms();
        let is_open = |step: &&Step| {
            let calendar = step.calendar.as_ref().and_then(|name| config.calendars.get(name));
            calendar.is_none_or(|calendar| Calendar::from(calendar).is_open(now_ms))
        };
        let open: Vec<&Step> = playlist.steps.iter().filter(is_open).collect();
        let jump = open.iter().find(|step| step.jump && self.is_bad(&step.board));
        let steps = open
            .iter()
            .map(|step| TurnStep { board: step.board.clone(), seconds: step.length.as_secs() });
        Turn { steps: steps.collect(), jump: jump.map(|step| step.board.clone()) }
    }

    /// Whether a tile of it is bad.
    fn is_bad(&self, board: &str) -> bool {
        if parameter::split(board).is_some() {
            // Somebody has to look at it, or it is not there.
            self.hub.open_soon(board);
        }
        let Some(frame) = self.hub.newest(board) else { return false };
        // A map is whole at any time.
        let mut alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, is_bad)) = alarms.get(board).filter(|(seq, _)| *seq == frame.seq) {
            return *is_bad;
        }
        let is_bad = has_bad_tile(frame.snapshot());
        alarms.insert(board.to_owned(), (frame.seq, is_bad));
        is_bad
    }
}

#[derive(Deserialize)]
struct Snapshot {
    tiles: HashMap<String, Tile>,
}

#[derive(Deserialize)]
struct Tile {
    #[serde(default)]
    tone: String,
}

fn has_bad_tile(snapshot: &str) -> bool {
    let snapshot = serde_json::from_str::<Snapshot>(snapshot);
    snapshot.is_ok_and(|snapshot| snapshot.tiles.values().any(|tile| tile.tone == "bad"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_known_by_the_addresses_of_its_wall() {
        assert_eq!(board_of("/wall/floor").as_deref(), Some("floor"));
        assert_eq!(board_of("/ws/v1/boards/hall%202").as_deref(), Some("hall 2"));
        assert_eq!((board_of("/wall"), board_of("/api/v1/boards/floor")), (None, None));
    }

    #[test]
    fn a_board_is_bad_by_its_tiles_and_not_by_a_row_or_a_word_in_them() {
        assert!(has_bad_tile(r#"{"seq":1,"tiles":{"a":{"tone":"good"},"b":{"tone":"bad"}}}"#));
        let row =
            r#"{"tiles":{"a":{"tone":"warn","rows":[{"tone":"bad"}],"text":"\"tone\":\"bad\""}}}"#;
        assert!(!has_bad_tile(row) && !has_bad_tile("{}"));
    }
}
