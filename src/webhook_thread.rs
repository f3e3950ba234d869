//! A thread of its own for webhooks, and how work of another kind is kept off it.
//!
//! A webhook is taken, verified, decoded and answered on one thread: what passes between its
//! connection and its channel's plugin then wakes nobody on another processor, which costs as much
//! as the decoding. It is one thread however many processors there are: two would have to wake each
//! other, and one takes several times what the largest contact centers get.
//!
//! Whatever may hold it up runs on the server's other threads: connections that do not begin with a
//! webhook, so pages and screens; requests and links of plugins, and plugins that take long.

use std::future::pending;
use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

/// The thread. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct WebhookThread {
    runtime: Handle,
    thread: JoinHandle<()>,
    /// Ends it when dropped.
    end: oneshot::Sender<()>,
}

impl WebhookThread {
    pub(crate) fn start() -> io::Result<Self> {
        let (end, ended) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let thread = thread::Builder::new().name("webhooks".to_owned()).spawn(move || {
            let runtime = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(tell.send(Err(error))),
            };
            if tell.send(Ok(runtime.handle().clone())).is_ok() {
                // The sender is only ever dropped.
                let _ = runtime.block_on(ended);
            }
            // Nothing that anybody waits for is left by then.
            runtime.shutdown_background();
        })?;
        let runtime = told.recv().map_err(io::Error::other)??;
        Ok(Self { runtime, thread, end })
    }

    /// The runtime of the thread.
    pub(crate) fn runtime(&self) -> Handle {
        self.runtime.clone()
    }

    /// Ends it; false when something on it has not made room within the grace time.
    pub(crate) async fn end(self, grace: Duration) -> bool {
        let Self { thread, end, .. } = self;
        drop(end);
        let joined = timeout(grace, spawn_blocking(move || thread.join())).await;
        if matches!(joined, Ok(Ok(Err(_)))) {
            tracing::error!("the thread of webhooks had panicked before the stop");
        }
        joined.is_ok()
    }
}

/// Runs something on another runtime. Given up there when it is given up here; its panic goes on here.
pub(crate) async fn run_on<T: Send + 'static>(
    runtime: &Handle,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut alone = JoinSet::new();
    alone.spawn_on(work, runtime);
    match alone.join_next().await {
        Some(Ok(done)) => done,
        Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
        _ => {
            tracing::error!("a thread of the server has ended before its work was done");
            pending().await
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_runs_over_there_and_is_given_up_with_who_waits() {
        let webhooks = WebhookThread::start().expect("a thread");
        let there = webhooks.runtime();
        let name = run_on(&there, async { thread::current().name().map(str::to_owned) }).await;
        assert_eq!(name.as_deref(), Some("webhooks"));

        struct Given(Arc<AtomicBool>);
        impl Drop for Given {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Release);
            }
        }
        let given_up = Arc::new(AtomicBool::new(false));
        let held = Given(Arc::clone(&given_up));
        let (began, begun) = oneshot::channel();
        let endless = run_on(&there, async move {
            let _held = held;
            let _ = began.send(());
            pending::<()>().await;
        });
        tokio::select! {
            () = endless => unreachable!("it has no end"),
            told = begun => told.expect("it runs"),
        }
        while !given_up.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        assert!(webhooks.end(Duration::from_secs(60)).await);
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_what_does_not_end() {
        let webhooks = WebhookThread::start().expect("a thread");
        let (began, begun) = oneshot::channel();
        let (go_on, waits) = mpsc::channel::<()>();
        webhooks.runtime().spawn(async move {
            let _ = began.send(());
            let _ = waits.recv();
        });
        begun.await.expect("it runs");
        assert!(!webhooks.end(Duration::from_millis(1)).await);
        drop(go_on);
    }

    #[tokio::test]
    #[should_panic(expected = "over there")]
    async fn a_panic_there_is_a_panic_here() {
        let webhooks = WebhookThread::start().expect("a thread");
        run_on(&webhooks.runtime(), async { panic!("over there") }).await
    }
}
