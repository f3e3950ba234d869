//! The contract between the server and plugins on other people's disks.

mod page;

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

/// The contract without its comments and without spaces at the ends of lines.
fn words(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("the contract");
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

/// `plugins/wit/README.md` says what can grow without changing it, and how a `v2` comes to be.
#[test]
fn v1_is_frozen() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/wit/v1/channel.wit");
    let words = words(&path);
    assert!(words.contains("export plugin;"), "all of it is compared");
    assert!(!words.contains("wss:"), "comments are left out");
    let hash = hex::encode(Sha256::digest(words));
    let released = "d521abc555fcdf27697a41b35371a0daf73c051108f4a07a443be419213abd1f";
    assert_eq!(hash, released, "v1 has changed: see plugins/wit/README.md");
}
