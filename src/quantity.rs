//! Numbers as people write them, with their units of measure. Knows nothing of the language.

use rust_decimal::Decimal;

/// Why a number could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// `1.500`: one mark with three digits behind it separates thousands for some and decimals for others.
    Ambiguous([String; 2]),
    /// Neither a decimal nor groups of three, or beyond what is counted.
    Malformed,
}

/// Reads `0,5`, `0.5`, `1 000 000`, `1.000.000`, `1,000,000`, `1.234,5`.
///
/// # Errors
///
/// When it can be read two ways or not at all.
pub fn read(written: &str) -> Result<Decimal, Unreadable> {
    let (minus, digits) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (whole, fraction) = split(digits)?;
    let plain = if fraction.is_empty() { format!("{minus}{whole}") } else { format!("{minus}{whole}.{fraction}") };
    Decimal::from_str_exact(&plain).map_err(|_| Unreadable::Malformed)
}

/// Writes a number so that [`read`] reads it back: groups of three parted by a blank from five digits on, no needless
/// zeros, and one zero more where three decimals could pass for thousands.
#[must_use]
pub fn written(value: Decimal, mark: char) -> String {
    let plain = value.normalize().to_string();
    let (minus, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && whole.len() > 4 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    let doubtful = fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
    match (fraction, doubtful) {
        ("", _) => format!("{minus}{grouped}"),
        (_, false) => format!("{minus}{grouped}{mark}{fraction}"),
        (_, true) => format!("{minus}{grouped}{mark}{fraction}0"),
    }
}

/// The digits before and behind the decimal mark, without separators of thousands.
fn split(digits: &str) -> Result<(String, String), Unreadable> {
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let last = marks.last().copied();
    let parts = |mark: char| digits.rsplit_once(mark).unwrap_or((digits, ""));
    match (marks.as_slice(), last) {
        ([], _) => Ok((digits.to_owned(), String::new())),
        (_, Some(' ')) => Ok((groups(digits, &[' '])?, String::new())),
        ([mark @ ('.' | ',')], _) => {
            let (whole, fraction) = parts(*mark);
            if fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0') {
                // Each reading as it could be written without doubt.
                let trimmed = fraction.trim_end_matches('0');
                let decimal = match trimmed.len() {
                    0 => format!("{whole}{mark}0"),
                    3 => format!("{whole}{mark}{fraction}0"),
                    _ => format!("{whole}{mark}{trimmed}"),
                };
                return Err(Unreadable::Ambiguous([format!("{whole}{fraction}"), decimal]));
            }
            Ok((whole.to_owned(), fraction.to_owned()))
        }
        ([first, .., second], _) if first == second => Ok((groups(digits, &[*first])?, String::new())),
        ([first, .., second], _) if *second != ' ' => {
            let (whole, fraction) = parts(*second);
            Ok((groups(whole, &[*first])?, fraction.to_owned()))
        }
        _ => Err(Unreadable::Malformed),
    }
}

/// Digits in groups of three, the first perhaps shorter, all parted by one mark.
fn groups(digits: &str, marks: &[char]) -> Result<String, Unreadable> {
    let mut joined = String::new();
    for (i, group) in digits.split(|c| marks.contains(&c)).enumerate() {
        let fits = group.bytes().all(|b| b.is_ascii_digit())
            && if i == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        if !fits {
            return Err(Unreadable::Malformed);
        }
        joined.push_str(group);
    }
    Ok(joined)
}

/// Takes a multiplier off the front of a unit: `tỷ đồng` is 1,000,000,000 and `đồng`.
#[must_use]
pub fn multiplier(unit: &str) -> (Decimal, Option<&str>) {
    const MULTIPLIERS: [(&str, i64); 8] = [
        ("nghìn tỷ", 1_000_000_000_000),
        ("nghìn", 1_000),
        ("ngàn", 1_000),
        ("triệu", 1_000_000),
        ("tỷ", 1_000_000_000),
        ("tỉ", 1_000_000_000),
        ("million", 1_000_000),
        ("billion", 1_000_000_000),
    ];
    for (word, times) in MULTIPLIERS {
        if let Some(rest) = unit.strip_prefix(word)
            && (rest.is_empty() || rest.starts_with(' '))
        {
            let rest = rest.trim_start();
            return (Decimal::from(times), (!rest.is_empty()).then_some(rest));
        }
    }
    (Decimal::ONE, (!unit.is_empty()).then_some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_written() {
        for (written, value) in [
            ("0,5", "0.5"),
            ("0.5", "0.5"),
            ("1.000.000", "1000000"),
            ("1 000 000", "1000000"),
            ("1 000", "1000"),
            ("1,5", "1.5"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("0.500", "0.5"),
            ("1234.500", "1234.5"),
            ("-3", "-3"),
            ("1.013949", "1.013949"),
        ] {
            assert_eq!(read(written).map(|n| n.normalize().to_string()), Ok(value.to_owned()), "{written}");
        }
        assert_eq!(read("1.500"), Err(Unreadable::Ambiguous(["1500".to_owned(), "1.5".to_owned()])));
        assert_eq!(read("1,500"), Err(Unreadable::Ambiguous(["1500".to_owned(), "1,5".to_owned()])));
        for wrong in ["1.00.0", "1.0000.000", "1.000,000,000", "99999999999999999999999999999999"] {
            assert_eq!(read(wrong), Err(Unreadable::Malformed), "{wrong}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (value, written_as) in [
            ("0.5", "0,5"),
            ("1500", "1500"),
            ("15000", "15 000"),
            ("1000000", "1 000 000"),
            ("1234567.25", "1 234 567,25"),
            ("1.125", "1,1250"),
            ("0.125", "0,125"),
            ("-12345.125", "-12 345,125"),
            ("0.50", "0,5"),
        ] {
            let value = Decimal::from_str_exact(value).expect("a number");
            assert_eq!(written(value, ','), written_as);
            for mark in [',', '.'] {
                assert_eq!(read(&written(value, mark)), Ok(value), "{value}");
            }
        }
    }

    #[test]
    fn multipliers() {
        assert_eq!(multiplier("tỷ đồng"), (Decimal::from(1_000_000_000), Some("đồng")));
        assert_eq!(multiplier("triệu"), (Decimal::from(1_000_000), None));
        assert_eq!(multiplier("m2"), (Decimal::ONE, Some("m2")));
    }
}
