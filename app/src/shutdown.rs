//! The end of a service in order: not ready, drain, stop accepting, finish, close.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Where the process is in its life; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Lifecycle {
    draining: Arc<AtomicBool>,
    /// Cancelled when no further connection is accepted.
    pub(crate) closing: CancellationToken,
}

impl Lifecycle {
    /// Load balancers are told to go elsewhere; requests are still answered.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Relaxed)
    }
}

/// The signals that end a service.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Until the next one; its name is for the log.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
