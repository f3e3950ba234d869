//! `tablica plugin inspect`: what a plugin file says about itself, and what its operator gives it.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use wasmparser::{Parser, Payload};

use super::find::{self, Shipped};
use super::workbench::{self, limits};
use crate::channel::host::{Header, Instance};
use crate::channel::manifest::{
    ANY_HOST, ClientAuth, Grant, Handshake, Manifest, OauthUse, SourceKind, Tells, Verify,
};
use crate::config::units::format_bytes;

/// Width of the names of rows.
const NAME_WIDTH: usize = 13;
/// Longer lists go on below.
const LINE_CHARS: usize = 84;

/// The arguments of `tablica plugin inspect`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A packed .wasm file, a plugin's folder, or the name of a shipped plugin
    plugin: String,
}

pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let found = find::plugin(&arguments.plugin, shipped)?;
    let package = workbench::package(&found, &workbench::compile()?)?;
    let info = Instance::start(&package, limits())?.describe()?.value;
    let Header { api, manifest } = &package.header;
    let mut page = Page::default();
    page.text.push_str(&format!("{} {}: {}\n", manifest.name, manifest.version, manifest.network));
    if !manifest.summary.is_empty() {
        page.text.push_str(&format!("{}\n", manifest.summary));
    }
    page.text.push('\n');
    if (&info.name, &info.version) != (&manifest.name, &manifest.version) {
        page.row("differs", &format!("the code calls itself {} {}", info.name, info.version));
    }
    page.row("contract", api);
    page.row("exports", &or(exports(&found.bytes)?.join(", "), "nothing"));
    let bytes = found.bytes.len();
    page.row("size", &format!("{bytes} bytes ({})", format_bytes(bytes >> 10 << 10)));
    page.manifest(manifest);
    out.write_all(page.text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What the component offers at its top level.
fn exports(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.context("the file is no component")? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    names.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A name and what there is to say; what is long goes on below itself.
    fn row(&mut self, name: &str, value: &str) {
        let mut lines = vec![String::new()];
        for word in value.split(' ') {
            let last = lines.last().map_or(0, |line| line.chars().count());
            if last > 0 && last + 1 + word.chars().count() > LINE_CHARS {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        for (number, line) in lines.iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            self.text.push_str(&format!("{name:NAME_WIDTH$}{line}\n"));
        }
    }

    /// The name stands before the first of several rows only.
    fn rows(&mut self, name: &str, values: impl IntoIterator<Item = String>, none: &str) {
        let values: Vec<String> = values.into_iter().collect();
        if values.is_empty() {
            self.row(name, none);
        }
        for (number, value) in values.iter().enumerate() {
            self.row(if number == 0 { name } else { "" }, value);
        }
    }

    fn manifest(&mut self, manifest: &Manifest) {
        self.row("medium", manifest.medium.word());
        self.row("sources", &join(manifest.source.all().map(SourceKind::word)));
        match &manifest.tells {
            None => self.row("tells", "not said: it depends on the sender"),
            Some(Tells::Always(kinds)) => {
                self.row("tells", &join(kinds.iter().map(|it| it.word())))
            }
            Some(Tells::BySource(by)) => {
                let each = |(source, kinds): (&SourceKind, &std::collections::BTreeSet<_>)| {
                    let kinds = kinds.iter().map(|it: &crate::event::KindName| it.word());
                    format!("{}: {}", source.word(), join(kinds))
                };
                self.rows("tells", by.iter().map(each), "");
            }
        }
        if manifest.source.allows(SourceKind::Webhook) {
            self.webhooks(manifest);
        }
        let hosts = manifest.fetch.hosts.iter().map(|host| match host.as_str() {
            ANY_HOST => "whatever host the operator grants".to_owned(),
            host => host.to_owned(),
        });
        self.rows("asks, links", hosts, "nobody");
        let secrets =
            manifest.secrets.iter().map(|(name, it)| entry(name, &it.hosts, &[], &it.about));
        self.rows("secrets", secrets, "none");
        self.rows("accounts", manifest.oauth.iter().map(|(name, it)| account(name, it)), "none");
        self.row("attributes", &or(manifest.attributes.keep.join(", "), "none are kept"));
        self.row("samples", &manifest.samples.len().to_string());
        if !manifest.not_understood.is_empty() {
            let sections = manifest.not_understood.join(", ");
            self.row("newer", &format!("{sections}: for later versions of the server"));
        }
        if !manifest.fetch.hosts.is_empty() || !manifest.verify.is_empty() {
            self.text.push_str(&section(manifest));
        }
    }

    fn webhooks(&mut self, manifest: &Manifest) {
        self.rows("verified by", manifest.verify.iter().map(way), "nothing: unverified = true");
        let names = manifest.handshakes.iter().map(|it: &Handshake| {
            let word = it.scheme.word();
            let name =
                if it.name() == word { word.to_owned() } else { format!("{} ({word})", it.name()) };
            match it.takes_value() {
                true => format!("{name}, to which the operator gives a value"),
                false => name,
            }
        });
        self.rows("handshakes", names, "none");
        let headers = match &manifest.source.headers {
            None => "content-type".to_owned(),
            Some(headers) => or(headers.join(", "), "none"),
        };
        self.row("headers", &headers);
        let bad = &manifest.on_bad_input;
        let body = if bad.body.is_empty() { String::new() } else { format!(" {:?}", bad.body) };
        self.row("bad input", &format!("is answered with {}{body}", bad.status));
    }
}

/// A way to verify by its name, with where its secret or signature stands.
fn way(verify: &Verify) -> String {
    let (name, scheme) = (verify.name(), verify.scheme.word());
    let mut said = if name == scheme { name.to_owned() } else { format!("{name} ({scheme})") };
    let at = [&verify.header, &verify.field, &verify.parameter];
    if let Some(at) = at.into_iter().flatten().next() {
        said.push_str(&format!(" in {at}"));
    }
    if !verify.allow_from.is_empty() {
        said.push_str(&format!(", from {}", verify.allow_from.join(" ")));
    }
    said
}

/// A secret or an account: to whom it goes, and what it is.
fn entry(name: &str, hosts: &[String], more: &[String], about: &str) -> String {
    let hosts = hosts.iter().map(|host| match host.as_str() {
        ANY_HOST => "the host that is granted",
        host => host,
    });
    let mut said = format!("{name} for {}", join(hosts));
    for part in more {
        said.push_str(&format!(", {part}"));
    }
    if !about.is_empty() {
        said.push_str(&format!(": {about}"));
    }
    said
}

fn account(name: &str, account: &OauthUse) -> String {
    let grant = match account.grant {
        Grant::RefreshToken => "by a refresh token",
        Grant::ClientCredentials => "by the client's own credentials",
    };
    let at = account.token_url.as_deref().unwrap_or("the operator's token_url");
    let mut more = vec![format!("signed in at {at} {grant}")];
    if account.client_auth == ClientAuth::Basic {
        more.push("the client in a header".to_owned());
    }
    if let Some(scope) = &account.scope {
        more.push(format!("scope {scope:?}"));
    }
    entry(name, &account.hosts, &more, &account.about)
}

/// What the operator writes, with everything that the plugin could need.
fn section(manifest: &Manifest) -> String {
    let mut text = format!("\n[channel.NAME]\nplugin = {:?}\n", manifest.name);
    let kinds: Vec<&str> = manifest.source.all().map(SourceKind::word).collect();
    if kinds.len() > 1 {
        text.push_str(&format!("source = {:?} # or {}\n", kinds[0], kinds[1..].join(", ")));
    }
    if manifest.verify.len() > 1 {
        let names: Vec<&str> = manifest.verify.iter().map(Verify::name).collect();
        text.push_str(&format!("verify = {:?} # or {}\n", names[0], names[1..].join(", ")));
    }
    if manifest.verify.iter().any(|it| it.scheme != crate::channel::manifest::Scheme::None) {
        text.push_str("secret = { env = \"…\" }\n");
    }
    let host = |host: &String| match host.as_str() {
        ANY_HOST => "\"HOST\"".to_owned(),
        host => format!("{host:?}"),
    };
    let hosts: Vec<String> = manifest.fetch.hosts.iter().map(host).collect();
    if !hosts.is_empty() {
        text.push_str(&format!("grant_hosts = [{}]\n", hosts.join(", ")));
    }
    for name in manifest.secrets.keys() {
        text.push_str(&format!("grant_secrets.{name} = {{ env = \"…\" }}\n"));
    }
    for (name, account) in &manifest.oauth {
        text.push_str(&format!("oauth.{name}.client_id = \"…\"\n"));
        text.push_str(&format!("oauth.{name}.client_secret = {{ env = \"…\" }}\n"));
        if account.grant == Grant::RefreshToken {
            text.push_str(&format!("oauth.{name}.refresh_token = {{ env = \"…\" }}\n"));
        }
        if account.token_url.is_none() {
            text.push_str(&format!("oauth.{name}.token_url = \"https://…\"\n"));
        }
    }
    text
}

fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn or(text: String, none: &str) -> String {
    if text.is_empty() { none.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_a_manifest_asks_for_is_shown() {
        let manifest = Manifest::parse(include_str!("inspect/bell.toml")).expect("a manifest");
        let mut page = Page::default();
        page.manifest(&manifest);
        expect_test::expect_file!["inspect/bell.txt"].assert_eq(&page.text);
    }
}
