//! The syntax tree: what a `.tq` file says, in neither language, every name still as it was spelled.
//! Knows nothing of what the names mean; [`crate::bind`] finds that out.

mod catalogue;
mod handling;
mod holder;
mod scenario;

use jiff::civil::Date;
use rust_decimal::Decimal;

pub use catalogue::{
    BodyItem, CoverItem, CoverLine, Declared, FactItem, FactKind, KindItem, KindMay, LevelItem, PlaceItem,
    RegisterItem, TableItem, TaskItem,
};
pub use handling::{Deed, Handling, Paper, Procedure, SealOf, Stage, Within};
pub use holder::{Further, Holder, SeatAt, Which};
pub use scenario::{Expectation, ExpectationKind, ExpectedOutcome, ScenarioAsk, ScenarioItem};

use crate::source::{SourceId, Span, Spanned};

/// A name as it was spelled (an id, a name in either language, or quoted text), blanks folded to one.
pub type Name = Spanned<String>;

/// The two languages in which rules are written and answers given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    Vietnamese,
    English,
}

/// One `.tq` file. What could not be parsed is missing here and stands in the diagnostics.
#[derive(Debug, Clone)]
pub struct File {
    pub source: SourceId,
    /// The language of most of its keywords: messages about the file are worded in it.
    pub language: Language,
    pub items: Vec<Item>,
    /// Headings that could not be read; one of them may be of a document that is cited elsewhere.
    pub lost_headings: Vec<String>,
}

/// What may stand in column 0. Articles stand inside the document that precedes them.
#[derive(Debug, Clone)]
pub enum Item {
    Level(LevelItem),
    Kind(KindItem),
    /// `body` and `class`.
    Body(BodyItem),
    Place(PlaceItem),
    Fact(FactItem),
    Task(TaskItem),
    Table(TableItem),
    Cover(CoverItem),
    Register(RegisterItem),
    Document(Box<DocumentItem>),
    Scenario(Box<ScenarioItem>),
}

/// `from DATE [before DATE | through DATE]`; `before` is exclusive, so `through D` is stored as the day after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Spanned<Date>>,
    pub before: Option<Spanned<Date>>,
    /// The end was written as the last day.
    pub through: bool,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct DocumentItem {
    pub number: Name,
    /// The number itself is marked `unverified`.
    pub unverified: bool,
    pub issuer: Option<Holder>,
    pub title: Option<Name>,
    pub kind: Option<Name>,
    pub issued: Option<Spanned<Date>>,
    /// The date is marked `unverified`.
    pub issued_unverified: bool,
    /// `in force from …`; several lines are allowed and are united.
    pub in_force: Vec<Period>,
    /// The term is marked `unverified`.
    pub in_force_unverified: bool,
    pub rests_on: Vec<DocumentRef>,
    /// `prevails over KIND and lower texts, by NUMBER`.
    pub prevails: Option<PrevailsOverKinds>,
    /// `lapses in part where …`.
    pub lapses: Option<LapsesInPart>,
    /// `checked DATE`: when it was last compared with its source.
    pub checked: Option<Spanned<Date>>,
    pub confidence: Option<Name>,
    pub articles: Vec<Article>,
    /// A line of its head could not be read, so that much may seem missing that is only broken.
    pub damaged: bool,
    /// The heading of one of its articles could not be read.
    pub lost_article: bool,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct PrevailsOverKinds {
    pub up_to: Name,
    pub by: DocumentRef,
    pub span: Span,
}

/// The document's provisions lapse where an in-force text of rank `from_kind` or higher, issued from `issued_from`,
/// decides the same task.
#[derive(Debug, Clone)]
pub struct LapsesInPart {
    pub from_kind: Name,
    pub issued_from: Spanned<Date>,
    pub span: Span,
}

/// `45/2013/QH13`, with `issued DATE` where several documents bear the number.
#[derive(Debug, Clone)]
pub struct DocumentRef {
    pub number: Name,
    pub issued: Option<Spanned<Date>>,
    pub span: Span,
}

/// Parts of an address, largest first in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    Annex,
    Part,
    Section,
    Subsection,
    Article,
    Clause,
    Point,
    Item,
    Paragraph,
}

/// An address inside a document, its parts largest first whatever the language it was written in.
/// Empty for `article unverified`, which names the document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(pub Vec<(PartKind, String)>);

/// A cited address: absolute in `document`, or relative to where it is written when that is `None`.
#[derive(Debug, Clone)]
pub struct AddressRef {
    pub address: CitedAddress,
    pub document: Option<DocumentRef>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitedAddress {
    /// `clause 1`, `article 59 clause 2 point a`: what is not said is taken from where it stands.
    Parts(Address),
    /// `this point`, `this clause`, `this article`.
    This(PartKind),
    /// The whole document (only with a document).
    Whole,
}

/// A heading `article 59 clause 2 point a` and what stands under it.
#[derive(Debug, Clone)]
pub struct Article {
    pub address: Spanned<Address>,
    pub unverified: bool,
    pub quotes: Vec<Quote>,
    pub period: Option<Period>,
    pub confidence: Option<Name>,
    pub provisions: Vec<Provision>,
    pub readings: Vec<Reading>,
    pub settled: Vec<Settled>,
    /// A sentence below could not be read.
    pub damaged: bool,
}

/// `> text` is the official wording, `> ~ text` a paraphrase. Lines that follow each other are one quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub text: String,
    pub paraphrase: bool,
    pub span: Span,
}

/// `reading "NAME"` with the provisions of that reading, perhaps none.
#[derive(Debug, Clone)]
pub struct Reading {
    pub name: Name,
    pub provisions: Vec<Provision>,
}

/// `settled by NUMBER as "NAME"`: from the day that document is in force the reading is `name`.
#[derive(Debug, Clone)]
pub struct Settled {
    pub by: DocumentRef,
    pub name: Name,
    pub span: Span,
}

/// One sentence of law with its limits.
#[derive(Debug, Clone)]
pub struct Provision {
    pub statement: Statement,
    pub limits: Limits,
    pub span: Span,
}

#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// `in …`: any one of these suffices; empty for everywhere.
    pub scopes: Vec<Scope>,
    pub condition: Option<Condition>,
    pub cases: Vec<Cases>,
    pub period: Option<Period>,
    /// `under ADDRESS of NUMBER` (transfers).
    pub under: Vec<AddressRef>,
    /// `with consent` (transfers).
    pub with_consent: bool,
    /// `seal of the receiver`, `seal of the giver` (delegations).
    pub seal: Option<SealOf>,
    /// `prevails over ADDRESSES[, by NUMBER]`.
    pub prevails: Vec<PrevailsOverAddress>,
    /// `yields to ADDRESSES`.
    pub yields: Vec<AddressRef>,
    pub confidence: Option<Name>,
    pub unverified: bool,
}

#[derive(Debug, Clone)]
pub struct PrevailsOverAddress {
    pub over: Vec<AddressRef>,
    pub by: Option<DocumentRef>,
}

/// `in the cases of`, `except in the cases of`, `in all other cases of`.
#[derive(Debug, Clone)]
pub struct Cases {
    pub kind: CasesKind,
    pub of: Vec<AddressRef>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CasesKind {
    In,
    Except,
    AllOther,
}

/// `when …`: every clause must hold.
#[derive(Debug, Clone)]
pub struct Condition {
    pub clauses: Vec<Clause>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum Clause {
    Test(Test),
    /// `when any of`: one line, whose tests all hold, suffices.
    AnyOf(Vec<Vec<Test>>),
}

#[derive(Debug, Clone)]
pub struct Test {
    pub about: Tested,
    pub span: Span,
}

/// What a test asks.
#[derive(Debug, Clone)]
pub enum Tested {
    Fact {
        fact: Name,
        predicate: Predicate,
    },
    /// `ROLE spans more than one LEVEL`, `ROLE lies in one LEVEL`.
    Spans {
        role: Name,
        level: Name,
        several: bool,
    },
    /// `there is ROLE`, `there is no ROLE`.
    HasPlace {
        role: Name,
        there: bool,
    },
}

impl Test {
    /// The fact that is tested, if it is one.
    #[must_use]
    pub const fn fact(&self) -> Option<&Name> {
        match &self.about {
            Tested::Fact { fact, .. } => Some(fact),
            Tested::Spans { .. } | Tested::HasPlace { .. } => None,
        }
    }
}

#[derive(Debug, Clone)]
pub enum Predicate {
    /// The fact alone (true), or `not` before it (false).
    Holds(bool),
    /// `is A or B` / `is not A or B`. On a fact with several values: one of them is among these.
    Is {
        not: bool,
        values: Vec<Literal>,
    },
    /// `is III or below`, `is II or above`.
    Ranked {
        or: Direction,
        value: Literal,
    },
    /// `highest FACT is …`, `lowest FACT is …` on a fact with several values.
    Extreme {
        which: Extreme,
        is: Box<Predicate>,
    },
    Compare {
        with: Comparison,
        value: Literal,
    },
    /// `<= 50 % of TABLE`.
    CompareShare {
        with: Comparison,
        percent: Decimal,
        table: Name,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Below,
    Above,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    Highest,
    Lowest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

#[derive(Debug, Clone)]
pub enum Literal {
    Name(Name),
    /// A number with its unit of measure; a multiplier (`1,5 tỷ đồng`) is already applied to `value`.
    Number {
        value: Decimal,
        unit: Option<String>,
        span: Span,
    },
    Date(Spanned<Date>),
}

/// Where a rule applies.
#[derive(Debug, Clone)]
pub struct Scope {
    /// `former`: the unit as it last was.
    pub former: bool,
    /// `district "Hải Châu"`, `phường "Thạch Thang"`; `None` for `of type quận` alone.
    pub unit: Option<UnitRef>,
    /// `of type quận`.
    pub of_type: Option<Name>,
    /// `of ROLE`: whose place is meant, when the sentence does not say it otherwise.
    pub role: Option<Name>,
    pub span: Span,
}

/// A unit by level or type and name or code: `district "Hải Châu"`, `phường 20242`, `"Thạch Thang, Hải Châu"`.
#[derive(Debug, Clone)]
pub struct UnitRef {
    pub level_or_type: Option<Name>,
    pub name: Name,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransferForm {
    Decentralise,
    Entrust,
    Delegate,
}

/// How one comes to hold a task, as far as framework sentences tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReceivedBy {
    Devolution,
    Decentralisation,
    Entrustment,
    Delegation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modal {
    May,
    Must,
    MustNot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharing {
    /// `any of them` / `một trong các chủ thể`.
    AnyOf,
    /// `first to accept` / `người thụ lý đầu tiên`.
    FirstToAccept,
    /// `applicant chooses` / `người yêu cầu lựa chọn`.
    ApplicantChooses,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementKind {
    PriorApproval,
    Appraisal,
    Agreement,
    Opinion,
    Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActKind {
    Amends,
    Repeals,
    Replaces,
    Suspends,
    Restores,
    Annuls,
}

impl ActKind {
    /// What it does goes on whatever becomes of the text that says it.
    #[must_use]
    pub const fn lasts(self) -> bool {
        match self {
            Self::Amends | Self::Repeals | Self::Replaces | Self::Annuls => true,
            Self::Suspends | Self::Restores => false,
        }
    }
}

#[expect(clippy::large_enum_variant, reason = "trees live only while a library loads; boxes would buy nothing")]
#[derive(Debug, Clone)]
pub enum Statement {
    DecidedBy {
        tasks: Vec<Name>,
        also: bool,
        by: Deciders,
    },
    NotRequired {
        tasks: Vec<Name>,
    },
    /// `this article governs TASKS`; without a part it is the whole document.
    Governs {
        part: Option<PartKind>,
        tasks: Vec<Name>,
    },
    PassesTo {
        tasks: Vec<Name>,
        from: Vec<Holder>,
        to: Holder,
    },
    SucceededBy {
        body: Name,
        by: Name,
    },
    /// `[giver] delegates TASKS to HOLDER`; without a giver it is the document's issuer.
    Transfer {
        form: TransferForm,
        giver: Option<Holder>,
        tasks: Vec<Name>,
        to: Holder,
    },
    /// `HOLDERS may delegate [TASKS] [to HOLDERS]`, and passive `TASKS must not be delegated` (no givers).
    /// No tasks: a framework sentence for all tasks. No receivers: whoever receives.
    Permission {
        modal: Modal,
        forms: Vec<TransferForm>,
        givers: Vec<Holder>,
        tasks: Vec<Name>,
        receivers: Vec<Holder>,
    },
    /// `a decentralised task must not be decentralised, delegated`, `… may be …, with consent`.
    Onward {
        received: ReceivedBy,
        modal: Modal,
        forms: Vec<TransferForm>,
        with_consent: bool,
    },
    /// `a delegation must state a term`.
    MustStateTerm {
        form: TransferForm,
    },
    /// `a task that spans more than one LEVEL is decided by the same body at LEVEL`.
    Widens {
        level: Name,
        to: Name,
    },
    /// `a text of higher rank prevails` / `of one issuer, the later text prevails`: the articles behind WIN.
    HigherRankPrevails,
    LaterTextPrevails,
    MayStepIn {
        holder: Holder,
        tasks: Vec<Name>,
    },
    Requires {
        tasks: Vec<Name>,
        kind: RequirementKind,
        of: Holder,
    },
    /// How the tasks are handled.
    Handling {
        tasks: Vec<Name>,
        says: Handling,
    },
    /// `repeals ADDRESSES of NUMBER except ADDRESSES [before DATE]`. For `amends`, the new text is in `amended`.
    Act {
        kind: ActKind,
        targets: Vec<AddressRef>,
        except: Vec<AddressRef>,
        amended: Vec<Article>,
    },
    /// `extends NUMBER through DATE`, stored exclusive.
    Extends {
        document: DocumentRef,
        before: Spanned<Date>,
    },
    /// `there is [no] BODY at LEVEL`.
    BodyExists {
        exists: bool,
        body: Name,
        level: Name,
    },
    /// `there is [no] LEVEL`.
    LevelExists {
        exists: bool,
        level: Name,
    },
    /// `table NAME`, with rows `VALUE, VALUE: NUMBER` below.
    Tabulates {
        table: Name,
        rows: Vec<Row>,
    },
    /// `FACT is classified as VALUE`.
    Classifies {
        fact: Name,
        value: Name,
    },
}

/// A row of a table: the limit of these values.
#[derive(Debug, Clone)]
pub struct Row {
    pub values: Vec<Name>,
    pub limit: Decimal,
    pub unit: Option<String>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum Deciders {
    Holders {
        holders: Vec<Holder>,
        sharing: Option<Sharing>,
    },
    /// `whoever decides TASK`.
    WhoeverDecides(Name),
    /// `whoever decided it on DATE`.
    WhoeverDecided(Spanned<Date>),
}
