//! A thread of its own for the connections of a database. Whoever waits for work on it owns nothing of that work: a caller
//! that goes away cancels nothing, and only the time ends what is under way. Knows no database.

use std::io;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// The thread; there until it is dropped.
#[derive(Debug)]
pub(crate) struct Worker(Option<Runtime>);

impl Worker {
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn new(name: &str) -> io::Result<Self> {
        Builder::new_multi_thread().worker_threads(1).thread_name(name).enable_all().build().map(|own| Self(Some(own)))
    }

    /// Begins work for which nobody waits.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(work);
        }
    }

    /// Waits for work; nothing where it took longer, and was given up.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        within: Duration,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = mpsc::sync_channel(1);
        self.spawn(async move {
            // Who waits has gone only where the program ends.
            let _ = tell.send(timeout(within, work).await);
        });
        told.recv().ok().and_then(Result::ok)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Also where nobody may wait.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
