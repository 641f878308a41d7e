//! A report in two parts, between which stands what echoes the question: so that the parts can be shared by all questions that
//! have the same ruling. All together are the report, byte for byte.

use serde_json::Value as Json;

use super::{json, value};
use crate::reading::naming::Voice;
use crate::register::RowId;
use crate::rulebook::Value;
use crate::ruling::Question;

/// The first and the last member that echo the question; they and those between them are neighbours.
const ECHO: (&str, &str) = ("task", "facts");

/// What stands before the echo, and behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    before: Box<str>,
    after: Box<str>,
}

impl Parted {
    /// Parts a [report](super::report()).
    #[must_use]
    pub fn new(report: &Json) -> Self {
        let (mut before, mut after) = (String::from("{"), String::new());
        let (mut begun, mut over) = (false, false);
        for (name, value) in report.as_object().into_iter().flatten() {
            begun |= name == ECHO.0;
            let member = || format!("{}:{value}", Json::from(name.as_str()));
            if !begun {
                before += &member();
                before.push(',');
            } else if over {
                after.push(',');
                after += &member();
            }
            over |= name == ECHO.1;
        }
        after.push('}');
        Self { before: before.into(), after: after.into() }
    }

    /// The report for a question that has this ruling.
    #[must_use]
    pub fn whole(&self, voice: Voice<'_>, question: &Question) -> String {
        let mut out = String::with_capacity(self.bytes() + 512);
        out.push_str(&self.before);
        echo(&mut out, voice, question);
        out.push_str(&self.after);
        out
    }

    #[must_use]
    pub fn bytes(&self) -> usize {
        self.before.len() + self.after.len()
    }
}

/// The members that echo a question, as [`report`](super::report()) has them.
fn echo(out: &mut String, voice: Voice<'_>, question: &Question) {
    let names = &voice.rulebook[question.task].names;
    out.push_str("\"task\":{\"id\":");
    quoted(out, &names.id);
    out.push_str(",\"name\":");
    quoted(out, voice.name(names));
    out.push_str("},\"unit\":");
    match question.places.first().map(Vec::as_slice) {
        Some([row]) => unit(out, voice, *row),
        _ => out.push_str("null"),
    }
    out.push_str(",\"places\":{");
    for (index, (role, rows)) in voice.rulebook[question.task].roles.iter().zip(&question.places).enumerate() {
        comma(out, index);
        quoted(out, &voice.rulebook[*role].names.id);
        if question.without.contains(role) {
            out.push_str(":null");
            continue;
        }
        out.push_str(":[");
        for (index, row) in rows.iter().enumerate() {
            comma(out, index);
            unit(out, voice, *row);
        }
        out.push(']');
    }
    out.push_str("},\"date\":");
    quoted(out, &question.on.to_string());
    out.push_str(",\"facts\":{");
    for (index, (fact, given)) in question.facts.iter().enumerate() {
        comma(out, index);
        quoted(out, &voice.rulebook[*fact].names.id);
        out.push(':');
        match given {
            Value::Boolean(true) => out.push_str("true"),
            Value::Boolean(false) => out.push_str("false"),
            Value::One(_) | Value::Many(_) | Value::Number(_) | Value::Date(_) | Value::Level(_) => {
                out.push_str(&json(&value(voice, *fact, given)).to_string());
            }
        }
    }
    out.push('}');
}

fn comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}

fn unit(out: &mut String, voice: Voice<'_>, row: RowId) {
    let row = voice.rulebook.register.row(row);
    for (lead, text) in [("{\"code\":", &row.code), (",\"name\":", &row.short_name), (",\"type\":", &row.kind)] {
        out.push_str(lead);
        quoted(out, text);
    }
    out.push('}');
}

/// A text as JSON has it; most need no escape.
fn quoted(out: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        out.push_str(&Json::from(text).to_string());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}
