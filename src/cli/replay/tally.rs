//! A log walked through once: what is in it, and what came of asking again. Knows no words.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;

use super::shelf::{Rules, Shelf};
use crate::digest::Digest;
use crate::reading::logged::{Again, Difference, Ruling, Told, again};
use crate::reading::report;
use crate::reading::trouble::Trouble;
use crate::ruling::Question;
use crate::server::decisions::read::{Broken, Line, Lines};
use crate::server::decisions::record::{Begins, Given, Link, Says, SetAside, Via};
use crate::store::fault::Fault;

/// So many different questions are remembered with what came of them; then all are forgotten.
const REMEMBERED: usize = 1 << 16;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) records: u64,
    /// Numbers of the first and the last record, and the hash of the last.
    pub(super) span: Option<(u64, Link)>,
    pub(super) starts: u64,
    /// Chains that begin behind others.
    pub(super) anew: u64,
    /// Services that ended without saying so.
    pub(super) stopped: u64,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) publications: u64,
    pub(super) lost: u64,
    pub(super) answers: u64,
    pub(super) same: u64,
    /// Answers that depend on what is hidden, and how often on which fact.
    pub(super) hidden: u64,
    pub(super) hidden_facts: BTreeMap<String, u64>,
    /// How often an answer is of a version that the store does not have.
    pub(super) unknown: BTreeMap<String, u64>,
    pub(super) counts: BTreeMap<Difference, u64>,
    /// The first ones of each class.
    pub(super) changes: BTreeMap<Difference, Vec<Change>>,
    /// The samples and salts under which it was written.
    pub(super) one_in: u64,
    pub(super) other_salts: u64,
    /// Where it is not what was written: nothing behind it was read.
    pub(super) broken: Option<Broken>,
    /// Why a version of the store cannot be read: nothing behind that was asked.
    pub(super) fault: Option<Fault>,
}

/// An answer that would be another.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) record: u64,
    pub(super) at: Timestamp,
    pub(super) via: Via,
    pub(super) request: Option<String>,
    pub(super) told: Told,
    /// The rules that were asked again.
    pub(super) rules: Rc<Rules>,
    pub(super) now: Now,
    /// How often it was given.
    pub(super) times: u64,
}

/// What comes of the question now.
#[derive(Debug)]
pub(super) enum Now {
    Ruled(Box<Ruling>, Box<Question>),
    Refused(Box<Trouble>),
}

/// What came of a question, in short.
#[derive(Debug, Clone)]
enum Short {
    Same,
    Hidden(Vec<String>),
    Differs(Difference),
}

impl Tally {
    /// Walks through a log, to its end or to where it is broken, and asks the rules of a shelf again, where there is one. The
    /// salt is known by its id.
    pub(super) fn of(lines: Lines<'_>, shelf: Option<&mut Shelf>, salt: Option<&str>, limit: usize) -> Self {
        let mut tally = Self { one_in: 1, ..Self::default() };
        let mut walk = Walk { shelf, salt, limit, known: BTreeMap::new() };
        for line in lines {
            match line {
                Ok(line) => walk.take(&mut tally, line),
                Err(broken) => tally.broken = Some(broken),
            }
            if tally.fault.is_some() {
                break;
            }
        }
        tally
    }

    pub(super) fn differs(&self) -> u64 {
        self.counts.values().sum()
    }

    fn begins(&mut self, begins: Begins, salt: Option<&str>) {
        self.starts += 1;
        self.one_in = self.one_in.max(begins.one_in);
        self.stopped += u64::from(begins.after == Some(crate::server::decisions::record::After::Stopped));
        self.set_aside.extend(begins.set_aside);
        self.other_salts += u64::from(salt.is_some_and(|salt| salt != begins.salt));
    }
}

struct Walk<'a> {
    shelf: Option<&'a mut Shelf>,
    salt: Option<&'a str>,
    limit: usize,
    /// By the hash of question and ruling; with it the place among the changes that are told.
    known: BTreeMap<Digest, (Short, Option<usize>)>,
}

impl Walk<'_> {
    fn take(&mut self, tally: &mut Tally, Line { record, link, begins_anew, .. }: Line) {
        tally.records += 1;
        tally.anew += u64::from(begins_anew);
        tally.span = Some((tally.span.map_or(record.n, |(first, _)| first), link));
        match record.says {
            Says::Begins(begins) => tally.begins(begins, self.salt),
            Says::Publication(_) => tally.publications += 1,
            Says::Gap(gap) => tally.lost += gap.lost,
            Says::Ends(_) => {}
            Says::Answer(given) => {
                tally.answers += 1;
                match self.shelf.as_deref_mut().map(|shelf| shelf.rules(&given.told)) {
                    None => {}
                    Some(Ok(Some(rules))) => self.ask(tally, &rules, (record.n, record.at), given),
                    Some(Ok(None)) => *tally.unknown.entry(given.told.version).or_default() += 1,
                    Some(Err(fault)) => tally.fault = Some(fault),
                }
            }
        }
    }

    fn ask(
        &mut self,
        tally: &mut Tally,
        rules: &Rc<Rules>,
        (record, at): (u64, Timestamp),
        Given { request, via, told, .. }: Given,
    ) {
        let (library, version) = (&rules.library, &rules.library.version);
        let key = Digest::of(report::json(&(version, &told.question, &told.ruling)).to_string().as_bytes());
        if !self.known.contains_key(&key) {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            rules.count();
            let value = |id: &str, hash: &str| rules.found.value(id, hash);
            let (short, now) = match again(library.law(), library.cells.get(), &told, &value) {
                Again::Same => (Short::Same, None),
                Again::Hidden(facts) => (Short::Hidden(facts), None),
                Again::Differs(difference, ruling, question) => {
                    (Short::Differs(difference), Some(Now::Ruled(ruling, question)))
                }
                Again::Refused(trouble) => (Short::Differs(Difference::Refused), Some(Now::Refused(trouble))),
            };
            let mut place = None;
            if let (Short::Differs(difference), Some(now)) = (&short, now) {
                let told_of = tally.changes.entry(*difference).or_default();
                if told_of.len() < self.limit {
                    place = Some(told_of.len());
                    told_of.push(Change { record, at, via, request, told, rules: Rc::clone(rules), now, times: 0 });
                }
            }
            self.known.insert(key, (short, place));
        }
        match self.known.get(&key) {
            Some((Short::Hidden(facts), _)) => {
                tally.hidden += 1;
                for fact in facts {
                    *tally.hidden_facts.entry(fact.clone()).or_default() += 1;
                }
            }
            Some((Short::Differs(difference), place)) => {
                *tally.counts.entry(*difference).or_default() += 1;
                let told_of = tally.changes.get_mut(difference).and_then(|all| all.get_mut((*place)?));
                told_of.into_iter().for_each(|change| change.times += 1);
            }
            Some((Short::Same, _)) | None => tally.same += 1,
        }
    }
}
