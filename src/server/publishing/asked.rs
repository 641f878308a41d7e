//! What somebody asks to be published: a tree of rules, changes of the active version, or an older version anew; read strictly.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::digest::Digest;
use crate::library::{BASELINE, File};
use crate::reading::misread;
use crate::server::members::repeated;
use crate::server::problem::{Kind, Problem};
use crate::store::candidate::Reasons;
use crate::syntax::tree::Language;

/// No proposal is longer, in bytes.
pub(in crate::server) const LONGEST: usize = 16 << 20;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request to publish something.
#[derive(Debug, Clone)]
pub(in crate::server) struct Wish {
    pub(super) by: Arc<str>,
    pub(super) language: Language,
    /// The hash of who asks and of their key.
    pub(super) key: Digest,
    /// The hash of what is asked.
    pub(super) asked: Digest,
    /// The version that it is to follow, as a tag names it.
    pub(super) active: String,
    pub(super) what: What,
    pub(super) note: String,
    pub(super) reasons: Reasons,
    pub(super) is_dry: bool,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Tree(Vec<File>),
    /// Of the active version, by path: a new text, or none.
    Changes(Vec<(String, Option<Vec<u8>>)>),
    /// A version that was published before, as it is called.
    Older(String),
}

impl Wish {
    /// By which a repeat is known.
    pub(in crate::server) const fn known_by(&self) -> (Digest, Digest) {
        (self.key, self.asked)
    }

    pub(in crate::server) const fn is_dry(&self) -> bool {
        self.is_dry
    }

    pub(in crate::server) const fn language(&self) -> Language {
        self.language
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    files: Option<Vec<Text>>,
    changes: Option<Vec<Change>>,
    note: String,
    #[serde(default)]
    accepted: Vec<Reason>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    path: String,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    path: String,
    text: Option<String>,
    #[serde(default)]
    delete: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    fingerprint: String,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    note: String,
    #[serde(default)]
    dry_run: bool,
}

/// A proposal as it is read, as a schema.
pub(in crate::server) fn schema() -> Json {
    let text = json!({ "type": "string" });
    let file = json!({
        "type": "object", "properties": { "path": text, "text": text }, "required": ["path", "text"],
        "additionalProperties": false,
    });
    let delete = json!({
        "type": "object", "properties": { "path": text, "delete": { "const": true } }, "required": ["path", "delete"],
        "additionalProperties": false,
    });
    let reason = json!({
        "type": "object", "properties": { "fingerprint": text, "why": text }, "required": ["fingerprint", "why"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "description": "Rules that are to follow the active version: all of them, or what changes.",
        "properties": {
            "files": { "type": "array", "items": file, "description": "All files of the rules." },
            "changes": {
                "type": "array", "items": { "oneOf": [file, delete] },
                "description": "Files of the active version that get another text, come, or go.",
            },
            "note": { "type": "string", "pattern": "\\S", "description": "Why; it is kept in the log." },
            "accepted": { "type": "array", "items": reason, "description": "Why new findings of the gravest kind may stand." },
            "dry_run": { "type": "boolean", "description": "Only say what would be." },
        },
        "required": ["note"],
        "oneOf": [{ "required": ["files"] }, { "required": ["changes"] }],
        "additionalProperties": false,
    })
}

/// The same of an older version that is to be published anew.
pub(in crate::server) fn rollback_schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "note": { "type": "string", "pattern": "\\S", "description": "Why; it is kept in the log." },
            "dry_run": { "type": "boolean", "description": "Only say what would be." },
        },
        "required": ["note"],
        "additionalProperties": false,
    })
}

/// Who asks, in which language, and under which headers.
type Asking<'a> = (&'a Arc<str>, Language, &'a HeaderMap);

/// Reads a proposal.
pub(in crate::server) fn proposal(bytes: &[u8], asking: Asking<'_>) -> Result<Wish, Problem> {
    let language = asking.1;
    let body: Body = read(bytes, ("{ files | changes, note, accepted?, dry_run? }", language))?;
    let what = match (body.files, body.changes) {
        (Some(files), None) => {
            let files = files.into_iter().map(|Text { path, text }| (path, Some(text.into_bytes())));
            let files = distinct(files.collect(), "files", language)?;
            let file = |(path, bytes): (String, Option<Vec<u8>>)| Some(File { path, bytes: bytes? });
            What::Tree(files.into_iter().filter_map(file).collect())
        }
        (None, Some(changes)) => {
            let mut all = Vec::new();
            for (change, index) in changes.into_iter().zip(0..) {
                let Change { path, text, delete } = change;
                if text.is_some() == delete {
                    let detail = match language {
                        Language::Vietnamese => "mỗi thay đổi nêu `text` hoặc `\"delete\": true`",
                        Language::English => "a change says `text`, or `\"delete\": true`",
                    };
                    return Err(Problem::new(Kind::WrongShape, language, detail).at(&format!("changes[{index}]")));
                }
                all.push((path, text.map(String::into_bytes)));
            }
            What::Changes(distinct(all, "changes", language)?)
        }
        (None, None) | (Some(_), Some(_)) => {
            let detail = match language {
                Language::Vietnamese => "nêu một trong hai: `files` (toàn bộ) hoặc `changes` (so với bản đang dùng)",
                Language::English => "say one of the two: `files`, all of them, or `changes` of the active version",
            };
            return Err(Problem::new(Kind::WrongShape, language, detail).at("files"));
        }
    };
    let mut reasons = Reasons::new();
    for (Reason { fingerprint, why }, index) in body.accepted.into_iter().zip(0..) {
        if reasons.insert(fingerprint, why).is_some() {
            let detail = match language {
                Language::Vietnamese => "phát hiện này đã được nêu",
                Language::English => "this finding is named twice",
            };
            let member = format!("accepted[{index}].fingerprint");
            return Err(Problem::new(Kind::WrongShape, language, detail).at(&member));
        }
    }
    wish(asking, (what, body.note), (reasons, body.dry_run), &[b"proposal", bytes])
}

/// Reads a wish to publish an older version anew.
pub(in crate::server) fn rollback(bytes: &[u8], version: &str, asking: Asking<'_>) -> Result<Wish, Problem> {
    let Again { note, dry_run } = read(bytes, ("{ note, dry_run? }", asking.1))?;
    let parts: &[&[u8]] = &[b"rollback", version.as_bytes(), b"\n", bytes];
    wish(asking, (What::Older(version.to_owned()), note), (Reasons::new(), dry_run), parts)
}

fn wish(
    (by, language, headers): Asking<'_>,
    (what, note): (What, String),
    (reasons, is_dry): (Reasons, bool),
    parts: &[&[u8]],
) -> Result<Wish, Problem> {
    if note.trim().is_empty() {
        let detail = match language {
            Language::Vietnamese => "phải nêu lý do ở `note`",
            Language::English => "`note` has to say why",
        };
        return Err(Problem::new(Kind::WrongShape, language, detail).at("note"));
    }
    let key = key(headers, language)?;
    let active = active(headers, language)?;
    let asked = Digest::of(&[parts.concat(), b"\n".to_vec(), active.clone().into_bytes()].concat());
    let key = Digest::of(format!("{by}\n{key}").as_bytes());
    Ok(Wish { by: Arc::clone(by), language, key, asked, active, what, note, reasons, is_dry })
}

fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], (shape, language): (&str, Language)) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column, said) = (error.line(), error.column(), error.to_string());
        let said = misread::said(&said, language);
        let (kind, detail) = match (error.is_data(), language) {
            (false, Language::Vietnamese) => {
                (Kind::MalformedJson, format!("không đọc được JSON ở dòng {line}, cột {column}"))
            }
            (false, Language::English) => {
                (Kind::MalformedJson, format!("the JSON cannot be read at line {line}, column {column}"))
            }
            (true, Language::Vietnamese) => {
                (Kind::WrongShape, format!("JSON không đúng cấu trúc ở dòng {line}, cột {column}: {said}"))
            }
            (true, Language::English) => {
                (Kind::WrongShape, format!("the JSON has another shape at line {line}, column {column}: {said}"))
            }
        };
        Problem::new(kind, language, detail).expecting(shape)
    })
}

type Texts = Vec<(String, Option<Vec<u8>>)>;

/// One text for each path.
fn distinct(texts: Texts, member: &str, language: Language) -> Result<Texts, Problem> {
    let repeated = repeated(texts.iter().map(|(path, _)| path.as_str()));
    for (place, (path, _)) in texts.iter().enumerate() {
        let at =
            |detail: String| Problem::new(Kind::WrongShape, language, detail).at(&format!("{member}[{place}].path"));
        if repeated == Some(place) {
            return Err(at(match language {
                Language::Vietnamese => format!("`{path}` được nêu hai lần"),
                Language::English => format!("`{path}` is given twice"),
            }));
        }
        if path == BASELINE {
            return Err(at(match language {
                Language::Vietnamese => format!("`{BASELINE}` không thuộc bộ quy định; nêu lý do ở `accepted`"),
                Language::English => format!("`{BASELINE}` is no part of the rules; give reasons in `accepted`"),
            }));
        }
    }
    Ok(texts)
}

/// The key by which a repeat is known.
fn key(headers: &HeaderMap, language: Language) -> Result<String, Problem> {
    let said = one(headers, &IDEMPOTENCY_KEY).map(|text| text.trim_matches('"'));
    let is_sane = |text: &&str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    said.filter(is_sane).map(str::to_owned).ok_or_else(|| {
        let detail = match language {
            Language::Vietnamese => "phải gửi `Idempotency-Key`: từ 1 đến 128 ký tự ASCII, mỗi yêu cầu một khóa riêng",
            Language::English => {
                "`Idempotency-Key` must be sent: 1 to 128 visible characters of ASCII, another for each request"
            }
        };
        Problem::new(Kind::BadParameter, language, detail).at("idempotency-key")
    })
}

/// The version that is taken for the active one.
fn active(headers: &HeaderMap, language: Language) -> Result<String, Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        let detail = match language {
            Language::Vietnamese => "phải nêu phiên bản đang dùng ở `If-Match`: mọi câu trả lời đều ghi nó ở `version`",
            Language::English => "`If-Match` must name the active version, which every answer says as `version`",
        };
        return Err(Problem::new(Kind::PreconditionRequired, language, detail).at("if-match"));
    }
    let said = one(headers, &header::IF_MATCH);
    let tag = said.and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
    tag.filter(|tag| matches!(tag.len(), 16 | 64)).map(str::to_owned).ok_or_else(|| {
        let detail = match language {
            Language::Vietnamese => "`If-Match` nêu đúng một phiên bản trong ngoặc kép",
            Language::English => "`If-Match` names one version, in quotes",
        };
        Problem::new(Kind::BadParameter, language, detail).at("if-match").expecting("\"0123456789abcdef\"")
    })
}

/// The value of a header that comes once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(only), None) => only.to_str().ok().map(str::trim),
        (_, _) => None,
    }
}
