//! What the generated rules speak of: levels, kinds of documents, bodies, places, facts and tasks of an invented country, with
//! the variations that the recipe chooses.

use super::days::{DAYS, Span};
use super::facts::{FACTS, Shape, condition};
use super::recipe::Draw;
use super::register::{LEVEL_IDS, REGION, Register, SHIRE, VILLAGE};
use super::words::{Both, Line, both, fill, list, same};

#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub id: &'static str,
    pub names: (&'static str, &'static str),
    pub rank: u32,
    pub devolves: bool,
    pub assigns: bool,
    pub decentralises: bool,
    pub entrusts: bool,
    pub delegates: bool,
}

const fn kind(id: &'static str, names: (&'static str, &'static str), rank: u32, may: [bool; 5]) -> Kind {
    let [devolves, assigns, decentralises, entrusts, delegates] = may;
    Kind { id, names, rank, devolves, assigns, decentralises, entrusts, delegates }
}

pub const KINDS: [Kind; 7] = [
    kind("dao-luat", ("statute", "đạo luật"), 90, [true, true, false, false, false]),
    kind("sac-lenh", ("edict", "sắc lệnh"), 70, [false, true, true, true, false]),
    kind("thong-cao", ("notice", "thông cáo"), 50, [false, true, true, true, false]),
    kind("huong-uoc", ("charter", "hương ước"), 30, [false, true, true, true, true]),
    kind("giay-uy-nhiem", ("warrant", "giấy ủy nhiệm"), 20, [false, false, false, true, true]),
    kind("bo-luat", ("code", "bộ luật"), 90, [true, true, true, true, true]),
    kind("tuyen-ngon", ("proclamation", "tuyên ngôn"), 99, [false, false, false, false, false]),
];

#[derive(Debug, Clone)]
pub struct Body {
    pub id: &'static str,
    pub names: (&'static str, &'static str),
    pub levels: Vec<usize>,
    pub is_class: bool,
    pub heads: Option<usize>,
    pub lines: Vec<Both>,
}

impl Body {
    pub fn words(&self) -> Both {
        both(self.names.0, self.names.1)
    }
}

pub const PARLIAMENT: usize = 0;
const CABINET: usize = 1;
const BOARD: usize = 4;
const BUREAU: usize = 6;
const TREE_BUREAU: usize = 7;

pub struct Task {
    pub id: &'static str,
    pub names: (&'static str, &'static str),
    /// Indices into [`FACTS`].
    pub facts: Vec<usize>,
    /// Indices into [`ROLES`].
    pub roles: Vec<usize>,
    /// Of these, the ones of which there may be no place.
    pub optional: Vec<usize>,
    below: Vec<Line>,
}

impl Task {
    pub fn words(&self) -> Both {
        both(self.names.0, self.names.1)
    }
}

pub const ROLES: [(&str, (&str, &str)); 3] = [
    ("noi-co-cay", ("site of the tree", "nơi có cây")),
    ("noi-den", ("destination", "nơi đến")),
    ("noi-o", ("home of the owner", "nơi ở của chủ cây")),
];

/// A role as it is named in sentences.
pub fn role(at: usize) -> Both {
    same(ROLES[at].0)
}

pub const LEVELS: [(&str, &str, &str); 3] =
    [("region", "cấp vùng", "vùng"), ("shire", "cấp phủ", "phủ"), ("village", "cấp làng", "làng")];

pub fn level(at: usize) -> Both {
    both(LEVELS[at].0, LEVELS[at].1)
}

pub struct Catalogue {
    pub levels: Vec<usize>,
    pub bodies: Vec<Body>,
    pub tasks: Vec<Task>,
    pub register: Register,
    cover: Vec<Line>,
}

impl Catalogue {
    pub fn new(draw: &mut Draw<'_>) -> Self {
        let register = Register::new(draw);
        let levels: Vec<usize> = if register.shires { vec![REGION, SHIRE, VILLAGE] } else { vec![REGION, VILLAGE] };
        let bodies = bodies(&levels, draw);
        let tasks = tasks((&levels, &register), draw);
        let cover = cover(&register, draw);
        Self { levels, bodies, tasks, register, cover }
    }

    /// The roles that all of some tasks have.
    pub fn roles(&self, tasks: &[usize]) -> Vec<usize> {
        let Some((first, others)) = tasks.split_first() else { return Vec::new() };
        let all = |role: &usize| others.iter().all(|task| self.tasks[*task].roles.contains(role));
        self.tasks[*first].roles.iter().copied().filter(all).collect()
    }

    /// Of these, the ones of which there may be no place in any of the tasks.
    pub fn optional(&self, tasks: &[usize]) -> Vec<usize> {
        let all = |role: &usize| tasks.iter().all(|task| self.tasks[*task].optional.contains(role));
        self.roles(tasks).into_iter().filter(all).collect()
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (at, level) in self.levels.iter().enumerate() {
            let (english, vietnamese, short) = LEVELS[*level];
            let id = LEVEL_IDS[*level];
            let mut below = Vec::new();
            if let Some(above) = at.checked_sub(1).map(|above| LEVEL_IDS[self.levels[above]]) {
                below.push(Line::new(both(format!("below {above}"), format!("dưới {above}"))));
            }
            below.push(Line::new(fill("also called \"{0}\"", "gọi khác \"{0}\"", &[&same(short)])));
            lines.push(Line::with(declared("level", "cấp hành chính", id, (english, vietnamese)), below));
        }
        lines.extend(KINDS.iter().map(kind_line));
        lines.extend(self.bodies.iter().map(|body| {
            let (english, vietnamese) =
                if body.is_class { ("class", "loại chủ thể") } else { ("body", "chủ thể") };
            let below = body.lines.iter().cloned().map(Line::new).collect();
            Line::with(declared(english, vietnamese, body.id, body.names), below)
        }));
        for (id, names) in ROLES {
            lines.push(Line::new(declared("place", "nơi", id, names)));
        }
        lines.extend(FACTS.iter().map(fact_line));
        for task in &self.tasks {
            lines.push(Line::with(declared("task", "nhiệm vụ", task.id, task.names), task.below.clone()));
        }
        let table = both("table han-muc \"hạn mức\" / \"quota\"", "bảng han-muc \"hạn mức\" / \"quota\"");
        let below = [both("by hang", "theo hang"), both("in cây", "tính bằng cây")].map(Line::new).to_vec();
        lines.push(Line::with(table, below));
        if !self.cover.is_empty() {
            lines.push(Line::with(both("cover", "phạm vi đã phủ"), self.cover.clone()));
        }
        let files = same("\"units.csv\", \"successions.csv\"");
        lines.push(Line::new(fill("register {0}", "sổ đơn vị {0}", &[&files])));
        lines
    }
}

fn declared(english: &str, vietnamese: &str, id: &str, names: (&str, &str)) -> Both {
    let name = same(format!("{id} \"{}\" / \"{}\"", names.1, names.0));
    fill(&format!("{english} {{0}}"), &format!("{vietnamese} {{0}}"), &[&name])
}

fn kind_line(kind: &Kind) -> Line {
    let rights: Vec<Both> = [
        (kind.devolves, both("devolve", "phân quyền")),
        (kind.assigns, both("assign", "quy định thẩm quyền")),
        (kind.decentralises, both("decentralise", "phân cấp")),
        (kind.entrusts, both("entrust", "giao")),
        (kind.delegates, both("delegate", "ủy quyền")),
    ]
    .into_iter()
    .filter_map(|(may, right)| may.then_some(right))
    .collect();
    let mut below = vec![Line::new(both(format!("rank {}", kind.rank), format!("thứ bậc {}", kind.rank)))];
    if !rights.is_empty() {
        below.push(Line::new(fill("may {0}", "được {0}", &[&list(&rights)])));
    }
    Line::with(declared("kind", "loại văn bản", kind.id, kind.names), below)
}

fn fact_line(fact: &super::facts::Fact) -> Line {
    let measured = |fact: &super::facts::Fact, english: &str, vietnamese: &str| match fact.measure {
        Some(measure) => {
            let (english, vietnamese) = (format!("{english} in {{0}}"), format!("{vietnamese} tính bằng {{0}}"));
            fill(&english, &vietnamese, &[&same(measure)])
        }
        None => both(english, vietnamese),
    };
    let order = |english: &str, vietnamese: &str, ordered: bool| {
        let (first, highest) = if ordered { (", highest first", ", xếp từ cao xuống thấp") } else { ("", "") };
        both(format!("{english}{first}"), format!("{vietnamese}{highest}"))
    };
    let words = match fact.shape {
        Shape::Boolean => both("is yes or no", "là có hoặc không"),
        Shape::One { ordered } => order("is one of", "là một trong", ordered),
        Shape::Many { ordered } => order("is one or more of", "là một hoặc nhiều trong", ordered),
        Shape::Integer => measured(fact, "is a whole number", "là số nguyên"),
        Shape::Decimal => measured(fact, "is a decimal", "là số thập phân"),
        Shape::Date => both("is a date", "là ngày"),
        Shape::Level => both("is a level or none", "là cấp hành chính hoặc không có"),
    };
    let value = |(id, english, vietnamese): &(&str, &str, &str)| {
        Line::new(same(format!("{id} \"{vietnamese}\" / \"{english}\"")))
    };
    let below = fact.values.iter().map(value).collect();
    Line::with(declared("fact", "dữ kiện", fact.id, fact.names), vec![Line::with(words, below)])
}

fn bodies(levels: &[usize], draw: &mut Draw<'_>) -> Vec<Body> {
    let late = draw.one_in(3).then(|| 1 + draw.pick(DAYS.len() - 2));
    let early = draw.one_in(3).then(|| 1 + draw.pick(DAYS.len() - 2));
    let national = Vec::new;
    let everywhere = || levels.to_vec();
    let region = || vec![REGION];
    let body = |id, names, levels: Vec<usize>, heads, lines: Vec<Both>| {
        let at: Vec<Both> = levels.iter().map(|at| level(*at)).collect();
        let at = (!at.is_empty()).then(|| fill("at {0}", "ở {0}", &[&list(&at)]));
        Body { id, names, levels, is_class: false, heads, lines: at.into_iter().chain(lines).collect() }
    };
    let collective = || both("works collectively", "làm việc tập thể");
    let one_head = || both("works under one head", "làm việc theo chế độ thủ trưởng");
    let under = |of: &str| both(format!("under {of}"), format!("thuộc {of}"));
    let heads = |of: &str| both(format!("heads {of}"), format!("đứng đầu {of}"));
    let is = |of: &str| both(format!("is a {of}"), format!("là {of}"));
    let class = |id, names, lines| Body { id, names, levels: Vec::new(), is_class: true, heads: None, lines };
    let days = |from: Option<usize>, before: Option<usize>| {
        let span = Span { from, before };
        (span != Span::default()).then(|| span.words(false))
    };
    let mut all = vec![
        body("nghi-vien", ("Parliament", "Nghị viện"), national(), None, vec![collective()]),
        body("noi-cac", ("Cabinet", "Nội các"), national(), None, vec![collective()]),
        body("bo-rung", ("Forest Ministry", "Bộ Rừng"), national(), None, vec![under("noi-cac"), one_head()]),
        body("hoi-dong", ("Council", "Hội đồng"), everywhere(), None, vec![collective()]),
        body("uy-ban", ("Board", "Ủy ban"), everywhere(), None, vec![collective()]),
        body("truong-uy-ban", ("Board Head", "Trưởng ủy ban"), everywhere(), Some(BOARD), vec![heads("uy-ban")]),
        class("ty", ("expert bureau", "ty chuyên môn"), vec![is("co-quan")]),
        body("ty-cay", ("Tree Bureau", "Ty Cây"), region(), None, vec![under("uy-ban"), is("ty")]),
        body("giam-doc", ("Bureau Director", "Giám đốc Ty"), region(), Some(TREE_BUREAU), vec![heads("ty-cay")]),
        body("ty-vuon", ("Garden Bureau", "Ty Vườn"), region(), None, vec![under("uy-ban"), is("ty")]),
        body(
            "chung-vien",
            ("witness", "chứng viên"),
            national(),
            None,
            vec![both("system \"Guild\"", "hệ thống \"Guild\"")],
        ),
        class("co-quan", ("agency", "cơ quan"), Vec::new()),
        body(
            "pho-uy-ban",
            ("Deputy Board Head", "Phó ủy ban"),
            everywhere(),
            None,
            vec![both("deputises for truong-uy-ban", "là cấp phó của truong-uy-ban")],
        ),
    ];
    all[9].lines.extend(days(late, None));
    all[3].lines.extend(days(None, early));
    all[CABINET].lines.push(both("also called \"Government\"", "gọi khác \"Government\""));
    all
}

/// The class that a pattern may name, and the bodies that may hold.
pub fn classes() -> [usize; 2] {
    [BUREAU, BUREAU + 5]
}

fn tasks((levels, register): (&[usize], &Register), draw: &mut Draw<'_>) -> Vec<Task> {
    let names = [
        ("chung-nhan", ("certifying", "chứng nhận"), 2, &[][..]),
        ("chat-cay", ("felling", "chặt cây"), 4, &[0][..]),
        ("thu-hoi", ("withdrawal", "thu hồi phép"), 2, &[0][..]),
        ("doi-cay", ("moving", "dời cây"), 1, &[1, 0][..]),
    ];
    let mut tasks: Vec<Task> = names
        .into_iter()
        .map(|(id, names, count, roles)| {
            let first = draw.pick(FACTS.len());
            // Often enough with those that a table speaks of.
            let first = if count == 4 && first >= 6 { 2 } else { first };
            let facts: Vec<usize> = (first..first + count).map(|fact| fact % FACTS.len()).collect();
            let (roles, optional) = roles_of(roles, draw);
            let below = task_lines(&facts, (&roles, &optional), (levels, register), draw);
            Task { id, names, facts, roles, optional, below }
        })
        .collect();
    let (facts, roles) = (vec![draw.place(FACTS.len())], vec![2, 0, 1]);
    let chosen = draw.place(8);
    let optional: Vec<usize> = (0..3).filter(|role| chosen >> role & 1 == 1).collect();
    let below = task_lines(&facts, (&roles, &optional), (levels, register), &mut Draw::new(&[]));
    tasks.push(Task { id: "ghi-so", names: ("recording", "ghi sổ"), facts, roles, optional, below });
    tasks
}

/// A task that has places may have another, and some that may not be there.
fn roles_of(roles: &[usize], draw: &mut Draw<'_>) -> (Vec<usize>, Vec<usize>) {
    let mut roles = roles.to_vec();
    if roles.is_empty() {
        return (roles, Vec::new());
    }
    let chosen = draw.place(16);
    if roles.len() == 1 && chosen >= 8 {
        roles.push(2 - chosen % 2);
    }
    let optional = roles.iter().copied().zip(1..).filter(|(_, bit)| chosen >> bit & 1 == 1).map(|(role, _)| role);
    (roles.clone(), optional.collect())
}

fn task_lines(
    facts: &[usize],
    (roles, optional): (&[usize], &[usize]),
    (levels, register): (&[usize], &Register),
    draw: &mut Draw<'_>,
) -> Vec<Line> {
    let mut below = vec![Line::new(both("sector cay \"cây\" / \"trees\"", "lĩnh vực cay \"cây\" / \"trees\""))];
    below.push(Line::new(both("procedures 1.000001, 1.000002", "thủ tục 1.000001, 1.000002")));
    let ids: Vec<Both> = facts.iter().map(|fact| same(FACTS[*fact].id)).collect();
    below.push(Line::new(fill("facts {0}", "dữ kiện {0}", &[&list(&ids)])));
    let named = |at: &usize| {
        let if_any = if optional.contains(at) { both(" if any", " nếu có") } else { same("") };
        fill("{0}{1}", "{0}{1}", &[&role(*at), &if_any])
    };
    let ids: Vec<Both> = roles.iter().map(named).collect();
    if !ids.is_empty() {
        below.push(Line::new(fill("places {0}", "nơi {0}", &[&list(&ids)])));
    }
    let choice = draw.pick(16);
    if matches!(choice, 5 | 6 | 9 | 10) {
        let before = if choice == 5 { DAYS.len() - 2 } else { DAYS.len() / 2 };
        let span = Span { from: Some(1), before: Some(before) };
        below.push(Line::new(fill("covered {0}", "đã phủ {0}", &[&span.words(false)])));
    }
    if matches!(choice, 6 | 9 | 10) && !roles.is_empty() {
        let units = register.units(if choice == 10 { &[VILLAGE] } else { &[REGION] });
        let span = Span { from: Some(choice / 3), before: Some(DAYS.len() - 1) };
        let place = units[choice % units.len()].words();
        below.push(Line::new(fill("covered in {0} {1}", "đã phủ tại {0} {1}", &[&place, &span.words(false)])));
    }
    if choice & 3 == 3 {
        below.extend(condition("left open when", "bỏ ngỏ khi", facts, draw));
    }
    if choice == 12 {
        below.extend(condition("impossible when", "không thể khi", facts, draw));
    }
    let (of_places, english, vietnamese) = match draw.place(6) {
        4 => (true, "left open when {0}", "bỏ ngỏ khi {0}"),
        5 => (true, "impossible when {0}", "không thể khi {0}"),
        _ => (false, "", ""),
    };
    if let Some(test) = place_test((roles, optional), levels, draw).filter(|_| of_places) {
        below.push(Line::new(fill(english, vietnamese, &[&test])));
    }
    below
}

/// A test of what there is of places or what the case spans, of roles of which some may have none.
pub fn place_test((roles, optional): (&[usize], &[usize]), levels: &[usize], draw: &mut Draw<'_>) -> Option<Both> {
    if roles.is_empty() {
        return None;
    }
    let chosen = draw.place(256);
    if let Some(of) = optional.get(chosen / 4 % optional.len().max(1)).filter(|_| chosen % 4 > 1) {
        let (english, vietnamese) =
            if chosen % 4 == 2 { ("there is no {0}", "không có nơi {0}") } else { ("there is {0}", "có nơi {0}") };
        return Some(fill(english, vietnamese, &[&role(*of)]));
    }
    let (of, level) = (role(roles[chosen / 4 % roles.len()]), level(levels[chosen / 16 % levels.len()]));
    let (english, vietnamese) = if chosen.is_multiple_of(2) {
        ("{0} spans more than one {1}", "{0} trên địa bàn nhiều đơn vị {1}")
    } else {
        ("{0} lies in one {1}", "{0} trên địa bàn một đơn vị {1}")
    };
    Some(fill(english, vietnamese, &[&of, &level]))
}

fn cover(register: &Register, draw: &mut Draw<'_>) -> Vec<Line> {
    if !draw.one_in(6) {
        return Vec::new();
    }
    let span = Span { from: Some(draw.pick(3)), before: Some(DAYS.len() - 1 - draw.pick(3)) };
    let regions = register.units(&[REGION]);
    let region = regions[draw.pick(regions.len())].words();
    vec![Line::new(fill("in {0} {1}", "tại {0} {1}", &[&region, &span.words(false)]))]
}
