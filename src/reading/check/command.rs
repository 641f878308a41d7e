//! A point as the command that asks about it. Knows what the command line reads; nothing of findings.

use super::Point;
use crate::quantity;
use crate::reading::naming;
use crate::rulebook::{FactId, Rulebook, Value};
use crate::ruling::Question;

/// `tq ask …` about a point, the same in every language: ids, codes, days. `None` where no question can say it.
#[must_use]
pub fn ask_command(rulebook: &Rulebook, point: &Point) -> Option<String> {
    Some(asking(rulebook, &point.question(rulebook)?))
}

/// The same about a question.
#[must_use]
pub fn asking(rulebook: &Rulebook, question: &Question) -> String {
    let task = &rulebook[question.task];
    let mut words = vec!["tq".to_owned(), "ask".to_owned(), quoted(&task.names.id)];
    words.extend(places(rulebook, question));
    words.extend(["--on".to_owned(), question.on.to_string()]);
    for (fact, value) in &question.facts {
        let name = &rulebook[*fact].names.id;
        for value in values(rulebook, *fact, value) {
            words.extend(["--fact".to_owned(), quoted(&format!("{name}={value}"))]);
        }
    }
    words.join(" ")
}

fn places(rulebook: &Rulebook, question: &Question) -> Vec<String> {
    let roles = rulebook[question.task].roles.iter().zip(&question.places);
    let mut words = Vec::new();
    for (index, (role, rows)) in roles.enumerate() {
        let name = &rulebook[*role].names.id;
        let mut say = |unit: &str| {
            let place = if index == 0 && unit != NONE { unit.to_owned() } else { format!("{name}={unit}") };
            words.extend(["--in".to_owned(), quoted(&place)]);
        };
        if question.without.contains(role) {
            say(NONE);
        }
        rows.iter().for_each(|row| say(&rulebook.register.row(*row).code));
    }
    words
}

/// What is written where there is no place, and of a level that is none.
const NONE: &str = "none";

/// A value as the command line reads it; one text for each of several.
fn values(rulebook: &Rulebook, fact: FactId, value: &Value) -> Vec<String> {
    let names = naming::values(&rulebook[fact].domain);
    let id = |index: &u8| names.get(usize::from(*index)).map_or("", |names| names.id.as_str()).to_owned();
    match value {
        Value::Boolean(truth) => vec![if *truth { "yes" } else { "no" }.to_owned()],
        Value::One(index) => vec![id(index)],
        Value::Many(set) => set.iter().map(id).collect(),
        Value::Number(number) => vec![quantity::written(*number, '.')],
        Value::Date(date) => vec![date.to_string()],
        Value::Level(level) => {
            vec![level.map_or(NONE, |level| rulebook[level].names.id.as_str()).to_owned()]
        }
    }
}

/// As a shell takes it for one word.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_=.,:/".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(quoted("dien-tich=0.5"), "dien-tich=0.5");
        assert_eq!(quoted("tiền=1 000 000"), "'tiền=1 000 000'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
