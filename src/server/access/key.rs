//! API keys: random ones alone, kept as hashes, compared in a time that tells nothing.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use super::section::KeySection;
use super::{Principal, Roles, is_name};
use crate::digest::Digest;
use crate::server::configuration::Wrong;

/// How every key begins, so that one that lies about is recognised, by people and by scanners.
const BEGINS: &str = "tq_";

/// Random bytes of a key.
const BYTES: usize = 32;

/// A new key, and the hash by which a configuration knows it.
///
/// # Errors
/// When the system has no randomness.
pub fn made() -> Result<(String, Digest), getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    let key = format!("{BEGINS}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = Digest::of(key.as_bytes());
    Ok((key, hash))
}

/// Whether a credential is written as keys are. Others are never looked up: the hash of a password that somebody thought up
/// recognises nobody.
pub(super) fn is_one(credential: &str) -> bool {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    credential.strip_prefix(BEGINS).and_then(bytes).is_some_and(|bytes| bytes.len() == BYTES)
}

/// All keys that are known.
#[derive(Debug)]
pub(super) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    principal: Principal,
    hash: Digest,
}

impl Keys {
    pub(super) fn new(sections: Vec<KeySection>) -> Result<Self, Wrong> {
        let mut keys: Vec<Key> = Vec::new();
        for (section, number) in sections.into_iter().zip(1..) {
            let KeySection { name, roles, sha256 } = section;
            let wrong =
                |vietnamese: &str, english: &str| Wrong::new(format!("access.key {number}"), vietnamese, english);
            if !is_name(&name) {
                return Err(wrong("`name` cần từ 1 đến 128 ký tự", "`name` takes 1 to 128 plain characters"));
            }
            if roles.is_empty() {
                return Err(wrong("`roles` trống", "`roles` names none"));
            }
            let Ok(hash) = sha256.parse::<Digest>() else {
                return Err(wrong(
                    "`sha256` không đúng: cần 64 chữ số thập lục phân viết thường, như `tq key token` in ra",
                    "`sha256` is no hash: it takes 64 lower-case hexadecimal digits, as `tq key token` prints them",
                ));
            };
            let roles = roles.into_iter().fold(Roles::default(), |all, role| all.with(role.0));
            // The old key of somebody beside the new one, while they change over.
            let mut others = keys.iter().filter(|earlier| *earlier.principal.name == *name);
            if others.any(|earlier| earlier.principal.roles != roles) {
                return Err(wrong(
                    "khóa khác cùng tên này có vai trò khác: một người có cùng vai trò ở mọi khóa",
                    "another key of this name has other roles: one person has the same with every key",
                ));
            }
            if keys.iter().any(|earlier| earlier.hash == hash) {
                return Err(wrong("khóa này đã được nêu", "another entry has this key"));
            }
            keys.push(Key { principal: Principal { name: Arc::from(name), roles }, hash });
        }
        Ok(Self(keys))
    }

    /// Whom a key is of. Every known one is looked at to its last byte, whichever it is.
    pub(super) fn of(&self, credential: &str) -> Option<Principal> {
        let hash = Digest::of(credential.as_bytes());
        let mut found = None;
        for key in &self.0 {
            if bool::from(key.hash.bytes().ct_eq(hash.bytes())) {
                found = Some(&key.principal);
            }
        }
        found.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::{is_one, made};
    use crate::digest::Digest;

    #[test]
    fn only_what_was_made_here_is_a_key() {
        let (one, hash) = made().expect("randomness");
        let (other, _) = made().expect("randomness");
        assert!(is_one(&one) && is_one(&other) && one != other);
        assert_eq!(Digest::of(one.as_bytes()), hash);
        let short = &one[..one.len() - 4];
        for wrong in ["", "tq_", "password", short, &one[3..], &format!("{one}A"), &format!("{one}=")] {
            assert!(!is_one(wrong), "{wrong}");
        }
    }
}
