//! (stub; being written elsewhere)
use crate::rulebook::Rulebook;
use crate::ruling::{Answer, BadQuestion, Question};

pub fn ask(_rulebook: &Rulebook, _question: &Question) -> Result<Answer, BadQuestion> {
    Err(BadQuestion::Impossible)
}
