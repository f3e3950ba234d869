//! The stems of all rules as a tree: from node to node by the bytes of their letters.
//!
//! Only the beginning of a word can be a stem, so a tree that is left at the first letter that no
//! stem has there is enough. An automaton that finds stems anywhere looks at every byte of a text
//! and took four times as long.

use std::ops::Range;

use memchr::memchr;

/// Stems, and what each is the beginning of.
pub(super) struct Stems<T> {
    /// By node: the byte that leads to it. Children of one node stand side by side.
    bytes: Vec<u8>,
    /// Node 0 is where words begin.
    nodes: Vec<Node>,
    /// One stem's behind the other's.
    entries: Vec<T>,
}

/// Children among which a vector instruction finds one no sooner than a loop.
const FEW: usize = 6;

struct Node {
    children: Range<u32>,
    /// Of the stem that ends here, if there is one.
    entries: Range<u32>,
}

impl<T> Stems<T> {
    /// Of different stems, sorted.
    pub(super) fn new(stems: Vec<(String, Vec<T>)>) -> Self {
        let (words, mut values): (Vec<_>, Vec<_>) = stems.into_iter().unzip();
        let mut it = Self { bytes: vec![0], nodes: Vec::new(), entries: Vec::new() };
        // Which stems a node is the beginning of, by the nodes' numbers.
        let mut beginnings = vec![(0..words.len(), 0)];
        let mut next = 0;
        while let Some((of, length)) = beginnings.get(next).cloned() {
            next += 1;
            let first_entry = it.entries.len() as u32;
            let ends_here = of.clone().filter(|stem| words[*stem].len() == length);
            let ended = ends_here.inspect(|stem| it.entries.append(&mut values[*stem])).count();
            let first_child = it.bytes.len() as u32;
            let byte = |stem: &usize| words[*stem].as_bytes()[length];
            let longer: Vec<usize> = (of.start + ended..of.end).collect();
            for alike in longer.chunk_by(|one, other| byte(one) == byte(other)) {
                it.bytes.push(byte(&alike[0]));
                beginnings.push((alike[0]..alike[0] + alike.len(), length + 1));
            }
            it.nodes.push(Node {
                children: first_child..it.bytes.len() as u32,
                entries: first_entry..it.entries.len() as u32,
            });
        }
        it
    }

    /// The stems with which these bytes begin, the shortest first: how long each is, and its
    /// entries.
    pub(super) fn at_start_of(&self, bytes: &[u8]) -> impl Iterator<Item = (usize, &[T])> {
        let mut node = 0;
        let nodes = bytes.iter().map_while(move |byte| {
            let Range { start, end } = self.nodes[node].children;
            let children = &self.bytes[start as usize..end as usize];
            // Most nodes have one or two.
            let child = match children.len() {
                ..FEW => children.iter().position(|child| child == byte),
                _ => memchr(*byte, children),
            };
            node = start as usize + child?;
            Some(&self.nodes[node].entries)
        });
        let ended = nodes.enumerate().filter(|(_, entries)| !entries.is_empty());
        ended.map(|(place, entries)| {
            (place + 1, &self.entries[entries.start as usize..entries.end as usize])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stems_of_a_word_are_those_it_begins_with() {
        let stems = ["a", "app", "apple ", "b", "заказ", "зак"];
        let mut stems: Vec<_> = stems.map(|stem| (stem.to_owned(), vec![stem])).into();
        stems.sort();
        let stems = Stems::new(stems);
        for (word, found) in [
            ("apple ", &["a", "app", "apple "][..]),
            ("applet ", &["a", "app"]),
            ("заказы ", &["зак", "заказ"]),
            ("b", &["b"]),
            ("c", &[]),
            ("", &[]),
            (" app", &[]),
        ] {
            let all: Vec<_> = stems.at_start_of(word.as_bytes()).collect();
            let names: Vec<_> = all.iter().flat_map(|(_, names)| *names).copied().collect();
            assert_eq!(names, found, "{word}");
            assert!(all.iter().all(|(length, names)| names[0].len() == *length), "{word}");
        }
    }

    #[test]
    fn without_stems_there_is_nothing_to_find() {
        assert_eq!(Stems::<u8>::new(Vec::new()).at_start_of(b"word").count(), 0);
    }
}
