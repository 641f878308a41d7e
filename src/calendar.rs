//! Days as people write them. Knows nothing of the language, and never of today.

use jiff::civil::Date;

/// Reads `2022-05-10`, `10/05/2022` or `10/5/2022`; `None` for what no calendar has.
#[must_use]
pub fn read(written: &str) -> Option<Date> {
    // As nearly all programs write it.
    if let [year @ .., b'-', m1, m2, b'-', d1, d2] = written.as_bytes()
        && year.len() == 4
        && let (Some(year), Some(month), Some(day)) = (digits(year), digits(&[*m1, *m2]), digits(&[*d1, *d2]))
    {
        return date(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    }
    let (year, month, day) = if written.contains('-') {
        let [year, month, day] = three(written, '-')?;
        (year, month, day)
    } else {
        let [day, month, year] = three(written, '/')?;
        (year, month, day)
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| date.year() >= 1000)
}

/// The number of few digits; none where there is another character.
fn digits(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
}

/// Reads `18 tháng 6 năm 2020`, `18 June 2020` or `June 18, 2020`, which no rule may hold, to say how it is written.
#[must_use]
pub fn in_words(written: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let written = written.to_lowercase();
    let words: Vec<&str> = written.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let named = |month: &str| MONTHS.iter().position(|name| *name == month).map(|at| at + 1);
    let (year, month, day) = match words.as_slice() {
        [day, "tháng", month, "năm", year] => (year, month.parse().ok()?, day),
        [day, month, year] if named(month).is_some() => (year, named(month)?, day),
        [month, day, year] => (year, named(month)?, day),
        _ => return None,
    };
    read(&format!("{year}-{month}-{day}"))
}

fn three(written: &str, mark: char) -> Option<[&str; 3]> {
    let mut parts = written.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let digits = three.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    (parts.next().is_none() && digits).then_some(three)
}

/// The day after, as `through D` (which includes D) is stored as what comes before the next day.
#[must_use]
pub fn day_after(date: Date) -> Option<Date> {
    date.tomorrow().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_words_too() {
        for written in ["18 tháng 6 năm 2020", "18 June 2020", "June 18, 2020"] {
            assert_eq!(in_words(written), read("2020-06-18"), "{written}");
        }
        for wrong in ["31 tháng 2 năm 2020", "18 tháng 6", "a b c", "18/06/2020"] {
            assert_eq!(in_words(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn both_ways() {
        assert_eq!(read("2022-05-10"), read("10/05/2022"));
        assert_eq!(read("10/5/2022"), read("2022-5-10"));
        assert_eq!(read("2022-05-10"), Some(jiff::civil::date(2022, 5, 10)));
        for wrong in ["31/02/2025", "2025", "2022-13-01", "10-05-2022", "1/1/22", "2022/01/01", "+1/1/2022"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        for wrong in ["2025-02-31", "2022-00-10", "2022-05-1a", "202a-05-10", "+022-05-10", "0999-05-10", "2022-0-010"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
