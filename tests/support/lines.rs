//! What a process prints, collected while it runs.

use std::io::{BufRead, BufReader};
use std::sync::{Arc, Mutex};

/// Lines that a child prints, collected while it runs.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// Goes on until the child closes its end.
    pub(crate) fn collect(&self, from: impl std::io::Read + Send + 'static) {
        let lines = self.0.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                lines.lock().expect("lines").push(line);
            }
        });
    }

    /// The first line that begins with a word.
    pub(crate) fn find(&self, word: &str) -> Option<String> {
        let lines = self.0.lock().expect("lines");
        lines.iter().find(|line| line.trim_start().starts_with(word)).cloned()
    }

    /// All of them so far.
    pub(crate) fn text(&self) -> String {
        self.0.lock().expect("lines").iter().map(|line| format!("{line}\n")).collect()
    }
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}
