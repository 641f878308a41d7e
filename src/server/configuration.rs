//! What an operator says of the service, in a file of TOML. Each section is read by the module that it is about; here is what
//! all have in common: nothing unknown is passed over, no check can be switched off, and a fault says where it is and what was
//! expected.

use std::fs;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Settings, access, publishing, webhooks};
use crate::reading::words::pick;
use crate::syntax::tree::Language;

/// No configuration and no secret is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// All that a file of configuration says; what it leaves out is as without one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Configuration {
    /// Where to listen; `--listen` goes before it.
    pub listen: Option<SocketAddr>,
    /// Who may ask what; anybody may read where nothing is said.
    access: Option<access::Section>,
    /// Whether and how versions are published over HTTP.
    publishing: Option<publishing::Section>,
    /// Who is told of publications.
    webhook: Vec<webhooks::Section>,
    /// The folder in which the file lies: paths in it start from there.
    #[serde(skip)]
    pub(super) folder: PathBuf,
}

/// What is wrong with a configuration, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The file, and in it the member or the line.
    place: String,
    vietnamese: String,
    english: String,
}

impl Wrong {
    pub(super) fn new(place: impl Into<String>, vietnamese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { place: place.into(), vietnamese: vietnamese.into(), english: english.into() }
    }

    /// In one line: where it is, and what was expected.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        format!("{}: {}", self.place, pick(language, &self.vietnamese, &self.english))
    }
}

impl Configuration {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or says what the service does not know.
    pub fn read(file: &Path) -> Result<Self, Wrong> {
        let place = file.display().to_string();
        let text = text_of(file).map_err(|error| unreadable(&place, &error))?;
        let mut read: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text.get(..span.start).unwrap_or("").matches('\n').count());
            let said = error.message();
            Wrong::new(format!("{place}:{line}"), format!("không hiểu được: {said}"), format!("not understood: {said}"))
        })?;
        read.folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Ok(read)
    }
}

impl Configuration {
    /// How the service behaves by it; what it does not say is as in other settings.
    ///
    /// # Errors
    /// When a section cannot be meant.
    pub fn settings(&self, other: Settings) -> Result<Settings, Wrong> {
        let guard = self.access.clone().map(|section| access::Guard::new(section, &self.folder)).transpose()?;
        if self.publishing.is_some() && guard.is_none() {
            return Err(Wrong::new(
                "publishing",
                "cần `[access]`: phải biết ai đề nghị và ai duyệt",
                "it takes `[access]`: who proposes and who approves must be known",
            ));
        }
        let publishing =
            self.publishing.as_ref().map(|section| publishing::Desk::new(section, &self.folder)).transpose()?;
        let webhooks = webhooks::Hook::all(&self.webhook, &self.folder)?;
        Ok(Settings { access: guard.map(Arc::new), publishing: publishing.map(Arc::new), webhooks, ..other })
    }
}

/// What nobody is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Secret {
    /// The first line of a file that nobody but its owner may read.
    pub(super) fn read(file: &Path) -> Result<Self, Wrong> {
        let place = file.display().to_string();
        let text = secret_text(file)?;
        let secret = text.lines().next().unwrap_or("").trim();
        if secret.is_empty() {
            return Err(Wrong::new(place, "tệp bí mật trống", "the secret is empty"));
        }
        Ok(Self(secret.to_owned()))
    }

    /// For whoever needs it; never for a log.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// A file that nobody but its owner may read, whole.
pub(super) fn secret_text(file: &Path) -> Result<String, Wrong> {
    let place = file.display().to_string();
    if is_open(file).map_err(|error| unreadable(&place, &error))? {
        return Err(Wrong::new(
            place,
            "người khác cũng đọc được tệp bí mật này: chạy `chmod 600`",
            "others may read this secret: run `chmod 600` on it",
        ));
    }
    text_of(file).map_err(|error| unreadable(&place, &error))
}

fn unreadable(place: &str, error: &std::io::Error) -> Wrong {
    Wrong::new(place, format!("không đọc được: {error}"), format!("cannot be read: {error}"))
}

pub(super) fn text_of(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    // One byte more than allowed tells that there is more.
    fs::File::open(file)?.take(LONGEST + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length <= LONGEST) {
        Ok(text)
    } else {
        Err(std::io::ErrorKind::FileTooLarge.into())
    }
}

#[cfg(unix)]
fn is_open(file: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(file)?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere who may read a file is not said by its mode.
#[cfg(not(unix))]
fn is_open(file: &Path) -> std::io::Result<bool> {
    fs::metadata(file).map(|_| false)
}
