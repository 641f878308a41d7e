//! Questions in query strings: `task`, `in`, `in.ROLE`, `on`, `fact.NAME`. Knows how they are written, not what they mean.

use super::caller::{Caller, Wrong};
use super::problem::Problem;
use crate::reading::question::Asked;
use crate::reading::spelled::Given;
use crate::syntax::tree::Language;

/// Reads a question of some of these parameters. Units may be said several times, and a fact said several times has several
/// values; anything else is said once.
pub(super) fn asked(caller: &Caller, known: &[&str]) -> Result<Asked<'static>, Problem> {
    let mut asked = Asked::default();
    let mut facts: Vec<(String, Vec<String>)> = Vec::new();
    for (place, (name, value)) in caller.parameters.iter().enumerate() {
        let (role, fact) = (name.strip_prefix("in."), name.strip_prefix("fact."));
        let pattern = match (role, fact) {
            (Some(_), _) => "in.ROLE",
            (_, Some(_)) => "fact.NAME",
            (None, None) => name,
        };
        if !known.contains(&pattern) {
            return Err(caller.wrong(name, Wrong::Unknown(known)));
        }
        let once = !matches!(pattern, "in" | "in.ROLE" | "fact.NAME");
        if once && caller.parameters.iter().take(place).any(|(earlier, _)| earlier == name) {
            return Err(caller.wrong(name, Wrong::Twice));
        }
        match (pattern, role, fact) {
            ("task", ..) => asked.task = Some(value.clone().into()),
            ("on", ..) => asked.on = Some(value.clone().into()),
            ("in", ..) => asked.places.push((None, value.clone().into())),
            ("lang", ..) if Language::from_tag(value).is_none() => {
                return Err(caller.wrong("lang", Wrong::Language(value)));
            }
            (_, Some(role), _) => asked.places.push((Some(role.to_owned().into()), value.clone().into())),
            (_, _, Some(fact)) => match facts.iter_mut().find(|(earlier, _)| earlier == fact) {
                Some((_, values)) => values.push(value.clone()),
                None => facts.push((fact.to_owned(), vec![value.clone()])),
            },
            _ => {}
        }
    }
    asked.facts = facts.into_iter().map(|(name, values)| (name.into(), Given::said(values))).collect();
    Ok(asked)
}
