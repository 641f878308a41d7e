//! What rules must be before they are published: without errors, right in every region, and without a new finding of the
//! gravest kind for which nobody gave a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::statement::{Accepted, Changes, Listed, Publication};
use crate::digest::Digest;
use crate::library::Library;
use crate::partition::Side;
use crate::reading::check::review::found;
use crate::reading::check::{Finding, Severity};
use crate::reading::diff::{self, Diff};
use crate::reading::heritage::Heritage;
use crate::reading::verify::Certificate;
use crate::ruling::TooMany;

/// Rules that may be published, and what they change.
#[derive(Debug)]
pub struct Candidate {
    pub publication: Publication,
    /// From what is published now.
    pub diff: Option<Diff>,
}

/// Why rules are not to be published.
#[derive(Debug)]
pub enum Refusal {
    /// They hold so many errors.
    Errors(usize),
    /// They are what is published.
    Same,
    /// A task is too large to be worked out, on one of the sides.
    TooMany(Side, TooMany),
    /// The region check failed.
    Regions(Certificate),
    /// New findings for which nobody gave a reason, with their fingerprints.
    Findings(Vec<(Finding, String)>),
}

/// Why findings may stand, by their fingerprints.
pub type Reasons = BTreeMap<String, String>;

/// Examines rules that are to follow others.
///
/// # Errors
/// When they are not to be published.
pub fn examine(new: &Library, parent: Option<&Library>, reasons: &Reasons) -> Result<Candidate, Box<Refusal>> {
    if new.errors() > 0 {
        return Err(Box::new(Refusal::Errors(new.errors())));
    }
    if parent.is_some_and(|parent| parent.digest == new.digest) {
        return Err(Box::new(Refusal::Same));
    }
    let heritage = parent.map(|parent| new.inherit(parent)).unwrap_or_default();
    let accepted = accepted(new, parent, &heritage, reasons)?;
    let all = diff::Scope::default();
    let compared = parent.map(|parent| diff::beyond((parent.law(), new.law()), &all, &heritage)).transpose();
    let diff = compared.map_err(|(side, many)| Box::new(Refusal::TooMany(side, many)))?;
    let certificate = new.certificate(parent.map(|parent| (parent, &heritage)));
    if !certificate.is_good(&new.rulebook) {
        return Err(Box::new(Refusal::Regions(certificate.clone())));
    }
    let publication = Publication {
        rules: new.digest,
        parent: parent.map(|parent| parent.digest),
        again: None,
        files: listed(new),
        changes: diff.as_ref().map(changes),
        accepted,
        regions: certificate.digest(&new.rulebook),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Ok(Candidate { publication, diff })
}

/// Rules of an older version that are to follow the newest: what was certified of them holds, what they change is found anew.
///
/// # Errors
/// When they are the newest already, or a task is too large to be compared.
pub fn anew(library: &Library, parent: &Library, older: &Publication) -> Result<Candidate, Box<Refusal>> {
    if parent.digest == library.digest {
        return Err(Box::new(Refusal::Same));
    }
    let diff = diff::diff(parent.law(), library.law());
    let diff = diff.map_err(|(side, many)| Box::new(Refusal::TooMany(side, many)))?;
    let publication = Publication { parent: Some(parent.digest), changes: Some(changes(&diff)), ..older.clone() };
    Ok(Candidate { publication, diff: Some(diff) })
}

/// Why a proposal is not to be signed.
#[derive(Debug)]
pub enum Doubt {
    /// Another version of the program made it, whose examination this one cannot repeat.
    Program(String),
    Refusal(Box<Refusal>),
    /// It is not what an examination finds.
    Other,
}

/// Examines what somebody else proposed: who signs does not take the word of who proposed.
///
/// # Errors
/// When it is not to be signed.
pub fn confirm(said: &Publication, library: &Library, parent: Option<&Library>) -> Result<Candidate, Doubt> {
    // What is published anew was examined by the program of its time.
    if said.again.is_none() && said.program != env!("CARGO_PKG_VERSION") {
        return Err(Doubt::Program(said.program.clone()));
    }
    let reasons: Reasons = said.accepted.iter().map(|one| (one.fingerprint.clone(), one.why.clone())).collect();
    let found = match (said.again, parent) {
        // It was examined when it was published first.
        (Some(_), Some(parent)) => anew(library, parent, said),
        (Some(_) | None, _) => examine(library, parent, &reasons),
    };
    let found = found.map_err(Doubt::Refusal)?;
    if found.publication == *said { Ok(found) } else { Err(Doubt::Other) }
}

fn accepted(
    new: &Library,
    parent: Option<&Library>,
    heritage: &Heritage,
    reasons: &Reasons,
) -> Result<Vec<Accepted>, Box<Refusal>> {
    // What is found of a task that is what it was is found there too.
    let changed = heritage.changed(&new.rulebook);
    let old = parent.map(|parent| {
        let ids: BTreeSet<&str> = changed.iter().map(|task| new.rulebook[*task].names.id.as_str()).collect();
        let tasks = parent.rulebook.task_ids().filter(|task| ids.contains(parent.rulebook[*task].names.id.as_str()));
        found(parent.law(), &tasks.collect::<Vec<_>>())
    });
    let old: BTreeSet<String> = old.into_iter().flatten().map(|(_, fingerprint)| fingerprint).collect();
    let is_grave = |finding: &Finding| finding.code().severity() == Severity::Error;
    let (mut accepted, mut unexplained) = (Vec::new(), Vec::new());
    for (finding, fingerprint) in found(new.law(), &changed) {
        if !is_grave(&finding) || old.contains(&fingerprint) {
            continue;
        }
        match reasons.get(&fingerprint).map(|why| why.trim()).filter(|why| !why.is_empty()) {
            Some(why) => {
                let (code, why) = (finding.code().id().to_owned(), why.to_owned());
                accepted.push(Accepted { code, fingerprint, why });
            }
            None => unexplained.push((finding, fingerprint)),
        }
    }
    if unexplained.is_empty() { Ok(accepted) } else { Err(Box::new(Refusal::Findings(unexplained))) }
}

/// The files of a library as a version lists them.
#[must_use]
pub fn listed(library: &Library) -> Vec<Listed> {
    let one = |file: &crate::library::File| Listed {
        path: file.path.clone(),
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        sha256: Digest::of(&file.bytes),
    };
    library.files.iter().map(one).collect()
}

/// A diff in figures.
#[must_use]
pub fn changes(diff: &Diff) -> Changes {
    let mut regions: BTreeMap<String, usize> = BTreeMap::new();
    for change in &diff.changes {
        *regions.entry(change.class.code().to_owned()).or_default() += 1;
    }
    Changes { compared: diff.compared, regions, units: diff.units.len() }
}
