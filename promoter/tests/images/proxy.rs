//! Stands before a registry and spoils what it is told to.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::server::{Server, rest};

/// What becomes of a request.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// It is passed on.
    None,
    /// This status, and lines of the head.
    Status(u16, &'static str),
    /// No answer ever.
    Hang,
    /// The connection is closed.
    Drop,
    /// More bytes than anybody should read.
    Flood,
}

/// A proxy that lives as long as the test.
pub(crate) struct Proxy {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Proxy {
    /// `fault` is given the path and how many requests came before.
    pub(crate) fn before(
        server: &Server,
        fault: impl Fn(&str, usize) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (upstream, count, fault) = (server.port(), Arc::clone(&asked), Arc::new(fault));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (count, fault) = (Arc::clone(&count), Arc::clone(&fault));
                thread::spawn(move || {
                    serve(client, upstream, |path| {
                        fault(path, count.fetch_add(1, Ordering::SeqCst))
                    });
                });
            }
        });
        Proxy { port, asked }
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// How many requests came.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Answers one request and closes; a client that is gone is no matter.
fn serve(mut client: TcpStream, upstream: u16, fault: impl Fn(&str) -> Fault) {
    let Some(head) = head(&mut client) else { return };
    let path = head.split(' ').nth(1).unwrap_or_default();
    match fault(path) {
        Fault::None => {
            let mut server = TcpStream::connect(("127.0.0.1", upstream)).unwrap();
            let once = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            server.write_all(once.as_bytes()).unwrap();
            let _ = client.write_all(&rest(server));
        }
        Fault::Status(status, lines) => {
            let answer = format!(
                "HTTP/1.1 {status} X\r\n{lines}content-length: 0\r\nconnection: close\r\n\r\n"
            );
            let _ = client.write_all(answer.as_bytes());
        }
        Fault::Hang => thread::sleep(Duration::from_mins(10)),
        Fault::Drop => {}
        Fault::Flood => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
            while client.write_all(&[b' '; 8_192]).is_ok() {}
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// The head of a request without a body.
fn head(client: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).ok()
}
