//! Which client a request comes from: the one at the other end of the connection, or, where that is a proxy that the
//! configuration names, the one that it says it speaks for. What others say of themselves is never believed.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;

use super::configuration::Wrong;
use super::rate::Key;

/// What a configuration says of the proxy in front.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Proxy {
    addresses: Vec<String>,
    header: Naming,
}

/// Where a proxy says for whom it speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Naming {
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

/// The proxies that are believed; none by default.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    networks: Vec<Network>,
    naming: Naming,
}

/// Addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    first: u128,
    /// Of 128.
    bits: u32,
}

/// An address as 128 bits: IPv4 has its place among them.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl Network {
    /// `10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`.
    fn read(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().ok()?;
        let (before, own) = if address.is_ipv4() { (96, 32) } else { (0, 128) };
        let length: u32 = length.map_or(Some(own), |length| length.parse().ok())?;
        // Whole families of addresses are everybody.
        (1..=own).contains(&length).then(|| Self { first: bits(address), bits: before + length })
    }

    fn has(self, address: IpAddr) -> bool {
        (self.first ^ bits(address)).leading_zeros() >= self.bits
    }
}

impl Proxy {
    pub(super) fn proxies(&self, place: &str) -> Result<Proxies, Wrong> {
        let place = || format!("{place}: [proxy] addresses");
        if self.addresses.is_empty() {
            return Err(Wrong::new(
                place(),
                "thiếu địa chỉ của proxy: ví dụ `addresses = [\"127.0.0.1\"]`",
                "the addresses of the proxy are missing: say for example `addresses = [\"127.0.0.1\"]`",
            ));
        }
        let network = |text: &String| {
            Network::read(text).ok_or_else(|| {
                Wrong::new(
                    place(),
                    format!("`{text}` không phải địa chỉ hay dải địa chỉ: ví dụ `10.0.0.7` hoặc `10.0.0.0/8`"),
                    format!("`{text}` is neither an address nor a network: say for example `10.0.0.7` or `10.0.0.0/8`"),
                )
            })
        };
        Ok(Proxies { networks: self.addresses.iter().map(network).collect::<Result<_, _>>()?, naming: self.header })
    }
}

impl Proxies {
    fn believes(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.has(address))
    }

    /// Whose request it is; nobody's where programs on this machine ask for themselves, which are not counted.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Key> {
        let forwarded = if self.believes(peer) { self.forwarded(headers) } else { None };
        let is_own =
            || peer.to_canonical().is_loopback() && !(self.believes(peer) && headers.contains_key(self.name()));
        match forwarded {
            Some(client) => Some(client.into()),
            // What a proxy of ours says and nobody can read is charged to the proxy.
            None if is_own() => None,
            None => Some(peer.into()),
        }
    }

    /// The last one named that is no proxy of ours: whatever stands before was said by itself.
    fn forwarded(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let said: Vec<&[u8]> = headers.get_all(self.name()).iter().map(HeaderValue::as_bytes).collect();
        let mut last = None;
        // A client may put any bytes before what the proxy adds: each part is read alone.
        for part in said.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b',')) {
            let Some(address) = std::str::from_utf8(part).ok().and_then(|part| self.address(part)) else { break };
            last = Some(address);
            if !self.believes(address) {
                break;
            }
        }
        last
    }

    fn name(&self) -> HeaderName {
        match self.naming {
            Naming::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Naming::Forwarded => header::FORWARDED,
        }
    }

    fn address(&self, part: &str) -> Option<IpAddr> {
        let node = match self.naming {
            Naming::XForwardedFor => part.trim(),
            Naming::Forwarded => {
                let pairs = part.split(';').filter_map(|pair| pair.trim().split_once('='));
                let mut named = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("for"));
                named.next()?.1.trim_matches('"')
            }
        };
        let inside = node.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(inside, _)| inside);
        let plain = || node.parse().ok().or_else(|| node.rsplit_once(':')?.0.parse().ok());
        inside.map_or_else(plain, |inside| inside.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::configuration::section;
    use crate::syntax::tree::Language;

    fn proxies(text: &str) -> Result<Proxies, Wrong> {
        section::<Proxy>(text).expect("members that there are").proxies("tq.toml")
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a value"))).collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_proxies_that_are_named_are_believed() {
        let said = headers(&[("x-forwarded-for", "203.0.113.9")]);
        let (nobody, ours) = (Proxies::default(), proxies("addresses = ['10.0.0.0/8', '127.0.0.1']").expect("sane"));
        assert_eq!(nobody.client(ip("10.0.0.7"), &said), Some(ip("10.0.0.7").into()));
        assert_eq!(ours.client(ip("10.0.0.7"), &said), Some(ip("203.0.113.9").into()));
        assert_eq!(ours.client(ip("127.0.0.1"), &said), Some(ip("203.0.113.9").into()));
        assert_eq!(ours.client(ip("11.0.0.7"), &said), Some(ip("11.0.0.7").into()));
        assert_eq!(nobody.client(ip("127.0.0.1"), &said), None, "programs on this machine");
        assert_eq!(ours.client(ip("::ffff:10.0.0.7"), &said), Some(ip("203.0.113.9").into()));
    }

    #[test]
    fn what_a_client_says_of_itself_is_not_believed() {
        let ours = proxies("addresses = ['10.0.0.0/8']").expect("sane");
        let client = |lines: &[_]| ours.client(ip("10.0.0.7"), &headers(lines));
        let real = Some(ip("203.0.113.9").into());
        assert_eq!(client(&[("x-forwarded-for", "1.2.3.4, 203.0.113.9")]), real);
        assert_eq!(client(&[("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "203.0.113.9, 10.1.1.1")]), real);
        assert_eq!(client(&[("x-forwarded-for", "203.0.113.9:4711")]), real);
        assert_eq!(client(&[("x-forwarded-for", "1.2.3.4, nonsense")]), Some(ip("10.0.0.7").into()));
        // Bytes that are no text stand before what the proxy adds, or are all that it says.
        let bytes = |text: &[u8]| HeaderValue::from_bytes(text).expect("a value");
        let strange = |text: &[u8]| HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), bytes(text))]);
        assert_eq!(ours.client(ip("10.0.0.7"), &strange(b"\xe9, 203.0.113.9")), real);
        let local = proxies("addresses = ['127.0.0.1']").expect("sane");
        assert_eq!(local.client(ip("127.0.0.1"), &strange(b"\xe9")), Some(ip("127.0.0.1").into()));
        assert_eq!(local.client(ip("127.0.0.1"), &HeaderMap::new()), None, "programs on this machine");
        assert_eq!(
            client(&[("forwarded", "for=1.2.3.4")]),
            Some(ip("10.0.0.7").into()),
            "the other header is anybody's"
        );
    }

    #[test]
    fn the_header_of_the_standard_is_read() {
        let ours = proxies("addresses = ['2001:db8::/32', '10.0.0.7']\nheader = 'forwarded'").expect("sane");
        let client = |line| ours.client(ip("10.0.0.7"), &headers(&[("forwarded", line)]));
        assert_eq!(client("for=192.0.2.60;proto=http;by=203.0.113.43"), Some(ip("192.0.2.60").into()));
        assert_eq!(client("for=9.9.9.9, proto=https; For=\"[2001:db9::1]:4711\""), Some(ip("2001:db9::2").into()));
        assert_eq!(client("for=192.0.2.60, for=\"[2001:db8::1]\""), Some(ip("192.0.2.60").into()));
        assert_eq!(client("for=_hidden"), Some(ip("10.0.0.7").into()));
    }

    #[test]
    fn everybody_is_no_proxy() {
        for addresses in ["[]", "['0.0.0.0/0']", "['::/0']", "['10.0.0.0/33']", "['proxy.example']", "['']"] {
            let wrong = proxies(&format!("addresses = {addresses}")).expect_err("nobody is named");
            assert!(wrong.words(Language::English).starts_with("tq.toml: [proxy] addresses: "));
            assert!(wrong.words(Language::Vietnamese).contains("ví dụ"));
        }
    }
}
