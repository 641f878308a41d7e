//! `tq replay`: a log asked again of its own rules says that nothing differs, and of others what does.

#[path = "desk/console.rs"]
pub mod console;

use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use console::run;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use thamquyen::applicability::Cell as FactCell;
use thamquyen::cli::Status;
use thamquyen::library::{self, Library, Origin};
use thamquyen::reading::ask::{Depth, ask};
use thamquyen::reading::logged::{Again, Question as Logged, Ruling, Told, again};
use thamquyen::register::RowId;
use thamquyen::rulebook::{Domain, FactId, TaskId, Value};
use thamquyen::ruling::{Answer, Decider, LeadsTo, NextQuestion, Outcome, Question};
use thamquyen::server::decisions::file::Folder;
use thamquyen::server::decisions::salt::Salt;
use thamquyen::server::decisions::{Decisions, Pace, Plan};
use thamquyen::server::{Settings, State, app};
use thamquyen::store::Store;
use thamquyen::store::disk::Folder as StoreFolder;
use thamquyen::syntax::tree::Language;
use tower::ServiceExt as _;

const SALT: &str = "a salt of many bytes";

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn load(path: &Path) -> Library {
    let library = library::load(&Origin::Folders(vec![path.to_owned()]));
    assert_eq!(library.errors(), 0, "{:?}", library.diagnostics);
    library
}

fn small() -> Library {
    load(&root().join("tests/small"))
}

/// A log of what a service of the small rules answered.
struct Office {
    home: TempDir,
}

/// So many questions, of which many are the same and some leave something open.
fn questions(count: usize) -> Vec<Json> {
    let mut dice = Dice(7);
    let mut all = Vec::new();
    for _ in 0..count {
        let mut facts = serde_json::Map::new();
        if dice.below(5) > 0 {
            let who = ["to-chuc", "ca-nhan", "ca-nhan"][dice.below(3)];
            facts.insert("doi-tuong".to_owned(), json!(who));
        }
        if dice.below(4) > 0 {
            let area = ["0.1", "0.49", "0.5", "0.51", "3"][dice.below(5)];
            facts.insert("dien-tich".to_owned(), json!(area));
        }
        let unit = ["101", "102", "1", "01"][dice.below(2)];
        let on = ["2023-05-10", "2024-01-01", "2025-06-30", "2025-07-01", "2026-02-03"][dice.below(3)];
        all.push(json!({ "task": "giao-dat", "in": unit, "on": on, "facts": facts }));
    }
    all
}

impl Office {
    async fn new(open: &[&str], questions: &[Json]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let salt = Salt::new(SALT.as_bytes()).expect("long enough");
        fs::write(home.path().join("salt"), SALT).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(home.path().join("salt"), fs::Permissions::from_mode(0o600)).expect("set");
        }
        let open: Vec<String> = open.iter().map(|id| (*id).to_owned()).collect();
        let plan = Plan { salt, one_in: 1, open, personal: vec!["doi-tuong".to_owned()] };
        let plan = if plan.open.is_empty() { plan } else { Plan { personal: Vec::new(), ..plan } };
        let office = Self { home };
        office.answer(&State::new(small()), plan, questions).await;
        office
    }

    /// Has a service answer these questions, and log what it answers behind what is logged already.
    async fn answer(&self, state: &State, plan: Plan, questions: &[Json]) {
        let sink = Folder::open(&self.home.path().join("log"), 1 << 18).expect("a log");
        state.log_to(Decisions::new(Box::new(sink), plan, Pace::default(), Language::English).expect("a thread"));
        let lines: Vec<String> = questions.iter().map(Json::to_string).collect();
        let request = Request::post("/v1/who-decides/batch").header("content-type", "application/x-ndjson");
        let request = request.body(Body::from(lines.join("\n"))).expect("a request");
        let response = app(state.clone()).oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), StatusCode::OK);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        assert!(!String::from_utf8_lossy(&body).contains("problem"), "{}", String::from_utf8_lossy(&body));
        let log = state.decision_log().expect("a log");
        log.close();
        assert_eq!(log.doing().lost, 0);
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// The rules with one part of them changed.
    fn changed(&self, from: &str, to: &str) -> String {
        let folder = self.home.path().join("changed");
        copy(&root().join("tests/small"), &folder);
        let file = folder.join("rules.tq");
        let old = fs::read_to_string(&file).expect("rules");
        assert!(old.contains(from), "{from}");
        fs::write(&file, old.replace(from, to)).expect("written");
        folder.display().to_string()
    }

    fn replay(&self, rules: &str, more: &[&str]) -> (Status, Json) {
        let log = self.path("log");
        let mut arguments = vec!["replay", &log, "--rules", rules, "--format", "json", "--lang", "en"];
        arguments.extend(more);
        let (status, out, err) = run(&arguments);
        let json = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        (status, json)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { fs::copy(&from, &to).map(|_| ()).expect("copied") }
    }
}

fn own() -> String {
    root().join("tests/small").display().to_string()
}

/// Another area from which individuals need an approval; who decides for organisations.
const THRESHOLD: (&str, &str) = ("dien-tich >= 0.5 ha", "dien-tich >= 0.51 ha");
const HOLDER: (&str, &str) = (
    "  giao-dat is decided by ubnd at tinh\n    when doi-tuong is to-chuc",
    "  giao-dat is decided by ubnd at huyen\n    when doi-tuong is to-chuc",
);

/// What both rules say of these questions: how many answers have another decider or ask another thing, and how many differ in
/// what stands beside alone.
fn oracle(questions: &[Json], other: &str) -> (u64, u64) {
    let [old, new] = [small(), load(Path::new(other))];
    let (mut holder, mut beside) = (0, 0);
    for question in questions {
        let told = [&old, &new].map(|library| {
            let text = |name: &str| question[name].as_str().map(|text| text.to_owned().into());
            let facts = question["facts"].as_object().expect("facts").iter();
            let asked = thamquyen::reading::question::Asked {
                task: text("task"),
                on: text("on"),
                places: vec![(None, text("in").expect("a unit"))],
                facts: facts
                    .map(|(id, value)| {
                        let value = value.as_str().expect("a text").to_owned().into();
                        (id.clone().into(), thamquyen::reading::spelled::Given::Text(value))
                    })
                    .collect(),
            };
            let question = thamquyen::reading::question::understand(&library.rulebook, &asked).expect("a question");
            ask(library.law(), &question, Depth::Ruling).expect("an answer")
        });
        let [before, after] = &told;
        // The rulebooks have the same bodies and units, in the same order.
        if (before.outcome, &before.deciders, ends(before)) != (after.outcome, &after.deciders, ends(after)) {
            holder += 1;
        } else if before.requirements != after.requirements {
            beside += 1;
        }
    }
    (holder, beside)
}

/// All that an open answer may come to.
fn ends(answer: &Answer) -> Vec<(Outcome, Vec<Decider>)> {
    let (mut waiting, mut ends): (Vec<&NextQuestion>, Vec<_>) = (answer.next.iter().collect(), Vec::new());
    while let Some(next) = waiting.pop() {
        for branch in &next.branches {
            match &branch.leads_to {
                LeadsTo::Ruling { outcome, deciders, .. } => ends.push((*outcome, deciders.clone())),
                LeadsTo::Further(further) => waiting.push(further),
            }
        }
    }
    ends.sort();
    ends.dedup();
    ends
}

#[tokio::test]
async fn a_log_asked_of_its_own_rules_has_no_difference() {
    let questions = questions(3_000);
    let office = Office::new(&["dien-tich"], &questions).await;
    let (status, told) = office.replay(&own(), &[]);
    assert_eq!((status, &told["answers"], &told["same"]), (Status::Fine, &json!(3_000), &json!(3_000)), "{told:#}");
    assert_eq!((&told["hidden"], &told["changes"], &told["broken"]), (&json!(0), &json!([]), &Json::Null));

    // The seeded fault: one threshold is another, by a hundredth of a hectare.
    let other = office.changed(THRESHOLD.0, THRESHOLD.1);
    let (status, told) = office.replay(&other, &[]);
    let (holder, beside) = oracle(&questions, &other);
    assert!(holder == 0 && beside > 50, "{holder} {beside}");
    assert_eq!((status, &told["counts"]["beside"]), (Status::Findings, &json!(beside)), "{told:#}");
    assert_eq!(told["same"], json!(3_000 - beside), "and nothing else differs");
}

#[tokio::test]
async fn what_differs_is_told_by_class_with_who_decided_and_who_would() {
    let questions = questions(1_000);
    let office = Office::new(&["dien-tich"], &questions).await;
    let other = office.changed(HOLDER.0, HOLDER.1);
    let (status, told) = office.replay(&other, &[]);
    let (holder, _) = oracle(&questions, &other);
    let counted: u64 = ["moved", "question"].iter().filter_map(|class| told["counts"][class].as_u64()).sum();
    assert_eq!((status, counted), (Status::Findings, holder), "{told:#}");
    let moved = told["changes"].as_array().expect("changes").iter().find(|one| one["class"] == "moved");
    let moved = moved.expect("one that moved");
    assert_eq!(moved["question"]["facts"]["doi-tuong"], "to-chuc");
    assert!(moved["times"].as_u64() > Some(1), "the same question is told once");
    let command = moved["ask"].as_str().expect("a command");
    assert!(command.starts_with("tq ask giao-dat --in "), "{command}");
    // The command that is told asks just that.
    assert!(command.ends_with(&format!(" --rules {other}")), "{command}");
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--format", "json"]).collect();
    let (_, out, err) = run(&words);
    let ruling: Json = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    assert_eq!(ruling["decider"]["unit"]["code"], moved["after"]["deciders"][0]["unit"]);

    let log = office.path("log");
    let (_, out, _) = run(&["replay", &log, "--rules", &other, "--lang", "en", "--limit", "1"]);
    assert!(out.contains("(another decides)") && out.contains("more answers differ"), "{out}");
    assert!(out.contains("  was: decided: UBND") && out.contains("  now: decided: UBND"), "{out}");
    let (_, out, _) = run(&["replay", &log, "--rules", &other, "--lang", "vi"]);
    assert!(out.contains("(người quyết định khác)") && out.contains("  trước: "), "{out}");
}

#[tokio::test]
async fn what_is_hidden_is_not_guessed() {
    let questions = questions(1_000);
    let office = Office::new(&[], &questions).await;
    let (status, told) = office.replay(&own(), &[]);
    let (same, hidden) = (told["same"].as_u64().expect("a number"), told["hidden"].as_u64().expect("a number"));
    assert_eq!((status, same + hidden), (Status::Fine, 1_000), "{told:#}");
    assert!(hidden > 300 && same > 20, "{told:#}");
    assert!(told["hidden_facts"]["doi-tuong"].as_u64() > Some(0), "{told:#}");

    // With the salt enumerated values are found; numbers are when somebody names them.
    let salt = office.path("salt");
    let (_, told) = office.replay(&own(), &["--salt", &salt]);
    assert_eq!(told["hidden_facts"].get("doi-tuong"), None, "{told:#}");
    assert!(told["hidden"].as_u64() > Some(0), "{told:#}");
    let values = office.path("values");
    fs::write(&values, "dien-tich=0.1\ndien-tich = 0,49\ndien-tich=0.5 ha\ndien-tich=0.51\n\ndien-tich=3\n")
        .expect("written");
    let more = ["--salt", &salt, "--candidates", &values];
    let (status, told) = office.replay(&own(), &more);
    assert_eq!((status, &told["hidden"], &told["same"]), (Status::Fine, &json!(0), &json!(1_000)), "{told:#}");
    // So a fault in what was hidden is found as well as in the open.
    let other = office.changed(THRESHOLD.0, THRESHOLD.1);
    let (status, told) = office.replay(&other, &more);
    assert_eq!((status, &told["counts"]["beside"]), (Status::Findings, &json!(oracle(&questions, &other).1)));

    // The control: another salt finds nothing, and it is said that it is another.
    let salt = office.path("other");
    fs::write(&salt, "another salt of many bytes").expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&salt, fs::Permissions::from_mode(0o600)).expect("set");
    }
    let (_, told) = office.replay(&own(), &["--salt", &salt, "--candidates", &values]);
    assert_eq!(told["hidden"], json!(hidden));
    let log = office.path("log");
    let (_, out, _) = run(&["replay", &log, "--rules", &own(), "--lang", "en", "--salt", &salt]);
    assert!(out.contains("is not that of this log"), "{out}");
    for (line, words) in [
        ("dien-tich", "line 1 of the candidates: `dien-tich` is not FACT=VALUE"),
        ("\nx=1", "line 2 of the candidates: there is no fact `x`"),
        ("dien-tich=1.500", "line 1 of the candidates: `1.500` does not fit; expected a number"),
    ] {
        fs::write(&values, line).expect("written");
        let salt = office.path("salt");
        let (status, _, err) =
            run(&["replay", &log, "--rules", &own(), "--lang", "en", "--salt", &salt, "--candidates", &values]);
        assert!(status == Status::Wrong && err.contains(words), "{err}");
    }
}

#[tokio::test]
async fn a_log_that_was_changed_is_told_with_its_place() {
    let office = Office::new(&["dien-tich"], &questions(20)).await;
    let log = office.path("log");
    let (status, out, _) = run(&["replay", &log, "--check", "--lang", "en"]);
    assert_eq!(status, Status::Fine);
    assert!(out.contains("22 records: 1 starts, 20 answers, 0 publications, 0 lost"), "{out}");
    assert!(out.contains("the chain is whole from record 1 to 22"), "{out}");
    let file = fs::read_dir(&log).expect("a folder").map(|entry| entry.expect("an entry").path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|end| end == "ndjson")).expect("a file");
    let written = fs::read_to_string(&file).expect("text");
    // A ruling that suits somebody better.
    let line = written.lines().position(|line| line.contains("\"unit\":\"1\"")).expect("a line") + 1;
    let lines: Vec<String> = written
        .lines()
        .zip(1..)
        .map(
            |(text, number)| {
                if number == line { text.replace("\"unit\":\"1\"", "\"unit\":\"2\"") } else { text.to_owned() }
            },
        )
        .collect();
    fs::write(&file, lines.join("\n") + "\n").expect("written");
    for more in [&["--check"][..], &["--rules", &own()]] {
        let arguments: Vec<&str> = ["replay", &log, "--lang", "en"].iter().chain(more).copied().collect();
        let (status, out, err) = run(&arguments);
        assert!(more[0] == "--check" || out.contains("BEHIND IT THE CHAIN IS BROKEN"), "{out}");
        assert!(
            status == Status::Wrong && err.contains(&format!("{}:{line}: this line was changed", file.display())),
            "{err}"
        );
    }
    let (status, _, err) = run(&["replay", &office.path("none"), "--check", "--lang", "en"]);
    assert!(status == Status::Wrong && err.contains("error: "), "{err}");
}

/// Nothing is hidden.
fn open() -> Plan {
    let salt = Salt::new(SALT.as_bytes()).expect("long enough");
    Plan { salt, one_in: 1, open: vec!["dien-tich".to_owned()], personal: Vec::new() }
}

/// What a command says that goes well.
fn well(arguments: &[&str]) -> String {
    let (status, out, err) = run(arguments);
    assert_eq!(status, Status::Fine, "{arguments:?}: {err}");
    out
}

#[tokio::test]
async fn each_answer_is_asked_again_of_the_version_that_gave_it() {
    let questions = questions(200);
    let office = Office { home: tempfile::tempdir().expect("a folder") };
    let [key, store, seen, log] = ["key.pem", "store", "seen.json", "log"].map(|name| office.path(name));
    let holder = format!("P={}", well(&["key", "new", &key]).trim());
    let place = ["--store", &store, "--seen", &seen];
    let signed = ["--key", &key, "--by", "A", "--note", "n"];
    let new = ["store", "new", "--publisher", &holder, "--offset", "+07:00"];
    well(&[&new[..], &place, &signed].concat());
    let publish = |rules: &str| well(&[&["publish", "--rules", rules][..], &place, &signed].concat());
    let serve = || {
        let store = Store::open(Box::new(StoreFolder::new(Path::new(&store))), None).expect("a store");
        State::of_store(store, Settings::default()).expect("rules")
    };
    publish(&own());
    office.answer(&serve(), open(), &questions).await;
    let other = office.changed(THRESHOLD.0, THRESHOLD.1);
    publish(&other);
    office.answer(&serve(), open(), &questions).await;
    // The same rules from a folder have the same name, though no entry.
    office.answer(&State::new(small()), open(), &questions).await;

    let asked = |more: &[&str]| {
        let arguments = [&["replay", &log, "--lang", "en", "--format", "json"][..], &place, more].concat();
        let (status, out, err) = run(&arguments);
        (status, serde_json::from_str::<Json>(&out).unwrap_or_else(|_| panic!("{out}{err}")))
    };
    let (status, told) = asked(&["--as-answered"]);
    assert_eq!((status, &told["answers"], &told["same"]), (Status::Fine, &json!(600), &json!(600)), "{told:#}");
    assert_eq!((&told["rules"], &told["unknown"]), (&Json::Null, &json!({})), "{told:#}");
    // The control: asked of either version alone, answers of the other differ.
    for (of, differs) in [("2", 1), ("3", 2)] {
        let (status, told) = asked(&["--of", of]);
        let count = oracle(&questions, &other).1 * differs;
        assert_eq!((status, &told["counts"]["beside"]), (Status::Findings, &json!(count)), "{told:#}");
        let command = told["changes"][0]["ask"].as_str().expect("a command");
        assert!(command.ends_with(&format!(" --store {store} --of {of}")), "{command}");
    }

    // The seeded fault: a service that says that it answers by a version, and does not.
    let mut lies = load(Path::new(&other));
    lies.version = small().version;
    office.answer(&State::new(lies), open(), &questions).await;
    let (status, told) = asked(&["--as-answered", "--limit", "1"]);
    let lied = oracle(&questions, &other).1;
    assert_eq!((status, &told["same"]), (Status::Findings, &json!(800 - lied)), "{told:#}");
    assert!(told["changes"][0]["record"].as_u64() > Some(600) && lied > 5, "{told:#}");
    let command = told["changes"][0]["ask"].as_str().expect("a command");
    assert!(command.ends_with(&format!(" --store {store} --of 2")), "{command}");
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--seen", &seen, "--format", "json"]).collect();
    let ruling: Json = serde_json::from_str(&well(&words)).expect("JSON");
    assert_eq!(ruling["decider"]["unit"]["code"], told["changes"][0]["after"]["deciders"][0]["unit"]);

    // What was never published cannot be asked, which is told and is no proof.
    let nowhere = office.changed("1/2013/QH", "2/2013/QH");
    let version = load(Path::new(&nowhere)).version;
    let other = Office { home: tempfile::tempdir().expect("a folder") };
    other.answer(&State::new(load(Path::new(&nowhere))), open(), &questions).await;
    let log = other.path("log");
    let arguments = [&["replay", &log, "--as-answered", "--lang", "en"][..], &place].concat();
    let (status, out, _) = run(&arguments);
    let words = format!("  200 cannot be repeated, for the store has no version {version}");
    assert!(status == Status::Findings && out.contains(&words), "{out}");
    assert!(out.contains("asked again of the versions that gave them: 200 answers, the same 0"), "{out}");
    let out = run(&[&["replay", &log, "--as-answered", "--lang", "vi"][..], &place].concat()).1;
    assert!(out.contains("hỏi lại theo đúng phiên bản đã trả lời") && out.contains("kho không có phiên bản"), "{out}");
}

/// A value in a cell of a fact: the cell's own, or one between its ends.
fn value(cell: &FactCell) -> Option<Value> {
    use thamquyen::rulebook::Value::Number;
    match cell {
        FactCell::Value(value) => Some(value.clone()),
        FactCell::Between(Some(Number(low)), Some(Number(high))) => Some(Number((*low + *high) / Decimal::TWO)),
        FactCell::Between(Some(Number(low)), None) => Some(Number(*low + Decimal::ONE)),
        FactCell::Between(None, Some(Number(high))) => Some(Number(*high - Decimal::ONE)),
        FactCell::Between(..) => None,
    }
}

fn question(library: &Library, dice: &mut Dice, tasks: &[TaskId], days: &[Date]) -> Option<Question> {
    let rulebook = &library.rulebook;
    let task = tasks[dice.below(tasks.len())];
    let partition = library.partitions.of(rulebook, task).ok()?;
    let on = days[dice.below(days.len())];
    let rows: Vec<RowId> = rulebook.register.rows_on(on).collect();
    let (mut places, mut without) = (Vec::new(), Vec::new());
    for role in &rulebook[task].roles {
        if dice.below(5) == 0 && rulebook[task].optional.contains(role) {
            without.push(*role);
            places.push(Vec::new());
        } else {
            places.push(vec![rows[dice.below(rows.len())]]);
        }
    }
    let unsaid = dice.below(4) == 0;
    let mut facts: Vec<(FactId, Value)> = Vec::new();
    for axis in &partition.frame.facts {
        if !(unsaid && dice.below(2) == 0) {
            facts.extend(value(&axis.cells[dice.below(axis.len())]).map(|value| (axis.fact, value)));
        }
    }
    facts.sort();
    Some(Question { task, on, places, without, facts })
}

/// The law of the country: what is logged in short is enough to ask again, and hiding what is personal makes no difference
/// that is none.
#[test]
fn the_law_of_the_country_replays_without_a_difference() {
    let library = load(&root().join("rules"));
    let (rulebook, law) = (&library.rulebook, library.law());
    let mut dice = Dice(11);
    let tasks: Vec<TaskId> = rulebook.task_ids().step_by(9).collect();
    let days: Vec<Date> = ["2015-03-01", "2021-05-05", "2024-10-01", "2025-07-01", "2026-10-01"]
        .map(|day| day.parse().expect("a day"))
        .into();
    let show = |_: &str, _: &Domain, _: &str| None;
    let hide = |_: &str, domain: &Domain, value: &str| {
        matches!(domain, Domain::Number { .. } | Domain::Date).then(|| format!("#{value}"))
    };
    let none = |_: &str, _: &str| None;
    let (mut all, mut hidden, mut noticed, mut before) = (0, 0, 0, None::<Told>);
    while all < 2_000 {
        let Some(question) = question(&library, &mut dice, &tasks, &days) else { continue };
        let Ok(answer) = ask(law, &question, Depth::Ruling) else { continue };
        all += 1;
        let ruling = Ruling::of(rulebook, &answer);
        let told = |hide| Told {
            version: library.version.clone(),
            entry: None,
            question: Logged::of(rulebook, &question, hide),
            ruling: ruling.clone(),
        };
        let open = told(&show);
        assert_eq!(again(law, None, &open, &none), Again::Same, "{open:?}");
        match again(law, None, &told(&hide), &none) {
            Again::Same => {}
            Again::Hidden(_) => hidden += 1,
            other @ (Again::Differs(..) | Again::Refused(_)) => panic!("{other:?}: {open:?}"),
        }
        // The seeded fault: the ruling of another question.
        if let Some(before) = before.filter(|before| before.ruling.id != ruling.id) {
            let swapped = Told { ruling: before.ruling, ..open.clone() };
            assert!(matches!(again(law, None, &swapped, &none), Again::Differs(..)), "{swapped:?}");
            noticed += 1;
        }
        before = Some(open);
    }
    assert!(noticed > 500, "{noticed}");
    println!("{all} questions, {hidden} depend on what is hidden, {noticed} faults noticed");
}

/// The id is compared with those in old logs: it must come out the same in every version of the program.
#[test]
fn the_id_of_a_ruling_is_what_it_was() {
    let library = small();
    let asked = |area: &str| {
        let fact = |id: &str, value: &str| {
            (id.to_owned().into(), thamquyen::reading::spelled::Given::Text(value.to_owned().into()))
        };
        let asked = thamquyen::reading::question::Asked {
            task: Some("giao-dat".into()),
            on: Some("2023-05-10".into()),
            places: vec![(None, "101".into())],
            facts: vec![fact("doi-tuong", "ca-nhan"), fact("dien-tich", area)],
        };
        let question = thamquyen::reading::question::understand(&library.rulebook, &asked).expect("a question");
        Ruling::of(&library.rulebook, &ask(library.law(), &question, Depth::Ruling).expect("an answer")).id
    };
    let (small, large) = (asked("0.1"), asked("0.9"));
    let parts = |id: &str| id.split('-').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(parts(&small)[0], parts(&large)[0], "the same decides");
    assert_ne!(parts(&small)[1], parts(&large)[1], "with an approval");
    assert_eq!(small, "60eef79c6a75b71a-e3b0c44298fc1c14-d842ad2a82daa1e4");
}
