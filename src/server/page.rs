//! `/`: the page on which a person asks. A plain form, rendered here, no script, nothing from elsewhere; the template
//! escapes whatever it is given.

mod interview;

use std::sync::Arc;

use askama::Template;
use axum::extract::State as Extract;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::State;
use super::arrival::Headers;
use super::caller::Caller;
use super::decisions::record::Via;
use super::freshness::{Again, Keep};
use super::problem::Problem;
use super::who_decides;
use crate::library::Library;
use crate::reading::ask::{Depth, Law, ask};
use crate::reading::explain;
use crate::reading::naming::{self, Voice};
use crate::reading::question::{self, Asked};
use crate::reading::spelled::{self, Given};
use crate::reading::trouble::Trouble;
use crate::reading::words::pick;
use crate::rulebook::{Domain, FactId, Names, RoleId, TaskId};
use crate::ruling::Answer;
use crate::syntax::tree::Language;
use interview::Offer;

/// No script, and nothing from elsewhere.
pub(super) const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    words: Words,
    tasks: Vec<Choice>,
    places: Vec<Field>,
    on: String,
    facts: Vec<FactField>,
    explain: bool,
    shown: Shown,
    /// The same question in the other language.
    other_link: String,
    version: &'a str,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Field {
    name: String,
    label: String,
    value: String,
    hint: String,
}

struct FactField {
    name: String,
    label: String,
    value: String,
    expected: String,
    options: Vec<Choice>,
    several: bool,
}

enum Shown {
    Nothing,
    Trouble(Vec<String>),
    Ruling(Ruling),
}

struct Ruling {
    heading: String,
    lines: Vec<Line>,
    /// What the next question is about, and its choices; none where nothing can be chosen by a click.
    asked: String,
    offers: Vec<Offer>,
}

struct Line {
    depth: usize,
    quote: bool,
    text: String,
}

/// The words of the page itself.
struct Words {
    tag: &'static str,
    title: &'static str,
    other: &'static str,
    other_tag: &'static str,
    task: &'static str,
    unit: &'static str,
    unit_example: &'static str,
    no_place: &'static str,
    explain: &'static str,
    choose: &'static str,
    day: &'static str,
    day_example: &'static str,
    facts: &'static str,
    unsaid: &'static str,
    ask: &'static str,
    rules: &'static str,
    reference: &'static str,
}

impl Words {
    const fn of(language: Language) -> Self {
        match language {
            Language::Vietnamese => Self {
                tag: "vi",
                title: "Việc này do ai quyết định?",
                other: "English",
                other_tag: "en",
                task: "Việc",
                unit: "Nơi",
                unit_example: "tên hoặc mã; nhiều đơn vị thì cách nhau bằng “;”",
                no_place: "hoặc “không có”",
                explain: "Nêu cả quy định không được áp dụng và lý do",
                choose: "Chọn",
                day: "Ngày",
                day_example: "ví dụ: 10/05/2023",
                facts: "Dữ kiện (để trống nếu chưa biết)",
                unsaid: "chưa biết",
                ask: "Hỏi",
                rules: "Bộ quy định",
                reference: "Giao diện lập trình",
            },
            Language::English => Self {
                tag: "en",
                title: "Who decides?",
                other: "Tiếng Việt",
                other_tag: "vi",
                task: "Task",
                unit: "Place",
                unit_example: "name or code; several units with “;” between",
                no_place: "or “none”",
                explain: "Also say which provisions lost, and why",
                choose: "Choose",
                day: "Day",
                day_example: "such as 2023-05-10",
                facts: "Facts (leave empty what is not known)",
                unsaid: "not known",
                ask: "Ask",
                rules: "Rules",
                reference: "For programs",
            },
        }
    }
}

const STYLE: &str = include_str!("../../templates/style.css");

pub(super) async fn style(Headers(headers): Headers) -> Response {
    let again = Again::keyed(&headers, STYLE, Keep::Program);
    if let Some(same) = again.unchanged() {
        return same;
    }
    again.answer(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response())
}

pub(super) async fn page(Extract(state): Extract<State>, caller: Caller) -> Result<Response, Problem> {
    // The page is Vietnamese unless it is asked for in another language: a browser's setting does not say who reads the law.
    let language = caller.one("lang").and_then(Language::from_tag).unwrap_or(Language::Vietnamese);
    // A form sends empty fields for what is not known.
    let parameters = caller.parameters.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    let caller = Caller { language, parameters };
    let (asked, wrong) = match who_decides::asked(&caller) {
        Ok(asked) => (several(asked), None),
        Err(problem) => (Asked::default(), Some(problem.lines())),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let depth = if caller.one("explain") == Some("true") { Depth::Record } else { Depth::Ruling };
    let request = Request { asked, depth, link: link(&caller), language, parameters: caller.parameters };
    let library = state.library();
    let rules = Arc::clone(&library);
    let page = state.aside(move || render(&rules, &request, wrong)).await;
    let (html, answer) = page.map_err(|why| why.problem(language))?.ok_or_else(|| Problem::internal(language))?;
    if let (Some(logging), Some(answer)) = (state.logging(), answer) {
        logging.elsewhere(&state, Via::Page, library, answer);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.tag()),
        // What is asked there is nobody else's.
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((status, headers, html).into_response())
}

/// A field may name several units of one case.
fn several(mut asked: Asked<'static>) -> Asked<'static> {
    let units = |(role, written): question::Place<'static>| {
        let units: Vec<String> = written.split(';').map(str::trim).map(str::to_owned).collect();
        units.into_iter().filter(|unit| !unit.is_empty()).map(move |unit| (role.clone(), unit.into()))
    };
    asked.places = asked.places.into_iter().flat_map(units).collect();
    asked
}

/// The address of the same question in the other language.
fn link(caller: &Caller) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("lang", Words::of(caller.language).other_tag);
    query.extend_pairs(caller.parameters.iter().filter(|(name, _)| name != "lang"));
    format!("/?{}", query.finish())
}

/// What the page is asked for.
struct Request {
    asked: Asked<'static>,
    depth: Depth,
    /// The same question in the other language.
    link: String,
    language: Language,
    parameters: Vec<(String, String)>,
}

/// The page, and the answer that it shows.
fn render(library: &Library, request: &Request, wrong: Option<Vec<String>>) -> Option<(String, Option<Answer>)> {
    let Request { asked, depth, language, .. } = request;
    let language = *language;
    let voice = Voice::new(&library.rulebook, language);
    let rulebook = voice.rulebook;
    let task = asked.task.as_deref().and_then(|task| question::task(rulebook, Some(task)).ok());
    let words = Words::of(language);
    let tasks = rulebook.tasks.iter().zip(0_u32..).map(|(one, id)| Choice {
        value: one.names.id.clone(),
        label: voice.name(&one.names).to_owned(),
        chosen: task.is_some_and(|task| task.0 == id),
    });
    let (shown, answer) =
        wrong.map_or_else(|| shown(library.law(), voice, request), |wrong| (Shown::Trouble(wrong), None));
    let page = Page {
        tasks: tasks.collect(),
        places: places(voice, task, asked, &words),
        on: asked.on.as_deref().unwrap_or_default().to_owned(),
        facts: task
            .map(|task| &rulebook[task].facts)
            .into_iter()
            .flatten()
            .map(|fact| fact_field(voice, *fact, asked))
            .collect(),
        explain: *depth == Depth::Record,
        shown,
        other_link: request.link.clone(),
        version: &library.version,
        words,
    };
    page.render().ok().map(|html| (html, answer))
}

fn places(voice: Voice<'_>, task: Option<TaskId>, asked: &Asked<'_>, words: &Words) -> Vec<Field> {
    let said = |role: Option<&str>| {
        let found = asked.places.iter().filter(|(there, _)| there.as_deref() == role);
        found.map(|(_, unit)| unit.as_ref()).collect::<Vec<&str>>().join("; ")
    };
    let hint = words.unit_example.to_owned();
    let Some(task) = task else {
        return vec![Field { name: "in".to_owned(), label: words.unit.to_owned(), value: said(None), hint }];
    };
    let field = |role: &RoleId| {
        let names = &voice.rulebook[*role].names;
        let name = interview::field(voice, task, *role);
        // The first place may also have been said by its name.
        let by_name = said(Some(&names.id));
        let value = if name == "in" && by_name.is_empty() { said(None) } else { by_name };
        let optional = voice.rulebook[task].optional.contains(role);
        let hint = if optional { format!("{hint}, {}", words.no_place) } else { hint.clone() };
        Field { name, label: voice.name(names).to_owned(), value, hint }
    };
    voice.rulebook[task].roles.iter().map(field).collect()
}

fn fact_field(voice: Voice<'_>, id: FactId, asked: &Asked<'_>) -> FactField {
    let fact = &voice.rulebook[id];
    let given = asked.facts.iter().find(|(name, _)| *name == fact.names.id).map(|(_, given)| given);
    let said: Vec<&str> = match given {
        None | Some(Given::Truth(_)) => Vec::new(),
        Some(Given::Text(text) | Given::Number(text)) => vec![text],
        Some(Given::Several(texts)) => texts.iter().map(AsRef::as_ref).collect(),
    };
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: said.contains(&value),
    };
    let named = |names: &Names| choice(&names.id, voice.name(names));
    let (yes, no) = pick(voice.language, ("có", "không"), ("yes", "no"));
    let options = match &fact.domain {
        Domain::Boolean => vec![choice("yes", yes), choice("no", no)],
        Domain::One { values, .. } | Domain::Many { values, .. } => values.iter().map(named).collect(),
        Domain::LevelOrNone => {
            let levels = voice.rulebook.levels.iter().map(|level| named(&level.names));
            levels.chain([choice("none", pick(voice.language, "không có", "none"))]).collect()
        }
        Domain::Number { .. } | Domain::Date => Vec::new(),
    };
    let unit = naming::unit_of(&fact.domain).map(|unit| format!(" ({unit})")).unwrap_or_default();
    FactField {
        name: format!("fact.{}", fact.names.id),
        label: format!("{}{unit}", voice.name(&fact.names)),
        value: said.join(", "),
        expected: spelled::expected(voice.rulebook, &fact.domain, voice.language),
        options,
        several: matches!(fact.domain, Domain::Many { .. }),
    }
}

/// The answer, or what is wrong or missing; a page that was only opened shows none.
fn shown(law: Law<'_>, voice: Voice<'_>, request: &Request) -> (Shown, Option<Answer>) {
    let Request { asked, depth, parameters, .. } = request;
    // A page on which only the task was chosen shows its fields; nothing was asked yet.
    if *asked == (Asked { task: asked.task.clone(), ..Asked::default() }) {
        return (Shown::Nothing, None);
    }
    let answer = question::understand(voice.rulebook, asked)
        .and_then(|question| ask(law, &question, *depth).map_err(|bad| Trouble::refused(&bad, voice, question.on)));
    match answer {
        Err(trouble) => {
            let mut lines = explain::trouble_lines(voice, &trouble);
            if let Some(first) = lines.first_mut() {
                *first = trouble.words(voice);
            }
            (Shown::Trouble(lines), None)
        }
        Ok(answer) => {
            let lines = explain::lines(voice, &answer, *depth);
            let line = |text: &String| {
                let rest = text.trim_start();
                Line {
                    // The style sheet indents so many steps; deeper questions stay at the last.
                    depth: ((text.len() - rest.len()) / 2).min(25),
                    quote: rest.starts_with('>'),
                    text: rest.trim_start_matches("> ").to_owned(),
                }
            };
            let next = answer.next.as_ref();
            let offers = next.map(|next| interview::offers(voice, answer.question.task, next, parameters));
            let ruling = Ruling {
                asked: next.map(|next| explain::asked(voice, next.about)).unwrap_or_default(),
                offers: offers.unwrap_or_default(),
                heading: explain::heading(voice, &answer),
                lines: lines.iter().skip(1).map(line).collect(),
            };
            (Shown::Ruling(ruling), Some(answer))
        }
    }
}
