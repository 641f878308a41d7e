//! The salt of a log of decisions: values are hidden behind a keyed hash, so that nobody without it can try which value fits.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// No salt has fewer bytes: it could be guessed.
pub const SHORTEST: usize = 16;

/// A secret with which values are hidden.
#[derive(Clone)]
pub struct Salt(Hmac<Sha256>);

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(…)")
    }
}

impl Salt {
    /// Of some bytes; `None` where they are too few.
    #[must_use]
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= SHORTEST).then(|| Hmac::new_from_slice(secret).ok().map(Self)).flatten()
    }

    /// A hash of one kind over some texts, none of which can run into the next.
    fn hash(&self, kind: &str, parts: &[&str]) -> [u8; 32] {
        let mut hash = self.0.clone();
        for part in std::iter::once(&kind).chain(parts) {
            hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into_bytes().into()
    }

    /// What stands for a value of a fact: 32 hexadecimal digits, the same for the same value of the same fact.
    #[must_use]
    pub fn fact(&self, id: &str, value: &str) -> String {
        hexadecimal(&self.hash("fact", &[id, value]), 16)
    }

    /// By what the salt is known: 16 digits.
    #[must_use]
    pub fn id(&self) -> String {
        hexadecimal(&self.hash("salt", &[]), 8)
    }

    /// Whether a request, or a line of its batch, is one of those of which one in so many is drawn.
    #[must_use]
    pub fn draws(&self, request: &str, line: Option<usize>, one_in: u64) -> bool {
        let line = line.map_or_else(String::new, |line| line.to_string());
        let [a, b, c, d, e, f, g, h, ..] = self.hash("sample", &[request, &line]);
        u64::from_be_bytes([a, b, c, d, e, f, g, h]).checked_rem(one_in) == Some(0)
    }
}

/// So many first bytes.
fn hexadecimal(bytes: &[u8], first: usize) -> String {
    bytes.iter().take(first).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Salt;

    #[test]
    fn a_hash_is_of_one_salt_one_fact_and_one_value() {
        let one = Salt::new(b"0123456789abcdef").expect("long enough");
        let other = Salt::new(b"0123456789abcdeg").expect("long enough");
        assert!(Salt::new(b"0123456789abcde").is_none());
        assert_eq!(one.fact("area", "0.5"), one.fact("area", "0.5"));
        for unlike in [other.fact("area", "0.5"), one.fact("area", "0.6"), one.fact("are", "a0.5")] {
            assert_ne!(one.fact("area", "0.5"), unlike);
        }
        assert_ne!(one.id(), other.id());
    }

    #[test]
    fn about_one_in_so_many_is_drawn() {
        let salt = Salt::new(b"0123456789abcdef").expect("long enough");
        let drawn = (0..10_000).filter(|id| salt.draws(&format!("r{id}"), None, 10)).count();
        // The same in every run; a hash that favoured anybody would be far from a tenth.
        assert!((900..1_100).contains(&drawn), "{drawn}");
        assert!((0..100).all(|id| salt.draws(&format!("r{id}"), Some(id), 1)));
    }
}
