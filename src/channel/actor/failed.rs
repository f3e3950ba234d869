//! After a call that the plugin did not survive: who is to blame, and what becomes of the others.

use super::Actor;
use super::outlet::Outcome;
use super::sorting::{Fate, fate, own_fate};
use crate::channel::host::CallError;
use crate::channel::input::{Delivery, Input};

/// A call that the plugin did not survive.
pub(super) struct Failed {
    pub(super) group: Vec<Delivery>,
    pub(super) error: CallError,
    /// Only its input can be the reason.
    pub(super) is_certain: bool,
    /// What came of others before it.
    pub(super) batch: Outcome,
}

impl Actor {
    /// Deals with each input of a failed call.
    pub(super) async fn sort_failed(&mut self, failed: Failed) {
        let Failed { group, error, is_certain, mut batch } = failed;
        if error.is_machines() {
            batch.refused.extend(group);
        } else if is_certain {
            self.all_bad(group, &error, &mut batch).await;
        } else {
            self.one_by_one(group, &mut batch).await;
        }
        self.submit(batch).await;
    }

    /// After a failed call of which only its input can be the reason: it had a new instance to
    /// itself, or it was the plugin's probe. Were it let in again, it would fail every probe.
    async fn all_bad(&mut self, group: Vec<Delivery>, error: &CallError, batch: &mut Outcome) {
        self.mark();
        for delivery in group {
            let bad = || Fate::Bad(error.class(), error.to_string());
            let fate = own_fate(&delivery.content).unwrap_or_else(bad);
            self.sort(delivery, fate, batch).await;
        }
    }

    /// After a failed call: finds out which of its inputs cannot be borne. Each of these is one
    /// mark against the plugin; when it is none of them, the plugin itself is.
    async fn one_by_one(&mut self, group: Vec<Delivery>, batch: &mut Outcome) {
        let mut is_explained = false;
        for delivery in group {
            if let Some(fate) = own_fate(&delivery.content) {
                self.sort(delivery, fate, batch).await;
                continue;
            }
            self.ensure_up().await;
            let round = self.round();
            let stale = delivery.position.as_ref().is_some_and(|it| it.round != round);
            if stale || !self.runner.is_up() {
                self.sort(delivery, Fate::Refused, batch).await;
                continue;
            }
            let inputs: Vec<&Input> = delivery.content.input().into_iter().collect();
            match self.step(&inputs) {
                Ok(decoded) => {
                    self.succeeded();
                    let fate = decoded.into_iter().next().map_or(Fate::Refused, fate);
                    self.sort(delivery, fate, batch).await;
                }
                Err(error) => {
                    self.lose(&error);
                    is_explained = true;
                    if error.is_machines() {
                        self.sort(delivery, Fate::Refused, batch).await;
                    } else {
                        self.mark();
                        let fate = Fate::Bad(error.class(), error.to_string());
                        self.sort(delivery, fate, batch).await;
                    }
                    // The next instance starts from a state that includes what is in the batch:
                    // that must reach the journal before anything this instance says.
                    self.submit(std::mem::take(batch)).await;
                }
            }
        }
        if !is_explained {
            self.mark();
        }
    }
}
