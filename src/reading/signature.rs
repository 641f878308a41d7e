//! Who signs, in what form, and whose seal is set: a reading of a ruling and of what the catalogue says of bodies. The forms are
//! those of Nghị định 30/2020/NĐ-CP, Điều 13 on documents of state bodies:
//!
//! - who heads a body that works collectively signs *on behalf of* it (TM., clause 2);
//! - an office signs itself, and so does the head of a body that works under one head (clause 1);
//! - a deputy signs *in place of* the one for whom it deputises (KT., clauses 1 and 2), unless a text says that none may;
//! - where a delegation says that the seal of the giver is used, the receiver signs *by delegation* of the giver (TUQ.,
//!   clause 3), which is not passed on to a deputy. Without these words a receiver signs as it always does.
//!
//! What the texts name as signers is taken at its word, the form still being the one of whoever decides. Knows no words.

use crate::register::LevelId;
use crate::rulebook::{BodyId, Handling, Rulebook, SealOf, SeatAt};
use crate::ruling::{Decider, Named, Outcome};

/// One way in which a decision is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// For whom it is signed, above the signer's own office.
    pub mark: Option<(Mark, Named)>,
    /// The signer deputises for this one (KT.).
    pub in_place_of: Option<Named>,
    pub signer: Named,
    /// A deputy of the signer may sign in its place.
    pub deputy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// TM.
    OnBehalf,
    /// TUQ.
    ByDelegation,
}

/// How a ruling is signed: by each who decides, in the order of the deciders; nothing where nobody decides, where the texts
/// on it are unlike, or where the catalogue does not say how a body works.
#[must_use]
pub fn signatures(
    rulebook: &Rulebook,
    outcome: Outcome,
    deciders: &[Decider],
    handling: &[Handling<Named>],
) -> Vec<Signature> {
    if !matches!(outcome, Outcome::Decided | Outcome::Concurrent) {
        return Vec::new();
    }
    let mut said = handling.iter().filter_map(|one| if let Handling::Signers(all) = one { Some(all) } else { None });
    let (signers, unlike) = (said.next(), said.next().is_some());
    if unlike {
        return Vec::new();
    }
    let deputy = !handling.iter().any(|one| matches!(one, Handling::NoDeputy));
    let form = Form { rulebook, deputy };
    let signers: &[Named] = signers.map_or(&[], Vec::as_slice);
    let own =
        |decider: &Decider| signers.iter().filter(|signer| form.acts_for(**signer, decider.who)).copied().collect();
    let named: Vec<Vec<Named>> = deciders.iter().map(own).collect();
    let mut all: Vec<Signature> = Vec::new();
    if !signers.is_empty() && named.iter().all(Vec::is_empty) {
        // Of nobody's own: they sign as the text says.
        all.extend(signers.iter().map(|signer| Signature { mark: None, in_place_of: None, signer: *signer, deputy }));
    } else {
        for (decider, named) in deciders.iter().zip(named) {
            let signers = if named.is_empty() { form.usual(decider).into_iter().collect() } else { named };
            // The deputy who decides itself is no deputy who signs for another.
            let may = |one: &Signature| deputy || one.in_place_of.is_none() || one.signer == decider.who;
            all.extend(signers.iter().map(|signer| form.of(decider, *signer)).filter(may));
        }
    }
    let mut seen: Vec<Signature> = Vec::new();
    all.retain(|one| {
        let new = !seen.contains(one);
        seen.push(*one);
        new
    });
    all
}

/// Whose seal is set: as a text says, else as the delegation does by which it is decided; `None` where neither says so, or
/// several do, unlike.
#[must_use]
pub fn seal(outcome: Outcome, deciders: &[Decider], handling: &[Handling<Named>]) -> Option<Named> {
    if !matches!(outcome, Outcome::Decided | Outcome::Concurrent) {
        return None;
    }
    let mut said = handling.iter().filter_map(|one| if let Handling::Seal(of) = one { Some(*of) } else { None });
    if let Some(seal) = said.next() {
        return Some(seal).filter(|_| said.next().is_none());
    }
    let mut of = deciders.iter().map(|decider| match decider.seal? {
        SealOf::Receiver => Some(decider.who),
        SealOf::Giver => Some(decider.answerable),
    });
    let first = of.next().flatten();
    first.filter(|_| of.all(|other| other == first))
}

struct Form<'a> {
    rulebook: &'a Rulebook,
    deputy: bool,
}

impl Form<'_> {
    /// Who signs for a decider where no text says so.
    fn usual(&self, decider: &Decider) -> Option<Named> {
        let who = decider.who;
        let body = &self.rulebook[who.seat.body];
        if body.heads.is_some() || body.deputises.is_some() {
            return Some(who);
        }
        let head = self.head(who)?;
        body.collective.map(|_| self.beside(who, head))
    }

    /// The signature of one of the decider's own.
    fn of(&self, decider: &Decider, signer: Named) -> Signature {
        let who = decider.who;
        let signer = self.beside(who, signer.seat.body);
        let in_place_of = self.rulebook[signer.seat.body].deputises.map(|superior| self.beside(who, superior));
        let delegated = decider.seal == Some(SealOf::Giver);
        let collective = self.rulebook[who.seat.body].collective == Some(true) && signer.seat.body != who.seat.body;
        let mark = match (delegated, collective) {
            (true, _) => Some((Mark::ByDelegation, decider.answerable)),
            (false, true) => Some((Mark::OnBehalf, who)),
            (false, false) => None,
        };
        Signature { mark, in_place_of, signer, deputy: self.deputy && !delegated && in_place_of.is_none() }
    }

    /// A signer is of the decider's own: it is the decider, its head, or a deputy of one of them, at the same level.
    fn acts_for(&self, signer: Named, decider: Named) -> bool {
        let (body, decides) = (&self.rulebook[signer.seat.body], decider.seat.body);
        let is_or_heads = |body: BodyId| body == decides || self.rulebook[body].heads == Some(decides);
        let own = is_or_heads(signer.seat.body) || body.deputises.is_some_and(is_or_heads);
        own && self.level(signer) == self.level(decider)
    }

    /// The one office that heads a body where it sits.
    fn head(&self, of: Named) -> Option<BodyId> {
        let level = self.level(of);
        let ids = (0..).map(BodyId).zip(&self.rulebook.bodies);
        let mut heads = ids.filter(|(_, body)| {
            body.heads == Some(of.seat.body) && level.is_none_or(|level| body.levels.contains(&level))
        });
        let (head, _) = heads.next()?;
        Some(head).filter(|_| heads.next().is_none())
    }

    /// Another body in the same seat.
    const fn beside(&self, of: Named, body: BodyId) -> Named {
        let mut named = of;
        named.seat.body = body;
        named
    }

    fn level(&self, of: Named) -> Option<LevelId> {
        match of.seat.at {
            SeatAt::Nowhere => None,
            SeatAt::Level { level, .. }
            | SeatAt::Here { level }
            | SeatAt::Any { level }
            | SeatAt::Others { level, .. } => Some(level),
            SeatAt::Unit(unit) => {
                let register = &self.rulebook.register;
                register.rows_of(unit).last().map(|row| register.row(*row).level)
            }
        }
    }
}
