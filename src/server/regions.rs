//! What is known of a region: a tree over the facts that were looked at, grown by one ruling at a time. Two questions of a
//! region that agree in these facts have the same ruling, whatever else they say.

use std::sync::Arc;

use super::answers::Ruling;

/// No tree grows beyond this: what is asked in so many ways is found by its cell.
const LEAVES: usize = 256;

#[derive(Debug, Clone)]
pub(super) enum Known {
    Ruling(Arc<Ruling>),
    /// The index of a fact; for each of its cells that was met (none where it was not said) what is below it.
    Fact(usize, Vec<(Option<u32>, Known)>),
}

impl Known {
    /// One ruling, behind the facts that were looked at.
    pub(super) fn new(read: &[usize], facts: &[Option<u32>], ruling: &Arc<Ruling>) -> Self {
        let above = |below: Self, fact: &usize| Self::Fact(*fact, vec![(cell(facts, *fact), below)]);
        read.iter().rev().fold(Self::Ruling(Arc::clone(ruling)), above)
    }

    pub(super) fn get(&self, facts: &[Option<u32>]) -> Option<&Arc<Ruling>> {
        let mut here = self;
        loop {
            match here {
                Self::Ruling(ruling) => return Some(ruling),
                Self::Fact(fact, branches) => {
                    let cell = cell(facts, *fact);
                    here = branches.iter().find(|(own, _)| *own == cell).map(|(_, below)| below)?;
                }
            }
        }
    }

    /// The same with one more ruling; `None` when the tree is full grown.
    pub(super) fn with(&self, read: &[usize], facts: &[Option<u32>], ruling: &Arc<Ruling>) -> Option<Self> {
        if self.leaves() >= LEAVES {
            return None;
        }
        let mut whole = self.clone();
        let mut here = &mut whole;
        for (place, fact) in read.iter().enumerate() {
            let Self::Fact(own, branches) = here else { break };
            if own != fact {
                break;
            }
            let cell = cell(facts, *fact);
            let at = branches.iter().position(|(own, _)| *own == cell);
            let Some(at) = at else {
                let rest = read.get(place + 1..).unwrap_or(&[]);
                branches.push((cell, Self::new(rest, facts, ruling)));
                break;
            };
            here = branches.get_mut(at).map(|(_, below)| below)?;
        }
        Some(whole)
    }

    fn leaves(&self) -> usize {
        match self {
            Self::Ruling(_) => 1,
            Self::Fact(_, branches) => branches.iter().map(|(_, below)| below.leaves()).sum(),
        }
    }

    /// What it takes on the heap, rulings included: they are nowhere else.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Ruling(ruling) => size_of::<Ruling>() + ruling.bytes(),
            Self::Fact(_, branches) => {
                branches.iter().map(|(_, below)| size_of::<(Option<u32>, Self)>() + below.bytes()).sum()
            }
        }
    }
}

fn cell(facts: &[Option<u32>], fact: usize) -> Option<u32> {
    facts.get(fact).copied().flatten()
}
