//! The choices of a next question in words: values, ranges of numbers and days joined where they touch, places, readings.

use super::naming::Voice;
use super::words::pick;
use crate::register::RowId;
use crate::rulebook::{Days, FactId, Language, Value};
use crate::ruling::{About, Choice};

/// All choices of one branch.
#[must_use]
pub fn words(voice: Voice<'_>, choices: &[Choice], about: About) -> String {
    let language = voice.language;
    let mut said: Vec<String> = Vec::new();
    let mut open: Option<Range> = None;
    for choice in choices {
        let range = Range::of(choice);
        open = match (open, range) {
            (Some(earlier), Some(next)) => match earlier.joined(&next) {
                Some(joined) => Some(joined),
                None => {
                    said.push(earlier.words(voice, about));
                    Some(next)
                }
            },
            (None, next @ Some(_)) => next,
            (earlier, None) => {
                said.extend(earlier.map(|range| range.words(voice, about)));
                said.push(one(voice, choice, about));
                None
            }
        };
    }
    said.extend(open.map(|range| range.words(voice, about)));
    said.join(pick(language, " hoặc ", " or "))
}

/// One choice by itself.
#[must_use]
pub fn one(voice: Voice<'_>, choice: &Choice, about: About) -> String {
    if let Some(range) = Range::of(choice) {
        return range.words(voice, about);
    }
    match (choice, about) {
        (Choice::Value(value), About::Fact(fact)) => voice.value(fact, value),
        (Choice::Reading(option), About::Reading(reading)) => format!("“{}”", voice.reading_option(reading, *option)),
        (Choice::Reading(option), About::Fact(_) | About::Place(_)) => option.to_string(),
        (Choice::Place { unit, .. }, _) => place(voice, *unit),
        (Choice::Value(_) | Choice::Between(..), _) => String::new(),
    }
}

/// A unit with its code, and its last day where it has one: a part of the asked place may be named by what it was.
fn place(voice: Voice<'_>, id: RowId) -> String {
    let row = voice.rulebook.register.row(id);
    let days = Days { from: None, before: row.before };
    let end = row.before.map(|_| format!(", {}", super::words::days(days, voice.language))).unwrap_or_default();
    format!("{} ({}{end})", voice.row(id), row.code)
}

/// A stretch of a number's or a day's axis; an end that is `None` is open, one with `true` belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Range {
    low: Option<(Value, bool)>,
    high: Option<(Value, bool)>,
}

impl Range {
    fn of(choice: &Choice) -> Option<Self> {
        match choice {
            Choice::Value(value @ (Value::Number(_) | Value::Date(_))) => {
                Some(Self { low: Some((value.clone(), true)), high: Some((value.clone(), true)) })
            }
            Choice::Between(low, high) => {
                let end = |end: &Option<Value>| end.clone().map(|value| (value, false));
                Some(Self { low: end(low), high: end(high) })
            }
            Choice::Value(Value::Boolean(_) | Value::One(_) | Value::Many(_) | Value::Level(_))
            | Choice::Reading(_)
            | Choice::Place { .. } => None,
        }
    }

    /// One stretch, where the next begins at the point at which this ends and just one of them has it.
    fn joined(&self, next: &Self) -> Option<Self> {
        let ((high, has), (low, begins)) = (self.high.as_ref()?, next.low.as_ref()?);
        (high == low && has != begins).then(|| Self { low: self.low.clone(), high: next.high.clone() })
    }

    fn words(&self, voice: Voice<'_>, about: About) -> String {
        let say = |fact: FactId, value: &Value| voice.value(fact, value);
        let value = |value: &Value| match about {
            About::Fact(fact) => say(fact, value),
            About::Place(_) | About::Reading(_) => String::new(),
        };
        let language = voice.language;
        if let (Some((low, true)), Some((high, true))) = (&self.low, &self.high)
            && low == high
        {
            return value(low);
        }
        let low = self.low.as_ref().map(|(low, has)| match (has, language) {
            (true, Language::Vietnamese) => format!("từ {}", value(low)),
            (true, Language::English) => format!("from {}", value(low)),
            (false, Language::Vietnamese) => format!("trên {}", value(low)),
            (false, Language::English) => format!("above {}", value(low)),
        });
        let high = self.high.as_ref().map(|(high, has)| match (has, language) {
            (true, Language::Vietnamese) => format!("đến {}", value(high)),
            (true, Language::English) => format!("up to {}", value(high)),
            (false, Language::Vietnamese) => format!("dưới {}", value(high)),
            (false, Language::English) => format!("below {}", value(high)),
        });
        match (low, high, language) {
            (Some(low), Some(high), Language::Vietnamese) => format!("{low} và {high}"),
            (Some(low), Some(high), Language::English) => format!("{low} and {high}"),
            (Some(end), None, _) | (None, Some(end), _) => end,
            (None, None, Language::Vietnamese) => "mọi giá trị".to_owned(),
            (None, None, Language::English) => "any value".to_owned(),
        }
    }
}
