//! The register of transfers: every sentence that passes a task on, and where it stands on a day: effective and where, void and
//! why, not begun, ended.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::reach::{Reach, lowest};
use super::too_many;
use crate::reading::ask::{Depth, Law, ask};
use crate::reading::naming::Voice;
use crate::reading::reason;
use crate::reading::sheet::{Cell, Column, Sheet};
use crate::reading::table::places_words;
use crate::reading::words::{self, pick};
use crate::register::LocalityId;
use crate::rulebook::{Days, ProvisionId, Rulebook, Seat, Statement, TaskId, TransferForm};
use crate::ruling::{Ground, Named, Question, Step, Why};

/// Where a transfer was looked at for the reason why it is not effective: so many places of unlike law.
const WITNESSES: usize = 24;

/// A sentence that passes a task on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub provision: ProvisionId,
    pub task: TaskId,
    pub form: TransferForm,
    pub giver: Seat,
    pub to: Seat,
    /// The provisions under which the giver holds it; empty where the text names none.
    pub under: Vec<ProvisionId>,
    /// Its days as written: those of the document that are its own too.
    pub term: Vec<Days>,
    pub state: State,
}

/// Where a transfer stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    NotBegun,
    /// Its term is over.
    Ended,
    Effective {
        places: BTreeSet<LocalityId>,
        /// Why it is not in other places to which it applies by its own terms. Sorted.
        elsewhere: Vec<Why>,
    },
    /// Why it is void, or no longer stands. Sorted; empty where it applies nowhere.
    Void(Vec<Why>),
    /// The task's rules fall into too many regions.
    Unknown,
}

/// Reads the register on a day: in order of task, then as the texts stand.
#[must_use]
pub fn register(law: Law<'_>, on: Date) -> Vec<Transfer> {
    let rulebook = law.rulebook;
    let tasks = (0_u32..).map(TaskId).zip(&rulebook.tasks);
    tasks.flat_map(|(task, of)| transfers(law, task, &of.provisions, on)).collect()
}

fn transfers(law: Law<'_>, task: TaskId, provisions: &[ProvisionId], on: Date) -> Vec<Transfer> {
    let rulebook = law.rulebook;
    let mut known: Option<Option<Used>> = None;
    let transfer = |id: &ProvisionId| {
        let Statement::Transfer { form, giver, to, under, .. } = &rulebook[*id].statement else { return None };
        let term = term(rulebook, *id);
        let begun = term.iter().any(|days| days.from.is_none_or(|from| from <= on));
        let within = term.iter().any(|days| days.contains(on));
        let state = if !begun {
            State::NotBegun
        } else if !within && !extended(rulebook, *id, on) {
            State::Ended
        } else {
            let used = known.get_or_insert_with(|| Used::new(law, task, on)).as_ref();
            match used.map_or(State::Unknown, |used| used.state(law, *id, (task, on))) {
                // What was to move its end did not.
                State::Void(why) if why.is_empty() && !within => State::Ended,
                state
                @ (State::Void(_) | State::Effective { .. } | State::Unknown | State::NotBegun | State::Ended) => state,
            }
        };
        let under = under.clone().unwrap_or_default();
        Some(Transfer { provision: *id, task, form: *form, giver: *giver, to: *to, under, term, state })
    };
    provisions.iter().filter_map(transfer).collect()
}

/// The days of a sentence as written: those of its documents that its own lines leave. Never empty runs.
#[must_use]
pub fn term(rulebook: &Rulebook, id: ProvisionId) -> Vec<Days> {
    let provision = &rulebook[id];
    let text = &rulebook[provision.text];
    let within = |one: Days, other: Days| Days {
        from: one.from.max(other.from),
        before: [one.before, other.before].into_iter().flatten().min(),
    };
    let some = |days: &Days| days.from.zip(days.before).is_none_or(|(from, before)| from < before);
    let own = rulebook[text.document].in_force.iter().map(|days| within(*days, provision.days));
    // An amendment speaks from its own first day on, and ends with what it amended.
    let enacted = rulebook[text.enacted_by].in_force.iter().map(|days| days.from).min().flatten();
    own.map(|days| Days { from: days.from.max(enacted), ..days }).filter(some).collect()
}

/// Whether a sentence moves the end of the transfer's document behind the day.
fn extended(rulebook: &Rulebook, id: ProvisionId, on: Date) -> bool {
    let document = rulebook[rulebook[id].text].document;
    rulebook.provisions.iter().any(|one| match &one.statement {
        Statement::Extends { document: own, before } => *own == document && on < *before,
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Passes { .. }
        | Statement::Succeeded { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Handling { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Act { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Classifies { .. } => false,
    })
}

/// By place of the task's first role, the transfers on which a possible ruling rests; with one place of each kind of land.
struct Used {
    at: Vec<(LocalityId, BTreeSet<ProvisionId>)>,
}

impl Used {
    fn new(law: Law<'_>, task: TaskId, on: Date) -> Option<Self> {
        let partition = law.partitions.of(law.rulebook, task).ok()?;
        let mut reach = Reach::new(law.rulebook, partition, on);
        let moved = |ground: &&Ground| matches!(ground.step, Step::Decentralises | Step::Entrusts | Step::Delegates);
        let mut used = |place: LocalityId| -> BTreeSet<ProvisionId> {
            let holdings = reach.holdings(place).into_iter();
            holdings.flat_map(|one| one.grounds.iter().filter(moved).map(|ground| ground.provision)).collect()
        };
        let places = lowest(&law.rulebook.register, on).into_values().flatten();
        Some(Self { at: places.map(|place| (place, used(place))).collect() })
    }

    fn state(&self, law: Law<'_>, id: ProvisionId, about: (TaskId, Date)) -> State {
        let places: BTreeSet<LocalityId> =
            self.at.iter().filter(|(_, used)| used.contains(&id)).map(|(place, _)| *place).collect();
        let others = self.at.iter().map(|(place, _)| *place).filter(|place| !places.contains(place));
        let reasons = reasons(law, id, about, others);
        if places.is_empty() { State::Void(reasons) } else { State::Effective { places, elsewhere: reasons } }
    }
}

/// Why a transfer is not effective at places; asked at one of each class.
fn reasons(
    law: Law<'_>,
    id: ProvisionId,
    (task, on): (TaskId, Date),
    places: impl Iterator<Item = LocalityId>,
) -> Vec<Why> {
    let Ok(partition) = law.partitions.of(law.rulebook, task) else { return Vec::new() };
    let register = &law.rulebook.register;
    let (mut classes, mut found) = (BTreeSet::new(), BTreeSet::new());
    for place in places.filter(|place| classes.insert(partition.frame.class_of(*place))).take(WITNESSES) {
        let Some(row) = register.lowest(place, on) else { continue };
        let roles = law.rulebook[task].roles.len();
        let question = Question { task, on, places: vec![vec![row]; roles], without: Vec::new(), facts: Vec::new() };
        let record = ask(law, &question, Depth::Record).map(|answer| answer.record).unwrap_or_default();
        found.extend(record.into_iter().filter(|loss| loss.provision == id).map(|loss| loss.why));
    }
    found.into_iter().collect()
}

/// The register as a table.
#[must_use]
pub fn sheet(voice: Voice<'_>, transfers: &[Transfer], on: Date) -> Sheet {
    let language = voice.language;
    let column = |id, vietnamese, english| Column { id, name: pick(language, vietnamese, english) };
    Sheet {
        id: "register",
        title: format!(
            "{} {}",
            pick(language, "Sổ đăng ký phân cấp, ủy quyền ngày", "Register of transfers on"),
            words::date(on, language)
        ),
        notes: Vec::new(),
        columns: vec![
            column("task", "nhiệm vụ", "task"),
            column("form", "hình thức", "form"),
            column("giver", "bên giao", "giver"),
            column("receiver", "bên nhận", "receiver"),
            column("under", "theo thẩm quyền tại", "held under"),
            column("provision", "điều khoản", "provision"),
            column("document", "văn bản", "document"),
            column("issuer", "người ban hành", "issuer"),
            column("issued", "ngày ban hành", "issued"),
            column("from", "từ ngày", "from"),
            column("through", "đến hết ngày", "through"),
            column("state", "tình trạng", "state"),
            column("where", "nơi có hiệu lực", "where"),
            column("why", "lý do", "why"),
        ],
        rows: transfers.iter().map(|one| row(voice, one, on)).collect(),
    }
}

fn row(voice: Voice<'_>, transfer: &Transfer, on: Date) -> Vec<Cell> {
    let (rulebook, language) = (voice.rulebook, voice.language);
    let task = &rulebook[transfer.task].names;
    let text = &rulebook[rulebook[transfer.provision].text];
    let document = &rulebook[text.document];
    let seat = |seat| Cell::Text(voice.named(Named { seat, unit: None }));
    let form = match transfer.form {
        TransferForm::Decentralise => {
            Cell::Code("decentralises", pick(language, "phân cấp", "decentralises").to_owned())
        }
        TransferForm::Entrust => Cell::Code("entrusts", pick(language, "giao", "entrusts").to_owned()),
        TransferForm::Delegate => Cell::Code("delegates", pick(language, "ủy quyền", "delegates").to_owned()),
    };
    let under = transfer.under.iter().map(|id| voice.citation(*id)).collect::<BTreeSet<_>>();
    let from = transfer.term.iter().filter_map(|days| days.from).min();
    // An open end is the last.
    let ends: Option<Vec<Date>> = transfer.term.iter().map(|days| days.before).collect();
    let through = ends.and_then(|ends| ends.into_iter().max()).and_then(|before| before.yesterday().ok());
    let (state, place, why) = state(voice, &transfer.state, on);
    vec![
        Cell::Thing(task.id.clone(), voice.name(task).to_owned()),
        form,
        seat(transfer.giver),
        seat(transfer.to),
        Cell::List(under.into_iter().collect()),
        Cell::text(words::address(&text.address, language)),
        Cell::Thing(document.number.clone(), voice.document(text.document)),
        Cell::Text(voice.issuer(&document.issuer)),
        Cell::Day(document.issued),
        Cell::day(from),
        Cell::day(through),
        state,
        place,
        why,
    ]
}

/// State, where it is effective, and why it is not.
fn state(voice: Voice<'_>, state: &State, on: Date) -> (Cell, Cell, Cell) {
    let language = voice.language;
    let reasons = |all: &[Why]| Cell::List(all.iter().map(|why| reason::words(why, voice)).collect());
    let code = |code, vietnamese: &str, english: &str| Cell::Code(code, pick(language, vietnamese, english).to_owned());
    match state {
        State::NotBegun => (code("not-begun", "chưa bắt đầu", "not begun"), Cell::Empty, Cell::Empty),
        State::Ended => (code("ended", "đã hết thời hạn", "ended"), Cell::Empty, Cell::Empty),
        State::Effective { places, elsewhere } => {
            let place = Cell::text(places_words(voice, places, on));
            (code("effective", "đang có hiệu lực", "effective"), place, reasons(elsewhere))
        }
        State::Void(all)
            if !all.is_empty() && all.iter().all(|why| matches!(why, Why::Ended { .. } | Why::Lapsed { .. })) =>
        {
            (code("repealed", "đã bị chấm dứt", "brought to an end"), Cell::Empty, reasons(all))
        }
        State::Void(all) if all.is_empty() => {
            (code("idle", "không áp dụng ở đâu", "applies nowhere"), Cell::Empty, Cell::Empty)
        }
        State::Void(all) => (code("void", "vô hiệu", "void"), Cell::Empty, reasons(all)),
        State::Unknown => (code("unknown", "chưa xác định", "unknown"), Cell::Empty, Cell::text(too_many(language))),
    }
}

/// Whether nothing in the register needs to be looked at: no transfer in its term is void.
#[must_use]
pub fn is_fine(transfers: &[Transfer]) -> bool {
    transfers.iter().all(|one| match &one.state {
        State::NotBegun | State::Ended | State::Effective { .. } => true,
        State::Void(_) | State::Unknown => false,
    })
}
