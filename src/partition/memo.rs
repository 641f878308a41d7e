//! Remembered evaluations. A pure function of answers asks its first question always, and each further one only for what it was
//! answered: so its evaluations make a tree of questions, and one that was made need not be made again.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::applicability::Region;
use crate::resolution::{Dossier, Query};

/// What an evaluation comes to next: a question with what follows each answer once that is known, or the result's number.
#[derive(Debug)]
enum Known {
    Ask { query: Query, no: Option<usize>, yes: Option<usize> },
    Result(u32),
}

/// The tree of one function's evaluations; the first node is the root.
#[derive(Debug, Default)]
pub(super) struct Memo {
    known: Vec<Known>,
}

/// A function of answers, whose results are numbered.
pub(super) trait Function {
    fn evaluate(&mut self, dossier: &Recorder<'_, '_>) -> Result<u32, Stopped>;
}

/// An evaluation came to a question that its region does not answer. Only a [`Recorder`] makes it.
#[derive(Debug)]
pub(super) struct Stopped(());

/// Answers from a region, written down.
pub(super) struct Recorder<'a, 'r> {
    region: &'a Region<'r>,
    answered: RefCell<BTreeMap<Query, bool>>,
    log: RefCell<Vec<(Query, bool)>>,
    /// The question that the region does not answer.
    open: RefCell<Option<Query>>,
}

impl Dossier for Recorder<'_, '_> {
    type Unsettled = Stopped;

    fn ask(&self, query: &Query) -> Result<bool, Stopped> {
        if let Some(answer) = self.answered.borrow().get(query) {
            return Ok(*answer);
        }
        match self.region.ask(query) {
            Ok(answer) => {
                self.answered.borrow_mut().insert(query.clone(), answer);
                self.log.borrow_mut().push((query.clone(), answer));
                Ok(answer)
            }
            Err(_) => {
                self.open.borrow_mut().get_or_insert_with(|| query.clone());
                Err(Stopped(()))
            }
        }
    }
}

/// Where an exploration stands: a region, and how far its evaluation is.
pub(super) enum Step<'r> {
    /// The region's result.
    Result(Region<'r>, u32),
    /// The region is split at an answer that it does not give: the question, and the parts.
    Split(Query, Vec<Open<'r>>),
}

/// A region whose evaluation is to be followed from a node on.
pub(super) struct Open<'r> {
    region: Region<'r>,
    node: usize,
}

impl<'r> Open<'r> {
    pub(super) fn new(region: Region<'r>) -> Self {
        Self { region, node: 0 }
    }
}

impl Memo {
    /// Follows a region's evaluation to its result, or to the first question that it does not answer.
    pub(super) fn follow<'r>(&mut self, open: Open<'r>, function: &mut impl Function) -> Step<'r> {
        let Open { region, mut node } = open;
        loop {
            let (query, no, yes) = match self.known.get(node) {
                Some(Known::Result(result)) => return Step::Result(region, *result),
                Some(Known::Ask { query, no, yes }) => (query, *no, *yes),
                None => {
                    self.learn(&region, function);
                    continue;
                }
            };
            match region.ask(query) {
                Err(unsettled) => {
                    let query = query.clone();
                    let parts = region.split(&unsettled).into_iter().map(|region| Open { region, node }).collect();
                    return Step::Split(query, parts);
                }
                Ok(answer) => match if answer { yes } else { no } {
                    Some(next) => node = next,
                    None => self.learn(&region, function),
                },
            }
        }
    }

    /// Evaluates the function on the region, as far as it is answered, and remembers.
    fn learn(&mut self, region: &Region<'_>, function: &mut impl Function) {
        let recorder =
            Recorder { region, answered: RefCell::default(), log: RefCell::default(), open: RefCell::default() };
        let result = function.evaluate(&recorder);
        let end = match (recorder.open.into_inner(), result) {
            (Some(query), _) => Known::Ask { query, no: None, yes: None },
            (None, Ok(result)) => Known::Result(result),
            // Nothing stopped it, so it has a result.
            (None, Err(Stopped(()))) => Known::Result(0),
        };
        let mut steps = recorder.log.into_inner().into_iter();
        let mut node = 0;
        let mut last = steps.next();
        while let Some((query, answer)) = last.take() {
            last = steps.next();
            if node == self.known.len() {
                self.known.push(Known::Ask { query, no: None, yes: None });
            }
            let new = self.known.len();
            let Some(Known::Ask { no, yes, .. }) = self.known.get_mut(node) else { return };
            let next = if answer { yes } else { no };
            node = *next.get_or_insert(new);
        }
        if node == self.known.len() {
            self.known.push(end);
        }
    }
}
