//! Who carries on for a body. Sentences on one body compete like all others; those that prevail are followed in the order of
//! their first days, each once, like passings by law: so that a body that was merged and restored needs no special case.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;

use super::{At, Judged};
use crate::register::LocalityId;
use crate::rulebook::{BodyId, ProvisionId, Seat, Statement};

/// For each first day, which body carries on for which, and the sentences that say so.
pub(super) type Successions = BTreeMap<Option<Date>, BTreeMap<BodyId, (BodyId, Vec<ProvisionId>)>>;

impl At<'_> {
    /// The body that carries on for a body on the clock's day where it is spoken of, with the sentences that say so.
    pub(super) fn succession(&self, body: BodyId, place: Option<LocalityId>) -> Judged<(BodyId, Vec<ProvisionId>)> {
        let mut now = body;
        let mut by_way_of = Vec::new();
        for steps in self.successions(place)?.values() {
            if let Some((by, ids)) = steps.get(&now) {
                now = *by;
                by_way_of.extend(ids);
            }
        }
        Ok((now, by_way_of))
    }

    pub(super) fn succeed(&self, seat: Seat, place: Option<LocalityId>) -> Judged<Seat> {
        Ok(Seat { body: self.succession(seat.body, place)?.0, at: seat.at })
    }

    fn successions(&self, place: Option<LocalityId>) -> Judged<Rc<Successions>> {
        if let Some(known) = self.successions.borrow().get(&place) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(self.prevailing(place)?);
        self.successions.borrow_mut().insert(place, Rc::clone(&found));
        Ok(found)
    }

    /// A body for which prevailing sentences name unlike ones is succeeded by none.
    fn prevailing(&self, place: Option<LocalityId>) -> Judged<Successions> {
        let mut of_body: BTreeMap<BodyId, Vec<ProvisionId>> = BTreeMap::new();
        for id in &self.support.successions {
            if let Statement::Succeeded { body, .. } = self.rulebook[*id].statement
                && self.speaks(*id, place)?
            {
                of_body.entry(body).or_default().push(*id);
            }
        }
        let mut groups = Successions::new();
        for (body, speaking) in of_body {
            let winners = self.win_at(&speaking, place)?;
            let mut said = winners.iter().filter_map(|id| {
                if let Statement::Succeeded { by, .. } = self.rulebook[*id].statement { Some(by) } else { None }
            });
            let Some(by) = said.next() else { continue };
            if said.all(|other| other == by) {
                let first = winners.iter().map(|id| self.rulebook.start(*id)).min().flatten();
                groups.entry(first).or_default().insert(body, (by, winners));
            }
        }
        Ok(groups)
    }
}
