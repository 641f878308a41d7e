//! What is said about codes before a check: which are denied and which allowed, by name or by how grave they are. A name says
//! more than a grade, and of what is said twice the denial counts.

use super::{Clears, Code, Severity};
use crate::reading::spelled::{self, Lookup};
use crate::rulebook::Names;

/// What is done with findings of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// They are reported and make the check fail.
    Fails,
    /// They are reported.
    Told,
    /// They are only counted.
    Silent,
}

/// Codes as they were said: one of them, or all of one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    Code(Code),
    All(Severity),
}

/// Nothing is written so; the nearest code, if any is near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub written: String,
    pub near: Option<Code>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    pub deny: Vec<Chosen>,
    pub allow: Vec<Chosen>,
}

impl Chosen {
    /// `gap`, `warnings`, `notes`; a code also by its title.
    ///
    /// # Errors
    /// When nothing is called so.
    pub fn read(written: &str) -> Result<Self, Unknown> {
        match written.trim() {
            "warnings" => Ok(Self::All(Severity::Warning)),
            "notes" => Ok(Self::All(Severity::Note)),
            other => code(other).map(Self::Code),
        }
    }
}

/// The code that is called so, by its id or its title in either language.
///
/// # Errors
/// When none is.
pub fn code(written: &str) -> Result<Code, Unknown> {
    let name = |code: &Code| {
        let told = super::explain::told(*code);
        Names::new(code.id().to_owned(), told.title.0.to_owned(), told.title.1.to_owned())
    };
    let names: Vec<Names> = Code::ALL.iter().map(name).collect();
    let at = |place: usize| Code::ALL.get(place).copied();
    let near = match spelled::lookup(written, names.iter()) {
        Lookup::One(place) => match at(place) {
            Some(code) => return Ok(code),
            None => None,
        },
        Lookup::Several(places) => places.into_iter().find_map(at),
        Lookup::Unknown(near) => near.and_then(at),
    };
    Err(Unknown { written: written.to_owned(), near })
}

impl Levels {
    /// What no text says of a procedure is looked for when it is denied or allowed by its name.
    pub(super) fn clears(&self) -> Clears {
        let unclear = Chosen::Code(Code::Unclear);
        if self.deny.contains(&unclear) || self.allow.contains(&unclear) { Clears::Told } else { Clears::Left }
    }

    #[must_use]
    pub fn of(&self, code: Code) -> Level {
        let named = Chosen::Code(code);
        let graded = Chosen::All(code.severity());
        for said in [named, graded] {
            if self.deny.contains(&said) {
                return Level::Fails;
            }
            if self.allow.contains(&said) {
                return Level::Silent;
            }
        }
        match code.severity() {
            Severity::Error | Severity::Warning => Level::Fails,
            Severity::Note => Level::Told,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Code, Level, Levels, Severity};

    #[test]
    fn a_name_says_more_than_a_grade_and_denial_wins() {
        let levels = Levels {
            deny: vec![Chosen::Code(Code::Dead), Chosen::All(Severity::Note)],
            allow: vec![Chosen::All(Severity::Warning), Chosen::Code(Code::Dead), Chosen::Code(Code::Unchecked)],
        };
        assert_eq!(levels.of(Code::Gap), Level::Fails);
        assert_eq!(levels.of(Code::Dead), Level::Fails);
        assert_eq!(levels.of(Code::Unreachable), Level::Silent);
        assert_eq!(levels.of(Code::Unchecked), Level::Silent);
        assert_eq!(levels.of(Code::Duplicate), Level::Fails);
        assert_eq!(Levels::default().of(Code::Duplicate), Level::Told);
    }

    #[test]
    fn a_code_is_found_by_id_and_title_and_a_slip_is_offered() {
        assert_eq!(Chosen::read("gap"), Ok(Chosen::Code(Code::Gap)));
        assert_eq!(Chosen::read("bỏ trống"), Ok(Chosen::Code(Code::Gap)));
        assert_eq!(Chosen::read("notes"), Ok(Chosen::All(Severity::Note)));
        assert_eq!(Chosen::read("conflct").expect_err("a slip").near, Some(Code::Conflict));
        assert_eq!(Chosen::read("weather").expect_err("nothing").near, None);
    }
}
