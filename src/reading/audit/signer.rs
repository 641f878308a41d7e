//! Who signed a decision: a body, and of which unit. Knows names, no ruling.

use jiff::civil::Date;

use super::row::Bad;
use crate::reading::question;
use crate::reading::trouble::{Member, Trouble, What};
use crate::register::{Fate, RowId, UnitId};
use crate::rulebook::{BodyId, Rulebook, SeatAt};
use crate::ruling::Named;

/// The body that signed, and where it sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    pub body: BodyId,
    pub bench: Bench,
}

/// Of which unit a body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bench {
    /// A body without a level.
    Nowhere,
    At(RowId),
    /// Units of that name there were, but all had ended on the day; what became of them.
    Gone(Vec<RowId>, Vec<Fate>),
}

/// Understands who signed on a day.
///
/// # Errors
/// When the body or its unit is missing, unknown or ambiguous.
pub fn signer(rulebook: &Rulebook, (body, unit): (&str, &str), on: Date) -> Result<Signer, Bad> {
    let bench = match question::seated(rulebook, (body, unit), on) {
        // A notary sits somewhere, but no unit's organ is one.
        Ok((_, None)) => Bench::Nowhere,
        Ok((_, Some(row))) => Bench::At(row),
        Err(trouble) if trouble.member == Member::Body => return Err(Bad::SignerBody(trouble)),
        Err(_) if unit.trim().is_empty() => return Err(Bad::NoSignerUnit),
        Err(trouble) => gone(rulebook, on, &trouble).ok_or(Bad::SignerUnit(trouble))?,
    };
    Ok(Signer { body: question::body(rulebook, body).map_err(Bad::SignerBody)?, bench })
}

/// Units of a name that all had ended.
fn gone(rulebook: &Rulebook, on: Date, trouble: &Trouble) -> Option<Bench> {
    let register = &rulebook.register;
    let What::UnitNotThen { rows, successors, .. } = &*trouble.what else { return None };
    let ended = |row: &RowId| register.unit(register.row(*row).unit).before.is_some_and(|before| before <= on);
    rows.iter().all(ended).then(|| Bench::Gone(rows.clone(), successors.clone()))
}

/// Whether the signer is one that a ruling names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Yes,
    No,
    /// It is the body, and of which unit of its level depends on the place.
    Perhaps,
}

impl Signer {
    /// The unit, where it is there on the day.
    #[must_use]
    pub fn unit(&self, rulebook: &Rulebook) -> Option<UnitId> {
        match &self.bench {
            Bench::At(row) => Some(rulebook.register.row(*row).unit),
            Bench::Nowhere | Bench::Gone(..) => None,
        }
    }

    pub(super) fn is(&self, rulebook: &Rulebook, named: Named) -> Is {
        if named.seat.body == self.body { self.sits(rulebook, named) } else { Is::No }
    }

    /// Whether the signer is of the unit that a ruling names, whatever its body.
    pub(super) fn sits(&self, rulebook: &Rulebook, named: Named) -> Is {
        let register = &rulebook.register;
        let row = match &self.bench {
            Bench::Gone(..) => return Is::No,
            Bench::Nowhere => None,
            Bench::At(row) => Some(register.row(*row)),
        };
        let yes = |holds: bool| if holds { Is::Yes } else { Is::No };
        if let Some(unit) = named.unit {
            return yes(row.is_some_and(|row| row.unit == register.row(unit).unit));
        }
        match named.seat.at {
            SeatAt::Nowhere => yes(row.is_none()),
            SeatAt::Unit(unit) => yes(row.is_some_and(|row| row.unit == unit)),
            SeatAt::Any { level } => yes(row.is_some_and(|row| row.level == level)),
            SeatAt::Level { level, .. } | SeatAt::Here { level } | SeatAt::Others { level, .. } => {
                if row.is_some_and(|row| row.level == level) { Is::Perhaps } else { Is::No }
            }
        }
    }
}
