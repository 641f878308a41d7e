//! A ruling in words, for people: who decides, by what right, under what conditions, and what is still missing.
//! Knows how to say an [`Answer`], not how it was found.

use std::collections::BTreeSet;

use super::ask::Depth;
use super::naming::Voice;
use super::words::{self, pick};
use super::{handling, reason, signature, trouble};
use crate::rulebook::{Handling, Issued, Language, ProvisionId, RequirementKind, SeatAt, Slot};
use crate::ruling::{About, Answer, Branch, Decider, Ground, Held, LeadsTo, Loss, Named, NextQuestion, Outcome};

/// The ruling as lines of text, without a line break at the end.
#[must_use]
pub fn lines(voice: Voice<'_>, answer: &Answer, depth: Depth) -> Vec<String> {
    let language = voice.language;
    let mut lines = vec![heading(voice, answer), format!("  {}", about(voice, answer))];
    holders(voice, answer, &mut lines);
    conditions(voice, answer, &mut lines);
    grounds(voice, answer, &mut lines);
    notes(voice, answer, &mut lines);
    if let Some(next) = &answer.next {
        lines.push(format!("  {}:", pick(language, "Cần biết thêm", "Still to be known")));
        question(voice, next, 2, depth, &mut lines);
    }
    if depth == Depth::Record {
        let record = answer.record.iter().map(|loss| lost(voice, loss));
        section(reason::heading(language), record, &mut lines);
    }
    lines
}

/// A provision that lost, and why; also that a day of issue is presumed, where the reason turns on it.
fn lost(voice: Voice<'_>, loss: &Loss) -> String {
    let words = format!("{}: {}", voice.citation(loss.provision), reason::words(&loss.why, voice));
    let mut concerned = std::iter::once(loss.provision).chain(reason::other(&loss.why));
    let presumed =
        reason::turns_on_issue(&loss.why) && concerned.any(|id| doubtful(voice, id).contains(&Doubt::IssuedPresumed));
    if presumed { format!("{words} [{}]", Doubt::IssuedPresumed.words(voice.language)) } else { words }
}

/// How it is held, what is required beside the decision, and by which texts, in few lines.
pub(super) fn beside(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    holders(voice, answer, lines);
    conditions(voice, answer, lines);
    let grounds = answer.grounds.iter().map(|ground| ground_line(voice, ground));
    section(pick(voice.language, "Căn cứ", "Grounds"), grounds, lines);
}

fn conditions(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    let language = voice.language;
    let requirements = answer
        .requirements
        .iter()
        .map(|(kind, of)| format!("{} {}", words::requirement(*kind, language), voice.named(*of)));
    section(pick(language, "Phải có", "Requires"), requirements, lines);
    let steps_in = answer.may_step_in.iter().map(|seat| voice.named(*seat));
    section(pick(language, "Có quyền trực tiếp quyết định thay", "May step in"), steps_in, lines);
    handled(voice, answer, lines);
}

/// How the case is gone about, who signs and whose seal is set.
fn handled(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    let language = voice.language;
    let signatures = signature::signatures(voice.rulebook, answer.outcome, &answer.deciders, &answer.handling);
    for (slot, told) in told(voice, &answer.handling) {
        // What is signed says who signs, and whether a deputy may.
        if signatures.is_empty() || !matches!(slot, Slot::Signers | Slot::Deputy) {
            section(words::slot(slot, language), told.into_iter(), lines);
        }
    }
    let signed = signatures.iter().map(|one| handling::signature(voice, one));
    section(pick(language, "Ký", "Signature"), signed, lines);
    let said = answer.handling.iter().any(|one| one.slot() == Slot::Seal);
    let seal = signature::seal(answer.outcome, &answer.deciders, &answer.handling).filter(|_| !said);
    section(words::slot(Slot::Seal, language), seal.into_iter().map(|of| voice.named(of)), lines);
}

fn told(voice: Voice<'_>, handling: &[Handling<Named>]) -> Vec<handling::Told> {
    handling::told(voice.language, handling, &|named| voice.named(*named))
}

/// The line that holds the answer: outcome and decider.
#[must_use]
pub fn heading(voice: Voice<'_>, answer: &Answer) -> String {
    outcome_line(voice, answer.outcome, &answer.deciders)
}

fn outcome_line(voice: Voice<'_>, outcome: Outcome, deciders: &[Decider]) -> String {
    let names: Vec<String> = deciders.iter().map(|decider| voice.named(decider.who)).collect();
    headed(voice.language, outcome, names.iter().map(String::as_str))
}

/// The [`heading`] where the names of the deciders are there already.
#[must_use]
pub fn headed<'a>(language: Language, outcome: Outcome, names: impl Iterator<Item = &'a str>) -> String {
    let words = words::outcome(outcome, language);
    let mut line = String::with_capacity(128);
    match outcome {
        Outcome::Decided => {
            listed(&mut line, "", names);
            line.push(' ');
            line.push_str(words);
        }
        Outcome::Concurrent | Outcome::Conflict | Outcome::Orphaned => {
            line.push_str(&capital(words));
            listed(&mut line, ": ", names);
        }
        Outcome::Gap | Outcome::NotRequired | Outcome::Open | Outcome::NotCovered | Outcome::Undetermined => {
            line.push_str(&capital(words));
        }
    }
    line
}

/// Names in one line, something before the first.
fn listed<'a>(line: &mut String, lead: &str, names: impl Iterator<Item = &'a str>) {
    for (index, name) in names.enumerate() {
        line.push_str(if index == 0 { lead } else { "; " });
        line.push_str(name);
    }
}

pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Task, places, day and facts of the question.
#[must_use]
pub fn about(voice: Voice<'_>, answer: &Answer) -> String {
    let question = &answer.question;
    let task = &voice.rulebook[question.task];
    let mut parts = vec![voice.name(&task.names).to_owned()];
    for (role, rows) in task.roles.iter().zip(&question.places) {
        if question.without.contains(role) {
            let role = voice.name(&voice.rulebook[*role].names);
            parts.push(format!("{role}: {}", pick(voice.language, "không có", "none")));
        }
        if rows.is_empty() {
            continue;
        }
        let register = &voice.rulebook.register;
        let rows: Vec<_> =
            rows.iter().map(|row| format!("{} ({})", voice.row(*row), register.row(*row).code)).collect();
        let role = if task.roles.len() > 1 {
            format!("{}: ", voice.name(&voice.rulebook[*role].names))
        } else {
            String::new()
        };
        parts.push(format!("{role}{}", rows.join(" + ")));
    }
    let day = words::date(question.on, voice.language);
    parts.push(format!("{} {day}", pick(voice.language, "ngày", "on")));
    let facts = question.facts.iter();
    parts.extend(facts.map(|(fact, value)| format!("{} = {}", voice.fact(*fact), voice.value(*fact, value))));
    parts.join(", ")
}

fn holders(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    let language = voice.language;
    for decider in &answer.deciders {
        let held = words::held(decider.held, language);
        let who = if answer.deciders.len() > 1 { format!("{}: ", voice.named(decider.who)) } else { String::new() };
        let answerable = voice.named(decider.answerable);
        lines.push(match language {
            Language::Vietnamese => format!("  {who}{held}; chịu trách nhiệm: {answerable}"),
            Language::English => format!("  {who}{held}; answerable: {answerable}"),
        });
        if decider.who.unit.is_none()
            && matches!(decider.who.seat.at, SeatAt::Level { .. })
            && answer.outcome == Outcome::Decided
        {
            lines.push(format!("  {}", pick(language, "(đơn vị cụ thể tùy nơi)", "(which unit depends on the place)")));
        }
    }
    if let Some(sharing) = answer.sharing {
        lines.push(format!("  {}", words::sharing(sharing, language)));
    }
    if let Some(conflict) = answer.conflict {
        lines.push(format!("  {}", words::conflict(conflict, language)));
    }
}

fn grounds(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    let language = voice.language;
    if !answer.grounds.is_empty() {
        lines.push(format!("  {}:", pick(language, "Căn cứ", "Grounds")));
    }
    for ground in &answer.grounds {
        lines.push(format!("  - {}", ground_line(voice, ground)));
        let text = &voice.rulebook[voice.rulebook[ground.provision].text];
        for quote in &text.quotes {
            let mark = if quote.paraphrase { pick(language, "> (diễn giải) ", "> (paraphrase) ") } else { "> " };
            lines.extend(quote.text.lines().map(|line| format!("      {mark}{line}")));
        }
    }
}

fn ground_line(voice: Voice<'_>, ground: &Ground) -> String {
    let step = words::step(ground.step, voice.language);
    let marks = marks(voice, ground.provision);
    let marks = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
    format!("{step}: {}{marks}", voice.citation(ground.provision))
}

/// What is doubtful about a provision: marked unverified, or held with less than full confidence.
pub(super) fn marks(voice: Voice<'_>, id: ProvisionId) -> Vec<String> {
    let mut marks = Vec::new();
    let doubtful = doubtful(voice, id);
    if !doubtful.is_empty() {
        let words: Vec<&str> = doubtful.iter().map(|doubt| doubt.words(voice.language)).collect();
        marks.push(format!("{} ({})", pick(voice.language, "chưa kiểm chứng", "unverified"), words.join("; ")));
    }
    if let Some(confidence) = confidence(voice, id) {
        marks.push(format!("{} {confidence}", pick(voice.language, "độ tin cậy", "confidence")));
    }
    marks
}

/// What nobody has checked of a provision and of the documents that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    Sentence,
    Address,
    Number,
    Issued,
    IssuedPresumed,
    InForce,
}

impl Doubt {
    const fn words(self, language: Language) -> &'static str {
        match self {
            Self::Sentence => pick(language, "câu này", "sentence"),
            Self::Address => pick(language, "điều khoản", "address"),
            Self::Number => pick(language, "số văn bản", "number"),
            Self::Issued => pick(language, "ngày ban hành", "day of issue"),
            Self::IssuedPresumed => pick(language, "ngày ban hành suy đoán", "day of issue presumed"),
            Self::InForce => pick(language, "ngày hiệu lực", "days in force"),
        }
    }
}

fn doubtful(voice: Voice<'_>, id: ProvisionId) -> BTreeSet<Doubt> {
    let provision = &voice.rulebook[id];
    let text = &voice.rulebook[provision.text];
    let own = [(provision.unverified, Doubt::Sentence), (text.unverified, Doubt::Address)];
    let documents = [text.document, text.enacted_by].map(|document| voice.rulebook[document].unverified);
    let of_documents = documents.into_iter().flat_map(|unverified| {
        let issued = match unverified.issued {
            Issued::Checked | Issued::Unchecked => Doubt::Issued,
            Issued::Presumed => Doubt::IssuedPresumed,
        };
        [
            (unverified.number, Doubt::Number),
            (unverified.issued != Issued::Checked, issued),
            (unverified.in_force, Doubt::InForce),
        ]
    });
    own.into_iter().chain(of_documents).filter_map(|(holds, doubt)| holds.then_some(doubt)).collect()
}

/// Whether the sentence, its text or one of its documents is marked unverified.
#[must_use]
pub fn unverified(voice: Voice<'_>, id: ProvisionId) -> bool {
    !doubtful(voice, id).is_empty()
}

/// The confidence nearest to the sentence.
#[must_use]
pub fn confidence(voice: Voice<'_>, id: ProvisionId) -> Option<&str> {
    let provision = &voice.rulebook[id];
    let text = &voice.rulebook[provision.text];
    let document = || voice.rulebook[text.enacted_by].confidence.as_deref();
    provision.confidence.as_deref().or(text.confidence.as_deref()).or_else(document)
}

fn notes(voice: Voice<'_>, answer: &Answer, lines: &mut Vec<String>) {
    let language = voice.language;
    if answer.grounds_vary {
        lines.push(format!(
            "  {}",
            pick(
                language,
                "(căn cứ khác nhau tùy dữ kiện chưa nêu; kết quả thì như nhau)",
                "(the grounds depend on what was not said; the result does not)",
            )
        ));
    }
    if answer.framework_unread {
        lines.push(format!(
            "  {}",
            pick(
                language,
                "(chưa nạp luật tổ chức của ngày đó: việc chuyển giao chưa được kiểm chứng)",
                "(no organisation law of the day is loaded: transfers are unverified)",
            )
        ));
    }
    let valid = words::days(answer.valid, language);
    lines.push(format!("  {}: {valid}", pick(language, "Kết quả này đúng", "This holds")));
}

fn section(title: &str, items: impl Iterator<Item = String>, lines: &mut Vec<String>) {
    for (index, item) in items.enumerate() {
        if index == 0 {
            lines.push(format!("  {title}:"));
        }
        lines.push(format!("  - {item}"));
    }
}

/// What a next question is about, in words.
#[must_use]
pub fn asked(voice: Voice<'_>, about: About) -> String {
    match about {
        About::Fact(fact) => voice.fact(fact).to_owned(),
        About::Place(role) => voice.name(&voice.rulebook[role].names).to_owned(),
        About::Reading(reading) => {
            let text = voice.text(voice.rulebook[reading].text);
            format!("{} {text}", pick(voice.language, "cách hiểu", "the reading of"))
        }
    }
}

/// More choices than this of the longest branch are counted, not listed.
const LISTED: usize = 12;

fn question(voice: Voice<'_>, next: &NextQuestion, indent: usize, depth: Depth, lines: &mut Vec<String>) {
    let blank = "  ".repeat(indent);
    let first =
        if next.branches.is_empty() { pick(voice.language, " (hãy nêu trước)", " (say this first)") } else { "" };
    lines.push(format!("{blank}{}?{first}", asked(voice, next.about)));
    let longest = next.branches.iter().map(|branch| branch.choices.len()).max().unwrap_or(0);
    for Branch { choices, leads_to } in &next.branches {
        let or = pick(voice.language, " hoặc ", " or ");
        let many = choices.len();
        let choices: Vec<String> = choices.iter().map(|choice| voice.choice(choice, &next.about)).collect();
        let choices = if many == longest && many > LISTED && matches!(next.about, About::Place(_)) {
            match voice.language {
                Language::Vietnamese => format!("nơi khác ({many} đơn vị)"),
                Language::English => format!("elsewhere ({many} units)"),
            }
        } else {
            choices.join(or)
        };
        match leads_to {
            LeadsTo::Ruling { outcome, deciders, sharing, conflict, requirements, may_step_in, handling, grounds } => {
                lines.push(format!("{blank}- {choices}: {}", branch_words(voice, *outcome, deciders)));
                let beside = |words: String| format!("{blank}    {words}");
                lines.extend(sharing.map(|how| beside(words::sharing(how, voice.language).to_owned())));
                lines.extend(conflict.map(|why| beside(words::conflict(why, voice.language).to_owned())));
                lines.extend(requirements.iter().map(|(kind, of)| beside(requirement(voice, *kind, *of))));
                lines.extend(may_step_in.iter().map(|seat| beside(steps_in(voice, *seat))));
                for (slot, told) in told(voice, handling) {
                    lines.push(beside(format!("{}: {}", words::slot(slot, voice.language), told.join(", "))));
                }
                if depth == Depth::Record {
                    lines.extend(grounds.iter().map(|ground| beside(ground_line(voice, ground))));
                }
            }
            LeadsTo::Further(further) => {
                lines.push(format!("{blank}- {choices}:"));
                question(voice, further, indent + 2, depth, lines);
            }
        }
    }
}

fn requirement(voice: Voice<'_>, kind: RequirementKind, of: Named) -> String {
    let (requires, what) = (pick(voice.language, "phải có", "requires"), words::requirement(kind, voice.language));
    format!("{requires} {what} {}", voice.named(of))
}

fn steps_in(voice: Voice<'_>, seat: Named) -> String {
    let may = pick(voice.language, "có thể trực tiếp quyết định thay:", "may step in:");
    format!("{may} {}", voice.named(seat))
}

fn branch_words(voice: Voice<'_>, outcome: Outcome, deciders: &[Decider]) -> String {
    let line = outcome_line(voice, outcome, deciders);
    // How each holds is part of the ruling: branches that differ in nothing else must not look alike.
    let mut held: Vec<Held> = deciders.iter().map(|decider| decider.held).collect();
    held.dedup();
    match held.as_slice() {
        [Held::Assigned] | [] => line,
        held => {
            let held: Vec<&str> = held.iter().map(|held| words::held(*held, voice.language)).collect();
            format!("{line} ({})", held.join("; "))
        }
    }
}

/// Text of a trouble, its first line marked.
#[must_use]
pub fn trouble_lines(voice: Voice<'_>, trouble: &trouble::Trouble) -> Vec<String> {
    let mut lines = trouble.lines(voice);
    if let Some(first) = lines.first_mut() {
        *first = format!("{}: {first}", pick(voice.language, "lỗi", "error"));
    }
    for line in lines.iter_mut().skip(1) {
        line.insert_str(0, "  ");
    }
    lines
}
