//! Finds in what cargo's test binaries print which tests failed and what those said. The failures
//! stand in the middle of the output, since all binaries run to the end.

/// Lines of a failed test that are shown: its end, where the reason stands.
const LINES_OF_A_TEST: usize = 60;
/// Failed tests that are shown; the rest are named.
const TESTS_SHOWN: usize = 12;

/// The names of the tests that failed.
pub(crate) fn names(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .collect()
}

/// What each failed test printed, as lines; none where no test failed.
pub(crate) fn blocks(text: &str) -> Vec<Vec<&str>> {
    let mut blocks = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in text.lines() {
        if is_head(line) {
            blocks.extend(open.replace(vec![line]));
        } else if line == "failures:" || line.starts_with("test result: ") {
            blocks.extend(open.take());
        } else if let Some(block) = &mut open {
            block.push(line);
        }
    }
    blocks.extend(open);
    blocks
}

/// Shows the failed tests, each with the end of what it said. Says whether there were any.
pub(crate) fn show(text: &str) -> bool {
    let blocks = blocks(text);
    for block in blocks.iter().take(TESTS_SHOWN) {
        let cut = block.len().saturating_sub(1 + LINES_OF_A_TEST);
        println!("    {}", block[0]);
        if cut > 0 {
            println!("    … {cut} lines before");
        }
        for line in &block[1 + cut..] {
            println!("    {line}");
        }
    }
    !blocks.is_empty()
}

/// `---- wall::paints stdout ----`
fn is_head(line: &str) -> bool {
    line.starts_with("---- ") && (line.ends_with(" stdout ----") || line.ends_with(" stderr ----"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "running 3 tests\n\
        test wall::paints ... FAILED\n\
        test wall::reads ... ok\n\
        test doors::close ... FAILED\n\
        \n\
        failures:\n\
        \n\
        ---- wall::paints stdout ----\n\
        expected 4\n\
        got 5\n\
        ---- doors::close stdout ----\n\
        the door is open\n\
        \n\
        failures:\n\
        \x20   doors::close\n\
        \x20   wall::paints\n\
        \n\
        test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n\
        running 1 test\n\
        test plugin::decodes ... ok\n\
        test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured\n";

    #[test]
    fn failed_tests_are_found_between_the_others() {
        assert_eq!(names(TEXT), ["wall::paints", "doors::close"]);
        let expected: [&[&str]; 2] = [
            &["---- wall::paints stdout ----", "expected 4", "got 5"],
            &["---- doors::close stdout ----", "the door is open", ""],
        ];
        assert_eq!(blocks(TEXT), expected);
    }

    #[test]
    fn what_has_no_failed_test_has_none_to_show() {
        assert!(names("error: could not compile `tablica`").is_empty());
        assert!(!show("error: could not compile `tablica`"));
    }
}
