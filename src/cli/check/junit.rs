//! Findings as JUnit's XML, of which every CI shows a part: a test suite, in it a test case for each task and code that fails,
//! and one for each task of which nothing does. A test case is known by its class and name alone, so all findings of a task and
//! code stand in one: <https://docs.gitlab.com/ci/testing/unit_test_reports/>.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::reading::check::baseline::whereabouts;
use crate::reading::check::data::{All, Frame, spot};
use crate::reading::check::review::{Judged, Review, Standing};
use crate::reading::check::{self, Code, message};
use crate::reading::words::pick;
use crate::rulebook::TaskId;

/// The findings of one task and code; of documents without a task.
type Cases<'a> = BTreeMap<(Option<TaskId>, Code), Vec<&'a Judged>>;

pub(super) fn report(frame: Frame<'_>, review: &Review, all: All) -> String {
    let (mut failed, mut told): (Cases<'_>, Cases<'_>) = (BTreeMap::new(), BTreeMap::new());
    for judged in &review.judged {
        let cases = match judged.standing {
            Standing::Fails => &mut failed,
            Standing::Told => &mut told,
            Standing::Allowed | Standing::Accepted { .. } if all == All::Yes => &mut told,
            Standing::Allowed | Standing::Accepted { .. } => continue,
        };
        cases.entry((judged.finding.task, judged.finding.code())).or_default().push(judged);
    }
    let mut body = String::new();
    let mut tests = 0;
    let spoken: Vec<Option<TaskId>> = failed.keys().map(|(task, _)| *task).collect();
    for (cases, fails) in [(&failed, true), (&told, false)] {
        for ((task, code), findings) in cases {
            tests += 1;
            body.push_str(&case(frame, (*task, *code), findings, fails));
        }
    }
    for task in review.tasks.iter().filter(|task| !spoken.contains(&Some(**task))) {
        tests += 1;
        let (class, name) = (class(frame, Some(*task)), pick(frame.voice.language, "không có lỗi", "no defect"));
        let _ = writeln!(body, "    <testcase classname=\"{}\" name=\"{}\"/>", escaped(&class), escaped(name));
    }
    let mut failures = failed.len();
    for entry in &review.stale {
        (tests, failures) = (tests + 1, failures + 1);
        let name = format!("{} {}", entry.code, entry.fingerprint);
        let why = pick(frame.voice.language, "đã chấp nhận mà không còn", "accepted and gone");
        let about = entry.about.join("\n");
        let _ = write!(
            body,
            "    <testcase classname=\"baseline\" name=\"{}\">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
            escaped(&name),
            escaped(why),
            escaped(&about),
        );
    }
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tq\" {counts}>\n  \
         <testsuite name=\"tq check\" {counts}>\n{body}  </testsuite>\n</testsuites>\n"
    )
}

fn class(frame: Frame<'_>, task: Option<TaskId>) -> String {
    let documents = || pick(frame.voice.language, "văn bản", "documents").to_owned();
    task.map_or_else(documents, |task| frame.voice.rulebook[task].names.id.clone())
}

fn case(frame: Frame<'_>, (task, code): (Option<TaskId>, Code), findings: &[&Judged], fails: bool) -> String {
    let language = frame.voice.language;
    let told = check::explain::told(code);
    let title = pick(language, told.title.0, told.title.1);
    let file = findings.first().map(|one| spot(frame, one.finding.span).file).unwrap_or_default();
    let text: Vec<String> = findings.iter().map(|one| words(frame, one)).collect();
    let text = escaped(&text.join("\n\n"));
    let inside = if fails {
        let title = escaped(&format!("{title}: {}", findings.len()));
        format!("<failure message=\"{title}\" type=\"{}\">{text}</failure>", code.severity().id())
    } else {
        format!("<system-out>{text}</system-out>")
    };
    let (class, file) = (escaped(&class(frame, task)), escaped(&file));
    format!(
        "    <testcase classname=\"{class}\" name=\"{}\" file=\"{file}\">\n      {inside}\n    </testcase>\n",
        code.id()
    )
}

/// A finding as it is read in a report: where, what, in which cases, what to do.
fn words(frame: Frame<'_>, judged: &Judged) -> String {
    let finding = &judged.finding;
    let at = spot(frame, finding.span);
    let mut lines = vec![format!("{}:{}:{}: {}", at.file, at.line, at.column, message(frame.voice, finding))];
    lines.extend(check::because(frame.voice, finding).into_iter().map(|(said, _)| said));
    lines.extend(whereabouts(frame.voice, finding));
    lines.extend(finding.witness.as_ref().and_then(|point| {
        check::ask_command(frame.voice.rulebook, point).map(|command| format!("{command}{}", frame.rules))
    }));
    lines.push(check::help(finding, frame.voice.language).to_owned());
    lines.join("\n")
}

/// Text as XML 1.0 takes it, between tags and between quotes. What it cannot hold at all becomes a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('?'),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_that_is_written_becomes_a_mark() {
        assert_eq!(escaped("a < b & \"c\" > d\n\u{1}"), "a &lt; b &amp; &quot;c&quot; &gt; d\n?");
    }
}
