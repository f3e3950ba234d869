//! `tablica test`: do the promises written down in wall scripts hold?
//!
//! Reads the scripts and the config, lets [`crate::script`] run them and prints what came of it.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::config::Layer;
use crate::script::{self, Mistakes, Outcome};

/// Longest script that is read.
const SCRIPT_BYTES_MAX: u64 = 1 << 20;
/// What scripts are called in a folder.
const EXTENSION: &str = "wall";

const EXAMPLE: &str = "\
Each line of a script tells what happened at a time, or what a number must be by then:

  on 2026-03-02 Europe/Warsaw
  09:00:00 call 1 queued sales
  09:00:15 call 1 answered by anna
  09:00:30 expect service_level{queue=sales} 100 %

docs/wall-scripts.md has the whole language. The exit code is 1 when an expectation is not met
or a script is not understood.";

/// Runs wall scripts: events of a day and the numbers expected of them. No server is needed.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub struct Arguments {
    /// Wall scripts, or folders of them (files that end in .wall).
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Test this config: its queues, promises and calendars hold, where a script does not set its
    /// own. Secrets, plugins and environment variables are not looked at.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the scripts one by one and prints a line for each, failures in full.
pub fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let config = match &arguments.config {
        None => None,
        Some(path) => Some((path, read(path)?)),
    };
    let (mut scripts, mut failed) = (0, 0);
    for path in &arguments.files {
        for path in scripts_of(path)? {
            let file = path.display().to_string();
            let base = config.as_ref().map(|(path, text)| (path.display().to_string(), path, text));
            let base = base.as_ref().map(|(file, path, text)| Layer {
                text,
                file,
                folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            });
            let outcome = script::parse(&read(&path)?, &file, base.as_ref());
            let outcome = outcome.map(|script| script.run());
            scripts += 1;
            failed += usize::from(!print(&file, &outcome, out)?);
        }
    }
    if failed > 0 {
        writeln!(out, "\n{failed} of {scripts} scripts failed")?;
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The script itself, or those of the folder by name.
fn scripts_of(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = || format!("cannot read the folder {}", path.display());
    let mut scripts = Vec::new();
    for entry in fs::read_dir(path).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            scripts.push(path);
        }
    }
    scripts.sort();
    anyhow::ensure!(!scripts.is_empty(), "there are no .{EXTENSION} files in {}", path.display());
    Ok(scripts)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let read = file.take(SCRIPT_BYTES_MAX).read_to_string(&mut text);
    let read = read.with_context(|| format!("cannot read {}", path.display()))?;
    let whole = u64::try_from(read).is_ok_and(|read| read < SCRIPT_BYTES_MAX);
    anyhow::ensure!(whole, "{} has {SCRIPT_BYTES_MAX} bytes or more", path.display());
    Ok(text)
}

/// Says how it went; true when all is well.
fn print(
    file: &str,
    outcome: &Result<Outcome, Mistakes>,
    out: &mut impl Write,
) -> io::Result<bool> {
    match outcome {
        Err(mistakes) => {
            writeln!(out, "FAILED  not understood  {file}\n{mistakes}")?;
            Ok(false)
        }
        Ok(Outcome { met, failures }) if failures.is_empty() => {
            writeln!(out, "ok      {}  {file}", expectations(*met))?;
            Ok(true)
        }
        Ok(Outcome { met, failures }) => {
            let all = expectations(met + failures.len());
            writeln!(out, "FAILED  {} of {all}  {file}", failures.len())?;
            for failure in failures {
                writeln!(out, "{file}:{}: {failure}", failure.line)?;
            }
            Ok(false)
        }
    }
}

fn expectations(count: usize) -> String {
    if count == 1 { "1 expectation".to_owned() } else { format!("{count} expectations") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = "on 2026-03-02\n\
        09:00 call 1 queued sales\n\
        09:00:25 call 1 answered by anna\n\
        09:01 expect service_level{queue=sales} 100 %\n";

    fn test(scripts: &[(&str, &str)], config: Option<&str>) -> (String, ExitCode) {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in scripts {
            fs::write(folder.path().join(name), text).expect("write");
        }
        let config = config.map(|text| {
            let path = folder.path().join("tablica.toml");
            fs::write(&path, text).expect("write");
            path
        });
        let arguments = Arguments { files: vec![folder.path().to_owned()], config };
        let mut out = Vec::new();
        let code = run(&arguments, &mut out).expect("run");
        let said = String::from_utf8(out).expect("utf-8");
        (said.replace(&format!("{}/", folder.path().display()), ""), code)
    }

    #[test]
    fn a_failed_expectation_says_why() {
        let (said, code) = test(&[("a.wall", CALL)], None);
        expect_test::expect![[r#"
            FAILED  1 of 1 expectation  a.wall
            a.wall:4: 09:01 expect service_level{queue=sales} 100 %
              expected  service_level{queue=sales} 100 %
              got       0.00 % (0.000000)
              because   0 of 1 calls today were served in time, which is within 20 s.
              formula   sl_offered_net = answered within T / (offered − abandoned within s)
              counts    in_time 0, counted 1, offered 1, answered 1, answered_within_threshold 0, abandoned 0, abandoned_within_threshold 0, abandoned_short 0, flowed_out 0, waiting_beyond_threshold 0
              limits    answer_threshold 20 s, short_abandon 5 s

            1 of 1 scripts failed
        "#]].assert_eq(&said);
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn the_operators_config_stands_below_the_script() {
        let config = "[queue.sales]\nanswer_threshold = '30s'\n[channel.call]\nplugin = 'x'\n\
            secret = { env = 'NOT_SET' }\n";
        let (said, code) = test(&[("a.wall", CALL)], Some(config));
        assert_eq!(said, "ok      1 expectation  a.wall\n");
        assert_eq!(code, ExitCode::SUCCESS);
    }

    #[test]
    fn a_script_that_is_not_understood_fails_and_the_others_are_run() {
        let wrong = CALL.replace("queued", "quued");
        let (said, code) = test(&[("b.wall", CALL), ("a.wall", &wrong)], None);
        assert!(said.starts_with("FAILED  not understood  a.wall\na.wall:2:14: `quued`"), "{said}");
        assert!(said.contains("FAILED  1 of 1 expectation  b.wall\n"), "{said}");
        assert!(said.ends_with("\n2 of 2 scripts failed\n"), "{said}");
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn a_script_without_end_is_not_read() {
        let file = tempfile::NamedTempFile::new().expect("file");
        fs::write(file.path(), vec![b'#'; 2 << 20]).expect("write");
        let arguments = Arguments { files: vec![file.path().to_owned()], config: None };
        let refused = run(&arguments, &mut Vec::new()).expect_err("too long").to_string();
        assert!(refused.ends_with("has 1048576 bytes or more"), "{refused}");
    }
}
