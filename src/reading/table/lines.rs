//! A table in words: one line says one thing, so that a changed line is a changed thing. Names come from what the rules
//! declare, texts are cited by number and address; no quotes and titles, which exist in one language only.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::cover::cover;
use super::{Branch, Condition, Node, Only, Part, Piece, Places, Section, Table};
use crate::reading::naming::Voice;
use crate::reading::words::{self, pick};
use crate::reading::{explain, handling};
use crate::register::{LocalityId, RowId};
use crate::resolution::{Beside, Holding};
use crate::rulebook::{Days, DocumentId, Language, RoleId, Seat, SeatAt, TaskId, TextId};
use crate::ruling::{About, Ground, Held, Holder, Outcome};

/// Lines are kept within so many letters where what they say can be parted.
const WIDTH: usize = 118;

/// The table as lines, the task's name first.
#[must_use]
pub fn lines(voice: Voice<'_>, table: &Table) -> Vec<String> {
    let task = &voice.rulebook[table.task];
    let mut writer = Writer { voice, roles: &task.roles, lines: Vec::new() };
    writer.say(0, &format!("{} ({})", voice.name(&task.names), task.names.id));
    writer.only(&table.only);
    writer.say(0, "");
    writer.say(0, pick(voice.language, "Ai quyết định", "Who decides"));
    writer.node(&table.holder, 1);
    for section in &table.beside {
        writer.say(0, "");
        writer.section(section);
    }
    writer.lines
}

/// A condition of a branch in one line.
#[must_use]
pub fn condition_words(voice: Voice<'_>, roles: &[RoleId], condition: &Condition) -> String {
    let (lead, items, joint) = Writer { voice, roles, lines: Vec::new() }.condition(condition);
    format!("{lead}{}", items.join(&joint))
}

/// Places of a day in few names.
#[must_use]
pub fn places_words(voice: Voice<'_>, localities: &BTreeSet<LocalityId>, day: Date) -> String {
    let register = &voice.rulebook.register;
    let universe = register.localities().filter(|place| register.lowest(*place, day).is_some()).collect();
    let days = Days { from: Some(day), before: day.tomorrow().ok() };
    let said = cover(register, &universe, vec![localities.clone()], days);
    let writer = Writer { voice, roles: &[], lines: Vec::new() };
    said.iter().flat_map(|places| writer.places(places)).collect::<Vec<_>>().join(", ")
}

/// A part of a task's points as lines; nothing where it is all of them.
#[must_use]
pub fn region_lines(voice: Voice<'_>, task: TaskId, region: &Node) -> Vec<String> {
    let mut writer = Writer { voice, roles: &voice.rulebook[task].roles, lines: Vec::new() };
    writer.node(region, 0);
    writer.lines
}

/// Who decides, and what that rests on: the first line says it, the others why.
#[must_use]
pub fn ruling_lines(voice: Voice<'_>, task: TaskId, holding: &Holding) -> Vec<String> {
    Writer { voice, roles: &voice.rulebook[task].roles, lines: Vec::new() }.ruling(holding)
}

/// What stands beside the holder, and, further in, what that rests on.
#[must_use]
pub fn beside_lines(voice: Voice<'_>, task: TaskId, what: &Beside) -> Vec<String> {
    let mut writer = Writer { voice, roles: &voice.rulebook[task].roles, lines: Vec::new() };
    writer.beside(what);
    writer.lines
}

struct Writer<'a> {
    voice: Voice<'a>,
    /// Those of the task; where there is one only, seats go without it.
    roles: &'a [RoleId],
    lines: Vec<String>,
}

impl Writer<'_> {
    fn say(&mut self, depth: usize, line: &str) {
        self.lines.push(format!("{}{line}", "  ".repeat(depth)).trim_end().to_owned());
    }

    fn only(&mut self, only: &Only) {
        let language = self.voice.language;
        let just = pick(language, "chỉ xét", "only");
        for (role, units) in self.roles.iter().zip(&only.units).filter(|(_, units)| !units.is_empty()) {
            let units: Vec<String> = units.iter().map(|row| self.unit(*row)).collect();
            let role = self.voice.name(&self.voice.rulebook[*role].names);
            self.say(1, &format!("{just} {role}: {}", units.join(", ")));
        }
        if let Some(day) = only.on {
            let day = words::date(day, language);
            self.say(1, &format!("{just} {} {day}", pick(language, "ngày", "on")));
        }
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match node {
            Node::So => {}
            Node::Ruling(holding) => {
                let [first, rest @ ..] = &self.ruling(holding)[..] else { return };
                self.say(depth, first);
                rest.iter().for_each(|line| self.say(depth + 1, line));
            }
            Node::Branches(branches) => {
                self.names_of_day(branches, depth);
                branches.iter().for_each(|branch| self.branch(branch, depth));
            }
        }
    }

    /// Of which day the names of units are, where units change within the days that are spoken of.
    fn names_of_day(&mut self, branches: &[Branch], depth: usize) {
        let day = branches.iter().find_map(|branch| match &branch.condition {
            Condition::Place { places, .. } if !places.is_everywhere() => places.named_on,
            Condition::Place { .. }
            | Condition::Days(_)
            | Condition::Fact { .. }
            | Condition::Reading { .. }
            | Condition::Together { .. } => None,
        });
        if let Some(day) = day {
            let day = words::date(day, self.voice.language);
            let words = pick(self.voice.language, "tên đơn vị theo ngày", "units are named as of");
            self.say(depth, &format!("({words} {day})"));
        }
    }

    fn branch(&mut self, branch: &Branch, depth: usize) {
        let (lead, items, joint) = self.condition(&branch.condition);
        let whole = format!("- {lead}{}", items.join(&joint));
        let room = WIDTH.saturating_sub(2 * depth);
        let short = |line: &str| line.chars().count() <= room;
        let result = match &branch.below {
            Node::Ruling(holding) => self.ruling(holding),
            Node::So | Node::Branches(_) => Vec::new(),
        };
        if let Some((first, rest)) = result.split_first() {
            let line = format!("{whole} → {first}");
            if short(&line) {
                self.say(depth, &line);
                rest.iter().for_each(|line| self.say(depth + 2, line));
                return;
            }
        }
        if short(&whole) {
            self.say(depth, &whole);
        } else {
            self.say(depth, &format!("- {}", lead.trim_end()));
            let last = items.len().saturating_sub(1);
            for (index, item) in items.iter().enumerate() {
                let joint = if index < last { joint.trim_end() } else { "" };
                self.say(depth + 2, &format!("{item}{joint}"));
            }
        }
        match result.split_first() {
            Some((first, rest)) => {
                self.say(depth + 1, &format!("→ {first}"));
                rest.iter().for_each(|line| self.say(depth + 2, line));
            }
            None => self.node(&branch.below, depth + 1),
        }
    }

    /// What leads the line, and the items that follow, with what stands between them.
    fn condition(&self, condition: &Condition) -> (String, Vec<String>, String) {
        let language = self.voice.language;
        let or = pick(language, " hoặc ", " or ").to_owned();
        match condition {
            Condition::Days(days) => (String::new(), vec![words::days(*days, language)], or),
            Condition::Place { role, places } => {
                let role = self.voice.name(&self.voice.rulebook[*role].names);
                (format!("{role}: "), self.places(places), ", ".to_owned())
            }
            Condition::Fact { fact, rest: true, .. } => {
                let others = pick(language, "các giá trị còn lại", "all other values");
                (format!("{}: ", self.voice.fact(*fact)), vec![others.to_owned()], or)
            }
            Condition::Fact { fact, choices, rest: false } => {
                let about = About::Fact(*fact);
                let choices = choices.iter().map(|choice| self.voice.choice(choice, &about));
                (format!("{}: ", self.voice.fact(*fact)), choices.collect(), or)
            }
            Condition::Reading { reading, options } => {
                let text = self.text(self.voice.rulebook[*reading].text);
                let lead = format!("{} {text}: ", pick(language, "cách hiểu", "reading of"));
                let option = |option: &u8| format!("“{}”", self.voice.reading_option(*reading, *option));
                (lead, options.iter().map(option).collect(), or)
            }
            Condition::Together { pattern, yes } if pattern.is_span() => {
                let role = self.roles.get(pattern.roles.0);
                let role = role.map_or("", |role| self.voice.name(&self.voice.rulebook[*role].names));
                let level = self.voice.level(pattern.level);
                let words = match (language, yes) {
                    (Language::Vietnamese, true) => format!("{role} trên địa bàn một đơn vị {level}"),
                    (Language::Vietnamese, false) => format!("{role} trên địa bàn nhiều đơn vị {level}"),
                    (Language::English, true) => format!("{role} lies in one {level}"),
                    (Language::English, false) => format!("{role} spans more than one {level}"),
                };
                (String::new(), vec![words], or)
            }
            Condition::Together { pattern, yes } => {
                let name = |role: &RoleId| self.voice.name(&self.voice.rulebook[*role].names);
                let role = |index: usize| self.roles.get(index).map_or("", name);
                let (one, other) = (role(pattern.roles.0), role(pattern.roles.1));
                let level = self.voice.level(pattern.level);
                let words = match (language, yes) {
                    (Language::Vietnamese, true) => format!("{one} và {other} cùng một đơn vị {level}"),
                    (Language::Vietnamese, false) => format!("{one} và {other} không cùng một đơn vị {level}"),
                    (Language::English, true) => format!("{one} and {other} in one unit of level {level}"),
                    (Language::English, false) => format!("{one} and {other} not in one unit of level {level}"),
                };
                let on = pattern.on.map(|day| format!(" ({})", words::date(day, language))).unwrap_or_default();
                (String::new(), vec![words + &on], or)
            }
        }
    }

    fn places(&self, places: &Places) -> Vec<String> {
        let nowhere = pick(self.voice.language, "không có nơi này", "no such place");
        let mut items: Vec<String> = places.nowhere.then(|| nowhere.to_owned()).into_iter().collect();
        for Part { all_of, except } in &places.parts {
            let everywhere = pick(self.voice.language, "mọi nơi", "everywhere");
            let whole = all_of.as_ref().map_or_else(|| everywhere.to_owned(), |piece| self.piece(piece));
            match except.split_first() {
                None => items.push(whole),
                Some((first, rest)) => {
                    let but = pick(self.voice.language, "trừ", "except");
                    items.push(format!("{whole} {but} {}", self.piece(first)));
                    items.extend(rest.iter().map(|piece| self.piece(piece)));
                    // A new unit after exceptions must not read as one more of them.
                    if places.parts.len() > 1
                        && let Some(last) = items.last_mut()
                    {
                        last.push(';');
                    }
                }
            }
        }
        if let Some(last) = items.last_mut()
            && last.ends_with(';')
        {
            last.pop();
        }
        items
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Unit(row) => self.unit(*row),
            Piece::Of { unit, also } => {
                let register = &self.voice.rulebook.register;
                let earlier = also.iter().all(|row| register.row(*row).from < register.row(*unit).from);
                let also: Vec<String> = also.iter().map(|row| self.unit(*row)).collect();
                let joint = pick(self.voice.language, " và ", " and ");
                let (unit, also) = (self.unit(*unit), also.join(joint));
                match (self.voice.language, earlier) {
                    (Language::Vietnamese, true) => format!("phần {unit} trước đây thuộc {also}"),
                    (Language::Vietnamese, false) => format!("phần {unit} sau này thuộc {also}"),
                    (Language::English, true) => format!("the part of {unit} that came from {also}"),
                    (Language::English, false) => format!("the part of {unit} that goes to {also}"),
                }
            }
        }
    }

    /// A unit so that no other of its time is meant: by its name, where that is not enough with the unit above it, and else
    /// with its code.
    fn unit(&self, id: RowId) -> String {
        let register = &self.voice.rulebook.register;
        let own = register.row(id);
        let alike = |other: &RowId| {
            let other = register.row(*other);
            other.unit != own.unit && other.kind == own.kind && other.short_name == own.short_name
        };
        let mut twins = register.rows_on(own.from).filter(alike).peekable();
        let name = self.voice.row(id);
        if twins.peek().is_none() {
            return name;
        }
        let above = |row: RowId| register.chain_of_parents(row, own.from).first().copied();
        match above(id) {
            Some(parent) if twins.all(|twin| above(twin) != Some(parent)) => {
                format!("{name} ({})", self.voice.row(parent))
            }
            Some(_) | None => format!("{name} ({})", own.code),
        }
    }

    /// Who decides, and what that rests on.
    fn ruling(&self, holding: &Holding) -> Vec<String> {
        let language = self.voice.language;
        let mut lines = Vec::new();
        match (holding.outcome, holding.holders.as_slice()) {
            (Outcome::Decided, [holder]) => {
                let decides = pick(language, "quyết định", "decides");
                lines.push(format!("{} {decides}{}", self.seat(holder.seat), self.held(holder)));
            }
            (outcome, holders) => {
                let how = holding.sharing.map(|sharing| words::sharing(sharing, language));
                let why = holding.conflict.map(|conflict| words::conflict(conflict, language));
                let more: String = how.into_iter().chain(why).map(|words| format!(" ({words})")).collect();
                lines.push(format!("{}{more}", words::outcome(outcome, language)));
                let mut each: Vec<String> =
                    holders.iter().map(|holder| format!("• {}{}", self.seat(holder.seat), self.held(holder))).collect();
                each.sort();
                lines.extend(each);
            }
        }
        lines.extend(self.grounds(&holding.grounds));
        if holding.framework_unread {
            let words = pick(
                language,
                "chưa nạp luật tổ chức của ngày đó: việc chuyển giao chưa được kiểm chứng",
                "no organisation law of the day is loaded: transfers are unverified",
            );
            lines.push(words.to_owned());
        }
        lines
    }

    /// By what it is held, and who is answerable where that is somebody else.
    fn held(&self, holder: &Holder) -> String {
        let language = self.voice.language;
        let how = match holder.held {
            Held::Assigned => None,
            held @ (Held::Devolved | Held::Reorganised | Held::Decentralised | Held::Delegated | Held::Entrusted) => {
                Some(words::held(held, language).to_owned())
            }
        };
        let other = (holder.answerable != holder.seat).then(|| self.seat(holder.answerable));
        let answers = other.map(|other| match language {
            Language::Vietnamese => format!("{other} chịu trách nhiệm"),
            Language::English => format!("{other} is answerable"),
        });
        how.into_iter().chain(answers).map(|words| format!(", {words}")).collect()
    }

    fn grounds(&self, grounds: &[Ground]) -> Vec<String> {
        let line = |ground: &Ground| {
            let step = words::step(ground.step, self.voice.language);
            let provision = &self.voice.rulebook[ground.provision];
            let cited = self.text(provision.text);
            let marks = explain::marks(self.voice, ground.provision);
            let marks = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
            format!("{step}: {cited}{marks}")
        };
        // The steps of the law keep their order; within one step texts have none.
        let steps = grounds.chunk_by(|one, other| one.step == other.step);
        let sorted = steps.flat_map(|step| {
            let mut lines: Vec<String> = step.iter().map(line).collect();
            lines.sort();
            lines.dedup();
            lines
        });
        sorted.collect()
    }

    /// A holder in symbols: which unit it is depends on the place.
    fn seat(&self, seat: Seat) -> String {
        let body = self.voice.name(&self.voice.rulebook[seat.body].names);
        match seat.at {
            SeatAt::Level { level, .. } if self.roles.len() < 2 => match self.voice.language {
                Language::Vietnamese => format!("{body} {}", self.voice.level(level)),
                Language::English => format!("{body} at {}", self.voice.level(level)),
            },
            SeatAt::Level { .. }
            | SeatAt::Here { .. }
            | SeatAt::Any { .. }
            | SeatAt::Others { .. }
            | SeatAt::Unit(_)
            | SeatAt::Nowhere => self.voice.named(crate::ruling::Named { seat, unit: None }),
        }
    }

    fn text(&self, id: TextId) -> String {
        let text = &self.voice.rulebook[id];
        let language = self.voice.language;
        let own = self.place_in(text.document, &words::address(&text.address, language));
        if text.enacted_by == text.document {
            return own;
        }
        let at = text.enacted_at.as_ref().map(|at| words::address(at, language)).unwrap_or_default();
        let by = self.place_in(text.enacted_by, &at);
        format!("{own} ({} {by})", pick(language, "sửa đổi, bổ sung bởi", "amended by"))
    }

    fn place_in(&self, document: DocumentId, address: &str) -> String {
        let document = self.document(document);
        match (address, self.voice.language) {
            ("", _) => document,
            (_, Language::Vietnamese) => format!("{address} {document}"),
            (_, Language::English) => format!("{address} of {document}"),
        }
    }

    /// `Luật 45/2013/QH13`; a local one with its issuer, and one of several of one number with its day.
    fn document(&self, id: DocumentId) -> String {
        let language = self.voice.language;
        let document = &self.voice.rulebook[id];
        let kind = explain::capital(self.voice.name(&self.voice.rulebook[document.kind].names));
        let mut words = format!("{kind} {}", document.number);
        if document.issuer.unit.is_some() {
            let by = pick(language, "của", "by");
            words = format!("{words} {by} {}", self.voice.issuer(&document.issuer));
        }
        if self.voice.rulebook.documents.iter().filter(|other| other.number == document.number).count() > 1 {
            let day = words::date(document.issued, language);
            words = format!("{words} {} {day}", pick(language, "ngày", "issued"));
        }
        words
    }

    /// What stands beside the holder, and what that rests on.
    fn beside(&mut self, what: &Beside) {
        let language = self.voice.language;
        let mut titles: Vec<String> = Vec::new();
        for requirement in &what.requirements {
            let (requires, kind) =
                (pick(language, "Phải có", "Requires"), words::requirement(requirement.kind, language));
            titles.push(format!("{requires} {kind} {}", self.seat(requirement.of)));
        }
        for seat in &what.may_step_in {
            let may = pick(language, "Có quyền trực tiếp quyết định thay:", "May step in:");
            titles.push(format!("{may} {}", self.seat(*seat)));
        }
        titles.sort();
        titles.iter().for_each(|title| self.say(0, title));
        for (slot, told) in handling::told(language, &what.handling, &|seat| self.seat(*seat)) {
            let title = words::slot(slot, language);
            if let [one] = &told[..] {
                self.say(0, &format!("{title}: {one}"));
            } else {
                self.say(0, title);
                told.iter().for_each(|line| self.say(1, line));
            }
        }
        for line in self.grounds(&what.grounds) {
            self.say(1, &line);
        }
    }

    fn section(&mut self, section: &Section) {
        self.beside(&section.what);
        match &section.when {
            Node::So => self.say(1, pick(self.voice.language, "trong mọi trường hợp", "in every case")),
            when @ (Node::Branches(_) | Node::Ruling(_)) => {
                self.say(1, pick(self.voice.language, "khi:", "when:"));
                self.node(when, 1);
            }
        }
    }
}

impl Places {
    /// Whether these are all the places that there are.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        matches!(self.parts.as_slice(), [Part { all_of: None, except }] if except.is_empty())
    }
}
