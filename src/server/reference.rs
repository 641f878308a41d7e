//! `/reference`: the description of the service as a page: addresses, what they take and answer, and the shapes of it. Made
//! once of the same document that `/openapi.json` is, without a script and with nothing from elsewhere.

mod words;

use std::sync::LazyLock;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value as Json;

use super::arrival::Headers;
use super::caller::Caller;
use super::freshness::{Again, Keep};
use super::problem::Problem;
use super::{openapi, page};
use crate::syntax::tree::Language;
use words::Words;

#[derive(Template)]
#[template(path = "reference.html")]
struct Page {
    words: Words,
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Member>,
    bodies: Vec<Kind>,
    answers: Vec<Answer>,
}

/// A parameter, or a member of a shape.
struct Member {
    name: String,
    /// Where a parameter stands; of which type a member is.
    kind: String,
    required: bool,
    about: String,
}

/// A type of content, and the name of its shape if it has one.
struct Kind {
    content: String,
    shape: String,
}

struct Answer {
    status: String,
    kinds: Vec<Kind>,
    about: String,
}

struct Shape {
    name: String,
    about: String,
    members: Vec<Member>,
}

static PAGES: LazyLock<[Option<String>; 2]> =
    LazyLock::new(|| [Language::Vietnamese, Language::English].map(|language| made(openapi::described(), language)));

pub(super) async fn get(caller: Caller, Headers(headers): Headers) -> Result<Response, Problem> {
    caller.only(&[])?;
    let language = caller.language;
    let [vietnamese, english] = &*PAGES;
    let page = match language {
        Language::Vietnamese => vietnamese,
        Language::English => english,
    };
    let page = page.as_deref().ok_or_else(|| Problem::internal(language))?;
    let again = Again::keyed(&headers, page, Keep::Program);
    if let Some(same) = again.unchanged() {
        return Ok(same);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok(again.answer((headers, page.to_owned()).into_response()))
}

fn made(document: &Json, language: Language) -> Option<String> {
    let operations = members(document.get("paths")).flat_map(|(path, methods)| {
        members(Some(methods)).map(|(method, operation)| of_operation((path, method), operation, language))
    });
    let shapes = members(document.pointer("/components/schemas")).map(|(name, schema)| of_shape(name, schema));
    let page = Page { words: Words::of(language), operations: operations.collect(), shapes: shapes.collect() };
    page.render().ok()
}

fn members(object: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    object.and_then(Json::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn items(list: Option<&Json>) -> impl Iterator<Item = &Json> {
    list.and_then(Json::as_array).into_iter().flatten()
}

fn text(of: &Json, name: &str) -> String {
    of.get(name).and_then(Json::as_str).unwrap_or("").to_owned()
}

fn of_operation((path, method): (&str, &str), operation: &Json, language: Language) -> Operation {
    let id = text(operation, "operationId");
    let summary = text(operation, "summary");
    let parameter = |one: &Json| Member {
        name: text(one, "name"),
        kind: text(one, "in"),
        required: one.get("required").and_then(Json::as_bool) == Some(true),
        about: text(one, "description"),
    };
    let answer = |(status, one): (&str, &Json)| Answer {
        status: status.to_owned(),
        kinds: kinds(one.get("content")),
        about: words::status(status, language).map_or_else(|| text(one, "description"), str::to_owned),
    };
    Operation {
        summary: words::summary(&id, language).map_or(summary, str::to_owned),
        method: method.to_uppercase(),
        path: path.to_owned(),
        parameters: items(operation.get("parameters")).map(parameter).collect(),
        bodies: kinds(operation.pointer("/requestBody/content")),
        answers: members(operation.get("responses")).map(answer).collect(),
        id,
    }
}

fn kinds(content: Option<&Json>) -> Vec<Kind> {
    let places = ["/schema/$ref", "/x-line-schema/$ref", "/x-line-schema/anyOf/0/$ref"];
    let shape = |of: &Json| places.iter().find_map(|place| of.pointer(place)?.as_str()).map(name);
    members(content)
        .map(|(content, of)| Kind { content: content.to_owned(), shape: shape(of).unwrap_or_default() })
        .collect()
}

/// The last part of a reference.
fn name(reference: &str) -> String {
    reference.rsplit('/').next().unwrap_or("").to_owned()
}

/// A type in few words: `Name`, `[string]`, `string or null`.
fn kind(schema: &Json) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        return name(reference);
    }
    if let Some(items) = schema.get("items") {
        return format!("[{}]", kind(items));
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(all) = schema.get(several) {
            return items(Some(all)).map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    if let Some(codes) = schema.get("enum") {
        return items(Some(codes)).map(|code| code.as_str().unwrap_or("null")).collect::<Vec<_>>().join(" | ");
    }
    match schema.get("type") {
        Some(Json::String(one)) => one.clone(),
        Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" | "),
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => String::new(),
    }
}

fn of_shape(name: &str, schema: &Json) -> Shape {
    let is_required = |member: &str| items(schema.get("required")).any(|one| one.as_str() == Some(member));
    let member = |(name, of): (&str, &Json)| Member {
        name: name.to_owned(),
        kind: kind(of),
        required: is_required(name),
        about: text(of, "description"),
    };
    let members = members(schema.get("properties")).map(member).collect();
    Shape { name: name.to_owned(), about: text(schema, "description"), members }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_a_summary_in_both_languages() {
        let document = openapi::described();
        for (path, methods) in members(document.get("paths")) {
            for (method, operation) in members(Some(methods)) {
                let id = text(operation, "operationId");
                assert!(words::summary(&id, Language::Vietnamese).is_some(), "{method} {path}: {id}");
            }
        }
        // The control: what is no operation has none.
        assert_eq!(words::summary("no", Language::Vietnamese), None);
    }

    #[test]
    fn no_link_leads_nowhere_and_none_elsewhere() {
        for language in [Language::Vietnamese, Language::English] {
            let page = made(openapi::described(), language).expect("a page");
            for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                match link.strip_prefix('#') {
                    Some(own) => assert!(page.contains(&format!("id=\"{own}\"")), "{link}"),
                    None => assert!(link.starts_with('/') && !link.starts_with("//"), "{link}"),
                }
            }
            assert!(!page.contains("<script") && page.contains("id=\"shape-Ruling\""));
        }
    }
}
