//! Runs the user's own git, with a deadline, and keeps secrets out of what it prints.

use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{GitError, Repo, error::io, journal::Lock, redact};

/// When a command must be done.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    end: Instant,
    limit: Duration,
}

impl Deadline {
    /// The deadline `limit` from now.
    #[must_use]
    pub fn after(limit: Duration) -> Self {
        Deadline { end: Instant::now() + limit, limit }
    }

    /// How long is left, or the error that says it has passed.
    pub fn left(&self) -> Result<Duration, GitError> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(GitError::Deadline(self.limit.as_secs())) } else { Ok(left) }
    }
}

/// What a git command finds on its standard input.
#[derive(Clone, Copy)]
pub(super) enum Input<'i> {
    /// Text.
    Bytes(&'i [u8]),
    /// Nothing to read: our lock, which is held until this git has ended, too.
    Lock(&'i Lock),
}

/// What a git command printed, without secrets, and whether it succeeded.
pub(super) struct Said {
    pub(super) success: bool,
    /// Whether a signal ended it, so that it could not clean up.
    pub(super) killed: bool,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Said {
    /// The words, or the error that carries them.
    pub(super) fn ok(self, verb: &str) -> Result<String, GitError> {
        if self.success {
            return Ok(self.stdout);
        }
        Err(GitError::Command { verb: verb.to_owned(), words: self.words() })
    }

    /// Everything that was printed, for people.
    pub(super) fn words(&self) -> String {
        format!("{}{}", self.stderr, self.stdout).trim_end().to_owned()
    }
}

impl Repo {
    /// Runs `git` with `args` on this repository.
    pub(super) fn git(
        &self,
        args: &[&str],
        input: Input<'_>,
        deadline: &Deadline,
    ) -> Result<Said, GitError> {
        let (stdin, bytes) = match input {
            Input::Bytes(bytes) => (Stdio::piped(), bytes),
            Input::Lock(lock) => {
                (lock.share().map_err(io("share", "lock".as_ref()))?.into(), b"".as_slice())
            }
        };
        let mut child = self.spawn(args, stdin)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A child that does not read its input to the end says why in its own words.
            let _ = stdin.write_all(bytes);
        }
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let printed = wait(&stdout, deadline).and_then(|out| Ok((out, wait(&stderr, deadline)?)));
        if printed.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(io("wait for", "git".as_ref()))?;
        let (stdout, stderr) = printed?;
        Ok(Said { success: status.success(), killed: status.code().is_none(), stdout, stderr })
    }

    fn spawn(&self, args: &[&str], stdin: Stdio) -> Result<Child, GitError> {
        Command::new("git")
            .args(["-c", "gc.auto=0", "-c", "maintenance.auto=false"])
            .args(args)
            .current_dir(&self.root)
            .env("GIT_DIR", self.inner.path())
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_OBJECT_DIRECTORY")
            .env_remove("GIT_ALTERNATE_OBJECT_DIRECTORIES")
            .env_remove("GIT_QUARANTINE_PATH")
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(io("run", "git".as_ref()))
    }
}

/// Reads a pipe to its end on a thread of its own, so that no pipe can fill up.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = send.send(redact(&String::from_utf8_lossy(&bytes)));
    });
    receive
}

fn wait(printed: &Receiver<String>, deadline: &Deadline) -> Result<String, GitError> {
    let left = deadline.left()?;
    printed.recv_timeout(left).map_err(|_| GitError::Deadline(deadline.limit.as_secs()))
}
