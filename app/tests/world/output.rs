//! What a child prints, kept line by line while it runs.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use serde_json::Value;

/// The lines of one stream so far.
#[derive(Clone, Default)]
pub(crate) struct Output(Arc<Mutex<Vec<String>>>);

impl Output {
    /// Reads the stream to its end in a thread of its own.
    pub(crate) fn of(stream: impl Read + Send + 'static) -> (Self, JoinHandle<()>) {
        let output = Output::default();
        let lines = output.clone();
        let reader = thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                lines.0.lock().unwrap().push(String::from_utf8_lossy(&line).into_owned());
            }
        });
        (output, reader)
    }

    /// All lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// All text so far.
    pub(crate) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines that are JSON objects with this `message`.
    pub(crate) fn events(&self, message: &str) -> Vec<Value> {
        let lines = self.lines();
        let objects = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        objects.filter(|object| object["message"] == message).collect()
    }
}
