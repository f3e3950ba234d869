//! Programs that the demo starts and must not leave behind.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::step::show_end;

/// How often a wait looks again.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A program in the background. Dropped, it is killed.
pub(crate) struct Running {
    name: &'static str,
    child: Child,
    log: PathBuf,
    told: bool,
}

impl Running {
    /// Starts it with its output in a log. It gets a process group of its own, so that Ctrl-C
    /// reaches only us and we stop things in their order.
    pub(crate) fn start(
        name: &'static str,
        command: &mut Command,
        logs: &Path,
    ) -> anyhow::Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("no log {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self { name, child, log, told: false })
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Asks it to stop and waits so long; kills it then. True when it stopped well.
    pub(crate) fn stop(&mut self, grace: Duration) -> anyhow::Result<bool> {
        if self.ended()?.is_none()
            && let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
        {
            // It may have ended just now: then there is nobody to ask.
            let _ = kill_process(pid, Signal::TERM);
        }
        let begun = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                if !status.success() {
                    self.tell(&format!("ended badly ({status})"));
                }
                return Ok(status.success());
            }
            if begun.elapsed() > grace {
                self.tell(&format!("did not stop within {} s and is killed", grace.as_secs()));
                self.child.kill()?;
                self.child.wait()?;
                return Ok(false);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Says what went wrong, with the end of the log; once.
    pub(crate) fn tell(&mut self, what: &str) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        println!("  ✗ {} {what}; {} ends so:", self.name, self.log.display());
        show_end(&fs::read_to_string(&self.log).unwrap_or_default());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // On the way out because of an error: the error is what matters.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Becomes true when somebody wants us to stop.
pub(crate) struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Listens for Ctrl-C, SIGTERM and a closed terminal from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&stop))?;
        }
        Ok(Self(stop))
    }

    /// Whether it came.
    pub(crate) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
