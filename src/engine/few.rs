//! A list that is nearly always short enough to stand where it is used: a contact has many of
//! them, and each that stands elsewhere is another way through memory with every event.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

/// A list of which `N` stand in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Few<T, const N: usize>(SmallVec<[T; N]>);

impl<T, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Few(SmallVec::new())
    }
}

impl<T, const N: usize> Deref for Few<T, N> {
    type Target = SmallVec<[T; N]>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T, const N: usize> DerefMut for Few<T, N> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T: Serialize, const N: usize> Serialize for Few<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_slice().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Few<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|list| Few(SmallVec::from_vec(list)))
    }
}
