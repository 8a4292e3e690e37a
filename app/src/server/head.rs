//! What HTTP/1.1 asks of the head of a request, and hyper leaves to us.

use poem::http::request::Parts;
use poem::http::{Version, header};

use crate::problem::Problem;

/// One `Host` that is a host (RFC 9112, 3.2), and one way to say how long the body is (RFC 9112, 6.1).
pub(crate) fn check(head: &Parts) -> Result<(), Problem> {
    let mut hosts = head.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if is_host(host.as_bytes()) => {}
        (None, None) if head.version < Version::HTTP_11 => {}
        _ => return Err(Problem::invalid("one `Host` header is needed, and it must name a host")),
    }
    let framing = [header::TRANSFER_ENCODING, header::CONTENT_LENGTH];
    if framing.iter().all(|name| head.headers.contains_key(name)) {
        return Err(Problem::invalid(
            "`Transfer-Encoding` and `Content-Length` exclude each other",
        ));
    }
    Ok(())
}

/// The characters of a registered name or an address, and the digits of a port (RFC 3986, 3.2); an
/// empty one is allowed.
fn is_host(host: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(byte);
    let colon = host.iter().rposition(|byte| *byte == b':').filter(|_| !host.ends_with(b"]"));
    let (name, port) = host.split_at(colon.unwrap_or(host.len()));
    let is_port = port.iter().skip(1).all(u8::is_ascii_digit);
    host.len() <= 255 && is_port && name.iter().all(allowed)
}
