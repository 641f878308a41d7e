//! What can be wrong once every line parses: names that nobody declared, addresses where nothing stands, values that
//! do not fit. Found by [`mod@crate::bind`]; knows no words.

use jiff::civil::Date;

use super::Severity;
use crate::register::RegisterProblemKind;
use crate::syntax::tree::{Address, PartKind};

/// An address as a message names it, each language in its own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    pub address: Address,
    pub number: String,
}

/// A declared thing as a message names it, in either language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    pub vietnamese: String,
    pub english: String,
}

/// What sort of thing a name was meant to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noun {
    Level,
    Kind,
    Body,
    Place,
    Fact,
    Value,
    Task,
    Table,
    UnitType,
    Reading,
}

/// What must not lead back to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chain {
    LevelsBelow,
    BodiesUnder,
    BodiesDeputising,
    BodiesHeading,
    BodyClasses,
    TasksFollowing,
    Classifications,
    Cases,
    Displacement,
    Acts,
}

/// A line that an item must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    KindOfDocument,
    Issued,
    Issuer,
    InForce,
    Rank,
    FactDomain,
    FactValues,
    TableKey,
    TableRows,
    Ask,
    Expectation,
    /// `of N` behind an address that stands in no document.
    DocumentOfAddress,
}

/// A limit that has no meaning under the sentence where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    When,
    Cases,
    Under,
    WithConsent,
    Former,
    OfType,
    Place,
    Table,
    OneOfSeveral,
    EachOther,
    SealOf,
}

/// The domain of a fact, as far as messages tell domains apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Boolean,
    One,
    Many,
    Number { unit: Option<String>, integer: bool },
    Date,
    LevelOrNone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// `nearest` is what it may have meant; `keyword` is a (written, meant) pair, when a misspelt keyword was swallowed;
    /// `foreign` is a keyword of the other language that was; `among` are all there are, when these are few.
    UnknownName {
        noun: Noun,
        name: String,
        nearest: Option<String>,
        keyword: Option<Box<(String, String)>>,
        foreign: Option<String>,
        among: Vec<Named>,
    },
    AmbiguousName {
        noun: Noun,
        name: String,
        candidates: Vec<String>,
    },
    DuplicateName {
        noun: Noun,
        name: String,
    },
    Circular {
        chain: Chain,
        members: Vec<String>,
    },
    /// Levels that do not form one chain: two tops, or two directly below one.
    BranchingLevels {
        first: String,
        second: String,
    },
    MissingLine {
        line: Line,
        of: String,
    },
    TooManyValues {
        fact: String,
    },
    NotAClass {
        name: String,
    },
    /// A class, or the head of a class, where one body is needed.
    ClassAsHolder {
        name: String,
    },
    NobodyHeads {
        name: String,
    },
    MissingLevel {
        body: Named,
        levels: Vec<Named>,
    },
    WrongLevel {
        body: Named,
        level: Named,
        levels: Vec<Named>,
    },
    /// A level that is to lie above another.
    NotAbove {
        level: String,
        than: String,
    },
    RelativeSeat {
        written: String,
    },
    TaskWithoutPlace {
        task: String,
    },
    PlaceNotOfTask {
        place: String,
        task: String,
    },
    /// A sentence says what holds where there is no such place, but the task does not say that there may be none.
    PlaceAlwaysThere {
        place: String,
        task: String,
    },
    FollowerLacksPlace {
        task: String,
        followed: String,
        place: String,
    },
    MissingSharing,
    UnknownUnit {
        name: String,
        nearest: Option<String>,
    },
    /// There are units of the name, but none of the type or level that is said before it.
    UnitOfOtherType {
        name: String,
        word: String,
        others: Vec<String>,
    },
    AmbiguousUnit {
        name: String,
        candidates: Vec<String>,
    },
    IssuerWithoutUnit {
        body: String,
    },
    /// The unit is there on other days than the day of issue.
    IssuerNotThen {
        unit: String,
        issued: Date,
        from: Date,
        before: Option<Date>,
    },
    /// `through`: the end was written as the last day, the day before `before`.
    EmptyPeriod {
        from: Date,
        before: Date,
        through: bool,
    },
    /// `whoever decided it on` a day that is not before the sentence's own first.
    DayNotBefore {
        day: Date,
        first: Option<Date>,
    },
    DuplicateDocument {
        number: String,
    },
    UnknownDocument {
        number: String,
        nearest: Option<String>,
    },
    UnknownBasis {
        number: String,
        nearest: Option<String>,
    },
    AmbiguousDocument {
        number: String,
        issued: Vec<Date>,
    },
    /// `this point` in a clause without points.
    NoSuchPart {
        part: PartKind,
        standing: Address,
    },
    /// `there` lists what does stand at the address; `nearest` is the address that may have been meant.
    NothingThere {
        at: Cited,
        task: Option<String>,
        there: Vec<String>,
        nearest: Option<Box<Cited>>,
    },
    NothingHit {
        at: Cited,
        nearest: Option<Box<Cited>>,
    },
    OutsideTarget {
        address: Address,
    },
    FactNotOfTask {
        fact: String,
        task: String,
    },
    WrongTest {
        fact: String,
        shape: Shape,
    },
    NotOrdered {
        fact: String,
    },
    WrongMeasure {
        fact: String,
        declared: Option<String>,
        written: Option<String>,
    },
    /// A share of a table that is in some row no number that the fact can be.
    UnfitShare {
        fact: String,
        table: String,
    },
    /// Values of a table's fact for which no text states a limit.
    MissingRows {
        table: String,
        values: Vec<String>,
    },
    MisplacedLimit {
        limit: Limit,
    },
    MissingUnder,
    /// A task says on no `covered` line from when its rules are complete, and they begin later than the cover.
    SilentBefore {
        task: String,
        covered: Option<Date>,
        first: Date,
    },
    /// A code that no procedure can have.
    OddProcedure {
        code: String,
    },
    WrongExpectation,
    Register(RegisterProblemKind),
}

impl Binding {
    /// The codes of all problems of binding, in the order of the enum, those of the register last.
    pub const CODES: [&'static str; 63] = [
        "unknown-name",
        "ambiguous-name",
        "duplicate-name",
        "circular",
        "branching-levels",
        "missing-line",
        "too-many-values",
        "not-a-class",
        "class-as-holder",
        "nobody-heads",
        "missing-level",
        "wrong-level",
        "not-above",
        "relative-seat",
        "task-without-place",
        "place-not-of-task",
        "place-always-there",
        "follower-lacks-place",
        "missing-sharing",
        "unknown-unit",
        "unit-of-other-type",
        "ambiguous-unit",
        "issuer-without-unit",
        "issuer-not-then",
        "empty-period",
        "day-not-before",
        "duplicate-document",
        "unknown-document",
        "unknown-basis",
        "ambiguous-document",
        "no-such-part",
        "nothing-there",
        "nothing-hit",
        "outside-target",
        "fact-not-of-task",
        "wrong-test",
        "not-ordered",
        "wrong-measure",
        "unfit-share",
        "missing-rows",
        "misplaced-limit",
        "missing-under",
        "silent-before",
        "odd-procedure",
        "wrong-expectation",
        "register-missing-column",
        "register-unreadable",
        "register-cell-count",
        "register-missing-value",
        "register-bad-date",
        "register-unknown-level",
        "register-unknown-portion",
        "register-empty-period",
        "register-overlap",
        "register-unknown-parent",
        "register-parent-not-above",
        "register-parent-not-then",
        "register-old-code-not-then",
        "register-new-code-not-then",
        "register-no-successor",
        "register-left-empty",
        "register-successor-not-lowest",
        "register-too-many-localities",
    ];

    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownName { .. } => "unknown-name",
            Self::AmbiguousName { .. } => "ambiguous-name",
            Self::DuplicateName { .. } => "duplicate-name",
            Self::Circular { .. } => "circular",
            Self::BranchingLevels { .. } => "branching-levels",
            Self::MissingLine { .. } => "missing-line",
            Self::TooManyValues { .. } => "too-many-values",
            Self::NotAClass { .. } => "not-a-class",
            Self::ClassAsHolder { .. } => "class-as-holder",
            Self::NobodyHeads { .. } => "nobody-heads",
            Self::MissingLevel { .. } => "missing-level",
            Self::WrongLevel { .. } => "wrong-level",
            Self::NotAbove { .. } => "not-above",
            Self::RelativeSeat { .. } => "relative-seat",
            Self::TaskWithoutPlace { .. } => "task-without-place",
            Self::PlaceNotOfTask { .. } => "place-not-of-task",
            Self::PlaceAlwaysThere { .. } => "place-always-there",
            Self::FollowerLacksPlace { .. } => "follower-lacks-place",
            Self::MissingSharing => "missing-sharing",
            Self::UnknownUnit { .. } => "unknown-unit",
            Self::UnitOfOtherType { .. } => "unit-of-other-type",
            Self::AmbiguousUnit { .. } => "ambiguous-unit",
            Self::IssuerWithoutUnit { .. } => "issuer-without-unit",
            Self::IssuerNotThen { .. } => "issuer-not-then",
            Self::EmptyPeriod { .. } => "empty-period",
            Self::DayNotBefore { .. } => "day-not-before",
            Self::DuplicateDocument { .. } => "duplicate-document",
            Self::UnknownDocument { .. } => "unknown-document",
            Self::UnknownBasis { .. } => "unknown-basis",
            Self::AmbiguousDocument { .. } => "ambiguous-document",
            Self::NoSuchPart { .. } => "no-such-part",
            Self::NothingThere { .. } => "nothing-there",
            Self::NothingHit { .. } => "nothing-hit",
            Self::OutsideTarget { .. } => "outside-target",
            Self::FactNotOfTask { .. } => "fact-not-of-task",
            Self::WrongTest { .. } => "wrong-test",
            Self::NotOrdered { .. } => "not-ordered",
            Self::WrongMeasure { .. } => "wrong-measure",
            Self::UnfitShare { .. } => "unfit-share",
            Self::MissingRows { .. } => "missing-rows",
            Self::MisplacedLimit { .. } => "misplaced-limit",
            Self::MissingUnder => "missing-under",
            Self::SilentBefore { .. } => "silent-before",
            Self::OddProcedure { .. } => "odd-procedure",
            Self::WrongExpectation => "wrong-expectation",
            Self::Register(kind) => register_code(kind),
        }
    }

    /// Whether every use of a name has it alike: what is unknown, or missing in a declaration.
    #[must_use]
    pub const fn is_of_a_name(&self) -> bool {
        match self {
            // Which fact or article was meant is not in the problem.
            Self::UnknownName { noun, .. } => !matches!(noun, Noun::Value | Noun::Reading),
            Self::UnknownDocument { .. }
            | Self::UnknownBasis { .. }
            | Self::UnknownUnit { .. }
            | Self::UnitOfOtherType { .. }
            | Self::TaskWithoutPlace { .. }
            | Self::PlaceNotOfTask { .. }
            | Self::PlaceAlwaysThere { .. }
            | Self::FactNotOfTask { .. } => true,
            Self::AmbiguousName { .. }
            | Self::DuplicateName { .. }
            | Self::Circular { .. }
            | Self::BranchingLevels { .. }
            | Self::MissingLine { .. }
            | Self::TooManyValues { .. }
            | Self::NotAClass { .. }
            | Self::ClassAsHolder { .. }
            | Self::NobodyHeads { .. }
            | Self::MissingLevel { .. }
            | Self::WrongLevel { .. }
            | Self::NotAbove { .. }
            | Self::RelativeSeat { .. }
            | Self::FollowerLacksPlace { .. }
            | Self::MissingSharing
            | Self::AmbiguousUnit { .. }
            | Self::IssuerWithoutUnit { .. }
            | Self::IssuerNotThen { .. }
            | Self::EmptyPeriod { .. }
            | Self::DayNotBefore { .. }
            | Self::DuplicateDocument { .. }
            | Self::AmbiguousDocument { .. }
            | Self::NoSuchPart { .. }
            | Self::NothingThere { .. }
            | Self::NothingHit { .. }
            | Self::OutsideTarget { .. }
            | Self::WrongTest { .. }
            | Self::NotOrdered { .. }
            | Self::WrongMeasure { .. }
            | Self::UnfitShare { .. }
            | Self::MissingRows { .. }
            | Self::MisplacedLimit { .. }
            | Self::MissingUnder
            | Self::SilentBefore { .. }
            | Self::OddProcedure { .. }
            | Self::WrongExpectation
            | Self::Register(_) => false,
        }
    }

    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::IssuerNotThen { .. }
            | Self::UnknownBasis { .. }
            | Self::NothingHit { .. }
            | Self::MissingUnder
            | Self::MissingRows { .. }
            | Self::SilentBefore { .. }
            | Self::OddProcedure { .. } => Severity::Warning,
            Self::UnknownName { .. }
            | Self::AmbiguousName { .. }
            | Self::DuplicateName { .. }
            | Self::Circular { .. }
            | Self::BranchingLevels { .. }
            | Self::MissingLine { .. }
            | Self::TooManyValues { .. }
            | Self::NotAClass { .. }
            | Self::ClassAsHolder { .. }
            | Self::NobodyHeads { .. }
            | Self::MissingLevel { .. }
            | Self::WrongLevel { .. }
            | Self::NotAbove { .. }
            | Self::RelativeSeat { .. }
            | Self::TaskWithoutPlace { .. }
            | Self::PlaceNotOfTask { .. }
            | Self::PlaceAlwaysThere { .. }
            | Self::FollowerLacksPlace { .. }
            | Self::MissingSharing
            | Self::UnknownUnit { .. }
            | Self::UnitOfOtherType { .. }
            | Self::AmbiguousUnit { .. }
            | Self::IssuerWithoutUnit { .. }
            | Self::EmptyPeriod { .. }
            | Self::DayNotBefore { .. }
            | Self::DuplicateDocument { .. }
            | Self::UnknownDocument { .. }
            | Self::AmbiguousDocument { .. }
            | Self::NoSuchPart { .. }
            | Self::NothingThere { .. }
            | Self::OutsideTarget { .. }
            | Self::FactNotOfTask { .. }
            | Self::WrongTest { .. }
            | Self::NotOrdered { .. }
            | Self::WrongMeasure { .. }
            | Self::UnfitShare { .. }
            | Self::MisplacedLimit { .. }
            | Self::Register(_)
            | Self::WrongExpectation => Severity::Error,
        }
    }
}

const fn register_code(kind: &RegisterProblemKind) -> &'static str {
    match kind {
        RegisterProblemKind::MissingColumn { .. } => "register-missing-column",
        RegisterProblemKind::Unreadable { .. } => "register-unreadable",
        RegisterProblemKind::CellCount { .. } => "register-cell-count",
        RegisterProblemKind::MissingValue { .. } => "register-missing-value",
        RegisterProblemKind::BadDate { .. } => "register-bad-date",
        RegisterProblemKind::UnknownLevel { .. } => "register-unknown-level",
        RegisterProblemKind::UnknownPortion { .. } => "register-unknown-portion",
        RegisterProblemKind::EmptyPeriod { .. } => "register-empty-period",
        RegisterProblemKind::Overlap { .. } => "register-overlap",
        RegisterProblemKind::UnknownParent { .. } => "register-unknown-parent",
        RegisterProblemKind::ParentNotAbove { .. } => "register-parent-not-above",
        RegisterProblemKind::ParentNotThen { .. } => "register-parent-not-then",
        RegisterProblemKind::OldCodeNotThen { .. } => "register-old-code-not-then",
        RegisterProblemKind::NewCodeNotThen { .. } => "register-new-code-not-then",
        RegisterProblemKind::NoSuccessor { .. } => "register-no-successor",
        RegisterProblemKind::LeftEmpty { .. } => "register-left-empty",
        RegisterProblemKind::SuccessorNotLowest { .. } => "register-successor-not-lowest",
        RegisterProblemKind::TooManyLocalities { .. } => "register-too-many-localities",
    }
}
