//! How often one client may do something in a minute.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use moka::sync::Cache;

use crate::problem::Problem;

const MINUTE: Duration = Duration::from_mins(1);
/// Clients that are remembered at once; the least used are forgotten first.
const CLIENTS: u64 = 100_000;

/// Counts per client, in windows of a minute that start with the client's first event.
#[derive(Clone)]
pub(crate) struct PerMinute {
    most: u32,
    refusal: &'static str,
    counts: Cache<IpAddr, Arc<Window>>,
}

struct Window {
    began: Instant,
    count: AtomicU32,
}

impl PerMinute {
    /// `refusal` tells the client what it did too often.
    pub(crate) fn new(most: u32, refusal: &'static str) -> Self {
        Self {
            most,
            refusal,
            counts: Cache::builder().max_capacity(CLIENTS).time_to_live(MINUTE).build(),
        }
    }

    /// Counts one event, unless the client has had all of its minute.
    pub(crate) fn take(&self, client: IpAddr) -> Result<(), Problem> {
        let window = self.window(client);
        if window.count.fetch_add(1, Relaxed) < self.most {
            Ok(())
        } else {
            Err(self.refuse(&window))
        }
    }

    /// Refuses a client that has had all of its minute; counts nothing.
    pub(crate) fn check(&self, client: IpAddr) -> Result<(), Problem> {
        match self.counts.get(&network(client)) {
            Some(window) if window.count.load(Relaxed) >= self.most => Err(self.refuse(&window)),
            _ => Ok(()),
        }
    }

    /// Counts one event.
    pub(crate) fn count(&self, client: IpAddr) {
        self.window(client).count.fetch_add(1, Relaxed);
    }

    fn window(&self, client: IpAddr) -> Arc<Window> {
        let fresh = || Arc::new(Window { began: Instant::now(), count: AtomicU32::new(0) });
        self.counts.get_with(network(client), fresh)
    }

    fn refuse(&self, window: &Window) -> Problem {
        Problem::too_many(MINUTE.saturating_sub(window.began.elapsed()), self.refusal)
    }
}

/// One customer has a whole /64 of IPv6 addresses, and must not count as that many clients.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_own_minute() {
        let limit = PerMinute::new(2, "too often");
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        assert!(limit.take(one).is_ok() && limit.take(one).is_ok());
        assert_eq!(limit.take(one).unwrap_err().code().as_u16(), 429);
        assert!(limit.check(one).is_err());
        assert!(limit.take(other).is_ok() && limit.check(other).is_ok());
    }

    #[test]
    fn counting_alone_fills_the_minute() {
        let limit = PerMinute::new(1, "too often");
        let client = IpAddr::from([10, 0, 0, 1]);
        assert!(limit.check(client).is_ok());
        limit.count(client);
        assert!(limit.check(client).is_err());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let address = |text: &str| network(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_ne!(address("10.0.0.1"), address("10.0.0.2"));
    }
}
