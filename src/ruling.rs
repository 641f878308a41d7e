//! The answer to a question, as data: who decides, how held, why, for how long, and what is still missing.
//! Knows neither how it was found nor how it is worded.

mod fault;
mod heap;

use jiff::civil::Date;

pub use fault::{Basis, Fault, Subject};

use crate::register::{LocalityId, RowId};
use crate::rulebook::{Days, FactId, ProvisionId, ReadingId, RequirementKind, RoleId, Seat, Sharing, TaskId, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// One decider.
    Decided,
    /// Several, lawfully.
    Concurrent,
    /// Nobody, where the rules are complete.
    Gap,
    /// Several, and nothing says who yields.
    Conflict,
    /// The holder's body or level does not exist there and then.
    Orphaned,
    /// The procedure is switched off here and then.
    NotRequired,
    /// An intended gap, declared in the catalogue.
    Open,
    /// Outside the declared cover.
    NotCovered,
    /// A fact, a finer place or a reading is missing.
    Undetermined,
}

/// By what the decider holds the task: the last move names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// A text's own sentence.
    Assigned,
    /// That text is a law or resolution of the highest rank that gives the task to a level below the issuer's.
    Devolved,
    /// Moved by *passes to* or by succession.
    Reorganised,
    Decentralised,
    Delegated,
    Entrusted,
}

/// One who decides, in symbols: no date or unit is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    pub seat: Seat,
    pub held: Held,
    pub answerable: Seat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    pub kind: RequirementKind,
    pub of: Seat,
}

/// What makes several holders a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictKind {
    /// Unbeaten sentences name unlike deciders.
    Deciders,
    /// Unbeaten sentences pass the same holder's task to unlike receivers.
    Receivers,
    /// Transfers come back to a holder that already had it.
    Circular,
    /// The question spans several units, which have different deciders, and no rule chose.
    Places,
}

/// The symbolic verdict at one point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    pub outcome: Outcome,
    /// Sorted, without repeats. For a conflict: the contenders. For an orphaned task: the holder that is gone.
    pub holders: Vec<Holder>,
    pub sharing: Option<Sharing>,
    pub conflict: Option<ConflictKind>,
    /// The case spans several units of a holder's level, and each of them may decide it as `sharing` says.
    pub of_several: bool,
    /// Sorted, without repeats; those addressed to the decider itself are dropped.
    pub requirements: Vec<Requirement>,
    /// Who may take the case back.
    pub may_step_in: Vec<Seat>,
}

impl Verdict {
    /// Sorts its lists and takes repeats out.
    pub fn in_order(&mut self) {
        self.holders.sort();
        self.holders.dedup();
        self.requirements.sort();
        self.requirements.dedup();
        self.may_step_in.sort();
        self.may_step_in.dedup();
    }
}

/// What a provision did for the ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Assigns,
    SwitchesOff,
    Passes,
    Succeeds,
    Decentralises,
    Delegates,
    Requires,
    StepsIn,
    /// A body or level is gone by this provision.
    Abolishes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ground {
    pub step: Step,
    pub provision: ProvisionId,
}

/// Why a provision that applies by its own terms does not speak.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// An act hit it: repealed, replaced, amended, suspended or annulled by `by`.
    Ended { by: ProvisionId },
    /// It lapsed in part, as its document says, because `by` decides the same task.
    Lapsed { by: ProvisionId },
    /// Its kind of document may not say this.
    Incompetent,
    /// Its issuer did not exist when it was issued.
    IssuerAbsent,
    /// A text of higher (effective) rank decides.
    LowerRank { than: ProvisionId },
    /// A later text of the same issuer decides.
    Earlier { than: ProvisionId },
    /// Displaced by name.
    Displaced { by: ProvisionId },
    /// A transfer whose giver does not hold the task (there, then, under that provision).
    NotHeld,
    /// A transfer whose giver did not hold the task on the day it was made.
    NotHeldAtBirth,
    /// A transfer forbidden by this provision.
    Forbidden { by: ProvisionId },
    /// The framework in force when it was issued, `by` among it, knows no such pair of bodies.
    WrongPair { by: ProvisionId },
    /// A delegation without a term, which this provision demands.
    NoTerm { by: ProvisionId },
    /// Received by delegation or decentralisation, and passed on without leave.
    PassedOn,
    /// The receiver does not exist there and then.
    ReceiverAbsent,
    /// One of several holders does not exist there and then; the others decide.
    HolderAbsent,
    /// The assignment is later than this passing.
    AssignedLater,
    /// A claim to prevail without an authorising text of that rank in force; the text still competes by its own rank.
    UnfoundedClaim,
    /// The requirement is addressed to the decider itself.
    SelfRequirement,
    /// The text has another reading, taken here.
    OtherReading,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    pub provision: ProvisionId,
    pub why: Why,
}

/// The ruling at one point: verdict, grounds (in the order of the law's steps) and record (sorted).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointRuling {
    pub verdict: Verdict,
    pub grounds: Vec<Ground>,
    pub record: Vec<Loss>,
    /// Transfers or precedence were judged by the default because no framework text is loaded for the day.
    pub framework_unread: bool,
}

/// A question: a day, places and facts, of which some may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub task: TaskId,
    pub on: Date,
    /// For each role of the task in its order: the units asked about (several for a case that spans them), or none said.
    pub places: Vec<Vec<RowId>>,
    /// The roles of which the question says that there is no place. Sorted.
    pub without: Vec<RoleId>,
    pub facts: Vec<(FactId, Value)>,
}

/// A unit-bearing holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub seat: Seat,
    /// `None`: a body without a level, or the place is not known finely enough, or the unit does not exist.
    pub unit: Option<RowId>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decider {
    pub who: Named,
    pub held: Held,
    pub answerable: Named,
}

/// The answer to a question, ready to be worded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub question: Question,
    pub outcome: Outcome,
    pub deciders: Vec<Decider>,
    pub sharing: Option<Sharing>,
    pub conflict: Option<ConflictKind>,
    pub requirements: Vec<(RequirementKind, Named)>,
    pub may_step_in: Vec<Named>,
    pub grounds: Vec<Ground>,
    /// The verdict is the same in all cases that the question leaves open, but not the grounds: they are united.
    pub grounds_vary: bool,
    pub record: Vec<Loss>,
    pub framework_unread: bool,
    /// Days around the question's on which everything above stays the same.
    pub valid: Days,
    /// What is missing, when undetermined.
    pub next: Option<NextQuestion>,
}

/// What to ask next, and what each answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextQuestion {
    pub about: About,
    /// Disjoint, together everything that is possible, in order of their first choice.
    pub branches: Vec<Branch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    Fact(FactId),
    Place(RoleId),
    /// Nobody can answer this one: the law is ambiguous.
    Reading(ReadingId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub choices: Vec<Choice>,
    pub leads_to: LeadsTo,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    pub value: Value,
    pub included: bool,
}

/// One choice, or a set of choices that can be said in one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    Value(Value),
    /// A run of numbers or days, open-ended where `None`.
    Range {
        low: Option<Bound>,
        high: Option<Bound>,
    },
    /// Of a fact with several ordered values: the highest of them is one of these.
    Highest(Vec<u8>),
    /// Likewise the lowest.
    Lowest(Vec<u8>),
    /// Of a fact with several values: all of them are among these.
    All(Vec<u8>),
    /// Likewise, at least one of them is.
    Any(Vec<u8>),
    Reading(u8),
    /// There is no such place.
    NoPlace,
    /// A part of the asked place: localities, and the unit that names them best on the day or, if its parts differ, in former times.
    Place {
        unit: RowId,
        localities: Vec<LocalityId>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadsTo {
    /// What differs between rulings: outcome, holders and what stands beside them; with the grounds.
    Ruling {
        outcome: Outcome,
        deciders: Vec<Decider>,
        sharing: Option<Sharing>,
        conflict: Option<ConflictKind>,
        requirements: Vec<(RequirementKind, Named)>,
        may_step_in: Vec<Named>,
        grounds: Vec<Ground>,
    },
    /// Further questions.
    Further(Box<NextQuestion>),
}

/// Why a question cannot be answered as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadQuestion {
    /// The catalogue declares the given facts impossible together.
    Impossible,
    /// The task does not know the fact.
    FactNotOfTask(FactId),
    /// A given value is not one of the fact's.
    NotAValue(FactId),
    /// A unit given for the role does not exist on the day.
    PlaceNotThen { role: RoleId, unit: RowId },
    /// Of two units given for one role, the first lies in the second.
    PlaceWithin { role: RoleId, unit: RowId, within: RowId },
    /// The task always has a place of the role.
    PlaceAlwaysThere(RoleId),
    /// The task does not depend on that many places.
    TooManyPlaces,
    /// What is left open branches into more cases than are worked through: say more facts or a smaller place.
    TooWide,
    /// The task's rules fall into more regions than are worked through.
    TooManyRules(TooMany),
}

/// A task's rules fall into more regions than are worked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    pub task: TaskId,
    /// Sentences whose conditions multiply, the worst first.
    pub provisions: Vec<ProvisionId>,
}
