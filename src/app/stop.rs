//! What the process is told by signals: to stop, to reload, or what a server elsewhere does on them.

use anyhow::Context;
use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::http::Reloads;

/// SIGINT or SIGTERM, listened for from the start: a stop during recovery is not lost. The others
/// would end the process if nobody listened.
pub(crate) struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    user_1: Signal,
    user_2: Signal,
    /// Comes with every write beyond a limit of file sizes (`ulimit -f`). The write fails as well,
    /// and who wrote says so.
    _file_size: Signal,
}

impl StopSignal {
    /// Begins to listen; needs a runtime.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            user_1: listen(SignalKind::user_defined1())?,
            user_2: listen(SignalKind::user_defined2())?,
            _file_size: listen(SignalKind::from_raw(Number::XFSZ.as_raw()))?,
        })
    }

    /// Waits for either of the two that stop; what the others ask for is done, or answered in the log.
    pub(crate) async fn wait(mut self, reloads: Option<Reloads>) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => match &reloads {
                    Some(reloads) => {
                        tracing::info!("SIGHUP: the config is read again");
                        reloads.ask_and_go();
                    }
                    None => tracing::info!("SIGHUP is ignored"),
                },
                _ = self.user_1.recv() => tracing::info!("SIGUSR1 is ignored"),
                _ = self.user_2.recv() => tracing::info!("SIGUSR2 is ignored"),
            }
        }
    }
}
