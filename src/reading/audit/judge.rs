//! The verdict on a signer by an answer, and where the signer is not competent, what was mistaken for what. Knows no text.

use super::Verdict;
use super::signer::{Bench, Is, Signer};
use crate::reading::existence;
use crate::register::{LevelId, RowId};
use crate::rulebook::{BodyId, ProvisionId, Rulebook, SeatAt, Statement};
use crate::ruling::{About, Answer, Decider, Ground, LeadsTo, Named, NextQuestion, Outcome, Step};

/// A decision, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    /// What the ruling says of the case; undetermined where the row leaves it open.
    pub outcome: Outcome,
    /// Those who decide, or contend; where several cases are open, those of all of them.
    pub deciders: Vec<Decider>,
    pub grounds: Vec<Ground>,
    /// What it depends on, when undetermined.
    pub missing: Option<About>,
    /// What the signer was, if not competent.
    pub near: Vec<Near>,
}

/// What may have been mistaken for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Near {
    /// The signer's unit had ended.
    UnitGone,
    /// There was no such body in the signer's unit then.
    BodyAbsent,
    /// The signer's own chairperson (or other head) decides.
    ItsHead,
    /// The signer heads the body that decides.
    ItsBody,
    /// The same body of another unit of the same level.
    OtherUnit,
    /// The same body of another level.
    OtherLevel,
    /// The signer held the task and had passed it on by this provision.
    PassedOn(ProvisionId),
    /// The signer may take the case back and decide it itself; whether it did, nobody said.
    MayStepIn,
}

/// What one case of a ruling comes to.
struct Case<'a> {
    outcome: Outcome,
    deciders: &'a [Decider],
    may_step_in: &'a [Named],
    grounds: &'a [Ground],
}

/// Judges who signed by the answer to the question.
#[must_use]
pub fn judge(rulebook: &Rulebook, answer: &Answer, signer: &Signer) -> Judged {
    let (cases, complete) = cases(answer);
    let verdicts = cases.iter().map(|case| verdict(rulebook, case, signer));
    let verdict = all_the_same(verdicts).filter(|_| complete).unwrap_or(Verdict::Undetermined);
    let mut judged = Judged {
        verdict,
        outcome: answer.outcome,
        deciders: Vec::new(),
        grounds: Vec::new(),
        missing: answer.next.as_ref().filter(|_| verdict == Verdict::Undetermined).map(|next| next.about),
        near: Vec::new(),
    };
    for case in &cases {
        let new = case.deciders.iter().filter(|one| !judged.deciders.contains(one)).cloned().collect::<Vec<_>>();
        judged.deciders.extend(new);
        let new = case.grounds.iter().filter(|one| !judged.grounds.contains(one)).copied().collect::<Vec<_>>();
        judged.grounds.extend(new);
    }
    judged.near = near(rulebook, &cases, &judged, signer, answer.question.on);
    judged
}

/// Those who decide or contend in any case of an answer.
#[must_use]
pub fn named(answer: &Answer) -> Vec<Decider> {
    let mut named: Vec<Decider> = Vec::new();
    for decider in cases(answer).0.into_iter().flat_map(|case| case.deciders) {
        if !named.contains(decider) {
            named.push(decider.clone());
        }
    }
    named
}

/// The rulings of an answer; whether these are all.
fn cases(answer: &Answer) -> (Vec<Case<'_>>, bool) {
    let mut cases = Vec::new();
    let complete = match &answer.next {
        Some(next) => leaves(next, &mut cases),
        None => {
            let Answer { outcome, deciders, may_step_in, grounds, .. } = answer;
            cases.push(Case { outcome: *outcome, deciders, may_step_in, grounds });
            true
        }
    };
    (cases, complete)
}

/// The rulings that a question leads to; whether these are all.
fn leaves<'a>(next: &'a NextQuestion, cases: &mut Vec<Case<'a>>) -> bool {
    let mut complete = !next.branches.is_empty();
    for branch in &next.branches {
        match &branch.leads_to {
            LeadsTo::Ruling { outcome, deciders, may_step_in, grounds, .. } => {
                cases.push(Case { outcome: *outcome, deciders, may_step_in, grounds });
            }
            LeadsTo::Further(further) => complete &= leaves(further, cases),
        }
    }
    complete
}

fn all_the_same(mut verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    let first = verdicts.next()?;
    verdicts.all(|verdict| verdict == first).then_some(first)
}

fn verdict(rulebook: &Rulebook, case: &Case<'_>, signer: &Signer) -> Verdict {
    if let Some(verdict) = Verdict::nobody(case.outcome) {
        return verdict;
    }
    let is = |is: Is| case.deciders.iter().any(|decider| signer.is(rulebook, decider.who) == is);
    match (is(Is::Yes), is(Is::Perhaps), case.outcome) {
        (true, _, Outcome::Conflict) | (_, true, Outcome::Conflict) => Verdict::Conflict,
        (true, _, _) => Verdict::Competent,
        (false, true, _) => Verdict::Undetermined,
        (false, false, _) if may_step_in(rulebook, case, signer) => Verdict::Undetermined,
        (false, false, _) => Verdict::UltraVires,
    }
}

fn may_step_in(rulebook: &Rulebook, case: &Case<'_>, signer: &Signer) -> bool {
    case.may_step_in.iter().any(|seat| signer.is(rulebook, *seat) != Is::No)
}

fn near(rulebook: &Rulebook, cases: &[Case<'_>], judged: &Judged, signer: &Signer, on: jiff::civil::Date) -> Vec<Near> {
    let mut near = Vec::new();
    match judged.verdict {
        Verdict::UltraVires => {}
        Verdict::Undetermined => {
            near.extend(cases.iter().any(|case| may_step_in(rulebook, case, signer)).then_some(Near::MayStepIn));
            return near;
        }
        Verdict::Competent
        | Verdict::Gap
        | Verdict::Conflict
        | Verdict::Orphaned
        | Verdict::NotRequired
        | Verdict::Open
        | Verdict::NotCovered => return near,
    }
    match &signer.bench {
        Bench::Gone(..) => near.push(Near::UnitGone),
        Bench::At(row) if !existence::exists(rulebook, signer.body, *row, on) => near.push(Near::BodyAbsent),
        Bench::At(_) | Bench::Nowhere => {}
    }
    near.extend(passed_on(rulebook, &judged.grounds, signer));
    near.extend(judged.deciders.iter().filter_map(|decider| mistaken(rulebook, decider.who, signer)));
    near.sort();
    near.dedup();
    near
}

/// What of one who decides the signer is.
fn mistaken(rulebook: &Rulebook, who: Named, signer: &Signer) -> Option<Near> {
    let heads = |head: BodyId, body: BodyId| rulebook[head].heads == Some(body);
    if signer.sits(rulebook, who) != Is::No {
        return if heads(who.seat.body, signer.body) {
            Some(Near::ItsHead)
        } else if heads(signer.body, who.seat.body) {
            Some(Near::ItsBody)
        } else {
            None
        };
    }
    let row = match &signer.bench {
        Bench::At(row) => *row,
        Bench::Gone(rows, _) => *rows.first()?,
        Bench::Nowhere => return None,
    };
    let same_level = level(rulebook, who)? == rulebook.register.row(row).level;
    (who.seat.body == signer.body).then_some(if same_level { Near::OtherUnit } else { Near::OtherLevel })
}

fn level(rulebook: &Rulebook, named: Named) -> Option<LevelId> {
    let register = &rulebook.register;
    let of = |row: RowId| register.row(row).level;
    match (named.unit, named.seat.at) {
        (Some(row), _) => Some(of(row)),
        (None, SeatAt::Unit(unit)) => register.rows_of(unit).last().map(|row| of(*row)),
        (
            None,
            SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Any { level } | SeatAt::Others { level, .. },
        ) => Some(level),
        (None, SeatAt::Nowhere) => None,
    }
}

/// The transfers among the grounds by which a body like the signer's, at its level, gave the task away.
fn passed_on(rulebook: &Rulebook, grounds: &[Ground], signer: &Signer) -> Vec<Near> {
    let Bench::At(row) = signer.bench else { return Vec::new() };
    let own = rulebook.register.row(row);
    let gave = |ground: &&Ground| {
        let transfers = match ground.step {
            Step::Decentralises | Step::Entrusts | Step::Delegates => true,
            Step::Assigns
            | Step::SwitchesOff
            | Step::Widens
            | Step::Passes
            | Step::Succeeds
            | Step::Requires
            | Step::StepsIn
            | Step::Handles(_)
            | Step::Abolishes => false,
        };
        let Statement::Transfer { giver, .. } = &rulebook[ground.provision].statement else { return false };
        let there = match giver.at {
            SeatAt::Unit(unit) => unit == own.unit,
            SeatAt::Level { level, .. }
            | SeatAt::Here { level }
            | SeatAt::Any { level }
            | SeatAt::Others { level, .. } => level == own.level && issued_in(rulebook, ground.provision, own.unit),
            SeatAt::Nowhere => false,
        };
        transfers && giver.body == signer.body && there
    };
    grounds.iter().filter(gave).map(|ground| Near::PassedOn(ground.provision)).collect()
}

/// Whether the unit's own organ issued what passes the task on, or an issuer that speaks for every unit.
fn issued_in(rulebook: &Rulebook, provision: ProvisionId, unit: crate::register::UnitId) -> bool {
    let text = &rulebook[rulebook[provision].text];
    rulebook[text.enacted_by].issuer.unit.is_none_or(|issuer| issuer == unit)
}
