//! Sentences of law: from what the grammar found to [`Statement`].

use super::Rule;
use super::condition::{after, first_date, first_document, first_holder, holders, references, this_part};
use super::keyword::Kind;
use super::node::Node;
use crate::syntax::tree::{
    ActKind, Deciders, Modal, Name, ReceivedBy, RequirementKind, Sharing, Statement, TransferForm,
};

type Build = fn(&Node<'_>) -> Option<Statement>;

const STATEMENTS: [(Rule, Build); 25] = [
    (Rule::decided, decided),
    (Rule::not_required, |node| Some(Statement::NotRequired { tasks: tasks(node) })),
    (Rule::governs, governs),
    (Rule::passes, passes),
    (Rule::succeeded, succeeded),
    (Rule::classifies, classifies),
    (Rule::step_in, |node| Some(Statement::MayStepIn { holder: first_holder(node)?, tasks: tasks(node) })),
    (Rule::requires, requires),
    (Rule::passive, permission),
    (Rule::permission, permission),
    (Rule::transfer, transfer),
    (Rule::act, act),
    (Rule::extends, |node| {
        Some(Statement::Extends { document: first_document(node)?, before: after(&first_date(node)?)? })
    }),
    (Rule::exists, exists),
    (Rule::onward, onward),
    (Rule::must_state_term, must_state_term),
    (Rule::widens, widens),
    (Rule::tabulates, |node| Some(Statement::Tabulates { table: node.first_name()?, rows: Vec::new() })),
    (Rule::higher_rank_prevails, |_| Some(Statement::HigherRankPrevails)),
    (Rule::later_text_prevails, |_| Some(Statement::LaterTextPrevails)),
    (Rule::decide_within, super::handling::build),
    (Rule::signed_by, super::handling::build),
    (Rule::no_deputy, super::handling::build),
    (Rule::bears_seal, super::handling::build),
    (Rule::procedure, super::handling::build),
];

pub(super) fn build(node: &Node<'_>) -> Option<Statement> {
    super::node::lookup(node.rule, &STATEMENTS).and_then(|build| build(node))
}

fn tasks(node: &Node<'_>) -> Vec<Name> {
    node.first(Kind::Tasks).map(Node::names).unwrap_or_default()
}

const FORMS: [(Rule, TransferForm); 16] = [
    (Rule::en_decentralise, TransferForm::Decentralise),
    (Rule::en_decentralised, TransferForm::Decentralise),
    (Rule::en_decentralises, TransferForm::Decentralise),
    (Rule::en_a_decentralisation_must_state_a_term, TransferForm::Decentralise),
    (Rule::vi_phan_cap, TransferForm::Decentralise),
    (Rule::en_entrust, TransferForm::Entrust),
    (Rule::en_entrusted, TransferForm::Entrust),
    (Rule::en_entrusts, TransferForm::Entrust),
    (Rule::en_an_entrustment_must_state_a_term, TransferForm::Entrust),
    (Rule::vi_giao, TransferForm::Entrust),
    (Rule::vi_viec_giao_phai_neu_thoi_han, TransferForm::Entrust),
    (Rule::en_delegate, TransferForm::Delegate),
    (Rule::en_delegated, TransferForm::Delegate),
    (Rule::en_delegates, TransferForm::Delegate),
    (Rule::vi_viec_phan_cap_phai_neu_thoi_han, TransferForm::Decentralise),
    (Rule::vi_uy_quyen, TransferForm::Delegate),
];

fn forms(node: &Node<'_>) -> Vec<TransferForm> {
    let list = node.inner.iter().find(|part| matches!(part.rule, Rule::forms_en | Rule::forms_done | Rule::forms_vi));
    list.map(|list| list.pick_all(&FORMS)).unwrap_or_default()
}

fn modal(node: &Node<'_>) -> Option<Modal> {
    node.pick(&[
        (Rule::en_may, Modal::May),
        (Rule::en_may_be, Modal::May),
        (Rule::vi_duoc, Modal::May),
        (Rule::en_must, Modal::Must),
        (Rule::en_must_be, Modal::Must),
        (Rule::vi_phai, Modal::Must),
        (Rule::en_must_not, Modal::MustNot),
        (Rule::en_must_not_be, Modal::MustNot),
        (Rule::vi_khong_duoc, Modal::MustNot),
    ])
}

fn decided(node: &Node<'_>) -> Option<Statement> {
    let whoever = node.inner.iter().find(|part| matches!(part.rule, Rule::whoever_en | Rule::whoever_vi));
    let sharing = node.child(Rule::sharing).and_then(|sharing| {
        sharing.pick(&[
            (Rule::en_any_of_them, Sharing::AnyOf),
            (Rule::vi_mot_trong_cac_chu_the, Sharing::AnyOf),
            (Rule::en_first_to_accept, Sharing::FirstToAccept),
            (Rule::vi_nguoi_thu_ly_dau_tien, Sharing::FirstToAccept),
            (Rule::en_applicant_chooses, Sharing::ApplicantChooses),
            (Rule::vi_nguoi_yeu_cau_lua_chon, Sharing::ApplicantChooses),
        ])
    });
    let frozen = node.inner.iter().find(|part| matches!(part.rule, Rule::frozen_en | Rule::frozen_vi));
    let by = match (whoever, frozen) {
        (Some(whoever), _) => Deciders::WhoeverDecides(whoever.first_name()?),
        (None, Some(frozen)) => Deciders::WhoeverDecided(first_date(frozen)?),
        (None, None) => Deciders::Holders { holders: holders(node)?, sharing },
    };
    Some(Statement::DecidedBy {
        tasks: tasks(node),
        also: node.has(&[Rule::en_is_also_decided_by, Rule::vi_cung_do]),
        by,
    })
}

fn governs(node: &Node<'_>) -> Option<Statement> {
    let part = match node.child(Rule::this) {
        Some(this) => Some(this_part(this)?),
        None => None,
    };
    Some(Statement::Governs { part, tasks: tasks(node) })
}

fn passes(node: &Node<'_>) -> Option<Statement> {
    let from = node.first(Kind::Givers).and_then(holders)?;
    Some(Statement::PassesTo { tasks: tasks(node), from, to: receiver(node)? })
}

fn receiver(node: &Node<'_>) -> Option<crate::syntax::tree::Holder> {
    node.inner.iter().find(|part| matches!(part.rule, Rule::receiver_en | Rule::receiver_vi)).and_then(first_holder)
}

fn succeeded(node: &Node<'_>) -> Option<Statement> {
    let [body, by] = <[Name; 2]>::try_from(node.names()).ok()?;
    Some(Statement::SucceededBy { body, by })
}

fn classifies(node: &Node<'_>) -> Option<Statement> {
    let [fact, value] = <[Name; 2]>::try_from(node.names()).ok()?;
    Some(Statement::Classifies { fact, value })
}

fn requires(node: &Node<'_>) -> Option<Statement> {
    Some(Statement::Requires { tasks: tasks(node), kind: requirement(node)?, of: first_holder(node)? })
}

pub(super) fn requirement(node: &Node<'_>) -> Option<RequirementKind> {
    node.pick(&[
        (Rule::en_requires_prior_approval_of, RequirementKind::PriorApproval),
        (Rule::vi_chap_thuan_truoc, RequirementKind::PriorApproval),
        (Rule::en_requires_appraisal_of, RequirementKind::Appraisal),
        (Rule::vi_tham_dinh, RequirementKind::Appraisal),
        (Rule::en_requires_agreement_of, RequirementKind::Agreement),
        (Rule::vi_thong_nhat, RequirementKind::Agreement),
        (Rule::en_requires_opinion_of, RequirementKind::Opinion),
        (Rule::vi_phai_lay_y_kien, RequirementKind::Opinion),
        (Rule::en_requires_report_to, RequirementKind::Report),
        (Rule::vi_phai_bao_cao, RequirementKind::Report),
    ])
}

fn transfer(node: &Node<'_>) -> Option<Statement> {
    let giver = node.inner.iter().find(|part| matches!(part.rule, Rule::giver_en | Rule::giver_vi));
    let giver = match giver {
        Some(giver) => Some(first_holder(giver)?),
        None => None,
    };
    Some(Statement::Transfer { form: node.pick(&FORMS)?, giver, tasks: tasks(node), to: receiver(node)? })
}

fn permission(node: &Node<'_>) -> Option<Statement> {
    let list = |kind| node.first(kind).map_or(Some(Vec::new()), holders);
    Some(Statement::Permission {
        modal: modal(node)?,
        forms: forms(node),
        givers: list(Kind::Givers)?,
        tasks: tasks(node),
        receivers: list(Kind::Receivers)?,
    })
}

fn onward(node: &Node<'_>) -> Option<Statement> {
    let received = node.pick(&[
        (Rule::en_a_delegated_task, ReceivedBy::Delegation),
        (Rule::vi_viec_duoc_uy_quyen, ReceivedBy::Delegation),
        (Rule::en_an_entrusted_task, ReceivedBy::Entrustment),
        (Rule::vi_viec_duoc_giao, ReceivedBy::Entrustment),
        (Rule::en_a_decentralised_task, ReceivedBy::Decentralisation),
        (Rule::vi_viec_duoc_phan_cap, ReceivedBy::Decentralisation),
        (Rule::en_a_devolved_task, ReceivedBy::Devolution),
        (Rule::vi_viec_duoc_phan_quyen, ReceivedBy::Devolution),
    ])?;
    let with_consent = node.has(&[Rule::en_with_consent, Rule::vi_khi_co_su_dong_y]);
    Some(Statement::Onward { received, modal: modal(node)?, forms: forms(node), with_consent })
}

fn must_state_term(node: &Node<'_>) -> Option<Statement> {
    Some(Statement::MustStateTerm { form: node.pick(&FORMS).unwrap_or(TransferForm::Delegate) })
}

fn widens(node: &Node<'_>) -> Option<Statement> {
    let levels: Vec<Name> = node.of_kind(Kind::Level).map(Node::name).collect();
    let [level, to] = <[Name; 2]>::try_from(levels).ok()?;
    Some(Statement::Widens { level, to })
}

fn act(node: &Node<'_>) -> Option<Statement> {
    let kind = node.pick(&[
        (Rule::en_amends, ActKind::Amends),
        (Rule::vi_sua_doi_bo_sung, ActKind::Amends),
        (Rule::en_repeals, ActKind::Repeals),
        (Rule::vi_bai_bo, ActKind::Repeals),
        (Rule::en_replaces, ActKind::Replaces),
        (Rule::vi_thay_the, ActKind::Replaces),
        (Rule::en_suspends, ActKind::Suspends),
        (Rule::vi_ngung_hieu_luc, ActKind::Suspends),
        (Rule::en_restores, ActKind::Restores),
        (Rule::vi_ap_dung_tro_lai, ActKind::Restores),
        (Rule::en_annuls, ActKind::Annuls),
        (Rule::vi_huy_bo, ActKind::Annuls),
    ])?;
    let except = match node.child(Rule::excepted) {
        Some(excepted) => references(excepted)?,
        None => Vec::new(),
    };
    Some(Statement::Act { kind, targets: references(node)?, except, amended: Vec::new() })
}

fn exists(node: &Node<'_>) -> Option<Statement> {
    let exists = !node.has(&[Rule::en_there_is_no, Rule::vi_khong_to_chuc]);
    if let Some(level) = node.first(Kind::Level) {
        return Some(Statement::LevelExists { exists, level: level.name() });
    }
    let [body, level] = <[Name; 2]>::try_from(node.names()).ok()?;
    Some(Statement::BodyExists { exists, body, level })
}
