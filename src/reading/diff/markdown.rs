//! A diff as one comment on a merge request: counts first, then each task folded. What users write is told so that nothing of
//! it takes effect as Markdown, HTML, a mention or a reference, on GitLab and on GitHub.

use super::entry::{Entry, FindingEntry, Telling, heading, said, tree};
use super::head::{Row, rows, summary, turned, words};
use super::lines::unit_lines;
use crate::rulebook::Language;

/// The least length to which a comment can be held: its counts always fit.
pub const LEAST: usize = 4_000;

/// A part of the comment that opens at a click.
struct Fold {
    summary: String,
    items: Vec<String>,
}

impl Fold {
    fn open(&self) -> String {
        format!("<details>\n<summary>{}</summary>\n\n", self.summary)
    }
}

const CLOSE: &str = "</details>\n\n";

/// The comment, of so many characters at most; of what does not fit only the details are left out, and their number is said.
#[must_use]
pub fn markdown(telling: &Telling<'_>, limit: usize) -> String {
    let language = telling.language();
    if telling.is_nothing() {
        return nothing(telling);
    }
    let head = head(telling);
    let folds = folds(telling);
    let all: usize = folds.iter().map(|fold| fold.items.len()).sum();
    let whole = trimmed(format!("{head}{}", filled(&folds, usize::MAX).text));
    if length(&whole) <= limit {
        return whole;
    }
    let room = limit.saturating_sub(length(&head) + length(&left_out(all, language)) + 1);
    let part = filled(&folds, room);
    trimmed(head + &part.text + &left_out(all - part.told, language))
}

fn trimmed(text: String) -> String {
    format!("{}\n", text.trim_end())
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Folds as far as there is room.
struct Filled {
    text: String,
    told: usize,
}

fn filled(folds: &[Fold], room: usize) -> Filled {
    let mut filled = Filled { text: String::new(), told: 0 };
    let mut used = 0;
    for fold in folds {
        let ends = length(&fold.open()) + length(CLOSE);
        let mut inside = String::new();
        for item in &fold.items {
            let with = used + length(item) + if inside.is_empty() { ends } else { 0 };
            if with > room {
                // What follows is less grave, and is not told before what is graver.
                close(&mut filled, fold, &inside);
                return filled;
            }
            used = with;
            inside.push_str(item);
            filled.told += 1;
        }
        close(&mut filled, fold, &inside);
    }
    filled
}

fn close(filled: &mut Filled, fold: &Fold, inside: &str) {
    if !inside.is_empty() {
        filled.text.push_str(&fold.open());
        filled.text.push_str(inside);
        filled.text.push_str(CLOSE);
    }
}

fn left_out(many: usize, language: Language) -> String {
    match language {
        Language::Vietnamese => format!(
            "_Bình luận không đủ chỗ nêu chi tiết {many} mục: dùng cùng lệnh `tq diff` với `--format html --output TỆP` \
             để xem tất cả._\n"
        ),
        Language::English => format!(
            "_There is no room in this comment for the details of {many} items: the same `tq diff` with \
             `--format html --output FILE` tells all of them._\n"
        ),
    }
}

/// One line.
fn nothing(telling: &Telling<'_>) -> String {
    format!("**{}:** {}\n", words(telling.language()).title, summary(telling))
}

fn head(telling: &Telling<'_>) -> String {
    let words = words(telling.language());
    let (old, new) = telling.versions;
    let mut lines = vec![
        format!("### {}", words.title),
        String::new(),
        format!("{} `{old}` → `{new}`: {}", words.rules, summary(telling)),
        String::new(),
        format!("| {} |", words.columns.join(" | ")),
        "|---|---:|---:|---|".to_owned(),
    ];
    for Row { what, code, many, tasks, largest } in rows(telling) {
        let code = code.map(|code| format!(" (`{code}`)")).unwrap_or_default();
        lines.push(format!("| {what}{code} | {many} | {tasks} | {largest} |"));
    }
    lines.join("\n") + "\n\n"
}

/// Findings first, where there are any; each task in the order of its gravest change; the registers last.
fn folds(telling: &Telling<'_>) -> Vec<Fold> {
    let language = telling.language();
    let mut folds = Vec::new();
    if let Some(findings) = telling.findings.filter(|findings| !findings.is_empty()) {
        let items = telling.finding_entries().iter().map(|entry| of_finding(entry, language)).collect();
        let summary = format!("{}: {}", words(language).findings, turned(language, findings));
        folds.push(Fold { summary, items });
    }
    folds.extend(telling.by_task().iter().map(|own| of_task(own, language)));
    let units = unit_lines(telling.voices, telling.diff);
    if !units.is_empty() {
        let summary = format!("{}: {}", words(language).units, units.len());
        folds.push(Fold { summary, items: units.iter().map(|line| format!("- {}\n", plain(line))).collect() });
    }
    folds
}

fn of_task(entries: &[Entry], language: Language) -> Fold {
    let (task, classes) = heading(entries, language);
    Fold {
        summary: format!("{}: {classes}", plain(&task)),
        items: entries.iter().map(|entry| of_change(entry, language)).collect(),
    }
}

fn of_change(entry: &Entry, language: Language) -> String {
    let mut lines = vec![format!("**{}**", said(entry.class, language)), String::new()];
    lines.extend(entry.why.iter().map(|why| format!("- {}", plain(why))));
    for told in entry.before.iter().chain(&entry.after) {
        let (first, rest) = told.lines.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        lines.push(format!("- **{}:** {}", plain(&told.when), plain(first)));
        lines.extend(nested(rest));
    }
    if !entry.place.is_empty() {
        lines.push(format!("- **{}:**", words(language).place));
        lines.extend(nested(&entry.place));
    }
    let extent = words(language).extent;
    lines.extend(entry.extent.iter().map(|words| format!("- **{extent}:** {}", plain(words))));
    lines.extend(example(entry.witness.as_deref(), entry.command.as_deref(), language));
    lines.join("\n") + "\n\n"
}

fn of_finding(entry: &FindingEntry, language: Language) -> String {
    let mut lines = vec![format!("- **{}**", plain(&entry.title))];
    let mut inside: Vec<String> = entry.because.iter().map(|line| format!("- {}", plain(line))).collect();
    if !entry.place.is_empty() {
        inside.push(format!("- **{}:**", words(language).place));
        inside.extend(nested(&entry.place));
    }
    inside.extend(example(entry.witness.as_deref(), entry.command.as_deref(), language));
    inside.push(format!("- {}", plain(entry.help)));
    lines.extend(inside.into_iter().map(|line| format!("  {line}")));
    lines.join("\n") + "\n\n"
}

/// A case, and the command that asks about it.
fn example(witness: Option<&str>, command: Option<&str>, language: Language) -> Vec<String> {
    let such = words(language).example;
    let witness = witness.map(|witness| format!("- **{such}:** {}", plain(witness)));
    witness.into_iter().chain(command.map(|command| format!("- {}", code(command)))).collect()
}

/// Indented lines as lists in a list, one level down.
fn nested(lines: &[String]) -> Vec<String> {
    tree(lines).into_iter().map(|(depth, words)| format!("{}- {}", "  ".repeat(depth + 1), plain(words))).collect()
}

/// A mark that no reader sees: behind it no mention, reference or address goes on. Dependency bots use it in the same way.
const APART: &str = "&#8203;";

/// A text of users as nothing but text: within a line of Markdown, and within HTML.
fn plain(text: &str) -> String {
    let mut said = String::new();
    let letters: Vec<char> = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    // What is an item, a heading or a quote only where a line begins.
    let digits = letters.iter().take_while(|letter| letter.is_ascii_digit()).count();
    for (at, letter) in letters.iter().enumerate() {
        let begins = at == 0 || (at == digits && matches!(letter, '.' | ')'));
        let next = letters.get(at + 1).is_some_and(|next| !next.is_whitespace());
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        match letter {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '!' | '#' | '@' | '$' | '%' | '^'
            | '"' | '\'' | '{' | '}' => said.push_str(&format!("&#{};", u32::from(*letter))),
            '-' | '+' | '=' | '.' | ')' | '/' if begins => said.push_str(&format!("&#{};", u32::from(*letter))),
            other => said.push(*other),
        }
        let refers = matches!(letter, '@' | '#' | '!' | '$' | '%' | '&' | '~' | '^' | ':' | '*') && next;
        let address = *letter == '.' && matches!(before, Some('w' | 'W')) && next;
        if refers || address {
            said.push_str(APART);
        }
    }
    said
}

/// A text of users as a span of code, fenced longer than what is in it.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let runs = text.split(|letter| letter != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let beside = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{beside}{text}{beside}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, plain};

    #[test]
    fn nothing_that_users_write_takes_effect() {
        for (written, told) in [
            ("a|b <b>*x*</b>", "a&#124;b &#60;b&#62;&#42;&#8203;x&#42;&#8203;&#60;/b&#62;"),
            ("@ai and #12, !3", "&#64;&#8203;ai and &#35;&#8203;12, &#33;&#8203;3"),
            ("http://a.vn www.b.vn", "http:&#8203;//a.vn www.&#8203;b.vn"),
            ("1. a\n- b", "1&#46; a - b"),
            ("- a", "&#45; a"),
            ("/close", "&#47;close"),
            (":smile: [x](y) `z`", ":&#8203;smile: &#91;x&#93;(y) &#96;z&#96;"),
            ("điểm a khoản 2: 15 000 đồng", "điểm a khoản 2: 15 000 đồng"),
        ] {
            assert_eq!(plain(written), told);
        }
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(code("tq ask a"), "`tq ask a`");
        assert_eq!(code("a `b` ``c``"), "``` a `b` ``c`` ```");
        assert_eq!(code("a\n`b` c"), "``a `b` c``");
    }
}
