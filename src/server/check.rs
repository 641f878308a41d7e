//! `/v1/check`: every finding in the rules that are served, as `tq check --format json` has them. Worked out once for each
//! version; what the authors accept is said in their repository, and is not known here.

use axum::extract::State as Extract;
use axum::response::Response;

use super::State;
use super::caller::Caller;
use super::problem::{self, Problem};
use super::shelf::{AS_KNOWN, Dial, VERSION};
use crate::reading::check::data::{All, Frame, shape};
use crate::reading::naming::Voice;

pub(super) async fn get(Extract(state): Extract<State>, caller: Caller) -> Result<Response, Problem> {
    caller.only(&[VERSION, AS_KNOWN])?;
    let language = caller.language;
    let library = state.rules(Dial::of(&caller)?, language).await?;
    let work = move || {
        let frame = Frame {
            voice: Voice::new(&library.rulebook, language),
            sources: &library.sources,
            path: &str::to_owned,
            rules: "",
            version: &library.version,
            rules_errors: library.errors(),
        };
        problem::answer(language, &shape(frame, library.review(), All::Yes))
    };
    state.aside(work).await.map_err(|why| why.problem(language))
}
