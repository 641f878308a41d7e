//! The days of which the generated rules speak: few, and some next to each other, so that they meet.

use jiff::civil::Date;

use super::words::{Both, both};

pub const DAYS: [(i16, i8, i8); 14] = [
    (2001, 1, 1),
    (2002, 1, 1),
    (2002, 7, 1),
    (2003, 1, 1),
    (2003, 1, 2),
    (2003, 7, 1),
    (2004, 1, 1),
    (2004, 1, 2),
    (2004, 2, 29),
    (2005, 1, 1),
    (2006, 1, 1),
    (2006, 12, 31),
    (2007, 1, 1),
    (2008, 1, 1),
];

pub fn day(at: usize) -> Date {
    let (year, month, day) = DAYS[at.min(DAYS.len() - 1)];
    jiff::civil::date(year, month, day)
}

pub fn written(day: Date) -> Both {
    both(day.to_string(), format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()))
}

/// Days from `from` on and before `before`, as indices into [`DAYS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<usize>,
    pub before: Option<usize>,
}

impl Span {
    pub fn is_empty(self) -> bool {
        self.from.zip(self.before).is_some_and(|(from, before)| from >= before)
    }

    pub fn within(self, other: Self) -> Self {
        let before = match (self.before, other.before) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { from: self.from.max(other.from), before }
    }

    /// `from D before D`; an end is written as the last day where `through`.
    pub fn words(self, through: bool) -> Both {
        let from = self.from.map(|from| written(day(from)));
        let end = self.before.map(|before| {
            let before = day(before);
            if through { written(before.yesterday().expect("not the first day of all")) } else { written(before) }
        });
        let (mut english, mut vietnamese) = (Vec::new(), Vec::new());
        if let Some(from) = from {
            english.push(format!("from {}", from.in_language(thamquyen::syntax::tree::Language::English)));
            vietnamese.push(format!("từ ngày {}", from.in_language(thamquyen::syntax::tree::Language::Vietnamese)));
        }
        if let Some(end) = end {
            let (word, words) =
                if through { ("through", "đến hết ngày") } else { ("before", "đến trước ngày") };
            english.push(format!("{word} {}", end.in_language(thamquyen::syntax::tree::Language::English)));
            vietnamese.push(format!("{words} {}", end.in_language(thamquyen::syntax::tree::Language::Vietnamese)));
        }
        both(english.join(" "), vietnamese.join(" "))
    }
}
