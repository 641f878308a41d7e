//! The generated documents: who issued them and when, how they are cited, and their headings.

use thamquyen::rulebook::TransferForm;

use super::catalogue::{Catalogue, KINDS, PARLIAMENT};
use super::days::{DAYS, Span, day, written};
use super::recipe::Draw;
use super::register::{REGION, Unit};
use super::words::{Both, Line, both, fill, same};

#[derive(Debug, Clone)]
pub struct Document {
    number: String,
    /// Another document has the number too: the day of issue tells them apart.
    ambiguous: bool,
    /// Index into [`KINDS`].
    pub kind: usize,
    pub issuer: usize,
    pub unit: Option<Unit>,
    /// Index into the days.
    pub issued: usize,
    in_force: Vec<Span>,
    extras: [usize; 8],
}

impl Document {
    fn new(at: usize, catalogue: &Catalogue, draw: &mut Draw<'_>) -> Self {
        let kind = draw.of(&[0, 1, 3, 5, 5, 3, 2, 4, 1, 3, 5, 5, 6, 0, 3, 4]);
        let local = match kind {
            3 | 4 => !draw.one_in(5),
            _ => draw.one_in(6),
        };
        let issuer = if local { draw.of(&[4, 5, 3]) } else { [PARLIAMENT, 1, 2, 1, 1, 0, 1][kind] };
        let unit = local.then(|| {
            // Mostly a region, in whose territory much can happen.
            let levels = if draw.one_in(3) { &catalogue.bodies[issuer].levels[..] } else { &[REGION] };
            let units = catalogue.register.units(levels);
            units[draw.pick(units.len())]
        });
        // Laws are mostly old and what rests on them is mostly younger.
        let issued = match kind {
            5 => draw.of(&[0, 1, 2, 3, 4, 6, 0]),
            0 | 6 => draw.of(&[0, 0, 1, 3, 0, 6, 2]),
            _ => draw.of(&[1, 2, 3, 1, 4, 5, 6, 7, 9, 2]),
        };
        let from = issued + draw.of(&[0, 0, 0, 1, 0, 2]);
        let ends = draw.one_in(3) || kind == 4 && draw.one_in(2);
        let before = ends.then(|| DAYS.len() - 1 - draw.pick((DAYS.len() - 1 - from).min(5)));
        let mut in_force = vec![Span { from: Some(from), before }];
        if let Some(before) = before.filter(|before| before + 1 < DAYS.len() && draw.one_in(6)) {
            in_force.push(Span { from: Some(before + 1), before: None });
        }
        let extras = std::array::from_fn(|_| draw.pick(256));
        let number = format!("{}/20{:02}", 1 + at % 5, extras[0] % 2);
        Self { number, ambiguous: false, kind, issuer, unit, issued, in_force, extras }
    }

    /// How other documents cite it.
    pub fn cited(&self) -> Both {
        let number = if self.is_labelled() { same(format!("\"{}\"", self.number)) } else { same(self.number.clone()) };
        if !self.ambiguous {
            return number;
        }
        fill("{0} issued {1}", "{0} ngày {1}", &[&number, &written(day(self.issued))])
    }

    fn is_labelled(&self) -> bool {
        self.extras[1] % 9 == 8
    }

    pub fn assigns(&self) -> bool {
        KINDS[self.kind].assigns
    }

    pub fn transfers(&self, form: TransferForm) -> bool {
        let kind = KINDS[self.kind];
        match form {
            TransferForm::Decentralise => kind.decentralises,
            TransferForm::Entrust => kind.entrusts,
            TransferForm::Delegate => kind.delegates,
        }
    }

    pub fn heading(&self, at: usize, catalogue: &Catalogue, all: &[Self]) -> Line {
        let body = catalogue.bodies[self.issuer].words();
        let number = if self.is_labelled() { same(format!("\"{}\"", self.number)) } else { same(self.number.clone()) };
        let mark = |marked: bool| if marked { both(" unverified", " chưa kiểm chứng") } else { same("") };
        let title = same(format!(" \"Text {}\"", at + 1));
        let marked = mark(self.is_labelled() || self.extras[2] % 16 == 15);
        let words = match self.unit {
            Some(unit) => fill(
                "document {0}{3} of {1} in {2}{4}",
                "văn bản {0}{3} của {1} tại {2}{4}",
                &[&number, &body, &unit.words(), &marked, &title],
            ),
            None => fill("document {0}{1}{2}", "văn bản {0}{1}{2}", &[&number, &title, &marked]),
        };
        let kind = both(KINDS[self.kind].names.0, KINDS[self.kind].names.1);
        let issued = fill(
            "{0}, issued {1}{2}",
            "{0}, ban hành ngày {1}{2}",
            &[&kind, &written(day(self.issued)), &mark(self.extras[3] % 16 == 15)],
        );
        let issued = match self.unit {
            Some(_) => issued,
            None => fill("{0} by {1}", "{0} bởi {1}", &[&issued, &body]),
        };
        let mut below = vec![Line::new(issued)];
        for span in &self.in_force {
            let through = self.extras[4] % 4 == 3;
            let unverified = mark(self.extras[4] % 16 == 14);
            let force = fill("in force {0}{1}", "có hiệu lực {0}{1}", &[&span.words(through), &unverified]);
            below.push(Line::new(force));
        }
        self.relations(at, all, &mut below);
        Line::with(words, below)
    }

    fn relations(&self, at: usize, all: &[Self], below: &mut Vec<Line>) {
        let other = |byte: usize| (byte / 8 % all.len() != at).then(|| all[byte / 8 % all.len()].cited());
        let kind = |byte: usize| both(KINDS[byte % 5].names.0, KINDS[byte % 5].names.1);
        if self.extras[5] % 8 == 7
            && let Some(other) = other(self.extras[5])
        {
            below.push(Line::new(fill("rests on {0}", "căn cứ {0}", &[&other])));
        }
        if self.extras[6] % 8 == 7
            && let Some(other) = other(self.extras[6])
        {
            below.push(Line::new(fill(
                "prevails over {0} and lower texts, by {1}",
                "được ưu tiên áp dụng so với {0} và văn bản thấp hơn, theo {1}",
                &[&kind(self.extras[5]), &other],
            )));
        }
        if self.extras[7] % 8 == 7 {
            let from = written(day(self.extras[7] / 8 % DAYS.len()));
            below.push(Line::new(fill(
                "lapses in part where a text of rank {0} or higher, issued from {1}, decides the same task",
                "hết hiệu lực phần tương ứng khi có văn bản từ {0} trở lên, ban hành từ ngày {1}, quy định cùng nhiệm vụ",
                &[&kind(self.extras[6]), &from],
            )));
        }
        if self.extras[3] % 8 == 3 {
            below.push(Line::new(both("confidence S*", "độ tin cậy S*")));
        }
    }
}

/// The documents of a recipe, told apart by number and day of issue.
pub fn documents(bytes: &[Vec<u8>], catalogue: &Catalogue) -> Vec<Document> {
    let none = [Vec::new()];
    let bytes = if bytes.is_empty() { &none[..] } else { bytes };
    let mut all: Vec<Document> =
        bytes.iter().enumerate().map(|(at, bytes)| Document::new(at, catalogue, &mut Draw::new(bytes))).collect();
    for at in 1..all.len() {
        let (before, rest) = all.split_at_mut(at);
        let document = &mut rest[0];
        for other in before.iter_mut().filter(|other| other.number == document.number) {
            if other.issued == document.issued {
                document.number = format!("{}/2099", 10 + at);
                document.ambiguous = false;
                break;
            }
            other.ambiguous = true;
            document.ambiguous = true;
        }
    }
    // A number that was given away leaves nobody to be told apart from, which harms nobody.
    all
}
