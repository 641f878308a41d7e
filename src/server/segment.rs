//! The part of an address that names one thing. What is no UTF-8 names nothing.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::caller::Caller;
use super::problem::{Kind, Problem};
use crate::syntax::tree::Language;

/// The one parameter of the path.
#[derive(Debug)]
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, state).await;
        match path {
            Ok(Path(segment)) => Ok(Self(segment)),
            Err(_) => {
                let Ok(Caller { language, .. }) = Caller::from_request_parts(parts, state).await;
                let detail = match language {
                    Language::Vietnamese => "địa chỉ không phải là UTF-8",
                    Language::English => "the address is not UTF-8",
                };
                Err(Problem::new(Kind::NotFound, language, detail))
            }
        }
    }
}
