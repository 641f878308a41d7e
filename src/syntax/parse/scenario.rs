//! Scenarios: what is asked and what is expected.

use super::Rule;
use super::condition::{first_date, first_holder, holders, reference, unit_scope, values};
use super::handling::within;
use super::keyword::Kind;
use super::layout::Line;
use super::line::Reader;
use super::node::Node;
use super::statement::requirement;
use crate::syntax::tree::{
    Expectation, ExpectationKind, ExpectedOutcome, Literal, Name, ScenarioAsk, ScenarioItem, Scope, TransferForm,
};

type Given = (Name, Vec<Literal>);

impl Reader {
    /// A scenario of which a line is broken would test something else, so it is marked.
    pub(super) fn scenario<'t>(&mut self, form: &Node<'t>, line: &Line<'t>) -> Option<ScenarioItem> {
        let title = form.first_name();
        let title = self.built(title, form.span)?;
        let mut scenario = ScenarioItem { title, ask: None, expect: Vec::new(), damaged: false, span: form.span };
        let mut given: Vec<Given> = Vec::new();
        let mut whole = true;
        for line in &line.below {
            match self.form(line, Rule::line_scenario) {
                Some(form) => whole &= self.scenario_line(&mut scenario, &mut given, &form, line),
                None => whole = false,
            }
        }
        if let Some(ScenarioAsk::WhoDecides { facts, .. }) = &mut scenario.ask {
            facts.extend(given);
        }
        scenario.damaged = !whole;
        Some(scenario)
    }

    fn scenario_line<'t>(
        &mut self,
        scenario: &mut ScenarioItem,
        given: &mut Vec<Given>,
        form: &Node<'t>,
        line: &Line<'t>,
    ) -> bool {
        if form.is(Rule::ask) {
            let asked = ask(form);
            let Some(asked) = self.built(asked, form.span) else { return false };
            self.set(&mut scenario.ask, asked, form);
            let lines: Vec<Option<Vec<Given>>> = line.below.iter().map(|line| self.with_line(line)).collect();
            let Some(lines) = lines.into_iter().collect::<Option<Vec<_>>>() else { return false };
            given.extend(lines.into_iter().flatten());
            return true;
        }
        self.nothing_below(line);
        if form.is(Rule::ask_exists) {
            let asked = ask_exists(form);
            let Some(asked) = self.built(asked, form.span) else { return false };
            self.set(&mut scenario.ask, asked, form);
        } else if form.is(Rule::with_facts) {
            let facts = with_facts(form);
            let Some(facts) = self.built(facts, form.span) else { return false };
            given.extend(facts);
        } else {
            let kind = form.inner.iter().find_map(expectation);
            let Some(kind) = self.built(kind, form.span) else { return false };
            scenario.expect.push(Expectation { kind, span: form.span });
        }
        true
    }

    fn with_line(&mut self, line: &Line<'_>) -> Option<Vec<Given>> {
        let form = self.leaf(line, Rule::line_with)?;
        let facts = with_facts(&form);
        self.built(facts, form.span)
    }
}

fn ask(node: &Node<'_>) -> Option<ScenarioAsk> {
    let places = node.inner.iter().filter(|part| matches!(part.rule, Rule::asked_place_en | Rule::asked_place_vi));
    let (named, without): (Vec<_>, Vec<_>) = places.partition(|place| place.child(Rule::unit_scope).is_some());
    let role = |place: &&Node<'_>| place.first(Kind::Role).map(Node::name);
    let unit = |place: &&Node<'_>| Some((role(place), unit_scope(place.child(Rule::unit_scope)?)?));
    let places: Option<Vec<(Option<Name>, Scope)>> = named.iter().map(unit).collect();
    Some(ScenarioAsk::WhoDecides {
        task: node.first_name()?,
        places: places?,
        without: without.iter().filter_map(role).collect(),
        on: first_date(node)?,
        facts: Vec::new(),
        span: node.span,
    })
}

fn ask_exists(node: &Node<'_>) -> Option<ScenarioAsk> {
    Some(ScenarioAsk::Exists {
        body: node.first_name()?,
        level: node.first(Kind::Level)?.name(),
        at: unit_scope(node.child(Rule::unit_scope)?)?,
        on: first_date(node)?,
        span: node.span,
    })
}

fn with_facts(node: &Node<'_>) -> Option<Vec<Given>> {
    let given = node.inner.iter().filter(|part| matches!(part.rule, Rule::given_en | Rule::given_vi));
    given.map(|one| Some((one.first_name()?, values(one)?))).collect()
}

fn expectation(node: &Node<'_>) -> Option<ExpectationKind> {
    if node.is(Rule::expect_decided_en) || node.is(Rule::expect_decided_vi) {
        return decided(node);
    }
    if node.is(Rule::expect_outcome_en) || node.is(Rule::expect_outcome_vi) {
        return outcome(node);
    }
    if node.is(Rule::expect_nothing) {
        return Some(ExpectationKind::RequiresNothing);
    }
    if node.is(Rule::expect_requires_en) || node.is(Rule::expect_requires_vi) {
        return Some(ExpectationKind::Requires { kind: requirement(node)?, of: first_holder(node)? });
    }
    if matches!(node.rule, Rule::expect_signed_en | Rule::expect_signed_vi) {
        return first_holder(node).map(ExpectationKind::SignedBy);
    }
    if matches!(node.rule, Rule::expect_seal_en | Rule::expect_seal_vi) {
        return first_holder(node).map(ExpectationKind::SealOf);
    }
    if matches!(node.rule, Rule::expect_takes_en | Rule::expect_takes_vi) {
        return within(node).map(ExpectationKind::Takes);
    }
    if matches!(node.rule, Rule::expect_term_en | Rule::expect_term_vi) {
        return within(node).map(ExpectationKind::Limit);
    }
    if node.is(Rule::expect_lost) {
        return node.child(Rule::reference).and_then(reference).map(ExpectationKind::Lost);
    }
    if node.is(Rule::expect_exists_en) || node.is(Rule::expect_exists_vi) {
        return Some(ExpectationKind::Exists(node.has(&[Rule::en_yes, Rule::vi_co])));
    }
    None
}

fn decided(node: &Node<'_>) -> Option<ExpectationKind> {
    let transferred = node.pick(&[
        (Rule::en_delegated_to, TransferForm::Delegate),
        (Rule::vi_uy_quyen_cho, TransferForm::Delegate),
        (Rule::en_entrusted_to, TransferForm::Entrust),
        (Rule::vi_giao_cho, TransferForm::Entrust),
        (Rule::en_decentralised_to, TransferForm::Decentralise),
        (Rule::vi_phan_cap_cho, TransferForm::Decentralise),
    ]);
    let by = match node.child(Rule::reference) {
        Some(by) => Some(reference(by)?),
        None => None,
    };
    Some(ExpectationKind::Decided { transferred, holder: first_holder(node)?, by })
}

fn outcome(node: &Node<'_>) -> Option<ExpectationKind> {
    let outcome = node.pick(&[
        (Rule::en_undetermined, ExpectedOutcome::Undetermined),
        (Rule::vi_chua_xac_dinh, ExpectedOutcome::Undetermined),
        (Rule::en_conflict, ExpectedOutcome::Conflict),
        (Rule::vi_chong_cheo, ExpectedOutcome::Conflict),
        (Rule::en_gap, ExpectedOutcome::Gap),
        (Rule::vi_bo_trong, ExpectedOutcome::Gap),
        (Rule::en_orphaned, ExpectedOutcome::Orphaned),
        (Rule::vi_mat_chu_the, ExpectedOutcome::Orphaned),
        (Rule::en_concurrent, ExpectedOutcome::Concurrent),
        (Rule::vi_dong_tham_quyen, ExpectedOutcome::Concurrent),
        (Rule::en_not_required, ExpectedOutcome::NotRequired),
        (Rule::vi_khong_phai_thuc_hien, ExpectedOutcome::NotRequired),
        (Rule::en_open, ExpectedOutcome::Open),
        (Rule::vi_bo_ngo, ExpectedOutcome::Open),
        (Rule::en_not_covered, ExpectedOutcome::NotCovered),
        (Rule::vi_ngoai_pham_vi, ExpectedOutcome::NotCovered),
    ])?;
    let between = match node.first(Kind::Receivers) {
        Some(list) => holders(list)?,
        None => Vec::new(),
    };
    Some(ExpectationKind::Outcome { outcome, between })
}
