//! Addresses: relative ones completed from where they stand, and which lie at or below which.

use crate::diagnostic::{Binding, Line};
use crate::rulebook::DocumentId;
use crate::syntax::tree::{Address, AddressRef, CitedAddress, PartKind};

use super::documents::Documents;
use super::problems::Problems;

/// Where a sentence stands, or what an address names: an empty address is the whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) document: DocumentId,
    pub(super) address: Address,
}

impl Spot {
    /// Whether `other` is this address or lies below it.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.document == other.document && covers(&self.address, &other.address)
    }
}

pub(super) fn covers(above: &Address, below: &Address) -> bool {
    below.0.starts_with(&above.0)
}

/// What is not said is taken from `standing`: its parts larger than the first said one.
pub(super) fn complete(said: &Address, standing: &Address) -> Address {
    let Some((first, _)) = said.0.first() else { return standing.clone() };
    let kept = standing.0.iter().take_while(|(kind, _)| kind < first);
    Address(kept.chain(&said.0).cloned().collect())
}

/// What a cited address names, seen from where it stands.
pub(super) fn resolve(
    cited: &AddressRef,
    standing: &Spot,
    documents: &Documents<'_>,
    problems: &mut Problems,
) -> Option<Spot> {
    let document = match &cited.document {
        Some(reference) => Some(documents.find(reference, problems)?),
        None => None,
    };
    let address = match &cited.address {
        CitedAddress::Whole if document.is_none() => {
            let problem = Binding::MissingLine { line: Line::DocumentOfAddress, of: String::new() };
            problems.add(problem, cited.span);
            return None;
        }
        CitedAddress::Whole => Address(Vec::new()),
        // An address in a named document is absolute, even in the document where it stands.
        CitedAddress::Parts(said) if document.is_some() => said.clone(),
        CitedAddress::Parts(said) => complete(said, &standing.address),
        CitedAddress::This(kind) => {
            let Some(at) = standing.address.0.iter().position(|(part, _)| part == kind) else {
                let standing = standing.address.clone();
                problems.add(Binding::NoSuchPart { part: *kind, standing }, cited.span);
                return None;
            };
            Address(standing.address.0.iter().take(at + 1).cloned().collect())
        }
    };
    Some(Spot { document: document.unwrap_or(standing.document), address })
}

/// The address, of these or of what they lie in, that differs from `wrong` in one label by one letter or digit; of
/// several the one with the nearest number.
pub(super) fn nearest<'a>(wrong: &Address, there: impl Iterator<Item = &'a Address>) -> Option<Address> {
    let length = wrong.0.len();
    let far = |other: &[(PartKind, String)]| -> Option<(u32, String)> {
        let mut differing = wrong.0.iter().zip(other).filter(|(one, other)| one != other);
        let ((kind, label), (other_kind, other_label)) = differing.next()?;
        let alike = kind == other_kind && strsim::osa_distance(label, other_label) == 1;
        if !alike || differing.next().is_some() {
            return None;
        }
        let steps = label.parse::<u32>().ok().zip(other_label.parse().ok()).map_or(0, |(a, b)| a.abs_diff(b));
        Some((steps, other_label.clone()))
    };
    let near = there.filter_map(|address| {
        let part = address.0.get(..length)?;
        Some((far(part)?, part))
    });
    near.min_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, part)| Address(part.to_vec()))
}
