//! Faults in the compiler's copy of the rules, each of which the region check catches; beside them, how few random points see
//! them.

use std::path::{Path, PathBuf};

use thamquyen::diagram::Edge;
use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::{Partition, Variable, day_of};
use thamquyen::reading::verify::{Wrong, check};
use thamquyen::register::LocalityId;
use thamquyen::rulebook::{
    Candidate, Clause, Comparison, Deciders, DocumentId, Handling, Predicate, ProvisionId, Rulebook, SealOf, SeatAt,
    Statement, TaskId, Test, TransferForm, Within,
};

/// So many random points are looked at.
const POINTS: u64 = 20_000;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The rules with hypothetical decisions, so that there are transfers.
fn rules() -> Library {
    library::load(&Origin::Folders(vec![here("rules"), here("tests/fixtures/gia-dinh")]))
}

/// A case in which a text of higher rank decides what one of lower rank says otherwise.
fn ranks() -> Library {
    case("rank-and-later.tq")
}

/// Cases of whoever decided on an earlier day.
fn frozen() -> Library {
    case("tham-quyen-ngay-cu.tq")
}

/// Cases of limits from a table.
fn tabulated() -> Library {
    case("bang-muc.tq")
}

/// Cases of what spans several units.
fn spanning() -> Library {
    case("tren-nhieu-don-vi.tq")
}

/// Cases of a text that governs a task as a whole.
fn governed() -> Library {
    case("quy-dinh-toan-bo.tq")
}

/// Cases of tasks that are entrusted.
fn entrusted() -> Library {
    case("giao-viec.tq")
}

/// A case of several roles, some without a place, and of cases that span several units.
fn places() -> Library {
    case("places-in-roles.tq")
}

/// Cases of a task that is covered where the others are not.
fn covered() -> Library {
    case("pham-vi-rieng.tq")
}

fn procedures() -> Library {
    case("trinh-tu.tq")
}

fn signatures() -> Library {
    case("signature.tq")
}

fn case(name: &str) -> Library {
    let names = ["catalogue.tq", "units.csv", "successions.csv", name];
    let read = |name| std::fs::read_to_string(here("tests/cases/good").join(name)).expect("text");
    let texts = names.map(|name| (name, read(name)));
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    library::from_texts(&texts)
}

fn task(rulebook: &Rulebook, id: &str) -> TaskId {
    let index = rulebook.tasks.iter().position(|task| task.names.id == id).expect("the task");
    TaskId(u32::try_from(index).expect("few tasks"))
}

fn document(rulebook: &Rulebook, number: &str) -> DocumentId {
    let index = rulebook.documents.iter().position(|document| document.number == number).expect("the document");
    DocumentId(u32::try_from(index).expect("few documents"))
}

/// The provisions of a document on a task, in order of id.
fn provisions(rulebook: &Rulebook, number: &str, of: &str) -> Vec<usize> {
    let (document, of) = (document(rulebook, number), task(rulebook, of));
    let mut found = rulebook[of].provisions.clone();
    found.retain(|id| rulebook[rulebook[*id].text].document == document);
    found.into_iter().map(|ProvisionId(id)| id as usize).collect()
}

fn decides(statement: &Statement) -> bool {
    matches!(statement, Statement::DecidedBy { by: Deciders::Seats { .. }, .. })
}

/// What the compiler gets to see, the task, and how it is wrong.
type Fault = (&'static str, fn() -> Library, &'static str, fn(&mut Rulebook));

const FAULTS: &[Fault] = &[
    ("a day off", rules, "thu-hoi-dat", |rulebook| {
        let document = document(rulebook, "31/2024/QH15");
        let term = &mut rulebook.documents[document.0 as usize].in_force[0];
        term.from = term.from.map(|from| from.tomorrow().expect("a day"));
    }),
    ("> for >=", rules, "giao-dat", |rulebook| {
        let mut changed = 0;
        for id in provisions(rulebook, "31/2024/QH15", "giao-dat") {
            let clauses = rulebook.provisions[id].condition.iter_mut().flat_map(|condition| &mut condition.clauses);
            for clause in clauses {
                if let Clause::Test(Test::Fact { predicate, .. }) = clause
                    && let Predicate::Compare { with: with @ Comparison::AtLeast, .. } = predicate
                {
                    *with = Comparison::Greater;
                    changed += 1;
                }
            }
        }
        assert_eq!(changed, 1);
    }),
    ("rank reversed", ranks, "chat-cay", |rulebook| {
        let highest = rulebook.kinds.iter().map(|kind| kind.rank).max().expect("kinds");
        rulebook.kinds.iter_mut().for_each(|kind| kind.rank = highest - kind.rank);
    }),
    ("two provisions swapped", rules, "thu-hoi-dat", |rulebook| {
        let ids = provisions(rulebook, "45/2013/QH13", "thu-hoi-dat");
        let ids: Vec<usize> = ids.into_iter().filter(|id| decides(&rulebook.provisions[*id].statement)).collect();
        let said = |id: usize| format!("{:?}", rulebook.provisions[id].statement);
        let a = ids[0];
        let b = ids.into_iter().find(|id| said(*id) != said(a)).expect("two provisions that differ");
        let (one, other) = (rulebook.provisions[a].statement.clone(), rulebook.provisions[b].statement.clone());
        rulebook.provisions[a].statement = other;
        rulebook.provisions[b].statement = one;
    }),
    ("a lost locality", rules, "gpxd", |rulebook| {
        for id in provisions(rulebook, "1234/QĐ-UBND", "gpxd") {
            let lost = rulebook.provisions[id].scopes.pop();
            assert!(lost.is_some() && !rulebook.provisions[id].scopes.is_empty());
        }
    }),
    ("a dead transfer kept alive", rules, "thu-hoi-dat", |rulebook| {
        for id in provisions(rulebook, "9901/QĐ-UBND", "thu-hoi-dat") {
            let Statement::Transfer { under, .. } = &mut rulebook.provisions[id].statement else {
                panic!("a transfer")
            };
            *under = None;
        }
    }),
    ("a reading dropped", rules, "giao-dat", |rulebook| {
        let document = document(rulebook, "49/2026/NĐ-CP");
        let reading = rulebook.readings.iter().position(|reading| rulebook[reading.text].document == document);
        rulebook.readings[reading.expect("two readings")].options.truncate(1);
    }),
    ("a fallback at any time", places, "bao-do", |rulebook| {
        candidates(rulebook).for_each(|candidate| candidate.lacking.clear());
    }),
    ("one of several lost", places, "doi-cay", |rulebook| {
        candidates(rulebook).for_each(|candidate| candidate.one_of = false);
    }),
    ("several for one", places, "doi-cay", |rulebook| {
        let conditions = rulebook.provisions.iter_mut().filter_map(|provision| provision.condition.as_mut());
        for clause in conditions.flat_map(|condition| &mut condition.clauses) {
            if let Clause::Test(Test::Spans { several, .. }) = clause {
                *several = !*several;
            }
        }
    }),
    ("another role's place", places, "khai-cay", |rulebook| {
        let first = rulebook.tasks[task(rulebook, "khai-cay").0 as usize].roles[0];
        let scopes = rulebook.provisions.iter_mut().flat_map(|provision| &mut provision.scopes);
        scopes.filter(|scope| scope.role.is_some()).for_each(|scope| scope.role = Some(first));
    }),
    ("an entrusting taken for a delegation", entrusted, "chat-cay", |rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Transfer { form: form @ TransferForm::Entrust, .. } = &mut provision.statement {
                *form = TransferForm::Delegate;
            }
        }
    }),
    ("what governs leaves it to others", governed, "chat-cay", |rulebook| {
        let all: Vec<_> = (0..).map(ProvisionId).take(rulebook.provisions.len()).collect();
        for provision in &mut rulebook.provisions {
            if let Statement::Governs { within, .. } = &mut provision.statement {
                within.clone_from(&all);
            }
        }
    }),
    ("what spans several goes up too far", spanning, "chat-cay", |rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Widens { to, .. } = &mut provision.statement {
                *to = thamquyen::register::LevelId(0);
            }
        }
    }),
    ("limits one too high", tabulated, "chat-cay", |rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Tabulates { rows, .. } = &mut provision.statement {
                rows.values_mut().for_each(|limit| *limit += rust_decimal::Decimal::ONE);
            }
        }
    }),
    ("a task's own cover lost", covered, "xem-cay", |rulebook| {
        rulebook.tasks.iter_mut().for_each(|task| task.covered_in.clear());
    }),
    ("another earlier day", frozen, "chat-cay", |rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::DecidedBy { by: Deciders::WhoeverDecided(day), .. } = &mut provision.statement {
                *day = "2000-01-01".parse().expect("a day");
            }
        }
    }),
    ("a step lost", procedures, "chat-cay", |rulebook| {
        for says in handling(rulebook) {
            if let Handling::Procedure(procedure) = says {
                procedure.stages.pop();
            }
        }
    }),
    ("a day more", procedures, "chat-cay", |rulebook| {
        for says in handling(rulebook) {
            if let Handling::Limit(Within::WorkingDays(days)) = says {
                *days += 1;
            }
        }
    }),
    ("a signer lost", signatures, "chat-cay", |rulebook| {
        for says in handling(rulebook) {
            if let Handling::Signers(signers) = says {
                signers.truncate(1);
            }
        }
    }),
    ("a deputy after all", signatures, "chat-cay", |rulebook| {
        for says in handling(rulebook) {
            if *says == Handling::NoDeputy {
                *says = Handling::Limit(Within::SameDay);
            }
        }
    }),
    ("another's seal", signatures, "chat-cay", |rulebook| {
        for says in handling(rulebook) {
            if let Handling::Seal(seat) = says {
                seat.at = SeatAt::Nowhere;
            }
        }
    }),
    ("the giver's seal", signatures, "thu-hoi", |rulebook| {
        for provision in &mut rulebook.provisions {
            if let Statement::Transfer { seal, .. } = &mut provision.statement {
                *seal = Some(SealOf::Giver);
            }
        }
    }),
];

/// How tasks are handled.
fn handling(rulebook: &mut Rulebook) -> impl Iterator<Item = &mut Handling> {
    rulebook.provisions.iter_mut().filter_map(|provision| {
        let Statement::Handling { says, .. } = &mut provision.statement else { return None };
        Some(says)
    })
}

fn candidates(rulebook: &mut Rulebook) -> impl Iterator<Item = &mut Candidate> {
    let seats = rulebook.provisions.iter_mut().filter_map(|provision| {
        let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = &mut provision.statement else {
            return None;
        };
        Some(seats)
    });
    seats.flatten()
}

/// Small, fast and the same everywhere: Vigna's SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }
}

/// What a partition says at a point, all of it.
fn said(
    (rulebook, partition): (&Rulebook, &Partition),
    places: &[LocalityId],
    day: jiff::civil::Date,
    (cells, options): (&[usize], &[usize]),
) -> String {
    let slice = partition.at(places, day);
    let follow = |mut edge: Edge| {
        while let Some(node) = partition.diagrams.node(edge) {
            let cell = match partition.variable(node.variable) {
                Variable::Fact(index) => cells[index],
                Variable::Reading(index) => options[index],
                Variable::Pattern(index) => usize::from(partition.patterns[index].holds(rulebook, places, day)),
                Variable::Place(_) | Variable::Day => panic!("places and days come first"),
            };
            edge = node.follow(u32::try_from(cell).expect("few cells"));
        }
        edge.value().expect("a leaf") as usize
    };
    let holding = &partition.holdings[follow(slice.holding)];
    let beside: Vec<_> = slice.beside.iter().map(|edge| &partition.besides[follow(*edge)]).collect();
    if holding.is_none() { "impossible".to_owned() } else { format!("{holding:?} {beside:?}") }
}

/// How many of the random points tell two partitions of one task apart: of cases that lie in one unit each.
fn seen_at_random(right: &Partition, wrong: &Partition, rulebook: &Rulebook) -> usize {
    let mut dice = Dice(20_250_701);
    let localities: Vec<LocalityId> = rulebook.register.localities().collect();
    let first = thamquyen::partition::day_number("2014-01-01".parse().expect("a day"));
    (0..POINTS)
        .filter(|_| {
            let places: Vec<LocalityId> =
                right.frame.roles.iter().map(|_| localities[dice.below(localities.len())]).collect();
            let day = day_of(first + u32::try_from(dice.below(5_844)).expect("sixteen years")).expect("a day");
            let cells: Vec<usize> = right.frame.facts.iter().map(|axis| dice.below(axis.len())).collect();
            let options: Vec<usize> =
                right.frame.readings.iter().map(|(_, options)| dice.below(usize::from(*options))).collect();
            let of = |partition| said((rulebook, partition), &places, day, (&cells, &options));
            of(right) != of(wrong)
        })
        .count()
}

#[test]
fn the_check_catches_every_seeded_fault_and_random_points_miss_most() {
    let mut table = Vec::new();
    for (name, library, id, seed) in FAULTS {
        let library = library();
        assert_eq!(library.errors(), 0);
        let rulebook = &library.rulebook;
        let task = task(rulebook, id);
        let right = Partition::new(rulebook, task).expect("few regions");
        check(rulebook, &right).expect("the rules as they are");
        let mut copy = rulebook.clone();
        seed(&mut copy);
        let wrong = Partition::new(&copy, task).expect("few regions");
        let found = check(rulebook, &wrong);
        assert!(matches!(found, Err(Wrong::Ruling(_))), "{name}: {found:?}");
        let seen = seen_at_random(&right, &wrong, rulebook);
        table.push(format!("{name:<28} {id:<12} caught; seen by {seen:>5} of {POINTS} random points"));
    }
    insta::assert_snapshot!(table.join("\n"));
}

/// A class that holds a locality of another class is caught before any ruling is compared.
#[test]
fn a_class_with_a_stranger_is_caught() {
    let library = rules();
    let mut partition = Partition::new(&library.rulebook, task(&library.rulebook, "gpxd")).expect("few regions");
    let stranger = partition.frame.classes[1].representative;
    partition.frame.classes[0].members.push(stranger);
    assert!(matches!(check(&library.rulebook, &partition), Err(Wrong::Stray(other)) if other == stranger));
}
