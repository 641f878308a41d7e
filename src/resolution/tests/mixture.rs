//! Rulebooks that nobody would write: the sentences of several cases in one, on one task, with dates, kinds, issuers, places,
//! conditions and targets dealt out anew. Knows only what binding would refuse, and keeps clear of it.

use crate::rulebook::{
    Cases, CasesKind, Deciders, DocumentId, Handling, PrevailsOver, Provision, ProvisionId, ReadingId, Rulebook,
    SealOf, Seat, SeatAt, Sharing, Statement, TaskId, TextId, TransferForm, Within,
};

use super::Draw;

/// The first rulebook with the sentences of the others added.
pub(super) fn merged(of: &[&Rulebook]) -> Rulebook {
    let mut all = of[0].clone();
    for other in &of[1..] {
        assert_eq!(all.bodies.len(), other.bodies.len(), "the cases share a catalogue");
        let by = Offset {
            documents: count(all.documents.len()),
            texts: count(all.texts.len()),
            provisions: count(all.provisions.len()),
            readings: count(all.readings.len()),
        };
        for mut document in other.documents.iter().cloned() {
            document.rests_on.clear();
            if let Some(prevails) = &mut document.prevails {
                prevails.by = by.document(prevails.by);
            }
            all.documents.push(document);
        }
        for mut text in other.texts.iter().cloned() {
            text.document = by.document(text.document);
            text.enacted_by = by.document(text.enacted_by);
            all.texts.push(text);
        }
        for mut reading in other.readings.iter().cloned() {
            reading.text = TextId(reading.text.0 + by.texts);
            reading.settled.iter_mut().for_each(|(document, _)| *document = by.document(*document));
            all.readings.push(reading);
        }
        all.provisions.extend(other.provisions.iter().map(|provision| by.provision_of(provision)));
    }
    all
}

pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).expect("few")
}

struct Offset {
    documents: u32,
    texts: u32,
    provisions: u32,
    readings: u32,
}

impl Offset {
    const fn document(&self, id: DocumentId) -> DocumentId {
        DocumentId(id.0 + self.documents)
    }

    fn shift(&self, ids: &mut [ProvisionId]) {
        ids.iter_mut().for_each(|id| id.0 += self.provisions);
    }

    fn provision_of(&self, provision: &Provision) -> Provision {
        let mut new = provision.clone();
        new.text = TextId(new.text.0 + self.texts);
        new.reading = new.reading.map(|(reading, option)| (ReadingId(reading.0 + self.readings), option));
        self.shift(&mut new.yields);
        for claim in &mut new.prevails {
            self.shift(&mut claim.over);
            claim.by = claim.by.map(|by| self.document(by));
        }
        new.cases.iter_mut().for_each(|cases| self.shift(&mut cases.of));
        if let Statement::Transfer { under: Some(under), .. } = &mut new.statement {
            self.shift(under);
        } else if let Statement::Act { hits, documents, .. } = &mut new.statement {
            self.shift(hits);
            documents.iter_mut().for_each(|document| *document = self.document(*document));
        } else if let Statement::Extends { document, .. } = &mut new.statement {
            *document = self.document(*document);
        }
        new
    }
}

/// Deals out anew.
pub(super) struct Dealer<'d> {
    pub(super) rules: Rulebook,
    pub(super) task: TaskId,
    pub(super) draw: &'d mut Draw,
}

impl Dealer<'_> {
    pub(super) fn deal(mut self, changes: usize) -> Rulebook {
        for index in 0..self.rules.provisions.len() {
            if self.draw.below(3) > 0 {
                retarget(&mut self.rules.provisions[index].statement, self.task);
            }
        }
        self.seats();
        self.issuers();
        for _ in 0..changes {
            self.change();
        }
        self.repair();
        self.rules
    }

    /// Seats from few, so that what one receives another passes on.
    fn seats(&mut self) {
        let named = |provision: &Provision| {
            if let Statement::Transfer { giver, to, .. } = provision.statement {
                vec![giver, to]
            } else if let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = &provision.statement {
                seats.iter().map(|candidate| candidate.seat).collect()
            } else {
                Vec::new()
            }
        };
        let all: Vec<Seat> = self.rules.provisions.iter().flat_map(named).collect();
        let few: Vec<Seat> = (0..5).map(|_| all[self.draw.below(all.len())]).collect();
        for provision in &mut self.rules.provisions {
            let (one, other) = (few[self.draw.below(5)], few[self.draw.below(5)]);
            let drawn = self.draw.below(4);
            if let Statement::Transfer { giver, to, under, .. } = &mut provision.statement {
                (*giver, *to) = (one, other);
                if drawn > 0 {
                    *under = None;
                }
            } else if let Statement::Passes { from, to, .. } = &mut provision.statement {
                (*from, *to) = (vec![one], other);
            } else if let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = &mut provision.statement
                && drawn > 1
            {
                seats[0].seat = one;
            } else if let Statement::Handling { says, .. } = &mut provision.statement {
                says.named_mut().into_iter().skip(drawn).for_each(|seat| *seat = one);
            }
        }
    }

    /// Few issuers, so that the later text often prevails; most of them national, so that it speaks everywhere.
    fn issuers(&mut self) {
        let nation = self.rules.documents.iter().find(|document| document.issuer.unit.is_none()).cloned();
        for document in &mut self.rules.documents {
            if let (Some(nation), true) = (&nation, self.draw.below(3) > 0) {
                document.issuer = nation.issuer.clone();
            }
        }
    }

    fn change(&mut self) {
        let documents = self.rules.documents.len();
        let (to, from) = (self.draw.below(documents), self.draw.below(documents));
        let source = self.rules.documents[from].clone();
        match self.draw.below(8) {
            0 => {
                self.rules.documents[to].issued = source.issued;
                self.rules.documents[to].in_force = source.in_force;
            }
            1 => self.rules.documents[to].kind = source.kind,
            2 => self.rules.documents[to].issuer = source.issuer,
            3 => self.rules.documents[to].lapses = source.lapses,
            4 => {
                self.rules.documents[to].prevails = source.prevails;
                self.rules.documents[to].in_force.extend(source.in_force);
            }
            _ => self.change_provision(),
        }
    }

    fn change_provision(&mut self) {
        let provisions = self.rules.provisions.len();
        let (to, from) = (self.draw.below(provisions), self.draw.below(provisions));
        let source = self.rules.provisions[from].clone();
        let other = ProvisionId(count(self.draw.below(provisions)));
        let document = DocumentId(count(self.draw.below(self.rules.documents.len())));
        let tests = may_test(&self.rules.provisions[to].statement);
        let pick = self.draw.below(12);
        let provision = &mut self.rules.provisions[to];
        match pick {
            0 if tests => provision.condition = source.condition,
            1 => provision.scopes = source.scopes,
            2 => provision.days = source.days,
            // A sentence cites only what stands before it, so that none cites itself.
            3 if tests && from < to && may_test(&source.statement) => {
                let kind = [CasesKind::In, CasesKind::Except][from % 2];
                provision.cases = vec![Cases { kind, of: vec![ProvisionId(count(from))] }];
            }
            4 => provision.yields = vec![other],
            5 => {
                let by = (from % 2 == 0).then_some(document);
                provision.prevails = vec![PrevailsOver { over: vec![other, ProvisionId(count(from))], by }];
            }
            6 => provision.text = source.text,
            7 if provision.reading.is_none() && source.reading.is_none() && keeps_cycles_out(&source.statement) => {
                if keeps_cycles_out(&provision.statement) {
                    provision.statement = source.statement;
                }
            }
            _ => nudge(&mut provision.statement, other, document, from),
        }
    }

    /// Acts hit only what was issued before, seats are at places of their tasks, and every table says the same.
    fn repair(&mut self) {
        let issued: Vec<_> =
            (0..self.rules.provisions.len()).map(|i| self.rules.issued(ProvisionId(count(i)))).collect();
        let of_document: Vec<_> = self.rules.documents.iter().map(|document| document.issued).collect();
        for (index, provision) in self.rules.provisions.iter_mut().enumerate() {
            if let Statement::Act { hits, documents, .. } = &mut provision.statement {
                hits.sort();
                hits.dedup();
                hits.retain(|hit| issued[hit.0 as usize] < issued[index]);
                documents.retain(|document| of_document[document.0 as usize] < issued[index]);
            }
        }
        for provision in &mut self.rules.provisions {
            let roles = provision.statement.task().map(|task| &self.rules.tasks[task.0 as usize].roles);
            if let (Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. }, Some(roles)) =
                (&mut provision.statement, roles)
            {
                // A sentence that came from another task may name places that this one does not have.
                seats.iter_mut().for_each(|own| own.lacking.retain(|role| roles.contains(role)));
            }
            let moves = may_be_here(&provision.statement);
            for seat in seats_of(&mut provision.statement) {
                if let (SeatAt::Here { level }, false, Some([first, ..])) = (seat.at, moves, roles.map(Vec::as_slice)) {
                    seat.at = SeatAt::Level { level, role: *first };
                }
                if let (SeatAt::Level { role, .. }, Some([first, ..])) = (&mut seat.at, roles.map(Vec::as_slice)) {
                    *role = *first;
                }
            }
        }
        for (task, declared) in self.rules.tasks.iter_mut().enumerate() {
            let of_task =
                |(_, provision): &(usize, &Provision)| provision.statement.task() == Some(TaskId(count(task)));
            let found = self.rules.provisions.iter().enumerate().filter(of_task);
            declared.provisions = found.map(|(index, _)| ProvisionId(count(index))).collect();
        }
    }
}

pub(super) fn seats_of(statement: &mut Statement) -> Vec<&mut Seat> {
    if let Statement::Transfer { giver, to, .. } = statement {
        vec![giver, to]
    } else if let Statement::Passes { from, to, .. } = statement {
        from.iter_mut().chain([to]).collect()
    } else if let Statement::DecidedBy { by: Deciders::Seats { seats, .. }, .. } = statement {
        seats.iter_mut().map(|candidate| &mut candidate.seat).collect()
    } else if let Statement::StepIn { seat, .. } | Statement::Requires { of: seat, .. } = statement {
        vec![seat]
    } else if let Statement::Handling { says, .. } = statement {
        says.named_mut()
    } else {
        Vec::new()
    }
}

/// A sentence whose seats may be those of the holder.
pub(super) fn may_be_here(statement: &Statement) -> bool {
    matches!(statement, Statement::Transfer { .. } | Statement::Passes { .. } | Statement::Handling { .. })
}

/// Small changes within a statement.
fn nudge(statement: &mut Statement, other: ProvisionId, document: DocumentId, drawn: usize) {
    if let Statement::Act { kind, hits, documents } = statement {
        use crate::rulebook::ActKind;
        let kinds = [ActKind::Repeals, ActKind::Suspends, ActKind::Annuls, ActKind::Restores, ActKind::Replaces];
        hits.push(other);
        match drawn % 3 {
            0 => *kind = kinds[drawn % 5],
            1 => documents.push(document),
            _ => hits.push(ProvisionId(other.0 / 2)),
        }
    } else if let Statement::Transfer { under, form, with_consent, seal, .. } = statement {
        match drawn % 5 {
            0 => *under = None,
            1 => under.get_or_insert_default().push(other),
            2 => *form = TransferForm::Delegate,
            3 => *seal = [None, Some(SealOf::Giver), Some(SealOf::Receiver)][drawn / 5 % 3],
            _ => *with_consent = !*with_consent,
        }
    } else if let Statement::DecidedBy { also, by: Deciders::Seats { seats, sharing }, .. } = statement {
        match drawn % 3 {
            0 => *also = !*also,
            1 => *sharing = Some(Sharing::ApplicantChooses),
            _ if seats.len() == 1 => *sharing = None,
            _ => {}
        }
    } else if let Statement::Handling { says, .. } = statement {
        let days = Within::Days(1 + document.0 % 2);
        match (says, drawn % 3) {
            (Handling::Procedure(procedure), 0) => procedure.stages.iter_mut().for_each(|own| own.within = Some(days)),
            (says, 1) => *says = Handling::Limit(days),
            (says, _) => *says = says.clone(),
        }
    } else if let Statement::Extends { document: of, .. } = statement {
        *of = document;
    } else if let Statement::BodyExists { exists, .. } | Statement::LevelExists { exists, .. } = statement {
        *exists = !*exists;
    }
}

fn retarget(statement: &mut Statement, to: TaskId) {
    match statement {
        // What follows another task keeps its own, so that no task follows itself.
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_), .. } => {}
        Statement::DecidedBy { task, .. }
        | Statement::NotRequired { task }
        | Statement::Governs { task, .. }
        | Statement::Passes { task, .. }
        | Statement::Transfer { task, .. }
        | Statement::StepIn { task, .. }
        | Statement::Requires { task, .. }
        | Statement::Handling { task, .. } => *task = to,
        Statement::Permission { task, .. } => *task = task.map(|_| to),
        Statement::Succeeded { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Act { .. }
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Classifies { .. } => {}
    }
}

/// Binding refuses conditions of establishment and organisation law; classifications must not lean on themselves.
pub(super) fn may_test(statement: &Statement) -> bool {
    match statement {
        Statement::DecidedBy { .. }
        | Statement::NotRequired { .. }
        | Statement::Governs { .. }
        | Statement::Passes { .. }
        | Statement::Transfer { .. }
        | Statement::Permission { task: Some(_), .. }
        | Statement::StepIn { .. }
        | Statement::Requires { .. }
        | Statement::Handling { .. }
        | Statement::Act { .. } => true,
        Statement::Permission { task: None, .. }
        | Statement::Succeeded { .. }
        | Statement::Onward { .. }
        | Statement::MustStateTerm { .. }
        | Statement::HigherRankPrevails
        | Statement::LaterTextPrevails
        | Statement::Extends { .. }
        | Statement::BodyExists { .. }
        | Statement::LevelExists { .. }
        | Statement::Widens { .. }
        | Statement::Tabulates { .. }
        | Statement::Classifies { .. } => false,
    }
}

/// A statement that may be said elsewhere: one that follows a task, or classifies, might come to lean on itself.
fn keeps_cycles_out(statement: &Statement) -> bool {
    !matches!(
        statement,
        Statement::DecidedBy { by: Deciders::WhoeverDecides(_) | Deciders::WhoeverDecided(_), .. }
            | Statement::Classifies { .. }
    )
}
