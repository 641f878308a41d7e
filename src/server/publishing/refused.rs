//! Why rules are not published, as a problem: every finding in both languages, so that whoever wrote the rule can be shown it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::library::Library;
use crate::partition::Side;
use crate::reading::check::{self, message};
use crate::reading::naming::Voice;
use crate::reading::words::pick;
use crate::server::problem::{Kind, Problem};
use crate::store::candidate::{Doubt, Refusal};
use crate::store::fault::Fault;
use crate::syntax::tree::Language;

/// Another entry came first.
pub(super) const OVERTAKEN: &str = "overtaken";
/// What was worked on does not wait any more.
pub(super) const GONE: &str = "gone";

/// No more are told.
const SHOWN: usize = 200;

/// One thing for which rules are not published.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = Obstacle)]
pub(in crate::server) struct Finding {
    code: String,
    /// The file of the rules, where it is about a line.
    path: Option<String>,
    line: Option<usize>,
    task: Option<String>,
    /// By which it can be accepted for a reason.
    fingerprint: Option<String>,
    vietnamese: String,
    english: String,
}

const LANGUAGES: [Language; 2] = [Language::Vietnamese, Language::English];

/// Rules that were examined are refused.
pub(super) fn refused(refusal: &Refusal, (library, parent): (&Library, &Library), language: Language) -> Problem {
    let (words, findings) = match refusal {
        Refusal::Errors(_) => (
            pick(language, "bộ quy định có lỗi", "the rules hold errors"),
            library.faults().iter().map(error).collect(),
        ),
        Refusal::Same => {
            (pick(language, "bộ quy định này đang là phiên bản mới nhất", "these rules are the newest version"), vec![])
        }
        Refusal::TooMany(side, many) => {
            let own = if *side == Side::Old { parent } else { library };
            let task = &own.rulebook[many.task].names.id;
            let [vietnamese, english] = LANGUAGES.map(|language| {
                let words = pick(language, "quá nhiều vùng", "too many regions");
                format!("{words}: {}", Voice::new(&own.rulebook, language).citations(&many.provisions))
            });
            let code = "too-many-rules".to_owned();
            let finding = Finding { code, task: Some(task.clone()), vietnamese, english, ..Finding::default() };
            (pick(language, "một nhiệm vụ quá lớn", "a task is too large"), vec![finding])
        }
        Refusal::Regions(certificate) => {
            let lines = LANGUAGES.map(|language| certificate.lines(Voice::new(&library.rulebook, language)).join("\n"));
            let [vietnamese, english] = lines;
            let finding = Finding { code: "regions".to_owned(), vietnamese, english, ..Finding::default() };
            let words = pick(language, "sơ đồ không khớp với văn bản", "the diagrams are not what the texts say");
            (words, vec![finding])
        }
        Refusal::Findings(findings) => (
            pick(
                language,
                "có phát hiện mới ở mức lỗi: sửa, hoặc nêu lý do ở `accepted`",
                "there are new findings of the gravest kind: mend them, or give reasons in `accepted`",
            ),
            findings.iter().map(|one| told(library, one)).collect(),
        ),
    };
    let code = match refusal {
        Refusal::Errors(_) => "errors",
        Refusal::Same => "same",
        Refusal::TooMany(..) => "too-many-rules",
        Refusal::Regions(_) => "regions",
        Refusal::Findings(_) => "findings",
    };
    let findings: Vec<Finding> = findings;
    Problem::new(Kind::NotPublishable, language, words).coded(code).finding(findings.into_iter().take(SHOWN).collect())
}

fn error(fault: &crate::library::Fault) -> Finding {
    let (code, path) = (fault.code.to_owned(), Some(fault.path.clone()));
    let (vietnamese, english) = (fault.vietnamese.clone(), fault.english.clone());
    Finding { code, path, line: fault.line, vietnamese, english, ..Finding::default() }
}

fn told(library: &Library, (one, fingerprint): &(check::Finding, String)) -> Finding {
    let [vietnamese, english] = LANGUAGES.map(|language| message(Voice::new(&library.rulebook, language), one));
    let task = one.task.map(|task| library.rulebook[task].names.id.clone());
    let (code, fingerprint) = (one.code().id().to_owned(), Some(fingerprint.clone()));
    Finding { code, task, fingerprint, vietnamese, english, ..Finding::default() }
}

/// What was proposed is not what an examination finds now.
pub(super) fn doubted(doubt: &Doubt, libraries: (&Library, &Library), language: Language) -> Problem {
    let words = match (doubt, language) {
        (Doubt::Refusal(refusal), _) => return refused(refusal, libraries, language),
        (Doubt::Program(program), Language::Vietnamese) => {
            format!("đề nghị do tq {program} lập, dịch vụ này không kiểm tra lại được: hãy đề nghị lại")
        }
        (Doubt::Program(program), Language::English) => {
            format!("the proposal was made by tq {program}, which this service cannot examine anew: propose it again")
        }
        (Doubt::Other, Language::Vietnamese) => "đề nghị không khớp với kết quả kiểm tra lại".to_owned(),
        (Doubt::Other, Language::English) => "the proposal is not what an examination finds".to_owned(),
    };
    Problem::new(Kind::NotPublishable, language, words).coded("other")
}

/// The store refuses.
pub(super) fn faulty(fault: &Fault, language: Language) -> Problem {
    let words = fault.words(language);
    match fault {
        Fault::Overtaken => Problem::new(Kind::PreconditionFailed, language, words).at("if-match").coded(OVERTAKEN),
        Fault::NoProposal(_) => Problem::new(Kind::NotFound, language, words).coded(GONE),
        Fault::NoVersion(_) | Fault::Several(_) => Problem::new(Kind::NotFound, language, words),
        Fault::Away { .. } => Problem::new(Kind::StoreAway, language, words),
        Fault::Full(_) => Problem::new(Kind::Conflict, language, words).coded("full"),
        Fault::Paths(_) => Problem::new(Kind::NotPublishable, language, words).coded("paths"),
        Fault::NoStore(_)
        | Fault::IsStore(_)
        | Fault::System { .. }
        | Fault::Missing(_)
        | Fault::Large(_)
        | Fault::Malformed(_)
        | Fault::Later { .. }
        | Fault::Unsound { .. }
        | Fault::Few { .. }
        | Fault::Order(_)
        | Fault::Backwards(_)
        | Fault::Policy(_)
        | Fault::Content { .. }
        | Fault::Root { .. }
        | Fault::Unknown { .. }
        | Fault::RolledBack { .. }
        | Fault::Forked(_)
        | Fault::Stale { .. }
        | Fault::Empty
        | Fault::NotBy(_)
        | Fault::NoMoment(_)
        | Fault::Clock { .. }
        | Fault::MayNot { .. }
        | Fault::NoRoot(_)
        | Fault::Address { .. }
        | Fault::Parameter { .. }
        | Fault::Busy(_)
        | Fault::Server { .. }
        // Who asks again under the same key is told what became of it.
        | Fault::Uncertain(_)
        | Fault::NoMemory => {
            tracing::error!("{words}");
            Problem::new(Kind::NoStore, language, words)
        }
    }
}
