//! What can be wrong with a request that is framed well: for whom it is, and what it expects. Who sends such a thing is told in
//! words, and the connection is closed.

use axum::http::header::{EXPECT, HOST};
use axum::http::{Method, Request, Uri, Version};

use crate::reading::words::pick;
use crate::server::caller::Caller;
use crate::server::problem::{Kind, Problem};

/// Why a request is refused whatever it asks.
pub(in crate::server) fn fault<B>(request: &Request<B>) -> Option<Problem> {
    let (member, expected, vietnamese, english) = first(request)?;
    let language = Caller::of(request.uri(), request.headers()).language;
    let kind = if member == "expect" { Kind::Unexpected } else { Kind::BadRequest };
    Some(Problem::new(kind, language, pick(language, vietnamese, english)).at(member).expecting(expected))
}

type Fault = (&'static str, &'static str, &'static str, &'static str);

const ONE_HOST: Fault =
    ("host", "host[:port]", "yêu cầu phải nêu đúng một `Host`", "a request says one `Host`, and no more");
const BAD_HOST: Fault = ("host", "host[:port]", "`Host` không phải tên máy", "`Host` is no name of a host");
const OTHER_HOST: Fault =
    ("host", "host[:port]", "`Host` khác với máy nêu trong địa chỉ", "`Host` is not the host in the address");
const BAD_TARGET: Fault =
    ("target", "/…, http://…, https://…", "không nhận địa chỉ dạng này", "an address of this form is not taken");
const EXPECTS: Fault =
    ("expect", "100-continue", "không đáp ứng được điều `Expect` nêu", "what `Expect` says cannot be met");

fn first<B>(request: &Request<B>) -> Option<Fault> {
    let headers = request.headers();
    let mut expected = headers.get_all(EXPECT).iter();
    if expected.any(|value| !value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
        return Some(EXPECTS);
    }
    let uri = request.uri();
    if request.method() == Method::CONNECT || !is_taken(uri) {
        return Some(BAD_TARGET);
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes(),
        // Before HTTP/1.1 nobody had to.
        (None, None) if request.version() == Version::HTTP_10 => return None,
        (None, None) | (_, Some(_)) => return Some(ONE_HOST),
    };
    if !is_host(host) {
        return Some(BAD_HOST);
    }
    let other = uri.authority().is_some_and(|authority| !authority.as_str().as_bytes().eq_ignore_ascii_case(host));
    other.then_some(OTHER_HOST)
}

/// A path, or a whole address of the web.
fn is_taken(uri: &Uri) -> bool {
    match uri.scheme_str() {
        None => uri.authority().is_none(),
        Some(scheme) => {
            matches!(scheme, "http" | "https") && uri.authority().is_some_and(|host| !host.as_str().contains('@'))
        }
    }
}

/// A name or an address, perhaps with a port.
fn is_host(host: &[u8]) -> bool {
    let (name, port) = match host.iter().rposition(|byte| *byte == b':') {
        // The colons of an address stand in brackets.
        Some(at) if host.last() != Some(&b']') => (host.get(..at), host.get(at + 1..)),
        Some(_) | None => (Some(host), None),
    };
    let is_name = |name: &[u8]| match name.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")) {
        Some(address) => std::str::from_utf8(address).is_ok_and(|text| text.parse::<std::net::Ipv6Addr>().is_ok()),
        None => !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(byte)),
    };
    name.is_some_and(is_name) && port.is_none_or(|port| port.len() <= 5 && port.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn hosts_are_names_or_addresses() {
        for host in ["a", "a.b:80", "127.0.0.1:8080", "[::1]", "[::1]:8080", "xn--t-hka.vn", "a:"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in ["", ":80", "a b", "a,b", "a/b", "a@b", "::1", "[::1", "[x]", "a:b", "a:123456", "a:80:80", "á"] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
