//! What runs have done and found, as a table.

use std::fmt;

use super::run::Tally;

/// A run that found something.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) seed: u64,
    pub(super) what: String,
}

/// All runs together.
#[derive(Default)]
pub(super) struct Report {
    pub(super) sum: Tally,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    pub(super) fn add(&mut self, seed: u64, outcome: Result<Tally, String>) {
        match outcome {
            Ok(tally) => self.sum.add(&tally),
            Err(what) => {
                self.sum.runs += 1;
                self.findings.push(Finding { seed, what });
            }
        }
    }

    /// In one line, for those who wait.
    pub(super) fn progress(&self) -> String {
        let Tally { runs, kills, power_cuts, .. } = self.sum;
        let findings = self.findings.len();
        format!("{runs} runs, {} crashes, {findings} findings", kills + power_cuts)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = &self.sum;
        let mut rows: Vec<(String, u64)> = [
            ("runs", sum.runs),
            ("events", sum.events),
            ("appends", sum.appends),
            ("appends refused", sum.refused_appends),
            ("states kept", sum.snapshots),
            ("starts", sum.lives + sum.failed_starts),
            ("starts that the disk refused", sum.failed_starts),
            ("kills of the process", sum.kills),
            ("power cuts", sum.power_cuts),
        ]
        .map(|(name, count)| (name.to_owned(), count))
        .into();
        for ((call, refusal), count) in &sum.refused {
            rows.push((format!("refused: {call:?} ({refusal:?})"), *count));
        }
        rows.push(("findings".to_owned(), self.findings.len() as u64));
        for (name, count) in rows {
            writeln!(out, "{name:<40} {count:>12}")?;
        }
        for Finding { seed, what } in &self.findings {
            writeln!(out, "\nseed {seed}: {what}")?;
            writeln!(
                out,
                "  again: cargo xtask torture --part simulation --hours 0 --seed {seed}"
            )?;
        }
        Ok(())
    }
}
