//! Log lines on standard output: one for each request, and the events of `tracing`.
//!
//! A thread of its own writes, many lines at a time: no request waits for whoever reads the log.

use std::io::{self, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use parking_lot::{Condvar, Mutex};
use tracing_subscriber::fmt::MakeWriter;

use super::trace::{Ids, hex};

/// How long lines may wait for others that are written with them.
const GATHER: Duration = Duration::from_millis(10);
/// Bytes that wait for a reader that is slow; lines beyond them are dropped and counted.
const MOST: usize = 4 << 20;

/// The log; clones are the same one.
#[derive(Clone)]
pub(crate) struct Log(Arc<Shared>);

struct Shared {
    json: bool,
    requests: bool,
    lines: Mutex<Lines>,
    filled: Condvar,
    dropped: AtomicU64,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    closed: bool,
}

/// One request as its line tells it.
#[allow(clippy::struct_field_names, reason = "the field's name in the line")]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) request_id: &'a str,
    pub(crate) ids: Ids,
    pub(crate) client: IpAddr,
}

impl Log {
    /// With `json` lines for machines, else for people; with `requests` a line for each request.
    pub(crate) fn start(json: bool, requests: bool) -> Self {
        let log = Self(Arc::new(Shared {
            json,
            requests,
            lines: Mutex::default(),
            filled: Condvar::new(),
            dropped: AtomicU64::new(0),
            writer: Mutex::new(None),
        }));
        let shared = Arc::clone(&log.0);
        let writer = thread::Builder::new()
            .name("log".into())
            .stack_size(64 << 10)
            .spawn(move || shared.write());
        *log.0.writer.lock() = writer.ok();
        log
    }

    /// Writes what waits, and nothing afterwards.
    pub(crate) fn close(&self) {
        self.0.lines.lock().closed = true;
        self.0.filled.notify_one();
        if let Some(writer) = self.0.writer.lock().take() {
            let _ = writer.join();
        }
    }

    /// Lines that nobody read in time.
    pub(crate) fn dropped(&self) -> u64 {
        self.0.dropped.load(Relaxed)
    }

    pub(crate) fn request(&self, request: &Request<'_>) {
        if !self.0.requests {
            return;
        }
        self.append(|line| if self.0.json { request.json(line) } else { request.pretty(line) });
    }

    fn append(&self, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) {
        let mut lines = self.0.lines.lock();
        if lines.closed || lines.bytes.len() > MOST {
            self.0.dropped.fetch_add(1, Relaxed);
            return;
        }
        let first = lines.bytes.is_empty();
        let _ = write(&mut lines.bytes);
        drop(lines);
        if first {
            self.0.filled.notify_one();
        }
    }
}

impl Shared {
    /// Until the log is closed; lines that come while a batch is written are the next one.
    fn write(&self) {
        let mut batch = Vec::new();
        loop {
            let mut lines = self.lines.lock();
            while lines.bytes.is_empty() && !lines.closed {
                self.filled.wait(&mut lines);
            }
            if !lines.closed {
                drop(lines);
                thread::sleep(GATHER);
                lines = self.lines.lock();
            }
            std::mem::swap(&mut lines.bytes, &mut batch);
            let closed = lines.closed;
            drop(lines);
            let _ =
                io::stdout().lock().write_all(&batch).and_then(|()| io::stdout().lock().flush());
            if closed {
                return;
            }
            batch.clear();
            batch.shrink_to(64 << 10);
        }
    }
}

/// Microseconds, as the lines of `tracing` have them.
const TIME: DateTimePrinter = DateTimePrinter::new().precision(Some(6));

impl Request<'_> {
    /// By hand: this is a third of what a request costs when it is formatted as usual.
    fn json(&self, line: &mut Vec<u8>) -> io::Result<()> {
        let mut number = itoa::Buffer::new();
        line.extend_from_slice(br#"{"timestamp":""#);
        TIME.print_timestamp(&Timestamp::now(), &mut *line).map_err(io::Error::other)?;
        line.extend_from_slice(br#"","level":"INFO","message":"request","method":""#);
        line.extend_from_slice(self.method.as_bytes());
        line.extend_from_slice(br#"","path":"#);
        serde_json::to_writer(&mut *line, self.path)?;
        line.extend_from_slice(br#","route":""#);
        line.extend_from_slice(self.route.as_bytes());
        line.extend_from_slice(br#"","status":"#);
        line.extend_from_slice(number.format(self.status).as_bytes());
        line.extend_from_slice(br#","duration_us":"#);
        line.extend_from_slice(number.format(self.took.as_micros()).as_bytes());
        line.extend_from_slice(br#","request_id":""#);
        line.extend_from_slice(self.request_id.as_bytes());
        line.extend_from_slice(br#"","trace_id":""#);
        line.extend_from_slice(&hex::<32>(self.ids.trace));
        writeln!(line, r#"","client":"{}"}}"#, self.client)
    }

    fn pretty(&self, line: &mut Vec<u8>) -> io::Result<()> {
        let Self { method, path, status, took, request_id, .. } = self;
        let path = path.escape_debug();
        writeln!(
            line,
            "{:.3}  {status}  {method:<6} {path}  {took:.1?}  {request_id}",
            Timestamp::now()
        )
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

/// An event of `tracing` comes in one piece.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.append(|lines| {
            lines.extend_from_slice(line);
            Ok(())
        });
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_whatever_the_path() {
        let request = Request {
            method: "GET",
            path: "/a\"b\\c\u{1}%00",
            route: "(none)",
            status: 404,
            took: Duration::from_micros(35),
            request_id: "abc",
            ids: Ids { trace: 0xff, span: 1, flags: 1 },
            client: IpAddr::from([10, 0, 0, 1]),
        };
        let mut line = Vec::new();
        request.json(&mut line).unwrap();
        let line: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(line["path"], "/a\"b\\c\u{1}%00");
        assert_eq!((&line["status"], &line["duration_us"]), (&404.into(), &35.into()));
        assert_eq!(line["trace_id"], "000000000000000000000000000000ff");
        assert_eq!(line["client"], "10.0.0.1");
    }
}
