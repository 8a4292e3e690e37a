//! A git server that lives in this process, so that no fault of a client reaches it.

use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;
use std::thread;

/// Serves the repositories below `folder`; gives the URL of the folder.
pub(crate) fn serve(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("git://{}", listener.local_addr().unwrap());
    let base = format!("--base-path={}", folder.display());
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(&base, stream)));
    url
}

fn answer(base: &str, stream: TcpStream) {
    let input = OwnedFd::from(stream.try_clone().unwrap());
    let mut git = Command::new("git");
    git.args(["daemon", "--inetd", "--export-all", "--enable=receive-pack", base])
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .stdin(input)
        .stdout(OwnedFd::from(stream));
    let mut child = git.spawn().unwrap();
    thread::spawn(move || child.wait());
}
