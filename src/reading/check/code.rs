//! The kinds of findings: each has a code, by which it is denied, allowed and looked up, and a severity.

use super::Matter;
use crate::ruling::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`: as reports have it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $severity:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them, the gravest first.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// `gap`, `conflict` …: what is written on the command line and in reports.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

codes! {
    /// Nobody decides.
    Gap "gap" Error;
    /// Several decide, and nothing says who yields.
    Conflict "conflict" Error;
    /// The holder is gone.
    Orphaned "orphaned" Error;
    /// The giver of a transfer does not hold the task.
    NotHeld "void-not-held" Error;
    /// Nor does the body of one unit stand for its head, or the head for the body.
    WrongSubject "wrong-subject" Error;
    /// The task's own law, or the organisation law, forbids the transfer.
    Forbidden "void-forbidden" Error;
    /// No such pair of bodies in the organisation law of its day.
    WrongPair "void-pair" Error;
    Upward "void-upward" Error;
    NoTerm "void-no-term" Error;
    PassedOn "void-passed-on" Error;
    ReceiverAbsent "void-receiver" Error;
    /// A transfer that outlives the provision under which its giver held.
    OutlivesBasis "outlives-basis" Error;
    /// What its kind of document or its issuer could not say.
    Incompetent "incompetent" Error;
    /// One sentence admits what another forbids.
    CanonsDisagree "canons-disagree" Error;
    /// The same, settled by a claim to prevail over the rank of the other.
    CanonsByClaim "canons-by-claim" Warning;
    /// A claim to prevail without an authorising text.
    UnfoundedClaim "unfounded-claim" Error;
    /// Texts of equal standing are unlike on how a task is handled.
    Unlike "unlike-handling" Error;
    /// Steps that take longer than the task may.
    OverLimit "over-limit" Warning;
    /// Rests on a document that has ended.
    BasisEnded "basis-ended" Warning;
    Dead "dead-provision" Warning;
    Unreachable "unreachable" Warning;
    /// A delegation ends, and nobody goes on.
    DelegationEnds "delegation-ends" Note;
    Duplicate "duplicate" Note;
    /// One of the five clears that no text says.
    Unclear "unclear" Note;
    Unchecked "unchecked" Note;
    TooMany "too-many-regions" Error;
}

impl Code {
    /// The code that is written so.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.id() == id)
    }

    pub(super) const fn of(matter: Matter) -> Self {
        match matter {
            Matter::Gap => Self::Gap,
            Matter::Conflict(_) => Self::Conflict,
            Matter::Orphaned => Self::Orphaned,
            Matter::Duplicate => Self::Duplicate,
            Matter::Dead => Self::Dead,
            Matter::Unlike(_) => Self::Unlike,
            Matter::OverLimit { .. } => Self::OverLimit,
            Matter::Unclear(_) => Self::Unclear,
            Matter::Unreachable => Self::Unreachable,
            Matter::DelegationEnds { .. } => Self::DelegationEnds,
            Matter::Basis(_) => Self::BasisEnded,
            Matter::Unchecked { .. } => Self::Unchecked,
            Matter::TooMany => Self::TooMany,
            Matter::Fault(fault) => match fault {
                Fault::WrongSubject => Self::WrongSubject,
                Fault::OutlivesBasis { .. } => Self::OutlivesBasis,
                Fault::NotHeld => Self::NotHeld,
                Fault::Forbidden { .. } => Self::Forbidden,
                Fault::WrongPair { .. } => Self::WrongPair,
                Fault::Upward { .. } => Self::Upward,
                Fault::NoTerm { .. } => Self::NoTerm,
                Fault::PassedOn => Self::PassedOn,
                Fault::ReceiverAbsent => Self::ReceiverAbsent,
                Fault::Undecided => Self::CanonsDisagree,
                Fault::ByClaim => Self::CanonsByClaim,
                Fault::UnfoundedClaim => Self::UnfoundedClaim,
                Fault::Incompetent | Fault::IssuerAbsent => Self::Incompetent,
                Fault::Speaks | Fault::Ended { .. } | Fault::OutsideCover => Self::Dead,
            },
        }
    }
}
