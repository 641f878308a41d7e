//! The items of the catalogue.

use super::Rule;
use super::condition;
use super::keyword::Kind;
use super::layout::Line;
use super::line::Reader;
use super::node::Node;
use crate::source::Spanned;
use crate::syntax::tree::{
    BodyItem, Condition, CoverItem, CoverLine, Declared, FactItem, FactKind, Item, KindItem, KindMay, LevelItem,
    PlaceItem, RegisterItem, TableItem, TaskItem,
};

impl Reader {
    /// Any item but a document.
    pub(super) fn item<'t>(&mut self, form: &Node<'t>, line: &Line<'t>) -> Option<Item> {
        if form.is(Rule::head_scenario) {
            return Some(Item::Scenario(Box::new(self.scenario(form, line)?)));
        }
        if form.is(Rule::head_cover) {
            return Some(Item::Cover(self.cover(form, line)));
        }
        if form.is(Rule::head_register) {
            self.nothing_below(line);
            let [units, successions] = <[_; 2]>::try_from(form.names()).ok()?;
            return Some(Item::Register(RegisterItem { units, successions, span: form.span }));
        }
        let declared = declared(form.child(Rule::declared)?)?;
        if form.is(Rule::head_level) {
            return Some(Item::Level(self.level(declared, line)));
        }
        if form.is(Rule::head_kind) {
            return Some(Item::Kind(self.kind(declared, line)));
        }
        if form.is(Rule::head_place) {
            return Some(Item::Place(self.place(declared, line)));
        }
        if form.is(Rule::head_fact) {
            return Some(Item::Fact(self.fact(declared, line)));
        }
        if form.is(Rule::head_table) {
            return Some(Item::Table(self.table(declared, line)));
        }
        if form.is(Rule::head_task) {
            return Some(Item::Task(self.task(declared, line)));
        }
        Some(Item::Body(self.body(declared, form.is(Rule::head_class), line)))
    }

    fn level(&mut self, mut declared: Declared, line: &Line<'_>) -> LevelItem {
        let mut below = None;
        for line in &line.below {
            let Some(form) = self.leaf(line, Rule::line_level) else { continue };
            if form.is(Rule::aliases) {
                declared.aliases.extend(form.names());
            } else if let Some(name) = form.first_name() {
                self.set(&mut below, name, &form);
            }
        }
        LevelItem { declared, below }
    }

    fn kind(&mut self, mut declared: Declared, line: &Line<'_>) -> KindItem {
        let (mut rank, mut may) = (None, None);
        for line in &line.below {
            let Some(form) = self.leaf(line, Rule::line_kind) else { continue };
            if form.is(Rule::aliases) {
                declared.aliases.extend(form.names());
            } else if form.is(Rule::kind_rank) {
                let number = form.child(Rule::integer).and_then(|n| Some(Spanned::new(n.text.parse().ok()?, n.span)));
                if let Some(number) = self.built(number, form.span) {
                    self.set(&mut rank, number, &form);
                }
            } else {
                self.set(&mut may, rights(&form), &form);
            }
        }
        KindItem { declared, rank, may: may.unwrap_or_default() }
    }

    fn place(&mut self, mut declared: Declared, line: &Line<'_>) -> PlaceItem {
        for line in &line.below {
            if let Some(form) = self.leaf(line, Rule::line_place) {
                declared.aliases.extend(form.names());
            }
        }
        PlaceItem { declared }
    }

    fn table(&mut self, mut declared: Declared, line: &Line<'_>) -> TableItem {
        let (mut by, mut unit) = (None, None);
        for line in &line.below {
            let Some(form) = self.leaf(line, Rule::line_table) else { continue };
            if form.is(Rule::aliases) {
                declared.aliases.extend(form.names());
            } else if let Some(measure) = form.first(Kind::Measure) {
                self.set(&mut unit, measure.name().value, &form);
            } else if let Some(name) = form.first_name() {
                self.set(&mut by, name, &form);
            }
        }
        TableItem { declared, by, unit }
    }

    fn body(&mut self, declared: Declared, is_class: bool, line: &Line<'_>) -> BodyItem {
        let mut body = BodyItem {
            declared,
            is_class,
            levels: Vec::new(),
            heads: None,
            under: None,
            deputises: None,
            classes: Vec::new(),
            collective: None,
            system: None,
            period: None,
        };
        for line in &line.below {
            if let Some(form) = self.leaf(line, Rule::line_body) {
                self.body_line(&mut body, &form);
            }
        }
        body
    }

    fn body_line(&mut self, body: &mut BodyItem, form: &Node<'_>) {
        if form.is(Rule::aliases) {
            body.declared.aliases.extend(form.names());
        } else if form.is(Rule::body_at) {
            body.levels.extend(form.names());
        } else if form.is(Rule::body_is) {
            body.classes.extend(form.names());
        } else if form.is(Rule::body_works) {
            let collective = form.has(&[Rule::en_works_collectively, Rule::vi_lam_viec_tap_the]);
            self.set(&mut body.collective, Spanned::new(collective, form.span), form);
        } else if form.is(Rule::period) {
            if let Some(period) = self.built(condition::period(form), form.span) {
                self.set(&mut body.period, period, form);
            }
        } else if let Some(name) = form.first_name() {
            if form.is(Rule::body_heads) {
                self.set(&mut body.heads, name, form);
            } else if form.is(Rule::body_under) {
                self.set(&mut body.under, name, form);
            } else if form.is(Rule::deputises) {
                self.set(&mut body.deputises, name, form);
            } else {
                self.set(&mut body.system, name, form);
            }
        }
    }

    fn fact(&mut self, mut declared: Declared, line: &Line<'_>) -> FactItem {
        let (mut kind, mut values) = (None, Vec::new());
        for line in &line.below {
            let Some(form) = self.form(line, Rule::line_fact) else { continue };
            if form.is(Rule::aliases) {
                declared.aliases.extend(form.names());
                self.nothing_below(line);
                continue;
            }
            let said = form.only().map(|inner| Spanned::new(fact_kind(inner), form.span));
            let listed =
                said.as_ref().is_some_and(|kind| matches!(kind.value, FactKind::One { .. } | FactKind::Many { .. }));
            if let Some(said) = said {
                self.set(&mut kind, said, &form);
            }
            if listed {
                values.extend(line.below.iter().filter_map(|line| self.value(line)));
            } else {
                self.nothing_below(line);
            }
        }
        FactItem { declared, kind, values }
    }

    /// One value of a fact, perhaps with other names below it.
    fn value(&mut self, line: &Line<'_>) -> Option<Declared> {
        let mut value = declared(&self.form(line, Rule::line_value)?)?;
        for line in &line.below {
            if let Some(form) = self.leaf(line, Rule::line_alias) {
                value.aliases.extend(form.names());
            }
        }
        Some(value)
    }

    fn task(&mut self, declared: Declared, line: &Line<'_>) -> TaskItem {
        let mut task = TaskItem {
            declared,
            sector: None,
            procedures: Vec::new(),
            facts: Vec::new(),
            places: Vec::new(),
            optional: Vec::new(),
            covered: Vec::new(),
            covered_in: Vec::new(),
            impossible: Vec::new(),
            open: Vec::new(),
        };
        let mut last: Option<Rule> = None;
        for line in &line.below {
            let form = self.form(line, Rule::line_task);
            last = form.and_then(|form| self.task_line(&mut task, &form, line, last));
        }
        task
    }

    /// Gives back which list of conditions the next `and …` would go on.
    fn task_line(&mut self, task: &mut TaskItem, form: &Node<'_>, line: &Line<'_>, last: Option<Rule>) -> Option<Rule> {
        if form.is(Rule::task_impossible) || form.is(Rule::task_open) {
            let clauses = form.child(Rule::when).and_then(|when| self.when(when, line));
            let list = if form.is(Rule::task_open) { &mut task.open } else { &mut task.impossible };
            let clauses = clauses?;
            list.push(Condition { clauses, span: form.span });
            return Some(form.rule);
        }
        self.nothing_below(line);
        if form.is(Rule::more) {
            let list = if last == Some(Rule::task_open) { &mut task.open } else { &mut task.impossible };
            let condition = list.last_mut().filter(|_| last.is_some());
            self.more(condition, form);
            return last;
        }
        if form.is(Rule::aliases) {
            task.declared.aliases.extend(form.names());
        } else if form.is(Rule::task_sector) {
            if let Some(sector) = form.child(Rule::declared).and_then(declared) {
                self.set(&mut task.sector, sector, form);
            }
        } else if form.is(Rule::task_covered) {
            self.covered(task, form);
        } else if form.is(Rule::task_procedures) {
            task.procedures.extend(form.names());
        } else if form.is(Rule::task_facts) {
            task.facts.extend(form.names());
        } else {
            for place in form.children(Rule::task_place) {
                let role = place.first(Kind::Role).map(Node::name);
                if place.has(&[Rule::en_if_any, Rule::vi_neu_co]) {
                    task.optional.extend(role.clone());
                }
                task.places.extend(role);
            }
        }
        None
    }

    /// `covered from …`, or `covered in SCOPE from …`.
    fn covered(&mut self, task: &mut TaskItem, form: &Node<'_>) {
        if form.child(Rule::scopes).is_some() {
            task.covered_in.extend(self.built(cover_line(form), form.span));
        } else {
            task.covered.extend(form.child(Rule::period).and_then(condition::period));
        }
    }

    fn cover(&mut self, form: &Node<'_>, line: &Line<'_>) -> CoverItem {
        let mut lines = Vec::new();
        for line in &line.below {
            let Ok(node) = self.line(line, Rule::line_cover) else { continue };
            self.nothing_below(line);
            lines.extend(self.built(cover_line(&node), line.span));
        }
        CoverItem { lines, span: form.span }
    }

    /// A line with nothing below it.
    pub(super) fn leaf<'t>(&mut self, line: &Line<'t>, rule: Rule) -> Option<Node<'t>> {
        let form = self.form(line, rule)?;
        self.nothing_below(line);
        Some(form)
    }
}

/// `in SCOPE from …`.
fn cover_line(node: &Node<'_>) -> Option<CoverLine> {
    let scopes = node.child(Rule::scopes).and_then(condition::scopes)?;
    let period = node.child(Rule::period).and_then(condition::period)?;
    Some(CoverLine { scopes, period, span: node.span })
}

fn declared(node: &Node<'_>) -> Option<Declared> {
    let id = node.child(Rule::name_word)?.name();
    let vietnamese = node.child(Rule::name_vietnamese).map(Node::name);
    let english = node.child(Rule::name_english).map(Node::name);
    Some(Declared { id, vietnamese, english, aliases: Vec::new(), span: node.span })
}

fn rights(form: &Node<'_>) -> Vec<Spanned<KindMay>> {
    const RIGHTS: [(Rule, KindMay); 10] = [
        (Rule::en_devolve, KindMay::Devolve),
        (Rule::vi_phan_quyen, KindMay::Devolve),
        (Rule::en_assign, KindMay::Assign),
        (Rule::vi_quy_dinh_tham_quyen, KindMay::Assign),
        (Rule::en_decentralise, KindMay::Decentralise),
        (Rule::vi_phan_cap, KindMay::Decentralise),
        (Rule::en_entrust, KindMay::Entrust),
        (Rule::vi_giao, KindMay::Entrust),
        (Rule::en_delegate, KindMay::Delegate),
        (Rule::vi_uy_quyen, KindMay::Delegate),
    ];
    form.children(Rule::kind_right).filter_map(|right| Some(Spanned::new(right.pick(&RIGHTS)?, right.span))).collect()
}

fn fact_kind(node: &Node<'_>) -> FactKind {
    let ordered = node.has(&[Rule::ordered]);
    let unit = node.first(Kind::Measure).map(|unit| unit.name().value);
    if node.is(Rule::fact_one) {
        FactKind::One { ordered }
    } else if node.is(Rule::fact_many) {
        FactKind::Many { ordered }
    } else if node.is(Rule::fact_integer) {
        FactKind::Integer { unit }
    } else if node.is(Rule::fact_decimal) {
        FactKind::Decimal { unit }
    } else if node.is(Rule::fact_date) {
        FactKind::Date
    } else if node.is(Rule::fact_level) {
        FactKind::LevelOrNone
    } else {
        FactKind::Boolean
    }
}
