//! A socket that waits only so long: for a request, for the head of one, and for a client that reads.
//!
//! hyper's own limit for a head also runs while a connection is idle between requests, where a load
//! balancer needs more time than an attacker should have; and it sets a timer for every request.
//! Here a connection has one timer, which is moved when it goes off too early.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// What a connection is doing; its requests and its socket share it.
#[derive(Default)]
pub(crate) struct Phase(AtomicU8);

const HEAD: u8 = 0;
const BUSY: u8 = 1;
const IDLE: u8 = 2;

impl Phase {
    /// The head of a request is here.
    pub(crate) fn begin_request(&self) {
        self.0.store(BUSY, Relaxed);
    }

    /// Whether a head is on its way, or the first one is yet to come.
    pub(crate) fn awaits_head(&self) -> bool {
        self.0.load(Relaxed) == HEAD
    }

    /// Its answer is on the way.
    pub(crate) fn end_request(&self) {
        self.0.store(IDLE, Relaxed);
    }
}

/// How long a client may keep a connection waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a head that has begun, for the first one, and for room to write.
    pub(crate) head: Duration,
    /// Between an answer and the next request.
    pub(crate) idle: Duration,
}

/// A socket that fails with `TimedOut` when the client keeps it waiting.
pub(crate) struct Patient<S> {
    socket: S,
    phase: Arc<Phase>,
    patience: Patience,
    /// Since when there has been nothing to read of what is awaited.
    since: Option<Instant>,
    timer: Timer,
    writing: Timer,
}

type Timer = Option<Pin<Box<Sleep>>>;

impl<S> Patient<S> {
    /// A new connection has as long for its first head as for any other.
    pub(crate) fn new(socket: S, phase: Arc<Phase>, patience: Patience) -> Self {
        Self { socket, phase, patience, since: None, timer: None, writing: None }
    }

    /// Ready when the client has kept it waiting for too long.
    fn late(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let limit = match self.phase.0.load(Relaxed) {
            HEAD => self.patience.head,
            IDLE => self.patience.idle,
            // Whoever answers has limits of their own.
            _ => {
                self.since = None;
                return Poll::Pending;
            }
        };
        let due = *self.since.get_or_insert_with(Instant::now) + limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if timer.deadline() > due {
            timer.as_mut().reset(due);
        }
        loop {
            ready!(timer.as_mut().poll(context));
            if timer.deadline() >= due {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            timer.as_mut().reset(due);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.socket).poll_read(context, buffer) {
            if buffer.filled().len() > before && this.phase.0.load(Relaxed) == IDLE {
                this.phase.0.store(HEAD, Relaxed);
                this.since = None;
            }
            return Poll::Ready(read);
        }
        this.late(context).map(Err)
    }
}

impl<S: AsyncWrite + Unpin> Patient<S> {
    /// A write that goes on has all of the time again.
    fn unless_stalled<T>(
        &mut self,
        wrote: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.writing = None;
            return wrote;
        }
        let stalled = self.writing.get_or_insert_with(|| Box::pin(sleep(self.patience.head)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.unless_stalled(wrote, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.unless_stalled(wrote, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(context);
        self.unless_stalled(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
