//! Runs a program under strace so that it fails at one system call.

use std::fs;
use std::path::Path;

use crate::world::{Checkout, Ran};

/// Kinds of calls that change files. strace counts each on its own, in each process.
pub(crate) const WRITING: [&str; 23] = [
    "write",
    "pwrite64",
    "writev",
    "copy_file_range",
    "sendfile",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "link",
    "linkat",
    "symlink",
    "mkdir",
    "mkdirat",
    "open",
    "openat",
    "ftruncate",
    "fsync",
    "fdatasync",
    "chmod",
    "flock",
];

/// What happens at a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The process is killed before the call.
    Kill,
    /// The call and all later ones fail: no space left on the device.
    NoSpace,
}

/// One call of one kind, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) call: &'static str,
    pub(crate) nth: usize,
    pub(crate) fault: Fault,
}

impl Point {
    /// Options of strace that make it so, and write what happened to `trace`. A kind that this
    /// processor does not know is no error.
    pub(crate) fn options(&self, trace: &Path) -> Vec<String> {
        let Point { call, nth, fault } = self;
        let effect = match fault {
            Fault::Kill => format!("signal=SIGKILL:when={nth}"),
            Fault::NoSpace => format!("error=ENOSPC:when={nth}+"),
        };
        let (trace, inject) = (trace.display(), format!("inject=?{call}:{effect}"));
        format!("-q -o {trace} -e trace=?{call} -e {inject}")
            .split(' ')
            .map(str::to_owned)
            .collect()
    }
}

/// Whether the fault has struck, by what strace wrote.
pub(crate) fn struck(trace: &Path) -> bool {
    let text = fs::read_to_string(trace).unwrap_or_default();
    text.contains("INJECTED") || text.contains("killed by SIGKILL")
}

/// Runs `program` so that it fails at the point.
pub(crate) fn run(repo: &Checkout, point: Point, trace: &Path, program: &[&str]) -> Ran {
    let options = point.options(trace);
    let arguments: Vec<&str> = options.iter().map(String::as_str).chain(program.to_vec()).collect();
    repo.run("strace", &arguments)
}

/// Which of the calls of `openat` that a program makes here create a file.
pub(crate) fn creating_opens(repo: &Checkout, program: &[&str]) -> Vec<usize> {
    let trace = repo.path().with_extension("trace");
    let options = ["-qq", "-o", trace.to_str().unwrap(), "-e", "trace=openat"];
    let all: Vec<&str> = options.into_iter().chain(program.to_vec()).collect();
    repo.run("strace", &all).expect(0);
    let text = fs::read_to_string(trace).unwrap();
    let creating = text.lines().enumerate().filter(|(_, line)| line.contains("O_CREAT"));
    creating.map(|(at, _)| at + 1).collect()
}

/// Whether every point is asked for.
pub(crate) fn all_points() -> bool {
    std::env::var_os("PROMOTER_FAULTS").is_some_and(|value| value == "all")
}

/// A test without strace would prove nothing.
#[track_caller]
pub(crate) fn need_strace() {
    let version = std::process::Command::new("strace").arg("--version").output();
    assert!(version.is_ok(), "strace is missing: install it (`apt-get install strace`)");
}
