//! What each sentence says, in both languages, and the limits under it. Whatever a sentence cites is chosen among those placed
//! before it that fit, and left out where it would lead in a circle.

use thamquyen::rulebook::{ActKind, TransferForm};

use super::addresses::{self, Address};
use super::catalogue::{Catalogue, place_test};
use super::days::{DAYS, Span, day, written};
use super::documents::Document;
use super::facts::{self, FACTS, condition};
use super::handling;
use super::holders::{body_at_level, deciding, modal, pattern, receiver, required, scope, seat, succession};
use super::recipe::Draw;
use super::sentences::{Form, Placed};
use super::words::{Both, Line, both, fill, joined, list, same};

/// What is known of a worded sentence.
pub struct Said {
    pub line: Line,
    /// Who holds by it, in words, so that a transfer can begin there.
    holder: Option<Both>,
    /// Who gives, if it is a transfer.
    giver: Option<Both>,
    ground: Option<usize>,
    all_other: bool,
    pub span: Span,
}

pub struct Wording<'a> {
    pub catalogue: &'a Catalogue,
    pub documents: &'a [Document],
    pub placed: &'a [Placed<'a>],
    /// The days of the article in which each stands.
    pub article_days: Vec<Span>,
    said: Vec<Said>,
    /// From a sentence to those whose cases it borrows, and to those that it displaces.
    borrows: Vec<Vec<usize>>,
    displaces: Vec<Vec<usize>>,
}

/// Whether `to` is reached from `from`.
fn reaches(edges: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut open, mut seen) = (vec![from], vec![false; edges.len()]);
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&edges[at]);
        }
    }
    false
}

/// Adds the edges, unless one of them closes a circle.
fn add_acyclic(edges: &mut [Vec<usize>], more: &[(usize, usize)]) -> bool {
    let before = edges.to_vec();
    for (from, to) in more {
        if reaches(edges, *to, *from) {
            edges.clone_from_slice(&before);
            return false;
        }
        edges[*from].push(*to);
    }
    true
}

impl<'a> Wording<'a> {
    pub fn new(
        catalogue: &'a Catalogue,
        documents: &'a [Document],
        placed: &'a [Placed<'a>],
        article_days: Vec<Span>,
    ) -> Self {
        let none = || vec![Vec::new(); placed.len()];
        Self { catalogue, documents, placed, article_days, said: Vec::new(), borrows: none(), displaces: none() }
    }

    pub fn all(mut self) -> Vec<Said> {
        for at in 0..self.placed.len() {
            let said = self.sentence(at);
            self.said.push(said);
        }
        self.said
    }

    fn sentence(&mut self, at: usize) -> Said {
        let placed = &self.placed[at];
        let mut draw = placed.rest.clone();
        let ground = self.ground(at, &mut draw);
        let (words, holder, mut steps) = self.words_and_steps(at, ground, &mut draw);
        steps.extend(if placed.form == Form::Table { facts::rows(&mut draw) } else { Vec::new() });
        let (below, all_other, span) = self.limits(at, ground, &mut draw);
        let giver = ground.and_then(|ground| self.said[ground].holder.clone());
        steps.extend(below);
        Said { line: Line::with(words, steps), holder, giver, ground, all_other, span }
    }

    /// Sentences before this one that fit.
    fn before(&self, at: usize, fits: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..at).filter(|other| fits(*other)).collect()
    }

    /// Whether the other sentence is about all tasks of this one.
    fn about(&self, at: usize, other: usize) -> bool {
        self.placed[at].tasks.iter().all(|task| self.placed[other].tasks.contains(task))
    }

    /// The sentence by which the giver of a transfer holds.
    fn ground(&self, at: usize, draw: &mut Draw<'_>) -> Option<usize> {
        let Form::Transfer { .. } = self.placed[at].form else { return None };
        let gives = |other: usize| {
            self.about(at, other) && self.placed[other].form.gives() && self.said[other].holder.is_some()
        };
        let fitting = self.before(at, gives);
        let older = |other: &&usize| {
            let issued = |at: usize| self.documents[self.placed[at].document].issued;
            issued(**other) <= issued(at)
        };
        // What was passed on before, what was said first, what is older, or any.
        let older: Vec<usize> = fitting.iter().filter(older).copied().collect();
        let onward: Vec<usize> = older.iter().copied().filter(|other| self.placed[*other].form.sort() == 3).collect();
        let chosen = draw.pick(256);
        // A rival for what another already passes on.
        let rival = fitting.iter().rev().find_map(|other| self.said[*other].ground);
        let rival = rival.filter(|ground| chosen % 16 >= 12 && fitting.contains(ground));
        if rival.is_some() {
            return rival;
        }
        let among = match chosen % 4 {
            0 if !onward.is_empty() => &onward[..],
            1 | 2 => &fitting[..fitting.len().min(1)],
            3 if chosen % 8 == 3 && !older.is_empty() => &older[..],
            _ => &fitting[..],
        };
        (!among.is_empty()).then(|| among[chosen / 4 % among.len()])
    }

    fn tasks(&self, at: usize) -> Both {
        let names: Vec<Both> = self.placed[at].tasks.iter().map(|task| self.catalogue.tasks[*task].words()).collect();
        list(&names)
    }

    fn seat(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        seat(&self.placed[at].tasks, self.catalogue, draw)
    }

    fn receiver(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        receiver(&self.placed[at].tasks, self.catalogue, draw)
    }

    fn patterns(&self, receiver: bool, draw: &mut Draw<'_>) -> Both {
        let count = 1 + usize::from(draw.one_in(3));
        list(&(0..count).map(|_| pattern(receiver, self.catalogue, draw)).collect::<Vec<_>>())
    }

    /// The sentence, who holds by it, and the lines of a procedure.
    fn words_and_steps(
        &self,
        at: usize,
        ground: Option<usize>,
        draw: &mut Draw<'_>,
    ) -> (Both, Option<Both>, Vec<Line>) {
        if let Form::Handling(slot) = self.placed[at].form {
            let about = (&self.placed[at].tasks[..], &self.tasks(at));
            let (words, steps) = handling::sentence(slot, about, self.catalogue, draw);
            return (words, None, steps);
        }
        let (words, holder) = self.words(at, ground, draw);
        (words, holder, Vec::new())
    }

    /// The sentence, and who holds by it.
    #[expect(clippy::too_many_lines, reason = "one arm for each form of sentence")]
    fn words(&self, at: usize, ground: Option<usize>, draw: &mut Draw<'_>) -> (Both, Option<Both>) {
        let task = self.tasks(at);
        match &self.placed[at].form {
            Form::Decided => {
                let holder = deciding(&self.placed[at].tasks, self.catalogue, draw);
                let how = if holder.shares { fill(", {0}", ", {0}", &[&sharing(draw)]) } else { same("") };
                let (english, vietnamese) = ("{0} is decided by {1}{2}", "{0} do {1} quyết định{2}");
                (fill(english, vietnamese, &[&task, &holder.words, &how]), Some(holder.giver))
            }
            Form::Shared => {
                let seats = [self.seat(at, draw), self.seat(at, draw)];
                let sharing = sharing(draw);
                let words = fill(
                    "{0} is decided by {1}, {2}",
                    "{0} do {1} quyết định, {2}",
                    &[&task, &joined(&seats, &both(" or ", " hoặc ")), &sharing],
                );
                let [first, _] = seats;
                (words, Some(first))
            }
            Form::Also => {
                let holder = deciding(&self.placed[at].tasks, self.catalogue, draw);
                let shares = draw.one_in(2) || holder.shares;
                let how = if shares { fill(", {0}", ", {0}", &[&sharing(draw)]) } else { same("") };
                let (english, vietnamese) = ("{0} is also decided by {1}{2}", "{0} cũng do {1} quyết định{2}");
                (fill(english, vietnamese, &[&task, &holder.words, &how]), Some(holder.giver))
            }
            Form::Whoever(followed) => {
                let followed = self.catalogue.tasks[*followed].words();
                let (english, vietnamese) =
                    ("{0} is decided by whoever decides {1}", "{0} do người quyết định {1} quyết định");
                (fill(english, vietnamese, &[&task, &followed]), None)
            }
            Form::Frozen(on) => {
                let (english, vietnamese) =
                    ("{0} is decided by whoever decided it on {1}", "{0} do người có thẩm quyền ngày {1} quyết định");
                (fill(english, vietnamese, &[&task, &written(day(*on))]), None)
            }
            Form::NotRequired => (fill("{0} is not required", "không phải thực hiện {0}", &[&task]), None),
            Form::Governs { document } => {
                let what = if *document { None } else { addresses::this(&self.placed[at].lives.1) };
                let what = what.unwrap_or_else(|| both("this document", "văn bản này"));
                (fill("{0} governs {1}", "{0} quy định toàn bộ {1}", &[&what, &task]), None)
            }
            Form::Passes => {
                let known = self.before(at, |other| self.about(at, other) && self.said[other].holder.is_some());
                let mut from = vec![self.receiver(at, draw)];
                if let Some(holder) = draw.clone().of_all(&known).and_then(|other| self.said[other].holder.clone()) {
                    from = if draw.one_in(3) { vec![holder, from.remove(0)] } else { vec![holder] };
                }
                let to = self.receiver(at, draw);
                let words =
                    fill("{0} passes from {1} to {2}", "{0} chuyển từ {1} sang {2}", &[&task, &list(&from), &to]);
                (words, Some(to))
            }
            Form::Transfer { form } => self.transfer((at, *form), ground, draw),
            Form::StepIn => {
                let holder = self.seat(at, draw);
                (fill("{0} may step in on {1}", "{0} được trực tiếp quyết định thay {1}", &[&holder, &task]), None)
            }
            Form::Requires => (self.requires(at, draw), None),
            Form::Pair | Form::ToAnyone | Form::Passive | Form::Framework => (self.permission(at, draw), None),
            Form::Succeeded
            | Form::Onward
            | Form::Term
            | Form::Widens
            | Form::Table
            | Form::Higher
            | Form::Later
            | Form::Act { .. }
            | Form::Extends(_)
            | Form::BodyExists
            | Form::LevelExists
            | Form::Handling(_)
            | Form::Classifies { .. } => (self.of_none(at, draw), None),
        }
    }

    fn transfer(
        &self,
        (at, form): (usize, TransferForm),
        ground: Option<usize>,
        draw: &mut Draw<'_>,
    ) -> (Both, Option<Both>) {
        let task = self.tasks(at);
        let verb = match form {
            TransferForm::Decentralise => both("decentralises", "phân cấp"),
            TransferForm::Entrust => both("entrusts", "giao"),
            TransferForm::Delegate => both("delegates", "ủy quyền"),
        };
        let to = self.receiver(at, draw);
        // Now and then it goes back to where it came from.
        let back = ground.and_then(|ground| self.said[ground].giver.clone()).filter(|_| draw.one_in(4));
        let to = back.unwrap_or(to);
        let giver = ground.and_then(|ground| self.said[ground].holder.clone());
        let words = match giver {
            Some(giver) if !draw.one_in(9) => {
                fill("{3} {0} {1} to {2}", "{3} {0} {1} cho {2}", &[&verb, &task, &to, &giver])
            }
            _ => fill("{0} {1} to {2}", "{0} {1} cho {2}", &[&verb, &task, &to]),
        };
        (words, Some(to))
    }

    fn requires(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        let (task, of) = (self.tasks(at), required(&self.placed[at].tasks, self.catalogue, draw));
        let (english, vietnamese) = draw.of(&[
            ("{0} requires prior approval of {1}", "{0} phải được {1} chấp thuận trước"),
            ("{0} requires appraisal of {1}", "{0} phải được {1} thẩm định"),
            ("{0} requires agreement of {1}", "{0} phải được {1} thống nhất"),
            ("{0} requires opinion of {1}", "{0} phải lấy ý kiến {1}"),
            ("{0} requires report to {1}", "{0} phải báo cáo {1}"),
        ]);
        fill(english, vietnamese, &[&task, &of])
    }

    fn permission(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        let task = self.tasks(at);
        let (active, passive) = modal(draw);
        let (one, done) = forms(draw);
        let giver = self.patterns(false, draw);
        let receiver = self.patterns(true, draw);
        let form = &self.placed[at].form;
        let (english, vietnamese) = if *form == Form::Pair {
            ("{0} {1} {2} {3} to {4}", "{0} {1} {2} {3} cho {4}")
        } else if *form == Form::ToAnyone {
            ("{0} {1} {2} {3}", "{0} {1} {2} {3}")
        } else if *form == Form::Passive {
            ("{3} {5} {6}", "{3} {5} {6}")
        } else {
            ("{0} {1} {2} to {4}", "{0} {1} {2} cho {4}")
        };
        fill(english, vietnamese, &[&giver, &active, &one, &task, &receiver, &passive, &done])
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each form of sentence")]
    fn of_none(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        match &self.placed[at].form {
            Form::Succeeded => {
                let (old, new) = succession(self.catalogue, draw);
                fill("{0} is succeeded by {1}", "{0} được kế thừa bởi {1}", &[&old, &new])
            }
            Form::Onward => {
                let received = draw.of(&[
                    ("a delegated task", "việc được ủy quyền"),
                    ("a decentralised task", "việc được phân cấp"),
                    ("a devolved task", "việc được phân quyền"),
                    ("an entrusted task", "việc được giao"),
                ]);
                let received = both(received.0, received.1);
                let ((_, passive), (_, done)) = (modal(draw), forms(draw));
                let consent =
                    if draw.one_in(2) { both(", with consent", ", khi có sự đồng ý") } else { same("") };
                fill("{0} {1} {2}{3}", "{0} {1} {2}{3}", &[&received, &passive, &done, &consent])
            }
            Form::Term => {
                let (english, vietnamese) = draw.of(&[
                    ("a delegation must state a term", "việc ủy quyền phải nêu thời hạn"),
                    ("a decentralisation must state a term", "việc phân cấp phải nêu thời hạn"),
                    ("an entrustment must state a term", "việc giao phải nêu thời hạn"),
                ]);
                both(english, vietnamese)
            }
            Form::Table => both("table han-muc", "bảng han-muc"),
            Form::Widens => {
                let levels = &self.catalogue.levels;
                let spanned = 1 + draw.pick(levels.len() - 1);
                let to = spanned - 1 - draw.pick(spanned);
                fill(
                    "a task that spans more than one {0} is decided by the same body at {1}",
                    "việc trên địa bàn nhiều đơn vị {0} do cùng cơ quan ở {1} quyết định",
                    &[&super::catalogue::level(levels[spanned]), &super::catalogue::level(levels[to])],
                )
            }
            Form::Higher => both("a text of higher rank prevails", "văn bản có thứ bậc cao hơn được áp dụng"),
            Form::Act { kind, target } => self.act(at, *kind, *target, draw),
            Form::Extends(document) => {
                let (document, end) = (self.documents[*document].cited(), written(day(DAYS.len() - 1 - draw.pick(4))));
                fill("extends {0} through {1}", "kéo dài {0} đến hết ngày {1}", &[&document, &end])
            }
            Form::BodyExists => {
                let (body, level) = body_at_level(self.catalogue, draw);
                let words = if draw.one_in(3) {
                    both("there is {0} at {1}", "tổ chức {0} ở {1}")
                } else {
                    both("there is no {0} at {1}", "không tổ chức {0} ở {1}")
                };
                fill_both(&words, &[&body, &level])
            }
            Form::LevelExists => {
                let levels = &self.catalogue.levels;
                let level = super::catalogue::level(levels[draw.pick(levels.len())]);
                let words = if draw.one_in(3) {
                    both("there is {0}", "tổ chức {0}")
                } else {
                    both("there is no {0}", "không tổ chức {0}")
                };
                fill_both(&words, &[&level])
            }
            Form::Classifies { words, .. } => words.clone(),
            Form::Later => both(
                "of one issuer, the later text prevails",
                "cùng cơ quan ban hành thì văn bản ban hành sau được áp dụng",
            ),
            Form::Decided
            | Form::Shared
            | Form::Also
            | Form::Whoever(_)
            | Form::Frozen(_)
            | Form::NotRequired
            | Form::Governs { .. }
            | Form::Passes
            | Form::Transfer { .. }
            | Form::Pair
            | Form::ToAnyone
            | Form::Passive
            | Form::Framework
            | Form::StepIn
            | Form::Requires
            | Form::Handling(_) => unreachable!("a sentence about a task, or who may transfer"),
        }
    }

    /// The address of a sentence, or for wider reach that of what it stands in.
    fn reach(&self, target: usize, draw: &mut Draw<'_>) -> Address {
        let address = &self.placed[target].lives.1;
        let length = address.len() - draw.of(&[0, 0, 0, 1]).min(address.len() - 1);
        address[..length].to_vec()
    }

    fn act(&self, at: usize, kind: ActKind, target: usize, draw: &mut Draw<'_>) -> Both {
        let verb = match kind {
            ActKind::Repeals => both("repeals", "bãi bỏ"),
            ActKind::Replaces => both("replaces", "thay thế"),
            ActKind::Annuls => both("annuls", "hủy bỏ"),
            ActKind::Suspends => both("suspends", "ngưng hiệu lực"),
            ActKind::Restores => both("restores", "áp dụng trở lại"),
            ActKind::Amends => both("amends", "sửa đổi, bổ sung"),
        };
        let lives = &self.placed[target].lives;
        let of = self.documents[lives.0].cited();
        if kind == ActKind::Amends {
            // Its new wording lives at just this address.
            let target = fill("{0} of {1}", "{0} của {1}", &[&addresses::written(&lives.1), &of]);
            return fill("{0} {1}", "{0} {1}", &[&verb, &target]);
        }
        let whole = draw.one_in(4);
        let reach = if whole { Address::new() } else { self.reach(target, draw) };
        let cited = if whole { of } else { fill("{0} of {1}", "{0} của {1}", &[&addresses::written(&reach), &of]) };
        let inside = |other: usize| {
            let (document, address) = &self.placed[other].lives;
            *document == lives.0 && address.starts_with(&reach) && *address != reach
        };
        let inside = self.before(at, inside);
        let mut words = fill("{0} {1}", "{0} {1}", &[&verb, &cited]);
        if !inside.is_empty() && draw.one_in(2) {
            let spared = addresses::written(&self.placed[inside[draw.pick(inside.len())]].lives.1);
            words = fill("{0} except {1}", "{0} trừ {1}", &[&words, &spared]);
        }
        words
    }

    fn limits(&mut self, at: usize, ground: Option<usize>, draw: &mut Draw<'_>) -> (Vec<Line>, bool, Span) {
        let mut below = Vec::new();
        if self.is_first(at) && !draw.one_in(3) {
            return (below, false, self.period(at, &mut Draw::new(&[])).1);
        }
        if draw.one_in(5) {
            let count = 1 + usize::from(draw.one_in(3));
            let scopes: Vec<Both> = (0..count).map(|_| self.scope(at, draw)).collect();
            // Where a type stands alone there is no unit to be in.
            let (alone, units): (Vec<Both>, Vec<Both>) = scopes.into_iter().partition(|scope| {
                scope.in_language(thamquyen::syntax::tree::Language::English).starts_with("of type")
            });
            if units.is_empty() {
                below.push(Line::new(alone[0].clone()));
            } else {
                below.push(Line::new(fill("in {0}", "tại {0}", &[&list(&units)])));
            }
        }
        below.extend(self.when(at, draw));
        let (cases, all_other) = self.cases(at, draw);
        below.extend(cases);
        let (period, span) = self.period(at, draw);
        below.extend(period);
        if let Some(ground) = ground.filter(|_| !draw.one_in(6)) {
            let cited = self.cite(at, &self.placed[ground].lives.1.clone(), self.placed[ground].lives.0, draw);
            below.push(Line::new(fill("under {0}", "theo {0}", &[&cited])));
        }
        if matches!(self.placed[at].form, Form::Transfer { .. }) && draw.one_in(3) {
            below.push(Line::new(both("with consent", "với sự đồng ý")));
        }
        if matches!(self.placed[at].form, Form::Transfer { form: TransferForm::Delegate }) {
            below.extend(handling::seal(draw));
        }
        below.extend(self.displacement(at, draw));
        match draw.pick(16) {
            14 => below.push(Line::new(both("confidence M", "độ tin cậy M"))),
            15 => below.push(Line::new(both("unverified", "chưa kiểm chứng"))),
            _ => {}
        }
        (below, all_other, span)
    }

    /// A scope, perhaps of a role of the sentence's tasks.
    fn scope(&self, at: usize, draw: &mut Draw<'_>) -> Both {
        let scope = scope(self.catalogue, draw);
        let roles = self.catalogue.roles(&self.placed[at].tasks);
        let chosen = draw.place(256);
        match roles.get(chosen / 3 % roles.len().max(1)) {
            Some(of) if chosen % 3 == 2 => fill("{0} of {1}", "{0} nơi {1}", &[&scope, &super::catalogue::role(*of)]),
            _ => scope,
        }
    }

    /// The first sentence on who decides a task mostly holds everywhere and in all cases, so that the others meet it.
    fn is_first(&self, at: usize) -> bool {
        let decides = |other: usize| self.placed[other].form.sort() == 0 && self.about(at, other);
        decides(at) && self.before(at, decides).is_empty()
    }

    /// The facts that all tasks of a sentence have.
    fn facts(&self, at: usize) -> Vec<usize> {
        let Some((first, others)) = self.placed[at].tasks.split_first() else { return Vec::new() };
        let has = |task: &usize, fact: &usize| self.catalogue.tasks[*task].facts.contains(fact);
        let first = self.catalogue.tasks[*first].facts.iter().copied();
        first.filter(|fact| others.iter().all(|task| has(task, fact))).collect()
    }

    fn when(&self, at: usize, draw: &mut Draw<'_>) -> Option<Line> {
        let often = draw.one_in(if matches!(self.placed[at].form, Form::Transfer { .. }) { 5 } else { 3 });
        let form = &self.placed[at].form;
        let facts = if let Form::Classifies { from, .. } = form {
            from.clone()
        } else if matches!(form, Form::Act { .. }) && draw.one_in(6) {
            self.unclassified(at)
        } else {
            // Sentences without a task have none.
            self.facts(at)
        };
        let line = if often { condition("when", "khi", &facts, draw) } else { None };
        self.with_place_test(at, line, draw)
    }

    /// A condition, perhaps with a test of places.
    fn with_place_test(&self, at: usize, line: Option<Line>, draw: &mut Draw<'_>) -> Option<Line> {
        let tasks = &self.placed[at].tasks;
        let (roles, optional) = (self.catalogue.roles(tasks), self.catalogue.optional(tasks));
        if draw.place(5) != 4 {
            return line;
        }
        let Some(test) = place_test((&roles, &optional), &self.catalogue.levels, draw) else { return line };
        let Some(mut line) = line else { return Some(Line::new(fill("when {0}", "khi {0}", &[&test]))) };
        let english = line.words.in_language(thamquyen::syntax::tree::Language::English);
        let more = if english.ends_with("any of") { test } else { fill("and {0}", "và {0}", &[&test]) };
        line.below.push(Line::new(more));
        Some(line)
    }

    /// Facts that an act may test: not those that an older text classifies, which the act might end.
    fn unclassified(&self, at: usize) -> Vec<usize> {
        // One fact, so that not every question has to say all of them.
        let classifies = |form: &Form, wanted: usize| matches!(form, Form::Classifies { fact, .. } if *fact == wanted);
        (1..FACTS.len()).filter(|fact| !self.said_before(at, |form| classifies(form, *fact))).take(1).collect()
    }

    /// The sentences that live at an address or below it.
    fn living(&self, document: usize, address: &Address) -> Vec<usize> {
        let there = |at: &usize| {
            let (own, lives) = &self.placed[*at].lives;
            *own == document && lives.starts_with(address)
        };
        (0..self.placed.len()).filter(there).collect()
    }

    fn cite(&self, at: usize, address: &Address, document: usize, draw: &mut Draw<'_>) -> Both {
        let (own, standing) = &self.placed[at].lives;
        addresses::cited(standing, address, &self.documents[document].cited(), *own == document, draw)
    }

    /// Whether an older text than the sentence's says something of a form.
    fn said_before(&self, at: usize, form: impl Fn(&Form) -> bool) -> bool {
        let issued = |other: &Placed<'_>| self.documents[other.document].issued;
        self.placed.iter().any(|other| form(&other.form) && issued(other) < issued(&self.placed[at]))
    }

    fn cases(&mut self, at: usize, draw: &mut Draw<'_>) -> (Option<Line>, bool) {
        let form = &self.placed[at].form;
        // The cases that an act borrows may test what is classified or the limits of a table, which the act might end.
        let tested = |form: &Form| matches!(form, Form::Classifies { .. } | Form::Table);
        let may_borrow = form.of_tasks() || matches!(form, Form::Act { .. }) && !self.said_before(at, tested);
        if !draw.one_in(5) || !may_borrow {
            return (None, false);
        }
        let kind = draw.pick(3);
        let fits = |other: usize| {
            let sibling = self.placed[other].form.sort() == form.sort() && !self.said[other].all_other;
            self.about(at, other) && (kind != 2 || sibling)
        };
        let fitting = self.before(at, fits);
        let Some(cited) = draw.of_all(&fitting) else { return (None, false) };
        let reach = self.reach(cited, draw);
        let document = self.placed[cited].lives.0;
        let edges: Vec<(usize, usize)> =
            self.living(document, &reach).into_iter().filter(|other| *other != at).map(|other| (at, other)).collect();
        if !add_acyclic(&mut self.borrows, &edges) {
            return (None, false);
        }
        let cited = self.cite(at, &reach, document, draw);
        let (english, vietnamese) = [
            ("in the cases of {0}", "trong các trường hợp quy định tại {0}"),
            ("except in the cases of {0}", "trừ các trường hợp quy định tại {0}"),
            ("in all other cases of {0}", "trong các trường hợp còn lại của {0}"),
        ][kind];
        (Some(Line::new(fill(english, vietnamese, &[&cited]))), kind == 2)
    }

    /// The sentence's own days, where they leave some of its article's; and all that then hold.
    fn period(&self, at: usize, draw: &mut Draw<'_>) -> (Option<Line>, Span) {
        let brought = self.placed[at].brought_by.map_or_else(Span::default, |act| self.said[act].span);
        let article = self.article_days[at].within(brought);
        let (wanted, form, from, length) = (draw.one_in(5), draw.pick(4), draw.pick(DAYS.len() - 1), draw.pick(6));
        let before = (from + 1 + length).min(DAYS.len() - 1);
        let own = match form {
            0 => Span { from: Some(from), before: None },
            1 => Span { from: None, before: Some(before) },
            _ => Span { from: Some(from), before: Some(before) },
        };
        let days = own.within(article);
        if !wanted || days.is_empty() {
            return (None, article);
        }
        (Some(Line::new(own.words(form == 3))), days)
    }

    fn displacement(&mut self, at: usize, draw: &mut Draw<'_>) -> Option<Line> {
        let form = &self.placed[at].form;
        let competes = form.sort() <= 4 || matches!(form, Form::Handling(_));
        if !draw.one_in(8) || !competes || *form == Form::Framework {
            return None;
        }
        let like = |other: usize| self.placed[other].form.sort() == form.sort() && self.about(at, other);
        let other = draw.of_all(&self.before(at, like))?;
        let (document, address) = self.placed[other].lives.clone();
        let all = self.living(document, &address).into_iter().filter(|other| *other != at);
        let yields = draw.one_in(3);
        let edges: Vec<(usize, usize)> = all.map(|other| if yields { (other, at) } else { (at, other) }).collect();
        if !add_acyclic(&mut self.displaces, &edges) {
            return None;
        }
        let cited = self.cite(at, &address, document, draw);
        if yields {
            return Some(Line::new(fill("yields to {0}", "nhường cho {0}", &[&cited])));
        }
        let words = fill("prevails over {0}", "được ưu tiên áp dụng so với {0}", &[&cited]);
        if !draw.one_in(2) {
            return Some(Line::new(words));
        }
        let by = self.documents[draw.pick(self.documents.len())].cited();
        Some(Line::new(fill("{0}, by {1}", "{0}, theo {1}", &[&words, &by])))
    }
}

fn fill_both(template: &Both, parts: &[&Both]) -> Both {
    use thamquyen::syntax::tree::Language::{English, Vietnamese};
    fill(template.in_language(English), template.in_language(Vietnamese), parts)
}

fn sharing(draw: &mut Draw<'_>) -> Both {
    let (english, vietnamese) = draw.of(&[
        ("applicant chooses", "người yêu cầu lựa chọn"),
        ("first to accept", "người thụ lý đầu tiên"),
        ("any of them", "một trong các chủ thể"),
    ]);
    both(english, vietnamese)
}

/// One or more forms of transfer, as verbs and as participles.
fn forms(draw: &mut Draw<'_>) -> (Both, Both) {
    let decentralise = (both("decentralise", "phân cấp"), both("decentralised", "phân cấp"));
    let delegate = (both("delegate", "ủy quyền"), both("delegated", "ủy quyền"));
    let entrust = (both("entrust", "giao"), both("entrusted", "giao"));
    match draw.pick(6) {
        0 => (list(&[decentralise.0, delegate.0]), list(&[decentralise.1, delegate.1])),
        1 => delegate,
        3 => (list(&[decentralise.0, entrust.0, delegate.0]), list(&[decentralise.1, entrust.1, delegate.1])),
        4 => entrust,
        _ => decentralise,
    }
}
