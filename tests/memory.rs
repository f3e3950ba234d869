//! What a server keeps of memory: a first start compiles its plugins, and keeps nothing of that.

use crate::support::server::{Server, Site};

async fn resident_bytes(server: &Server) -> f64 {
    let metrics = server.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.and_then(|bytes| bytes.parse().ok()).expect("on Linux")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_keeps_no_more_memory_than_the_next() {
    let site = Site::new("");
    let server = site.start().await;
    let first = resident_bytes(&server).await;
    let compiled = std::fs::read_dir(site.path("state/compiled-plugins")).expect("the folder");
    assert_eq!(compiled.count(), 3, "all are compiled and kept");
    assert!(server.stop().success());
    let server = site.start().await;
    let second = resident_bytes(&server).await;
    assert!(first < 1.3 * second, "{first} bytes after compiling, {second} without");
}
