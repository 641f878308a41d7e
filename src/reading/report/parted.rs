//! A report in parts: what echoes the question, which is written anew for each; the grounds, which many rulings share; and
//! what is around them, which is shared by all questions that have the same ruling. All together are the report, byte for byte.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Frame, grounds, json, ruling, value};
use crate::reading::naming::Voice;
use crate::register::RowId;
use crate::rulebook::Value;
use crate::ruling::{Answer, Ground, Question};

/// How a report without grounds writes them.
const NO_GROUNDS: &str = "\"chain\":[]";

/// What stands before the echo, between it and the grounds, and behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    before: Box<str>,
    between: Box<str>,
    chain: Arc<str>,
    after: Box<str>,
}

/// The grounds of a ruling, as its [report](super::report()) has them.
#[must_use]
pub fn chain(voice: Voice<'_>, of: &[Ground]) -> Arc<str> {
    serde_json::to_string(&grounds(voice, of)).unwrap_or_default().into()
}

impl Parted {
    /// The report of an answer, whose [`chain`] is there already.
    #[must_use]
    pub fn new(voice: Voice<'_>, answer: &Answer, frame: Frame<'_>, chain: Arc<str>) -> Self {
        let whole = serde_json::to_string(&ruling(voice, answer, frame, Vec::new())).unwrap_or_default();
        let mut echoed = String::new();
        echo(&mut echoed, voice, &answer.question);
        // Neither stands anywhere before: in a text its quotation marks would be escaped.
        let (before, rest) = whole.split_once(&echoed).unwrap_or((&whole, ""));
        let (between, after) = rest.split_once(NO_GROUNDS).unwrap_or((rest, ""));
        Self { before: before.into(), between: between.into(), chain, after: after.into() }
    }

    /// The report for a question that has this ruling.
    #[must_use]
    pub fn whole(&self, voice: Voice<'_>, question: &Question) -> String {
        let mut out = String::with_capacity(self.bytes() + self.chain.len() + 512);
        out.push_str(&self.before);
        echo(&mut out, voice, question);
        out.push_str(&self.between);
        out.push_str("\"chain\":");
        out.push_str(&self.chain);
        out.push_str(&self.after);
        out
    }

    /// Without the grounds, which are shared.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.before.len() + self.between.len() + self.after.len()
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
