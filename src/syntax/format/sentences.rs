//! Sentences of law and their limits.

use super::parts::Pair;
use super::writer::Writer;
use crate::diagnostic::Noun;
use crate::syntax::parse::{Kind, Node, Rule, lookup, spelling};
use crate::syntax::tree::Language;

type Write = fn(&mut Writer<'_>, &Node<'_>);

const FORMS: [(Rule, Write); 32] = [
    (Rule::onward, onward),
    (Rule::must_state_term, |writer, node| writer.one_of(node, &SET_PHRASES)),
    (Rule::widens, widens),
    (Rule::tabulates, |writer, node| {
        writer.keyword(Rule::en_table, Rule::vi_bang);
        writer.names(node, Noun::Table);
    }),
    (Rule::row, row),
    (Rule::higher_rank_prevails, |writer, node| writer.one_of(node, &SET_PHRASES)),
    (Rule::later_text_prevails, |writer, node| writer.one_of(node, &SET_PHRASES)),
    (Rule::decided, decided),
    (Rule::not_required, not_required),
    (Rule::governs, governs),
    (Rule::passes, passes),
    (Rule::succeeded, |writer, node| {
        verb_between(writer, node, (Rule::en_is_succeeded_by, Rule::vi_duoc_ke_thua_boi), Noun::Body);
    }),
    (Rule::classifies, classifies),
    (Rule::step_in, step_in),
    (Rule::requires, requires),
    (Rule::passive, passive),
    (Rule::transfer, transfer),
    (Rule::permission, permission),
    (Rule::act, act),
    (Rule::extends, extends),
    (Rule::exists, exists),
    (Rule::within, within),
    (Rule::when, when),
    (Rule::more, more),
    (Rule::cases, cases),
    (Rule::period, |writer, node| writer.period(node)),
    (Rule::under, |writer, node| {
        writer.keyword(Rule::en_under, Rule::vi_theo);
        writer.references(node);
    }),
    (Rule::consent, |writer, _| writer.keyword(Rule::en_with_consent, Rule::vi_voi_su_dong_y)),
    (Rule::prevails, prevails),
    (Rule::yields, |writer, node| {
        writer.keyword(Rule::en_yields_to, Rule::vi_nhuong_cho);
        writer.references(node);
    }),
    (Rule::confidence, confidence),
    (Rule::mark_unverified, |writer, _| writer.unverified()),
];

/// Sentences without a slot.
const SET_PHRASES: [Pair; 5] = [
    (Rule::en_a_delegation_must_state_a_term, Rule::vi_viec_uy_quyen_phai_neu_thoi_han),
    (Rule::en_an_entrustment_must_state_a_term, Rule::vi_viec_giao_phai_neu_thoi_han),
    (Rule::en_a_decentralisation_must_state_a_term, Rule::vi_viec_phan_cap_phai_neu_thoi_han),
    (Rule::en_a_text_of_higher_rank_prevails, Rule::vi_van_ban_co_thu_bac_cao_hon_duoc_ap_dung),
    (
        Rule::en_of_one_issuer_the_later_text_prevails,
        Rule::vi_cung_co_quan_ban_hanh_thi_van_ban_ban_hanh_sau_duoc_ap_dung,
    ),
];

const SHARING: [Pair; 3] = [
    (Rule::en_any_of_them, Rule::vi_mot_trong_cac_chu_the),
    (Rule::en_first_to_accept, Rule::vi_nguoi_thu_ly_dau_tien),
    (Rule::en_applicant_chooses, Rule::vi_nguoi_yeu_cau_lua_chon),
];

/// How a task is handed on: what English calls to do it, to have it done, one who does it; Vietnamese has one word.
const TRANSFERS: [([Rule; 3], Rule); 3] = [
    ([Rule::en_decentralise, Rule::en_decentralised, Rule::en_decentralises], Rule::vi_phan_cap),
    ([Rule::en_entrust, Rule::en_entrusted, Rule::en_entrusts], Rule::vi_giao),
    ([Rule::en_delegate, Rule::en_delegated, Rule::en_delegates], Rule::vi_uy_quyen),
];

/// May, must, must not: what English says of one who acts, of what is done, and what Vietnamese says.
const MODALS: [([Rule; 2], Rule); 3] = [
    ([Rule::en_must_not, Rule::en_must_not_be], Rule::vi_khong_duoc),
    ([Rule::en_must, Rule::en_must_be], Rule::vi_phai),
    ([Rule::en_may, Rule::en_may_be], Rule::vi_duoc),
];

/// Which English form of a verb.
#[derive(Clone, Copy)]
enum Voice {
    Active,
    Passive,
    /// `delegates`, which stands without a modal.
    Third,
}

/// Writes a sentence or limit; false when the node is neither.
pub(super) fn write(writer: &mut Writer<'_>, node: &Node<'_>) -> bool {
    let found = lookup(node.rule, &FORMS);
    if let Some(write) = found {
        write(writer, node);
    }
    found.is_some() || super::handling::write(writer, node)
}

fn modal(writer: &mut Writer<'_>, node: &Node<'_>, voice: Voice) {
    let said = |(english, vietnamese): &&([Rule; 2], Rule)| node.has(english) || node.has(&[*vietnamese]);
    if let Some(([active, passive], vietnamese)) = MODALS.iter().find(said) {
        let english = if matches!(voice, Voice::Passive) { passive } else { active };
        writer.keyword(*english, *vietnamese);
    }
}

fn transfer_word(writer: &mut Writer<'_>, part: &Node<'_>, voice: Voice) {
    let said = |(english, vietnamese): &&([Rule; 3], Rule)| english.contains(&part.rule) || part.is(*vietnamese);
    if let Some(([active, passive, third], vietnamese)) = TRANSFERS.iter().find(said) {
        let english = match voice {
            Voice::Active => active,
            Voice::Passive => passive,
            Voice::Third => third,
        };
        writer.keyword(*english, *vietnamese);
    }
}

fn forms(writer: &mut Writer<'_>, node: &Node<'_>, voice: Voice) {
    let list = node.inner.iter().find(|part| matches!(part.rule, Rule::forms_en | Rule::forms_done | Rule::forms_vi));
    if let Some(list) = list {
        let verbs = list.inner.iter().filter(|part| !part.is(Rule::comma));
        writer.list(verbs, |writer, verb| transfer_word(writer, verb, voice));
    }
}

fn onward(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.one_of(
        node,
        &[
            (Rule::en_a_delegated_task, Rule::vi_viec_duoc_uy_quyen),
            (Rule::en_an_entrusted_task, Rule::vi_viec_duoc_giao),
            (Rule::en_a_decentralised_task, Rule::vi_viec_duoc_phan_cap),
            (Rule::en_a_devolved_task, Rule::vi_viec_duoc_phan_quyen),
        ],
    );
    modal(writer, node, Voice::Passive);
    forms(writer, node, Voice::Passive);
    if node.has(&[Rule::en_with_consent, Rule::vi_khi_co_su_dong_y]) {
        writer.comma();
        writer.keyword(Rule::en_with_consent, Rule::vi_khi_co_su_dong_y);
    }
}

/// `VALUE, VALUE: NUMBER UNIT`. The line does not say of which fact the values are, so they stay as they are written.
fn row(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.list(node.of_kind(Kind::Name), Writer::as_is);
    writer.colon();
    writer.value(node, "");
}

fn widens(writer: &mut Writer<'_>, node: &Node<'_>) {
    let mut levels = node.of_kind(Kind::Level);
    let (Some(level), Some(to)) = (levels.next(), levels.next()) else { return };
    writer.keyword(Rule::en_a_task_that_spans_more_than_one, Rule::vi_viec_tren_dia_ban_nhieu_don_vi);
    writer.name(level, Noun::Level);
    writer.keyword(Rule::en_is_decided_by_the_same_body_at, Rule::vi_do_cung_co_quan_o);
    writer.name(to, Noun::Level);
    if writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_quyet_dinh));
    }
}

fn decided(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.tasks(node);
    writer.one_of(node, &[(Rule::en_is_also_decided_by, Rule::vi_cung_do), (Rule::en_is_decided_by, Rule::vi_do)]);
    let whoever = node.inner.iter().find(|part| matches!(part.rule, Rule::whoever_en | Rule::whoever_vi));
    if let Some(task) = whoever.and_then(|whoever| whoever.first(Kind::Name)) {
        writer.keyword(Rule::en_whoever_decides, Rule::vi_nguoi_quyet_dinh);
        writer.name(task, Noun::Task);
    }
    let frozen = node.inner.iter().find(|part| matches!(part.rule, Rule::frozen_en | Rule::frozen_vi));
    if let Some(day) = frozen.and_then(|frozen| frozen.child(Rule::date)) {
        writer.keyword(Rule::en_whoever_decided_it_on, Rule::vi_nguoi_co_tham_quyen_ngay);
        writer.date(day);
    }
    for (at, holder) in node.of_kind(Kind::Holder).enumerate() {
        if at > 0 {
            writer.keyword(Rule::en_or, Rule::vi_hoac);
        }
        writer.holder(holder);
    }
    if writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_quyet_dinh));
    }
    if let Some(sharing) = node.child(Rule::sharing) {
        writer.comma();
        writer.one_of(sharing, &SHARING);
    }
}

fn not_required(writer: &mut Writer<'_>, node: &Node<'_>) {
    if writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_khong_phai_thuc_hien));
    }
    writer.tasks(node);
    if writer.to == Language::English {
        writer.word(spelling(Rule::en_is_not_required));
    }
}

fn governs(writer: &mut Writer<'_>, node: &Node<'_>) {
    match node.child(Rule::this) {
        Some(this) => writer.this(this),
        None => writer.keyword(Rule::en_this_document, Rule::vi_van_ban_nay),
    }
    writer.keyword(Rule::en_governs, Rule::vi_quy_dinh_toan_bo);
    writer.tasks(node);
}

fn passes(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.tasks(node);
    writer.keyword(Rule::en_passes_from, Rule::vi_chuyen_tu);
    if let Some(givers) = node.first(Kind::Givers) {
        writer.holders(givers);
    }
    writer.keyword(Rule::en_to, Rule::vi_sang);
    receiver(writer, node);
}

fn receiver(writer: &mut Writer<'_>, node: &Node<'_>) {
    let receiver = node.inner.iter().find(|part| matches!(part.rule, Rule::receiver_en | Rule::receiver_vi));
    if let Some(receiver) = receiver {
        writer.first_holder(receiver);
    }
}

/// Two names of one sort with a verb between.
fn verb_between(writer: &mut Writer<'_>, node: &Node<'_>, (english, vietnamese): Pair, noun: Noun) {
    for (at, name) in node.of_kind(Kind::Name).enumerate() {
        if at > 0 {
            writer.keyword(english, vietnamese);
        }
        writer.name(name, noun);
    }
}

fn classifies(writer: &mut Writer<'_>, node: &Node<'_>) {
    let mut names = node.of_kind(Kind::Name);
    let (Some(fact), Some(value)) = (names.next(), names.next()) else { return };
    writer.name(fact, Noun::Fact);
    writer.keyword(Rule::en_is_classified_as, Rule::vi_duoc_xep_loai);
    writer.value_name(value, &fact.name().value);
}

fn step_in(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.first_holder(node);
    writer.keyword(Rule::en_may_step_in_on, Rule::vi_duoc_truc_tiep_quyet_dinh_thay);
    writer.tasks(node);
}

fn requires(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.tasks(node);
    requirement(writer, node);
}

/// `requires appraisal of H`, `phải được H thẩm định`.
pub(super) fn requirement(writer: &mut Writer<'_>, node: &Node<'_>) {
    const AROUND: [Pair; 3] = [
        (Rule::en_requires_prior_approval_of, Rule::vi_chap_thuan_truoc),
        (Rule::en_requires_appraisal_of, Rule::vi_tham_dinh),
        (Rule::en_requires_agreement_of, Rule::vi_thong_nhat),
    ];
    const BEFORE: [Pair; 2] = [
        (Rule::en_requires_opinion_of, Rule::vi_phai_lay_y_kien),
        (Rule::en_requires_report_to, Rule::vi_phai_bao_cao),
    ];
    let around = AROUND.iter().any(|(english, vietnamese)| node.has(&[*english, *vietnamese]));
    writer.one_of(node, &BEFORE);
    match (around, writer.to) {
        (true, Language::English) => writer.one_of(node, &AROUND),
        (true, Language::Vietnamese) => writer.word(spelling(Rule::vi_phai_duoc)),
        (false, Language::English | Language::Vietnamese) => {}
    }
    writer.first_holder(node);
    if around && writer.to == Language::Vietnamese {
        writer.one_of(node, &AROUND);
    }
}

fn passive(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.tasks(node);
    modal(writer, node, Voice::Passive);
    forms(writer, node, Voice::Passive);
}

fn transfer(writer: &mut Writer<'_>, node: &Node<'_>) {
    let giver = node.inner.iter().find(|part| matches!(part.rule, Rule::giver_en | Rule::giver_vi));
    if let Some(giver) = giver {
        writer.first_holder(giver);
    }
    for part in &node.inner {
        transfer_word(writer, part, Voice::Third);
    }
    writer.tasks(node);
    writer.keyword(Rule::en_to, Rule::vi_cho);
    receiver(writer, node);
}

fn permission(writer: &mut Writer<'_>, node: &Node<'_>) {
    if let Some(givers) = node.first(Kind::Givers) {
        writer.holders(givers);
    }
    modal(writer, node, Voice::Active);
    forms(writer, node, Voice::Active);
    writer.tasks(node);
    if let Some(receivers) = node.first(Kind::Receivers) {
        writer.keyword(Rule::en_to, Rule::vi_cho);
        writer.holders(receivers);
    }
}

fn act(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.one_of(
        node,
        &[
            (Rule::en_repeals, Rule::vi_bai_bo),
            (Rule::en_replaces, Rule::vi_thay_the),
            (Rule::en_annuls, Rule::vi_huy_bo),
            (Rule::en_suspends, Rule::vi_ngung_hieu_luc),
            (Rule::en_restores, Rule::vi_ap_dung_tro_lai),
            (Rule::en_amends, Rule::vi_sua_doi_bo_sung),
        ],
    );
    writer.references(node);
    if let Some(excepted) = node.child(Rule::excepted) {
        writer.keyword(Rule::en_except, Rule::vi_tru);
        writer.references(excepted);
    }
}

fn extends(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_extends, Rule::vi_keo_dai);
    if let Some(document) = node.child(Rule::document) {
        writer.document(document);
    }
    writer.keyword(Rule::en_through, Rule::vi_den_het_ngay);
    if let Some(day) = node.child(Rule::date) {
        writer.date(day);
    }
}

fn exists(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.one_of(node, &[(Rule::en_there_is_no, Rule::vi_khong_to_chuc), (Rule::en_there_is, Rule::vi_to_chuc)]);
    if let Some(level) = node.first(Kind::Level) {
        return writer.name(level, Noun::Level);
    }
    let mut names = node.of_kind(Kind::Name);
    if let Some(body) = names.next() {
        writer.name(body, Noun::Body);
    }
    writer.keyword(Rule::en_at, Rule::vi_o);
    if let Some(level) = names.next() {
        writer.name(level, Noun::Level);
    }
}

fn within(writer: &mut Writer<'_>, node: &Node<'_>) {
    match node.child(Rule::of_type_alone) {
        Some(alone) => writer.scope(alone),
        None => {
            writer.keyword(Rule::en_in, Rule::vi_tai);
            writer.scopes(node);
        }
    }
}

pub(super) fn when(writer: &mut Writer<'_>, node: &Node<'_>) {
    if node.has(&[Rule::en_when_any_of, Rule::vi_khi_thuoc_mot_trong_cac_truong_hop]) {
        return writer.keyword(Rule::en_when_any_of, Rule::vi_khi_thuoc_mot_trong_cac_truong_hop);
    }
    writer.keyword(Rule::en_when, Rule::vi_khi);
    tests_of(writer, node);
}

fn more(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_and, Rule::vi_va);
    tests_of(writer, node);
}

fn tests_of(writer: &mut Writer<'_>, node: &Node<'_>) {
    if let Some(tests) = node.inner.iter().find(|part| matches!(part.rule, Rule::tests_en | Rule::tests_vi)) {
        writer.tests(tests);
    }
}

fn cases(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.one_of(
        node,
        &[
            (Rule::en_in_the_cases_of, Rule::vi_trong_cac_truong_hop_quy_dinh_tai),
            (Rule::en_except_in_the_cases_of, Rule::vi_tru_cac_truong_hop_quy_dinh_tai),
            (Rule::en_in_all_other_cases_of, Rule::vi_trong_cac_truong_hop_con_lai_cua),
        ],
    );
    writer.references(node);
}

fn prevails(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_prevails_over, Rule::vi_duoc_uu_tien_ap_dung_so_voi);
    writer.references(node);
    if let Some(by) = node.child(Rule::document) {
        writer.comma();
        writer.keyword(Rule::en_by, Rule::vi_theo);
        writer.document(by);
    }
}

pub(super) fn confidence(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_confidence, Rule::vi_do_tin_cay);
    if let Some(grade) = node.child(Rule::grade) {
        writer.word(&grade.text.trim().to_uppercase());
    }
}
