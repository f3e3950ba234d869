//! What must outlive a restart: of each feed the ids that were seen, by hashes, and numbers of its entries.

use tablica_plugin::poll::Feed;

use crate::source::{Record, Source};

/// Tells this layout from later ones.
const LAYOUT: u8 = 1;

/// A snapshot of the feeds.
pub(crate) fn to_bytes(sources: &[Source]) -> Vec<u8> {
    let mut bytes = vec![LAYOUT];
    for source in sources {
        put(&mut bytes, source.url.as_bytes());
        put(&mut bytes, source.post.as_deref().unwrap_or_default().as_bytes());
        put(&mut bytes, source.queue.as_deref().unwrap_or_default().as_bytes());
        put(&mut bytes, &source.feed.to_bytes());
        let mut records = Vec::new();
        for record in &source.records {
            records.extend(record.key.to_le_bytes());
            records.extend(record.updated_ms.to_le_bytes());
            records.extend(record.replies.to_le_bytes());
            records.extend(record.counted.to_le_bytes());
        }
        put(&mut bytes, &records);
    }
    bytes
}

/// The feeds of a snapshot; none when it is another one.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Vec<Source>> {
    let (layout, mut rest) = bytes.split_first()?;
    if *layout != LAYOUT {
        return None;
    }
    let mut sources = Vec::new();
    while !rest.is_empty() {
        let mut part = || {
            let (part, behind) = take(rest)?;
            rest = behind;
            Some(part)
        };
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).ok();
        let named = |text: String| Some(text).filter(|it| !it.is_empty());
        let url = text(part()?)?;
        let post = named(text(part()?)?);
        let queue = named(text(part()?)?);
        let feed = Feed::from_bytes(part()?)?;
        let (records, []) = part()?.as_chunks::<24>() else { return None };
        let records = records.iter().filter_map(record).collect();
        sources.push(Source { url, post, queue, feed, records });
    }
    Some(sources)
}

fn record(bytes: &[u8; 24]) -> Option<Record> {
    let (key, rest) = bytes.split_first_chunk::<8>()?;
    let (updated_ms, rest) = rest.split_first_chunk::<8>()?;
    let (replies, rest) = rest.split_first_chunk::<4>()?;
    let (counted, _) = rest.split_first_chunk::<4>()?;
    Some(Record {
        key: u64::from_le_bytes(*key),
        updated_ms: u64::from_le_bytes(*updated_ms),
        replies: u32::from_le_bytes(*replies),
        counted: u32::from_le_bytes(*counted),
    })
}

fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(u32::try_from(part.len()).unwrap_or(0).to_le_bytes());
    bytes.extend(part);
}

fn take(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}
