//! What the fuzzer needs of a script beside reading and running it: how large it is, and the same
//! script with restarts.

use super::restart::Restart;
use super::{Failure, Script, Stop};

impl Script {
    /// How many events it has.
    pub(crate) fn events(&self) -> usize {
        self.events.len()
    }

    /// How many looks at a number.
    pub(crate) fn looks(&self) -> usize {
        self.stops.iter().filter(|stop| matches!(stop, Stop::Look(_))).count()
    }

    /// The same with a restart of the server before each look.
    pub(crate) fn with_restarts(mut self) -> Script {
        for stop in std::mem::take(&mut self.stops) {
            if let Stop::Look(look) = &stop {
                let restart = Restart { at_ms: look.at_ms, line: look.line, text: String::new() };
                self.stops.push(Stop::Restart(restart));
            }
            self.stops.push(stop);
        }
        self
    }
}

impl Failure {
    /// What was shown instead, apart from the reasons.
    pub(crate) fn shown(&self) -> (usize, &str) {
        (self.line, &self.got)
    }
}
