//! Whether a certificate is to be believed, by nothing but itself and the root of a store. Knows no files and no rules: a ruling
//! is worked out anew elsewhere.

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::flaw::Flaw;
use super::{Certificate, Cited, RULING};
use crate::digest::Digest;
use crate::store::envelope::{Envelope, Unsound};
use crate::store::statement::{
    ENTRY, Entry, FORMAT, FRESHNESS, Freshness, Listed, PROPOSAL, Policy, Proposal, Publication, Says,
};
use crate::store::written;
use crate::text::normalize;

/// A certificate, after all that can be checked without the store was found right.
#[derive(Debug, Clone)]
pub struct Checked {
    pub certificate: Certificate,
    /// Who certified, by the names that the policy has for them.
    pub by: Vec<String>,
    pub(super) trust: Trust,
}

/// What the proof in a certificate comes to.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    /// The hash of each entry with a policy.
    pub(super) policies: Vec<Digest>,
    /// The policy in force when it was certified.
    pub(super) policy: Policy,
    pub(super) published: Entry,
    pub(super) publication: Publication,
    pub(super) fresh: Freshness,
}

/// Checks a certificate of the store with this root.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(bytes: &[u8], root: Digest) -> Result<Checked, Flaw> {
    let envelope = Envelope::read(bytes).map_err(|_| Flaw::Shape)?;
    // Before anything is read of what may be meant otherwise.
    if let Err(Unsound::Kind(kind)) = envelope.opened(RULING, &[]) {
        return Err(Flaw::Kind(kind));
    }
    let certificate = certificate(&envelope.payload().map_err(|_| Flaw::Shape)?)?;
    let trust = trusted(&certificate, root)?;
    let by = certified_by(&envelope, &trust)?;
    let Trust { publication, published, fresh, .. } = &trust;
    if !(fresh.at..fresh.before).contains(&certificate.at) {
        return Err(Flaw::Time { at: certificate.at, from: fresh.at, before: fresh.before });
    }
    let listed = publication.files.iter().map(|Listed { path, sha256, .. }| (path.as_str(), *sha256));
    let sorted = publication.files.windows(2).all(|pair| match pair {
        [one, other] => one.path < other.path,
        _ => true,
    });
    if Digest::of_rules(listed) != publication.rules || !sorted {
        return Err(Flaw::Files);
    }
    if certificate.version != publication.rules || certificate.entry != published.number {
        return Err(Flaw::Version);
    }
    texts(&certificate, publication)?;
    for ruling in [&certificate.rulings.vi, &certificate.rulings.en] {
        quotes(&certificate, ruling)?;
        answers(&certificate, ruling)?;
    }
    if codes(&certificate.rulings.vi) != codes(&certificate.rulings.en) {
        return Err(Flaw::Languages);
    }
    Ok(Checked { certificate, by, trust })
}

/// There is one way to write a certificate, so that no byte of it can change unseen.
fn certificate(payload: &[u8]) -> Result<Certificate, Flaw> {
    let value: Json = serde_json::from_slice(payload).map_err(|_| Flaw::Shape)?;
    let format = value.get("format").and_then(Json::as_u64).and_then(|format| u8::try_from(format).ok());
    match format {
        Some(FORMAT) => {}
        Some(later) => return Err(Flaw::Later(later)),
        None => return Err(Flaw::Shape),
    }
    let certificate: Certificate = serde_json::from_value(value).map_err(|_| Flaw::Shape)?;
    if written(&certificate) == payload { Ok(certificate) } else { Err(Flaw::Shape) }
}

/// Who certified.
fn certified_by(envelope: &Envelope, trust: &Trust) -> Result<Vec<String>, Flaw> {
    let (_, signers) = envelope.opened(RULING, &trust.policy.certifying()).map_err(|why| match why {
        Unsound::Stranger(key) => Flaw::Certifier(key),
        Unsound::Forged(key) | Unsound::Twice(key) => Flaw::Signature(key),
        Unsound::Kind(kind) => Flaw::Kind(kind),
        Unsound::Malformed => Flaw::Shape,
    })?;
    let certifiers = trust.policy.certifiers.iter();
    let by: Vec<String> =
        certifiers.filter(|holder| signers.contains(&holder.key)).map(|holder| holder.name.clone()).collect();
    if by.is_empty() { Err(Flaw::Certifier(String::new())) } else { Ok(by) }
}

/// An entry with the signatures that it takes.
struct Proved {
    entry: Entry,
    digest: Digest,
    says: Says,
}

impl Proved {
    /// Whether a policy before it lets it be.
    fn of(text: &str, before: Option<&Policy>) -> Option<Self> {
        let envelope = Envelope::read(text.as_bytes()).ok()?;
        let entry: Entry = read(&envelope)?;
        let proposal: Proposal = read(&entry.proposal)?;
        if entry.format != FORMAT || proposal.format != FORMAT || proposal.after != entry.previous {
            return None;
        }
        let own = match &proposal.says {
            Says::Policy(policy) => policy.is_sound().then_some(Some(policy))?,
            Says::Publication(_) => None,
        };
        let policies: Vec<&Policy> = before.into_iter().chain(own).collect();
        let keys: Vec<_> = policies.iter().flat_map(|policy| policy.publishing()).collect();
        let (_, signers) = entry.proposal.opened(PROPOSAL, &keys).ok()?;
        let enough = |policy: &&Policy| {
            policy.publishing().iter().filter(|key| signers.contains(key)).count() >= policy.signatures
        };
        let (_, placed_by) = envelope.opened(ENTRY, &keys).ok()?;
        let is_whole = !policies.is_empty() && policies.iter().all(enough) && !placed_by.is_empty();
        is_whole.then(|| Self { digest: Digest::of(text.as_bytes()), entry, says: proposal.says })
    }

    /// Whether it can stand behind another, perhaps with entries between.
    fn follows(&self, entry: &Entry, digest: Digest) -> bool {
        let next = self.entry.number.checked_sub(1) == Some(entry.number);
        self.entry.number > entry.number
            && self.entry.at >= entry.at
            && self.entry.previous.is_some_and(|previous| !next || previous == digest)
    }
}

fn read<T: DeserializeOwned>(envelope: &Envelope) -> Option<T> {
    serde_json::from_slice(&envelope.payload().ok()?).ok()
}

/// The policies from the root on, the publication under the one of its place, and the confirmation that the last one is.
fn trusted(certificate: &Certificate, root: Digest) -> Result<Trust, Flaw> {
    let evidence = &certificate.evidence;
    let found = evidence.policies.first().map(|text| Digest::of(text.as_bytes())).ok_or(Flaw::Policy)?;
    for found in [found, certificate.root] {
        if found != root {
            return Err(Flaw::Root { found });
        }
    }
    let mut policies: Vec<(Entry, Digest, Policy)> = Vec::new();
    for text in &evidence.policies {
        let before = policies.last();
        let Proved { entry, digest, says } = Proved::of(text, before.map(|(_, _, policy)| policy))
            .filter(|proved| match before {
                Some((entry, digest, _)) => proved.follows(entry, *digest),
                None => proved.entry.number == 1 && proved.entry.previous.is_none(),
            })
            .ok_or(Flaw::Policy)?;
        match says {
            Says::Policy(policy) => policies.push((entry, digest, policy)),
            Says::Publication(_) => return Err(Flaw::Policy),
        }
    }
    let (published, publication, digest) = published(evidence.publication.as_str(), &policies)?;
    let digests = policies.iter().map(|(_, digest, _)| *digest).collect();
    let (last, of_last, policy) = policies.pop().ok_or(Flaw::Policy)?;
    let fresh = Envelope::read(evidence.fresh.as_bytes()).ok().and_then(|envelope| {
        let (_, signers) = envelope.opened(FRESHNESS, &policy.publishing()).ok()?;
        read::<Freshness>(&envelope).filter(|said| said.format == FORMAT && !signers.is_empty())
    });
    let covers = |said: &Freshness, entry: &Entry, digest: Digest| {
        said.at >= entry.at && (said.number > entry.number || (said.number == entry.number && said.head == digest))
    };
    let is_of_it = |said: &Freshness| {
        said.root == root && said.policy == of_last && covers(said, &last, of_last) && covers(said, &published, digest)
    };
    let fresh = fresh.filter(is_of_it).ok_or(Flaw::Fresh)?;
    Ok(Trust { policies: digests, policy, published, publication, fresh })
}

/// A publication under the last policy before it.
fn published(text: &str, policies: &[(Entry, Digest, Policy)]) -> Result<(Entry, Publication, Digest), Flaw> {
    let number = Envelope::read(text.as_bytes()).ok().and_then(|envelope| read::<Entry>(&envelope));
    let number = number.map(|entry| entry.number).ok_or(Flaw::Publication)?;
    let before = policies.iter().rev().find(|(entry, _, _)| entry.number < number).ok_or(Flaw::Publication)?;
    let (entry_before, digest_before, policy) = before;
    let proved = Proved::of(text, Some(policy)).filter(|proved| proved.follows(entry_before, *digest_before));
    let Proved { entry, digest, says } = proved.ok_or(Flaw::Publication)?;
    match says {
        Says::Publication(publication) if policies.iter().all(|(other, _, _)| other.number != number) => {
            Ok((entry, publication, digest))
        }
        Says::Publication(_) | Says::Policy(_) => Err(Flaw::Publication),
    }
}

/// Whether the texts are those of the version.
fn texts(certificate: &Certificate, publication: &Publication) -> Result<(), Flaw> {
    for (path, text) in &certificate.evidence.texts {
        let listed = publication.files.iter().find(|listed| listed.path == *path);
        if listed.is_none_or(|listed| listed.sha256 != Digest::of(text.as_bytes())) {
            return Err(Flaw::Text(path.clone()));
        }
    }
    Ok(())
}

/// Whether each link of the chain is what the texts say.
fn quotes(certificate: &Certificate, ruling: &Json) -> Result<(), Flaw> {
    let chain = ruling.get("chain").and_then(Json::as_array).ok_or(Flaw::Shape)?;
    let cited = &certificate.evidence.cited;
    if chain.len() != cited.len() {
        return Err(Flaw::Quote(format!("{} ≠ {}", chain.len(), cited.len())));
    }
    for (link, Cited { path, line }) in chain.iter().zip(cited) {
        let said = |member: &str| link.get(member).and_then(Json::as_str);
        let (Some(citation), Some(document), Some(_)) = (said("citation"), said("document"), said("address")) else {
            return Err(Flaw::Shape);
        };
        if document.is_empty() {
            return Err(Flaw::Shape);
        }
        let wrong = || Flaw::Quote(citation.to_owned());
        let text = normalize(certificate.evidence.texts.get(path).ok_or_else(wrong)?);
        // Of an amended text the file is that of the amending document.
        let number = said("amended_by").unwrap_or(document);
        let (quote, paraphrase) = quoted(&text, *line).ok_or_else(wrong)?;
        let marked = link.get("paraphrase").and_then(Json::as_bool) == Some(paraphrase);
        if !text.contains(number) || !marked || folded(said("quote").unwrap_or_default()) != folded(&quote) {
            return Err(wrong());
        }
    }
    Ok(())
}

/// What is quoted below the heading in this line, and whether any of it is a paraphrase.
fn quoted(text: &str, line: usize) -> Option<(String, bool)> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip(line.checked_sub(1)?);
    let heading = depth(lines.next()?);
    let below = lines.take_while(|line| line.trim().is_empty() || depth(line) > heading);
    let (mut quote, mut paraphrase) = (String::new(), false);
    for line in below.filter_map(|line| line.trim_start().strip_prefix('>')) {
        let line = line.trim_start_matches('>').trim_start();
        let words = line.strip_prefix('~');
        paraphrase |= words.is_some();
        quote.push_str(words.unwrap_or(line));
        quote.push('\n');
    }
    Some((quote, paraphrase))
}

/// With single blanks and no line breaks.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a ruling is of the version and answers the question.
fn answers(certificate: &Certificate, ruling: &Json) -> Result<(), Flaw> {
    let question = &certificate.question;
    if ruling.get("version").and_then(Json::as_str) != Some(certificate.version.short().as_str()) {
        return Err(Flaw::Version);
    }
    let said = |path: &str| ruling.pointer(path).and_then(Json::as_str);
    let code = |unit: &Json| unit.get("code").cloned().unwrap_or_default();
    let units = |units: &Json| match units {
        Json::Array(units) => Json::Array(units.iter().map(code).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => units.clone(),
    };
    let places = ruling.get("places").and_then(Json::as_object).ok_or(Flaw::Shape)?;
    let places: serde_json::Map<String, Json> = places.iter().map(|(role, of)| (role.clone(), units(of))).collect();
    let same = |member: Option<&Json>, wanted: Result<Json, serde_json::Error>| {
        wanted.is_ok_and(|wanted| member == Some(&wanted))
    };
    let on = question.on.to_string();
    let is_it = said("/task/id") == Some(&question.task)
        && said("/date") == Some(&on)
        && same(Some(&Json::Object(places)), serde_json::to_value(&question.places))
        && same(ruling.get("facts"), serde_json::to_value(&question.facts));
    if !is_it {
        return Err(Flaw::Question);
    }
    // Days are written so that they sort as texts.
    let holds = said("/valid/from").is_none_or(|from| from <= on.as_str())
        && said("/valid/before").is_none_or(|before| on.as_str() < before);
    if holds { Ok(()) } else { Err(Flaw::Valid) }
}

/// The members of a ruling that are worded in the language of the answer.
const WORDED: [&str; 5] = ["label", "name", "citation", "address", "result"];

/// A ruling without its words.
fn codes(ruling: &Json) -> Json {
    match ruling {
        Json::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !WORDED.contains(&name.as_str()));
            Json::Object(kept.map(|(name, value)| (name.clone(), codes(value))).collect())
        }
        Json::Array(all) => Json::Array(all.iter().map(codes).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => ruling.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quote_is_what_stands_below_its_heading() {
        let text = "article 1\n  > one\n  > two\n\n  a is decided by b\n  > ~ three\narticle 2\n  > four\n";
        assert_eq!(quoted(text, 1), Some(("one\ntwo\n three\n".to_owned(), true)));
        assert_eq!(quoted(text, 7), Some(("four\n".to_owned(), false)));
        assert_eq!(quoted(text, 0), None);
        assert_eq!(quoted(text, 99), None);
    }
}
