//! Asking a network again and again: one request after the other, and what happens when no answer comes.

use crate::{Command, Output};

/// How much longer than the network's own wait an answer may take.
const WATCHDOG_MS: u32 = 30_000;
/// The rest after the first failure, and between two requests where an answer came too soon.
pub const REST_MS_MIN: u32 = 1_000;
const REST_MS_MAX: u32 = 60_000;

/// Requests that follow one another, each when the one before is answered. Beside each a watchdog timer runs, so
/// that a lost answer, a failure or a restart of the host does not end the asking. After failures the rests grow,
/// up to a minute.
///
/// ```
/// use tablica_plugin::poll::Rounds;
/// use tablica_plugin::*;
///
/// fn ask(rounds: &mut Rounds) -> Output {
///     let (tag, watchdog) = rounds.next(25_000); // the network answers after 25 s at the latest
///     let request = Request::get(pieces!["https://bell.example/news?wait=25"], &tag);
///     Output { commands: vec![Command::Fetch(request), watchdog], ..Output::default() }
/// }
///
/// fn handle(rounds: &mut Rounds, input: Input) -> Output {
///     match input {
///         Input::Response(answer) if !rounds.is_current(&answer.tag) => Output::default(), // late
///         Input::Response(answer) if answer.status != 200 => rounds.back_off(),
///         Input::Response(_) => {
///             rounds.went_well();
///             ask(rounds)
///         }
///         Input::Timer(tag) if rounds.is_timer(&tag) => ask(rounds),
///         _ => Output::default(),
///     }
/// }
///
/// let mut rounds = Rounds::new("news");
/// rounds.begin(0);
/// ask(&mut rounds);
/// # let answer = Response::new(200, "", "news:1");
/// # assert_eq!(handle(&mut rounds, Input::Response(answer)).commands.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Rounds {
    name: &'static str,
    /// Tells the answer that is waited for from one that comes too late.
    round: u64,
    failures: u32,
}

impl Rounds {
    /// Rounds of this name: it is the timer's tag, and the requests' are `NAME:1`, `NAME:2`, ….
    pub fn new(name: &'static str) -> Self {
        Self { name, round: 0, failures: 0 }
    }

    /// They begin at the time, to differ from those of an earlier run.
    pub fn begin(&mut self, now_ms: u64) {
        self.round = now_ms;
    }

    /// The answer is the one that is waited for.
    pub fn is_current(&self, tag: &str) -> bool {
        tag == self.tag()
    }

    /// The timer is that of these rounds: it is time to ask.
    pub fn is_timer(&self, tag: &str) -> bool {
        tag == self.name
    }

    /// The next request, which the network may leave unanswered for so long: its tag, and the watchdog.
    pub fn next(&mut self, wait_ms: u32) -> (String, Command) {
        self.round = self.round.wrapping_add(1);
        (self.tag(), Command::timer(self.name, wait_ms.saturating_add(WATCHDOG_MS)))
    }

    /// The network answered as it should: the next failure is the first one.
    pub fn went_well(&mut self) {
        self.failures = 0;
    }

    /// Asks after so long.
    pub fn later(&self, delay_ms: u32) -> Output {
        Output { commands: vec![Command::timer(self.name, delay_ms)], ..Output::default() }
    }

    /// Asks after a rest: a second, and twice as long after each further failure.
    pub fn back_off(&mut self) -> Output {
        let delay_ms = REST_MS_MIN << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        self.later(delay_ms.min(REST_MS_MAX))
    }

    fn tag(&self) -> String {
        format!("{}:{}", self.name, self.round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_know_their_answer_and_rest_longer_after_each_failure() {
        let mut rounds = Rounds::new("news");
        rounds.begin(41);
        assert_eq!(rounds.next(25_000), ("news:42".into(), Command::timer("news", 55_000)));
        assert!(rounds.is_current("news:42") && !rounds.is_current("news:41"));
        assert!(rounds.is_timer("news") && !rounds.is_timer("news:42"));
        let mut rests = |_| rounds.back_off().commands;
        let rests: Vec<Vec<Command>> = (0..8).map(&mut rests).collect();
        let expected = [1, 2, 4, 8, 16, 32, 60, 60];
        assert_eq!(rests, expected.map(|s| vec![Command::timer("news", s * 1_000)]));
        rounds.went_well();
        assert_eq!(rounds.back_off().commands, [Command::timer("news", 1_000)]);
        assert_eq!(rounds.next(u32::MAX).1, Command::timer("news", u32::MAX));
    }
}
