//! Odnoklassniki bots: webhook calls, and what polling gives, become contact center events.
//!
//! By webhook and by long polling OK tells what others write; `updates` asks for that. What is
//! written in the group's own name it tells only to who reads its chats; `answers` does so. All
//! give the same objects, which `decode` reads. The snapshot holds two places to go on from.

mod answers;
mod ask;
mod decode;
mod settings;
mod state;
mod update;
mod updates;

use tablica_plugin::{
    Channel, Failure, Info, Input, Output, Response, Setup, bad_input, config_error,
    export_channel, info, snapshot,
};

use crate::answers::Answers;
use crate::settings::Settings;
use crate::state::State;
use crate::update::Answer;
use crate::updates::Updates;

/// The token is wrong, has run out, or may not do this: nothing helps but another one.
const REFUSALS: [u64; 4] = [10, 101, 102, 103];

/// One group, or one account with the right to the Bot API.
pub struct Odnoklassniki {
    settings: Settings,
    state: State,
    updates: Updates,
    answers: Answers,
}

impl Channel for Odnoklassniki {
    fn describe() -> Info {
        info("ok", env!("CARGO_PKG_VERSION"), "Odnoklassniki")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::of(setup)?;
        let (updates, answers) = (Updates::new(), Answers::new());
        Ok(Self { settings, state: State::default(), updates, answers })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.state = snapshot::read(snapshot)?;
        Ok(())
    }

    fn start(&mut self, now_ms: u64) -> Result<Output, Failure> {
        if !self.settings.polls {
            return Ok(Output::default());
        }
        self.updates.rounds.begin(now_ms);
        self.answers.rounds.begin(now_ms);
        let mut output = self.updates.ask(Vec::new(), &self.settings, &self.state, now_ms);
        output.commands.extend(self.answers.look(&self.state).commands);
        Ok(output)
    }

    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Webhook(call) => {
                let event = decode::update(&call.body, &self.settings)?;
                Ok(event.into_iter().collect::<Vec<_>>().into())
            }
            Input::Response(answer) => self.answered(&answer, now_ms),
            Input::Timer(tag) if self.settings.polls => Ok(if self.updates.rounds.is_timer(&tag) {
                self.updates.ask(Vec::new(), &self.settings, &self.state, now_ms)
            } else if self.answers.rounds.is_timer(&tag) {
                self.answers.look(&self.state)
            } else {
                Output::default()
            }),
            Input::Line(_) | Input::Frame(_) | Input::Document(_) => {
                Err(bad_input("Odnoklassniki delivers by webhook or by polling only"))
            }
            Input::Timer(_) | Input::Connected(_) | Input::Disconnected(_) | Input::Other(_) => {
                Ok(Output::default())
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.state)
    }
}

impl Odnoklassniki {
    /// What an answer holds counts, also when it comes too late to be gone on from.
    fn answered(&mut self, response: &Response, now_ms: u64) -> Result<Output, Failure> {
        let is_updates = self.updates.rounds.is_current(&response.tag);
        let is_answers = self.answers.rounds.is_current(&response.tag);
        let answer: Answer<'_> = match serde_json::from_slice(&response.body) {
            Ok(answer) => answer,
            Err(error) if response.status == 200 => {
                return Err(bad_input(format!("{error}")));
            }
            Err(_) if is_updates => return Ok(self.updates.failed()),
            Err(_) if is_answers => return Ok(self.answers.failed()),
            Err(_) => return Ok(Output::default()),
        };
        if let Some(code) = answer.error_code.filter(|code| REFUSALS.contains(code))
            && (is_updates || is_answers)
        {
            return Err(config_error(format!(
                "OK refuses with error {code}: check the secret access_token, from the group's \
                 settings; a new one ends those before"
            )));
        }
        let mut events = updates::events(&answer, &self.settings);
        events.extend(answers::events(&answer, &self.settings));
        let (settings, state) = (&self.settings, &mut self.state);
        Ok(if is_updates {
            self.updates.answer(answer, events, settings, state, now_ms)
        } else if is_answers {
            self.answers.answer(answer, events, settings, state, now_ms)
        } else {
            events.into()
        })
    }
}

export_channel!(Odnoklassniki);

#[cfg(test)]
mod tests;
