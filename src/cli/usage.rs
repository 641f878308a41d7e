//! What is wrong with a command line, in Vietnamese: the words that clap says in English.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::builder::styling::Styles;
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind};

const STORE: &str = "--store";

/// Writes an error of clap in Vietnamese, in the order of clap's own: what is wrong, what may be meant, how it is used.
pub(super) struct Vietnamese;

impl ErrorFormatter for Vietnamese {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let styles = Styles::styled();
        let (red, green) = (styles.get_error(), styles.get_valid());
        let mut said = format!("{red}lỗi:{red:#} {}", wrong(error));
        for (kind, name) in [
            (ContextKind::ValidValue, "có thể dùng"),
            (ContextKind::ValidSubcommand, "các lệnh"),
            (ContextKind::SuggestedSubcommand, "có phải là lệnh"),
            (ContextKind::SuggestedArg, "có phải là tham số"),
            (ContextKind::SuggestedValue, "có phải là"),
        ] {
            let values = several(error, kind);
            if !values.is_empty() {
                let _ = write!(said, "\n  {name}: {green}{}{green:#}", values.join(", "));
            }
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
            let usage = usage.to_string();
            let _ = write!(said, "\n\nCách dùng: {}", usage.strip_prefix("Usage: ").unwrap_or(&usage));
        }
        said.push_str("\n\nXem thêm: --help\n");
        said.into()
    }
}

/// Whether `--store`, which stands against another option, was said by the environment and not written.
pub(super) fn is_of_environment(error: &clap::Error, arguments: &[OsString]) -> bool {
    let of = |text: &str| text.strip_prefix(STORE).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '=']));
    let mut concerns =
        [ContextKind::InvalidArg, ContextKind::PriorArg].into_iter().flat_map(|kind| several(error, kind));
    let mut written = arguments.iter().filter_map(|argument| argument.to_str());
    error.kind() == ErrorKind::ArgumentConflict && concerns.any(|one| of(&one)) && !written.any(of)
}

/// The first line: what is wrong.
fn wrong(error: &Error<Vietnamese>) -> String {
    let named = |kind| several(error, kind).join(", ");
    let argument = named(ContextKind::InvalidArg);
    let value = named(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => format!("không có tham số '{argument}'"),
        ErrorKind::UnknownArgument => format!("thừa '{argument}'"),
        ErrorKind::InvalidSubcommand => format!("không có lệnh '{}'", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => format!("'{}' cần một lệnh con", named(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("thiếu {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("thiếu giá trị của '{argument}'"),
        ErrorKind::InvalidValue => format!("'{argument}' không nhận giá trị '{value}'"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|why| format!(": {why}")).unwrap_or_default();
            format!("'{argument}' không nhận giá trị '{value}'{why}")
        }
        ErrorKind::TooManyValues => format!("'{argument}' không nhận thêm giá trị '{value}'"),
        ErrorKind::ArgumentConflict => match named(ContextKind::PriorArg) {
            prior if prior == argument => format!("'{argument}' chỉ dùng được một lần"),
            prior => format!("'{argument}' không dùng chung với '{prior}'"),
        },
        ErrorKind::InvalidUtf8 => "dòng lệnh có chỗ không phải UTF-8".to_owned(),
        ErrorKind::NoEquals
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format
        | _ => "không hiểu được dòng lệnh".to_owned(),
    }
}

/// What the error says of this kind, made safe for a terminal.
fn several<F: ErrorFormatter>(error: &Error<F>, kind: ContextKind) -> Vec<String> {
    let texts = match error.get(kind) {
        Some(ContextValue::String(text)) => std::slice::from_ref(text),
        Some(ContextValue::Strings(texts)) => texts.as_slice(),
        _ => &[],
    };
    texts.iter().map(|text| text.replace(char::is_control, "\u{fffd}")).collect()
}
