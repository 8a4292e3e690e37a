//! A shell that outlives the test process by a moment, kills the servers that it left, and removes
//! its folder.
//!
//! A value's own `Drop` is the usual way; a static or a killed test process has none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

const SCRIPT: &str = r#"cat >/dev/null
for pid in "$1"/pids/*; do kill -9 "${pid##*/}" 2>/dev/null; done
rm -rf "$1""#;

/// The folder of this test process; any user may pass through it.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<(PathBuf, ChildStdin)> = OnceLock::new();
    &ROOT.get_or_init(begin).0
}

/// A new folder below the root.
pub(crate) fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = root().join(format!("{name}-{number}"));
    fs::create_dir(&path).unwrap();
    path
}

/// Remembers a process that has to end with this one.
pub(crate) fn watch(pid: u32) {
    fs::write(root().join("pids").join(pid.to_string()), "").unwrap();
}

/// Forgets a process that has ended.
pub(crate) fn forget(pid: u32) {
    fs::remove_file(root().join("pids").join(pid.to_string())).ok();
}

fn begin() -> (PathBuf, ChildStdin) {
    let root = tempfile::Builder::new().prefix("app-tests-").tempdir().unwrap().keep();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o711)).unwrap();
    fs::create_dir(root.join("pids")).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT, "reaper"]).arg(&root).process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let stdin = shell.spawn().unwrap().stdin.take().unwrap();
    (root, stdin)
}
