//! What can be wrong with the law at a point, as data. Knows neither how it is found nor how it is worded.

use crate::rulebook::{DocumentId, ProvisionId};

/// What is looked at beside the ruling to find out whether something is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A transfer: whether it is void.
    Transfer(ProvisionId),
    /// Two sentences on passing a task on, of which one admits what the other forbids.
    Canons { admits: ProvisionId, forbids: ProvisionId },
    /// A sentence that claims to prevail, itself or by its document.
    Claim(ProvisionId),
    /// A sentence that its issuer may have had no competence to make.
    Competence(ProvisionId),
    /// A sentence on which no ruling rests: where it applies all the same.
    Idle(ProvisionId),
}

impl Subject {
    /// The sentences that are looked at.
    pub fn provisions(self) -> impl Iterator<Item = ProvisionId> {
        let (one, other) = match self {
            Self::Transfer(one) | Self::Claim(one) | Self::Competence(one) | Self::Idle(one) => (one, None),
            Self::Canons { admits, forbids } => (admits, Some(forbids)),
        };
        std::iter::once(one).chain(other)
    }
}

/// What is wrong with a subject at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The giver of a transfer does not hold the task; its head does, or the body of which it is the head.
    WrongSubject,
    /// The giver of a transfer does not hold the task by the provision that it names, which has ended.
    OutlivesBasis { basis: ProvisionId },
    /// The giver of a transfer does not hold the task (there, then, under the provision that it names).
    NotHeld,
    /// The task's own law or the organisation law forbids the transfer.
    Forbidden { by: ProvisionId },
    /// The organisation law in force when the transfer was issued, this sentence among it, knows no such pair of bodies.
    WrongPair { by: ProvisionId },
    /// Such a pair, and from a lower level to a higher one.
    Upward { by: ProvisionId },
    /// The transfer states no term, which this sentence demands.
    NoTerm { by: ProvisionId },
    /// It passes on what was received, without leave.
    PassedOn,
    /// Nobody is there to receive.
    ReceiverAbsent,
    /// Both sentences stand, and neither is the stronger.
    Undecided,
    /// Both sentences stand; the one prevails by a claim over the rank of the other.
    ByClaim,
    /// No text of sufficient rank stands behind the claim to prevail.
    UnfoundedClaim,
    /// Its kind of document may not say this.
    Incompetent,
    /// Its issuer did not exist when it was issued.
    IssuerAbsent,
    /// It applies by its own terms and is in force.
    Speaks,
    /// It applies by its own terms, and this act ended it.
    Ended { by: ProvisionId },
    /// It applies, but is outside the declared cover.
    OutsideCover,
}

impl Fault {
    /// The sentence that makes it a fault.
    #[must_use]
    pub const fn by(self) -> Option<ProvisionId> {
        match self {
            Self::OutlivesBasis { basis: by }
            | Self::Forbidden { by }
            | Self::WrongPair { by }
            | Self::Upward { by }
            | Self::NoTerm { by }
            | Self::Ended { by } => Some(by),
            Self::WrongSubject
            | Self::NotHeld
            | Self::PassedOn
            | Self::ReceiverAbsent
            | Self::Undecided
            | Self::ByClaim
            | Self::UnfoundedClaim
            | Self::Incompetent
            | Self::IssuerAbsent
            | Self::Speaks
            | Self::OutsideCover => None,
        }
    }
}

/// The document that a document rests on, and that has ended before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Basis {
    pub document: DocumentId,
    pub rests_on: DocumentId,
}
