//! `/v1/audit`: decisions already signed, in (CSV with a header, or an object on each line), and whether the signer was
//! competent then, out, an object on a line, in their order, as `tq audit --format json` has it. A bad row is answered as such
//! and stops no other. One library judges all of them.

mod lines;
mod table;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Extract;
use axum::response::Response;
use tokio::sync::mpsc;

use super::arrival::Headers;
use super::caller::Caller;
use super::places::Place;
use super::problem::{Kind, Problem};
use super::request::{self, Call};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use super::stream::{self, Out, Piece};
use super::{State, batch, content};
use crate::library::Library;
use crate::reading::ask::cell::Cells;
use crate::reading::audit::columns::{self, Columns, Wrong};
use crate::reading::audit::{Auditor, Finding, Row, said};
use crate::reading::naming::Voice;
use crate::reading::report;
use crate::syntax::tree::Language;

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    Lines,
}

pub(super) async fn post(
    Extract(state): Extract<State>,
    caller: Caller,
    Headers(headers): Headers,
    body: Body,
) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let form = if batch::is_lines(&headers) {
        Form::Lines
    } else if content::essence(&headers).eq_ignore_ascii_case("text/csv") {
        Form::Table
    } else {
        return Err(content::not_taken(&headers, language, "text/csv, application/x-ndjson"));
    };
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let place = state.place(state.batches(), language)?;
    let pieces = stream::pieces(body, state.settings().body);
    let (out, response) = Out::open();
    let desk = Desk { state, language, request: request::under(), out };
    tokio::task::spawn_blocking(move || desk.judge_all(&library, (form, pieces), place));
    Ok(response)
}

/// Where decisions are judged, on a thread of its own.
struct Desk {
    state: State,
    language: Language,
    request: Option<Call>,
    out: Out,
}

impl Desk {
    fn judge_all(self, library: &Arc<Library>, (form, pieces): (Form, mpsc::Receiver<Piece>), _place: Place) {
        let fresh;
        let cells = match library.cells.get() {
            Some(cells) => cells,
            None => {
                fresh = Cells::lazily(&library.rulebook);
                &fresh
            }
        };
        let bench = Bench { library, cells, voice: Voice::new(&library.rulebook, self.language) };
        match form {
            Form::Table => table::judge(self, bench, pieces),
            Form::Lines => lines::judge(self, bench, pieces),
        }
    }

    fn judgement(&mut self, voice: Voice<'_>, finding: &Finding) {
        self.state.meters().batch_lines(1);
        self.out.line(report::json(&said(voice, finding)).to_string().into_bytes());
    }

    fn problem(&mut self, line: usize, problem: Problem) {
        self.state.meters().batch_lines(1);
        self.out.line(problem.line(line, self.request.as_ref()).into_bytes());
    }

    /// What is wrong with the columns of a table, or the members of a line.
    fn unreadable(&mut self, line: usize, wrong: &[String]) {
        let problem = Problem::new(Kind::WrongShape, self.language, wrong.join("; ")).at("columns");
        self.problem(line, problem);
    }
}

/// By what decisions are judged.
#[derive(Clone, Copy)]
struct Bench<'a> {
    library: &'a Library,
    cells: &'a Cells,
    voice: Voice<'a>,
}

impl<'a> Bench<'a> {
    fn auditor(self, columns: &'a Columns) -> Auditor<'a> {
        Auditor::new((self.library.law(), self.cells), self.voice, columns)
    }

    fn words(self, wrong: &[Wrong]) -> Vec<String> {
        wrong.iter().map(|one| columns::words(self.voice, one)).collect()
    }
}

/// Of a row; what panics is a problem like others.
fn audited(desk: &Desk, auditor: &mut Auditor<'_>, row: Row<'_>) -> Result<Finding, Problem> {
    stream::guarded(&desk.state, desk.language, || Ok(auditor.audit(row)))
}
