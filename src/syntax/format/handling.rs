//! Sentences on how a task is handled, and the lines of a procedure.

use super::parts::Pair;
use super::writer::Writer;
use crate::syntax::parse::{Kind, Node, Rule, lookup, spelling};
use crate::syntax::tree::Language;

type Write = fn(&mut Writer<'_>, &Node<'_>);

const FORMS: [(Rule, Write); 9] = [
    (Rule::decide_within, |writer, node| {
        writer.tasks(node);
        writer.keyword(Rule::en_is_to_be_decided_within, Rule::vi_phai_duoc_quyet_dinh_trong);
        within(writer, node);
    }),
    (Rule::signed_by, signed_by),
    (Rule::no_deputy, |writer, node| {
        writer.tasks(node);
        writer.keyword(Rule::en_must_not_be_signed_by_a_deputy, Rule::vi_khong_duoc_ky_thay);
    }),
    (Rule::bears_seal, |writer, node| {
        writer.tasks(node);
        writer.keyword(Rule::en_bears_the_seal_of, Rule::vi_dung_con_dau_cua);
        writer.first_holder(node);
    }),
    (Rule::procedure, |writer, node| {
        writer.keyword(Rule::en_procedure, Rule::vi_trinh_tu);
        writer.tasks(node);
    }),
    (Rule::received_by, |writer, node| {
        writer.keyword(Rule::en_received_by, Rule::vi_tiep_nhan_tai);
        writer.holders(node);
    }),
    (Rule::result, result),
    (Rule::stage, stage),
    (Rule::seal_of, |writer, node| {
        writer.one_of(
            node,
            &[
                (Rule::en_seal_of_the_receiver, Rule::vi_dung_con_dau_cua_nguoi_nhan),
                (Rule::en_seal_of_the_giver, Rule::vi_dung_con_dau_cua_nguoi_giao),
            ],
        );
    }),
];

/// What scenarios expect of it.
pub(super) const EXPECTATIONS: [(Rule, Write); 8] = [
    (Rule::expect_signed_en, expect_signed),
    (Rule::expect_signed_vi, expect_signed),
    (Rule::expect_seal_en, expect_seal),
    (Rule::expect_seal_vi, expect_seal),
    (Rule::expect_takes_en, expect_takes),
    (Rule::expect_takes_vi, expect_takes),
    (Rule::expect_term_en, expect_term),
    (Rule::expect_term_vi, expect_term),
];

const DEEDS: [Pair; 10] = [
    (Rule::en_examines, Rule::vi_tham_tra),
    (Rule::en_verifies, Rule::vi_xac_minh),
    (Rule::en_inspects_the_site, Rule::vi_kiem_tra_thuc_dia),
    (Rule::en_asks_for_opinions, Rule::vi_lay_y_kien),
    (Rule::en_gives_its_opinion, Rule::vi_cho_y_kien),
    (Rule::en_appraises, Rule::vi_tham_dinh),
    (Rule::en_posts_the_notice, Rule::vi_niem_yet),
    (Rule::en_submits, Rule::vi_trinh),
    (Rule::en_decides, Rule::vi_quyet_dinh),
    (Rule::en_returns_the_result, Rule::vi_tra_ket_qua),
];

/// Writes a sentence or line; false when the node is neither.
pub(super) fn write(writer: &mut Writer<'_>, node: &Node<'_>) -> bool {
    let found = lookup(node.rule, &FORMS);
    if let Some(write) = found {
        write(writer, node);
    }
    found.is_some()
}

fn term<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    node.inner.iter().find(|part| matches!(part.rule, Rule::term_en | Rule::term_vi))
}

/// `20 working days`, `1 working day`, `20 ngày làm việc`.
fn within(writer: &mut Writer<'_>, node: &Node<'_>) {
    let Some(term) = term(node) else { return };
    let Some(number) = term.child(Rule::integer).and_then(|number| number.text.parse::<u32>().ok()) else { return };
    writer.word(&number.to_string());
    let working = term.has(&[Rule::en_working_days, Rule::en_working_day, Rule::vi_ngay_lam_viec]);
    match (working, number) {
        (true, 1) => writer.keyword(Rule::en_working_day, Rule::vi_ngay_lam_viec),
        (true, _) => writer.keyword(Rule::en_working_days, Rule::vi_ngay_lam_viec),
        (false, 1) => writer.keyword(Rule::en_day, Rule::vi_ngay),
        (false, _) => writer.keyword(Rule::en_days, Rule::vi_ngay),
    }
}

fn signed_by(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.tasks(node);
    writer.keyword(Rule::en_is_signed_by, Rule::vi_do);
    for (at, holder) in node.of_kind(Kind::Holder).enumerate() {
        if at > 0 {
            writer.keyword(Rule::en_or, Rule::vi_hoac);
        }
        writer.holder(holder);
    }
    if writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_ky));
    }
}

fn result(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_result, Rule::vi_ket_qua);
    for part in &node.inner {
        if !matches!(part.kind(), Kind::Keyword(_)) {
            writer.as_is(part);
        }
    }
}

fn stage(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.first_holder(node);
    writer.one_of(node, &DEEDS);
    if node.has(&[Rule::en_the_same_day, Rule::vi_trong_ngay]) {
        writer.keyword(Rule::en_the_same_day, Rule::vi_trong_ngay);
    } else if term(node).is_some() {
        writer.keyword(Rule::en_within, Rule::vi_trong);
        within(writer, node);
    }
}

fn expect_signed(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_signed_by, Rule::vi_do);
    writer.first_holder(node);
    if writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_ky));
    }
}

fn expect_seal(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_seal_of, Rule::vi_dung_con_dau_cua);
    writer.first_holder(node);
}

fn expect_takes(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_procedure_takes, Rule::vi_trinh_tu_het);
    within(writer, node);
}

fn expect_term(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_to_be_decided_within, Rule::vi_phai_duoc_quyet_dinh_trong);
    within(writer, node);
}
