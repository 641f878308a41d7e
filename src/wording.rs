//! All words that a user reads, in both languages, each in one exhaustive match.
//!
//! The voice: lower case, no full stop, the user's own words in backticks, what was expected, one fix.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::calendar;
use crate::diagnostic::{Diagnostic, Expected, Hint, Problem, Severity};
use crate::source::{Source, Sources, Span};
use crate::syntax::tree::Language;

mod binding;
pub mod format;

/// Quotation marks as word processors write them.
const CURLY: [char; 6] = ['“', '”', '„', '‟', '«', '»'];

impl Language {
    /// The language of a tag such as `vi`, `en`, `vi-VN`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.split('-').next().unwrap_or(tag).trim();
        match first.to_ascii_lowercase().as_str() {
            "vi" => Some(Self::Vietnamese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

/// What is wrong, in one line.
#[must_use]
pub fn message(problem: &Problem, language: Language) -> String {
    match language {
        Language::Vietnamese => vietnamese(problem),
        Language::English => english(problem),
    }
}

/// The one thing to do about it, where there is one.
#[must_use]
pub fn help(problem: &Problem, language: Language) -> Option<String> {
    match language {
        Language::Vietnamese => vietnamese_help(problem),
        Language::English => english_help(problem),
    }
}

fn english(problem: &Problem) -> String {
    match problem {
        Problem::InvalidDate { written } => format!("`{written}` is not a date"),
        Problem::AmbiguousNumber { written, readings: [whole, decimal] } => {
            format!("`{written}` can be read as {whole} and as {decimal}")
        }
        Problem::InvalidNumber { written } => format!("`{written}` is not a number that can be used here"),
        Problem::AddressOrder { written, .. } => {
            format!("the parts of `{written}` stand in the wrong order")
        }
        Problem::NotUtf8 { line } => format!("the file is not UTF-8 text from line {line} on"),
        Problem::FileTooLarge { bytes, limit } => format!("the file has {bytes} bytes, and the most is {limit}"),
        Problem::TooManyLines { lines, limit } => format!("the file has {lines} lines, and the most is {limit}"),
        Problem::LineTooLong { characters, limit } => {
            format!("the line has {characters} characters, and the most is {limit}")
        }
        Problem::NestedTooDeep { limit } => format!("the line is indented by more than {limit} steps"),
        Problem::LineTooComplex => "the line is too complex to be read".to_owned(),
        Problem::ForbiddenCharacter { code_point } => {
            format!("the character U+{code_point:04X} cannot be seen or changes how the line looks")
        }
        Problem::TabIndent => "the line is indented with a tab, and indentation is two blanks a step".to_owned(),
        Problem::OddIndent { blanks } => {
            format!("the line is indented by {blanks} blanks, and indentation is two blanks a step")
        }
        Problem::JumpedIndent { blanks, most } => {
            format!("the line is indented by {blanks} blanks, and here {most} are the most")
        }
        Problem::UnclosedQuote => "the quotation mark is not closed on this line".to_owned(),
        Problem::MisspeltKeyword { written, keyword } => format!("`{written}` stands where `{keyword}` was expected"),
        Problem::MissingAtEnd { keyword } => format!("`{keyword}` is missing at the end of the line"),
        Problem::Unexpected { found, expected } if found.is_empty() => {
            format!("the line ends where {} was expected", list(expected, Language::English))
        }
        Problem::Unexpected { found, expected } => {
            format!("`{found}` stands where {} was expected", list(expected, Language::English))
        }
        Problem::UnknownForm { hint: Some(Hint::Part) } => "no address has such a part".to_owned(),
        Problem::UnknownForm { hint: Some(Hint::UnverifiedArticle) } => {
            "an article that nobody has found has no address to be cited by".to_owned()
        }
        Problem::UnknownForm { .. } => "the line has none of the forms that can stand here".to_owned(),
        Problem::NothingBelongsHere => "nothing can be indented under the line above".to_owned(),
        Problem::ArticleWithoutDocument => "the article stands before any document".to_owned(),
        Problem::RepeatedLine { written } => format!("`{written}` says again what may be said once"),
        Problem::AndWithoutWhen => "`and` goes on with a `when` line, and there is none before it".to_owned(),
        Problem::NoAlternatives => "the list of cases is empty".to_owned(),
        Problem::Binding(problem) => binding::message(problem, Language::English),
    }
}

fn vietnamese(problem: &Problem) -> String {
    match problem {
        Problem::InvalidDate { written } => format!("`{written}` không phải là ngày"),
        Problem::AmbiguousNumber { written, readings: [whole, decimal] } => {
            format!("`{written}` có thể đọc là {whole} hoặc {}", decimal.replace('.', ","))
        }
        Problem::InvalidNumber { written } => format!("`{written}` không phải là số dùng được ở đây"),
        Problem::AddressOrder { written, .. } => format!("các phần của `{written}` viết sai thứ tự"),
        Problem::NotUtf8 { line } => format!("tệp không phải là văn bản UTF-8 từ dòng {line}"),
        Problem::FileTooLarge { bytes, limit } => format!("tệp có {bytes} byte, nhiều nhất là {limit}"),
        Problem::TooManyLines { lines, limit } => format!("tệp có {lines} dòng, nhiều nhất là {limit}"),
        Problem::LineTooLong { characters, limit } => format!("dòng có {characters} ký tự, nhiều nhất là {limit}"),
        Problem::NestedTooDeep { limit } => format!("dòng thụt vào quá {limit} bậc"),
        Problem::LineTooComplex => "dòng quá phức tạp, không đọc được".to_owned(),
        Problem::ForbiddenCharacter { code_point } => {
            format!("ký tự U+{code_point:04X} không nhìn thấy được hoặc làm sai lệch cách hiển thị của dòng")
        }
        Problem::TabIndent => "dòng thụt vào bằng dấu tab, mỗi bậc phải là hai dấu cách".to_owned(),
        Problem::OddIndent { blanks } => format!("dòng thụt vào {blanks} dấu cách, mỗi bậc phải là hai dấu cách"),
        Problem::JumpedIndent { blanks, most } => {
            format!("dòng thụt vào {blanks} dấu cách, ở đây nhiều nhất là {most}")
        }
        Problem::UnclosedQuote => "dấu ngoặc kép không được đóng trên dòng này".to_owned(),
        Problem::MisspeltKeyword { written, keyword } => format!("gặp `{written}` ở chỗ cần `{keyword}`"),
        Problem::MissingAtEnd { keyword } => format!("cuối dòng thiếu `{keyword}`"),
        Problem::Unexpected { found, expected } if found.is_empty() => {
            format!("dòng kết thúc ở chỗ cần {}", list(expected, Language::Vietnamese))
        }
        Problem::Unexpected { found, expected } => {
            format!("gặp `{found}` ở chỗ cần {}", list(expected, Language::Vietnamese))
        }
        Problem::UnknownForm { hint: Some(Hint::Part) } => "địa chỉ không có phần này".to_owned(),
        Problem::UnknownForm { hint: Some(Hint::UnverifiedArticle) } => {
            "điều chưa tìm ra thì không có địa chỉ để dẫn".to_owned()
        }
        Problem::UnknownForm { .. } => "dòng không theo mẫu câu nào được dùng ở đây".to_owned(),
        Problem::NothingBelongsHere => "dưới dòng trên không được thụt vào thêm gì".to_owned(),
        Problem::ArticleWithoutDocument => "trước điều này chưa có văn bản nào".to_owned(),
        Problem::RepeatedLine { written } => format!("`{written}` nói lại điều chỉ được nói một lần"),
        Problem::AndWithoutWhen => "`và` nối tiếp dòng `khi`, nhưng trước nó không có dòng `khi` nào".to_owned(),
        Problem::NoAlternatives => "danh sách trường hợp để trống".to_owned(),
        Problem::Binding(problem) => binding::message(problem, Language::Vietnamese),
    }
}

fn english_help(problem: &Problem) -> Option<String> {
    let help = match problem {
        Problem::InvalidDate { written } if let Some(date) = calendar::in_words(written) => format!("write `{date}`"),
        Problem::InvalidDate { .. } => "write a day that exists, such as `2025-02-28` or `28/02/2025`".to_owned(),
        Problem::AmbiguousNumber { readings: [whole, decimal], .. } => format!("write `{whole}` or `{decimal}`"),
        Problem::InvalidNumber { .. } => "write digits, such as `0,5`, `0.5` or `1.000.000`".to_owned(),
        Problem::AddressOrder { right, .. } => format!("write `{right}`"),
        Problem::NotUtf8 { .. } => "save the file as UTF-8".to_owned(),
        Problem::FileTooLarge { .. } | Problem::TooManyLines { .. } => "split the file".to_owned(),
        Problem::LineTooLong { .. } | Problem::LineTooComplex => "split the line".to_owned(),
        Problem::ForbiddenCharacter { .. } => "delete the character, or type a plain blank".to_owned(),
        Problem::NestedTooDeep { .. }
        | Problem::JumpedIndent { .. }
        | Problem::TabIndent
        | Problem::OddIndent { .. } => "indent by two blanks for each step".to_owned(),
        Problem::UnclosedQuote => "close it with `\"`".to_owned(),
        Problem::MisspeltKeyword { keyword, .. } => format!("did you mean `{keyword}`?"),
        Problem::MissingAtEnd { keyword } => format!("add `{keyword}`"),
        Problem::ArticleWithoutDocument => "put a `document` line before it".to_owned(),
        Problem::AndWithoutWhen => "write `when`".to_owned(),
        Problem::NoAlternatives => "put the cases below it, each on its line, indented by two blanks more".to_owned(),
        Problem::NothingBelongsHere => "indent it as the line that it belongs to asks, or delete it".to_owned(),
        Problem::RepeatedLine { .. } => "keep one of them".to_owned(),
        Problem::Unexpected { found, .. } if found.starts_with(CURLY) => {
            "write straight quotation marks: `\"…\"`".to_owned()
        }
        Problem::Unexpected { found, expected } if is_unquoted(found, expected) => format!("write `\"{found}\"`"),
        Problem::UnknownForm { hint: Some(hint) } => english_hint(*hint).to_owned(),
        Problem::Unexpected { .. } | Problem::UnknownForm { hint: None } => return None,
        Problem::Binding(problem) => return binding::help(problem, Language::English),
    };
    Some(help)
}

fn vietnamese_help(problem: &Problem) -> Option<String> {
    let help = match problem {
        Problem::InvalidDate { written } if let Some(date) = calendar::in_words(written) => {
            format!("viết `{}`", date.strftime("%d/%m/%Y"))
        }
        Problem::InvalidDate { .. } => "viết một ngày có thật, ví dụ `28/02/2025` hoặc `2025-02-28`".to_owned(),
        Problem::AmbiguousNumber { readings: [whole, decimal], .. } => {
            format!("viết `{whole}` hoặc `{}`", decimal.replace('.', ","))
        }
        Problem::InvalidNumber { .. } => "viết bằng chữ số, ví dụ `0,5`, `0.5` hoặc `1.000.000`".to_owned(),
        Problem::AddressOrder { right, .. } => format!("viết `{right}`"),
        Problem::NotUtf8 { .. } => "lưu tệp theo UTF-8".to_owned(),
        Problem::FileTooLarge { .. } | Problem::TooManyLines { .. } => "tách tệp".to_owned(),
        Problem::LineTooLong { .. } | Problem::LineTooComplex => "tách dòng".to_owned(),
        Problem::ForbiddenCharacter { .. } => "xóa ký tự đó, hoặc gõ dấu cách thường".to_owned(),
        Problem::NestedTooDeep { .. }
        | Problem::JumpedIndent { .. }
        | Problem::TabIndent
        | Problem::OddIndent { .. } => "thụt vào hai dấu cách cho mỗi bậc".to_owned(),
        Problem::UnclosedQuote => "đóng bằng `\"`".to_owned(),
        Problem::MisspeltKeyword { keyword, .. } => format!("có phải là `{keyword}`?"),
        Problem::MissingAtEnd { keyword } => format!("thêm `{keyword}`"),
        Problem::ArticleWithoutDocument => "đặt dòng `văn bản` trước nó".to_owned(),
        Problem::AndWithoutWhen => "viết `khi`".to_owned(),
        Problem::NoAlternatives => {
            "viết các trường hợp bên dưới, mỗi trường hợp một dòng, thụt vào thêm hai dấu cách".to_owned()
        }
        Problem::NothingBelongsHere => "thụt vào theo đúng dòng mà nó thuộc về, hoặc bỏ đi".to_owned(),
        Problem::RepeatedLine { .. } => "giữ lại một dòng".to_owned(),
        Problem::Unexpected { found, .. } if found.starts_with(CURLY) => "dùng dấu ngoặc kép thẳng: `\"…\"`".to_owned(),
        Problem::Unexpected { found, expected } if is_unquoted(found, expected) => format!("viết `\"{found}\"`"),
        Problem::UnknownForm { hint: Some(hint) } => vietnamese_hint(*hint).to_owned(),
        Problem::Unexpected { .. } | Problem::UnknownForm { hint: None } => return None,
        Problem::Binding(problem) => return binding::help(problem, Language::Vietnamese),
    };
    Some(help)
}

/// A name that only lacks its quotation marks.
fn is_unquoted(found: &str, expected: &[Expected]) -> bool {
    !found.is_empty() && expected == [Expected::QuotedName]
}

const fn english_hint(hint: Hint) -> &'static str {
    match hint {
        Hint::Indent => "indent the sentence by two blanks, under its article",
        Hint::IndentDocument => "indent the line by two blanks, under its `document` line",
        Hint::DecidedBy => "write `T do H quyết định`",
        Hint::Heading => "begin with `document`, and put the kind on the line below: `decree, issued …`",
        Hint::Issued => "behind the comma write `issued` and the day, or `issued unverified` where it is not known",
        Hint::Part => {
            "the parts are `annex`, `part`, `section`, `subsection`, `article`, `clause`, `point`, `item`, `paragraph`; \
             a chapter is left out, since articles are numbered through"
        }
        Hint::UnverifiedArticle => "cite the whole document: write its number alone",
        Hint::Items => {
            "in column 0 stand `document …`, `article …`, `scenario …`, and declarations such as `task …` or `body …`"
        }
        Hint::DocumentLines => "write such as `law, issued 2013-11-29 by …`, `in force from …` or `rests on …`",
        Hint::Sentences => "write such as `T is decided by H`, `delegates T to H`, or the text's own words behind `>`",
        Hint::Limits => "write such as `when …`, `in …`, `from …`, `under …` or `except in the cases of …`",
        Hint::ScenarioLines => "write such as `ask …`, `with …` or `expect …`",
    }
}

const fn vietnamese_hint(hint: Hint) -> &'static str {
    match hint {
        Hint::Indent => "thụt câu vào hai dấu cách, dưới điều của nó",
        Hint::IndentDocument => "thụt dòng vào hai dấu cách, dưới dòng `văn bản` của nó",
        Hint::DecidedBy => "viết `T do H quyết định`",
        Hint::Heading => "mở đầu bằng `văn bản`, còn loại văn bản viết ở dòng dưới: `nghị định, ban hành ngày …`",
        Hint::Issued => {
            "sau dấu phẩy viết `ban hành ngày` và ngày đó, hoặc `ban hành chưa kiểm chứng` khi không rõ ngày"
        }
        Hint::Part => {
            "các phần của địa chỉ là `Phụ lục`, `phần`, `Mục`, `Tiểu mục`, `Điều`, `khoản`, `điểm`, `dòng`, `đoạn`; \
             không ghi chương, vì số điều chạy suốt văn bản"
        }
        Hint::UnverifiedArticle => "dẫn cả văn bản: chỉ viết số văn bản",
        Hint::Items => {
            "ở cột đầu là `văn bản …`, `Điều …`, `tình huống …`, và các khai báo như `nhiệm vụ …`, `chủ thể …`"
        }
        Hint::DocumentLines => "viết ví dụ `luật, ban hành ngày 29/11/2013 bởi …`, `có hiệu lực từ ngày …`, `căn cứ …`",
        Hint::Sentences => "viết ví dụ `T do H quyết định`, `ủy quyền T cho H`, hoặc nguyên văn sau dấu `>`",
        Hint::Limits => "viết ví dụ `khi …`, `tại …`, `từ ngày …`, `theo …`, `trừ các trường hợp quy định tại …`",
        Hint::ScenarioLines => "viết ví dụ `hỏi …`, `với …`, `kết quả …`",
    }
}

/// `a`, `b` or `c`.
fn list(expected: &[Expected], language: Language) -> String {
    let or = match language {
        Language::Vietnamese => " hoặc ",
        Language::English => " or ",
    };
    let mut text = String::new();
    for (i, one) in expected.iter().enumerate() {
        if i > 0 {
            text.push_str(if i + 1 == expected.len() { or } else { ", " });
        }
        text.push_str(&expectation(one, language));
    }
    text
}

fn expectation(expected: &Expected, language: Language) -> String {
    match (expected, language) {
        (Expected::Word(word), _) => format!("`{word}`"),
        (Expected::Name, Language::Vietnamese) => "một tên".to_owned(),
        (Expected::Name, Language::English) => "a name".to_owned(),
        (Expected::QuotedName, Language::Vietnamese) => "một tên trong ngoặc kép".to_owned(),
        (Expected::QuotedName, Language::English) => "a name in quotes".to_owned(),
        (Expected::DocumentNumber, Language::Vietnamese) => "số văn bản".to_owned(),
        (Expected::DocumentNumber, Language::English) => "a document's number".to_owned(),
        (Expected::Date, Language::Vietnamese) => "một ngày".to_owned(),
        (Expected::Date, Language::English) => "a date".to_owned(),
        (Expected::Number, Language::Vietnamese) => "một số".to_owned(),
        (Expected::Number, Language::English) => "a number".to_owned(),
        (Expected::PartLabel, Language::Vietnamese) => "số hoặc chữ của điều, khoản, điểm".to_owned(),
        (Expected::PartLabel, Language::English) => "the number or letter of a part".to_owned(),
        (Expected::Address, Language::Vietnamese) => "một điều, khoản, điểm hoặc số văn bản".to_owned(),
        (Expected::Address, Language::English) => "an article, clause, point or a document's number".to_owned(),
        (Expected::Value, Language::Vietnamese) => "một giá trị".to_owned(),
        (Expected::Value, Language::English) => "a value".to_owned(),
        (Expected::EndOfLine, Language::Vietnamese) => "hết dòng".to_owned(),
        (Expected::EndOfLine, Language::English) => "the end of the line".to_owned(),
    }
}

/// All problems as a user reads them: the line, a caret under the word, the fix. Ends in a line end unless empty.
#[must_use]
pub fn render(sources: &Sources, diagnostics: &[Diagnostic], language: Language, color: bool) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let grade = match diagnostic.problem.severity() {
            Severity::Error => Grade::Error,
            Severity::Warning => Grade::Warning,
        };
        let notice = Notice {
            grade,
            code: diagnostic.problem.code(),
            message: message(&diagnostic.problem, language),
            span: diagnostic.span,
            related: diagnostic.related.clone(),
            help: help(&diagnostic.problem, language),
            notes: further(sources, diagnostic, language).into_iter().collect(),
        };
        out.push_str(&show(sources, &notice, language, color));
    }
    out
}

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    Error,
    Warning,
    Note,
}

/// Something about a place in the rules that a user is told.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    pub grade: Grade,
    pub code: &'a str,
    pub message: String,
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<Span>,
    pub help: Option<String>,
    /// Each perhaps of several lines.
    pub notes: Vec<String>,
}

/// A notice as a user reads it: the line, a caret under the words, notes and the fix. Ends in an empty line.
#[must_use]
pub fn show(sources: &Sources, notice: &Notice<'_>, language: Language, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let rendered = renderer.render(&[group(sources, notice, language)]);
    let mut out = String::new();
    for line in rendered.lines().map(str::trim_end) {
        let _ = writeln!(out, "{line}");
    }
    out.push('\n');
    out
}

fn group<'s>(sources: &'s Sources, notice: &'s Notice<'_>, language: Language) -> Group<'s> {
    let level = match (notice.grade, language) {
        (Grade::Error, Language::English) => Level::ERROR,
        (Grade::Error, Language::Vietnamese) => Level::ERROR.with_name("lỗi"),
        (Grade::Warning, Language::English) => Level::WARNING,
        (Grade::Warning, Language::Vietnamese) => Level::WARNING.with_name("cảnh báo"),
        (Grade::Note, Language::English) => Level::NOTE,
        (Grade::Note, Language::Vietnamese) => Level::NOTE.with_name("lưu ý"),
    };
    let mut group = Group::with_title(level.primary_title(&notice.message).id(notice.code));
    let main = (notice.span, AnnotationKind::Primary);
    for (span, kind) in std::iter::once(main).chain(notice.related.iter().map(|span| (*span, AnnotationKind::Context)))
    {
        if let Some(source) = sources.get(span.source) {
            group = group.element(snippet(source, span, kind));
        }
    }
    match (&notice.help, language) {
        (Some(help), Language::English) => group = group.element(Level::HELP.message(help)),
        (Some(help), Language::Vietnamese) => group = group.element(Level::HELP.with_name("gợi ý").message(help)),
        (None, _) => {}
    }
    let note = match language {
        Language::English => Level::NOTE,
        Language::Vietnamese => Level::NOTE.with_name("ghi chú"),
    };
    notice.notes.iter().fold(group, |group, said| group.element(note.clone().message(said)))
}

/// In how many other places it is the same, and the next of them.
fn further(sources: &Sources, diagnostic: &Diagnostic, language: Language) -> Option<String> {
    let next = diagnostic.further.first()?;
    let path = sources.get(next.source).map_or("", |source| &source.path);
    let (line, column) = sources.line_column(*next);
    let at = format!("{path}:{line}:{column}");
    Some(match (diagnostic.further.len(), language) {
        (1, Language::Vietnamese) => format!("còn một chỗ nữa như vậy: {at}"),
        (more, Language::Vietnamese) => format!("còn {more} chỗ nữa như vậy, kế tiếp là {at}"),
        (1, Language::English) => format!("the same once more: {at}"),
        (more, Language::English) => format!("the same in {more} more places, the next at {at}"),
    })
}

/// The lines of one span only, so that a file of many problems is not gone through for each.
fn snippet<'s>(source: &'s Source, span: Span, kind: AnnotationKind) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    let text: &'s str = &source.text;
    let (from, to) = (span.start as usize, span.end as usize);
    let before = text.get(..from).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(to..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| to + at);
    let lines = text.get(start..end).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let within = from.saturating_sub(start)..to.saturating_sub(start).max(from.saturating_sub(start));
    Snippet::source(lines).line_start(line).path(&*source.path).annotation(kind.span(within))
}
