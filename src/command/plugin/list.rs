//! `tablica plugin list`: what there is.

use std::io::Write;
use std::process::ExitCode;

use super::find::{self, Shipped};
use crate::channel::host::Header;
use crate::channel::manifest::Manifest;

pub(super) fn list(shipped: &Shipped<'_>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut manifests = Vec::new();
    for name in shipped.names {
        let found = find::plugin(name, shipped)?;
        manifests.push(Header::read(&found.name, &found.bytes)?.manifest);
    }
    let width = manifests.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for Manifest { name, version, summary, .. } in manifests {
        writeln!(out, "{name:width$}  {version}  {summary}")?;
    }
    Ok(ExitCode::SUCCESS)
}
