//! The engine as it was: the newest snapshot that fits, and the journal's tail after it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::roll_ups;
use super::starting::Start;
use crate::clock;
use crate::engine::{Engine, QUARTER_MS, Rules};
use crate::event::{Event, Feed, FeedPart, FeedState, Kind, UnixMs};
use crate::journal::rollups::{self, RollupError};
use crate::journal::{
    self, Append, JournalHandle, Opened, RightTimes, SeenIds, Sequence, SideFileError, Snapshot,
};

/// Timers between two events of the tail fire in steps of this.
const TICK_MS: UnixMs = 1000;
/// Events of the tail that are unpacked ahead of the fold.
const EVENTS_PER_BATCH: usize = 1000;
const BATCHES_AHEAD: usize = 4;

/// Where a channel's part stood, by channel and part.
pub(super) type Cursors = BTreeMap<(String, &'static str), Vec<u8>>;

/// The fold of everything that was acknowledged. An engine whose rules have changed since the
/// snapshot is folded anew from the journal.
pub fn engine(
    rules: Rules,
    opened: &Opened,
    stored: &rollups::Store,
    ids: &SeenIds,
    start: &Start,
) -> anyhow::Result<(Engine, Sequence)> {
    let mut given = |batches, take: Take<'_>| ids.load(batches, take);
    let snapshot = newest(&rules, opened.snapshots()?, opened.right_times(), &mut given);
    let tail = opened.tail(snapshot.as_ref().map_or(0, |(_, sequence)| *sequence))?;
    let load = |from, to| Ok(readable(stored.load(from, to)));
    start.begins(snapshot.as_ref().map_or(0, |(_, sequence)| *sequence), opened.last_sequence());
    let (engine, sequence) = fold(rules, snapshot, tail, load, |folded| start.has_folded(folded))?;
    Ok((engine, sequence.max(opened.last_sequence())))
}

/// The fold of everything that is in the journal of a server that runs, as far as it has got: by
/// the right times, where the clock was wrong. The journal is the one in the state folder.
pub(crate) fn anew(
    rules: Rules,
    state_dir: &Path,
    journal: journal::Reader,
) -> anyhow::Result<(Engine, Sequence)> {
    let snapshots = journal::snapshots_in(state_dir);
    let mut given = |batches, take: Take<'_>| journal::load_beside(state_dir, batches, take);
    let snapshot = newest(&rules, snapshots, journal.right_times(), &mut given);
    let tail = journal.events_after(snapshot.as_ref().map_or(0, |(_, sequence)| *sequence));
    let whole = tail.filter_map(|event| match event {
        Ok(event) => Some(event),
        Err(bad) => {
            tracing::warn!(file = bad.file, first = bad.first, reason = bad.reason, "left out");
            None
        }
    });
    let stored = readable(rollups::Reader::open(state_dir));
    let load =
        |from, to| Ok(readable(stored.as_ref().map_or(Ok(Vec::new()), |it| it.load(from, to))));
    fold(rules, snapshot, whole, load, |_| ())
}

/// What is stored, or nothing where that cannot be read: without the weeks before, what is compared
/// with them has no data; all else is right.
fn readable<T: Default>(stored: Result<T, RollupError>) -> T {
    stored.unwrap_or_else(|error| {
        tracing::warn!(%error, "roll-ups are left out");
        T::default()
    })
}

/// The newest of an engine's snapshots that fits, and the last event in it.
fn newest(
    rules: &Rules,
    snapshots: impl Iterator<Item = Snapshot>,
    right_times: &RightTimes,
    ids: &mut StoredIds<'_>,
) -> Option<(Engine, Sequence)> {
    for Snapshot { sequence, bytes } in snapshots {
        match restored(rules.clone(), &bytes, ids) {
            Ok(restored) if right_times.spoil(sequence, restored.now_ms()) => {
                tracing::warn!(sequence, "snapshot passed over: it was made by a wrong clock");
            }
            Ok(restored) => return Some((restored, sequence)),
            Err(error) => {
                tracing::warn!(sequence, %error, "snapshot passed over");
            }
        }
    }
    None
}

/// Takes a piece of the ids of events.
type Take<'a> = &'a mut dyn FnMut(&[u8]);
/// Gives the pieces of these batches.
type StoredIds<'a> = dyn FnMut(RangeInclusive<u64>, Take<'_>) -> Result<(), SideFileError> + 'a;

/// The engine of a snapshot, with the ids that are stored beside it.
fn restored(rules: Rules, bytes: &[u8], ids: &mut StoredIds<'_>) -> anyhow::Result<Engine> {
    let mut engine = Engine::restore(rules, bytes)?;
    if let Some(batches) = engine.ids_needed() {
        ids(batches, &mut |piece| engine.remember_ids(piece))?;
        anyhow::ensure!(engine.ids_needed().is_none(), "it needs ids of events that are lost");
    }
    Ok(engine)
}

/// Counts what came after a snapshot, on top of what is stored of the weeks before. Tells how many
/// events it has counted.
fn fold(
    rules: Rules,
    snapshot: Option<(Engine, Sequence)>,
    tail: impl Iterator<Item = (Sequence, Event)> + Send,
    load: impl FnMut(UnixMs, UnixMs) -> Result<Vec<rollups::Row>, RollupError>,
    tell: impl Fn(u64),
) -> anyhow::Result<(Engine, Sequence)> {
    let mut tail = tail.peekable();
    let first_ms = tail.peek().map(|(_, event)| event.known_ms());
    let (mut engine, mut sequence, known_ms) = match snapshot {
        Some((engine, sequence)) => {
            let known_ms = engine.now_ms();
            (engine, sequence, known_ms)
        }
        // Everything in the journal is folded anew: what is stored counts only before that.
        None => (Engine::new(rules), 0, first_ms.unwrap_or_else(clock::now_ms)),
    };
    engine.tick(known_ms);
    let whole_ms = known_ms - known_ms.rem_euclid(QUARTER_MS);
    let recalled = roll_ups::recall(&mut engine, whole_ms, load)?;
    let mut ticked_ms = 0;
    let mut folded = 0u64;
    let fold = |(next, event): (Sequence, Event)| {
        let now_ms = event.known_ms();
        if now_ms >= ticked_ms + TICK_MS {
            engine.tick(now_ms);
            ticked_ms = now_ms;
        }
        engine.apply(&event, now_ms);
        sequence = next;
        folded += 1;
        tell(folded);
    };
    read_ahead(tail, fold);
    // Waits of the past were observed when they were the present.
    engine.take_observations().for_each(drop);
    tracing::info!(sequence, folded, recalled, "the engine is where it was");
    Ok((engine, sequence))
}

/// Takes each event, while those that follow are unpacked on a thread of their own.
fn read_ahead(
    mut tail: impl Iterator<Item = (Sequence, Event)> + Send,
    take: impl FnMut((Sequence, Event)),
) {
    thread::scope(|scope| {
        let (unpacked, batches) = sync_channel(BATCHES_AHEAD);
        scope.spawn(move || {
            loop {
                let batch: Vec<_> = tail.by_ref().take(EVENTS_PER_BATCH).collect();
                if batch.is_empty() || unpacked.send(batch).is_err() {
                    break;
                }
            }
        });
        batches.into_iter().flatten().for_each(take);
    });
}

/// What the server said of its channels' feeds before it ended does not hold any longer: all files,
/// connections and plugins are tried anew, and what does not work is said again.
pub(super) fn try_feeds_anew(engine: &Engine, journal: &JournalHandle) {
    let now_ms = clock::now_ms();
    let up = |(channel, part): (&str, FeedPart)| Event {
        id: format!("tablica-start-{now_ms}-{}", part.word()),
        channel: channel.to_owned(),
        at_ms: now_ms,
        received_ms: now_ms,
        interaction: String::new(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind: Kind::Feed(Feed::of(part, FeedState::Up)),
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    };
    let events: Vec<Event> = engine.broken_parts().map(up).collect();
    if events.is_empty() {
        return;
    }
    let append = Append { events, cursors: Vec::new(), done: Vec::new() };
    if let Err((_, error)) = journal.try_append(append) {
        tracing::warn!(%error, "feeds that were broken before count as broken until something comes");
    }
}

/// Where every channel's source and plugin stood, of those that the config does not name, too: they
/// may come back while the server runs.
pub(super) fn cursors(opened: &Opened) -> Cursors {
    let part = |part| ["plugin", "source"].into_iter().find(|known| *known == part);
    let known = opened.cursors().filter_map(|(channel, name, bytes)| {
        Some(((channel.to_owned(), part(name)?), bytes.to_vec()))
    });
    known.collect()
}
