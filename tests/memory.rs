//! What a server keeps of memory: a first start compiles its plugins, and keeps nothing of that; and
//! what it keeps in memory: nothing that a customer said.

use std::fs;
use std::os::unix::fs::FileExt;

use aho_corasick::AhoCorasick;

use crate::privacy::{CALLER, MARKERS, customers_come};
use crate::support::compiled;
use crate::support::server::{Server, Site, append, unix_seconds};
use crate::support::wait::until_async;

/// A process's memory that can be written to is looked at in such pieces; most are zeros.
const PIECE_BYTES: usize = 64 << 10;
static ZEROS: [u8; PIECE_BYTES] = [0; PIECE_BYTES];

async fn resident_bytes(server: &Server) -> f64 {
    let metrics = server.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.and_then(|bytes| bytes.parse().ok()).expect("on Linux")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_keeps_no_more_memory_than_the_next() {
    let site = Site::new("");
    compiled::private(&site.path("state/compiled-plugins")).expect("one with nothing in it");
    let server = site.start().await;
    let first = resident_bytes(&server).await;
    let kept = std::fs::read_dir(site.path("state/compiled-plugins")).expect("the folder");
    let names = kept.map(|file| file.expect("a file").file_name());
    let compiled = names.filter(|name| name.to_string_lossy().ends_with(".cwasm"));
    assert_eq!(compiled.count(), 3, "all are compiled and kept");
    assert!(server.stop().success());
    let server = site.start().await;
    let second = resident_bytes(&server).await;
    assert!(first < 1.3 * second, "{first} bytes after compiling, {second} without");
}

/// Two thirds of the memory of a server with little to do would never be used.
#[tokio::test(flavor = "multi_thread")]
async fn a_small_server_has_its_memory_in_small_pages() {
    let server = Site::new("").start().await;
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).expect("on Linux");
    let large = status.lines().find_map(|line| line.strip_prefix("THP_enabled:"));
    assert_eq!(large.map(str::trim), Some("0"), "{status}");
}

/// Where a marker is in a process's memory, with what is around it: in the heap, on stacks, in the
/// memories of plugins.
fn remains(pid: u32, markers: &[&str]) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("its map");
    let memory = fs::File::open(format!("/proc/{pid}/mem")).expect("its memory");
    let words = AhoCorasick::new(markers).expect("few words");
    let overlap = markers.iter().map(|marker| marker.len()).max().unwrap_or_default() as u64;
    let (mut found, mut piece) = (Vec::new(), vec![0; PIECE_BYTES]);
    for line in maps.lines() {
        let mut columns = line.split_whitespace();
        let (Some(range), Some(rights)) = (columns.next(), columns.next()) else { continue };
        let Some((from, to)) = range.split_once('-').filter(|_| rights.starts_with("rw")) else {
            continue;
        };
        let address = |text| u64::from_str_radix(text, 16).expect("an address");
        let (mut from, to) = (address(from), address(to));
        while from < to {
            let length = usize::try_from(to - from).expect("a length").min(PIECE_BYTES);
            // What was unmapped meanwhile is no more.
            let Ok(count) = memory.read_at(&mut piece[..length], from) else { break };
            let bytes = &piece[..count];
            if bytes != &ZEROS[..count] {
                found.extend(words.find_iter(bytes).map(|place| {
                    let (start, end) = (place.start().saturating_sub(60), place.end() + 60);
                    let around = &bytes[start..end.min(count)];
                    format!("{from:x} in {line}: {}", around.escape_ascii())
                }));
            }
            from += (count as u64).saturating_sub(overlap).max(1);
            if from + overlap >= to {
                break;
            }
        }
    }
    found
}

/// Lines of the switchboard that tell of no customer: of a log that is read, the last kilobyte
/// stays, so that the file is known again after it was copied.
fn quiet_lines() -> String {
    format!("{}|NONE|NONE|NONE|CONFIGRELOAD|\n", unix_seconds()).repeat(40)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_customer_said_or_is_stays_in_memory() {
    let site = Site::new("");
    let server = site.start().await;
    customers_come(&site, &server).await;
    let ends = format!("{}|call-1|sales|NONE|ABANDON|1|1|4\n", unix_seconds());
    append(&site.queue_log(), &(ends + &quiet_lines()));
    // The switchboard's plugin needs a caller's number for as long as the call may be handed on.
    let others: Vec<&str> = MARKERS.into_iter().filter(|it| *it != CALLER).collect();
    until_async("nothing is left in memory", async || {
        let found = remains(server.pid(), &others);
        println!("{}\n", found.join("\n"));
        found.is_empty()
    })
    .await;
}
