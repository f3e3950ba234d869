//! In which pages the kernel gives memory: small ones, while a server has little.
//!
//! The allocator asks for pages of 2 MiB wherever it may. With thirty channels they are a third of the
//! server's memory, and most of that is never used. Where it has many contacts in memory they pay: the
//! engine's work for an event takes a fifth less time (`cargo xtask bench engine`).

use std::fs;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

/// Of so much most is contacts.
const MUCH_BYTES: u64 = 512 << 20;
/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Small pages from here on, before the first channel is loaded.
pub(crate) fn in_small_pages() {
    disable(true);
}

/// Large pages once there is much memory; what is there by then becomes large in the kernel's own time.
pub(super) async fn large_pages_for_much() {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        // Where there is no `/proc`, pages stay small.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        if resident_bytes(&status).is_some_and(|bytes| bytes >= MUCH_BYTES) {
            return disable(false);
        }
    }
}

fn disable(large_pages: bool) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(large_pages) {
        tracing::debug!(%error, "the kernel gives memory in pages of the size that it likes");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = large_pages;
}

fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_the_kernel_writes_it() {
        let status = "VmHWM:\t  123296 kB\nVmRSS:\t  122100 kB\nRssAnon:\t   66488 kB\n";
        assert_eq!(resident_bytes(status), Some(122_100 * 1024));
        assert_eq!(resident_bytes("Name:\ttablica\n"), None);
        assert_eq!(resident_bytes("VmRSS:\t\n"), None);
    }
}
