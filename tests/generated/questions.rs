//! Questions to a generated library: days at and beside those on which its rules change, places of every level, and values at and
//! beside the constants of its tests; now and then a fact or a place is left out.

use jiff::civil::Date;
use thamquyen::rulebook::{Domain, FactId, Rulebook, TaskId, Value};
use thamquyen::ruling::Question;

use super::{all_days, numbers};

/// So many questions, always the same for a rulebook and a seed.
pub fn questions(rulebook: &Rulebook, seed: u64, count: usize) -> Vec<Question> {
    let mut next = numbers(seed ^ 0x5eed);
    let mut pick = move |among: usize| usize::try_from(next() >> 33).unwrap_or(0) % among.max(1);
    let days = all_days();
    (0..count).map(|_| question(rulebook, &days, &mut pick)).collect()
}

fn question(rulebook: &Rulebook, days: &[Date], pick: &mut impl FnMut(usize) -> usize) -> Question {
    // The tasks on which there are sentences, the more the oftener.
    let spoken: Vec<TaskId> = rulebook.provisions.iter().filter_map(|provision| provision.statement.task()).collect();
    let any = TaskId(u32::try_from(pick(rulebook.tasks.len())).unwrap_or(0));
    let task = spoken.get(pick(spoken.len() + 1)).copied().unwrap_or(any);
    // Most law is young.
    let on = days[pick(days.len()).max(pick(days.len()))];
    let rows: Vec<_> = rulebook.register.rows_on(on).collect();
    let lowest: Vec<_> = {
        let level = rows.iter().map(|row| rulebook.register.row(*row).level).max();
        rows.iter().copied().filter(|row| Some(rulebook.register.row(*row).level) == level).collect()
    };
    let mut without = Vec::new();
    let mut places = Vec::new();
    for role in &rulebook[task].roles {
        let none = rulebook[task].optional.contains(role) && pick(3) == 0;
        if none {
            without.push(*role);
        }
        places.push(match pick(12) {
            _ if none => Vec::new(),
            0 => Vec::new(),
            1 => vec![rows[pick(rows.len())]],
            2 | 3 => vec![lowest[pick(lowest.len())], lowest[pick(lowest.len())]],
            _ => vec![lowest[pick(lowest.len())]],
        });
    }
    without.sort();
    let mut facts = Vec::new();
    let mut left_out = 0;
    for fact in &rulebook[task].facts {
        if pick(8) == 0 && left_out < 2 {
            left_out += 1;
        } else {
            facts.push((*fact, value(rulebook, *fact, pick)));
        }
    }
    Question { task, on, places, without, facts }
}

pub fn value(rulebook: &Rulebook, fact: FactId, pick: &mut impl FnMut(usize) -> usize) -> Value {
    let index = |at: usize| u8::try_from(at).unwrap_or(0);
    match &rulebook[fact].domain {
        Domain::Boolean => Value::Boolean(pick(2) == 0),
        Domain::One { values, .. } => Value::One(index(pick(values.len()))),
        Domain::Many { values, .. } => {
            let mut some: std::collections::BTreeSet<u8> =
                (0..values.len()).filter(|_| pick(2) == 0).map(index).collect();
            some.insert(index(pick(values.len())));
            Value::Many(some)
        }
        // The constants of whole numbers are 9 to 12, of decimals 5, 9.9, 10 and 10.1.
        Domain::Number { integer: true, .. } => Value::Number(decimal(i64::try_from(pick(6)).unwrap_or(0) + 8, 0)),
        Domain::Number { integer: false, .. } => {
            Value::Number(decimal([499, 500, 501, 980, 990, 995, 1000, 1005, 1010, 1020][pick(10)], 2))
        }
        Domain::Date => Value::Date(all_days()[pick(all_days().len())]),
        Domain::LevelOrNone => {
            let at = pick(rulebook.levels.len() + 1);
            let level = (at < rulebook.levels.len()).then(|| thamquyen::register::LevelId(index(at)));
            Value::Level(level)
        }
    }
}

fn decimal(number: i64, scale: u32) -> rust_decimal::Decimal {
    rust_decimal::Decimal::new(number, scale)
}
