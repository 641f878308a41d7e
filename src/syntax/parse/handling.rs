//! Sentences on how a task is handled, and the lines of a procedure.

use super::Rule;
use super::condition::{first_holder, holders};
use super::keyword::Kind;
use super::layout::Line;
use super::line::Reader;
use super::node::Node;
use crate::source::Span;
use crate::syntax::tree::{Deed, Handling, Limits, Paper, Procedure, SealOf, Stage, Statement, Within};

/// A sentence of its own line; of a procedure only the heading.
pub(super) fn build(node: &Node<'_>) -> Option<Statement> {
    let says = if node.is(Rule::procedure) {
        Handling::Procedure(Procedure::default())
    } else if node.is(Rule::decide_within) {
        Handling::Limit(within(node)?)
    } else if node.is(Rule::signed_by) {
        Handling::SignedBy(holders(node)?)
    } else if node.is(Rule::no_deputy) {
        Handling::NoDeputy
    } else {
        Handling::SealOf(Box::new(first_holder(node)?))
    };
    Some(Statement::Handling { tasks: node.first(Kind::Tasks).map(Node::names).unwrap_or_default(), says })
}

/// The time that stands in a sentence, if one does that makes sense.
pub(super) fn within(node: &Node<'_>) -> Option<Within> {
    let term = node.inner.iter().find(|part| matches!(part.rule, Rule::term_en | Rule::term_vi))?;
    let number: u32 = term.child(Rule::integer)?.text.parse().ok().filter(|number| *number > 0)?;
    let working = term.has(&[Rule::en_working_days, Rule::en_working_day, Rule::vi_ngay_lam_viec]);
    Some(if working { Within::WorkingDays(number) } else { Within::Days(number) })
}

pub(super) fn seal_of(node: &Node<'_>) -> Option<SealOf> {
    node.pick(&[
        (Rule::en_seal_of_the_receiver, SealOf::Receiver),
        (Rule::vi_dung_con_dau_cua_nguoi_nhan, SealOf::Receiver),
        (Rule::en_seal_of_the_giver, SealOf::Giver),
        (Rule::vi_dung_con_dau_cua_nguoi_giao, SealOf::Giver),
    ])
}

const DEEDS: [(Rule, Deed); 20] = [
    (Rule::en_examines, Deed::Examines),
    (Rule::vi_tham_tra, Deed::Examines),
    (Rule::en_verifies, Deed::Verifies),
    (Rule::vi_xac_minh, Deed::Verifies),
    (Rule::en_inspects_the_site, Deed::InspectsTheSite),
    (Rule::vi_kiem_tra_thuc_dia, Deed::InspectsTheSite),
    (Rule::en_asks_for_opinions, Deed::AsksForOpinions),
    (Rule::vi_lay_y_kien, Deed::AsksForOpinions),
    (Rule::en_gives_its_opinion, Deed::GivesItsOpinion),
    (Rule::vi_cho_y_kien, Deed::GivesItsOpinion),
    (Rule::en_appraises, Deed::Appraises),
    (Rule::vi_tham_dinh, Deed::Appraises),
    (Rule::en_posts_the_notice, Deed::PostsTheNotice),
    (Rule::vi_niem_yet, Deed::PostsTheNotice),
    (Rule::en_submits, Deed::Submits),
    (Rule::vi_trinh, Deed::Submits),
    (Rule::en_decides, Deed::Decides),
    (Rule::vi_quyet_dinh, Deed::Decides),
    (Rule::en_returns_the_result, Deed::ReturnsTheResult),
    (Rule::vi_tra_ket_qua, Deed::ReturnsTheResult),
];

fn stage(node: &Node<'_>) -> Option<Stage> {
    let said = node.inner.iter().any(|part| matches!(part.rule, Rule::term_en | Rule::term_vi));
    let within = if node.has(&[Rule::en_the_same_day, Rule::vi_trong_ngay]) {
        Some(Within::SameDay)
    } else if said {
        Some(within(node)?)
    } else {
        None
    };
    Some(Stage { by: first_holder(node)?, deed: node.pick(&DEEDS)?, within })
}

fn paper(node: &Node<'_>) -> Option<Paper> {
    let english = node.child(Rule::name_english).map(|name| name.name().value);
    Some(Paper { vietnamese: node.child(Rule::name_vietnamese)?.name().value, english })
}

impl Reader {
    /// What stands below `procedure T`: its own lines, and limits; `None` when a line could not be read.
    pub(super) fn procedure<'t>(&mut self, limits: &mut Limits, line: &Line<'t>, head: Span) -> Option<Procedure> {
        let (mut procedure, mut whole) = (Procedure::default(), true);
        let mut result: Option<Paper> = None;
        let mut received = None;
        for line in &line.below {
            let Some(form) = self.form(line, Rule::line_procedure) else {
                whole = false;
                continue;
            };
            if form.is(Rule::stage) {
                self.nothing_below(line);
                let built = self.built(stage(&form), form.span);
                whole &= built.is_some();
                procedure.stages.extend(built);
            } else if form.is(Rule::received_by) {
                self.nothing_below(line);
                let built = self.built(holders(&form), form.span);
                whole &= built.is_some();
                self.set(&mut received, (), &form);
                procedure.received_by.extend(built.unwrap_or_default());
            } else if form.is(Rule::result) {
                self.nothing_below(line);
                match self.built(paper(&form), form.span) {
                    Some(paper) => self.set(&mut result, paper, &form),
                    None => whole = false,
                }
            } else {
                whole &= self.limit(limits, &form, line);
            }
        }
        procedure.result = result;
        let empty = procedure.received_by.is_empty() && procedure.stages.is_empty() && procedure.result.is_none();
        if whole && empty {
            self.report(crate::diagnostic::Problem::NoSteps, head);
            return None;
        }
        whole.then_some(procedure)
    }
}
