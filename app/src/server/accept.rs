//! The accept loop: connections with limits, each served by hyper until it ends or the service does.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::OptionFuture;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::patience::{Patience, Patient, Phase};
use super::stack::Stack;

/// Connections that the kernel holds until they are accepted.
const BACKLOG: i32 = 4096;
/// Out of file descriptors or memory: accepting again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);
/// A client that was let in just before the end has its request on the way.
const LET_IN: Duration = Duration::from_millis(500);
/// Bytes of a request's head; a longer one is 431.
const MOST_HEAD: usize = 64 << 10;

/// What one connection, and all of them, may take.
#[derive(Clone)]
pub(crate) struct Limits {
    pub(crate) patience: Patience,
    pub(crate) connections: Arc<Semaphore>,
}

/// A socket that listens.
pub(crate) struct Listening {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Listening {
    pub(crate) fn on(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        // Linux hands it on to what is accepted: answers leave at once.
        socket.set_tcp_nodelay(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from_std(socket.into())?;
        Ok(Self { address: listener.local_addr()?, listener })
    }
}

/// A connection that has a place among all.
type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// Accepts until the service closes; returns when the last request in flight has its answer.
pub(crate) async fn serve(listening: Listening, stack: Arc<Stack>, limits: Limits) {
    let graceful = GracefulShutdown::new();
    let closing = stack.lifecycle.closing.clone();
    let begin = |(stream, peer, permit)| {
        let (stack, limits) = (Arc::clone(&stack), limits.clone());
        tokio::spawn(connection(stream, peer, permit, stack, limits, graceful.watcher()));
    };
    loop {
        tokio::select! {
            accepted = accept(&listening.listener, &limits.connections) => begin(accepted),
            () = closing.cancelled() => break,
        }
    }
    for accepted in rest(listening.listener, &limits.connections) {
        begin(accepted);
    }
    graceful.shutdown().await;
}

/// Whoever the kernel has let in already: they would be cut off with the socket, which closes here.
/// The runtime may not know of them yet, so the kernel itself is asked.
fn rest(listener: TcpListener, connections: &Arc<Semaphore>) -> Vec<Accepted> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let next = || {
        let permit = Arc::clone(connections).try_acquire_owned().ok()?;
        let (stream, peer) = listener.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer, permit))
    };
    std::iter::from_fn(next).collect()
}

async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> Accepted {
    loop {
        // Never closed, so there is always one to be had in time.
        let Ok(permit) = Arc::clone(connections).acquire_owned().await else { continue };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The client gave up before it was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// All requests of one connection.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    _permit: OwnedSemaphorePermit,
    stack: Arc<Stack>,
    limits: Limits,
    _watcher: Watcher,
) {
    stack.metrics.connections.inc();
    let phase = Arc::new(Phase::default());
    let socket = TokioIo::new(Patient::new(stream, Arc::clone(&phase), limits.patience));
    let service = service_fn(|request| {
        let (stack, phase) = (&stack, &phase);
        async move {
            phase.begin_request();
            let answer = stack.answer(peer, request).await;
            phase.end_request();
            Ok::<_, Infallible>(answer)
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .max_buf_size(MOST_HEAD)
            .half_close(true)
            .serve_connection(socket, service)
    );
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stack.lifecycle.closing.cancelled() => {
            let last = phase.awaits_head().then(|| timeout(LET_IN, connection.as_mut()));
            match OptionFuture::from(last).await {
                Some(Ok(ended)) => ended,
                _ => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            }
        }
    };
    // What ends a connection early (a client that goes away or is late) is nobody's fault here.
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
    stack.metrics.connections.dec();
}
