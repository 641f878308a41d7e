//! `/openapi.json`: what the service takes and answers (OpenAPI 3.1). Schemas are made from the types that answers are written
//! from; what each address takes is said in [`operations`], beside nothing else, and held to the real answers by
//! `tests/openapi.rs`.

mod answers;
mod operations;
mod parameters;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::arrival::Headers;
use super::freshness::{Again, Keep};
use super::{
    authzen, body, check, diff, documents, events, format, portfolio, problem, proposals, publishing, rules, tasks,
    units, versions,
};
use crate::reading::audit::Said as Judgement;
use crate::reading::check::data::FindingsShape;
use crate::reading::diff::data::DiffShape;
use crate::reading::report::{self, Ruling};
use crate::reading::table::TableShape;
use crate::reading::timeline::TimelineShape;
use operations::OPERATIONS;
pub(super) use parameters::{DAY, WORD};

/// Shapes that say themselves which of their members are always there. In all others every member is.
const WITH_OPTIONS: [&str; 3] = ["Problem", "UnitList", "Trouble"];

static DOCUMENT: LazyLock<Json> = LazyLock::new(document);
static WRITTEN: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());

pub(super) async fn get(Headers(headers): Headers) -> Response {
    let again = Again::keyed(&headers, &WRITTEN, Keep::Program);
    if let Some(same) = again.unchanged() {
        return same;
    }
    again.answer(([(header::CONTENT_TYPE, "application/json")], WRITTEN.as_str()).into_response())
}

/// The description of the service.
pub(super) fn described() -> &'static Json {
    &DOCUMENT
}

fn document() -> Json {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(operation.method.to_owned(), operation.json());
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Thẩm Quyền: who decides?",
            "description": "Which body holds authority over an administrative task: there, then, on these facts. A legal outcome is 200, \
                a gap included; everything else is a problem that names the wrong member. The same questions have the same answers \
                as long as `version` is the same.",
            "license": { "name": "Apache 2.0", "identifier": "Apache-2.0" },
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "headers": answers::headers(),
            "securitySchemes": { "bearer": {
                "type": "http", "scheme": "bearer", "description": "An API key or a token, where the service asks who asks.",
            } },
        },
    })
}

fn schemas() -> Json {
    let mut all = Vec::new();
    with::<Ruling<'_>>(&mut all);
    with::<TableShape<'_>>(&mut all);
    with::<TimelineShape<'_>>(&mut all);
    with::<FindingsShape<'_>>(&mut all);
    with::<tasks::TaskList<'_>>(&mut all);
    with::<versions::VersionList>(&mut all);
    with::<rules::Rules<'_>>(&mut all);
    with::<tasks::TaskDetail<'_>>(&mut all);
    with::<units::UnitList<'_>>(&mut all);
    with::<units::UnitDetail<'_>>(&mut all);
    with::<documents::DocumentList<'_>>(&mut all);
    with::<proposals::Proposed>(&mut all);
    with::<proposals::ProposalList>(&mut all);
    with::<events::Event>(&mut all);
    with::<check::Checked<'_>>(&mut all);
    with::<format::Canonical<'_>>(&mut all);
    with::<DiffShape<'_>>(&mut all);
    with::<Judgement<'_>>(&mut all);
    with::<problem::Body>(&mut all);
    let mut schemas = Map::new();
    for (name, schema) in all {
        let mut schema = report::json(&schema);
        if !WITH_OPTIONS.contains(&name.as_str()) {
            require_all(&mut schema);
        }
        schemas.insert(name, schema);
    }
    schemas.insert("Question".to_owned(), body::schema());
    schemas.insert("Proposal".to_owned(), publishing::schema());
    schemas.insert("Rollback".to_owned(), publishing::rollback_schema());
    schemas.insert("CheckQuestion".to_owned(), check::schema());
    schemas.insert("FormatQuestion".to_owned(), format::schema());
    schemas.insert("DiffQuestion".to_owned(), diff::schema());
    schemas.insert("Portfolio".to_owned(), portfolio::schema());
    schemas.extend(authzen::schemas().map(|(name, schema)| (name.to_owned(), schema)));
    schemas.insert("Health".to_owned(), problem::health_schema());
    schemas.sort_keys();
    Json::Object(schemas)
}

/// A shape and those that it is made of.
fn with<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}

/// Every member of an object is always there.
fn require_all(schema: &mut Json) {
    match schema {
        Json::Object(members) => {
            members.values_mut().for_each(require_all);
            let names =
                members.get("properties").and_then(Json::as_object).map(|named| named.keys().cloned().collect());
            if let Some(names) = names {
                members.insert("required".to_owned(), names);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(require_all),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
