//! Where a channel's bytes come from: by its section, and by what its plugin can live with.

use super::Problem;
use crate::channel::manifest::{Manifest, SourceKind};
use crate::channel::verify::Door;
use crate::config::model::Channel;

/// Where a channel's bytes come from, and the door if it is a webhook.
pub(super) struct Place {
    pub(super) source: SourceKind,
    pub(super) door: Option<Door>,
}

/// Whether the section names what the plugin's source needs, and nothing that it does not.
pub(super) fn check(channel: &Channel, manifest: &Manifest) -> Result<Place, Problem> {
    let source = of(channel, manifest)?;
    let name = &manifest.name;
    match (&channel.file, source) {
        (Some(file), kind) if kind != SourceKind::File => {
            let (file, kind) = (file.display(), kind.word());
            let why = match manifest.source.allows(SourceKind::File) {
                true => format!("the channel's source is `{kind}`"),
                false => format!("{name} reads no file"),
            };
            return Err(Problem::Source(format!("`file = {file}`: {why}; remove it")));
        }
        (None, SourceKind::File) => {
            return Err(Problem::Source(format!("`file` is missing: {name} reads a file")));
        }
        _ => {}
    }
    check_documents(channel, manifest, source)?;
    if source == SourceKind::Webhook {
        return Ok(Place { source, door: Some(Door::of(channel, manifest)?) });
    }
    let asks = matches!(source, SourceKind::Poll | SourceKind::Socket | SourceKind::Tcp);
    if asks && channel.grant_hosts.is_empty() && !manifest.fetch.hosts.is_empty() {
        return Err(Problem::Source(no_host(manifest)));
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
        None => Ok(Place { source, door: None }),
    }
}

/// A channel of documents needs exactly one place for them, any other channel none.
fn check_documents(
    channel: &Channel,
    manifest: &Manifest,
    source: SourceKind,
) -> Result<(), Problem> {
    let name = &manifest.name;
    let places = channel.documents.places();
    match (places.as_slice(), source) {
        ([_], SourceKind::Document) => Ok(()),
        ([], SourceKind::Document) => Err(Problem::Source(format!(
            "`folder`, `maildir` or `imap` is missing: {name} reads documents from one of them"
        ))),
        ([], _) => Ok(()),
        (several, SourceKind::Document) => Err(Problem::Source(format!(
            "{} stand there: documents come from one place; remove the others",
            several.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ")
        ))),
        ([key, ..], kind) => {
            let kind = kind.word();
            let why = match manifest.source.allows(SourceKind::Document) {
                true => format!("the channel's source is `{kind}`"),
                false => format!("{name} reads no documents"),
            };
            Err(Problem::Source(format!("`{key}`: {why}; remove it")))
        }
    }
}

fn no_host(manifest: &Manifest) -> String {
    let name = &manifest.name;
    let hosts: Vec<String> =
        manifest.fetch.hosts.iter().filter(|it| *it != "*").map(|it| format!("{it:?}")).collect();
    match hosts.is_empty() {
        true => format!(
            "`grant_hosts` is missing: {name} asks the host that is named there; write \
             `grant_hosts = [\"HOST\"]` to this section"
        ),
        false => {
            let hosts = hosts.join(", ");
            format!(
                "`grant_hosts` is missing: {name} asks its network; write `grant_hosts = [{hosts}]` to \
                 this section"
            )
        }
    }
}

/// Where a channel's bytes come from: as its section says, or as what else stands in it lets see.
pub(crate) fn of(channel: &Channel, manifest: &Manifest) -> Result<SourceKind, Problem> {
    let source = &manifest.source;
    let all: Vec<SourceKind> = source.all().collect();
    let words = || all.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(" or ");
    let said = channel.source;
    match (said, all.as_slice()) {
        (Some(said), all) if all.contains(&said) => Ok(said),
        (Some(said), _) => {
            let (said, name, words) = (said.word(), &manifest.name, words());
            Err(Problem::Source(format!("`source = {said:?}`: {name} lives with {words}")))
        }
        (None, [only]) => Ok(*only),
        (None, _) => guess(channel, manifest).ok_or_else(|| {
            let (name, words) = (&manifest.name, words());
            Problem::Source(format!("`source` is missing: {name} lives with {words}"))
        }),
    }
}

/// Of several: what the section's other keys are for. With webhooks and questions to choose from, a
/// channel without anything to verify by, but with granted hosts, asks.
fn guess(channel: &Channel, manifest: &Manifest) -> Option<SourceKind> {
    let allows = |kind| manifest.source.allows(kind);
    if channel.file.is_some() && allows(SourceKind::File) {
        return Some(SourceKind::File);
    }
    if !channel.documents.places().is_empty() && allows(SourceKind::Document) {
        return Some(SourceKind::Document);
    }
    let verifies = !channel.secrets.is_empty() || channel.verify.is_some() || channel.unverified;
    let asking: Vec<SourceKind> = [SourceKind::Poll, SourceKind::Socket, SourceKind::Tcp]
        .into_iter()
        .filter(|kind| allows(*kind))
        .collect();
    match (allows(SourceKind::Webhook), verifies, asking.as_slice()) {
        (true, true, _) | (true, false, []) => Some(SourceKind::Webhook),
        (true, false, [only]) if !channel.grant_hosts.is_empty() => Some(*only),
        (true, false, [SourceKind::Poll]) => Some(SourceKind::Webhook),
        (false, _, [only]) => Some(*only),
        _ => None,
    }
}
