//! Argo CD by the objects in its cluster, read with the user's own kubectl and kubeconfig.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use super::{Gap, PATIENCE};

/// Where the applications stand.
pub(super) struct Cluster {
    namespace: String,
}

impl Cluster {
    pub(super) fn new(namespace: String) -> Self {
        Cluster { namespace }
    }

    pub(super) fn application(&self, name: &str) -> Result<Vec<u8>, Gap> {
        let timeout = format!("--request-timeout={}s", PATIENCE.as_secs());
        let args = ["get", "applications.argoproj.io", "--output=json", "--ignore-not-found"];
        let mut child = Command::new("kubectl")
            .args(args)
            .args(["--namespace", &self.namespace, &timeout, "--", name])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Gap::Unreachable(format!("kubectl: {error}")))?;
        let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
        // kubectl keeps its own time; this is for one that hangs before it asks.
        let Ok(object) = stdout.recv_timeout(PATIENCE * 2) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Gap::Unreachable("kubectl does not end".into()));
        };
        let status = child.wait().map_err(|error| Gap::Unreachable(error.to_string()))?;
        let words = stderr.recv().unwrap_or_default();
        if !status.success() {
            let words = String::from_utf8_lossy(&words);
            let last = words.lines().last().unwrap_or("kubectl failed");
            return Err(Gap::Unreachable(last.to_owned()));
        }
        if object.is_empty() { Err(Gap::Absent(name.to_owned())) } else { Ok(object) }
    }
}

/// Reads a pipe to its end on a thread of its own, so that no pipe can fill up.
fn collect(pipe: Option<impl std::io::Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.map(|pipe| pipe.take(super::api::MOST).read_to_end(&mut bytes));
        let _ = send.send(bytes);
    });
    receive
}
