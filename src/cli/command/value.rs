//! What a value of the command line must be: who mistypes one is told in their own language what was expected.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// A whole number in this range.
pub(super) fn whole<T>(
    language: Language,
    range: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (from, to) = pick(language, ("cần một số nguyên từ", "đến"), ("expected a whole number from", "to"));
            format!("{from} {} {to} {}", range.start(), range.end())
        })
    }
}

/// An address to listen on.
pub(super) fn address(
    language: Language,
) -> impl Fn(&str) -> Result<SocketAddr, String> + Clone + Send + Sync + 'static {
    move |text| {
        text.parse().map_err(|_| {
            let said = pick(
                language,
                "cần một địa chỉ IP và một cổng, ví dụ 127.0.0.1:8080",
                "expected an IP address and a port, such as 127.0.0.1:8080",
            );
            said.to_owned()
        })
    }
}
