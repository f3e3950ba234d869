//! What happened of late, and no more than that.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A map of at most `MAX` entries: for a further one the oldest goes. What is old the caller says: by
/// [`Recent::put`] an entry ages from when it came, by [`Recent::renew`] and [`Recent::touch`] from when it was last
/// used. Nothing costs more than the logarithm of `MAX`, except to go through all.
///
/// In a snapshot it is a list of pairs, oldest first; without values ([`keys`]) a list of keys.
///
/// ```
/// use tablica_plugin::Recent;
///
/// let mut authors: Recent<u64, &str, 2> = Recent::default();
/// authors.put(1, "anna");
/// authors.put(2, "piotr");
/// authors.touch(&1);
/// authors.put(3, "ewa");
/// assert_eq!((authors.get(&1), authors.get(&2)), (Some(&"anna"), None));
/// assert_eq!(serde_json::to_string(&authors).unwrap(), r#"[[1,"anna"],[3,"ewa"]]"#);
/// ```
#[derive(Clone)]
pub struct Recent<K, V, const MAX: usize> {
    /// With its turn.
    by_key: BTreeMap<K, (u64, V)>,
    by_turn: BTreeMap<u64, K>,
    /// The next one.
    turn: u64,
}

impl<K, V, const MAX: usize> Default for Recent<K, V, MAX> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new(), by_turn: BTreeMap::new(), turn: 0 }
    }
}

impl<K: Ord + Clone, V, const MAX: usize> Recent<K, V, MAX> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Whether the key is known.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.by_key.contains_key(key)
    }

    /// Its value. The entry stays as old as it is.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.by_key.get(key).map(|(_, value)| value)
    }

    /// Its value, to be changed. The entry stays as old as it is.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.by_key.get_mut(key).map(|(_, value)| value)
    }

    /// Its value; the entry is the newest now.
    pub fn touch<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (turn, value) = self.by_key.get_mut(key)?;
        if let Some(key) = self.by_turn.remove(turn) {
            *turn = self.turn;
            self.by_turn.insert(self.turn, key);
            self.turn += 1;
        }
        Some(value)
    }

    /// The value of a key, and of a new one what `make` gives. A known entry stays as old as it is.
    pub fn get_or_put_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        const { assert!(MAX > 0) };
        let turn = self.turn;
        if !self.by_key.contains_key(&key) {
            if self.by_key.len() >= MAX
                && let Some((_, oldest)) = self.by_turn.pop_first()
            {
                self.by_key.remove(&oldest);
            }
            self.by_turn.insert(turn, key.clone());
            self.turn += 1;
        }
        &mut self.by_key.entry(key).or_insert_with(|| (turn, make())).1
    }

    /// Keeps a value, and gives the one of before. A known entry stays as old as it is.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        match self.get_mut(&key) {
            Some(known) => Some(std::mem::replace(known, value)),
            None => {
                self.get_or_put_with(key, || value);
                None
            }
        }
    }

    /// Keeps a value, and gives the one of before. The entry is the newest now.
    pub fn renew(&mut self, key: K, value: V) -> Option<V> {
        self.touch(&key);
        self.put(key, value)
    }

    /// Forgets an entry, and gives its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (turn, value) = self.by_key.remove(key)?;
        self.by_turn.remove(&turn);
        Some(value)
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.by_turn.values().filter_map(|key| Some((key, self.get(key)?)))
    }

    /// All values, to be changed, in no order.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.by_key.values_mut().map(|(_, value)| value)
    }
}

impl<K: Ord + Clone, V: PartialEq, const MAX: usize> PartialEq for Recent<K, V, MAX> {
    /// The same entries in the same order of age.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Ord + Clone, V: Eq, const MAX: usize> Eq for Recent<K, V, MAX> {}

impl<K: Ord + Clone + fmt::Debug, V: fmt::Debug, const MAX: usize> fmt::Debug
    for Recent<K, V, MAX>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Clone, V, const MAX: usize> FromIterator<(K, V)> for Recent<K, V, MAX> {
    /// Oldest first. Of more than `MAX` the last ones stay.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut recent = Self::default();
        entries.into_iter().for_each(|(key, value)| {
            recent.renew(key, value);
        });
        recent
    }
}

impl<K: Ord + Clone + Serialize, V: Serialize, const MAX: usize> Serialize for Recent<K, V, MAX> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de, K, V, const MAX: usize> Deserialize<'de> for Recent<K, V, MAX>
where
    K: Ord + Clone + Deserialize<'de>,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Entries(|entry: (K, V)| entry, PhantomData))
    }
}

/// Reads a list, whose items `F` makes entries of.
struct Entries<F, T, K, V, const MAX: usize>(F, PhantomData<(T, K, V)>);

impl<'de, F, T, K, V, const MAX: usize> Visitor<'de> for Entries<F, T, K, V, MAX>
where
    F: Fn(T) -> (K, V),
    T: Deserialize<'de>,
    K: Ord + Clone,
{
    type Value = Recent<K, V, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, oldest first")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut recent = Recent::default();
        while let Some(item) = list.next_element()? {
            let (key, value) = self.0(item);
            recent.renew(key, value);
        }
        Ok(recent)
    }
}

/// For `#[serde(with = "tablica_plugin::recent::keys")]`: of what has no values a list of its keys.
pub mod keys {
    use super::*;

    /// The keys, oldest first.
    pub fn serialize<K: Ord + Clone + Serialize, S: Serializer, const MAX: usize>(
        recent: &Recent<K, (), MAX>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(recent.iter().map(|(key, ())| key))
    }

    /// From a list of keys, oldest first.
    pub fn deserialize<'de, K, D, const MAX: usize>(from: D) -> Result<Recent<K, (), MAX>, D::Error>
    where
        K: Ord + Clone + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        from.deserialize_seq(Entries(|key: K| (key, ()), PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of<const MAX: usize>(recent: &Recent<u32, char, MAX>) -> Vec<u32> {
        recent.iter().map(|(key, _)| *key).collect()
    }

    fn abc() -> Recent<u32, char, 3> {
        [(1, 'a'), (2, 'b'), (3, 'c')].into_iter().collect()
    }

    #[test]
    fn the_oldest_goes_and_what_is_put_again_is_as_old_as_before() {
        let mut recent = abc();
        assert_eq!(recent.put(1, 'x'), Some('a'));
        assert_eq!(recent.put(4, 'd'), None);
        assert_eq!(keys_of(&recent), [2, 3, 4]);
        *recent.get_or_put_with(2, || 'z') = 'y';
        assert_eq!(recent.get_or_put_with(5, || 'e'), &'e');
        assert_eq!(keys_of(&recent), [3, 4, 5]);
    }

    #[test]
    fn what_is_renewed_or_touched_is_the_newest() {
        let mut recent = abc();
        assert_eq!(recent.renew(1, 'x'), Some('a'));
        assert_eq!(recent.touch(&2), Some(&mut 'b'));
        assert_eq!((keys_of(&recent), recent.get(&1)), (vec![3, 1, 2], Some(&'x')));
        assert_eq!((recent.renew(4, 'd'), recent.touch(&3)), (None, None));
        assert_eq!(keys_of(&recent), [1, 2, 4]);
    }

    #[test]
    fn what_is_removed_makes_room() {
        let mut recent = abc();
        assert_eq!((recent.remove(&2), recent.remove(&2)), (Some('b'), None));
        recent.put(2, 'd');
        assert_eq!((keys_of(&recent), recent.len()), (vec![1, 3, 2], 3));
        recent.values_mut().for_each(|value| *value = 'z');
        assert!(recent.iter().rev().all(|(_, value)| *value == 'z') && !recent.is_empty());
    }

    #[test]
    fn a_snapshot_keeps_the_order_and_the_bound() {
        let mut recent = abc();
        recent.touch(&1);
        let json = serde_json::to_string(&recent).unwrap();
        assert_eq!(json, r#"[[2,"b"],[3,"c"],[1,"a"]]"#);
        assert_eq!(serde_json::from_str::<Recent<u32, char, 3>>(&json).unwrap(), recent);
        let fewer: Recent<u32, char, 2> = serde_json::from_str(&json).unwrap();
        assert_eq!(keys_of(&fewer), [3, 1]);
        let twice: Recent<u32, char, 3> = serde_json::from_str(r#"[[1,"a"],[1,"b"]]"#).unwrap();
        assert_eq!((twice.len(), twice.get(&1)), (1, Some(&'b')));
        assert_ne!(recent, abc());
    }

    #[test]
    fn without_values_a_snapshot_is_its_keys() {
        #[derive(Serialize, Deserialize)]
        struct State(#[serde(with = "keys")] Recent<String, (), 2>);
        let state: State = serde_json::from_str(r#"["a","b","c"]"#).unwrap();
        assert!(!state.0.contains("a") && state.0.contains("c"));
        assert_eq!(serde_json::to_string(&state).unwrap(), r#"["b","c"]"#);
    }

    #[test]
    fn it_behaves_as_a_list_that_is_searched() {
        let mut recent: Recent<u32, char, 8> = Recent::default();
        let mut list: Vec<u32> = Vec::new();
        let mut random = 1_u32;
        for _ in 0..10_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = random >> 28;
            match (random >> 20) % 4 {
                0 => {
                    recent.remove(&key);
                    list.retain(|it| *it != key);
                }
                1 if list.contains(&key) => drop(recent.put(key, 'p')),
                way => {
                    if way == 1 {
                        recent.put(key, 'p')
                    } else {
                        recent.renew(key, 'r')
                    };
                    list.retain(|it| *it != key);
                    list.push(key);
                    list.drain(..list.len().saturating_sub(8));
                }
            }
            assert_eq!(keys_of(&recent), list);
            assert_eq!((recent.by_key.len(), recent.by_turn.len()), (list.len(), list.len()));
        }
    }
}
