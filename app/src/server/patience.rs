//! A socket that waits only so long: for the head of a request, and for a client that reads its answer.
//!
//! hyper's own limit for a head also runs while a connection is idle between requests, where a load
//! balancer needs more time than an attacker should have; so that one is set to the longer, and this
//! one watches the head.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

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

/// A socket that fails with `TimedOut` when the client keeps it waiting.
pub(crate) struct Patient<S> {
    socket: S,
    phase: Arc<Phase>,
    limit: Duration,
    reading: Deadline,
    writing: Deadline,
}

/// A time that began when there was nothing to read, or no room to write.
type Deadline = Option<Pin<Box<Sleep>>>;

impl<S> Patient<S> {
    /// A new connection has as long for its first head as for any other.
    pub(crate) fn new(socket: S, phase: Arc<Phase>, limit: Duration) -> Self {
        Self { socket, phase, limit, reading: None, writing: None }
    }
}

/// Ready when the deadline, set at the first call, has passed.
fn late(deadline: &mut Deadline, limit: Duration, context: &mut Context<'_>) -> Poll<io::Error> {
    let sleep = deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
    ready!(sleep.as_mut().poll(context));
    Poll::Ready(io::ErrorKind::TimedOut.into())
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
                this.reading = None;
            }
            return Poll::Ready(read);
        }
        if this.phase.0.load(Relaxed) != HEAD {
            this.reading = None;
            return Poll::Pending;
        }
        late(&mut this.reading, this.limit, context).map(Err)
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
        late(&mut self.writing, self.limit, context).map(Err)
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
