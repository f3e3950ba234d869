//! The keys of customers' hashes, looked at while the server runs: `tablica key rotate` need not
//! wait for a restart, and an old key goes when its overlap is over.

use std::time::Duration;

use crate::channel::privacy::keys::KeyRing;
use crate::clock;
use crate::event::UnixMs;

/// How often the keys are looked at.
const LOOK_FOR_KEYS_EVERY: Duration = Duration::from_secs(2);

/// Refreshes the keys until it is aborted; what cannot be read leaves those in force.
pub(super) async fn watch(keys: KeyRing) {
    let mut tick = tokio::time::interval(LOOK_FOR_KEYS_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut in_trouble = false;
    loop {
        tick.tick().await;
        let keys = keys.clone();
        // By an unsure clock no key is forgotten: it could not be had back.
        let now_ms = if clock::is_sure_enough_to_delete() { clock::now_ms() } else { UnixMs::MIN };
        match tokio::task::spawn_blocking(move || keys.refresh(now_ms)).await {
            Ok(Ok(changed)) => {
                in_trouble = false;
                if changed {
                    tracing::info!("other keys for customers' hashes are in force");
                }
            }
            // Once: it would be said every two seconds.
            Ok(Err(error)) if !std::mem::replace(&mut in_trouble, true) => {
                tracing::warn!(%error, "the keys in force stay");
            }
            Ok(Err(_)) => {}
            Err(_) => return,
        }
    }
}
