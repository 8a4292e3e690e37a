//! Ports for servers that must come back on the same one.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// A free port below those that the system gives to outgoing connections.
pub(crate) fn free() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() * 31 % 10_000).unwrap();
    let taken = || start + NEXT.fetch_add(1, Ordering::Relaxed);
    let mut candidates = std::iter::repeat_with(|| 21_000 + taken() % 10_000).take(10_000);
    candidates.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}
