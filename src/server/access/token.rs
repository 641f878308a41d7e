//! Tokens (JWT, RFC 7519) of an issuer that is known, signed by keys that are known. The algorithm is that of the key, never
//! what a token says of itself; issuer, audience, subject, begin and end must be there and right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value as Json};

use super::section::{JwtSection, Written};
use super::{Principal, Roles, Stranger, is_name};
use crate::reading::words::pick;
use crate::server::configuration::{Wrong, text_of};
use crate::syntax::tree::Language;

/// Clocks may differ by so many seconds at most.
const MOST_LEEWAY: u64 = 60;

/// No token is longer, in bytes.
const LONGEST: usize = 8 << 10;

/// RSA keys of fewer bits can be broken, and of more take long to check.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Recognises tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    file: PathBuf,
    issuer: String,
    audience: String,
    leeway: u64,
    role_claim: String,
    roles: BTreeMap<String, Written>,
    keys: ArcSwap<Signers>,
    /// The text that was read last, whether it was taken or not.
    read: Mutex<String>,
}

/// Keys by their ids.
#[derive(Debug)]
struct Signers(BTreeMap<String, (DecodingKey, Algorithm)>);

impl Tokens {
    pub(super) fn new(section: JwtSection, folder: &Path) -> Result<Self, Wrong> {
        let JwtSection { issuer, audience, keys, role_claim, roles, leeway } = section;
        let wrong = |member: &str, vietnamese: &str, english: &str| {
            Wrong::new(format!("access.jwt.{member}"), vietnamese, english)
        };
        for (member, said) in [("issuer", &issuer), ("audience", &audience), ("role-claim", &role_claim)] {
            if said.trim().is_empty() {
                return Err(wrong(member, "không được để trống", "it must say something"));
            }
        }
        if leeway > MOST_LEEWAY {
            return Err(wrong("leeway", "nhiều nhất là 60 giây", "at most 60 seconds"));
        }
        if roles.is_empty() {
            return Err(wrong("roles", "không nêu vai trò nào", "it names no role"));
        }
        let file = folder.join(keys);
        let place = file.display().to_string();
        let text = text_of(&file).map_err(|error| {
            Wrong::new(&*place, format!("không đọc được: {error}"), format!("cannot be read: {error}"))
        })?;
        let signers = Signers::read(&text).map_err(|unfit| unfit.wrong(&place))?;
        let keys = ArcSwap::from_pointee(signers);
        Ok(Self { file, issuer, audience, leeway, role_claim, roles, keys, read: Mutex::new(text) })
    }

    /// Takes the keys of the file, if they are others. A broken file changes nothing, and is told once.
    pub(super) fn look(&self, language: Language) {
        let Ok(text) = text_of(&self.file) else { return };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if *read == text {
            return;
        }
        match Signers::read(&text) {
            Ok(signers) => {
                self.keys.store(Arc::new(signers));
                let words = pick(language, "đã nạp lại khóa của token", "keys of tokens reloaded");
                tracing::info!("{words}: {}", self.file.display());
            }
            Err(unfit) => {
                let words = pick(language, "giữ các khóa cũ", "the old keys stay");
                tracing::error!("{}; {words}", unfit.wrong(&self.file.display().to_string()).words(language));
            }
        }
        *read = text;
    }

    /// Whom a token is of.
    pub(super) fn of(&self, token: &str) -> Result<Principal, Stranger> {
        if token.len() > LONGEST {
            return Err(Stranger::Malformed);
        }
        let header = decode_header(token).map_err(|error| stranger(error.kind()))?;
        // What must be understood and is not understood here.
        if header.crit.is_some() {
            return Err(Stranger::Malformed);
        }
        let signers = self.keys.load();
        let (key, algorithm) = header.kid.and_then(|id| signers.0.get(&id)).ok_or(Stranger::UnknownSigner)?;
        let mut validation = Validation::new(*algorithm);
        validation.leeway = self.leeway;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        let decoded = decode::<Map<String, Json>>(token, key, &validation).map_err(|error| stranger(error.kind()))?;
        let claims = decoded.claims;
        // One issuer, where a list would do for the library.
        if claims.get("iss").and_then(Json::as_str) != Some(&self.issuer) {
            return Err(Stranger::Issuer);
        }
        let name =
            claims.get("sub").and_then(Json::as_str).filter(|name| is_name(name)).ok_or(Stranger::Claim("sub"))?;
        Ok(Principal { name: Arc::from(name), roles: self.roles(&claims) })
    }

    /// The roles that the claim says, as far as they are any here.
    fn roles(&self, claims: &Map<String, Json>) -> Roles {
        let said = claims.get(&self.role_claim);
        let said: Vec<&str> = match said {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => Vec::new(),
        };
        let known = said.into_iter().filter_map(|said| self.roles.get(said));
        known.fold(Roles::default(), |all, role| all.with(role.0))
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library may have more kinds of errors one day: each refuses")]
fn stranger(error: &ErrorKind) -> Stranger {
    match error {
        ErrorKind::InvalidSignature => Stranger::Forged,
        ErrorKind::InvalidAlgorithm => Stranger::UnknownSigner,
        ErrorKind::ExpiredSignature => Stranger::Expired,
        ErrorKind::ImmatureSignature => Stranger::Early,
        ErrorKind::InvalidIssuer => Stranger::Issuer,
        ErrorKind::InvalidAudience => Stranger::Audience,
        ErrorKind::MissingRequiredClaim(claim) => {
            let known = ["exp", "nbf", "iss", "aud", "sub"].into_iter().find(|known| known == claim);
            known.map_or(Stranger::Malformed, Stranger::Claim)
        }
        _ => Stranger::Malformed,
    }
}

/// Why a set of keys is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unfit {
    NotASet,
    Empty,
    /// The key of this number, from 1.
    NoId(usize),
    Twice(String),
    /// It is secret, or would be if both sides had it.
    Secret(usize),
    /// Of another kind than the three.
    Other(usize),
    /// A part of it is missing or of another length.
    Damaged(usize),
}

impl Unfit {
    fn wrong(&self, place: &str) -> Wrong {
        let (vietnamese, english) = match self {
            Self::NotASet => (
                "không phải tập khóa JWK: cần `{\"keys\": […]}`".to_owned(),
                "this is no JWK set: `{\"keys\": […]}` is expected".to_owned(),
            ),
            Self::Empty => ("không có khóa nào".to_owned(), "there is no key in it".to_owned()),
            Self::NoId(number) => (format!("khóa thứ {number} thiếu `kid`"), format!("key {number} has no `kid`")),
            Self::Twice(id) => (format!("`kid` `{id}` có hai lần"), format!("the `kid` `{id}` is there twice")),
            Self::Secret(number) => (
                format!("khóa thứ {number} là khóa bí mật hoặc đối xứng: chỉ nhận khóa công khai"),
                format!("key {number} is secret or symmetric: only public keys are taken"),
            ),
            Self::Other(number) => (
                format!(
                    "khóa thứ {number}: chỉ nhận EdDSA (Ed25519), ES256 (P-256) và RS256 (RSA từ 2048 đến 4096 bit)"
                ),
                format!("key {number}: EdDSA (Ed25519), ES256 (P-256) and RS256 (RSA of 2048 to 4096 bits) are taken"),
            ),
            Self::Damaged(number) => (
                format!("khóa thứ {number} thiếu phần hoặc sai độ dài"),
                format!("key {number} lacks a part of its length"),
            ),
        };
        Wrong::new(place, vietnamese, english)
    }
}

/// Members of a key that only who signs may have.
const SECRETS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

impl Signers {
    fn read(text: &str) -> Result<Self, Unfit> {
        let set: Json = serde_json::from_str(text).map_err(|_| Unfit::NotASet)?;
        let keys = set.get("keys").and_then(Json::as_array).ok_or(Unfit::NotASet)?;
        let mut signers = BTreeMap::new();
        for (key, number) in keys.iter().zip(1..) {
            if SECRETS.iter().any(|member| key.get(member).is_some()) {
                return Err(Unfit::Secret(number));
            }
            let said = |member: &str| key.get(member).and_then(Json::as_str);
            // Issuers keep keys for other purposes in the same set.
            if said("use").is_some_and(|purpose| purpose != "sig") {
                continue;
            }
            let id = said("kid").filter(|id| !id.is_empty()).ok_or(Unfit::NoId(number))?;
            let (signer, algorithm) = signer(&said, number)?;
            if said("alg").is_some_and(|said| said != name(algorithm)) {
                return Err(Unfit::Other(number));
            }
            if signers.insert(id.to_owned(), (signer, algorithm)).is_some() {
                return Err(Unfit::Twice(id.to_owned()));
            }
        }
        if signers.is_empty() { Err(Unfit::Empty) } else { Ok(Self(signers)) }
    }
}

/// A key and the one algorithm that it is for.
fn signer<'a>(said: &impl Fn(&str) -> Option<&'a str>, number: usize) -> Result<(DecodingKey, Algorithm), Unfit> {
    let damaged = || Unfit::Damaged(number);
    let part = |member: &str| {
        let text = said(member).ok_or_else(damaged)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged())?;
        Ok((text, bytes))
    };
    let of_32 = |member: &str| match part(member)? {
        (text, bytes) if bytes.len() == 32 => Ok(text),
        (_, _) => Err(damaged()),
    };
    let key = |made: jsonwebtoken::errors::Result<DecodingKey>| made.map_err(|_| damaged());
    match (said("kty"), said("crv")) {
        (Some("OKP"), Some("Ed25519")) => Ok((key(DecodingKey::from_ed_components(of_32("x")?))?, Algorithm::EdDSA)),
        (Some("EC"), Some("P-256")) => {
            Ok((key(DecodingKey::from_ec_components(of_32("x")?, of_32("y")?))?, Algorithm::ES256))
        }
        (Some("RSA"), None) => {
            let ((n, modulus), (e, _)) = (part("n")?, part("e")?);
            let leading = modulus.iter().take_while(|byte| **byte == 0).count();
            let significant = modulus.get(leading).map_or(8, |byte| byte.leading_zeros());
            let zeros = leading * 8 + usize::try_from(significant).unwrap_or(8);
            let bits = (modulus.len() * 8).saturating_sub(zeros);
            if !RSA_BITS.contains(&bits) {
                return Err(Unfit::Other(number));
            }
            Ok((key(DecodingKey::from_rsa_components(n, e))?, Algorithm::RS256))
        }
        (Some(_) | None, _) => Err(Unfit::Other(number)),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other algorithm is ever given to a key here")]
const fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EdDSA => "EdDSA",
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{Signers, Unfit};

    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn read(keys: &str) -> Result<usize, Unfit> {
        Signers::read(&format!("{{\"keys\":[{keys}]}}")).map(|signers| signers.0.len())
    }

    #[test]
    fn only_public_keys_of_three_kinds_are_taken() {
        assert_eq!(read(ED), Ok(1));
        let with = |member: &str| ED.replace("\"kid\"", &format!("{member},\"kid\""));
        assert_eq!(read(&with("\"alg\":\"EdDSA\"")), Ok(1));
        assert_eq!(read(&with("\"alg\":\"HS256\"")), Err(Unfit::Other(1)));
        assert_eq!(read(&with("\"alg\":\"none\"")), Err(Unfit::Other(1)));
        assert_eq!(read(&with("\"d\":\"AA\"")), Err(Unfit::Secret(1)));
        assert_eq!(read(r#"{"kty":"oct","kid":"a","k":"c2VjcmV0"}"#), Err(Unfit::Secret(1)));
        assert_eq!(read(r#"{"kty":"oct","kid":"a"}"#), Err(Unfit::Other(1)));
        assert_eq!(read(r#"{"kty":"EC","crv":"P-384","kid":"a","x":"AA","y":"AA"}"#), Err(Unfit::Other(1)));
        assert_eq!(read(r#"{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA"}"#), Err(Unfit::Damaged(1)));
        let rsa = |bytes: usize| format!(r#"{{"kty":"RSA","kid":"a","e":"AQAB","n":"{}"}}"#, "_".repeat(bytes * 4 / 3));
        assert_eq!(read(&rsa(255)), Err(Unfit::Other(1)), "2040 bits");
        assert_eq!(read(&rsa(258)), Ok(1), "2064 bits");
        assert_eq!(read(&rsa(516)), Err(Unfit::Other(1)), "4128 bits");
        assert_eq!(read(&format!("{ED},{ED}")), Err(Unfit::Twice("a".to_owned())));
        assert_eq!(read(&ED.replace("\"kid\":\"a\",", "")), Err(Unfit::NoId(1)));
        assert_eq!(read(&with("\"use\":\"enc\"")), Err(Unfit::Empty));
        assert_eq!(read(""), Err(Unfit::Empty));
        assert_eq!(Signers::read("{}").map(|_| ()), Err(Unfit::NotASet));
    }
}
