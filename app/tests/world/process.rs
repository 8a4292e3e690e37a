//! A child process that ends with its owner.

use std::fs;
use std::process::{Child, Command, ExitStatus};

use nix::sys::signal::kill;
use nix::unistd::Pid;

pub(crate) use nix::sys::signal::Signal;

use super::{reaper, until};

/// A running child; killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts the command.
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        reaper::watch(child.id());
        Process(child)
    }

    /// The pipes of the child.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Sends a signal to this process alone.
    pub(crate) fn signal(&self, signal: Signal) {
        send(self.0.id(), signal);
    }

    /// Sends a signal to this process, then to its children: so none is forked between.
    pub(crate) fn signal_family(&self, signal: Signal) {
        self.signal(signal);
        for child in children(self.0.id()) {
            send(child, signal);
        }
    }

    /// Waits for the end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.wait_for("a process to end")
    }

    /// Waits for the end, with words for when it does not come.
    pub(crate) fn wait_for(&mut self, what: &str) -> ExitStatus {
        until(what, || self.0.try_wait().unwrap())
    }

    /// Kills it and its children, and waits for its end.
    pub(crate) fn kill(&mut self) {
        if self.0.try_wait().unwrap().is_none() {
            self.signal(Signal::SIGSTOP);
            for child in children(self.0.id()) {
                send(child, Signal::SIGKILL);
            }
            self.0.kill().unwrap();
            self.0.wait().unwrap();
        }
        reaper::forget(self.0.id());
    }

    /// Whether it has not ended yet.
    pub(crate) fn runs(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with(['Z', 'X']))
    }

    /// How many sockets it has.
    pub(crate) fn sockets(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.0.id())).unwrap().flatten();
        let targets = files.filter_map(|file| fs::read_link(file.path()).ok());
        targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
    }

    /// A line of `/proc/PID/status`, such as `VmRSS:`, in KiB.
    pub(crate) fn status_kib(&self, key: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn send(pid: u32, signal: Signal) {
    // It may have ended meanwhile.
    kill(Pid::from_raw(pid.cast_signed()), signal).ok();
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

/// The second field after the name, which stands in parentheses and may hold anything.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}
