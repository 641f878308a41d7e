//! Problems: what is wrong and where, as facts. Words for them are in [`crate::wording`].

use crate::source::Span;
use crate::syntax::tree::Language;

mod binding;

pub use binding::{Binding, Chain, Cited, Limit, Line, Named, Noun, Shape};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One problem at one place, perhaps with other places that explain it (an earlier declaration, a candidate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub problem: Problem,
    pub span: Span,
    pub related: Vec<Span>,
    /// Where else it is just the same, in order.
    pub further: Vec<Span>,
}

impl Diagnostic {
    #[must_use]
    pub const fn new(problem: Problem, span: Span) -> Self {
        Self { problem, span, related: Vec::new(), further: Vec::new() }
    }
}

/// What could have stood where something else was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    /// A keyword or mark, as it is written.
    Word(String),
    Name,
    QuotedName,
    DocumentNumber,
    Date,
    Number,
    PartLabel,
    /// An article, clause … or a whole document.
    Address,
    Value,
    EndOfLine,
}

/// What a line that fits no form was probably meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// A sentence in column 0.
    Indent,
    /// A line of a document in column 0.
    IndentDocument,
    /// `được quyết định bởi …`.
    DecidedBy,
    /// A document that is opened with its kind.
    Heading,
    /// A kind, a comma, and no `issued`.
    Issued,
    /// `Chương II`: a part that no address has.
    Part,
    /// `article unverified` where it is cited.
    UnverifiedArticle,
    /// Nothing that is known; these may stand there.
    Items,
    DocumentLines,
    Sentences,
    Limits,
    ProcedureLines,
    ScenarioLines,
}

/// Why a line that reads well cannot be written in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsayable {
    /// What it says has no form there.
    NoForm { written: String, into: Language },
    /// The name would become one that names something else too.
    Ambiguous { name: String, becomes: String },
    /// The line would be longer than lines may be.
    TooLong { written: String, into: Language },
}

/// Every problem that reading rules can meet. Each has a [code](Problem::code) and a folder of cases
/// `tests/cases/bad/<code>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A date that no calendar has, or not written as a date.
    InvalidDate {
        written: String,
    },
    /// `1.500`: could be 1500 or 1.5.
    AmbiguousNumber {
        written: String,
        readings: [String; 2],
    },
    /// Neither a decimal nor groups of three digits, or too large.
    InvalidNumber {
        written: String,
    },
    /// Article, clause, point and paragraph of an address stand in the order of the other language.
    AddressOrder {
        written: String,
        right: String,
    },
    /// The bytes are not UTF-8 from `line` on.
    NotUtf8 {
        line: usize,
    },
    FileTooLarge {
        bytes: usize,
        limit: usize,
    },
    TooManyLines {
        lines: usize,
        limit: usize,
    },
    LineTooLong {
        characters: usize,
        limit: usize,
    },
    NestedTooDeep {
        limit: usize,
    },
    /// The grammar gave up on the line.
    LineTooComplex,
    /// A control, invisible or bidirectional character, by its code point.
    ForbiddenCharacter {
        code_point: u32,
    },
    /// A tab in front of a line.
    TabIndent,
    /// Blanks in front of a line that are not two for each step.
    OddIndent {
        blanks: usize,
    },
    /// More than one step deeper than the line above.
    JumpedIndent {
        blanks: usize,
        most: usize,
    },
    UnclosedQuote,
    /// A word that is nearly a keyword, and the line reads with the keyword in its place.
    MisspeltKeyword {
        written: String,
        keyword: String,
    },
    /// The line reads once this stands at its end.
    MissingAtEnd {
        keyword: String,
    },
    /// Something stands where something else was expected. `found` is empty at the end of the line.
    Unexpected {
        found: String,
        expected: Vec<Expected>,
    },
    /// No form that may stand here fits the line.
    UnknownForm {
        hint: Option<Hint>,
    },
    /// Something is indented under a line that takes nothing below it.
    NothingBelongsHere,
    /// An article before any document.
    ArticleWithoutDocument,
    /// A line that may stand once stands twice.
    RepeatedLine {
        written: String,
    },
    /// `and …` without `when …` before it.
    AndWithoutWhen,
    /// `when any of` without alternatives below it.
    NoAlternatives,
    /// `procedure T` with nothing below it.
    NoSteps,
    /// Every line reads, but names, addresses or values do not fit.
    Binding(Binding),
}

impl Problem {
    /// The codes of all problems of syntax, in the order of the enum.
    pub const SYNTAX_CODES: [&'static str; 24] = [
        "invalid-date",
        "ambiguous-number",
        "invalid-number",
        "address-order",
        "not-utf8",
        "file-too-large",
        "too-many-lines",
        "line-too-long",
        "nested-too-deep",
        "line-too-complex",
        "forbidden-character",
        "tab-indent",
        "odd-indent",
        "jumped-indent",
        "unclosed-quote",
        "misspelt-keyword",
        "missing-at-end",
        "unexpected",
        "unknown-form",
        "nothing-belongs-here",
        "article-without-document",
        "repeated-line",
        "and-without-when",
        "no-alternatives",
    ];

    /// The code under which users look the problem up, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidDate { .. } => "invalid-date",
            Self::AmbiguousNumber { .. } => "ambiguous-number",
            Self::InvalidNumber { .. } => "invalid-number",
            Self::AddressOrder { .. } => "address-order",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::TooManyLines { .. } => "too-many-lines",
            Self::LineTooLong { .. } => "line-too-long",
            Self::NestedTooDeep { .. } => "nested-too-deep",
            Self::LineTooComplex => "line-too-complex",
            Self::ForbiddenCharacter { .. } => "forbidden-character",
            Self::TabIndent => "tab-indent",
            Self::OddIndent { .. } => "odd-indent",
            Self::JumpedIndent { .. } => "jumped-indent",
            Self::UnclosedQuote => "unclosed-quote",
            Self::MisspeltKeyword { .. } => "misspelt-keyword",
            Self::MissingAtEnd { .. } => "missing-at-end",
            Self::Unexpected { .. } => "unexpected",
            Self::UnknownForm { .. } => "unknown-form",
            Self::NothingBelongsHere => "nothing-belongs-here",
            Self::ArticleWithoutDocument => "article-without-document",
            Self::RepeatedLine { .. } => "repeated-line",
            Self::AndWithoutWhen => "and-without-when",
            Self::NoAlternatives => "no-alternatives",
            Self::NoSteps => "no-steps",
            Self::Binding(problem) => problem.code(),
        }
    }

    /// Whether every use of a name has it alike, so that it is said once.
    #[must_use]
    pub const fn is_of_a_name(&self) -> bool {
        matches!(self, Self::Binding(problem) if problem.is_of_a_name())
    }

    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::InvalidDate { .. }
            | Self::AmbiguousNumber { .. }
            | Self::InvalidNumber { .. }
            | Self::AddressOrder { .. }
            | Self::NotUtf8 { .. }
            | Self::FileTooLarge { .. }
            | Self::TooManyLines { .. }
            | Self::LineTooLong { .. }
            | Self::NestedTooDeep { .. }
            | Self::LineTooComplex
            | Self::ForbiddenCharacter { .. }
            | Self::TabIndent
            | Self::OddIndent { .. }
            | Self::JumpedIndent { .. }
            | Self::UnclosedQuote
            | Self::MisspeltKeyword { .. }
            | Self::MissingAtEnd { .. }
            | Self::Unexpected { .. }
            | Self::UnknownForm { .. }
            | Self::NothingBelongsHere
            | Self::ArticleWithoutDocument
            | Self::RepeatedLine { .. }
            | Self::AndWithoutWhen
            | Self::NoAlternatives
            | Self::NoSteps => Severity::Error,
            Self::Binding(problem) => problem.severity(),
        }
    }
}
