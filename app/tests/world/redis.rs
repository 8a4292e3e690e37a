//! A real Redis.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Process, Signal, ports, reaper, until};

/// A Redis of its own, with its data on disk.
pub(crate) struct Redis {
    process: Option<Process>,
    port: u16,
    data: PathBuf,
}

impl Redis {
    /// A port and a folder for a server that does not run yet.
    pub(crate) fn absent() -> Self {
        Redis { process: None, port: ports::free(), data: reaper::folder("redis") }
    }

    /// A running, empty server.
    pub(crate) fn start() -> Self {
        let mut redis = Redis::absent();
        redis.restart();
        redis
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it, on the port and the data that it had.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        // Written before the answer, and never held back by a sync that is under way.
        command
            .args(["--appendonly", "yes", "--appendfsync", "no", "--dir"])
            .arg(&self.data)
            .stdout(Stdio::null());
        self.process = Some(Process::start(&mut command));
        until("redis-server to answer", || self.ping());
    }

    /// Stops its clock: connections stay, nothing is answered.
    pub(crate) fn pause(&self) {
        self.process.as_ref().unwrap().signal(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.process.as_ref().unwrap().signal(Signal::SIGCONT);
    }

    /// Ends it without a word.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    fn ping(&self) -> Option<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
        stream.write_all(b"PING\r\n").ok()?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).ok()?;
        (&answer == b"+PONG").then_some(())
    }
}
