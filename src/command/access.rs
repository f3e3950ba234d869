//! `tablica access`: people and tokens from the console, beside a running server or before its first
//! start.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::json;
use zeroize::Zeroizing;

use super::StateFolder;
use crate::access::{Console, Role};
use crate::clock;
use crate::config::Environment;
use crate::event::UnixMs;

const ABOUT: &str = "\
People, roles and tokens of a server whose config has a section [access]. Works on the file in the
state folder; a running server takes a change up within a second.

Passwords are read from standard input, one line, so that they stand in no history of commands:
  printf '%s' \"$PASSWORD\" | tablica access add anna --role lead --config tablica.toml";

/// The arguments of `tablica access`.
#[derive(Debug, clap::Args)]
#[command(long_about = ABOUT)]
pub struct Arguments {
    /// Where the server keeps its state.
    #[command(flatten)]
    pub folder: StateFolder,
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with people and tokens.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Add a person; the password is read from standard input
    Add {
        /// Their name.
        name: String,
        /// What they may do.
        #[arg(long)]
        role: RoleWord,
    },
    /// List people and tokens
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove a person: all their logins end
    Remove {
        /// Their name.
        name: String,
    },
    /// Give a person a new password, read from standard input: all their logins end
    Password {
        /// Their name.
        name: String,
    },
    /// Tokens of programs
    #[command(subcommand)]
    Token(TokenAction),
    /// Show who has done what, the newest first
    Audit {
        /// How many.
        #[arg(long, default_value_t = 100)]
        rows: usize,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What to do with tokens.
#[derive(Debug, clap::Subcommand)]
pub enum TokenAction {
    /// Make a token; it is printed this once
    New {
        /// What it is for.
        name: String,
        /// What it may do.
        #[arg(long)]
        role: RoleWord,
    },
    /// List them
    List,
    /// Make a token worthless
    Revoke {
        /// Its name.
        name: String,
    },
}

/// A role, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleWord {
    /// Sees walls and figures.
    Viewer,
    /// Sees to annotations and screens, too.
    Lead,
    /// May do everything.
    Admin,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Role {
        match word {
            RoleWord::Viewer => Role::Viewer,
            RoleWord::Lead => Role::Lead,
            RoleWord::Admin => Role::Admin,
        }
    }
}

/// Carries it out.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let state_dir = arguments.folder.find(environment)?;
    let mut console = Console::open(&state_dir, clock::now_ms())?;
    match &arguments.action {
        Action::Add { name, role } => {
            console.add_person(name, (*role).into(), &password(input)?)?;
            writeln!(out, "{name} may log in.")?;
        }
        Action::Remove { name } => {
            console.remove_person(name)?;
            writeln!(out, "{name} is out.")?;
        }
        Action::Password { name } => {
            console.set_password(name, &password(input)?)?;
            writeln!(out, "{name} has a new password and is logged in nowhere.")?;
        }
        Action::Token(TokenAction::New { name, role }) => {
            let token = console.add_token(name, (*role).into())?;
            writeln!(out, "{}", *token)?;
        }
        Action::Token(TokenAction::Revoke { name }) => {
            console.remove_token(name)?;
            writeln!(out, "The token {name} opens nothing any more.")?;
        }
        Action::Token(TokenAction::List) => {
            for token in console.list()?.1 {
                let since = moment(token.made_ms);
                writeln!(out, "{:<8}{since}  {}", token.role.word(), token.name)?;
            }
        }
        Action::List { json: true } => {
            let (people, tokens) = console.list()?;
            writeln!(out, "{}", json!({ "people": people, "tokens": tokens }))?;
        }
        Action::List { json: false } => {
            let (people, tokens) = console.list()?;
            for (kind, all) in [("person", people), ("token", tokens)] {
                for one in all {
                    writeln!(
                        out,
                        "{kind:<8}{:<8}{}  {}",
                        one.role.word(),
                        moment(one.made_ms),
                        one.name
                    )?;
                }
            }
        }
        Action::Audit { rows, json } => {
            for act in console.acts(*rows)? {
                if *json {
                    writeln!(out, "{}", json!(act))?;
                    continue;
                }
                let when = moment(act.at_ms);
                let (who, origin, target) = (act.who, act.origin, act.target);
                let (act, result) = (act.act, act.result);
                writeln!(
                    out,
                    "{when}  {who:<16}  {origin:<16}  {act:<18}  {target:<24}  {result}"
                )?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One line; its end is no part of the password.
fn password(input: &mut impl BufRead) -> anyhow::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        eprintln!("Type the password and press Enter (it is shown as you type):");
    }
    let mut line = Zeroizing::new(String::new());
    input.read_line(&mut line).context("the password cannot be read from standard input")?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() {
        bail!("the password is read from standard input: there was none");
    }
    Ok(password)
}

fn moment(ms: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| ms.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(folder: &tempfile::TempDir, typed: &str, action: Action) -> anyhow::Result<String> {
        let folder = StateFolder { config: None, state_dir: Some(folder.path().to_owned()) };
        let mut out = Vec::new();
        let arguments = Arguments { folder, action };
        run(&arguments, &Environment::default(), &mut typed.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    fn add(name: &str) -> Action {
        Action::Add { name: name.to_owned(), role: RoleWord::Lead }
    }

    #[test]
    fn people_and_tokens_come_and_go_and_the_log_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        command(&folder, "correct horse battery\n", add("Anna")).expect("added");
        let short = command(&folder, "short\n", add("Ben")).expect_err("too short");
        assert_eq!(short.to_string(), "a password has at least 10 characters");
        assert!(command(&folder, "", add("Ben")).is_err(), "no password is none");
        let taken = command(&folder, "correct horse battery", add("ANNA")).expect_err("taken");
        assert_eq!(taken.to_string(), "this name is taken");
        let new = TokenAction::New { name: "ci".to_owned(), role: RoleWord::Viewer };
        let token = command(&folder, "", Action::Token(new)).expect("a token");
        assert_eq!(token.trim().len(), 43, "256 bits in base64");
        let listed = command(&folder, "", Action::List { json: true }).expect("listed");
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        assert_eq!(
            (&listed["people"][0]["name"], &listed["people"][0]["role"]),
            (&json!("anna"), &json!("lead"))
        );
        assert_eq!(listed["tokens"][0]["name"], "ci");
        let revoke = TokenAction::Revoke { name: "ci".to_owned() };
        command(&folder, "", Action::Token(revoke)).expect("revoked");
        command(&folder, "", Action::Remove { name: "anna".to_owned() }).expect("removed");
        let audit = command(&folder, "", Action::Audit { rows: 9, json: true }).expect("the log");
        let acts: Vec<serde_json::Value> =
            audit.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let acts: Vec<&str> = acts.iter().filter_map(|act| act["act"].as_str()).collect();
        assert_eq!(acts, ["person_remove", "token_remove", "token_add", "person_add"]);
    }
}
