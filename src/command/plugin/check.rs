//! `tablica plugin check`: what a network, or somebody who pretends to be one, may do to a plugin.
//!
//! All of it is made of the plugin's own samples: they are cut, flipped, repeated, turned round and
//! interrupted. A plugin may refuse what it gets; it may not trap, run out of time or memory, break
//! the contract, or forget.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value;

use super::find::Shipped;
use super::play::{self, Script, Turn};
use super::shown;
use super::spoil;
use super::subject::{Loaded, Subject};
use super::workbench::{self, Said};
use crate::channel::host::{CallLimits, Package};
use crate::channel::input::Input;
use crate::channel::manifest::{Manifest, SourceKind};
use crate::config::model::Channel;
use crate::event::{Event, Kind, KindName};

/// The arguments of `tablica plugin check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Subject,
}

/// How a check went.
enum Verdict {
    /// After so many inputs or runs.
    Passed(usize),
    /// There was nothing to try it with.
    Idle(&'static str),
    Failed(String),
}

/// How the reason of a call that took too long ends.
const TOO_SLOW: &str = "(call_timeout)";

type Check = fn(&Tried) -> anyhow::Result<Verdict>;

const CHECKS: [(&str, Check); 11] = [
    ("samples", samples),
    ("tells", tells),
    ("determinism", determinism),
    ("repeated", repeated),
    ("restarts", restarts),
    ("wrong order", wrong_order),
    ("garbage", garbage),
    ("cut off", cut_off),
    ("flipped", flipped),
    ("giants", giants),
    ("secrets", secrets),
];

/// The plugin, with its samples read.
struct Tried {
    plugin: Arc<Package>,
    scripts: Vec<Script>,
    limits: CallLimits,
}

/// Does every check; exit code 1 when one fails.
pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let loaded = arguments.of.load(shipped)?;
    let scripts = loaded.scripts()?;
    // As in a server whose operator has changed nothing.
    let limits = CallLimits::from(&Channel::new("", ""));
    let Loaded { manifest: Manifest { name, .. }, plugin, .. } = loaded;
    let subject = Tried { plugin, scripts, limits };
    let mut failed = 0;
    for (name, check) in CHECKS {
        match subject.judge(check) {
            Verdict::Passed(count) => writeln!(out, "ok      {name:<12} {count} tried")?,
            Verdict::Idle(why) => writeln!(out, "-       {name:<12} {why}")?,
            Verdict::Failed(why) => {
                failed += 1;
                writeln!(out, "FAILED  {name:<12} {why}")?;
            }
        }
    }
    let total = CHECKS.len();
    writeln!(out, "{name}: {} of {total} checks passed", total - failed)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Tried {
    /// Does a check. One that a call's time ended is done once more: a busy machine makes a call
    /// look slower than it is, by the processor's time too, and a plugin that is too slow is so twice.
    fn judge(&self, check: Check) -> Verdict {
        let judge = || check(self).unwrap_or_else(|error| Verdict::Failed(format!("{error:#}")));
        match judge() {
            Verdict::Failed(why) if why.contains(TOO_SLOW) => judge(),
            verdict => verdict,
        }
    }

    /// Every input of the samples, each with its script's settings.
    fn inputs(&self) -> impl Iterator<Item = (&Script, &workbench::Sample)> {
        self.scripts.iter().flat_map(|script| {
            let inputs = script.turns.iter().filter_map(|turn| match turn {
                Turn::Input(sample, _) => Some(sample),
                Turn::Restart | Turn::At(_) => None,
            });
            inputs.map(move |input| (script, input))
        })
    }

    /// Plays turns, of which each may be refused; an error when something worse happens.
    fn survives(&self, script: &Script, turns: Vec<Turn>) -> anyhow::Result<usize> {
        let script = Script { turns, ..script.clone() };
        let mut count = 0;
        play::run(&self.plugin, &script, self.limits, |turn, said| {
            count += 1;
            sane(&script.name, turn, &said)
        })?;
        Ok(count)
    }

    /// Plays turns, each of which may be refused; the ids of all events by turn.
    fn ids(&self, script: &Script, turns: Vec<Turn>) -> anyhow::Result<Vec<BTreeSet<String>>> {
        let script = Script { turns, ..script.clone() };
        let mut ids = Vec::new();
        play::run(&self.plugin, &script, self.limits, |turn, said| {
            sane(&script.name, turn, &said)?;
            let events = said.result.map_or_else(|_| Vec::new(), |output| output.events);
            ids.push(events.into_iter().map(|event| event.id).collect());
            Ok(())
        })?;
        Ok(ids)
    }
}

/// Classes by which a plugin says itself that it does not take something.
const REFUSALS: [&str; 4] = ["bad_input", "unsupported", "later", "config"];

fn sane(name: &str, turn: Option<&Turn>, said: &Said) -> anyhow::Result<()> {
    match &said.result {
        Err(failed) if !REFUSALS.contains(&failed.class) => {
            let place = play::place(turn);
            anyhow::bail!("{name}, {place}: {}: {}", failed.class, failed.reason)
        }
        _ => Ok(()),
    }
}

/// Each sample goes as it says within the limits of a server.
fn samples(subject: &Tried) -> anyhow::Result<Verdict> {
    for script in &subject.scripts {
        play::strictly(&subject.plugin, script, subject.limits)
            .map_err(|error| error.context(script.name.clone()))?;
    }
    Ok(match subject.scripts.len() {
        0 => Verdict::Failed("there is no [[sample]], so there is nothing to try it with".into()),
        count => Verdict::Passed(count),
    })
}

/// No event is of a kind that the manifest's `tells` leaves out.
fn tells(subject: &Tried) -> anyhow::Result<Verdict> {
    let manifest = subject.plugin.manifest();
    let Some(tells) = &manifest.tells else {
        return Ok(Verdict::Idle("the manifest does not say what the network tells"));
    };
    let told = |kind: &KindName| {
        SourceKind::ALL.into_iter().filter_map(|it| tells.by(it)).any(|it| it.contains(kind))
    };
    let mut count = 0;
    for script in &subject.scripts {
        for event in play::strictly(&subject.plugin, script, subject.limits)?.events {
            count += 1;
            let word = word(&event.kind)?;
            if !KindName::from_word(&word).is_some_and(|kind| told(&kind)) {
                let name = &script.name;
                return Ok(Verdict::Failed(format!(
                    "{name}: an event `{word}`, which `tells` does not name"
                )));
            }
        }
    }
    Ok(Verdict::Passed(count))
}

/// As an event's JSON says it: a text, or an object of one key.
fn word(kind: &Kind) -> anyhow::Result<String> {
    Ok(match serde_json::to_value(kind)? {
        Value::String(word) => word,
        details => {
            let first = details.as_object().and_then(|it| it.keys().next().cloned());
            first.unwrap_or_default()
        }
    })
}

/// Two fresh instances make the same of the same.
fn determinism(subject: &Tried) -> anyhow::Result<Verdict> {
    for script in &subject.scripts {
        let play = || play::strictly(&subject.plugin, script, subject.limits);
        let (one, other) = (play()?, play()?);
        if one.events != other.events || one.others != other.others {
            let name = &script.name;
            return Ok(Verdict::Failed(format!(
                "{name}: two instances make different things of it"
            )));
        }
    }
    Ok(Verdict::Passed(subject.scripts.len()))
}

/// What a network delivers again brings no event of a new id.
fn repeated(subject: &Tried) -> anyhow::Result<Verdict> {
    // Where a tailed file stands is kept with its events: its lines do not come again.
    let again = |input: &Input| matches!(input, Input::Webhook(_) | Input::Response(_));
    let mut count = 0;
    for script in &subject.scripts {
        let mut turns = Vec::new();
        let mut pairs = Vec::new();
        for turn in &script.turns {
            turns.push(turn.clone());
            if let Turn::Input(sample, None) = turn
                && again(&sample.input)
            {
                turns.push(turn.clone());
                // Of all turns that say something: `init` is the first.
                let said = turns.iter().filter(|it| !matches!(it, Turn::At(_))).count();
                pairs.push((said, sample.place()));
            }
        }
        let ids = subject.ids(script, turns)?;
        for (at, place) in pairs {
            count += 1;
            let known: BTreeSet<&String> = ids[..at].iter().flatten().collect();
            if let Some(new) = ids[at].iter().find(|id| !known.contains(id)) {
                let name = &script.name;
                return Ok(Verdict::Failed(format!(
                    "{name}, {place}: delivered twice, it made another event, `{new}`: it would \
                     count twice"
                )));
            }
        }
    }
    Ok(match count {
        0 => Verdict::Idle("nothing of this source is delivered twice"),
        _ => Verdict::Passed(count),
    })
}

/// Ending and beginning anew between any two inputs changes no event. Customers are not compared:
/// their identifiers stay out of snapshots.
fn restarts(subject: &Tried) -> anyhow::Result<Verdict> {
    let mut count = 0;
    for script in &subject.scripts {
        // Links do not outlive the plugin: what comes on them afterwards is of another one.
        let links = |turn: &Turn| {
            matches!(turn, Turn::Input(it, _)
                if matches!(it.input, Input::Frame(_) | Input::Connected(_)))
        };
        if script.turns.iter().any(links) {
            continue;
        }
        let undisturbed = play::strictly(&subject.plugin, script, subject.limits)?;
        let turns = script.turns.iter().flat_map(|turn| [Turn::Restart, turn.clone()]).collect();
        let script = Script { turns, ..script.clone() };
        let disturbed = play::strictly(&subject.plugin, &script, subject.limits)?;
        count += 1;
        let nameless = |played: play::Played| {
            let nameless = |event| Event { customer: Vec::new(), ..event };
            played.events.into_iter().map(nameless).collect::<Vec<_>>()
        };
        if nameless(undisturbed) != nameless(disturbed) {
            let name = &script.name;
            return Ok(Verdict::Failed(format!(
                "{name}: with a restart before each input other events come out: what the plugin \
                 remembers belongs into its snapshot"
            )));
        }
    }
    Ok(match count {
        0 => Verdict::Idle("links do not outlive a restart"),
        _ => Verdict::Passed(count),
    })
}

fn wrong_order(subject: &Tried) -> anyhow::Result<Verdict> {
    let mut count = 0;
    for script in &subject.scripts {
        count += subject.survives(script, script.turns.iter().rev().cloned().collect())?;
    }
    Ok(Verdict::Passed(count))
}

/// Hands in many spoilt forms of each input, all to one instance for each sample's input.
fn spoilt(
    subject: &Tried,
    spoil: impl Fn(&[u8]) -> Vec<(String, Vec<u8>)>,
) -> anyhow::Result<Verdict> {
    let mut count = 0;
    for (script, sample) in subject.inputs() {
        let forms = spoil(sample.input.bytes()).into_iter().filter_map(|(what, bytes)| {
            let input = spoil::with_bytes(&sample.input, bytes)?;
            let file = format!("{} {what}", sample.place());
            Some(Turn::Input(workbench::Sample { input, file, line: None }, None))
        });
        let turns: Vec<Turn> = forms.collect();
        if !turns.is_empty() {
            count += subject.survives(script, turns)?;
        }
    }
    Ok(Verdict::Passed(count))
}

fn garbage(subject: &Tried) -> anyhow::Result<Verdict> {
    spoilt(subject, |_| spoil::garbage())
}

fn cut_off(subject: &Tried) -> anyhow::Result<Verdict> {
    spoilt(subject, spoil::cut)
}

fn flipped(subject: &Tried) -> anyhow::Result<Verdict> {
    spoilt(subject, spoil::flipped)
}

/// One kind of input is tried once: what is too large does not depend on the sample.
fn giants(subject: &Tried) -> anyhow::Result<Verdict> {
    let mut tried = BTreeSet::new();
    let mut count = 0;
    let bytes_max = Channel::new("", "").limits.call_input_bytes_max;
    for (script, sample) in subject.inputs() {
        if !tried.insert((sample.input.kind(), &script.settings)) {
            continue;
        }
        for (what, bytes) in spoil::giants(sample.input.bytes(), bytes_max) {
            let Some(input) = spoil::with_bytes(&sample.input, bytes) else { continue };
            let file = format!("{} as {what}", sample.place());
            let turn = Turn::Input(workbench::Sample { input, file, line: None }, None);
            count += subject.survives(script, vec![turn])?;
        }
    }
    Ok(Verdict::Passed(count))
}

/// What a network's text says of secrets asks for none.
fn secrets(subject: &Tried) -> anyhow::Result<Verdict> {
    let names: Vec<&String> = subject.plugin.manifest().secrets.keys().collect();
    let mut count = 0;
    for script in &subject.scripts {
        let plain = asked(subject, script)?;
        for name in names.iter().map(|name| name.as_str()).chain(["planted"]) {
            let turns = script.turns.iter().map(|turn| match turn {
                Turn::Input(sample, expected) => {
                    let planted = spoil::planted(sample.input.bytes(), name);
                    let input = spoil::with_bytes(&sample.input, planted);
                    let input = input.unwrap_or_else(|| sample.input.clone());
                    Turn::Input(workbench::Sample { input, ..sample.clone() }, *expected)
                }
                other => other.clone(),
            });
            let planted = asked(subject, &Script { turns: turns.collect(), ..script.clone() })?;
            count += 1;
            if planted > plain {
                return Ok(Verdict::Failed(format!(
                    "{}: with `{{secret:{name}}}` in its texts the plugin asks for more secrets \
                     ({planted}) than without ({plain}): never make a secret's name of what comes in",
                    script.name
                )));
            }
        }
    }
    Ok(Verdict::Passed(count))
}

/// How often secrets are asked for in a script.
fn asked(subject: &Tried, script: &Script) -> anyhow::Result<usize> {
    let mut count = 0;
    play::run(&subject.plugin, script, subject.limits, |turn, said| {
        sane(&script.name, turn, &said)?;
        if let Ok(output) = &said.result {
            count += output.commands.iter().map(shown::secret_pieces).sum::<usize>();
        }
        Ok(())
    })?;
    Ok(count)
}
