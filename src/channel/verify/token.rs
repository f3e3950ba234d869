//! Secrets that the network simply repeats, compared in a time that tells nothing of them.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::config::model::Secret;

/// Secrets by their digests: comparing digests takes the same time whatever the lengths.
pub(in crate::channel) struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    pub(in crate::channel) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        Self(secrets.into_iter().map(|secret| Sha256::digest(secret.expose()).into()).collect())
    }

    pub(in crate::channel) fn contain(&self, token: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(token).into();
        // No early end: how many secrets there are must not show either.
        self.0.iter().fold(Choice::from(0), |found, secret| found | secret.ct_eq(&digest)).into()
    }
}
