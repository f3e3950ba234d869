//! Letters that do not wait: alerts.

use super::Letter;
use super::message::{Envelope, eml};
use super::smtp::{Fault, Talk};
use crate::config::model::Mail;

/// Sends a letter to these addresses now, in one conversation. The first that is not taken ends it: whoever
/// tries again sends all of them again, under the same Message-ID each.
pub async fn send(mail: &Mail, letter: &Letter, to: &[String]) -> Result<(), Fault> {
    let mut talk = Talk::with(mail);
    for to in to {
        let envelope = Envelope { from: &mail.from, to, by_hand: None };
        let message = eml(letter, envelope).map_err(Fault::Unwritten)?;
        talk.hand_over(&message).await?;
    }
    talk.end().await;
    Ok(())
}
