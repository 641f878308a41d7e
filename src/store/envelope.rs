//! Signed bytes, in the envelope of DSSE 1.0 (Dead Simple Signing Envelope): what is signed says of which kind it is, so that
//! nothing signed for one purpose serves another. Knows nothing of what is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::key::{PublicKey, SecretKey};

/// Bytes of a kind, and who signed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    #[serde(rename = "payloadType")]
    kind: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// Why an envelope is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsound {
    /// It is no envelope, or not written in its only form.
    Malformed,
    /// It holds another kind of thing.
    Kind(String),
    /// A signature by a key that may not sign this.
    Stranger(String),
    /// The signature of this key is not over these bytes.
    Forged(String),
    /// One key signed twice.
    Twice(String),
}

impl Envelope {
    /// Without a signature yet.
    #[must_use]
    pub fn new(kind: &str, payload: &[u8]) -> Self {
        Self { kind: kind.to_owned(), payload: STANDARD.encode(payload), signatures: Vec::new() }
    }

    /// Adds a signature; nothing where the key has signed already.
    pub fn sign(&mut self, key: &SecretKey) -> Result<(), Unsound> {
        let keyid = key.public().id();
        if self.signatures.iter().all(|one| one.keyid != keyid) {
            let sig = STANDARD.encode(key.sign(&encoded(&self.kind, &self.payload()?)));
            self.signatures.push(Signature { keyid, sig });
            self.signatures.sort_by(|a, b| a.keyid.cmp(&b.keyid));
        }
        Ok(())
    }

    /// Of a file. There is one way to write an envelope, so that no byte of a file can change unseen.
    pub fn read(bytes: &[u8]) -> Result<Self, Unsound> {
        let envelope: Self = serde_json::from_slice(bytes).map_err(|_| Unsound::Malformed)?;
        if envelope.bytes() == bytes { Ok(envelope) } else { Err(Unsound::Malformed) }
    }

    /// As a file holds it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // A structure of texts always has a JSON form.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// What is signed, whoever signed it.
    pub fn payload(&self) -> Result<Vec<u8>, Unsound> {
        STANDARD.decode(&self.payload).map_err(|_| Unsound::Malformed)
    }

    /// What is signed, and by which of some keys. Every signature must be of one of them, and right.
    pub fn opened(&self, kind: &str, keys: &[PublicKey]) -> Result<(Vec<u8>, Vec<PublicKey>), Unsound> {
        if self.kind != kind {
            return Err(Unsound::Kind(self.kind.clone()));
        }
        let payload = self.payload()?;
        let message = encoded(&self.kind, &payload);
        let (mut signers, mut before): (Vec<PublicKey>, Option<&String>) = (Vec::new(), None);
        for Signature { keyid, sig } in &self.signatures {
            let key = keys.iter().find(|key| key.id() == *keyid).ok_or_else(|| Unsound::Stranger(keyid.clone()))?;
            if signers.contains(key) {
                return Err(Unsound::Twice(keyid.clone()));
            }
            // In the one order, so that nobody without a key can make another file of the same signatures.
            if before.is_some_and(|before| before > keyid) {
                return Err(Unsound::Malformed);
            }
            before = Some(keyid);
            let bytes: Option<[u8; 64]> = STANDARD.decode(sig).ok().and_then(|bytes| bytes.try_into().ok());
            if !bytes.is_some_and(|bytes| key.verifies(&message, &bytes)) {
                return Err(Unsound::Forged(keyid.clone()));
            }
            signers.push(*key);
        }
        Ok((payload, signers))
    }
}

/// What is signed in truth (DSSE's pre-authentication encoding): kind and content, each behind its length.
fn encoded(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut all = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    all.extend_from_slice(payload);
    all
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Unsound, encoded};
    use crate::store::key::SecretKey;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed([seed; 32])
    }

    #[test]
    fn the_encoding_is_that_of_the_standard() {
        assert_eq!(
            encoded("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn only_whole_envelopes_of_known_keys_open() {
        let mut envelope = Envelope::new("a", b"text");
        envelope.sign(&key(1)).expect("signed");
        envelope.sign(&key(1)).expect("signed");
        envelope.sign(&key(2)).expect("signed");
        let (both, one) = ([key(1).public(), key(2).public()], [key(1).public()]);
        let (payload, signers) = envelope.opened("a", &both).expect("sound");
        assert_eq!((payload.as_slice(), signers.len()), (b"text".as_slice(), 2));
        assert_eq!(envelope.opened("b", &both), Err(Unsound::Kind("a".to_owned())));
        assert_eq!(envelope.opened("a", &one), Err(Unsound::Stranger(key(2).public().id())));
        let mut turned = envelope.clone();
        turned.signatures.reverse();
        assert_eq!(turned.opened("a", &both), Err(Unsound::Malformed));
        let bytes = envelope.bytes();
        assert_eq!(Envelope::read(&bytes), Ok(envelope.clone()));
        let wide = String::from_utf8(bytes).expect("text").replace(": ", ":  ");
        assert_eq!(Envelope::read(wide.as_bytes()), Err(Unsound::Malformed));
        let mut twice = envelope;
        twice.signatures.extend(twice.signatures.first().cloned());
        assert_eq!(twice.opened("a", &both).map(|_| ()), Err(Unsound::Twice(twice.signatures[0].keyid.clone())));
    }
}
