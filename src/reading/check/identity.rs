//! Which finding is the same finding in another version of the rules: a fingerprint over what it says, in no language, and
//! without the lines and files in which it stands. What changes its region makes it another finding. Knows no words.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Finding, Matter};
use crate::applicability::Pattern;
use crate::digest::Digest;
use crate::reading::table::{Branch, Condition, Node, Part, Piece};
use crate::reading::words;
use crate::register::RowId;
use crate::rulebook::{
    Days, DocumentId, FactId, Language, ProvisionId, ReadingId, RoleId, Rulebook, TaskId, TextId, Value,
};
use crate::ruling::{Bound, Choice};

/// The fingerprints of findings, in their order: 64 hexadecimal digits each, no two the same. Of findings that say the same
/// of two sentences at one address the second is told apart by being the second.
#[must_use]
pub fn fingerprints(rulebook: &Rulebook, findings: &[Finding]) -> Vec<String> {
    let identity = Identity { rulebook };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let fingerprint = |finding: &Finding| {
        let said = identity.finding(finding).to_string();
        let before = seen.entry(said.clone()).or_default();
        *before += 1;
        Digest::of(format!("{before} {said}").as_bytes()).to_string()
    };
    findings.iter().map(fingerprint).collect()
}

struct Identity<'a> {
    rulebook: &'a Rulebook,
}

impl Identity<'_> {
    fn finding(&self, finding: &Finding) -> Json {
        let cited = |ids: &[ProvisionId]| ids.iter().map(|id| self.provision(*id)).collect::<Vec<_>>();
        json!([
            finding.code().id(),
            self.matter(finding.matter),
            finding.task.map(|task| &self.rulebook[task].names.id),
            cited(&finding.at_fault),
            cited(&finding.because),
            finding.task.zip(finding.region.as_ref()).map(|(task, region)| self.node(task, region)),
            finding.days.iter().map(|days| self.days(*days)).collect::<Vec<_>>(),
        ])
    }

    /// What the code and the sentences leave open.
    fn matter(&self, matter: Matter) -> Json {
        match matter {
            Matter::Conflict(kind) => json!(words::conflict_code(kind)),
            Matter::Basis(basis) => json!([self.document(basis.document), self.document(basis.rests_on)]),
            Matter::Unchecked { document, on } => {
                json!([self.document(document), on.map(|on| on.to_string())])
            }
            Matter::DelegationEnds { on, to, outcome } => {
                let body = to.map(|seat| &self.rulebook[seat.body].names.id);
                json!([on.to_string(), body, words::outcome_code(outcome)])
            }
            Matter::Unlike(slot) => json!(format!("{slot:?}")),
            Matter::OverLimit { takes, limit } => json!([format!("{takes:?}"), format!("{limit:?}")]),
            Matter::Unclear(clear) => json!(format!("{clear:?}")),
            Matter::Gap
            | Matter::Orphaned
            | Matter::Duplicate
            | Matter::Fault(_)
            | Matter::Dead
            | Matter::Unreachable
            | Matter::TooMany => Json::Null,
        }
    }

    /// Number, issuer and day together are what a document is known by.
    fn document(&self, id: DocumentId) -> Json {
        let (document, register) = (&self.rulebook[id], &self.rulebook.register);
        let unit = document.issuer.unit.and_then(|unit| register.rows_of(unit).last());
        let body = &self.rulebook[document.issuer.body].names.id;
        json!([document.number, body, unit.map(|row| self.unit(*row)), document.issued.to_string()])
    }

    fn text(&self, id: TextId) -> Json {
        let text = &self.rulebook[id];
        let address = words::address(&text.address, Language::English);
        let amended = (text.enacted_by != text.document).then(|| self.document(text.enacted_by));
        json!([self.document(text.document), address, amended])
    }

    fn provision(&self, id: ProvisionId) -> Json {
        let provision = &self.rulebook[id];
        let reading = provision.reading.and_then(|(reading, option)| self.option(reading, option));
        json!([self.text(provision.text), reading])
    }

    fn option(&self, reading: ReadingId, option: u8) -> Option<&str> {
        self.rulebook[reading].options.get(usize::from(option)).map(String::as_str)
    }

    /// A code alone may have been borne by others before.
    fn unit(&self, row: RowId) -> Json {
        let row = self.rulebook.register.row(row);
        json!([row.code, row.from.to_string()])
    }

    fn days(&self, days: Days) -> Json {
        json!([days.from.map(|day| day.to_string()), days.before.map(|day| day.to_string())])
    }

    fn node(&self, task: TaskId, node: &Node) -> Json {
        let branch = |branch: &Branch| json!([self.condition(task, &branch.condition), self.node(task, &branch.below)]);
        match node {
            Node::So | Node::Ruling(_) => Json::Null,
            Node::Branches(branches) => branches.iter().map(branch).collect(),
        }
    }

    fn condition(&self, task: TaskId, condition: &Condition) -> Json {
        let role = |role: RoleId| &self.rulebook[role].names.id;
        match condition {
            Condition::Days(days) => json!(["days", self.days(*days)]),
            Condition::Place { role: own, places } => {
                let parts: Vec<Json> = places.parts.iter().map(|part| self.part(part)).collect();
                json!(["place", role(*own), parts, places.nowhere])
            }
            // Whether they are listed or called the rest is a matter of words.
            Condition::Fact { fact, choices, rest: _ } => {
                let choices: Vec<Json> = choices.iter().map(|choice| self.choice(*fact, choice)).collect();
                json!(["fact", self.rulebook[*fact].names.id, choices])
            }
            Condition::Reading { reading, options } => {
                let options: Vec<Option<&str>> = options.iter().map(|option| self.option(*reading, *option)).collect();
                json!(["reading", self.text(self.rulebook[*reading].text), options])
            }
            Condition::Together { pattern, yes } => self.together(task, pattern, *yes),
        }
    }

    fn together(&self, task: TaskId, pattern: &Pattern, yes: bool) -> Json {
        let roles = &self.rulebook[task].roles;
        let role = |index: usize| roles.get(index).map(|role| &self.rulebook[*role].names.id);
        let roles = [role(pattern.roles.0), role(pattern.roles.1)];
        let level = &self.rulebook[pattern.level].names.id;
        json!(["together", pattern.is_span(), roles, level, pattern.on.map(|day| day.to_string()), yes])
    }

    fn part(&self, part: &Part) -> Json {
        let piece = |piece: &Piece| match piece {
            Piece::Unit(row) => json!([self.unit(*row)]),
            Piece::Of { unit, also } => {
                json!([self.unit(*unit), also.iter().map(|row| self.unit(*row)).collect::<Vec<_>>()])
            }
        };
        json!([part.all_of.as_ref().map(piece), part.except.iter().map(piece).collect::<Vec<_>>()])
    }

    fn choice(&self, fact: FactId, choice: &Choice) -> Json {
        let end = |end: &Option<Bound>| end.as_ref().map(|end| json!([self.value(fact, &end.value), end.included]));
        let values =
            |values: &[u8]| -> Vec<Json> { values.iter().map(|value| self.value(fact, &Value::One(*value))).collect() };
        match choice {
            Choice::Value(value) => self.value(fact, value),
            Choice::Range { low, high } => json!(["range", end(low), end(high)]),
            Choice::Highest(any) => json!(["highest", values(any)]),
            Choice::Lowest(any) => json!(["lowest", values(any)]),
            Choice::All(among) => json!(["all", values(among)]),
            Choice::Any(any) => json!(["any", values(any)]),
            // Of facts there are none of these.
            Choice::Reading(option) => json!(option),
            Choice::NoPlace => Json::Null,
            Choice::Place { unit, .. } => self.unit(*unit),
        }
    }

    fn value(&self, fact: FactId, value: &Value) -> Json {
        let names = crate::reading::naming::values(&self.rulebook[fact].domain);
        let id = |index: &u8| names.get(usize::from(*index)).map(|names| names.id.as_str());
        match value {
            Value::Boolean(truth) => json!(truth),
            Value::One(index) => json!(id(index)),
            Value::Many(set) => set.iter().map(id).collect(),
            Value::Number(number) => json!(number.normalize().to_string()),
            Value::Date(date) => json!(date.to_string()),
            Value::Level(level) => json!(level.map(|level| &self.rulebook[level].names.id)),
        }
    }
}
