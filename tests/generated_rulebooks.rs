//! What must hold of every rulebook, shown on generated ones, each property beside a fault that it catches.

mod generated;

use std::collections::BTreeSet;

use generated::questions::questions;
use generated::renumbered::by_line;
use generated::{Files, Generated, Recipe, load, nth, wanted};
use proptest::prelude::*;
use thamquyen::library::Library;
use thamquyen::partition::{Partition, Partitions};
use thamquyen::reading::ask::{Depth, Law, ask};
use thamquyen::reading::verify::check;
use thamquyen::rulebook::{
    Clause, Deciders, Handling, Predicate, ProvisionId, Rulebook, SeatAt, Slot, Statement, Test, TransferForm, Within,
};
use thamquyen::ruling::{Answer, BadQuestion, Question};
use thamquyen::syntax::tree::Language;

/// Rulebooks of a property, and among how many a fault must be caught.
const RULEBOOKS: u32 = 200;
const FAULTY: u64 = 200;

/// Questions to one rulebook.
const QUESTIONS: usize = 12;

/// Their number can be set, to look further than every run can, or to be done sooner.
fn few() -> ProptestConfig {
    ProptestConfig { cases: wanted(RULEBOOKS), failure_persistence: None, ..ProptestConfig::default() }
}

type Asked = (Question, Result<Answer, BadQuestion>);

/// Questions and answers, always the same ones for equal rulebooks.
fn answers(rulebook: &Rulebook) -> Vec<Asked> {
    let asked = questions(rulebook, 1, QUESTIONS);
    let partitions = Partitions::new(rulebook);
    let law = Law { rulebook, partitions: &partitions };
    asked.into_iter().map(|question| (question.clone(), ask(law, &question, Depth::Record))).collect()
}

/// The first region of any task that is not what the rulebook says, of diagrams made from a copy.
fn wrong_region(rulebook: &Rulebook, copy: &Rulebook) -> Option<String> {
    let mut wrong = rulebook.task_ids().filter_map(|task| {
        let partition = Partition::new(copy, task).expect("few regions");
        check(rulebook, &partition).err().map(|wrong| format!("{}: {wrong:#?}", rulebook[task].names.id))
    });
    wrong.next()
}

/// The errors of a library, each with its line.
fn errors(library: &Library) -> Vec<String> {
    let severe =
        |found: &&thamquyen::diagnostic::Diagnostic| found.problem.severity() == thamquyen::diagnostic::Severity::Error;
    let line = |found: &thamquyen::diagnostic::Diagnostic| {
        let source = library.sources.get(found.span.source);
        let (line, _) = library.sources.line_column(found.span);
        let text = source.and_then(|source| source.text.lines().nth(line.saturating_sub(1))).unwrap_or("");
        format!("{text} -- {:?}", found.problem)
    };
    let unreadable = library.unreadable.iter().map(|unreadable| format!("{unreadable:?}"));
    library.diagnostics.iter().filter(severe).map(line).chain(unreadable).collect()
}

/// Whether at least so many of the first rulebooks do not have the property any more.
fn caught(times: usize, fault: impl Fn(&Generated) -> bool) -> bool {
    (0..FAULTY).filter(|number| fault(&nth(*number))).take(times).count() == times
}

fn replaced(mut files: Files, old: &str, new: &str) -> Files {
    files.iter_mut().for_each(|(_, text)| *text = text.replace(old, new));
    files
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn every_rulebook_is_valid(made in generated::library()) {
        for files in [made.english(), made.vietnamese()] {
            let library = load(&files);
            prop_assert!(errors(&library).is_empty(), "{:#?}", errors(&library));
            prop_assert!(!library.rulebook.provisions.is_empty());
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(made in generated::library()) {
        let (one, other) = (load(&made.english()), load(&made.english()));
        prop_assert_eq!(answers(&one.rulebook), answers(&other.rulebook));
    }

    #[test]
    fn order_makes_no_difference(made in generated::library(), seed in any::<u64>()) {
        let (sorted, shuffled) = (load(&made.english()), load(&made.shuffled(Language::English, seed)));
        prop_assert_eq!(errors(&sorted), errors(&shuffled));
        prop_assert_eq!(answers(&sorted.rulebook), answers(&shuffled.rulebook));
    }

    #[test]
    fn both_languages_say_the_same(made in generated::library()) {
        let (english, vietnamese) = (by_line(&load(&made.english())), by_line(&load(&made.vietnamese())));
        prop_assert_eq!(format!("{english:?}"), format!("{vietnamese:?}"));
        prop_assert_eq!(answers(&english), answers(&vietnamese));
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn every_region_is_what_the_law_says(made in generated::library()) {
        let library = load(&made.english());
        let wrong = wrong_region(&library.rulebook, &library.rulebook);
        prop_assert!(wrong.is_none(), "{}\n{:?}", wrong.unwrap_or_default(), made.english());
    }
}

/// The recipes that fuzzing keeps, among them those that once showed a fault.
#[test]
fn every_region_of_the_kept_recipes_is_what_the_law_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/generated");
    let mut recipes: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    recipes.sort();
    assert!(recipes.len() > 10);
    for path in recipes {
        let bytes = std::fs::read(&path).expect("a file");
        let library = load(&Generated::new(&Recipe::from_bytes(&bytes)).english());
        let wrong = wrong_region(&library.rulebook, &library.rulebook);
        assert!(wrong.is_none(), "{}: {}", path.display(), wrong.unwrap_or_default());
    }
}

/// Faults in the compiler's copy: every term begins a day late; lower texts beat higher ones; a sentence loses its condition;
/// what is entrusted is delegated; whoever decided on an earlier day is asked for three years before; what governs a task leaves it
/// to the others; no case goes up for what it spans; the limits of tables are one too high; no task is covered where the others
/// are not.
#[test]
fn a_wrong_region_is_caught() {
    let late = |rulebook: &mut Rulebook| {
        let terms = rulebook.documents.iter_mut().flat_map(|document| &mut document.in_force);
        terms.for_each(|term| term.from = term.from.and_then(|from| from.tomorrow().ok()));
    };
    let upside_down = |rulebook: &mut Rulebook| rulebook.kinds.iter_mut().for_each(|kind| kind.rank = 1000 - kind.rank);
    let unconditional = |rulebook: &mut Rulebook| {
        let conditional = rulebook.provisions.iter_mut().find(|provision| provision.condition.is_some());
        conditional.into_iter().for_each(|provision| provision.condition = None);
    };
    let delegated = |rulebook: &mut Rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Transfer { form: form @ TransferForm::Entrust, .. } = &mut provision.statement {
                *form = TransferForm::Delegate;
            }
        }
    };
    let earlier = |rulebook: &mut Rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::DecidedBy { by: Deciders::WhoeverDecided(day), .. } = &mut provision.statement {
                *day = day.saturating_sub(jiff::Span::new().years(3));
            }
        }
    };
    let ungoverned = |rulebook: &mut Rulebook| {
        let all: Vec<_> = (0..).map(ProvisionId).take(rulebook.provisions.len()).collect();
        for provision in &mut rulebook.provisions {
            if let Statement::Governs { within, .. } = &mut provision.statement {
                within.clone_from(&all);
            }
        }
    };
    let narrow = |rulebook: &mut Rulebook| {
        let last = thamquyen::register::LevelId(u8::try_from(rulebook.levels.len()).expect("few levels"));
        for provision in &mut rulebook.provisions {
            if let Statement::Widens { level, .. } = &mut provision.statement {
                *level = last;
            }
        }
    };
    let higher = |rulebook: &mut Rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Tabulates { rows, .. } = &mut provision.statement {
                rows.values_mut().for_each(|limit| *limit += rust_decimal::Decimal::TWO);
            }
        }
    };
    let uncovered = |rulebook: &mut Rulebook| rulebook.tasks.iter_mut().for_each(|task| task.covered_in.clear());
    type Fault = fn(&mut Rulebook);
    let faults = [
        ("late", late as Fault),
        ("upside down", upside_down),
        ("unconditional", unconditional),
        ("delegated", delegated),
        ("earlier", earlier),
        ("ungoverned", ungoverned),
        ("narrow", narrow),
        ("higher", higher),
        ("uncovered", uncovered),
    ];
    for (name, seed) in faults {
        let fault = |made: &Generated| {
            let library = load(&made.english());
            let mut copy = library.rulebook.clone();
            seed(&mut copy);
            wrong_region(&library.rulebook, &copy).is_some()
        };
        assert!(caught(6, fault), "{name}");
    }
}

/// Faults in the compiler's copy of what is said of how tasks are handled, one for each slot.
#[test]
fn a_wrong_slot_is_caught() {
    for slot in Slot::ALL {
        let fault = |made: &Generated| {
            let library = load(&made.english());
            let mut copy = library.rulebook.clone();
            for provision in &mut copy.provisions {
                if let Statement::Handling { says, .. } = &mut provision.statement
                    && says.slot() == slot
                {
                    spoil(says);
                }
            }
            wrong_region(&library.rulebook, &copy).is_some()
        };
        assert!(caught(2, fault), "{slot:?}");
    }
}

/// Says something else in the same slot; of the ban on deputies, in another.
fn spoil(says: &mut Handling) {
    match says {
        Handling::Procedure(procedure) => {
            procedure.stages.pop();
        }
        Handling::Limit(within) => *within = Within::WorkingDays(99),
        Handling::Signers(signers) => signers.iter_mut().for_each(|seat| seat.at = SeatAt::Nowhere),
        Handling::NoDeputy => *says = Handling::Limit(Within::SameDay),
        Handling::Seal(seat) => seat.at = SeatAt::Nowhere,
    }
}

/// Fault: the binder loses the name of a task.
#[test]
fn a_lost_name_is_caught() {
    let fault = |made: &Generated| !errors(&load(&replaced(made.english(), " / \"felling\"", ""))).is_empty();
    assert!(caught(31, fault));
}

/// Fault: an answer depends on what was asked before. Every second time a sentence is taken for an unconditional one.
#[test]
fn an_answer_that_changes_is_caught() {
    let fault = |made: &Generated| {
        let mut rulebook = load(&made.english()).rulebook;
        let first = answers(&rulebook);
        rulebook.provisions.iter_mut().for_each(|provision| provision.condition = None);
        first != answers(&rulebook)
    };
    assert!(caught(11, fault));
}

/// Fault: which of two texts is later is told by where they stand in the files.
#[test]
fn a_dependence_on_order_is_caught() {
    let by_place = |library: Library| {
        let mut rulebook = library.rulebook;
        let mut issued: Vec<_> = rulebook.documents.iter().map(|document| document.issued).collect();
        issued.sort();
        let mut documents: Vec<_> = rulebook.documents.iter_mut().collect();
        documents.sort_by_key(|document| (document.span.source, document.span.start));
        documents.into_iter().zip(issued).for_each(|(document, day)| document.issued = day);
        answers(&rulebook)
    };
    let fault =
        |made: &Generated| by_place(load(&made.english())) != by_place(load(&made.shuffled(Language::English, 7)));
    assert!(caught(6, fault));
}

/// Faults of a translation: two words of order mistaken for each other, and a decimal mark that is passed over.
#[test]
fn a_false_translation_is_caught() {
    for (right, wrong) in [(" trở lên", " trở xuống"), ("9,9 ha", "99 ha"), ("cấp dưới trực tiếp", "cấp dưới")]
    {
        let fault = |made: &Generated| {
            let (english, vietnamese) = (load(&made.english()), load(&replaced(made.vietnamese(), right, wrong)));
            format!("{:?}", by_line(&english)) != format!("{:?}", by_line(&vietnamese))
        };
        assert!(caught(1, fault), "{right}");
    }
}

/// What occurs in generated rulebooks and in their answers.
#[derive(Default)]
struct Seen {
    names: BTreeSet<String>,
    answers: usize,
    refused: usize,
}

impl Seen {
    fn note(&mut self, of: &str, what: &impl std::fmt::Debug) {
        let name = format!("{what:?}");
        let name = name.split([' ', '(', '{']).next().unwrap_or_default();
        self.names.insert(format!("{of} {name}"));
    }

    fn rulebook(&mut self, rulebook: &Rulebook) {
        for provision in &rulebook.provisions {
            self.statement(&provision.statement);
            provision.cases.iter().for_each(|cases| self.note("cases", &cases.kind));
            for test in provision.condition.iter().flat_map(|condition| &condition.clauses) {
                match test {
                    Clause::Test(test) => self.test(test),
                    Clause::AnyOf(lines) => {
                        self.note("clause", &"AnyOf");
                        lines.iter().flatten().for_each(|test| self.test(test));
                    }
                }
            }
            for scope in &provision.scopes {
                let sort = match (scope.unit.is_some(), scope.former.is_some(), scope.of_type.is_some()) {
                    (_, true, _) => "former",
                    (true, false, true) => "both",
                    (true, false, false) => "unit",
                    (false, ..) => "typed",
                };
                self.names.insert(format!("scope {sort}"));
                if scope.role.is_some() {
                    self.names.insert("scope of-role".to_owned());
                }
            }
            let parts = [
                ("limit prevails", !provision.prevails.is_empty()),
                ("limit prevails by", provision.prevails.iter().any(|prevails| prevails.by.is_some())),
                ("limit yields", !provision.yields.is_empty()),
                ("limit reading", provision.reading.is_some()),
                ("limit days", provision.days.from.is_some() && provision.days.before.is_some()),
                ("limit unverified", provision.unverified),
                ("text amended", rulebook[provision.text].enacted_at.is_some()),
            ];
            self.names.extend(parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.to_owned()));
        }
        for document in &rulebook.documents {
            let parts = [
                ("document local", document.issuer.unit.is_some()),
                ("document national", document.issuer.unit.is_none()),
                ("document prevails", document.prevails.is_some()),
                ("document lapses", document.lapses.is_some()),
                ("document rests", !document.rests_on.is_empty()),
                ("document unverified", document.unverified.any()),
                ("document twice", document.in_force.len() > 1),
            ];
            self.names.extend(parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.to_owned()));
        }
        rulebook.readings.iter().for_each(|reading| self.note("settled", &!reading.settled.is_empty()));
        for task in &rulebook.tasks {
            let parts = [
                ("open", !task.open.is_empty()),
                ("impossible", !task.impossible.is_empty()),
                ("optional", !task.optional.is_empty()),
                ("covered", !task.covered.is_empty()),
                ("covered-in", !task.covered_in.is_empty()),
            ];
            self.names.insert(format!("places {}", task.roles.len()));
            self.names.extend(parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| format!("task {name}")));
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.note("statement", statement);
        match statement {
            Statement::DecidedBy { by: Deciders::Seats { seats, sharing }, also, .. } => {
                self.note("also", also);
                let parts = [
                    ("candidate lacking", seats.iter().any(|own| !own.lacking.is_empty())),
                    ("candidate one_of", seats.iter().any(|own| own.one_of)),
                    ("candidate several", seats.iter().filter(|own| own.lacking.is_empty()).count() > 1),
                ];
                self.names.extend(parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.to_owned()));
                seats.iter().for_each(|own| self.note("seat", &own.seat.at));
                sharing.iter().for_each(|sharing| self.note("sharing", sharing));
            }
            Statement::DecidedBy { by: Deciders::WhoeverDecides(_), .. } => self.note("by", &"WhoeverDecides"),
            Statement::DecidedBy { by: Deciders::WhoeverDecided(_), .. } => self.note("by", &"WhoeverDecided"),
            Statement::Passes { from, to, .. } => {
                from.iter().for_each(|giver| self.note("passes from", &giver.at));
                self.note("passes to", &to.at);
            }
            Statement::Transfer { form, under, with_consent, giver, to, seal, .. } => {
                seal.iter().for_each(|seal| self.note("seal", seal));
                self.note("giver", &giver.at);
                self.note("receiver", &to.at);
                self.note("transfer", form);
                self.note("under", &under.is_some());
                self.note("consent", with_consent);
            }
            Statement::Permission { task, modal, givers, receivers, .. } => {
                self.note("modal", modal);
                self.names.insert(format!("permission of a task {}", task.is_some()));
                for pattern in givers.iter().chain(receivers) {
                    self.note("level", &pattern.level);
                    self.note("body", &pattern.body);
                }
            }
            Statement::Act { kind, .. } => self.note("act", kind),
            Statement::Requires { kind, of, .. } => {
                self.note("requires", kind);
                self.note("required", &of.at);
            }
            Statement::Handling { says, .. } => {
                self.note("says", &says.slot());
                says.named().into_iter().for_each(|seat| self.note("handler", &seat.at));
            }
            Statement::Onward { received, .. } => self.note("received", received),
            Statement::BodyExists { exists, .. } => self.note("body exists", exists),
            Statement::LevelExists { exists, .. } => self.note("level exists", exists),
            Statement::Governs { within, .. } => self.note("governs", &!within.is_empty()),
            Statement::NotRequired { .. }
            | Statement::Succeeded { .. }
            | Statement::MustStateTerm { .. }
            | Statement::Widens { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Extends { .. }
            | Statement::Classifies { .. }
            | Statement::Tabulates { .. } => {}
        }
    }

    fn test(&mut self, test: &Test) {
        self.note("test", test);
        match test {
            Test::Fact { predicate, .. } => self.predicate(predicate),
            Test::Limit { share, .. } => self.note("share", &share.is_integer()),
            Test::Spans { several, .. } => self.note("spans", several),
            Test::HasPlace { there, .. } => self.note("there", there),
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        self.note("predicate", predicate);
        match predicate {
            Predicate::Extreme { is, which } => {
                self.note("extreme", which);
                self.predicate(is);
            }
            Predicate::Compare { with, value } => {
                self.note("comparison", with);
                self.note("compared", value);
            }
            Predicate::Among { not, values } => {
                self.note("not", not);
                values.iter().for_each(|value| self.note("among", value));
            }
            Predicate::Ranked { or, .. } => self.note("ranked", or),
            Predicate::Holds(_) => {}
        }
    }

    fn question(&mut self, question: &Question) {
        if !question.without.is_empty() {
            self.note("asked", &"without");
        }
        if question.places.iter().any(|units| units.len() > 1) {
            self.note("asked", &"several");
        }
    }

    fn answer(&mut self, answer: &Result<Answer, BadQuestion>) {
        let Ok(answer) = answer else {
            self.refused += 1;
            return;
        };
        self.answers += 1;
        self.note("outcome", &answer.outcome);
        answer.deciders.iter().for_each(|decider| self.note("held", &decider.held));
        answer.deciders.iter().for_each(|decider| self.note("decider", &decider.who.seat.at));
        answer.record.iter().for_each(|loss| self.note("why", &loss.why));
        answer.conflict.iter().for_each(|kind| self.note("conflict", kind));
        answer.grounds.iter().for_each(|ground| self.note("step", &ground.step));
        for slot in Slot::ALL {
            match answer.handling.iter().filter(|one| one.slot() == slot).count() {
                0 => {}
                1 => self.note("handled", &slot),
                _ => self.note("unlike", &slot),
            }
        }
        answer.next.iter().for_each(|next| self.note("asks", &next.about));
        if !answer.may_step_in.is_empty() {
            self.note("beside", &"may_step_in");
        }
        if answer.framework_unread {
            self.note("beside", &"framework_unread");
        }
    }

    fn lacks(&self, of: &str, names: &str) -> Vec<String> {
        let wanted = names.split_whitespace().map(|name| format!("{of} {name}"));
        wanted.filter(|name| !self.names.contains(name)).collect()
    }
}

/// The control of all of the above: nothing of the language, and no way in which a case can end, is left out.
#[test]
#[expect(clippy::too_many_lines, reason = "a list of all that must occur")]
fn everything_occurs() {
    let mut seen = Seen::default();
    for number in 0..800 {
        let rulebook = load(&nth(number).english()).rulebook;
        seen.rulebook(&rulebook);
        for (question, answer) in &answers(&rulebook) {
            seen.question(question);
            seen.answer(answer);
        }
    }
    let lacking: Vec<String> = [
        (
            "statement",
            "DecidedBy NotRequired Governs Passes Succeeded Transfer Permission Onward MustStateTerm Widens HigherRankPrevails \
             LaterTextPrevails StepIn Requires Handling Act Extends BodyExists LevelExists Classifies Tabulates",
        ),
        ("predicate", "Holds Among Ranked Extreme Compare"),
        ("act", "Repeals Replaces Annuls Suspends Restores Amends"),
        ("level", "Any At Unit Same NextLower AnyLower"),
        ("body", "Is HeadOf"),
        ("cases", "In Except AllOther"),
        ("clause", "\"AnyOf\""),
        ("seat", "Nowhere Level Any Unit"),
        ("candidate", "lacking one_of several"),
        ("passes from", "Level Here Unit"),
        ("passes to", "Level Here Unit"),
        ("giver", "Level Here Unit"),
        ("receiver", "Level Here Unit"),
        ("required", "Level Others Unit"),
        ("says", "Procedure Limit Signers Deputy Seal"),
        ("handler", "Nowhere Level Here Any Unit"),
        ("seal", "Receiver Giver"),
        ("unlike", "Procedure Limit Signers Seal"),
        ("handled", "Procedure Limit Signers Deputy Seal"),
        ("test", "Fact Spans HasPlace Limit"),
        ("share", "true false"),
        ("spans", "true false"),
        ("there", "true false"),
        ("places", "0 1 2 3"),
        ("sharing", "AnyOf FirstToAccept ApplicantChooses"),
        ("by", "\"WhoeverDecides\" \"WhoeverDecided\""),
        ("modal", "May Must MustNot"),
        ("requires", "PriorApproval Appraisal Agreement Opinion Report"),
        ("extreme", "Highest Lowest"),
        ("compared", "Number Date"),
        ("among", "One Number Level Date"),
        ("transfer", "Decentralise Entrust Delegate"),
        ("received", "Delegation Decentralisation Devolution Entrustment"),
        ("scope", "unit former typed both of-role"),
        ("limit", "prevails yields reading days unverified"),
        ("document", "local national prevails lapses rests unverified twice"),
        ("text", "amended"),
        ("task", "open impossible optional covered covered-in"),
        ("settled", "true false"),
        ("governs", "true false"),
        ("under", "true false"),
        ("outcome", "Decided Concurrent Gap Conflict Orphaned NotRequired Open NotCovered Undetermined"),
        ("held", "Assigned Devolved Reorganised Decentralised Entrusted Delegated"),
        ("conflict", "Deciders Receivers Circular Places"),
        (
            "why",
            "Ended Lapsed Incompetent IssuerAbsent LowerRank Earlier Governed Displaced NotHeld NotHeldAtBirth Forbidden \
             WrongPair NoTerm PassedOn ReceiverAbsent HolderAbsent AssignedLater UnfoundedClaim SelfRequirement \
             OtherReading",
        ),
        (
            "step",
            "Assigns SwitchesOff Widens Passes Succeeds Decentralises Entrusts Delegates Requires StepsIn Handles Abolishes",
        ),
        ("asks", "Fact Place Reading"),
        ("asked", "\"without\" \"several\""),
        ("decider", "Level Any"),
        ("beside", "\"may_step_in\" \"framework_unread\""),
    ]
    .into_iter()
    .flat_map(|(of, names)| seen.lacks(of, names))
    .collect();
    assert!(lacking.is_empty(), "not once in {} answers ({} refused): {lacking:#?}", seen.answers, seen.refused);
    assert!(seen.refused * 5 < seen.answers, "{} of {} refused", seen.refused, seen.answers);
}
