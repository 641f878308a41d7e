//! What came of a log, in words.

use super::shelf::{self, Shelf};
use super::tally::{Change, Now, Tally};
use crate::reading::check::{asking, quoted};
use crate::reading::logged::{Difference, Fact, Ruling, Told};
use crate::reading::naming::Voice;
use crate::reading::report;
use crate::reading::words::{self, pick};
use crate::syntax::tree::Language;

pub(super) fn lines(tally: &Tally, shelf: Option<&Shelf>, language: Language) -> Vec<String> {
    let mut lines = log_lines(tally, language);
    let Some(shelf) = shelf else { return lines };
    let (rules, answers, same) = (shelf::named(shelf, language), tally.answers, tally.same);
    lines.push(match language {
        Language::Vietnamese => format!("hỏi lại {rules}: {answers} câu trả lời, giống {same}"),
        Language::English => format!("asked again {rules}: {answers} answers, the same {same}"),
    });
    for (difference, count) in &tally.counts {
        lines.push(format!("  {count} {} ({})", difference.code(), difference.words(language)));
    }
    if tally.hidden > 0 {
        let facts: Vec<String> = tally.hidden_facts.iter().map(|(fact, count)| format!("{fact} {count}")).collect();
        let (hidden, facts) = (tally.hidden, facts.join(", "));
        lines.push(match language {
            Language::Vietnamese => format!("  {hidden} không hỏi lại được vì tùy thuộc dữ kiện đã băm: {facts}"),
            Language::English => format!("  {hidden} cannot be repeated, for they depend on hidden facts: {facts}"),
        });
    }
    for (version, count) in &tally.unknown {
        lines.push(match language {
            Language::Vietnamese => format!("  {count} không hỏi lại được vì kho không có phiên bản {version}"),
            Language::English => format!("  {count} cannot be repeated, for the store has no version {version}"),
        });
    }
    let mut told = 0;
    for (difference, change) in shown(tally) {
        lines.push(String::new());
        lines.extend(change_lines(Voice::new(&change.rules.library.rulebook, language), difference, change));
        told += change.times;
    }
    let rest = tally.differs() - told;
    if rest > 0 {
        lines.push(String::new());
        lines.push(match language {
            Language::Vietnamese => format!("còn {rest} câu trả lời khác nữa; thêm --limit để xem"),
            Language::English => format!("{rest} more answers differ; raise --limit to see them"),
        });
    }
    lines
}

/// The gravest first, and no more than are told of one class.
pub(super) fn shown(tally: &Tally) -> impl Iterator<Item = (Difference, &Change)> {
    tally.changes.iter().flat_map(|(difference, all)| all.iter().map(move |one| (*difference, one)))
}

/// What is in the log.
fn log_lines(tally: &Tally, language: Language) -> Vec<String> {
    let Tally { records, starts, answers, publications, lost, .. } = tally;
    let mut lines = vec![match language {
        Language::Vietnamese => format!(
            "{records} bản ghi: {starts} lần khởi động, {answers} câu trả lời, {publications} lần công bố, mất {lost}"
        ),
        Language::English => {
            format!("{records} records: {starts} starts, {answers} answers, {publications} publications, {lost} lost")
        }
    }];
    if let Some((first, link)) = &tally.span {
        let (last, hash) = (link.number, link.before());
        let behind = match (&tally.broken, language) {
            (None, _) => "",
            (Some(_), Language::Vietnamese) => "; SAU ĐÓ CHUỖI BỊ ĐỨT",
            (Some(_), Language::English) => "; BEHIND IT THE CHAIN IS BROKEN",
        };
        lines.push(match language {
            Language::Vietnamese => format!("chuỗi băm đúng từ bản ghi {first} đến {last}, mã cuối {hash}{behind}"),
            Language::English => {
                format!("the chain is whole from record {first} to {last}, which has the hash {hash}{behind}")
            }
        });
    }
    let notes = [
        (
            tally.one_in > 1,
            format!("nhật ký lấy mẫu: 1/{}", tally.one_in),
            format!("the log is a sample: 1/{}", tally.one_in),
        ),
        (
            tally.stopped > 0,
            format!("{} lần dịch vụ dừng đột ngột: có thể thiếu những câu trả lời cuối", tally.stopped),
            format!("the service stopped abruptly {} times: its last answers may be missing", tally.stopped),
        ),
        (
            tally.anew > 0,
            format!("{} lần chuỗi bắt đầu lại từ đầu", tally.anew),
            format!("a chain begins anew {} times", tally.anew),
        ),
        (
            tally.other_salts > 0,
            "muối đã cho không phải là muối của nhật ký này".to_owned(),
            "the salt that was given is not that of this log".to_owned(),
        ),
    ];
    let notes = notes.into_iter().filter(|(holds, ..)| *holds);
    lines.extend(notes.map(|(_, vietnamese, english)| pick(language, &vietnamese, &english).clone()));
    lines.extend(tally.set_aside.iter().map(|aside| match language {
        Language::Vietnamese => format!("{} byte cuối bị ghi dở nằm trong {}", aside.bytes, aside.file),
        Language::English => format!("{} bytes that were half written lie in {}", aside.bytes, aside.file),
    }));
    lines
}

fn change_lines(voice: Voice<'_>, difference: Difference, change: &Change) -> Vec<String> {
    let (record, at, times, told) = (change.record, change.at, change.times, &change.told);
    let (code, version) = (difference.code(), &told.version);
    let mut lines = vec![match voice.language {
        Language::Vietnamese => format!("{code}: bản ghi {record}, {at}, bộ quy định {version}; {times} lần"),
        Language::English => format!("{code}: record {record}, {at}, rules {version}; {times} times"),
    }];
    let (was, now) = pick(voice.language, ("trước", "nay"), ("was", "now"));
    lines.push(format!("  {was}: {}", ruling(voice, told, &told.ruling)));
    lines.push(match &change.now {
        Now::Ruled(now_ruled, _) => format!("  {now}: {}", ruling(voice, told, now_ruled)),
        Now::Refused(trouble) => format!("  {now}: {}", trouble.words(voice)),
    });
    lines.push(format!("  {}", command(change)));
    lines
}

/// `decided: UBND quận Hải Châu (assigned)`; what these rules do not know is told by its code.
fn ruling(voice: Voice<'_>, told: &Told, ruling: &Ruling) -> String {
    let rulebook = voice.rulebook;
    let body = |id: &str| {
        let names = rulebook.bodies.iter().map(|body| &body.names).find(|names| names.id == id);
        names.map_or_else(|| id.to_owned(), |names| voice.name(names).to_owned())
    };
    let unit = |code: &String| {
        rulebook.register.row_on(code, told.question.on).map_or_else(|| code.clone(), |row| voice.row(row))
    };
    let deciders = ruling.deciders.iter().map(|one| {
        let unit = one.unit.as_ref().map(|code| format!(" {}", unit(code))).unwrap_or_default();
        let held = words::held_of_code(&one.held)
            .map_or_else(|| one.held.to_string(), |held| words::held(held, voice.language).to_owned());
        format!("{}{unit} ({held})", body(&one.body))
    });
    let deciders: Vec<String> = deciders.collect();
    let outcome = words::outcome_of_code(&ruling.outcome);
    let outcome =
        outcome.map_or_else(|| ruling.outcome.to_string(), |one| words::outcome_name(one, voice.language).to_owned());
    if deciders.is_empty() { outcome } else { format!("{outcome}: {}", deciders.join("; ")) }
}

/// The question as a command, of the rules that were asked; what is hidden is not said.
pub(super) fn command(change: &Change) -> String {
    let rules = &change.rules;
    match &change.now {
        Now::Ruled(_, question) => asking(&rules.library.rulebook, question) + &rules.options,
        Now::Refused(_) => as_logged(change) + &rules.options,
    }
}

/// What these rules do not understand, as it was logged.
fn as_logged(change: &Change) -> String {
    let question = &change.told.question;
    let mut words = vec!["tq".to_owned(), "ask".to_owned(), quoted(&question.task)];
    for (role, codes) in &question.places {
        let none = vec!["none".to_owned()];
        for code in codes.as_ref().unwrap_or(&none) {
            words.extend(["--in".to_owned(), quoted(&format!("{role}={code}"))]);
        }
    }
    words.extend(["--on".to_owned(), question.on.to_string()]);
    for (id, fact) in &question.facts {
        let values = match fact {
            Fact::Hidden { .. } => Vec::new(),
            Fact::Several(values) => values.clone(),
            Fact::Truth(_) | Fact::Text(_) => vec![fact.text()],
        };
        words.extend(values.iter().flat_map(|value| ["--fact".to_owned(), quoted(&format!("{id}={value}"))]));
    }
    words.join(" ")
}

/// The words of a refusal, for programs.
pub(super) fn refusal(voice: Voice<'_>, change: &Change) -> Option<serde_json::Value> {
    match &change.now {
        Now::Refused(trouble) => Some(report::json(&report::trouble(voice, trouble))),
        Now::Ruled(..) => None,
    }
}
