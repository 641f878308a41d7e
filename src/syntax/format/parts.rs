//! The parts of lines that many lines have: addresses, documents cited, conditions.

use super::writer::Writer;
use crate::diagnostic::Noun;
use crate::syntax::parse::{Kind, NOT, Node, Rule, spelling};
use crate::syntax::tree::Language;

/// A keyword in English and in Vietnamese.
pub(super) type Pair = (Rule, Rule);

const PARTS: [Pair; 9] = [
    (Rule::en_annex, Rule::vi_phu_luc),
    (Rule::en_part, Rule::vi_phan),
    (Rule::en_section, Rule::vi_muc),
    (Rule::en_subsection, Rule::vi_tieu_muc),
    (Rule::en_article, Rule::vi_dieu),
    (Rule::en_clause, Rule::vi_khoan),
    (Rule::en_point, Rule::vi_diem),
    (Rule::en_item, Rule::vi_dong),
    (Rule::en_paragraph, Rule::vi_doan),
];

const THIS: [Pair; 6] = [
    (Rule::en_this_article, Rule::vi_dieu_nay),
    (Rule::en_this_clause, Rule::vi_khoan_nay),
    (Rule::en_this_point, Rule::vi_diem_nay),
    (Rule::en_this_section, Rule::vi_muc_nay),
    (Rule::en_this_part, Rule::vi_phan_nay),
    (Rule::en_this_annex, Rule::vi_phu_luc_nay),
];

/// What says that the highest or lowest is meant: in English, in Vietnamese, and in Vietnamese where it is denied.
const EXTREMES: [(Rule, Rule, Rule); 2] = [
    (Rule::en_highest, Rule::vi_cao_nhat_la, Rule::vi_cao_nhat_khong_phai_la),
    (Rule::en_lowest, Rule::vi_thap_nhat_la, Rule::vi_thap_nhat_khong_phai_la),
];

impl Writer<'_> {
    /// English from large to small, Vietnamese from small to large.
    pub(super) fn address(&mut self, node: &Node<'_>) {
        let written = if node.is(Rule::address_vi) { Language::Vietnamese } else { Language::English };
        let mut parts: Vec<&Node<'_>> = node.inner.iter().collect();
        if written != self.to {
            parts.reverse();
        }
        for part in parts {
            self.one_of(part, &PARTS);
            let label = part.inner.iter().find(|label| matches!(label.rule, Rule::label_en | Rule::label_vi));
            if let Some(label) = label {
                self.label(label);
            }
        }
    }

    /// `45/2013/QH13`, with `issued DATE` where several documents bear the number.
    pub(super) fn document(&mut self, node: &Node<'_>) {
        if let Some(number) = node.first(Kind::Name) {
            self.label(number);
        }
        if let Some(day) = node.child(Rule::date) {
            self.keyword(Rule::en_issued, Rule::vi_ngay);
            self.date(day);
        }
    }

    /// `this article`.
    pub(super) fn this(&mut self, this: &Node<'_>) {
        self.one_of(this, &THIS);
    }

    pub(super) fn reference(&mut self, node: &Node<'_>) {
        if let Some(this) = node.child(Rule::this) {
            self.this(this);
        }
        let address = node.first(Kind::Address);
        if let Some(address) = address {
            self.address(address);
        }
        if let Some(document) = node.child(Rule::document) {
            if address.is_some() {
                self.keyword(Rule::en_of, Rule::vi_cua);
            }
            self.document(document);
        }
    }

    pub(super) fn references(&mut self, node: &Node<'_>) {
        if let Some(list) = node.child(Rule::references) {
            self.list(list.children(Rule::reference), Self::reference);
        }
    }

    /// Tests that must all hold.
    pub(super) fn tests(&mut self, node: &Node<'_>) {
        let tests = node.inner.iter().filter(|part| matches!(part.rule, Rule::test_en | Rule::test_vi));
        for (at, test) in tests.enumerate() {
            if at > 0 {
                self.keyword(Rule::en_and, Rule::vi_va);
            }
            self.test(test);
        }
    }

    fn test(&mut self, node: &Node<'_>) {
        let place = node.inner.iter().find(|part| matches!(part.rule, Rule::test_place_en | Rule::test_place_vi));
        if let Some(place) = place {
            return self.place_test(place);
        }
        let Some(fact) = node.first(Kind::Name) else { return };
        let fact_name = fact.name().value;
        let is = node.inner.iter().find(|part| matches!(part.rule, Rule::is_en | Rule::is_vi));
        let compared = node.inner.iter().find(|part| matches!(part.rule, Rule::comparison_en | Rule::comparison_vi));
        if let Some(is) = is {
            self.is(node, fact, is);
        } else if let Some(compared) = compared {
            self.name(fact, Noun::Fact);
            if let Some(mark) = compared.child(Rule::compare) {
                self.word(match mark.text {
                    "≤" => "<=",
                    "≥" => ">=",
                    other => other,
                });
            }
            let share = compared.inner.iter().find(|part| matches!(part.rule, Rule::share_en | Rule::share_vi));
            match share {
                Some(share) => self.share(share),
                None => self.values(compared, &fact_name),
            }
        } else {
            if node.has(&[Rule::en_not, Rule::vi_khong]) {
                self.keyword(Rule::en_not, Rule::vi_khong);
            }
            self.name(fact, Noun::Fact);
        }
    }

    /// `50 % of TABLE`.
    fn share(&mut self, node: &Node<'_>) {
        if let Some(number) = node.child(Rule::number) {
            self.as_is(number);
        }
        self.word("%");
        self.keyword(Rule::en_of, Rule::vi_cua);
        if let Some(table) = node.first(Kind::Name) {
            self.name(table, Noun::Table);
        }
    }

    /// `there is no R`, `R spans more than one LEVEL`.
    fn place_test(&mut self, node: &Node<'_>) {
        const THERE: [Pair; 2] = [(Rule::en_there_is_no, Rule::vi_khong_co_noi), (Rule::en_there_is, Rule::vi_co_noi)];
        const SPANS: [Pair; 2] = [
            (Rule::en_spans_more_than_one, Rule::vi_tren_dia_ban_nhieu_don_vi),
            (Rule::en_lies_in_one, Rule::vi_tren_dia_ban_mot_don_vi),
        ];
        let Some(role) = node.first(Kind::Role) else { return };
        self.one_of(node, &THERE);
        self.name(role, Noun::Place);
        self.one_of(node, &SPANS);
        if let Some(level) = node.first(Kind::Level) {
            self.level_of_test(level);
        }
    }

    /// `F is V or V`, `highest F is V or below`, `F cao nhất là V trở xuống`.
    fn is(&mut self, test: &Node<'_>, fact: &Node<'_>, is: &Node<'_>) {
        const BEHIND: [Pair; 2] = [(Rule::en_or_below, Rule::vi_tro_xuong), (Rule::en_or_above, Rule::vi_tro_len)];
        let extreme = EXTREMES.iter().find(|(english, is_so, is_not)| {
            let listed = [*english, *is_so, *is_not];
            test.has(&listed) || is.has(&listed)
        });
        let not = is.has(NOT);
        if let (Some((english, ..)), Language::English) = (extreme, self.to) {
            self.word(spelling(*english));
        }
        self.name(fact, Noun::Fact);
        match (extreme, self.to) {
            (Some((_, is_so, is_not)), Language::Vietnamese) => self.word(spelling(if not { *is_not } else { *is_so })),
            (Some(_) | None, Language::English | Language::Vietnamese) if not => {
                self.keyword(Rule::en_is_not, Rule::vi_khong_phai_la);
            }
            (Some(_) | None, Language::English | Language::Vietnamese) => self.keyword(Rule::en_is, Rule::vi_la),
        }
        self.values(is, &fact.name().value);
        self.one_of(is, &BEHIND);
    }

    fn values(&mut self, node: &Node<'_>, fact: &str) {
        self.joined(node, fact, (Rule::en_or, Rule::vi_hoac));
    }

    /// Values with a keyword between.
    pub(super) fn joined(&mut self, node: &Node<'_>, fact: &str, (english, vietnamese): Pair) {
        let values = node.inner.iter().filter(|part| matches!(part.rule, Rule::value_en | Rule::value_vi));
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.keyword(english, vietnamese);
            }
            self.value(value, fact);
        }
    }
}
