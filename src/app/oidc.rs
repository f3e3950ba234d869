//! Lets logins by OpenID Connect ask their provider: by the client and the rules of everything that goes
//! out.

use std::sync::Arc;

use anyhow::Context;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::access::Access;
use crate::access::oidc::{Answer, Ask, Oidc, Question};
use crate::channel::egress::{ErrandRules, Errands, FetchError, system_lookup};
use crate::config::model;
use crate::config::units::format_duration;

/// Largest answer of a provider: keys and tokens have some kilobytes.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

struct Asker {
    errands: Errands,
    settings: model::Oidc,
}

/// What `[access.oidc]` asks for, if it is there. Blocks: authorities are read.
pub(super) fn of(access: &Access) -> anyhow::Result<Option<Oidc>> {
    let Some(settings) = access.settings().oidc.clone() else { return Ok(None) };
    let asker = Asker { errands: errands(&settings)?, settings: settings.clone() };
    Ok(Some(Oidc::new(access.clone(), settings, Arc::new(asker))?))
}

/// The way to the provider; fails for a `ca_file` that is none.
pub(crate) fn errands(settings: &model::Oidc) -> anyhow::Result<Errands> {
    let rules = ErrandRules {
        address: settings.issuer.clone(),
        private_networks: settings.private_networks.clone(),
        ca_file: settings.ca_file.clone(),
        timeout: settings.timeout,
        response_bytes_max: ANSWER_BYTES_MAX,
    };
    Errands::new(rules, &system_lookup()).context("[access.oidc]")
}

impl Ask for Asker {
    fn ask(&self, question: Question) -> BoxFuture<'_, Result<Answer, String>> {
        async move {
            let Question { url, form, authorization } = question;
            let asked = self.errands.ask(&url, form, authorization).await;
            let (status, body) = asked.map_err(|error| self.words(error))?;
            Ok(Answer { status, body })
        }
        .boxed()
    }
}

impl Asker {
    /// By the keys of this section; a channel's are called otherwise.
    fn words(&self, error: FetchError) -> String {
        match error {
            FetchError::PrivateAddress(host) => format!(
                "{host} has a private address: if that is meant, name its network in \
                 access.oidc.private_networks"
            ),
            FetchError::PlainHttp(host) => {
                format!("{host} would be asked without TLS, which is for this machine only")
            }
            FetchError::Timeout { host, .. } => format!(
                "{host} did not answer within {} (access.oidc.timeout)",
                format_duration(self.settings.timeout)
            ),
            FetchError::TooLarge { host, max } => {
                format!("the answer of {host} is larger than {max} bytes")
            }
            other => other.to_string(),
        }
    }
}
