//! Reads how many tests ran from what test runners print.

/// Tests that ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Well.
    pub(crate) passed: u64,
    /// Badly.
    pub(crate) failed: u64,
}

/// Sums `test result: ok. 12 passed; 0 failed; …` over all of cargo's test binaries.
pub(crate) fn cargo_tests(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        counts.passed += number_before(line, " passed");
        counts.failed += number_before(line, " failed");
    }
    counts
}

/// Reads the closing lines of Vitest (`Tests  1 failed | 12 passed (13)`) or of Node's own
/// runner (`# pass 12`, `ℹ fail 0`).
pub(crate) fn node_tests(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines() {
        let line = without_colours(line);
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Tests", ..] => {
                counts.passed += number_before(&line, " passed");
                counts.failed += number_before(&line, " failed");
            }
            ["#" | "ℹ", "pass", count] => counts.passed += count.parse().unwrap_or(0),
            ["#" | "ℹ", "fail", count] => counts.failed += count.parse().unwrap_or(0),
            _ => {}
        }
    }
    counts
}

fn number_before(line: &str, word: &str) -> u64 {
    let Some(end) = line.find(word) else { return 0 };
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

/// Takes out `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut parts = line.split('\x1b');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_binaries_are_summed() {
        let text = "running 2 tests\n\
             test result: ok. 26 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
             test result: FAILED. 9 passed; 1 failed; 0 ignored; 0 measured\n";
        assert_eq!(cargo_tests(text), Counts { passed: 35, failed: 1 });
    }

    #[test]
    fn both_runners_of_node_are_understood() {
        let vitest = " Test Files  2 passed (2)\n\
             \x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | \x1b[32m12 passed\x1b[39m (13)\n";
        assert_eq!(node_tests(vitest), Counts { passed: 12, failed: 1 });
        assert_eq!(node_tests("ℹ tests 5\nℹ pass 4\nℹ fail 1\n"), Counts { passed: 4, failed: 1 });
        assert_eq!(node_tests("# pass 7\n# fail 0\n"), Counts { passed: 7, failed: 0 });
    }
}
