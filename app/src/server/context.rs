//! What is known of a request before anyone answers it.

use std::net::IpAddr;

use poem::http::{HeaderMap, HeaderValue};

use crate::telemetry::{Ids, hex};

/// Travels with the request; handlers find it in the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The client's own, or one of ours.
    pub(crate) request_id: HeaderValue,
    /// Who asks, behind the proxies that are trusted.
    pub(crate) client: IpAddr,
    pub(crate) ids: Ids,
}

pub(crate) const REQUEST_ID: &str = "x-request-id";
const MOST: usize = 64;

/// The id that the client sent when it is harmless in a log, or the trace's.
pub(crate) fn request_id(headers: &HeaderMap, ids: Ids) -> HeaderValue {
    let safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let given = headers.get(REQUEST_ID).filter(|value| {
        let bytes = value.as_bytes();
        (1..=MOST).contains(&bytes.len()) && bytes.iter().all(safe)
    });
    given.cloned().unwrap_or_else(|| {
        let id = hex::<32>((ids.trace << 64) | u128::from(ids.span));
        HeaderValue::from_bytes(&id).unwrap_or(HeaderValue::from_static("-"))
    })
}

/// The entry of `X-Forwarded-For` that the last of so many trusted proxies wrote; with none, the peer.
pub(crate) fn client(headers: &HeaderMap, peer: IpAddr, proxies: usize) -> IpAddr {
    if proxies == 0 {
        return peer;
    }
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let entries: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    // Fewer entries than proxies: the request came past some of them, the first is as far as it goes.
    let entry = entries.len().saturating_sub(proxies);
    entries.get(entry).and_then(|entry| entry.parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_client_behind_proxies() {
        let peer = IpAddr::from([10, 0, 0, 9]);
        let check = |proxies, values: &[&str], expected: &str| {
            let found = client(&headers("x-forwarded-for", values), peer, proxies);
            assert_eq!(found.to_string(), expected, "{proxies} {values:?}");
        };
        check(0, &["1.1.1.1"], "10.0.0.9");
        check(1, &[], "10.0.0.9");
        check(1, &["6.6.6.6, 1.1.1.1"], "1.1.1.1");
        check(1, &["6.6.6.6", "1.1.1.1"], "1.1.1.1");
        check(2, &["6.6.6.6, 1.1.1.1, 10.0.0.8"], "1.1.1.1");
        check(2, &["1.1.1.1"], "1.1.1.1");
        check(1, &["nonsense"], "10.0.0.9");
    }

    #[test]
    fn ids_of_clients_are_kept_when_they_are_harmless() {
        let ids = Ids { trace: 0xabc, span: 1, flags: 0 };
        let of = |given: &str| request_id(&headers(REQUEST_ID, &[given]), ids);
        assert_eq!(of("deploy-1.2_3"), "deploy-1.2_3");
        let own = "0000000000000abc0000000000000001";
        for wrong in ["", "a b", "a\"b", &"a".repeat(65)] {
            assert_eq!(of(wrong), own, "{wrong}");
        }
    }
}
