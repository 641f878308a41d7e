//! Runs the tests that legal staff write, and says what was expected where one fails.

use super::ask::{Depth, Law, ask};
use super::naming::Voice;
use super::question;
use super::trouble::{Member, Trouble};
use super::words::{self, pick};
use super::{existence, explain, signature};
use crate::register::{LevelId, RowId};
use crate::rulebook::{
    Address, Ask, Citation, Expectation, ExpectedHolder, ExpectedOutcome, Handling, Language, PlaceQuery, ProvisionId,
    Rulebook, Scenario, SeatAt, Slot, TransferForm,
};
use crate::ruling::{Answer, Decider, Held, LeadsTo, Named, NextQuestion, Outcome, Question};
use crate::source::Span;
use jiff::civil::Date;

/// What a run of one scenario gave.
#[derive(Debug)]
pub struct Run {
    pub got: Got,
    /// Expectations that were not met; a scenario that could not be asked, or expects nothing, has failed too.
    pub failed: Vec<Failed>,
}

#[derive(Debug)]
pub struct Failed {
    /// The place in the scenario's list.
    pub expectation: usize,
    pub span: Span,
}

/// What was found.
#[derive(Debug)]
pub enum Got {
    Answer(Box<Answer>),
    Exists(bool),
    Trouble(Trouble),
}

impl Run {
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failed.is_empty()
            && match self.got {
                Got::Answer(_) | Got::Exists(_) => true,
                Got::Trouble(_) => false,
            }
    }
}

/// Asks a scenario's question and compares.
#[must_use]
pub fn run(law: Law<'_>, scenario: &Scenario) -> Run {
    let rulebook = law.rulebook;
    let got = got(law, &scenario.ask).unwrap_or_else(Got::Trouble);
    let met = |expectation: &Expectation| match &got {
        Got::Answer(answer) => meets(rulebook, answer, expectation),
        Got::Exists(found) => matches!(expectation, Expectation::Exists(expected) if expected == found),
        Got::Trouble(_) => false,
    };
    let failed = scenario.expect.iter().enumerate().filter(|(_, (expectation, _))| !met(expectation));
    let failed = failed.map(|(expectation, (_, span))| Failed { expectation, span: *span }).collect();
    Run { got, failed }
}

fn got(law: Law<'_>, asked: &Ask) -> Result<Got, Trouble> {
    let rulebook = law.rulebook;
    match asked {
        Ask::WhoDecides { task, places, on, facts } => {
            let mut rows: Vec<Vec<RowId>> = vec![Vec::new(); rulebook[*task].roles.len()];
            let mut without = Vec::new();
            for (role, query) in places {
                let Some(query) = query else {
                    without.push(*role);
                    continue;
                };
                let row = place(rulebook, query, *on)?;
                let at = rulebook[*task].roles.iter().position(|of_task| of_task == role);
                if let Some(list) = at.and_then(|at| rows.get_mut(at)) {
                    list.push(row);
                }
            }
            without.sort();
            let question = Question { task: *task, on: *on, places: rows, without, facts: facts.clone() };
            let voice = Voice::new(rulebook, Language::Vietnamese);
            let answer = ask(law, &question, Depth::Record).map_err(|bad| Trouble::refused(&bad, voice, *on))?;
            Ok(Got::Answer(Box::new(answer)))
        }
        Ask::Exists { body, level, at, on } => {
            let row = at_level(rulebook, place(rulebook, at, *on)?, *level, *on);
            let there = row.map(|row| existence::bodies(rulebook, row, *on)).unwrap_or_default();
            Ok(Got::Exists(there.contains(&(*body, true))))
        }
    }
}

fn place(rulebook: &Rulebook, query: &PlaceQuery, on: Date) -> Result<RowId, Trouble> {
    question::unit_of_kind(rulebook, Member::In(None), &query.name, query.level_or_type.as_deref(), on)
}

/// The unit of a level that holds a row, perhaps the row itself.
fn at_level(rulebook: &Rulebook, row: RowId, level: LevelId, on: Date) -> Option<RowId> {
    let register = &rulebook.register;
    let parents = register.chain_of_parents(row, on);
    std::iter::once(row).chain(parents).find(|row| register.row(*row).level == level)
}

fn meets(rulebook: &Rulebook, answer: &Answer, expectation: &Expectation) -> bool {
    match expectation {
        Expectation::Decided { transferred, holder, by } => {
            let held = |decider: &Decider| match transferred {
                None => true,
                Some(TransferForm::Decentralise) => decider.held == Held::Decentralised,
                Some(TransferForm::Entrust) => decider.held == Held::Entrusted,
                Some(TransferForm::Delegate) => decider.held == Held::Delegated,
            };
            let [decider] = answer.deciders.as_slice() else { return false };
            let ground =
                |citation: &Citation| answer.grounds.iter().any(|ground| under(rulebook, ground.provision, citation));
            answer.outcome == Outcome::Decided
                && held(decider)
                && is(rulebook, decider.who, holder)
                && by.as_ref().is_none_or(ground)
        }
        Expectation::Outcome { outcome, between } => {
            answer.outcome == self::outcome(*outcome)
                && (between.is_empty() || same(rulebook, &contenders(answer), between))
        }
        Expectation::Requires { kind, of } => {
            answer.requirements.iter().any(|(found, seat)| found == kind && is(rulebook, *seat, of))
        }
        Expectation::RequiresNothing => answer.requirements.is_empty() && answer.outcome != Outcome::Undetermined,
        Expectation::SignedBy(by) => {
            let all = signature::signatures(rulebook, answer.outcome, &answer.deciders, &answer.handling);
            all.iter().any(|one| is(rulebook, one.signer, by))
        }
        Expectation::SealOf(of) => signature::seal(answer.outcome, &answer.deciders, &answer.handling)
            .is_some_and(|seal| is(rulebook, seal, of)),
        Expectation::Takes(within) => {
            let takes = |one: &Handling<Named>| {
                if let Handling::Procedure(procedure) = one { procedure.takes() == Some(*within) } else { false }
            };
            alone(answer, Slot::Procedure).is_some_and(takes)
        }
        Expectation::Limit(within) => alone(answer, Slot::Limit) == Some(&Handling::Limit(*within)),
        Expectation::Lost(citation) => answer.record.iter().any(|loss| under(rulebook, loss.provision, citation)),
        Expectation::Exists(_) => false,
    }
}

/// What stands in a slot, where no text is unlike.
fn alone(answer: &Answer, slot: Slot) -> Option<&Handling<Named>> {
    let mut said = answer.handling.iter().filter(|one| one.slot() == slot);
    said.next().filter(|_| said.next().is_none())
}

const fn outcome(expected: ExpectedOutcome) -> Outcome {
    match expected {
        ExpectedOutcome::Concurrent => Outcome::Concurrent,
        ExpectedOutcome::Gap => Outcome::Gap,
        ExpectedOutcome::Conflict => Outcome::Conflict,
        ExpectedOutcome::Orphaned => Outcome::Orphaned,
        ExpectedOutcome::NotRequired => Outcome::NotRequired,
        ExpectedOutcome::Open => Outcome::Open,
        ExpectedOutcome::NotCovered => Outcome::NotCovered,
        ExpectedOutcome::Undetermined => Outcome::Undetermined,
    }
}

/// The deciders, and those of every branch of what is missing.
pub(super) fn contenders(answer: &Answer) -> Vec<Named> {
    let mut found: Vec<Named> = answer.deciders.iter().map(|decider| decider.who).collect();
    let mut waiting: Vec<&NextQuestion> = answer.next.iter().collect();
    while let Some(next) = waiting.pop() {
        for branch in &next.branches {
            match &branch.leads_to {
                LeadsTo::Ruling { deciders, .. } => found.extend(deciders.iter().map(|decider| decider.who)),
                LeadsTo::Further(further) => waiting.push(further),
            }
        }
    }
    found
}

/// Each expected holder is there, and nobody else.
fn same(rulebook: &Rulebook, found: &[Named], expected: &[ExpectedHolder]) -> bool {
    expected.iter().all(|holder| found.iter().any(|named| is(rulebook, *named, holder)))
        && found.iter().all(|named| expected.iter().any(|holder| is(rulebook, *named, holder)))
}

fn is(rulebook: &Rulebook, named: Named, expected: &ExpectedHolder) -> bool {
    let register = &rulebook.register;
    let (level, unit) = match named.seat.at {
        SeatAt::Nowhere => (None, None),
        SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. } => {
            (Some(level), None)
        }
        SeatAt::Unit(unit) => (register.rows_of(unit).last().map(|row| register.row(*row).level), Some(unit)),
    };
    let unit = named.unit.map(|row| register.row(row).unit).or(unit);
    named.seat.body == expected.body
        && expected.level.is_none_or(|expected| level == Some(expected))
        && expected.unit.is_none_or(|expected| unit == Some(expected))
}

/// Whether a provision stands at a cited address or below it. An amended text stands at its old address and at the
/// place in the amending document.
fn under(rulebook: &Rulebook, provision: ProvisionId, citation: &Citation) -> bool {
    let text = &rulebook[rulebook[provision].text];
    let below = |address: &Address| address.0.starts_with(&citation.address.0);
    (text.document == citation.document && below(&text.address))
        || (text.enacted_by == citation.document && text.enacted_at.as_ref().is_some_and(below))
}

/// An expectation in words.
#[must_use]
pub fn expected(voice: Voice<'_>, expectation: &Expectation) -> String {
    let language = voice.language;
    let by = |citation: &Citation| {
        let number = &voice.rulebook[citation.document].number;
        match words::address(&citation.address, language).as_str() {
            "" => number.clone(),
            address => format!("{address} {} {number}", pick(language, "của", "of")),
        }
    };
    let of = |holder: &ExpectedHolder| holder_words(voice, holder);
    match expectation {
        Expectation::Decided { transferred, holder, by: ground } => {
            let lead = match (transferred, language) {
                (None, Language::Vietnamese) => "do",
                (None, Language::English) => "decided by",
                (Some(TransferForm::Decentralise), Language::Vietnamese) => "phân cấp cho",
                (Some(TransferForm::Decentralise), Language::English) => "decentralised to",
                (Some(TransferForm::Entrust), Language::Vietnamese) => "giao cho",
                (Some(TransferForm::Entrust), Language::English) => "entrusted to",
                (Some(TransferForm::Delegate), Language::Vietnamese) => "ủy quyền cho",
                (Some(TransferForm::Delegate), Language::English) => "delegated to",
            };
            let tail = if transferred.is_none() { pick(language, " quyết định", "") } else { "" };
            let ground = ground.as_ref().map(|citation| format!(" {} {}", pick(language, "theo", "by"), by(citation)));
            format!("{lead} {}{tail}{}", of(holder), ground.unwrap_or_default())
        }
        Expectation::Outcome { outcome, between } => {
            let name = words::outcome_name(self::outcome(*outcome), language);
            let list: Vec<String> = between.iter().map(of).collect();
            let between = if list.is_empty() {
                String::new()
            } else {
                format!(" {} {}", pick(language, "giữa", "between"), list.join(", "))
            };
            format!("{name}{between}")
        }
        Expectation::Requires { kind, of: holder } => {
            format!("{} {} {}", pick(language, "phải có", "requires"), words::requirement(*kind, language), of(holder))
        }
        Expectation::RequiresNothing => pick(language, "không phải xin chấp thuận", "requires nothing").to_owned(),
        Expectation::SignedBy(by) => match language {
            Language::Vietnamese => format!("do {} ký", of(by)),
            Language::English => format!("signed by {}", of(by)),
        },
        Expectation::SealOf(holder) => format!("{} {}", pick(language, "dùng con dấu của", "seal of"), of(holder)),
        Expectation::Takes(within) => {
            format!("{} {}", pick(language, "trình tự hết", "procedure takes"), words::within(*within, language))
        }
        Expectation::Limit(within) => {
            let lead = pick(language, "phải được quyết định trong", "to be decided within");
            format!("{lead} {}", words::within(*within, language))
        }
        Expectation::Lost(citation) => format!("{} {}", pick(language, "không áp dụng", "lost"), by(citation)),
        Expectation::Exists(exists) => existence_words(*exists, language).to_owned(),
    }
}

fn holder_words(voice: Voice<'_>, holder: &ExpectedHolder) -> String {
    let body = written(voice.name(&voice.rulebook[holder.body].names));
    let at = pick(voice.language, "", "at ");
    let of = pick(voice.language, "", "of ");
    match (holder.unit, holder.level) {
        (Some(unit), _) => format!("{body} {of}{}", voice.unit(unit)),
        (None, Some(level)) => format!("{body} {at}{}", voice.level(level)),
        (None, None) => body,
    }
}

/// A name as a rule file reads it: quoted where it would end before its end.
fn written(name: &str) -> String {
    let ends = |word: &str| !word.chars().all(char::is_alphanumeric) || matches!(word, "tại" | "in" | "at");
    if name.split_whitespace().any(ends) { format!("\"{name}\"") } else { name.to_owned() }
}

/// What was found, as lines.
#[must_use]
pub fn found(voice: Voice<'_>, got: &Got) -> Vec<String> {
    match got {
        Got::Answer(answer) => explain::lines(voice, answer, Depth::Record),
        Got::Exists(exists) => vec![existence_words(*exists, voice.language).to_owned()],
        Got::Trouble(trouble) => explain::trouble_lines(voice, trouble),
    }
}

const fn existence_words(exists: bool, language: Language) -> &'static str {
    match (exists, language) {
        (true, Language::Vietnamese) => "có tổ chức",
        (true, Language::English) => "exists",
        (false, Language::Vietnamese) => "không tổ chức",
        (false, Language::English) => "does not exist",
    }
}
