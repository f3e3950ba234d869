//! State that is kept as JSON between a plugin's end and its next start.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Failure, config_error};

/// For [`Channel::snapshot`](crate::Channel::snapshot). Keep in the state what JSON holds: numbers, texts, lists,
/// maps by text or whole number.
///
/// ```
/// # use tablica_plugin::snapshot;
/// assert_eq!(snapshot::read(&snapshot::write(&vec![1, 2])), Ok(vec![1, 2]));
/// assert!(snapshot::read::<Vec<u64>>(b"no snapshot").is_err());
/// ```
pub fn write(state: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(state).unwrap_or_default()
}

/// For [`Channel::restore`](crate::Channel::restore): what [`write()`] gave.
pub fn read<T: DeserializeOwned>(snapshot: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(snapshot).map_err(|error| config_error(format!("snapshot: {error}")))
}
