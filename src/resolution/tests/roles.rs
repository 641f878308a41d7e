//! The new things that a rulebook can say of places, dealt out over the sentences of a mixture: several roles of which some may
//! be empty, alternatives and fallbacks, any unit, one of several, what a case spans.

use crate::register::LevelId;
use crate::rulebook::{
    Candidate, Clause, Deciders, Names, Role, RoleId, Rulebook, SeatAt, Sharing, Statement, TaskId, Test,
};

use super::Draw;
use super::mixture::{count, may_be_here, may_test, seats_of};

/// Gives a task some roles, and its sentences places in them. A role that it had stays one of them.
pub(super) fn deal(rules: &mut Rulebook, task: TaskId, draw: &mut Draw) {
    let index = task.0 as usize;
    let mut roles = rules.tasks[index].roles.clone();
    for _ in 0..draw.below(3) {
        let id = format!("vai-{}", rules.roles.len());
        let names = Names::new(id.clone(), id.clone(), id);
        roles.push(RoleId(count(rules.roles.len())));
        rules.roles.push(Role { names });
    }
    let drawn = draw.below(roles.len());
    roles.rotate_left(drawn);
    rules.tasks[index].optional = roles.iter().copied().filter(|_| draw.below(3) == 0).collect();
    rules.tasks[index].roles.clone_from(&roles);
    let levels = rules.levels.len();
    for provision in &mut rules.provisions {
        let mut dealer = Deal { roles: &roles, levels, draw: &mut *draw };
        if provision.statement.task() == Some(task) {
            dealer.statement(&mut provision.statement);
        }
        for scope in &mut provision.scopes {
            scope.role = dealer.once_in(4).then(|| dealer.role());
        }
        if dealer.once_in(5) && may_test(&provision.statement) {
            let test = dealer.test();
            provision.condition.get_or_insert_default().clauses.push(Clause::Test(test));
        }
    }
}

struct Deal<'d> {
    roles: &'d [RoleId],
    levels: usize,
    draw: &'d mut Draw,
}

impl Deal<'_> {
    fn once_in(&mut self, many: usize) -> bool {
        self.draw.below(many) == 0
    }

    fn role(&mut self) -> RoleId {
        self.roles[self.draw.below(self.roles.len())]
    }

    fn level(&mut self) -> LevelId {
        LevelId(u8::try_from(self.draw.below(self.levels)).expect("few levels"))
    }

    fn test(&mut self) -> Test {
        let (role, yes) = (self.role(), self.once_in(2));
        if self.once_in(2) {
            Test::HasPlace { role, there: yes }
        } else {
            Test::Spans { role, level: self.level(), several: yes }
        }
    }

    fn statement(&mut self, statement: &mut Statement) {
        let moves = may_be_here(statement);
        for seat in seats_of(statement) {
            let SeatAt::Level { level, .. } = seat.at else { continue };
            let role = self.role();
            seat.at = match self.draw.below(8) {
                0 => SeatAt::Any { level },
                1..4 if moves && self.roles.len() > 1 => SeatAt::Here { level },
                _ => SeatAt::Level { level, role },
            };
        }
        if let Statement::Requires { of, .. } = statement
            && let SeatAt::Level { level, role } = of.at
            && self.once_in(3)
        {
            of.at = SeatAt::Others { level, role };
        } else if let Statement::DecidedBy { by: Deciders::Seats { seats, sharing }, .. } = statement {
            self.candidates(seats, sharing);
        }
    }

    /// As binding makes them: several share, but those that stand in for others need not.
    fn candidates(&mut self, seats: &mut Vec<Candidate>, sharing: &mut Option<Sharing>) {
        let Some(first) = seats.first().cloned() else { return };
        let SeatAt::Level { level, role } = first.seat.at else { return };
        let one_of = self.once_in(3);
        let (or, stands_in) = (self.once_in(3), self.once_in(3));
        if or || stands_in {
            let mut next = first;
            let other = self.role();
            next.seat.at = SeatAt::Level { level, role: other };
            next.lacking = if or { Vec::new() } else { vec![role] };
            seats.push(next);
        }
        seats.iter_mut().filter(|own| matches!(own.seat.at, SeatAt::Level { .. })).for_each(|own| own.one_of = one_of);
        if or || one_of {
            sharing.get_or_insert(Sharing::AnyOf);
        }
    }
}
