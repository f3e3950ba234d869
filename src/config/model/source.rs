//! The kinds of sources: where a channel's bytes come from.

use crate::words::words;

words! {
    /// Where a channel's bytes come from.
    pub enum SourceKind {
        /// The network calls us.
        Webhook = "webhook",
        /// The plugin asks, by `fetch` and `timer` commands.
        Poll = "poll",
        /// WebSockets that the plugin has opened.
        Socket = "socket",
        /// TCP connections that the plugin has opened.
        Tcp = "tcp",
        /// A file that grows.
        File = "file",
        /// Mails and files, each of them whole.
        Document = "document",
    }
}
