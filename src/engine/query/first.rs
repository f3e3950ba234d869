//! The first few of many ordered lists.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The first `max` of several lists, each of which is in order: only the heads are looked at, so it
/// does not matter how long they are.
pub(super) fn first_of_all<T: Ord>(
    mut lists: Vec<impl Iterator<Item = T>>,
    max: usize,
) -> Vec<(T, usize)> {
    let heads =
        lists.iter_mut().zip(0..).filter_map(|(list, of)| Some(Reverse((list.next()?, of))));
    let mut heads: BinaryHeap<Reverse<(T, usize)>> = heads.collect();
    let mut first = Vec::with_capacity(max.min(heads.len()));
    while first.len() < max
        && let Some(Reverse((head, of))) = heads.pop()
    {
        heads.extend(lists.get_mut(of).and_then(Iterator::next).map(|next| Reverse((next, of))));
        first.push((head, of));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_all_lists_come_in_order_and_the_rest_is_not_looked_at() {
        let long = [1, 4, 7, 8].iter().inspect(|it| assert!(**it < 8, "not asked for"));
        let lists: Vec<Box<dyn Iterator<Item = &i32>>> =
            vec![Box::new(long), Box::new([].iter()), Box::new([2, 3, 9].iter())];
        let first = first_of_all(lists, 4);
        assert_eq!(first, [(&1, 0), (&2, 2), (&3, 2), (&4, 0)]);
    }
}
