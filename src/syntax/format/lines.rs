//! Whole lines: the catalogue, the heads of documents, articles, scenarios.

use super::parts::Pair;
use super::writer::Writer;
use super::{handling, sentences};
use crate::diagnostic::Noun;
use crate::syntax::parse::{Kind, Node, Rule, lookup, spelling};
use crate::syntax::tree::Language;

type Write = fn(&mut Writer<'_>, &Node<'_>);

/// A keyword and what follows it.
const SIMPLE: [(Rule, Pair, Write); 35] = [
    (Rule::head_level, (Rule::en_level, Rule::vi_cap_hanh_chinh), declared_below),
    (Rule::head_kind, (Rule::en_kind, Rule::vi_loai_van_ban), declared_below),
    (Rule::head_class, (Rule::en_class, Rule::vi_loai_chu_the), declared_below),
    (Rule::head_body, (Rule::en_body, Rule::vi_chu_the), declared_below),
    (Rule::head_place, (Rule::en_place, Rule::vi_noi), declared_below),
    (Rule::head_fact, (Rule::en_fact, Rule::vi_du_kien), declared_below),
    (Rule::head_task, (Rule::en_task, Rule::vi_nhiem_vu), declared_below),
    (Rule::head_table, (Rule::en_table, Rule::vi_bang), declared_below),
    (Rule::table_by, (Rule::en_by, Rule::vi_theo), |writer, node| writer.names(node, Noun::Fact)),
    (Rule::table_in, (Rule::en_in, Rule::vi_tinh_bang), |writer, node| {
        if let Some(measure) = node.first(Kind::Measure) {
            writer.as_is(measure);
        }
    }),
    (Rule::head_register, (Rule::en_register, Rule::vi_so_don_vi), as_they_are),
    (Rule::head_cover, (Rule::en_cover, Rule::vi_pham_vi_da_phu), nothing),
    (Rule::head_scenario, (Rule::en_scenario, Rule::vi_tinh_huong), as_they_are),
    (Rule::aliases, (Rule::en_also_called, Rule::vi_goi_khac), as_they_are),
    (Rule::level_below, (Rule::en_below, Rule::vi_duoi), |writer, node| writer.names(node, Noun::Level)),
    (Rule::kind_rank, (Rule::en_rank, Rule::vi_thu_bac), rank),
    (Rule::kind_may, (Rule::en_may, Rule::vi_duoc), rights),
    (Rule::body_at, (Rule::en_at, Rule::vi_o), |writer, node| writer.names(node, Noun::Level)),
    (Rule::body_heads, (Rule::en_heads, Rule::vi_dung_dau), |writer, node| writer.names(node, Noun::Body)),
    (Rule::body_under, (Rule::en_under, Rule::vi_thuoc), |writer, node| writer.names(node, Noun::Body)),
    (Rule::deputises, (Rule::en_deputises_for, Rule::vi_la_cap_pho_cua), |writer, node| writer.names(node, Noun::Body)),
    (Rule::body_is, (Rule::en_is_a, Rule::vi_la), |writer, node| writer.names(node, Noun::Body)),
    (Rule::body_system, (Rule::en_system, Rule::vi_he_thong), as_they_are),
    (Rule::task_sector, (Rule::en_sector, Rule::vi_linh_vuc), declared_below),
    (Rule::task_procedures, (Rule::en_procedures, Rule::vi_thu_tuc), as_they_are),
    (Rule::task_facts, (Rule::en_facts, Rule::vi_du_kien), |writer, node| writer.names(node, Noun::Fact)),
    (Rule::task_places, (Rule::en_places, Rule::vi_noi), |writer, node| {
        writer.list(node.children(Rule::task_place), |writer, place| {
            if let Some(role) = place.first(Kind::Role) {
                writer.name(role, Noun::Place);
            }
            if place.has(&[Rule::en_if_any, Rule::vi_neu_co]) {
                writer.keyword(Rule::en_if_any, Rule::vi_neu_co);
            }
        });
    }),
    (Rule::task_covered, (Rule::en_covered, Rule::vi_da_phu), |writer, node| {
        if node.child(Rule::scopes).is_some() {
            writer.keyword(Rule::en_in, Rule::vi_tai);
            writer.scopes(node);
        }
        period_below(writer, node);
    }),
    (Rule::task_impossible, (Rule::en_impossible, Rule::vi_khong_the), when_below),
    (Rule::task_open, (Rule::en_left_open, Rule::vi_bo_ngo), when_below),
    (Rule::document_checked, (Rule::en_checked, Rule::vi_da_doi_chieu_ngay), |writer, node| {
        if let Some(day) = node.child(Rule::date) {
            writer.date(day);
        }
    }),
    (Rule::document_rests, (Rule::en_rests_on, Rule::vi_can_cu), |writer, node| {
        writer.list(node.children(Rule::document), Writer::document);
    }),
    (Rule::document_force, (Rule::en_in_force, Rule::vi_co_hieu_luc), |writer, node| {
        period_below(writer, node);
        unverified(writer, node);
    }),
    (Rule::reading, (Rule::en_reading, Rule::vi_cach_hieu), as_they_are),
    (Rule::with_facts, (Rule::en_with, Rule::vi_voi), given),
];

const FORMS: [(Rule, Write); 14] = [
    (Rule::declared, declared),
    (Rule::body_works, |writer, node| {
        writer.one_of(
            node,
            &[
                (Rule::en_works_collectively, Rule::vi_lam_viec_tap_the),
                (Rule::en_works_under_one_head, Rule::vi_lam_viec_theo_che_do_thu_truong),
            ],
        );
    }),
    (Rule::fact_kind, fact_kind),
    (Rule::head_document, head_document),
    (Rule::head_article, head_article),
    (Rule::document_prevails, document_prevails),
    (Rule::document_lapses, document_lapses),
    (Rule::document_kind, document_kind),
    (Rule::settled, settled),
    (Rule::tests_en, |writer, node| writer.tests(node)),
    (Rule::tests_vi, |writer, node| writer.tests(node)),
    (Rule::ask, ask),
    (Rule::ask_exists, ask_exists),
    (Rule::expect, expect),
];

const EXPECTATIONS: [(Rule, Write); 10] = [
    (Rule::expect_decided_en, expect_decided),
    (Rule::expect_decided_vi, expect_decided),
    (Rule::expect_nothing, |writer, _| {
        writer.keyword(Rule::en_requires_nothing, Rule::vi_khong_phai_xin_chap_thuan);
    }),
    (Rule::expect_requires_en, sentences::requirement),
    (Rule::expect_requires_vi, sentences::requirement),
    (Rule::expect_outcome_en, expect_outcome),
    (Rule::expect_outcome_vi, expect_outcome),
    (Rule::expect_lost, |writer, form| {
        writer.keyword(Rule::en_lost, Rule::vi_khong_ap_dung);
        if let Some(reference) = form.child(Rule::reference) {
            writer.reference(reference);
        }
    }),
    (Rule::expect_exists_en, expect_exists),
    (Rule::expect_exists_vi, expect_exists),
];

/// Writes a whole line, the node being of the rule that read it. False for a form that nothing here knows.
pub(super) fn write(writer: &mut Writer<'_>, line: &Node<'_>) -> bool {
    if line.is(Rule::line_cover) {
        writer.keyword(Rule::en_in, Rule::vi_tai);
        writer.scopes(line);
        period_below(writer, line);
        return true;
    }
    let Some(form) = line.inner.first() else { return false };
    if let Some((_, (english, vietnamese), write)) = SIMPLE.iter().find(|(rule, ..)| form.is(*rule)) {
        writer.keyword(*english, *vietnamese);
        write(writer, form);
        return true;
    }
    if let Some(write) = lookup(form.rule, &FORMS) {
        write(writer, form);
        return true;
    }
    sentences::write(writer, form)
}

fn nothing(_: &mut Writer<'_>, _: &Node<'_>) {}

/// Names that are nobody's but the author's.
fn as_they_are(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.list(node.of_kind(Kind::Name), Writer::as_is);
}

fn period_below(writer: &mut Writer<'_>, node: &Node<'_>) {
    if let Some(period) = node.child(Rule::period) {
        writer.period(period);
    }
}

fn when_below(writer: &mut Writer<'_>, node: &Node<'_>) {
    if let Some(when) = node.child(Rule::when) {
        sentences::when(writer, when);
    }
}

fn unverified(writer: &mut Writer<'_>, node: &Node<'_>) {
    if node.has(&[Rule::en_unverified, Rule::vi_chua_kiem_chung]) {
        writer.unverified();
    }
}

fn declared_below(writer: &mut Writer<'_>, node: &Node<'_>) {
    if let Some(node) = node.child(Rule::declared) {
        declared(writer, node);
    }
}

/// `ID "tên" / "name"`: the same in both languages.
fn declared(writer: &mut Writer<'_>, node: &Node<'_>) {
    for part in &node.inner {
        writer.as_is(part);
    }
}

fn rank(writer: &mut Writer<'_>, node: &Node<'_>) {
    let number = node.child(Rule::integer).and_then(|number| number.text.parse::<u32>().ok());
    if let Some(number) = number {
        writer.word(&number.to_string());
    }
}

fn rights(writer: &mut Writer<'_>, node: &Node<'_>) {
    const RIGHTS: [Pair; 5] = [
        (Rule::en_devolve, Rule::vi_phan_quyen),
        (Rule::en_assign, Rule::vi_quy_dinh_tham_quyen),
        (Rule::en_decentralise, Rule::vi_phan_cap),
        (Rule::en_entrust, Rule::vi_giao),
        (Rule::en_delegate, Rule::vi_uy_quyen),
    ];
    writer.list(node.children(Rule::kind_right), |writer, right| writer.one_of(right, &RIGHTS));
}

fn fact_kind(writer: &mut Writer<'_>, node: &Node<'_>) {
    let Some(kind) = node.inner.first() else { return };
    writer.one_of(
        kind,
        &[
            (Rule::en_is_yes_or_no, Rule::vi_la_co_hoac_khong),
            (Rule::en_is_one_of, Rule::vi_la_mot_trong),
            (Rule::en_is_one_or_more_of, Rule::vi_la_mot_hoac_nhieu_trong),
            (Rule::en_is_a_whole_number, Rule::vi_la_so_nguyen),
            (Rule::en_is_a_decimal, Rule::vi_la_so_thap_phan),
            (Rule::en_is_a_date, Rule::vi_la_ngay),
            (Rule::en_is_a_level_or_none, Rule::vi_la_cap_hanh_chinh_hoac_khong_co),
        ],
    );
    if kind.has(&[Rule::ordered]) {
        writer.comma();
        writer.keyword(Rule::en_highest_first, Rule::vi_xep_tu_cao_xuong_thap);
    }
    if let Some(measure) = kind.first(Kind::Measure) {
        writer.keyword(Rule::en_in, Rule::vi_tinh_bang);
        writer.as_is(measure);
    }
}

/// `document N of HOLDER "title"`; `unverified` stands where it stood, behind the number or at the end.
fn head_document(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_document, Rule::vi_van_ban);
    for part in &node.inner {
        if part.is(Rule::name_number) {
            writer.label(part);
        } else if part.is(Rule::name_title) {
            writer.as_is(part);
        } else if matches!(part.rule, Rule::en_unverified | Rule::vi_chua_kiem_chung) {
            writer.unverified();
        } else if part.kind() == Kind::Holder {
            writer.keyword(Rule::en_of, Rule::vi_cua);
            writer.holder(part);
        }
    }
}

fn head_article(writer: &mut Writer<'_>, node: &Node<'_>) {
    match node.first(Kind::Address) {
        Some(address) => writer.address(address),
        None => writer.keyword(Rule::en_article, Rule::vi_dieu),
    }
    unverified(writer, node);
}

fn document_prevails(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_prevails_over, Rule::vi_duoc_uu_tien_ap_dung_so_voi);
    if let Some(kind) = node.first(Kind::Name) {
        writer.name(kind, Noun::Kind);
    }
    writer.keyword(Rule::en_and_lower_texts, Rule::vi_va_van_ban_thap_hon);
    writer.comma();
    writer.keyword(Rule::en_by, Rule::vi_theo);
    if let Some(document) = node.child(Rule::document) {
        writer.document(document);
    }
}

fn document_lapses(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer
        .keyword(Rule::en_lapses_in_part_where_a_text_of_rank, Rule::vi_het_hieu_luc_phan_tuong_ung_khi_co_van_ban_tu);
    if let Some(kind) = node.first(Kind::Name) {
        writer.name(kind, Noun::Kind);
    }
    writer.keyword(Rule::en_or_higher, Rule::vi_tro_len);
    writer.comma();
    writer.keyword(Rule::en_issued_from, Rule::vi_ban_hanh_tu_ngay);
    if let Some(day) = node.child(Rule::date) {
        writer.date(day);
    }
    writer.comma();
    writer.keyword(Rule::en_decides_the_same_task, Rule::vi_quy_dinh_cung_nhiem_vu);
}

/// `law, issued 2013-11-29 unverified by Quốc hội`.
fn document_kind(writer: &mut Writer<'_>, node: &Node<'_>) {
    let kind = node.first(Kind::Name);
    if let Some(kind) = kind {
        writer.name(kind, Noun::Kind);
    }
    let Some(issued) = node.child(Rule::issued) else { return };
    if kind.is_some() {
        writer.comma();
    }
    let day = issued.child(Rule::date);
    writer.keyword(Rule::en_issued, if day.is_some() { Rule::vi_ban_hanh_ngay } else { Rule::vi_ban_hanh });
    for part in &issued.inner {
        if part.is(Rule::date) {
            writer.date(part);
        } else if matches!(part.rule, Rule::en_unverified | Rule::vi_chua_kiem_chung) {
            writer.unverified();
        } else if part.kind() == Kind::Holder {
            writer.keyword(Rule::en_by, Rule::vi_boi);
            writer.holder(part);
        }
    }
}

fn settled(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_settled_by, Rule::vi_thong_nhat_theo);
    if let Some(document) = node.child(Rule::document) {
        writer.document(document);
    }
    writer.keyword(Rule::en_as, Rule::vi_la);
    if let Some(name) = node.child(Rule::name_quoted) {
        writer.as_is(name);
    }
}

fn ask(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_ask, Rule::vi_hoi);
    if let Some(task) = node.first(Kind::Name) {
        writer.name(task, Noun::Task);
    }
    let is_place = |part: &&Node<'_>| matches!(part.rule, Rule::asked_place_en | Rule::asked_place_vi);
    if node.inner.iter().any(|part| is_place(&part)) {
        writer.keyword(Rule::en_in, Rule::vi_tai);
        writer.list(node.inner.iter().filter(is_place), |writer, place| {
            let unit = place.child(Rule::unit_scope);
            if let Some(unit) = unit {
                writer.unit_scope(unit);
            }
            if let Some(role) = place.first(Kind::Role) {
                let unsaid = (Rule::en_without, Rule::vi_khong_co_noi);
                let (english, vietnamese) = if unit.is_some() { (Rule::en_of, Rule::vi_noi) } else { unsaid };
                writer.keyword(english, vietnamese);
                writer.name(role, Noun::Place);
            }
        });
    }
    asked_day(writer, node);
}

fn asked_day(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_on, Rule::vi_ngay);
    if let Some(day) = node.child(Rule::date) {
        writer.date(day);
    }
}

fn ask_exists(writer: &mut Writer<'_>, node: &Node<'_>) {
    match writer.to {
        Language::English => {
            writer.word(spelling(Rule::en_ask));
            writer.word(spelling(Rule::en_there_is));
        }
        Language::Vietnamese => writer.word(spelling(Rule::vi_hoi_co_to_chuc)),
    }
    if let Some(body) = node.first(Kind::Name) {
        writer.name(body, Noun::Body);
    }
    writer.keyword(Rule::en_at, Rule::vi_o);
    if let Some(level) = node.first(Kind::Level) {
        writer.name(level, Noun::Level);
    }
    writer.keyword(Rule::en_in, Rule::vi_tai);
    if let Some(unit) = node.child(Rule::unit_scope) {
        writer.unit_scope(unit);
    }
    asked_day(writer, node);
}

fn given(writer: &mut Writer<'_>, node: &Node<'_>) {
    let given = node.inner.iter().filter(|part| matches!(part.rule, Rule::given_en | Rule::given_vi));
    writer.list(given, |writer, one| {
        let Some(fact) = one.first(Kind::Name) else { return };
        writer.name(fact, Noun::Fact);
        writer.word("=");
        writer.joined(one, &fact.name().value, (Rule::en_and, Rule::vi_va));
    });
}

fn expect(writer: &mut Writer<'_>, node: &Node<'_>) {
    writer.keyword(Rule::en_expect, Rule::vi_ket_qua);
    let Some(form) = node.inner.iter().find(|part| !matches!(part.kind(), Kind::Keyword(_))) else { return };
    if let Some(write) = lookup(form.rule, &EXPECTATIONS).or_else(|| lookup(form.rule, &handling::EXPECTATIONS)) {
        write(writer, form);
    }
}

fn expect_exists(writer: &mut Writer<'_>, form: &Node<'_>) {
    writer.one_of(form, &[(Rule::en_yes, Rule::vi_co), (Rule::en_no, Rule::vi_khong)]);
}

fn expect_decided(writer: &mut Writer<'_>, form: &Node<'_>) {
    const TRANSFERRED: [Pair; 3] = [
        (Rule::en_delegated_to, Rule::vi_uy_quyen_cho),
        (Rule::en_entrusted_to, Rule::vi_giao_cho),
        (Rule::en_decentralised_to, Rule::vi_phan_cap_cho),
    ];
    let transferred = TRANSFERRED.iter().any(|(english, vietnamese)| form.has(&[*english, *vietnamese]));
    if transferred {
        writer.one_of(form, &TRANSFERRED);
    } else {
        writer.keyword(Rule::en_decided_by, Rule::vi_do);
    }
    writer.first_holder(form);
    if !transferred && writer.to == Language::Vietnamese {
        writer.word(spelling(Rule::vi_quyet_dinh));
    }
    if let Some(reference) = form.child(Rule::reference) {
        writer.keyword(Rule::en_by, Rule::vi_theo);
        writer.reference(reference);
    }
}

fn expect_outcome(writer: &mut Writer<'_>, form: &Node<'_>) {
    writer.one_of(
        form,
        &[
            (Rule::en_undetermined, Rule::vi_chua_xac_dinh),
            (Rule::en_conflict, Rule::vi_chong_cheo),
            (Rule::en_gap, Rule::vi_bo_trong),
            (Rule::en_orphaned, Rule::vi_mat_chu_the),
            (Rule::en_concurrent, Rule::vi_dong_tham_quyen),
            (Rule::en_not_required, Rule::vi_khong_phai_thuc_hien),
            (Rule::en_open, Rule::vi_bo_ngo),
            (Rule::en_not_covered, Rule::vi_ngoai_pham_vi),
        ],
    );
    if let Some(between) = form.first(Kind::Receivers) {
        writer.keyword(Rule::en_between, Rule::vi_giua);
        writer.holders(between);
    }
}
