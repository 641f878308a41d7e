//! A provision with its limits. A limit that cannot be read takes its provision with it: else the rule would silently
//! apply more widely than its text.

use super::Rule;
use super::condition;
use super::document::unverified;
use super::handling;
use super::layout::Line;
use super::line::Reader;
use super::node::Node;
use super::statement;
use crate::syntax::tree::{
    Article, Cases, CasesKind, Clause, Condition, Handling, Limits, PrevailsOverAddress, Provision, Row, Statement,
    Test,
};

impl Reader {
    pub(super) fn provision<'t>(&mut self, form: &Node<'t>, line: &Line<'t>) -> Option<Provision> {
        let built = statement::build(form);
        let mut statement = self.built(built, form.span);
        let amends = form.has(&[Rule::en_amends, Rule::vi_sua_doi_bo_sung]) && form.is(Rule::act);
        let rule = if amends {
            Rule::line_amended
        } else if form.is(Rule::tabulates) {
            Rule::line_row
        } else {
            Rule::line_limit
        };
        let mut new_rows: Vec<Row> = Vec::new();
        let (mut limits, mut whole) = (Limits::default(), true);
        if form.is(Rule::procedure) {
            let procedure = self.procedure(&mut limits, line, form.span)?;
            if let Some(Statement::Handling { says, .. }) = &mut statement {
                *says = Handling::Procedure(procedure);
            }
            return Some(Provision { statement: statement?, limits, span: form.span });
        }
        let mut new_text: Vec<Article> = Vec::new();
        for line in &line.below {
            let Some(form) = self.form(line, rule) else {
                whole = false;
                continue;
            };
            if form.is(Rule::head_article) {
                new_text.extend(self.article(&form, line));
            } else if form.is(Rule::row) {
                self.nothing_below(line);
                let row = self.built(row(&form), form.span);
                whole &= row.is_some();
                new_rows.extend(row);
            } else {
                whole &= self.limit(&mut limits, &form, line);
            }
        }
        if let Some(Statement::Act { amended, .. }) = &mut statement {
            *amended = new_text;
        } else if let Some(Statement::Tabulates { rows, .. }) = &mut statement {
            *rows = new_rows;
        }
        let statement = statement.filter(|_| whole)?;
        Some(Provision { statement, limits, span: form.span })
    }

    /// Adds one limit; false when it could not be.
    pub(super) fn limit<'t>(&mut self, limits: &mut Limits, form: &Node<'t>, line: &Line<'t>) -> bool {
        if form.is(Rule::when) {
            let Some(clauses) = self.when(form, line) else { return false };
            match &mut limits.condition {
                Some(condition) => {
                    condition.clauses.extend(clauses);
                    condition.span = condition.span.to(form.span);
                }
                None => limits.condition = Some(Condition { clauses, span: form.span }),
            }
            return true;
        }
        self.nothing_below(line);
        if form.is(Rule::more) {
            return self.more(limits.condition.as_mut(), form);
        }
        if form.is(Rule::consent) {
            limits.with_consent = true;
        } else if let Some(seal) = handling::seal_of(form) {
            self.set(&mut limits.seal, seal, form);
        } else if form.is(Rule::mark_unverified) {
            limits.unverified |= unverified(form);
        } else if form.is(Rule::confidence) {
            self.confidence(&mut limits.confidence, form);
        } else {
            let added = self.limit_with_parts(limits, form);
            return self.built(added, form.span).is_some();
        }
        true
    }

    fn limit_with_parts(&mut self, limits: &mut Limits, form: &Node<'_>) -> Option<()> {
        if form.is(Rule::within) {
            let scopes = match (form.child(Rule::scopes), form.child(Rule::of_type_alone)) {
                (Some(scopes), _) => condition::scopes(scopes)?,
                (None, alone) => vec![condition::of_type(alone?)],
            };
            let mut slot = (!limits.scopes.is_empty()).then_some(());
            self.set(&mut slot, (), form);
            limits.scopes.extend(scopes);
        } else if form.is(Rule::cases) {
            let kind = form.pick(&[
                (Rule::en_in_the_cases_of, CasesKind::In),
                (Rule::vi_trong_cac_truong_hop_quy_dinh_tai, CasesKind::In),
                (Rule::en_except_in_the_cases_of, CasesKind::Except),
                (Rule::vi_tru_cac_truong_hop_quy_dinh_tai, CasesKind::Except),
                (Rule::en_in_all_other_cases_of, CasesKind::AllOther),
                (Rule::vi_trong_cac_truong_hop_con_lai_cua, CasesKind::AllOther),
            ])?;
            limits.cases.push(Cases { kind, of: condition::references(form)?, span: form.span });
        } else if form.is(Rule::period) {
            let period = condition::period(form)?;
            self.set(&mut limits.period, period, form);
        } else if form.is(Rule::under) {
            limits.under.extend(condition::references(form)?);
        } else if form.is(Rule::prevails) {
            limits
                .prevails
                .push(PrevailsOverAddress { over: condition::references(form)?, by: condition::first_document(form) });
        } else {
            limits.yields.extend(condition::references(form)?);
        }
        Some(())
    }

    /// `when …`: its tests on the line, or `when any of` with alternatives below; further `and …` lines may stand below it.
    pub(super) fn when<'t>(&mut self, form: &Node<'t>, line: &Line<'t>) -> Option<Vec<Clause>> {
        let case = if form.has(&[Rule::en_when_any_of]) { Rule::line_case_en } else { Rule::line_case_vi };
        if form.has(&[Rule::en_when_any_of, Rule::vi_khi_thuoc_mot_trong_cac_truong_hop]) {
            if line.below.is_empty() {
                self.report(crate::diagnostic::Problem::NoAlternatives, form.span);
                return None;
            }
            let cases: Vec<Option<Vec<Test>>> = line.below.iter().map(|line| self.case(line, case)).collect();
            return Some(vec![Clause::AnyOf(cases.into_iter().collect::<Option<_>>()?)]);
        }
        let tests = form
            .inner
            .iter()
            .find(|part| matches!(part.rule, Rule::tests_en | Rule::tests_vi))
            .and_then(condition::tests);
        let mut clauses: Option<Vec<Clause>> =
            self.built(tests, form.span).map(|tests| tests.into_iter().map(Clause::Test).collect());
        for line in &line.below {
            let more = self.leaf(line, Rule::line_more).and_then(|more| more_tests(&more));
            clauses = clauses.zip(more).map(|(mut clauses, more)| {
                clauses.extend(more);
                clauses
            });
        }
        clauses
    }

    /// One alternative: a line, and perhaps `and …` lines below it.
    fn case(&mut self, line: &Line<'_>, rule: Rule) -> Option<Vec<Test>> {
        let form = self.form(line, rule)?;
        let mut tests = condition::tests(&form);
        for line in &line.below {
            let more = self.leaf(line, Rule::line_more).and_then(|more| more.only().and_then(condition::tests));
            tests = tests.zip(more).map(|(mut tests, more)| {
                tests.extend(more);
                tests
            });
        }
        tests
    }

    /// `and …` goes on with the condition before it; false when there is none.
    pub(super) fn more(&mut self, condition: Option<&mut Condition>, form: &Node<'_>) -> bool {
        let Some(condition) = condition else {
            self.report(crate::diagnostic::Problem::AndWithoutWhen, form.span);
            return false;
        };
        let more = more_tests(form);
        let Some(more) = self.built(more, form.span) else { return false };
        condition.clauses.extend(more);
        condition.span = condition.span.to(form.span);
        true
    }
}

fn more_tests(more: &Node<'_>) -> Option<Vec<Clause>> {
    Some(more.only().and_then(condition::tests)?.into_iter().map(Clause::Test).collect())
}

fn row(form: &Node<'_>) -> Option<Row> {
    let (limit, unit) = condition::measured(form)?;
    Some(Row { values: form.names(), limit, unit, span: form.span })
}
