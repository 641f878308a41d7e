//! Addresses inside documents, and how a sentence cites one.

use thamquyen::syntax::tree::PartKind;

use super::recipe::Draw;
use super::words::{Both, both, fill, joined, same};

/// Parts, largest first.
pub type Address = Vec<(PartKind, &'static str)>;

const fn words(kind: PartKind) -> (&'static str, &'static str) {
    match kind {
        PartKind::Annex => ("annex", "Phụ lục"),
        PartKind::Part => ("part", "phần"),
        PartKind::Section => ("section", "Mục"),
        PartKind::Subsection => ("subsection", "Tiểu mục"),
        PartKind::Article => ("article", "Điều"),
        PartKind::Clause => ("clause", "khoản"),
        PartKind::Point => ("point", "điểm"),
        PartKind::Item => ("item", "dòng"),
        PartKind::Paragraph => ("paragraph", "đoạn"),
    }
}

/// Parts that can be meant by *this*.
const THIS: [PartKind; 6] =
    [PartKind::Article, PartKind::Clause, PartKind::Point, PartKind::Section, PartKind::Part, PartKind::Annex];

const ARTICLES: [&str; 4] = ["1", "2", "3", "12a"];

pub fn drawn(draw: &mut Draw<'_>) -> Address {
    let article = draw.of(&ARTICLES);
    let mut address = vec![(PartKind::Article, article)];
    match draw.pick(16) {
        1..=5 => address.push((PartKind::Clause, "1")),
        6..=9 => address.push((PartKind::Clause, "2")),
        10 => address.extend([(PartKind::Clause, "2"), (PartKind::Point, "a")]),
        11 => address.extend([(PartKind::Clause, "2"), (PartKind::Point, "đ"), (PartKind::Paragraph, "2")]),
        12 => address = vec![(PartKind::Annex, "I"), (PartKind::Section, "1"), (PartKind::Item, article)],
        13 => address = vec![(PartKind::Part, "II"), (PartKind::Section, "1"), (PartKind::Subsection, "2")],
        14 => address = vec![(PartKind::Section, "1"), (PartKind::Article, article)],
        _ => {}
    }
    address
}

pub fn written(address: &Address) -> Both {
    let part = |(kind, label): &(PartKind, &str)| {
        let (english, vietnamese) = words(*kind);
        both(format!("{english} {label}"), format!("{vietnamese} {label}"))
    };
    let parts: Vec<Both> = address.iter().map(part).collect();
    let reversed: Vec<Both> = parts.iter().rev().cloned().collect();
    // English runs from large to small, Vietnamese from small to large.
    fill("{0}", "{1}", &[&joined(&parts, &same(" ")), &joined(&reversed, &same(" "))])
}

/// The first part of an address that can be meant by *this*.
pub fn this(standing: &Address) -> Option<Both> {
    let (kind, _) = standing.iter().find(|(kind, _)| THIS.contains(kind))?;
    let (english, vietnamese) = words(*kind);
    Some(both(format!("this {english}"), format!("{vietnamese} này")))
}

/// A citation from where a sentence stands; `None` for the document where the address is in its own.
pub fn cited(standing: &Address, address: &Address, of: &Both, is_own: bool, draw: &mut Draw<'_>) -> Both {
    let this = address.last().filter(|(kind, _)| is_own && standing.starts_with(address) && THIS.contains(kind));
    if let Some((kind, _)) = this
        && draw.one_in(2)
    {
        let (english, vietnamese) = words(*kind);
        return both(format!("this {english}"), format!("{vietnamese} này"));
    }
    if address.is_empty() {
        return of.clone();
    }
    // An address that begins where the standing one does needs nothing in front.
    let completed = standing.first().map(|(kind, _)| kind) == address.first().map(|(kind, _)| kind);
    if is_own && completed && draw.one_in(2) {
        return written(address);
    }
    fill("{0} of {1}", "{0} của {1}", &[&written(address), of])
}
