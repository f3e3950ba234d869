//! The typical thing that a plugin gets: the first of its samples' inputs that tells something.

use tablica_plugin::{Command, Failure, Input, Output, Setup};

use crate::Plugin;
use crate::samples::Known;
use crate::script::Turn;

/// Times that an input has to tell something to be worth repeating.
const REPEATED: usize = 3;

/// An input with what has to come before it.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What the plugin is told at its start.
    pub setup: Setup,
    /// The samples' inputs before it, each with the time at which it comes.
    pub before: Vec<(u64, Input)>,
    /// When it comes.
    pub now_ms: u64,
    /// The input.
    pub input: Input,
    /// It tells as much when it comes again. Otherwise the plugin knows it already, and says nothing.
    pub again: bool,
}

/// The first that tells something each time, else the first that tells something.
pub fn telling(plugin: &Plugin, known: &Known) -> Option<Telling> {
    let mut once = None;
    for script in &known.scripts {
        let found = of(plugin, known.setup(script), &script.turns);
        match found {
            Some(telling) if telling.again => return Some(telling),
            found => once = once.or(found),
        }
    }
    once
}

fn of(plugin: &Plugin, setup: Setup, turns: &[Turn]) -> Option<Telling> {
    let mut now_ms = setup.now_ms;
    let (mut channel, started) = plugin.start(&setup).ok()?;
    let mut tag = last_fetch(&Ok(started)).unwrap_or_default();
    let mut before = Vec::new();
    let mut once = None;
    for turn in turns {
        let mut input = match turn {
            Turn::Input(input) => input.clone(),
            Turn::Parts(document, _) => Input::Document(document.clone()),
            Turn::At(ms) => {
                now_ms = *ms;
                continue;
            }
            Turn::Restart | Turn::Spoilt(_) => break,
        };
        if let Input::Response(response) = &mut input
            && response.tag.is_empty()
        {
            response.tag.clone_from(&tag);
        }
        let said = channel.handle(now_ms, input.clone());
        if let Some(next) = last_fetch(&said) {
            tag = next;
        }
        let events = |said: &Result<Output, Failure>| said.as_ref().map_or(0, |it| it.events.len());
        let told = events(&said);
        if told > 0 {
            let again =
                (1..REPEATED).all(|_| events(&channel.handle(now_ms, input.clone())) == told);
            let (setup, before) = (setup.clone(), before.clone());
            let telling = Telling { setup, before, now_ms, input: input.clone(), again };
            if again {
                return Some(telling);
            }
            once = once.or(Some(telling));
        }
        before.push((now_ms, input));
    }
    once
}

fn last_fetch(said: &Result<Output, Failure>) -> Option<String> {
    let mut fetches = said.as_ref().ok()?.commands.iter().filter_map(|command| match command {
        Command::Fetch(request) => Some(request.tag.clone()),
        _ => None,
    });
    fetches.next_back()
}
