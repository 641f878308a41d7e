//! The register of the invented country: a few regions, shires and villages that merge, split, move and vanish on days that the
//! recipe chooses. Every state is closed and opened row by row, so that what comes out is always a valid register.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::days::{DAYS, day};
use super::recipe::Draw;
use super::words::{Both, both};

pub const REGION: usize = 0;
pub const SHIRE: usize = 1;
pub const VILLAGE: usize = 2;
pub const LEVEL_IDS: [&str; 3] = ["vung", "phu", "lang"];

#[derive(Debug, Clone)]
struct Row {
    code: &'static str,
    name: &'static str,
    kind: &'static str,
    level: usize,
    parent: Option<&'static str>,
    /// Index into the days; `None` is long before them.
    from: Option<usize>,
    before: Option<usize>,
}

/// A unit as rules name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    pub name: &'static str,
    pub kind: &'static str,
    pub level: usize,
}

impl Unit {
    pub fn words(self) -> Both {
        let english = ["region", "shire", "village"][self.level];
        both(format!("{english} \"{}\"", self.name), format!("{} \"{}\"", self.kind, self.name))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Register {
    rows: Vec<Row>,
    successions: Vec<(usize, &'static str, &'static str, &'static str)>,
    /// Units that rules can call former.
    pub former: Vec<Unit>,
    pub shires: bool,
}

impl Register {
    pub fn new(draw: &mut Draw<'_>) -> Self {
        let shires = !draw.one_in(3);
        let third = draw.one_in(2);
        let mut register = Self { shires, ..Self::default() };
        register.first(third);
        let mut events: Vec<(usize, usize)> = (0..5).filter(|_| draw.one_in(2)).map(|event| (event, 0)).collect();
        for event in &mut events {
            event.1 = 1 + draw.pick(DAYS.len() - 1);
        }
        let mut taken = BTreeSet::new();
        events.retain(|(_, day)| taken.insert(*day));
        events.sort_by_key(|(_, day)| *day);
        for (event, day) in events {
            match event {
                0 => register.merge(day),
                1 => register.split(day),
                2 => register.move_parent(day),
                3 => register.vanish(day),
                _ => register.dissolve(day),
            }
        }
        register
    }

    fn first(&mut self, third: bool) {
        let regions = [("1", "Bạch Sa"), ("2", "Thanh Lam"), ("3", "Lệ Thủy")];
        for (code, name) in regions.into_iter().take(if third { 3 } else { 2 }) {
            self.open(Row { code, name, kind: "vùng", level: REGION, parent: None, from: None, before: None });
        }
        let shires =
            [("11", "Phong Điền", "1"), ("12", "Quảng Tây", "1"), ("21", "Nam Vang", "2"), ("31", "Bắc Lý", "3")];
        let villages = [
            ("101", "An Cư", "làng", "11"),
            ("102", "Bình Hòa", "làng", "11"),
            ("103", "Cát Tường", "trấn", "12"),
            ("104", "Diên Khê", "làng", "12"),
            ("201", "Giang Khẩu", "làng", "21"),
            ("202", "Hương Lộ", "trấn", "21"),
            ("301", "Kim Sơn", "làng", "31"),
        ];
        let has_shires = self.shires;
        let there = |parent: &str| third || !parent.starts_with('3');
        for (code, name, parent) in shires.into_iter().filter(|(_, _, parent)| has_shires && there(parent)) {
            let parent = Some(parent);
            self.open(Row { code, name, kind: "phủ", level: SHIRE, parent, from: None, before: None });
        }
        for (code, name, kind, parent) in villages.into_iter().filter(|(_, _, _, parent)| there(parent)) {
            let parent = Some(if has_shires { parent } else { &parent[..1] });
            self.open(Row { code, name, kind, level: VILLAGE, parent, from: None, before: None });
        }
    }

    fn open(&mut self, row: Row) {
        self.rows.push(row);
    }

    fn living(&self, code: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.code == code && row.before.is_none())
    }

    fn end(&mut self, at: usize, day: usize, called_former: bool) {
        self.rows[at].before = Some(day);
        if called_former {
            let row = &self.rows[at];
            self.former.push(Unit { name: row.name, kind: row.kind, level: row.level });
        }
    }

    fn under(&mut self, at: usize, parent: &'static str, day: usize) {
        let row = Row { parent: Some(parent), from: Some(day), ..self.rows[at].clone() };
        self.end(at, day, false);
        self.open(row);
    }

    fn merge(&mut self, day: usize) {
        let (Some(one), Some(two)) = (self.living("101"), self.living("102")) else { return };
        let parent = self.rows[one].parent;
        self.end(one, day, true);
        self.end(two, day, true);
        let from = Some(day);
        self.open(Row { code: "110", name: "An Bình", kind: "làng", level: VILLAGE, parent, from, before: None });
        self.successions.extend([(day, "101", "110", "whole"), (day, "102", "110", "whole")]);
    }

    /// The new village takes the code of a village that has ended, if there is one.
    fn split(&mut self, day: usize) {
        let Some(old) = self.living("104") else { return };
        let code = if self.living("102").is_none() { "102" } else { "105" };
        let parent = self.rows[old].parent;
        let unit = Unit { name: self.rows[old].name, kind: "làng", level: VILLAGE };
        self.former.push(unit);
        let from = Some(day);
        self.open(Row { code, name: "Đông Hải", kind: "trấn", level: VILLAGE, parent, from, before: None });
        self.successions.extend([(day, "104", code, "part"), (day, "104", "104", "remainder")]);
    }

    fn move_parent(&mut self, day: usize) {
        let Some(village) = self.living("201") else { return };
        let parent = if self.living("11").is_some() { "11" } else { "1" };
        self.former.push(Unit { name: "Thanh Lam", kind: "vùng", level: REGION });
        self.under(village, parent, day);
    }

    /// No shires any more: their villages stand under the regions.
    fn vanish(&mut self, day: usize) {
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            if row.before.is_some() {
                continue;
            }
            if row.level == SHIRE {
                self.end(at, day, true);
            } else if let Some(shire) = row.parent.filter(|parent| parent.len() == 2) {
                // A shire that has moved stands in its last row.
                let region = self.rows.iter().rev().find(|row| row.code == shire).and_then(|row| row.parent);
                self.under(at, region.expect("every shire stands in a region"), day);
            }
        }
    }

    /// The third region joins the first.
    fn dissolve(&mut self, day: usize) {
        let Some(region) = self.living("3") else { return };
        for at in 0..self.rows.len() {
            if self.rows[at].before.is_none() && self.rows[at].parent == Some("3") {
                self.under(at, "1", day);
            }
        }
        self.end(region, day, true);
    }

    /// Every unit that there ever was at one of the levels, each name once.
    pub fn units(&self, levels: &[usize]) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        for row in self.rows.iter().filter(|row| levels.contains(&row.level)) {
            let unit = Unit { name: row.name, kind: row.kind, level: row.level };
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        units
    }

    pub fn kinds(&self) -> Vec<&'static str> {
        let kinds: BTreeSet<&str> = self.rows.iter().map(|row| row.kind).collect();
        kinds.into_iter().collect()
    }

    pub fn units_csv(&self) -> String {
        let mut text = "code,name,short_name,type,level,parent_code,from,before,document\n".to_owned();
        let start = |from: Option<usize>| from.map_or_else(|| "2000-01-01".to_owned(), |from| day(from).to_string());
        for Row { code, name, kind, level, parent, from, before } in &self.rows {
            let (head, tail) = kind.split_at(kind.chars().next().map_or(0, char::len_utf8));
            let level = LEVEL_IDS[*level];
            let parent = parent.unwrap_or("");
            let before = before.map(|before| day(before).to_string()).unwrap_or_default();
            let full = format!("{}{tail} {name}", head.to_uppercase());
            writeln!(text, "{code},{full},{name},{kind},{level},{parent},{},{before},", start(*from))
                .expect("a string");
        }
        text
    }

    pub fn successions_csv(&self) -> String {
        let mut text = "date,document,old_code,new_code,portion\n".to_owned();
        for (on, old, new, portion) in &self.successions {
            writeln!(text, "{},,{old},{new},{portion}", day(*on)).expect("a string");
        }
        text
    }
}
