//! Coverage in words and as JSON.

use serde_json::{Value as Json, json};

use super::{Coverage, Never, Shown, Witness, scenario};
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::reading::{reason, report};
use crate::rulebook::{Language, ProvisionId};
use crate::ruling::Why;
use crate::source::Span;

/// How many provisions are what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub all: usize,
    pub counting: usize,
    pub losing: usize,
    pub elsewhere: usize,
    pub never: usize,
}

impl Coverage {
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { all: self.0.len(), ..Counts::default() };
        for (_, shown) in &self.0 {
            match shown {
                Shown::Counts => counts.counting += 1,
                Shown::Loses(_) => counts.losing += 1,
                Shown::Elsewhere(_) | Shown::Somewhere(_) => counts.elsewhere += 1,
                Shown::Never(_) => counts.never += 1,
            }
        }
        counts
    }
}

/// The line with the counts.
#[must_use]
pub fn summary(coverage: &Coverage, language: Language) -> String {
    let Counts { all, counting, losing, elsewhere, never } = coverage.counts();
    match language {
        Language::Vietnamese => format!(
            "{all} câu quy định: {counting} có tác dụng trong tình huống, {losing} chỉ bị loại ở đó; không có trong tình huống nào: {elsewhere} có tác dụng ở chỗ khác, {never} không bao giờ"
        ),
        Language::English => format!(
            "{all} provisions: {counting} count in a scenario, {losing} only lose there; in no scenario: {elsewhere} count elsewhere, {never} never do"
        ),
    }
}

/// Each provision that is in no scenario, where it stands: with a scenario in which it counts, or why it never does. Those of one
/// reason that speaks of no other provision stand together. `place` says where a span is: `path:line`.
#[must_use]
pub fn lines(voice: Voice<'_>, coverage: &Coverage, place: impl Fn(Span) -> String) -> Vec<String> {
    let language = voice.language;
    let mut lines = Vec::new();
    let mut together: Vec<(String, Vec<String>)> = Vec::new();
    for (id, shown) in in_order(voice, coverage) {
        let at = place(voice.rulebook[id].span);
        let who = subject(voice, id);
        match shown {
            Shown::Elsewhere(witness) => {
                let lead = pick(language, "có tác dụng ở đây:", "counts here:");
                lines.push(format!("- {at}  {who}: {lead}"));
                lines.extend(scenario(voice, id, witness).iter().map(|line| format!("    {line}")));
            }
            Shown::Somewhere(task) => {
                let task = &voice.rulebook[*task].names.id;
                let lead = pick(language, "có tác dụng ở đâu đó trong", "counts somewhere in");
                lines.push(format!("- {at}  {who}: {lead} {task}"));
            }
            Shown::Never(never @ Never::Loses(_)) => {
                lines.push(format!("- {at}  {who}: {lead}: {}", reason(voice, never), lead = never_counts(language)));
            }
            Shown::Never(never) => {
                let reason = reason(voice, never);
                match together.iter_mut().find(|(other, _)| *other == reason) {
                    Some((_, places)) => places.push(at),
                    None => together.push((reason, vec![at])),
                }
            }
            Shown::Counts | Shown::Loses(_) => {}
        }
    }
    for (reason, places) in together {
        lines.push(format!("- {}: {reason}:", never_counts(language)));
        lines.extend(by_file(&places).iter().map(|line| format!("    {line}")));
    }
    lines
}

const fn never_counts(language: Language) -> &'static str {
    pick(language, "không bao giờ có tác dụng", "never counts")
}

/// `a.tq:3, 8` of `a.tq:3` and `a.tq:8`, in the order of the places.
fn by_file(places: &[String]) -> Vec<String> {
    let split = |place: &str| place.rsplit_once(':').map(|(path, line)| (path.to_owned(), line.to_owned()));
    let mut files: Vec<(String, Vec<String>)> = Vec::new();
    for (path, line) in places.iter().filter_map(|place| split(place)) {
        match files.last_mut() {
            Some((last, lines)) if *last == path => {
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
            Some(_) | None => files.push((path, vec![line])),
        }
    }
    files.into_iter().map(|(path, lines)| format!("{path}:{}", lines.join(", "))).collect()
}

/// What is in no scenario, as it stands in the files.
fn in_order<'a>(voice: Voice<'_>, coverage: &'a Coverage) -> Vec<(ProvisionId, &'a Shown)> {
    let mut missing: Vec<(ProvisionId, &Shown)> = coverage.missing().map(|(id, shown)| (*id, shown)).collect();
    missing.sort_by_key(|(id, _)| (voice.rulebook[*id].span.source, voice.rulebook[*id].span.start, *id));
    missing
}

/// A provision with the task of its sentence: a sentence on several tasks is several provisions.
fn subject(voice: Voice<'_>, id: ProvisionId) -> String {
    let task = voice.rulebook[id].statement.task().map(|task| voice.rulebook[task].names.id.as_str());
    let citation = voice.citation(id);
    task.map_or_else(|| citation.clone(), |task| format!("{citation} [{task}]"))
}

fn reason(voice: Voice<'_>, never: &Never) -> String {
    let language = voice.language;
    match never {
        Never::Unreached => pick(
            language,
            "không nhiệm vụ nào của bộ quy định phụ thuộc vào điều nó nói",
            "no task of these rules depends on what it speaks of",
        )
        .to_owned(),
        Never::NothingYields => pick(
            language,
            "trong thời gian của nó không văn bản nào phải nhường theo quy tắc này",
            "on its days no text yields by this rule",
        )
        .to_owned(),
        Never::NothingPassedOn => pick(
            language,
            "bộ quy định không có câu phân cấp, giao, ủy quyền nào theo hình thức đó",
            "these rules pass nothing on in that form",
        )
        .to_owned(),
        Never::OutsideCover => {
            pick(language, "thời gian của nó nằm ngoài phạm vi đã phủ", "its days lie outside what the rules cover")
                .to_owned()
        }
        Never::NowhereApplies => pick(
            language,
            "trong phạm vi đã phủ, điều kiện của nó không thỏa ở đâu",
            "its conditions hold nowhere in what the rules cover",
        )
        .to_owned(),
        Never::Loses(whys) => {
            let lead = pick(language, "nơi nào cũng bị loại", "it loses wherever it applies");
            format!("{lead} ({})", words(voice, whys))
        }
        Never::ChangesNothing => {
            pick(language, "bỏ nó đi thì không kết quả nào thay đổi", "no ruling would be another without it")
                .to_owned()
        }
    }
}

fn words(voice: Voice<'_>, whys: &[Why]) -> String {
    whys.iter().map(|why| reason::words(why, voice)).collect::<Vec<_>>().join("; ")
}

const fn code(never: &Never) -> &'static str {
    match never {
        Never::Unreached => "unreached",
        Never::NothingPassedOn => "nothing-passed-on",
        Never::NothingYields => "nothing-yields",
        Never::OutsideCover => "outside-cover",
        Never::NowhereApplies => "nowhere-applies",
        Never::Loses(_) => "loses",
        Never::ChangesNothing => "changes-nothing",
    }
}

/// The counts, and every provision with what scenarios show of it.
#[must_use]
pub fn json(voice: Voice<'_>, coverage: &Coverage, place: impl Fn(Span) -> String) -> Json {
    let Counts { all, counting, losing, elsewhere, never } = coverage.counts();
    let provisions: Vec<Json> = coverage.0.iter().map(|(id, shown)| one(voice, *id, shown, &place)).collect();
    json!({
        "all": all, "counting": counting, "losing": losing, "elsewhere": elsewhere, "never": never,
        "provisions": provisions,
    })
}

fn one(voice: Voice<'_>, id: ProvisionId, shown: &Shown, place: &impl Fn(Span) -> String) -> Json {
    let task = |task: crate::rulebook::TaskId| voice.rulebook[task].names.id.clone();
    let (state, why, found) = match shown {
        Shown::Counts => ("counts", Json::Null, Json::Null),
        Shown::Loses(whys) => ("loses", words(voice, whys).into(), Json::Null),
        Shown::Elsewhere(witness) => ("elsewhere", Json::Null, witness_json(voice, id, witness)),
        Shown::Somewhere(_) => ("elsewhere", Json::Null, Json::Null),
        Shown::Never(never) => ("never", json!({ "code": code(never), "words": reason(voice, never) }), Json::Null),
    };
    json!({
        "at": place(voice.rulebook[id].span),
        "citation": voice.citation(id),
        "task": voice.rulebook[id].statement.task().map(task),
        "state": state, "why": why, "witness": found,
    })
}

fn witness_json(voice: Voice<'_>, id: ProvisionId, witness: &Witness) -> Json {
    let Witness { question, .. } = witness;
    let rulebook = voice.rulebook;
    let facts: serde_json::Map<String, Json> = question
        .facts
        .iter()
        .map(|(fact, value)| (rulebook[*fact].names.id.clone(), report::json(&report::value(voice, *fact, value))))
        .collect();
    let roles = rulebook[question.task].roles.iter().zip(&question.places);
    let places: serde_json::Map<String, Json> = roles
        .map(|(role, rows)| {
            let codes = rows.iter().map(|row| Json::from(rulebook.register.row(*row).code.clone()));
            (rulebook[*role].names.id.clone(), codes.collect())
        })
        .collect();
    json!({
        "task": rulebook[question.task].names.id,
        "on": question.on.to_string(),
        "places": places,
        "facts": facts,
        "scenario": scenario(voice, id, witness).join("\n"),
    })
}
