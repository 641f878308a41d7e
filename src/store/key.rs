//! Keys of Ed25519 (RFC 8032): secret ones as PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes them too; public
//! ones as the base64 of their 32 bytes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::Digest;

/// What signs.
pub struct SecretKey(SigningKey);

impl fmt::Debug for SecretKey {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(form, "SecretKey({})", self.public().id())
    }
}

impl SecretKey {
    /// A new one, from the randomness of the system.
    ///
    /// # Errors
    /// When the system has none.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self::from_seed(seed))
    }

    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Of a PEM text; `None` where it is none of an Ed25519 key.
    #[must_use]
    pub fn from_pem(text: &str) -> Option<Self> {
        SigningKey::from_pkcs8_pem(text).ok().map(Self)
    }

    /// As PEM; `None` never happens with a key of 32 bytes.
    #[must_use]
    pub fn pem(&self) -> Option<String> {
        // Without the public half, which older programs do not read.
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        bytes.to_pkcs8_pem(LineEnding::LF).ok().map(|text| text.as_str().to_owned())
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// What a signature is checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Of its base64. A key under which many signatures would fit is refused.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak()).map(Self)
    }

    #[must_use]
    pub fn text(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// By which signatures name it: the first 16 hexadecimal digits of its SHA-256.
    #[must_use]
    pub fn id(&self) -> String {
        Digest::of(self.0.as_bytes()).short()
    }

    /// Whether the signature is of this key over these bytes; forms of one that others would take too are not taken.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || de::Error::invalid_value(de::Unexpected::Str(&text), &"an Ed25519 public key in base64");
        Self::read(&text).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, SecretKey};

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = SecretKey::from_seed([7; 32]);
        let pem = key.pem().expect("a text");
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        assert_eq!(SecretKey::from_pem(&pem).expect("the key").public(), key.public());
        assert_eq!(PublicKey::read(&key.public().text()), Some(key.public()));
        assert!(SecretKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").is_none());
    }

    /// The neutral point: under it a signature can be made to fit any message.
    #[test]
    fn a_weak_key_is_none() {
        assert!(PublicKey::read("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").is_none());
    }
}
