//! How the made-up contact center's server is, which alerts hold there, and the pictures that there are.

use std::sync::Arc;

use super::NOW_MS;
use super::figures::{MINUTE_MS, MadeUp};
use super::numbers::State;
use crate::board::house::{Alert, Alerts, Disk, Health, House};
use crate::board::images::Images;
use crate::board::parameter::Kind;
use crate::config::model::{Audience, Severity};

const GIB: u64 = 1 << 30;

pub(super) fn made_up(state: State, center: &MadeUp, images: Arc<Images>) -> House {
    let is_red = state == State::Red;
    let health = Health {
        is_journal_writable: true,
        behind_ms: if is_red { 20_000 } else { 0 },
        behind_max_ms: 30_000,
        disk: Some(Disk { free_bytes: if is_red { 9 } else { 118 } * GIB, bytes: 240 * GIB }),
        plugins: center.channels.len(),
        resting: center.resting().cloned().into_iter().collect(),
        quarantined: if is_red { 14 } else { 0 },
        quarantined_ms: is_red.then_some(NOW_MS - 7 * MINUTE_MS),
        screens: 11,
        frozen: Vec::new(),
        missing: if is_red { vec!["kitchen".to_owned()] } else { Vec::new() },
    };
    let alerts = Alerts::Known { looked_ms: NOW_MS, hold: alerts(state, center) };
    House { health: Some(health), alerts, images, ..House::default() }
}

fn alerts(state: State, center: &MadeUp) -> Vec<Alert> {
    let page = |name: &str, (label, of): (&str, Option<String>), minutes: i64| Alert {
        name: name.to_owned(),
        severity: Severity::Page,
        of: of.into_iter().map(|of| (label.to_owned(), of)).collect(),
        about: if name.starts_with("Tablica") { Audience::Operator } else { Audience::Floor },
        since_ms: NOW_MS - minutes * MINUTE_MS,
        is_silenced: false,
    };
    let ticket = |alert: Alert| Alert { severity: Severity::Ticket, ..alert };
    let [queue, policy, channel] =
        [("queue", Kind::Queue), ("policy", Kind::Policy), ("channel", Kind::Channel)]
            .map(|(label, kind)| (label, center.first(kind)));
    let silent = |channel: &String| {
        let alert = page("ChannelFeedSilent", ("channel", Some(channel.clone())), 12);
        Alert { about: Audience::All, ..alert }
    };
    match state {
        State::Quiet => Vec::new(),
        State::Busy => vec![ticket(page("MessageWaitsTooLong", queue, 24))],
        State::Stale => center.channels.iter().map(silent).collect(),
        State::Red => {
            let screen = ("screen", Some("kitchen".to_owned()));
            let silenced = ticket(page("TablicaDiskFillsUp", ("", None), 190));
            vec![
                page("ServiceLevelBelowGoal", queue.clone(), 18),
                page("CallerWaitsTooLong", queue, 9),
                page("PolicyAtRisk", policy, 6),
                page("TablicaPluginResting", channel, 4),
                ticket(page("TablicaScreenGone", screen, 75)),
                Alert { is_silenced: true, ..silenced },
            ]
        }
    }
}
