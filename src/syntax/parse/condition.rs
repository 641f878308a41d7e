//! Conditions, values, periods, units and addresses: the parts of lines that many lines have.

use jiff::civil::Date;

use rust_decimal::Decimal;

use super::Rule;
use super::keyword::Kind;
use super::node::{Node, lookup};
use crate::calendar;
use crate::quantity;
use crate::source::Spanned;
use crate::syntax::tree::{
    Address, AddressRef, CitedAddress, Comparison, Direction, DocumentRef, Extreme, Further, Holder, Literal, PartKind,
    Period, Predicate, Scope, SeatAt, Test, Tested, UnitRef, Which,
};

/// A date that is known to be one: every line is searched for bad dates before it is built.
pub(super) fn date(node: &Node<'_>) -> Option<Spanned<Date>> {
    Some(Spanned::new(calendar::read(node.text)?, node.span))
}

pub(super) fn first_date(node: &Node<'_>) -> Option<Spanned<Date>> {
    node.child(Rule::date).and_then(date)
}

pub(super) fn period(node: &Node<'_>) -> Option<Period> {
    let mut period = Period { from: None, before: None, through: false, span: node.span };
    let mut mark = None;
    for part in &node.inner {
        if !part.is(Rule::date) {
            mark = Some(part.rule);
            continue;
        }
        let day = date(part)?;
        match mark {
            Some(Rule::en_from | Rule::vi_tu_ngay) => period.from = Some(day),
            Some(Rule::en_through | Rule::vi_den_het_ngay) => {
                period.before = Some(after(&day)?);
                period.through = true;
            }
            _ => period.before = Some(day),
        }
    }
    Some(period)
}

pub(super) fn after(day: &Spanned<Date>) -> Option<Spanned<Date>> {
    Some(Spanned::new(calendar::day_after(day.value)?, day.span))
}

pub(super) fn tests(node: &Node<'_>) -> Option<Vec<Test>> {
    node.inner.iter().filter(|part| matches!(part.rule, Rule::test_en | Rule::test_vi)).map(test).collect()
}

fn test(node: &Node<'_>) -> Option<Test> {
    let place = node.inner.iter().find(|part| matches!(part.rule, Rule::test_place_en | Rule::test_place_vi));
    if let Some(place) = place {
        return Some(Test { about: place_test(place)?, span: node.span });
    }
    let fact = node.first_name()?;
    let is = node.inner.iter().find(|part| matches!(part.rule, Rule::is_en | Rule::is_vi));
    let compared = node.inner.iter().find(|part| matches!(part.rule, Rule::comparison_en | Rule::comparison_vi));
    let predicate = match (is, compared) {
        (Some(is), _) => extreme(node, is, predicate(is)?),
        (None, Some(compared)) => comparison(compared)?,
        (None, None) => Predicate::Holds(!node.has(&[Rule::en_not, Rule::vi_khong])),
    };
    Some(Test { about: Tested::Fact { fact, predicate }, span: node.span })
}

fn place_test(node: &Node<'_>) -> Option<Tested> {
    let role = node.first(Kind::Role)?.name();
    Some(match node.first(Kind::Level) {
        Some(level) => {
            let several = node.has(&[Rule::en_spans_more_than_one, Rule::vi_tren_dia_ban_nhieu_don_vi]);
            Tested::Spans { role, level: level.name(), several }
        }
        None => Tested::HasPlace { role, there: node.has(&[Rule::en_there_is, Rule::vi_co_noi]) },
    })
}

/// `highest F is …`, `F cao nhất là …`.
fn extreme(test: &Node<'_>, is: &Node<'_>, predicate: Predicate) -> Predicate {
    const EXTREMES: [(Rule, Extreme); 6] = [
        (Rule::en_highest, Extreme::Highest),
        (Rule::vi_cao_nhat_la, Extreme::Highest),
        (Rule::en_lowest, Extreme::Lowest),
        (Rule::vi_thap_nhat_la, Extreme::Lowest),
        (Rule::vi_cao_nhat_khong_phai_la, Extreme::Highest),
        (Rule::vi_thap_nhat_khong_phai_la, Extreme::Lowest),
    ];
    match test.pick(&EXTREMES).or_else(|| is.pick(&EXTREMES)) {
        Some(which) => Predicate::Extreme { which, is: Box::new(predicate) },
        None => predicate,
    }
}

/// What denies that a value is one of some.
pub(in crate::syntax) const NOT: &[Rule] =
    &[Rule::en_is_not, Rule::vi_khong_phai_la, Rule::vi_cao_nhat_khong_phai_la, Rule::vi_thap_nhat_khong_phai_la];

fn predicate(is: &Node<'_>) -> Option<Predicate> {
    let mut values = values(is)?;
    let direction = is.pick(&[
        (Rule::en_or_below, Direction::Below),
        (Rule::vi_tro_xuong, Direction::Below),
        (Rule::en_or_above, Direction::Above),
        (Rule::vi_tro_len, Direction::Above),
    ]);
    if let Some(or) = direction {
        return Some(Predicate::Ranked { or, value: values.pop()? });
    }
    Some(Predicate::Is { not: is.has(NOT), values })
}

fn comparison(node: &Node<'_>) -> Option<Predicate> {
    let with = match node.child(Rule::compare)?.text {
        "<" => Comparison::Less,
        "<=" | "≤" => Comparison::AtMost,
        ">=" | "≥" => Comparison::AtLeast,
        ">" => Comparison::Greater,
        _ => Comparison::Equal,
    };
    let share = node.inner.iter().find(|part| matches!(part.rule, Rule::share_en | Rule::share_vi));
    if let Some(share) = share {
        let percent = quantity::read(share.child(Rule::number)?.text).ok()?;
        return Some(Predicate::CompareShare { with, percent, table: share.first_name()? });
    }
    Some(Predicate::Compare { with, value: values(node)?.pop()? })
}

pub(super) fn values(node: &Node<'_>) -> Option<Vec<Literal>> {
    node.inner.iter().filter(|part| matches!(part.rule, Rule::value_en | Rule::value_vi)).map(value).collect()
}

pub(super) fn value(node: &Node<'_>) -> Option<Literal> {
    if let Some(day) = node.child(Rule::date_literal) {
        return date(day).map(Literal::Date);
    }
    if node.child(Rule::number).is_none() {
        return node.first_name().map(Literal::Name);
    }
    let (value, unit) = measured(node)?;
    Some(Literal::Number { value, unit, span: node.span })
}

/// A number with its unit of measure.
pub(super) fn measured(node: &Node<'_>) -> Option<(Decimal, Option<String>)> {
    let number = node.child(Rule::number)?;
    let written = quantity::read(number.text).ok()?;
    let measure = node.first(Kind::Measure).map(|unit| unit.name().value).unwrap_or_default();
    let (times, unit) = quantity::multiplier(&measure);
    Some((written.checked_mul(times)?.normalize(), unit.map(str::to_owned)))
}

pub(super) fn scopes(node: &Node<'_>) -> Option<Vec<Scope>> {
    node.children(Rule::scope).map(scope).collect()
}

fn scope(node: &Node<'_>) -> Option<Scope> {
    match node.child(Rule::unit_scope) {
        Some(unit) => {
            let Scope { unit, former, .. } = unit_scope(unit)?;
            Some(Scope { unit, former, ..of_type(node) })
        }
        None => Some(of_type(node)),
    }
}

/// `[former] district "Hải Châu"`, `quận "Hải Châu" [cũ]`.
pub(super) fn unit_scope(node: &Node<'_>) -> Option<Scope> {
    let unit = node.child(Rule::unit)?;
    let level_or_type = unit.child(Rule::name_unit_kind).map(Node::name);
    let name = unit.child(Rule::name_unit).or_else(|| unit.child(Rule::name_code))?.name();
    let former = node.has(&[Rule::en_former, Rule::vi_cu]);
    let unit = Some(UnitRef { level_or_type, name, span: unit.span });
    Some(Scope { former, unit, of_type: None, role: None, span: node.span })
}

/// The type and the role of a scope, its unit left out.
pub(super) fn of_type(node: &Node<'_>) -> Scope {
    let role = node.first(Kind::Role).map(Node::name);
    Scope { former: false, unit: None, of_type: node.first_name(), role, span: node.span }
}

pub(super) fn holders(node: &Node<'_>) -> Option<Vec<Holder>> {
    node.of_kind(Kind::Holder).map(holder).collect()
}

pub(super) fn first_holder(node: &Node<'_>) -> Option<Holder> {
    node.first(Kind::Holder).and_then(holder)
}

fn holder(node: &Node<'_>) -> Option<Holder> {
    const RELATIVE: [(Rule, u8); 6] = [
        (Rule::en_at_the_same_level, 0),
        (Rule::vi_cung_cap, 0),
        (Rule::en_at_the_next_lower_level, 1),
        (Rule::vi_cap_duoi_truc_tiep, 1),
        (Rule::en_at_any_lower_level, 2),
        (Rule::vi_cap_duoi, 2),
    ];
    let relative = node.pick(&RELATIVE).map(|n| match n {
        0 => SeatAt::SameLevel,
        1 => SeatAt::NextLower,
        _ => SeatAt::AnyLower,
    });
    let seat = match (relative, node.first(Kind::Level), node.child(Rule::unit_scope)) {
        (Some(seat), _, _) => seat,
        (None, Some(level), _) => SeatAt::Level(level.name()),
        (None, None, Some(unit)) => SeatAt::Unit(unit_scope(unit)?),
        (None, None, None) => SeatAt::Unsaid,
    };
    let which = node.pick(&[
        (Rule::en_at_any, Which::Any),
        (Rule::vi_bat_ky, Which::Any),
        (Rule::en_one_of_the, Which::OneOf),
        (Rule::vi_mot_trong_cac, Which::OneOf),
        (Rule::en_each_other, Which::EachOther),
        (Rule::vi_tung, Which::EachOther),
    ]);
    let role = node.first(Kind::Role).map(Node::name);
    const FURTHER: [(Rule, Further); 4] = [
        (Rule::or_place_en, Further::Or),
        (Rule::or_place_vi, Further::Or),
        (Rule::else_place_en, Further::Else),
        (Rule::else_place_vi, Further::Else),
    ];
    let further = |part: &Node<'_>| Some((lookup(part.rule, &FURTHER)?, part.first(Kind::Role)?.name()));
    let more = node.inner.iter().filter_map(further).collect();
    let body = node.first(Kind::Body)?.name();
    Some(Holder { body, seat, which: which.unwrap_or(Which::The), role, more, span: node.span })
}

pub(super) const PARTS: [(Rule, PartKind); 18] = [
    (Rule::en_annex, PartKind::Annex),
    (Rule::vi_phu_luc, PartKind::Annex),
    (Rule::en_part, PartKind::Part),
    (Rule::vi_phan, PartKind::Part),
    (Rule::en_section, PartKind::Section),
    (Rule::vi_muc, PartKind::Section),
    (Rule::en_subsection, PartKind::Subsection),
    (Rule::vi_tieu_muc, PartKind::Subsection),
    (Rule::en_article, PartKind::Article),
    (Rule::vi_dieu, PartKind::Article),
    (Rule::en_clause, PartKind::Clause),
    (Rule::vi_khoan, PartKind::Clause),
    (Rule::en_point, PartKind::Point),
    (Rule::vi_diem, PartKind::Point),
    (Rule::en_item, PartKind::Item),
    (Rule::vi_dong, PartKind::Item),
    (Rule::en_paragraph, PartKind::Paragraph),
    (Rule::vi_doan, PartKind::Paragraph),
];

/// Largest part first; Vietnamese was written the other way round.
pub(super) fn address(node: &Node<'_>) -> Option<Address> {
    let part = |part: &Node<'_>| {
        let label = part.inner.iter().find(|label| matches!(label.rule, Rule::label_en | Rule::label_vi));
        Some((part.pick(&PARTS)?, label.map(|label| label.name().value).unwrap_or_default()))
    };
    let parts: Option<Vec<_>> = if node.is(Rule::address_vi) {
        node.inner.iter().rev().map(part).collect()
    } else {
        node.inner.iter().map(part).collect()
    };
    parts.map(Address)
}

/// The right order of an address of which article, clause, point and paragraph are not in the order of its language:
/// English from large to small, Vietnamese from small to large. The other parts stay where they stand.
pub(super) fn out_of_order(node: &Node<'_>) -> Option<String> {
    let size = |part: &Node<'_>| {
        let kind = part.pick(&PARTS)?;
        let ordered = matches!(kind, PartKind::Article | PartKind::Clause | PartKind::Point | PartKind::Paragraph);
        ordered.then_some(kind)
    };
    let mut sorted: Vec<(PartKind, &Node<'_>)> =
        node.inner.iter().filter_map(|part| Some((size(part)?, part))).collect();
    if node.is(Rule::address_vi) {
        sorted.sort_by_key(|(kind, _)| std::cmp::Reverse(*kind));
    } else {
        sorted.sort_by_key(|(kind, _)| *kind);
    }
    let mut sorted = sorted.into_iter().map(|(_, part)| part);
    let right: Option<Vec<&str>> = node
        .inner
        .iter()
        .map(|part| if size(part).is_some() { sorted.next() } else { Some(part) }.map(|part| part.text))
        .collect();
    let (right, written) = (right?, node.inner.iter().map(|part| part.text));
    (!written.eq(right.iter().copied())).then(|| right.join(" "))
}

pub(super) fn document(node: &Node<'_>) -> Option<DocumentRef> {
    let number = node.first_name()?;
    Some(DocumentRef { number, issued: first_date(node), span: node.span })
}

pub(super) fn first_document(node: &Node<'_>) -> Option<DocumentRef> {
    node.child(Rule::document).and_then(document)
}

/// A list of addresses takes the document at its end.
pub(super) fn references(node: &Node<'_>) -> Option<Vec<AddressRef>> {
    let list = node.child(Rule::references)?;
    let mut found: Vec<AddressRef> = list.children(Rule::reference).map(reference).collect::<Option<_>>()?;
    let mut named: Option<DocumentRef> = None;
    for one in found.iter_mut().rev() {
        match (&one.address, &one.document) {
            (_, Some(document)) => named = Some(document.clone()),
            (CitedAddress::Parts(_), None) => one.document.clone_from(&named),
            (CitedAddress::This(_) | CitedAddress::Whole, None) => {}
        }
        if matches!(one.address, CitedAddress::Whole) {
            named = None;
        }
    }
    Some(found)
}

pub(super) fn reference(node: &Node<'_>) -> Option<AddressRef> {
    let address = match (node.child(Rule::this), node.first(Kind::Address)) {
        (Some(this), _) => CitedAddress::This(this_part(this)?),
        (None, Some(parts)) => CitedAddress::Parts(address(parts)?),
        (None, None) => CitedAddress::Whole,
    };
    Some(AddressRef { address, document: first_document(node), span: node.span })
}

/// The part of which `this article`, `this clause` speaks.
pub(super) fn this_part(node: &Node<'_>) -> Option<PartKind> {
    const THIS: [(Rule, PartKind); 12] = [
        (Rule::en_this_article, PartKind::Article),
        (Rule::vi_dieu_nay, PartKind::Article),
        (Rule::en_this_clause, PartKind::Clause),
        (Rule::vi_khoan_nay, PartKind::Clause),
        (Rule::en_this_point, PartKind::Point),
        (Rule::vi_diem_nay, PartKind::Point),
        (Rule::en_this_section, PartKind::Section),
        (Rule::vi_muc_nay, PartKind::Section),
        (Rule::en_this_part, PartKind::Part),
        (Rule::vi_phan_nay, PartKind::Part),
        (Rule::en_this_annex, PartKind::Annex),
        (Rule::vi_phu_luc_nay, PartKind::Annex),
    ];
    node.pick(&THIS)
}
