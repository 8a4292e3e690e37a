//! A server that answers as Argo CD's API does.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

/// Answers every request with one status and body, as long as the test runs.
pub(crate) struct Server {
    pub(crate) address: String,
    answer: Arc<Mutex<(u16, String)>>,
    repository: Arc<Mutex<PathBuf>>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new((200, String::new())));
        let (repository, asked) = (Arc::<Mutex<PathBuf>>::default(), Arc::<Mutex<_>>::default());
        let server = Server {
            address,
            answer: Arc::clone(&answer),
            repository: Arc::clone(&repository),
            asked: Arc::clone(&asked),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let head: Vec<String> =
                    lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
                asked.lock().unwrap().push(head.join("\n").to_lowercase());
                let (status, mut body) = answer.lock().unwrap().clone();
                if body.contains("$HEAD") {
                    body = body.replace("$HEAD", &checked_out(&repository.lock().unwrap()));
                }
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            }
        });
        server
    }

    pub(crate) fn answers(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }

    /// Has synced, whenever it is asked, what is checked out here: `$HEAD` in its answers.
    pub(crate) fn follows(&self, repository: &Path) {
        repository.clone_into(&mut self.repository.lock().unwrap());
    }
}

fn checked_out(repository: &Path) -> String {
    let mut git = Command::new("git");
    let done = git.arg("-C").arg(repository).args(["rev-parse", "HEAD"]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}
