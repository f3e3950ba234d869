//! Finds all words and phrases of all rules in one pass over a text.
//!
//! The stems of words ([`super::inflect`]) are looked for at the beginning of each word, letter by
//! letter ([`super::stems`]); what is left of the word must be an ending that the stem allows. A
//! word that matched is a step in a tree whose paths are phrases; a single word is a phrase of one.
//! How many rules there are does not matter for the time that a text takes.

use std::collections::BTreeMap;

use super::inflect::{Tail, forms};
use super::language::Languages;
use super::normal::Normal;
use super::phrase::{Phrase, Tolerance};
use super::stems::Stems;

/// Words that phrases are made of, as numbers.
type Term = u32;
type Node = u32;

/// What it means that a phrase is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Output {
    /// One of the words of a rule; the word's number tells it from others.
    Word { rule: u32, word: u32 },
    /// A word with which the rule does not hold.
    Not { rule: u32 },
    /// It sounds like this.
    Tone(i8),
    /// It turns round what follows.
    Negation,
}

/// A phrase that is there: from a word up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) output: Output,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a stem in the text may be the beginning of.
struct Entry {
    term: Term,
    tail: Tail,
    languages: Languages,
}

/// Makes a [`Matcher`].
#[derive(Default)]
pub(super) struct Builder {
    terms: BTreeMap<(String, Tolerance, Languages), Term>,
    stems: BTreeMap<String, Vec<Entry>>,
    edges: BTreeMap<(Node, Term), Node>,
    /// By node; node 0 is where phrases begin.
    outputs: Vec<Vec<Output>>,
}

impl Builder {
    /// Adds a phrase that counts in these languages.
    pub(super) fn add(&mut self, phrase: &Phrase, languages: Languages, output: Output) {
        if self.outputs.is_empty() {
            self.outputs.push(Vec::new());
        }
        let mut node = 0;
        for (word, tolerance) in phrase.words() {
            let term = self.term(word, *tolerance, languages);
            let next = u32::try_from(self.outputs.len()).unwrap_or(u32::MAX);
            node = *self.edges.entry((node, term)).or_insert(next);
            if node == next {
                self.outputs.push(Vec::new());
            }
        }
        let outputs = &mut self.outputs[node as usize];
        if !outputs.contains(&output) {
            outputs.push(output);
        }
    }

    fn term(&mut self, word: &str, tolerance: Tolerance, languages: Languages) -> Term {
        let next = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let term = *self.terms.entry((word.to_owned(), tolerance, languages)).or_insert(next);
        if term < next {
            return term;
        }
        let spelt = match tolerance {
            Tolerance::Exact => vec![(word.to_owned(), Tail::None)],
            Tolerance::Prefix => vec![(word.to_owned(), Tail::Any)],
            Tolerance::Inflected => {
                let of_all = languages.meets(Languages::ALL);
                let all = Languages::EN.and(Languages::PL).and(Languages::RU).and(Languages::UK);
                let forms = forms(word, if of_all { all } else { languages });
                forms.into_iter().map(|form| (form.stem, form.tail)).collect()
            }
        };
        for (stem, tail) in spelt {
            // A word that ends here is found with the space behind it: nothing is left to check.
            let space = if tail == Tail::None { " " } else { "" };
            let entry = Entry { term, tail, languages };
            self.stems.entry(format!("{stem}{space}")).or_default().push(entry);
        }
        term
    }

    /// Done.
    pub(super) fn build(self) -> Matcher {
        let mut firsts = vec![None; self.terms.len()];
        let mut edges = vec![Vec::new(); self.outputs.len()];
        for ((node, term), next) in self.edges {
            if node == 0 {
                firsts[term as usize] = Some(next);
            } else {
                edges[node as usize].push((term, next));
            }
        }
        let stems = Stems::new(self.stems.into_iter().collect());
        Matcher { stems, firsts, edges, outputs: self.outputs }
    }
}

/// All words and phrases of all rules, ready to be found in a text.
pub(super) struct Matcher {
    stems: Stems<Entry>,
    /// By term: the node of phrases that begin with it.
    firsts: Vec<Option<Node>>,
    /// By node: the terms that lead on from it, sorted, and where to. From most, none does.
    edges: Vec<Vec<(Term, Node)>>,
    outputs: Vec<Vec<Output>>,
}

/// A phrase that is under way, or has just come to its end.
struct Path {
    node: Node,
    from: usize,
    last: usize,
}

impl Matcher {
    /// Everything that is there, in the order in which it ends.
    pub(super) fn scan(&self, normal: &Normal, languages: Languages) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut paths: Vec<Path> = Vec::new();
        let mut seen: Vec<Term> = Vec::new();
        for word in 0..normal.len() {
            seen.clear();
            let (first, end) = (normal.start(word) + 1, normal.start(word + 1));
            // With the space behind the word.
            for (found, entries) in self.stems.at_start_of(&normal.text().as_bytes()[first..=end]) {
                let rest = normal.text().get(first + found..end).unwrap_or_default();
                for entry in entries {
                    let counts = entry.languages.meets(languages)
                        && !seen.contains(&entry.term)
                        && entry.tail.allows(rest);
                    if counts {
                        seen.push(entry.term);
                        self.step(entry.term, word, &mut paths, &mut hits);
                    }
                }
            }
        }
        hits
    }

    /// One word that matched: begins phrases and goes on in those that ended just before it.
    fn step(&self, term: Term, word: usize, paths: &mut Vec<Path>, hits: &mut Vec<Hit>) {
        paths.retain(|path| path.last + 1 >= word);
        let known = paths.len();
        if let Some(node) = self.firsts[term as usize] {
            self.reach(Path { node, from: word, last: word }, paths, hits);
        }
        for at in 0..known {
            let Path { node, from, last } = paths[at];
            if last + 1 != word {
                continue;
            }
            let edges = &self.edges[node as usize];
            if let Ok(edge) = edges.binary_search_by_key(&term, |(term, _)| *term) {
                self.reach(Path { node: edges[edge].1, from, last: word }, paths, hits);
            }
        }
    }

    /// What is there when a path has come so far; it may go on.
    fn reach(&self, path: Path, paths: &mut Vec<Path>, hits: &mut Vec<Hit>) {
        let Path { node, from, last } = path;
        let outputs = self.outputs[node as usize].iter();
        hits.extend(outputs.map(|output| Hit { output: *output, from, to: last + 1 }));
        if !self.edges[node as usize].is_empty() {
            paths.push(path);
        }
    }
}
