//! What a text could say at all: by its kind, and because its issuer existed. Dropped before anything is ranked, so that an
//! incompetent higher text beats nobody.

use crate::rulebook::{DocumentId, ProvisionId, Seat, SeatAt, Statement, TransferForm};

use super::case::{Case, Found};
use super::{Clock, Dossier, Query};

impl<D: Dossier> Case<'_, '_, D> {
    /// The kind of document may say this kind of sentence.
    pub(super) fn may_say(&self, provision: ProvisionId) -> bool {
        let kind = &self.rules[self.rules[self.enacting(provision)].kind];
        match &self.rules[provision].statement {
            Statement::Transfer { form: TransferForm::Decentralise, .. } => kind.may_decentralise,
            Statement::Transfer { form: TransferForm::Entrust, .. } => kind.may_entrust,
            Statement::Transfer { form: TransferForm::Delegate, .. } => kind.may_delegate,
            // A text that passes tasks on may end what such a text has said.
            Statement::Act { .. } | Statement::Extends { .. } => {
                kind.may_assign || kind.may_decentralise || kind.may_entrust || kind.may_delegate
            }
            Statement::DecidedBy { .. }
            | Statement::NotRequired { .. }
            | Statement::Governs { .. }
            | Statement::Passes { .. }
            | Statement::Succeeded { .. }
            | Statement::Permission { .. }
            | Statement::Onward { .. }
            | Statement::MustStateTerm { .. }
            | Statement::Widens { .. }
            | Statement::HigherRankPrevails
            | Statement::LaterTextPrevails
            | Statement::StepIn { .. }
            | Statement::Requires { .. }
            | Statement::Handling { .. }
            | Statement::BodyExists { .. }
            | Statement::LevelExists { .. }
            | Statement::Classifies { .. }
            | Statement::Tabulates { .. } => kind.may_assign,
        }
    }

    /// The issuer existed on the day of issue.
    pub(super) fn issuer_existed(&self, document: DocumentId) -> Found<bool, D> {
        let issuer = &self.rules[document].issuer;
        let clock = Clock::Issued(document);
        let Some(unit) = issuer.unit else { return self.ask(Query::BodyDays(issuer.body, clock)) };
        self.issuers.or_find(document, || {
            self.open.issuer(document, || self.exists(Seat { body: issuer.body, at: SeatAt::Unit(unit) }, clock))
        })
    }
}
