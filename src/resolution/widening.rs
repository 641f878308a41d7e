//! Cases that span several units of a holder's level, where the sentence by which it is held says nothing of that: by the
//! organisation law the same body at a higher level decides. Knows lines as they are assigned; nothing of what moves them on.

use crate::register::LevelId;
use crate::rulebook::{ProvisionId, Seat, SeatAt, Statement};
use crate::ruling::{Ground, Step};

use super::case::{Case, Found, Vantage};
use super::holding::Line;
use super::{Clock, Dossier};

impl<D: Dossier> Case<'_, '_, D> {
    /// The line, moved up for as long as the case spans several units of its level, the law of the day says where to, and the
    /// same body is there.
    pub(super) fn widened(&self, mut line: Line, clock: Clock) -> Found<Line, D> {
        while let SeatAt::Level { level, role } = line.holder.seat.at
            && line.silent_on_spans
            && !self.sources.widening(level).is_empty()
            && self.spanned(line.holder.seat, clock)?
            && let Some((to, by)) = self.wider(level, Vantage { site: line.site, clock })?
        {
            let seat = Seat { at: SeatAt::Level { level: to, role }, ..line.holder.seat };
            if !self.exists(seat, clock)? {
                break;
            }
            line.holder.seat = seat;
            line.holder.answerable = seat;
            line.grounds.extend(by.into_iter().map(|provision| Ground { step: Step::Widens, provision }));
        }
        Ok(line)
    }

    /// The level that decides where several units of a level are spanned, and by what: none where those that prevail disagree.
    fn wider(&self, level: LevelId, at: Vantage) -> Found<Option<(LevelId, Vec<ProvisionId>)>, D> {
        let winners = self.prevailing(self.sources.widening(level), at)?;
        let mut levels = winners.iter().filter_map(|winner| {
            if let Statement::Widens { to, .. } = self.rules[*winner].statement { Some(to) } else { None }
        });
        let to = levels.next().filter(|to| levels.all(|other| other == *to));
        Ok(to.map(|to| (to, winners)))
    }
}
