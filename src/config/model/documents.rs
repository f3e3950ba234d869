//! Where a channel's documents come from, for plugins whose source is `document`.

use std::path::PathBuf;

use super::Secret;

/// Mails and files, each of them whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// Every file in this folder is a document.
    pub folder: Option<PathBuf>,
    /// Every mail in `new/` and `cur/` of this Maildir is a document.
    pub maildir: Option<PathBuf>,
    /// Every mail in a mailbox of this server is a document.
    pub imap: Option<Imap>,
    /// What is there before the channel's first start is given, too. Default false.
    pub from_beginning: bool,
    /// Bytes that the plugin is given at once. Default 256 KiB.
    pub part_bytes: usize,
    /// Longest document; a longer one goes to quarantine. Default 32 MiB: a mail of 25 MB passes.
    pub bytes_max: usize,
}

impl Documents {
    /// The keys that say where they come from, of those that are given.
    pub fn places(&self) -> Vec<&'static str> {
        let all = [
            ("folder", self.folder.is_some()),
            ("maildir", self.maildir.is_some()),
            ("imap", self.imap.is_some()),
        ];
        all.into_iter().filter(|(_, given)| *given).map(|(key, _)| key).collect()
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            folder: None,
            maildir: None,
            imap: None,
            from_beginning: false,
            part_bytes: 256 * 1024,
            bytes_max: 32 * 1024 * 1024,
        }
    }
}

/// `[channel.NAME.imap]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imap {
    /// The server's name.
    pub host: String,
    /// Its port, of IMAP over TLS. Default 993.
    pub port: u16,
    /// Who signs in.
    pub user: String,
    /// With what; none only where the config has mistakes.
    pub password: Option<Secret>,
    /// Default `INBOX`.
    pub mailbox: String,
}

impl Default for Imap {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            user: String::new(),
            password: None,
            mailbox: "INBOX".to_owned(),
        }
    }
}
