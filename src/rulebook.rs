//! What the rules mean once names are ids: the checked rulebook that everything after [`mod@crate::bind`] reads.
//! Knows neither text nor evaluation. After binding nothing in here can dangle: every id is an index into its table.
//!
//! Tables are sorted by what they say, never by the file they came from, so that ids do not depend on the order of files:
//! documents by (number, issued, issuer), texts by (document, address, enacting document), provisions by (text, reading,
//! statement as written).

mod condition;
pub mod counterparts;
mod cover;
mod handling;
pub mod kindred;
mod names;
mod scenario;
mod seat;
mod unverified;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::register::{LevelId, Register, UnitId};
use crate::source::Span;
pub use crate::syntax::tree::{
    ActKind, Address, CasesKind, Comparison, Direction, ExpectedOutcome, Extreme, Language, Modal, PartKind,
    ReceivedBy, RequirementKind, Sharing, TransferForm,
};
pub use condition::{Clause, Condition, Predicate, Test};
pub use cover::Cover;
pub use handling::{Deed, Handling, Paper, Procedure, SealOf, Slot, Stage, Within};
pub use names::Names;
pub use scenario::{Ask, Citation, Expectation, ExpectedHolder, PlaceQuery, Scenario};
pub use seat::{BodyPattern, LevelPattern, Seat, SeatAt, SeatPattern};
pub use unverified::{Issued, Unverified};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $table:ident : $item:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl std::ops::Index<$name> for Rulebook {
            type Output = $item;
            #[expect(clippy::indexing_slicing, reason = "ids are made by bind from these very tables")]
            fn index(&self, id: $name) -> &$item {
                &self.$table[id.0 as usize]
            }
        }
    )*};
}

ids! {
    KindId => kinds: Kind;
    BodyId => bodies: Body;
    RoleId => roles: Role;
    FactId => facts: Fact;
    TaskId => tasks: Task;
    TableId => tables: Table;
    DocumentId => documents: Document;
    TextId => texts: Text;
    ProvisionId => provisions: Provision;
    /// A text with several readings.
    ReadingId => readings: Reading;
}

impl std::ops::Index<LevelId> for Rulebook {
    type Output = Level;
    #[expect(clippy::indexing_slicing, reason = "level ids are made by bind from this very table")]
    fn index(&self, id: LevelId) -> &Level {
        &self.levels[usize::from(id.0)]
    }
}

/// The whole library of rules, bound and checked.
#[derive(Debug, Default, Clone)]
pub struct Rulebook {
    /// Highest first.
    pub levels: Vec<Level>,
    pub kinds: Vec<Kind>,
    pub bodies: Vec<Body>,
    pub roles: Vec<Role>,
    pub facts: Vec<Fact>,
    pub tasks: Vec<Task>,
    pub tables: Vec<Table>,
    pub documents: Vec<Document>,
    pub texts: Vec<Text>,
    pub provisions: Vec<Provision>,
    pub readings: Vec<Reading>,
    pub cover: Vec<Cover>,
    pub register: Register,
    pub scenarios: Vec<Scenario>,
    /// The titles of scenarios that were left out because of an error, sorted.
    pub unchecked: Vec<String>,
}

/// Days from `from` on and before `before`; an end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Days {
    pub from: Option<Date>,
    pub before: Option<Date>,
}

impl Days {
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.before.is_none_or(|before| day < before)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub names: Names,
}

/// A kind of document: its rank (higher prevails) and what documents of it may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub names: Names,
    pub rank: u32,
    /// What it gives to a level is devolved, not merely assigned.
    pub may_devolve: bool,
    pub may_assign: bool,
    pub may_decentralise: bool,
    pub may_entrust: bool,
    pub may_delegate: bool,
}

/// A body, or a class of bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub names: Names,
    pub is_class: bool,
    /// Where it exists by its declaration; empty for a body without a level.
    pub levels: BTreeSet<LevelId>,
    pub heads: Option<BodyId>,
    pub under: Option<BodyId>,
    /// The office for which it may sign.
    pub deputises: Option<BodyId>,
    /// All classes it belongs to, transitively.
    pub classes: BTreeSet<BodyId>,
    pub collective: Option<bool>,
    pub system: Option<String>,
    pub days: Days,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub names: Names,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub names: Names,
    pub domain: Domain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    Boolean,
    /// One of the values; when `ordered`, highest first.
    One {
        values: Vec<Names>,
        ordered: bool,
    },
    /// One or more of the values; when `ordered`, highest first.
    Many {
        values: Vec<Names>,
        ordered: bool,
    },
    /// Exact; `unit` as written in the declaration.
    Number {
        unit: Option<String>,
        integer: bool,
    },
    Date,
    /// One of the rulebook's levels, or none of them.
    LevelOrNone,
}

/// A value of a fact. `One` and `Many` hold indices into the domain's values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Boolean(bool),
    One(u8),
    /// Never empty.
    Many(BTreeSet<u8>),
    Number(Decimal),
    Date(Date),
    Level(Option<LevelId>),
}

/// Limits for each named value of a fact, which texts state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub names: Names,
    /// A fact that is one of named values.
    pub by: FactId,
    pub unit: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub names: Names,
    pub sector: Option<Names>,
    pub procedures: Vec<String>,
    /// Declared order, then those of tasks it follows (`whoever decides U`) that it does not declare itself.
    pub facts: Vec<FactId>,
    /// The first is the one that plain `--in` fills; empty for a task without a place.
    pub roles: Vec<RoleId>,
    /// Those of the roles of which there may be no place: a question says which place, or that there is none.
    pub optional: Vec<RoleId>,
    /// When the rules on this task are complete; empty for as long as [`Rulebook::cover`].
    pub covered: Vec<Days>,
    /// Where and when else they are complete, whatever [`Rulebook::cover`] and the days above say.
    pub covered_in: Vec<Cover>,
    pub impossible: Vec<Condition>,
    pub open: Vec<Condition>,
    /// All provisions about this task, in order of id.
    pub provisions: Vec<ProvisionId>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub number: String,
    pub title: Option<String>,
    pub kind: KindId,
    pub issuer: Issuer,
    /// Where nobody knows the day, the first one in force stands here for it, and `unverified` says so.
    pub issued: Date,
    /// Union of these; never empty.
    pub in_force: Vec<Days>,
    pub rests_on: Vec<DocumentId>,
    /// `prevails over KIND and lower texts, by NUMBER`.
    pub prevails: Option<PrevailsOverRank>,
    pub lapses: Option<LapsesInPart>,
    /// When it was last compared with its source.
    pub checked: Option<Date>,
    pub unverified: Unverified,
    pub confidence: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    pub body: BodyId,
    /// The unit whose organ issued it; `None` for an issuer without one (national).
    pub unit: Option<UnitId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrevailsOverRank {
    pub up_to: u32,
    pub by: DocumentId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LapsesInPart {
    pub from_rank: u32,
    pub issued_from: Date,
}

/// The text at an address. An amendment makes a new text that lives at the old address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The document in which it lives and whose rank it has.
    pub document: DocumentId,
    pub address: Address,
    /// The document that gave it this wording: the amending one, else `document`.
    pub enacted_by: DocumentId,
    /// Where in the amending document, when amended.
    pub enacted_at: Option<Address>,
    pub unverified: bool,
    pub confidence: Option<String>,
    pub quotes: Vec<Quote>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub text: String,
    pub paraphrase: bool,
}

/// A text with several readings; its provisions each belong to one of `options`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub text: TextId,
    pub options: Vec<String>,
    /// From the day that document is in force the reading is this option.
    pub settled: Vec<(DocumentId, u8)>,
}

/// One sentence of law about at most one task. A sentence about several tasks becomes several provisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    pub text: TextId,
    pub statement: Statement,
    /// Any one suffices; empty for everywhere (inside the issuer's territory).
    pub scopes: Vec<Scope>,
    pub condition: Option<Condition>,
    pub cases: Vec<Cases>,
    /// Its own days, from the article's and the sentence's own lines (the document's are not in here).
    pub days: Days,
    /// The reading of its text to which it belongs.
    pub reading: Option<(ReadingId, u8)>,
    /// Displacement by name: it beats these; `by` is the text that authorises it, if named.
    pub prevails: Vec<PrevailsOver>,
    /// It is beaten by these.
    pub yields: Vec<ProvisionId>,
    pub unverified: bool,
    pub confidence: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrevailsOver {
    pub over: Vec<ProvisionId>,
    pub by: Option<DocumentId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// `former U`: the day on which U last was as it is meant; `None` follows the boundary of the day asked.
    pub former: Option<Date>,
    pub unit: Option<UnitId>,
    /// Type word, folded by [`crate::text::name_fold`]: the place lies in a unit of this type.
    pub of_type: Option<String>,
    /// Whose place lies there; `None`: the one at which the sentence is read.
    pub role: Option<RoleId>,
}

/// The cases of other provisions: their own scope, condition and cases, whatever their force.
/// `AllOther` lists the siblings whose complement is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases {
    pub kind: CasesKind,
    pub of: Vec<ProvisionId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    DecidedBy {
        task: TaskId,
        also: bool,
        by: Deciders,
    },
    NotRequired {
        task: TaskId,
    },
    /// Where it applies, sentences on who decides the task of older or lower texts do not speak, unless they are `within` what
    /// governs.
    Governs {
        task: TaskId,
        within: Vec<ProvisionId>,
    },
    Passes {
        task: TaskId,
        from: Vec<Seat>,
        to: Seat,
    },
    Succeeded {
        body: BodyId,
        by: BodyId,
    },
    /// `under`: the provisions under which the giver must hold the task; `None` when the text names none.
    Transfer {
        task: TaskId,
        form: TransferForm,
        giver: Seat,
        to: Seat,
        under: Option<Vec<ProvisionId>>,
        with_consent: bool,
        /// Only of delegations.
        seal: Option<SealOf>,
    },
    /// Task-specific when `task` is said (the canon), else framework. `givers` empty: whoever holds; `receivers` empty: anyone.
    Permission {
        task: Option<TaskId>,
        modal: Modal,
        forms: Vec<TransferForm>,
        givers: Vec<SeatPattern>,
        receivers: Vec<SeatPattern>,
    },
    Onward {
        received: ReceivedBy,
        modal: Modal,
        forms: Vec<TransferForm>,
        with_consent: bool,
    },
    MustStateTerm {
        form: TransferForm,
    },
    /// Where a case spans several units of a holder's level, the same body at the other level decides, unless the sentence by
    /// which it is held speaks of what is spanned.
    Widens {
        level: LevelId,
        to: LevelId,
    },
    HigherRankPrevails,
    LaterTextPrevails,
    StepIn {
        task: TaskId,
        seat: Seat,
    },
    Requires {
        task: TaskId,
        kind: RequirementKind,
        of: Seat,
    },
    Handling {
        task: TaskId,
        says: Handling,
    },
    /// `hits`: every provision that the targets cover, exceptions taken out, only of texts that were there before.
    Act {
        kind: ActKind,
        hits: Vec<ProvisionId>,
        documents: Vec<DocumentId>,
    },
    Extends {
        document: DocumentId,
        before: Date,
    },
    BodyExists {
        exists: bool,
        body: BodyId,
        level: LevelId,
    },
    LevelExists {
        exists: bool,
        level: LevelId,
    },
    Classifies {
        fact: FactId,
        value: Value,
    },
    /// The limits of a table, by the number of the value.
    Tabulates {
        table: TableId,
        rows: BTreeMap<u8, Decimal>,
    },
}

impl Statement {
    /// The task of the sentence, if it speaks of one.
    #[must_use]
    pub const fn task(&self) -> Option<TaskId> {
        match self {
            Self::DecidedBy { task, .. }
            | Self::NotRequired { task }
            | Self::Governs { task, .. }
            | Self::Passes { task, .. }
            | Self::Transfer { task, .. }
            | Self::StepIn { task, .. }
            | Self::Requires { task, .. }
            | Self::Handling { task, .. } => Some(*task),
            Self::Permission { task, .. } => *task,
            Self::Succeeded { .. }
            | Self::Onward { .. }
            | Self::MustStateTerm { .. }
            | Self::Widens { .. }
            | Self::HigherRankPrevails
            | Self::LaterTextPrevails
            | Self::Act { .. }
            | Self::Extends { .. }
            | Self::BodyExists { .. }
            | Self::LevelExists { .. }
            | Self::Classifies { .. }
            | Self::Tabulates { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deciders {
    /// Several seats only with `sharing`, or where each but the first stands in for those before it.
    Seats {
        seats: Vec<Candidate>,
        sharing: Option<Sharing>,
    },
    WhoeverDecides(TaskId),
    /// Whoever decided the task itself on that day, which is before the sentence's first.
    WhoeverDecided(Date),
}

/// A seat that a sentence names for deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub seat: Seat,
    /// It decides only where there is no place of any of these roles.
    pub lacking: Vec<RoleId>,
    /// Where its place spans several units of its level, one of them decides.
    pub one_of: bool,
}

impl Rulebook {
    /// All tasks, in order.
    pub fn task_ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        (0..u32::try_from(self.tasks.len()).unwrap_or(u32::MAX)).map(TaskId)
    }

    /// First day on which the provision can speak: the latest of its own, its document's and its enacting document's first days.
    #[must_use]
    pub fn start(&self, provision: ProvisionId) -> Option<Date> {
        let provision = &self[provision];
        let text = &self[provision.text];
        let first = |document: DocumentId| self[document].in_force.iter().map(|days| days.from).min().flatten();
        // `None` (no first day) is smaller than any date, as `Option` orders.
        provision.days.from.max(first(text.document)).max(first(text.enacted_by))
    }

    /// Every limit that some text states in a table.
    pub fn limits(&self, table: TableId) -> impl Iterator<Item = Decimal> + '_ {
        let rows = self.provisions.iter().filter_map(move |provision| {
            if let Statement::Tabulates { table: of, rows } = &provision.statement { Some((*of, rows)) } else { None }
        });
        let rows = rows.filter(move |(of, _)| *of == table).map(|(_, rows)| rows);
        rows.flat_map(|rows| rows.values().copied())
    }

    /// The day on which the wording was issued, which settles what is later.
    #[must_use]
    pub fn issued(&self, provision: ProvisionId) -> Date {
        self[self[self[provision].text].enacted_by].issued
    }
}
