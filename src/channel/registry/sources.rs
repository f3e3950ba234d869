//! Where a channel's bytes come from: by its section, and by what its plugin can live with.

use std::path::Path;

use super::Problem;
use crate::channel::manifest::{Manifest, SourceKind};
use crate::channel::verify::Door;
use crate::config::model::Channel;

/// Whether the section names what the plugin's source needs; the door if it is a webhook.
pub(super) fn check(channel: &Channel, manifest: &Manifest) -> Result<Option<Door>, Problem> {
    let source = &manifest.source;
    match (&channel.file, source.allows(SourceKind::File)) {
        (Some(file), false) => return Err(no_file(file, manifest)),
        (None, true) if !source.allows(SourceKind::Webhook) && !source.allows(SourceKind::Poll) => {
            let name = &manifest.name;
            return Err(Problem::Source(format!("`file` is missing: {name} reads a file")));
        }
        _ => {}
    }
    // With a choice of the two, a channel without a secret but with granted hosts polls.
    let polls = source.allows(SourceKind::Poll)
        && !channel.grant_hosts.is_empty()
        && channel.secrets.is_empty()
        && channel.verify.is_none()
        && !channel.unverified;
    if source.allows(SourceKind::Webhook) && channel.file.is_none() && !polls {
        return Ok(Some(Door::of(channel, manifest)?));
    }
    let useless = [
        ("secret", !channel.secrets.is_empty()),
        ("verify", channel.verify.is_some()),
        ("handshake", !channel.handshake.is_empty()),
        ("unverified", channel.unverified),
    ];
    match useless.into_iter().find(|(_, given)| *given) {
        Some((key, _)) => Err(Problem::Source(format!(
            "`{key}`: the channel takes no webhooks, so there is nothing to verify; remove it"
        ))),
        None => Ok(None),
    }
}

/// Where its bytes come from.
pub(super) fn of(channel: &Channel, is_webhook: bool) -> SourceKind {
    match (&channel.file, is_webhook) {
        (Some(_), _) => SourceKind::File,
        (None, true) => SourceKind::Webhook,
        (None, false) => SourceKind::Poll,
    }
}

fn no_file(file: &Path, manifest: &Manifest) -> Problem {
    let (file, name) = (file.display(), &manifest.name);
    Problem::Source(format!("`file = {file}`: {name} reads no file; remove it"))
}
