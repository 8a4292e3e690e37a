//! A connection on which any bytes may be sent.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use super::{LIMIT, Service};

/// A raw connection.
pub(crate) struct Wire {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    /// Connects to a service.
    pub(crate) fn open(service: &Service) -> Self {
        Wire::connect(service.address()).unwrap()
    }

    /// Connects to an address.
    pub(crate) fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, LIMIT)?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream, unread: Vec::new() })
    }

    /// Sends bytes; false when the other side has closed.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Closes the writing half: nothing more will be sent.
    pub(crate) fn end(&self) {
        self.stream.shutdown(Shutdown::Write).ok();
    }

    /// Whether the other side closed, or sent something, within a short while.
    pub(crate) fn stirs(&mut self, within: Duration) -> bool {
        self.stream.set_read_timeout(Some(within)).unwrap();
        let more = self.more();
        self.stream.set_read_timeout(Some(LIMIT)).unwrap();
        !matches!(more, Err(kind) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&kind))
    }

    /// Reads to the end of the connection; panics when it stays open.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> String {
        loop {
            match self.more() {
                Ok(true) => {}
                Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => panic!("it stays open"),
                Ok(false) | Err(_) => return String::from_utf8_lossy(&self.unread).into_owned(),
            }
        }
    }

    /// An answer that comes within a moment.
    pub(crate) fn early_answer(&mut self) -> Option<Raw> {
        self.stirs(Duration::from_millis(500)).then(|| self.answer())?
    }

    /// The next answer, whole; none when the connection ends before it does.
    pub(crate) fn answer(&mut self) -> Option<Raw> {
        let end = loop {
            match self.unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.grow()?,
            }
        };
        let head = String::from_utf8_lossy(&self.unread[..end]).to_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length =
            field(&head, "content-length").map_or(Some(0), |length| length.parse().ok())?;
        while self.unread.len() < end + length {
            self.grow()?;
        }
        let body = self.unread.drain(..end + length).skip(end).collect();
        Some(Raw { status, head, body })
    }

    fn grow(&mut self) -> Option<()> {
        self.more().is_ok_and(|more| more).then_some(())
    }

    /// Whether more bytes came.
    fn more(&mut self) -> Result<bool, ErrorKind> {
        let mut buffer = [0; 16_384];
        let count = self.stream.read(&mut buffer).map_err(|error| error.kind())?;
        self.unread.extend_from_slice(&buffer[..count]);
        Ok(count > 0)
    }
}

impl Raw {
    /// A header field, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }

    /// Whether the server closes the connection after this answer.
    pub(crate) fn closes(&self) -> bool {
        self.header("connection") == Some("close")
    }
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| *found == name).map(|(_, value)| value.trim())
}
