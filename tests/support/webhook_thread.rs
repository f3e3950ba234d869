//! A thread of webhooks, as a server has one.

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// What it is called.
pub(crate) const NAME: &str = "webhooks";

/// It ends when this is dropped.
pub(crate) struct WebhookThread {
    runtime: Handle,
    _end: oneshot::Sender<()>,
}

impl WebhookThread {
    pub(crate) fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name(NAME.to_owned());
        let ran = thread.spawn(move || {
            let _ = runtime.block_on(ended);
            runtime.shutdown_background();
        });
        ran.expect("a thread");
        Self { runtime: handle, _end: end }
    }

    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }
}
