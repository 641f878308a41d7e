//! What answers take on the heap, for caches that are bounded in bytes: what their lists have room for, and not what the
//! allocator adds.

use super::{Answer, Branch, Choice, LeadsTo, Named, NextQuestion, Question};
use crate::rulebook::{Handling, Paper, Procedure, Value};

impl Answer {
    /// What it takes on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let lists = room(&self.deciders) + room(&self.requirements) + room(&self.may_step_in);
        let law = room(&self.grounds) + room(&self.record);
        self.question.bytes()
            + lists
            + handling(&self.handling)
            + law
            + self.next.as_ref().map_or(0, NextQuestion::bytes)
    }
}

impl Question {
    fn bytes(&self) -> usize {
        let places: usize = self.places.iter().map(room).sum();
        let facts: usize = self.facts.iter().map(|(_, said)| value(said)).sum();
        room(&self.places) + places + room(&self.without) + room(&self.facts) + facts
    }
}

impl NextQuestion {
    fn bytes(&self) -> usize {
        room(&self.branches) + self.branches.iter().map(Branch::bytes).sum::<usize>()
    }
}

impl Branch {
    fn bytes(&self) -> usize {
        let leads_to = match &self.leads_to {
            LeadsTo::Ruling { deciders, requirements, may_step_in, handling: handled, grounds, .. } => {
                room(deciders) + room(requirements) + room(may_step_in) + handling(handled) + room(grounds)
            }
            LeadsTo::Further(further) => size_of::<NextQuestion>() + further.bytes(),
        };
        room(&self.choices) + self.choices.iter().map(choice).sum::<usize>() + leads_to
    }
}

fn handling(all: &Vec<Handling<Named>>) -> usize {
    let own = |one: &Handling<Named>| match one {
        Handling::Procedure(Procedure { received_by, stages, result }) => {
            let steps: usize = stages.iter().map(|stage| room(&stage.by)).sum();
            let paper =
                |paper: &Paper| paper.vietnamese.capacity() + paper.english.as_ref().map_or(0, String::capacity);
            room(received_by) + room(stages) + steps + result.as_ref().map_or(0, paper)
        }
        Handling::Signers(signers) => room(signers),
        Handling::Limit(_) | Handling::NoDeputy | Handling::Seal(_) => 0,
    };
    room(all) + all.iter().map(own).sum::<usize>()
}

fn choice(choice: &Choice) -> usize {
    match choice {
        Choice::Value(one) => value(one),
        Choice::Range { low, high } => [low, high].into_iter().flatten().map(|end| value(&end.value)).sum(),
        Choice::Highest(all) | Choice::Lowest(all) | Choice::All(all) | Choice::Any(all) => room(all),
        Choice::Place { localities, .. } => room(localities),
        Choice::Reading(_) | Choice::NoPlace => 0,
    }
}

fn value(value: &Value) -> usize {
    match value {
        // A set lies in nodes, each about half full.
        Value::Many(set) => size_of::<usize>() * 4 + 2 * set.len(),
        Value::Boolean(_) | Value::One(_) | Value::Number(_) | Value::Date(_) | Value::Level(_) => 0,
    }
}

fn room<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}
