//! English words for problems of binding.

use crate::diagnostic::{Binding, Chain, Cited, Limit, Line, Noun, Shape};
use crate::register::RegisterProblemKind as Register;
use crate::syntax::tree::Language;

use super::{address, dates, name, names, part, quoted};

#[allow(clippy::too_many_lines, reason = "one arm for each problem")]
pub(super) fn message(problem: &Binding) -> String {
    match problem {
        Binding::UnknownName { noun, name, .. } => format!("no {} is called `{name}`", self::noun(*noun)),
        Binding::AmbiguousName { noun, name, candidates } => {
            format!("`{name}` can be more than one {}: {}", self::noun(*noun), quoted(candidates))
        }
        Binding::DuplicateName { noun, name } => format!("another {} is already called `{name}`", self::noun(*noun)),
        Binding::Circular { chain, members } if members.is_empty() => format!("{} in a circle", self::chain(*chain)),
        Binding::Circular { chain, members } => format!("{} in a circle: {}", self::chain(*chain), quoted(members)),
        Binding::BranchingLevels { first, second } => {
            format!("the levels `{first}` and `{second}` stand at the same height")
        }
        Binding::MissingLine { line, of } if of.is_empty() => format!("{} is missing", self::line(*line)),
        Binding::MissingLine { line, of } => format!("`{of}` lacks {}", self::line(*line)),
        Binding::TooManyValues { fact } => format!("the fact `{fact}` has more than 255 values"),
        Binding::NotAClass { name } => format!("`{name}` is a body and not a class of bodies"),
        Binding::ClassAsHolder { name } => format!("`{name}` is a class of bodies, and here one body is needed"),
        Binding::NobodyHeads { name } => format!("no body is declared to head `{name}`"),
        Binding::MissingLevel { body, levels } => {
            format!(
                "`{}` exists at several levels ({}), and none is said",
                name(body, Language::English),
                names(levels, Language::English)
            )
        }
        Binding::WrongLevel { body, level, levels } if levels.is_empty() => {
            format!(
                "`{}` is declared without a level, and `{}` is said",
                name(body, Language::English),
                name(level, Language::English)
            )
        }
        Binding::WrongLevel { body, level, levels } => {
            format!(
                "`{}` is declared at {} and not at `{}`",
                name(body, Language::English),
                names(levels, Language::English),
                name(level, Language::English)
            )
        }
        Binding::RelativeSeat { written } => {
            format!("the level of `{written}` is said in relation to a giver, and here nobody gives")
        }
        Binding::TaskWithoutPlace { task } => format!("the task `{task}` has no place at which a level could be found"),
        Binding::PlaceAlwaysThere { place, task } => {
            format!("the task `{task}` always has the place `{place}`")
        }
        Binding::PlaceNotOfTask { place, task } => format!("`{place}` is not a place of the task `{task}`"),
        Binding::FollowerLacksPlace { task, followed, place } => {
            format!("`{task}` follows `{followed}` and lacks its place `{place}`")
        }
        Binding::MissingSharing => "several holders decide, and how they share is not said".to_owned(),
        Binding::UnknownUnit { name, .. } => format!("no unit was ever called `{name}`"),
        Binding::UnitOfOtherType { name, word, .. } => format!("no `{word}` was ever called `{name}`"),
        Binding::AmbiguousUnit { name, candidates } => {
            format!("`{name}` can be more than one unit: {}", quoted(candidates))
        }
        Binding::IssuerWithoutUnit { body } => format!("which `{body}` issued the document is not said"),
        Binding::IssuerNotThen { unit, issued, from, before } => match before.filter(|before| before <= issued) {
            Some(before) => format!("`{unit}` is there no more from {before}, and the document was issued {issued}"),
            None => format!("`{unit}` is there only from {from}, and the document was issued {issued}"),
        },
        Binding::EmptyPeriod { from, before, through: true } => {
            let last = before.yesterday().unwrap_or(*before);
            format!("the period from {from} through {last} has no day")
        }
        Binding::EmptyPeriod { from, before, through: false } => {
            format!("the period from {from} before {before} has no day")
        }
        Binding::DuplicateDocument { number } => {
            format!("the document `{number}` of this issuer and day is already written down")
        }
        Binding::UnknownDocument { number, .. } => format!("no document here has the number `{number}`"),
        Binding::UnknownBasis { number, .. } => format!("the basis `{number}` is not among the documents here"),
        Binding::AmbiguousDocument { number, issued } => {
            format!("which `{number}` is meant is not clear: it was issued {}", dates(issued))
        }
        Binding::NoSuchPart { part, standing } => {
            let (part, standing) = (self::part(*part, Language::English), address(standing, Language::English));
            format!("`this {part}` stands at `{standing}`, which is in no {part}")
        }
        Binding::NothingThere { at, task: Some(task), .. } => format!("nothing at {} is about `{task}`", cited(at)),
        Binding::NothingThere { at, task: None, .. } => format!("nothing stands at {}", cited(at)),
        Binding::DayNotBefore { day, first } => format!(
            "it decided on {day}, which is not before the sentence itself begins{}",
            first.map_or_else(String::new, |first| format!(" ({first})"))
        ),
        Binding::NotAbove { level, than } => format!("`{level}` does not lie above `{than}`"),
        Binding::UnfitShare { fact, table } => {
            format!("that share of `{table}` is in some row no number that `{fact}` can be")
        }
        Binding::MissingRows { table, values } => format!(
            "no text states the limit of `{table}` for {}: a test against it does not hold there",
            quoted(values)
        ),
        Binding::NothingHit { at, .. } => format!("nothing that was there before stands at {}", cited(at)),
        Binding::OutsideTarget { address: outside } => {
            format!("`{}` is not inside exactly one of the addresses acted on", address(outside, Language::English))
        }
        Binding::FactNotOfTask { fact, task } => format!("the task `{task}` does not depend on the fact `{fact}`"),
        Binding::WrongTest { fact, shape } => format!("`{fact}` is {}, and this does not fit it", self::shape(shape)),
        Binding::NotOrdered { fact } => format!("the values of `{fact}` are in no order"),
        Binding::WrongMeasure { fact, declared, written } => {
            format!("`{fact}` is measured {}, and here {}", measure(declared.as_deref()), measure(written.as_deref()))
        }
        Binding::MisplacedLimit { limit } => format!("{} has no meaning here", self::limit(*limit)),
        Binding::MissingUnder => "the transfer does not say under which provision its giver holds the task".to_owned(),
        Binding::SilentBefore { task, covered, first } => {
            let since = covered.map_or_else(|| "on all days".to_owned(), |day| format!("from {day}"));
            format!(
                "the rules on `{task}` begin {first} and count as complete {since}: until they begin nobody decides"
            )
        }
        Binding::OddProcedure { code } => format!("`{code}` is not written as the code of a procedure"),
        Binding::WrongExpectation => "the expectation does not answer the question of the scenario".to_owned(),
        Binding::Register(kind) => register(kind),
    }
}

#[allow(clippy::too_many_lines, reason = "one arm for each problem")]
pub(super) fn help(problem: &Binding) -> Option<String> {
    let help = match problem {
        Binding::UnknownName { keyword: Some(keyword), foreign: None, .. } => {
            format!("did you mean the word `{}`?", keyword.1)
        }
        Binding::UnknownName { nearest: Some(nearest), foreign: None, .. }
        | Binding::UnknownUnit { nearest: Some(nearest), .. }
        | Binding::UnknownDocument { nearest: Some(nearest), .. }
        | Binding::UnknownBasis { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
        Binding::UnknownName { foreign: Some(foreign), .. } => {
            format!("`{foreign}` is a keyword of the other language; a sentence is written in one")
        }
        Binding::UnknownName { among, .. } if !among.is_empty() => {
            format!("write one of the declared levels: {}", names(among, Language::English))
        }
        Binding::UnknownName { noun, .. } => declare(*noun).to_owned(),
        Binding::UnknownUnit { nearest: None, .. } => "write the name or code that the register has".to_owned(),
        Binding::UnitOfOtherType { others, .. } => {
            format!("of that name there is {}: correct the word before it", quoted(others))
        }
        Binding::UnknownDocument { nearest: None, .. } => "write the document down, or correct the number".to_owned(),
        Binding::UnknownBasis { nearest: None, .. } => {
            "nothing else follows from it; write it down to have it cited".to_owned()
        }
        Binding::AmbiguousName { .. } => "write the id".to_owned(),
        Binding::DuplicateName { .. } => "give it a name of its own".to_owned(),
        Binding::Circular { .. } => "take one of them out of the circle".to_owned(),
        Binding::BranchingLevels { second, first } => {
            format!("write `below {first}` under `{second}`, or the other way round")
        }
        Binding::MissingLine { line, .. } => missing(*line).to_owned(),
        Binding::TooManyValues { .. } => "make it a number, or split it into two facts".to_owned(),
        Binding::NotAClass { name } => format!("declare `{name}` with `class`"),
        Binding::ClassAsHolder { .. } => {
            "name the body; a class may stand only where `may` or `must not` speaks of it".to_owned()
        }
        Binding::NobodyHeads { name } => format!("write `heads {name}` under the body that does"),
        Binding::MissingLevel { levels, .. } => {
            format!("write `at` and one of: {}", names(levels, Language::English))
        }
        Binding::WrongLevel { level, body, .. } => {
            let (level, body) = (name(level, Language::English), name(body, Language::English));
            format!("correct the level, or add `{level}` to the levels of `{body}`")
        }
        Binding::RelativeSeat { .. } => "name the level".to_owned(),
        Binding::PlaceAlwaysThere { place, task } => {
            format!("write `{place} if any` among the places of `{task}`, if there may be none")
        }
        Binding::TaskWithoutPlace { task }
        | Binding::PlaceNotOfTask { task, .. }
        | Binding::FollowerLacksPlace { task, .. } => {
            format!("add it to the `places` of the task `{task}`")
        }
        Binding::MissingSharing => "add `any of them`, `first to accept` or `applicant chooses`".to_owned(),
        Binding::AmbiguousUnit { .. } => "write the code, or the unit above behind a comma".to_owned(),
        Binding::IssuerWithoutUnit { .. } => "write the unit, such as `in province \"Đà Nẵng\"`".to_owned(),
        Binding::IssuerNotThen { .. } => "check the unit and the day of issue".to_owned(),
        Binding::EmptyPeriod { through: true, .. } => "the first day must not come after the last".to_owned(),
        Binding::EmptyPeriod { .. } => "the first day must come before the end".to_owned(),
        Binding::DuplicateDocument { .. } => "put all its articles under one of them".to_owned(),
        Binding::AmbiguousDocument { .. } => "add `issued` and the day".to_owned(),
        Binding::NoSuchPart { .. } => "write the address out".to_owned(),
        Binding::NothingThere { there, .. } if !there.is_empty() => format!("there stands {}", quoted(there)),
        Binding::NothingThere { nearest: Some(nearest), .. } => format!("did you mean {}?", cited(nearest)),
        Binding::NothingHit { nearest: Some(nearest), .. } => {
            format!("did you mean {}? if that text is not written down here, this can stay", cited(nearest))
        }
        Binding::NothingThere { .. } => "correct the address, or write down what stands there".to_owned(),
        Binding::NothingHit { .. } => {
            "correct the address; if that text is not written down here, this can stay".to_owned()
        }
        Binding::OutsideTarget { .. } => "write the address out, inside one of those acted on".to_owned(),
        Binding::FactNotOfTask { fact, task } => format!("add `{fact}` to the `facts` of the task `{task}`"),
        Binding::WrongTest { shape, .. } => test(shape).to_owned(),
        Binding::NotOrdered { .. } => "declare the values `, highest first`, or name each".to_owned(),
        Binding::WrongMeasure { declared: Some(declared), .. } => format!("write the number in {declared}"),
        Binding::WrongMeasure { declared: None, .. } => "write the number alone".to_owned(),
        Binding::SilentBefore { first, .. } => format!("write `covered from {first}` under the task"),
        Binding::DayNotBefore { .. } => "name an earlier day: one before the sentence can hold".to_owned(),
        Binding::NotAbove { .. } => "name the level to which the task goes up".to_owned(),
        Binding::UnfitShare { .. } => {
            "choose a share that is whole in every row, or declare the fact a decimal".to_owned()
        }
        Binding::MissingRows { .. } => "add the rows, if the law has them".to_owned(),
        Binding::OddProcedure { .. } => "write such as `1.013949`".to_owned(),
        Binding::MissingUnder => "add `under` and the address".to_owned(),
        Binding::WrongExpectation => {
            "expect `yes` or `no` of `there is`, and a holder or an outcome of a task".to_owned()
        }
        Binding::MisplacedLimit { .. } => "delete it".to_owned(),
        Binding::Register(_) => return None,
    };
    Some(help)
}

fn cited(at: &Cited) -> String {
    let parts = address(&at.address, Language::English);
    if parts.is_empty() { format!("`{}`", at.number) } else { format!("`{parts} of {}`", at.number) }
}

const fn noun(noun: Noun) -> &'static str {
    match noun {
        Noun::Level => "level",
        Noun::Kind => "kind of document",
        Noun::Body => "body",
        Noun::Place => "place",
        Noun::Table => "table",
        Noun::Fact => "fact",
        Noun::Value => "value of the fact",
        Noun::Task => "task",
        Noun::UnitType => "level or type of unit",
        Noun::Reading => "reading of the article",
    }
}

/// Where a name of the sort is declared.
const fn declare(noun: Noun) -> &'static str {
    match noun {
        Noun::Level => "declare it with `level …` in a file of the catalogue, or write a declared name",
        Noun::Kind => "declare it with `kind …` in a file of the catalogue, or write a declared name",
        Noun::Body => "declare it with `body …` in a file of the catalogue, or write a declared name",
        Noun::Place => "declare it with `place …` in a file of the catalogue, or write a declared name",
        Noun::Table => "declare it with `table …` in a file of the catalogue, or write a declared name",
        Noun::Fact => "declare it with `fact …` in a file of the catalogue, or write a declared name",
        Noun::Task => "declare it with `task …` in a file of the catalogue, or write a declared name",
        Noun::Value => "declare it under its `fact …`, or write a declared value",
        Noun::UnitType => "write a declared level, or a type of units that the register has",
        Noun::Reading => "write the name of a `reading …` of this article",
    }
}

const fn chain(chain: Chain) -> &'static str {
    match chain {
        Chain::LevelsBelow => "levels stand below each other",
        Chain::BodiesDeputising => "offices deputise for each other",
        Chain::BodiesUnder => "bodies stand under each other",
        Chain::BodiesHeading => "bodies head each other",
        Chain::BodyClasses => "classes belong to each other",
        Chain::TasksFollowing => "tasks follow each other",
        Chain::Classifications => "facts are classified by each other",
        Chain::Cases => "provisions borrow their cases from each other",
        Chain::Displacement => "provisions displace each other",
        Chain::Acts => "the force of provisions depends on itself",
    }
}

const fn line(line: Line) -> &'static str {
    match line {
        Line::KindOfDocument => "its kind",
        Line::Issued => "the day of issue",
        Line::Issuer => "its issuer",
        Line::InForce => "a line `in force from …`",
        Line::Rank => "a line `rank …`",
        Line::TableKey => "a line `by …`",
        Line::TableRows => "rows",
        Line::FactDomain => "a line `is …`",
        Line::FactValues => "its values",
        Line::Ask => "a line `ask …`",
        Line::Expectation => "a line `expect …`",
        Line::DocumentOfAddress => "the document of the address",
    }
}

const fn missing(line: Line) -> &'static str {
    match line {
        Line::KindOfDocument => "write such as `law, issued 2013-11-29 by …` under the heading",
        Line::Issued => {
            "write such as `law, issued 2013-11-29 by …`, or `issued unverified` where the day is not known"
        }
        Line::Issuer => "add `by …`, or `of …` behind the number",
        Line::InForce => "write `in force from` and the day",
        Line::Rank => "write such as `rank 90`",
        Line::TableKey => "write such as `by field`",
        Line::TableRows => "write such as `land: 500 triệu đồng` below",
        Line::FactDomain => "write such as `is yes or no`, `is one of` or `is a decimal in ha`",
        Line::FactValues => "write the values below `is one of`, each on its line",
        Line::Ask => "write such as `ask TASK in ward \"…\" on 2025-07-01`",
        Line::Expectation => "write for example `expect decided by … by article … clause 1 of …`",
        Line::DocumentOfAddress => "add `of` and the number",
    }
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "a yes-or-no fact".to_owned(),
        Shape::One => "one of several values".to_owned(),
        Shape::Many => "one or more of several values".to_owned(),
        Shape::Number { integer: true, .. } => "a whole number".to_owned(),
        Shape::Number { integer: false, .. } => "a decimal".to_owned(),
        Shape::Date => "a date".to_owned(),
        Shape::LevelOrNone => "a level or none".to_owned(),
    }
}

const fn test(shape: &Shape) -> &'static str {
    match shape {
        Shape::Boolean => "write the fact alone, or `not` before it",
        Shape::One | Shape::LevelOrNone => "write `is` and one of its values",
        Shape::Many => "write `is` and one of its values, or `highest` or `lowest` before it",
        Shape::Number { .. } => "compare it with a number, such as `>= 5`",
        Shape::Date => "compare it with a date, such as `< 2025-07-01`",
    }
}

fn measure(unit: Option<&str>) -> String {
    unit.map_or_else(|| "without a unit".to_owned(), |unit| format!("in `{unit}`"))
}

const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::When => "a test of facts",
        Limit::Cases => "the cases of another provision",
        Limit::Under => "`under`",
        Limit::WithConsent => "`with consent`",
        Limit::Former => "`former`",
        Limit::OfType => "`of type`",
        Limit::Table => "a limit from a table",
        Limit::Place => "a place",
        Limit::OneOfSeveral => "`one of the`",
        Limit::EachOther => "`each other`",
        Limit::SealOf => "`seal of the …`",
    }
}

fn register(kind: &Register) -> String {
    match kind {
        Register::MissingColumn { column } => format!("the column `{column}` is missing, and the file is left out"),
        Register::Unreadable { reason } => format!("the line is not CSV: {reason}"),
        Register::CellCount { expected, found } => format!("the line has {found} cells, and the header {expected}"),
        Register::MissingValue { column } => format!("`{column}` is empty"),
        Register::BadDate { written } => format!("`{written}` is not a day written as `2025-07-01`"),
        Register::UnknownLevel { written } => format!("no level has the id `{written}`"),
        Register::UnknownPortion { written } => format!("`{written}` is neither `whole`, `part` nor `remainder`"),
        Register::EmptyPeriod { from, before } => format!("the period from {from} before {before} has no day"),
        Register::Overlap { code, .. } => format!("the code `{code}` is borne by another unit at the same time"),
        Register::UnknownParent { parent } => format!("no unit bears the code `{parent}` of the unit above"),
        Register::ParentNotAbove { parent } => format!("the level of `{parent}` is not above that of the unit"),
        Register::ParentNotThen { parent, on } => format!("`{parent}` is not there on {on}"),
        Register::OldCodeNotThen { code, on } => format!("no unit bore the code `{code}` on the day before {on}"),
        Register::NewCodeNotThen { code, on } => format!("no unit bears the code `{code}` from {on}"),
        Register::NoSuccessor { code, on } => format!("`{code}` ends on {on}, and nothing says who has its land"),
        Register::LeftEmpty { code, on } => format!("`{code}` goes on from {on} without any land"),
        Register::SuccessorNotLowest { code, on } => {
            format!("land goes on {on} to `{code}`, which has other units below it")
        }
        Register::TooManyLocalities { limit } => format!("the successions make more than {limit} localities"),
    }
}
