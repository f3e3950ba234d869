//! The rules by which messages get topics: read before the first message, looked at ever after.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::channel::enrich::{self, Enricher, RulesFile};
use crate::config::Config;

/// How often the rules file is looked at.
const LOOK_FOR_RULES_EVERY: Duration = Duration::from_secs(2);

/// The enricher of this site, its rules in force; a bad file leaves the shipped ones.
pub(super) fn enricher(config: &Config) -> anyhow::Result<(Arc<Enricher>, Option<RulesFile>)> {
    let enricher = Enricher::new(&config.topics, &config.site);
    let enricher = Arc::new(enricher.context("the shipped lexicons")?);
    let mut file = config.topics.file.clone().map(RulesFile::new);
    if let Some(file) = &mut file {
        file.refresh_and_log(&enricher);
    }
    Ok((enricher, file))
}

/// Looks at the rules file, if there is one, until it is aborted.
pub(super) async fn watch(file: Option<RulesFile>, enricher: Arc<Enricher>) {
    if let Some(file) = file {
        enrich::watch(file, enricher, LOOK_FOR_RULES_EVERY).await;
    }
}
