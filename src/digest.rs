//! The SHA-256 of some bytes, by which they are known. Knows nothing of what they say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// A SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash by which rules are known: over path and hash of each file, in the order of paths, each part behind its length
    /// in eight bytes.
    #[must_use]
    pub fn of_rules<'a>(files: impl Iterator<Item = (&'a str, Self)>) -> Self {
        let mut hash = Sha256::new();
        for (path, content) in files {
            for part in [path.as_bytes(), &content.0] {
                hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                hash.update(part);
            }
        }
        Self(hash.finalize().into())
    }

    /// As it is compared where the time that it takes must tell nothing.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 digits, as answers name a version.
    #[must_use]
    pub fn short(&self) -> String {
        self.first(16)
    }

    /// So many first digits.
    #[must_use]
    pub fn first(&self, digits: usize) -> String {
        let mut all = self.to_string();
        all.truncate(digits);
        all
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(form, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, form)
    }
}

/// The text is no hash in its only form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoDigest;

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(NoDigest);
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| NoDigest)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NoDigest)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn a_hash_has_one_form() {
        let one = Digest::of(b"abc");
        assert_eq!(one.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(one.to_string().parse(), Ok(one));
        assert!(one.to_string().to_uppercase().parse::<Digest>().is_err());
        assert!(one.short().parse::<Digest>().is_err());
    }
}
