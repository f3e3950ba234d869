//! Where a channel's documents come from.

use super::MIB;
use crate::config::model::{Documents, Imap};
use crate::config::secret;
use crate::config::section::Section;

/// `documents_from`, and whether it is from the beginning.
const FROM: [(&str, bool); 2] = [("now", false), ("beginning", true)];

pub(super) fn documents(section: &mut Section<'_>) -> Documents {
    let default = Documents::default();
    let server = section.section("imap");
    let has_imap = section.has("imap");
    Documents {
        folder: section.path("folder"),
        maildir: section.path("maildir"),
        imap: has_imap.then(|| imap(server)),
        from_beginning: section.meaning("documents_from", &FROM),
        part_bytes: section.bytes("document_part_bytes", default.part_bytes, 1024..=4 * MIB),
        bytes_max: section.bytes("document_bytes_max", default.bytes_max, 1024..=256 * MIB),
    }
}

fn imap(mut section: Section<'_>) -> Imap {
    let reader = section.reader;
    let default = Imap::default();
    let password = match section.take("password") {
        Some(node) => secret::secret(reader, &section.key("password"), node),
        None => {
            let expected = "password = { env = \"…\" }, or another place of a secret";
            section.wrong("password", "it is missing", expected);
            None
        }
    };
    let imap = Imap {
        host: section.text("host", default.host),
        port: section
            .count("port", default.port.into(), 1..=65_535)
            .try_into()
            .unwrap_or(default.port),
        user: section.text("user", default.user),
        password,
        mailbox: section.text("mailbox", default.mailbox),
    };
    for (key, expected) in [("host", "the server's name"), ("user", "who signs in")] {
        if !section.has(key) {
            section.wrong(key, "it is missing", expected);
        }
    }
    section.finish();
    imap
}
