//! Ratings that are told more than once, and changed.

use serde::{Deserialize, Serialize};

use crate::{Recent, fingerprint};

/// The last rating of what customers rate: at most `MAX` of them. It goes into a snapshot.
///
/// Networks tell a rating several times (as a line and as a property, again with its comment, after a lost answer), and
/// customers change theirs, also back to what it was. What is told again has the same name, a change another one.
///
/// ```
/// use tablica_plugin::ratings::Ratings;
///
/// let mut ratings: Ratings<100> = Ratings::default();
/// let names = [1.0, 1.0, 0.0, 1.0].map(|score| ratings.name("chat 7", score, 0));
/// let names = names.iter().map(Option::as_deref).collect::<Vec<_>>();
/// assert_eq!(names, [Some("rated:1"), Some("rated:1"), Some("rated:0:2"), Some("rated:1:3")]);
/// ```
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratings<const MAX: usize>(Recent<u64, Last, MAX>);

/// Its score, which one it is of the ratings of the same, and when it was given (0: nobody says).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Last(f64, u32, u64);

impl<const MAX: usize> Ratings<MAX> {
    /// A name for the rating of something, for the event's id; none where a later one is known. `at_ms` is when it was
    /// given, 0 where nobody says.
    pub fn name(&mut self, of: &str, score: f64, at_ms: u64) -> Option<String> {
        let key = fingerprint(of);
        let now = match self.0.get(&key).copied() {
            Some(Last(.., known_ms)) if at_ms != 0 && at_ms < known_ms => return None,
            Some(Last(last, number, known_ms)) if last.to_bits() == score.to_bits() => {
                Last(last, number, known_ms.max(at_ms))
            }
            Some(Last(_, number, known_ms)) => {
                Last(score, number.saturating_add(1), known_ms.max(at_ms))
            }
            None => Last(score, 1, at_ms),
        };
        self.0.renew(key, now);
        let Last(score, number, _) = now;
        Some(if number == 1 { format!("rated:{score}") } else { format!("rated:{score}:{number}") })
    }
}

impl<const MAX: usize> std::fmt::Debug for Ratings<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ratings({})", self.0.len())
    }
}

impl<const MAX: usize> PartialEq for Ratings<MAX> {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().eq(other.0.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_comes_late_is_not_the_last() {
        let mut ratings: Ratings<2> = Ratings::default();
        assert_eq!(ratings.name("a", 1.0, 10).as_deref(), Some("rated:1"));
        assert_eq!(ratings.name("a", 0.0, 20).as_deref(), Some("rated:0:2"));
        assert_eq!(ratings.name("a", 1.0, 10), None);
        assert_eq!(ratings.name("a", 0.0, 20).as_deref(), Some("rated:0:2"));
        assert_eq!(ratings.name("a", 1.0, 30).as_deref(), Some("rated:1:3"));
    }

    #[test]
    fn a_snapshot_keeps_them_within_a_bound() {
        let mut ratings: Ratings<2> = Ratings::default();
        for (of, score) in [("a", 4.0), ("b", 4.5), ("b", 5.0), ("c", 1.0)] {
            ratings.name(of, score, 0);
        }
        let json = serde_json::to_string(&ratings).unwrap();
        let mut next: Ratings<2> = serde_json::from_str(&json).unwrap();
        assert_eq!(next, ratings);
        assert_eq!(next.name("b", 4.5, 0).as_deref(), Some("rated:4.5:3"));
        assert_eq!(next.name("a", 5.0, 0).as_deref(), Some("rated:5"));
    }
}
