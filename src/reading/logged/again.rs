//! A logged question asked again, of the same rules or of others, and what differs.

use super::{Fact, Ruling, Told};
use crate::reading::ask::cell::{Cells, Sought};
use crate::reading::ask::{Depth, Law, ask_noting};
use crate::reading::naming::Voice;
use crate::reading::question;
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::ruling::{Answer, Outcome, Question};
use crate::syntax::tree::Language;

/// What came of asking again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    Same,
    /// The ruling is another; the question as these rules understand it, which lacks what is hidden.
    Differs(Difference, Box<Ruling>, Box<Question>),
    /// These rules cannot be asked it.
    Refused(Box<Trouble>),
    /// What it comes to depends on these facts, which are hidden. Their ids.
    Hidden(Vec<String>),
}

/// What a difference is to those who rely on the answer, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Somebody decided, and now nobody does.
    Lost,
    /// Several contend now, or others.
    Conflict,
    /// Another decides, or others do.
    Moved,
    /// Somebody decides where nobody did.
    Decided,
    /// Nobody decides, now for another reason.
    Undecided,
    /// Whether anybody has to decide at all.
    Required,
    /// The same decides, by another title, or another answers for it.
    Held,
    /// What is still to be known.
    Question,
    /// Approvals, procedure, time limit, signature, seal, who may step in.
    Beside,
    /// The question cannot be asked any more.
    Refused,
    /// Only the texts that say so.
    Citation,
}

impl Difference {
    pub const ALL: [Self; 11] = [
        Self::Lost,
        Self::Conflict,
        Self::Moved,
        Self::Decided,
        Self::Undecided,
        Self::Required,
        Self::Held,
        Self::Question,
        Self::Beside,
        Self::Refused,
        Self::Citation,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Conflict => "conflict",
            Self::Moved => "moved",
            Self::Decided => "decided",
            Self::Undecided => "undecided",
            Self::Required => "required",
            Self::Held => "held",
            Self::Question => "question",
            Self::Beside => "beside",
            Self::Refused => "refused",
            Self::Citation => "citation",
        }
    }

    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::Lost => ("không còn ai quyết định", "nobody decides any more"),
            Self::Conflict => ("có tranh chấp thẩm quyền", "several contend"),
            Self::Moved => ("người quyết định khác", "another decides"),
            Self::Decided => ("nay có người quyết định", "somebody decides now"),
            Self::Undecided => ("không ai quyết định, vì lý do khác", "nobody decides, for another reason"),
            Self::Required => ("có hay không phải làm thủ tục", "whether anybody has to decide"),
            Self::Held => ("cùng người quyết định, tư cách khác", "the same decides, by another title"),
            Self::Question => ("điều còn phải biết", "what is still to be known"),
            Self::Beside => (
                "điều kiện, thủ tục, thời hạn, chữ ký hoặc con dấu",
                "approvals, procedure, time limit, signature or seal",
            ),
            Self::Refused => ("không còn hỏi được", "cannot be asked any more"),
            Self::Citation => ("chỉ khác căn cứ", "only the grounds"),
        };
        pick(language, vietnamese, english)
    }
}

/// Asks a logged question again. Of hidden facts `found` may know the value; without the others it is asked as if they had not
/// been said, which is as good as the question itself where nothing looks at them.
#[must_use]
pub fn again(law: Law<'_>, cells: Option<&Cells>, told: &Told, found: &dyn Fn(&str, &str) -> Option<Fact>) -> Again {
    let rulebook = law.rulebook;
    let voice = Voice::new(rulebook, Language::English);
    let (asked, hidden) = told.question.asked(found);
    let question = match question::understand(rulebook, &asked) {
        Ok(question) => question,
        Err(trouble) => return Again::Refused(Box::new(trouble)),
    };
    // Whoever said them would be told that there are no such facts.
    let unknown = hidden.iter().find_map(|id| question::fact(rulebook, question.task, id).err());
    if let Some(trouble) = unknown {
        return Again::Refused(Box::new(trouble));
    }
    if hidden.is_empty()
        && let Some(Sought::Answer(answer)) = cells.map(|cells| cells.seek(law, &question))
    {
        return compared(&told.ruling, Ruling::of(rulebook, &answer), Grounds::Compared, question);
    }
    let (answer, read) = match ask_noting(law, &question, Depth::Ruling) {
        Ok(found) => found,
        Err(bad) => return Again::Refused(Box::new(Trouble::refused(&bad, voice, question.on))),
    };
    let depends: Vec<String> = looked_at(law, &question, &read, &hidden);
    let grounds = match depends.is_empty() {
        true => Grounds::Compared,
        false if answer.outcome == Outcome::Undetermined => return Again::Hidden(depends),
        // Those of all values together, of which one was logged.
        false if answer.grounds_vary => Grounds::Unknown,
        false => Grounds::Compared,
    };
    compared(&told.ruling, ruling(law, &answer), grounds, question)
}

fn ruling(law: Law<'_>, answer: &Answer) -> Ruling {
    Ruling::of(law.rulebook, answer)
}

/// Those of the hidden facts that were looked at.
fn looked_at(law: Law<'_>, question: &Question, read: &[usize], hidden: &[&str]) -> Vec<String> {
    let Ok(partition) = law.partitions.of(law.rulebook, question.task) else { return Vec::new() };
    let facts = read.iter().filter_map(|index| partition.frame.facts.get(*index));
    let ids = facts.map(|axis| law.rulebook[axis.fact].names.id.as_str());
    ids.filter(|id| hidden.contains(id)).map(str::to_owned).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grounds {
    Compared,
    Unknown,
}

fn compared(before: &Ruling, now: Ruling, compare: Grounds, question: Question) -> Again {
    let ([holder, beside, grounds], [holder_now, beside_now, grounds_now]) = (before.parts(), now.parts());
    let difference = if holder != holder_now {
        moved(before, &now)
    } else if beside != beside_now {
        Difference::Beside
    } else if grounds != grounds_now && compare == Grounds::Compared {
        Difference::Citation
    } else {
        return Again::Same;
    };
    Again::Differs(difference, Box::new(now), Box::new(question))
}

/// What kind of answer an outcome is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Decided,
    Nobody,
    Contended,
    NotRequired,
    Open,
}

fn kind(outcome: &str) -> Kind {
    match outcome {
        "decided" | "concurrent" => Kind::Decided,
        "conflict" => Kind::Contended,
        "not required" => Kind::NotRequired,
        "undetermined" => Kind::Open,
        _ => Kind::Nobody,
    }
}

fn moved(before: &Ruling, now: &Ruling) -> Difference {
    let who = |ruling: &Ruling| {
        let mut who: Vec<_> = ruling.deciders.iter().map(|one| (one.body.clone(), one.unit.clone())).collect();
        who.sort();
        who
    };
    match (kind(&before.outcome), kind(&now.outcome)) {
        (Kind::Open, _) | (_, Kind::Open) => Difference::Question,
        (Kind::NotRequired, _) | (_, Kind::NotRequired) => Difference::Required,
        (_, Kind::Contended) => Difference::Conflict,
        (Kind::Decided, Kind::Nobody) => Difference::Lost,
        (Kind::Nobody | Kind::Contended, Kind::Decided) => Difference::Decided,
        (Kind::Nobody | Kind::Contended, Kind::Nobody) => Difference::Undecided,
        (Kind::Decided, Kind::Decided) if before.outcome == now.outcome && who(before) == who(now) => Difference::Held,
        (Kind::Decided, Kind::Decided) => Difference::Moved,
    }
}
