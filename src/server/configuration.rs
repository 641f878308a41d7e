//! What an operator says of the service, in a file of TOML. Each section is read by the module that it is about; here is what
//! all have in common: nothing unknown is passed over, no check can be switched off, and a fault says where it is and what was
//! expected.

use std::fs;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::client::Proxy;
use super::decisions::section::Section;
use super::limits::Limits;
use super::log::Log;
use super::tls::Tls;
use super::traces::Collector;
use super::{Settings, access, publishing, webhooks};
use crate::reading::misread;
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
    limits: Limits,
    log: Log,
    /// The service stands behind a proxy, which keeps secret what is said.
    proxy: Option<Proxy>,
    tls: Option<Tls>,
    traces: Option<Collector>,
    /// The file.
    #[serde(skip)]
    name: String,
    /// Of the OpenID Authorization API.
    pub authzen: Option<super::Authzen>,
    /// The log of decisions; none where it is not said.
    pub decisions: Option<Section>,
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
            let said = |language| misread::said(error.message(), language);
            Wrong::new(
                format!("{place}:{line}"),
                format!("không hiểu được: {}", said(Language::Vietnamese)),
                format!("not understood: {}", said(Language::English)),
            )
        })?;
        read.name.clone_from(&place);
        read.authzen = read.authzen.map(super::Authzen::checked).transpose()?;
        read.folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Ok(read)
    }
}

impl Configuration {
    /// How the service behaves, with a log in this language.
    ///
    /// # Errors
    /// When a limit would be none, a section cannot be meant, or a file that is named cannot be used.
    pub fn settings(&self, language: Language) -> Result<Settings, Wrong> {
        let settings = Settings { language, ..Settings::default() };
        let mut settings = self.limits.over(settings, &self.name)?;
        if let Some(access) = &self.access {
            settings.access = Some(Arc::new(access::Guard::new(access.clone(), &self.folder)?));
        }
        settings.authzen.clone_from(&self.authzen);
        if self.publishing.is_some() && settings.access.is_none() {
            return Err(Wrong::new(
                "publishing",
                "cần `[access]`: phải biết ai đề nghị và ai duyệt",
                "it takes `[access]`: who proposes and who approves must be known",
            ));
        }
        if let Some(section) = &self.publishing {
            settings.publishing = Some(Arc::new(publishing::Desk::new(section, &self.folder)?));
        }
        settings.webhooks = webhooks::Hook::all(&self.webhook, &self.folder)?;
        if let Some(proxy) = &self.proxy {
            settings.proxies = proxy.proxies(&self.name)?;
        }
        if let Some(tls) = &self.tls {
            settings.tls = Some(Arc::new(tls.certificates(&self.folder)?));
        }
        if let Some(collector) = &self.traces {
            settings.traces = Some(collector.traces(&self.name)?);
        }
        Ok(settings)
    }

    /// What goes to the log.
    #[must_use]
    pub const fn log(&self) -> Log {
        self.log
    }

    /// Who listens to other machines says how secrets are kept: by itself or by a proxy. Without a file that is only noted.
    ///
    /// # Errors
    /// When a file says neither.
    pub fn listens_to(&self, address: SocketAddr) -> Result<Option<Wrong>, Wrong> {
        let is_open = self.tls.is_none() && self.proxy.is_none() && !address.ip().to_canonical().is_loopback();
        if !is_open {
            return Ok(None);
        }
        let wrong = Wrong::new(
            if self.name.is_empty() { address.to_string() } else { self.name.clone() },
            format!(
                "máy khác gọi được {address} mà không mã hóa: hãy thêm mục [tls], hoặc [proxy] nếu proxy phía trước mã hóa"
            ),
            format!(
                "other machines reach {address} unencrypted: add [tls], or [proxy] where a proxy in front encrypts"
            ),
        );
        if self.name.is_empty() { Ok(Some(wrong)) } else { Err(wrong) }
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
        let text = secret_text(file)?;
        let secret = text.lines().next().unwrap_or("").trim();
        if secret.is_empty() {
            return Err(Wrong::new(file.display().to_string(), "tệp bí mật trống", "the secret is empty"));
        }
        Ok(Self(secret.to_owned()))
    }

    /// For whoever needs it; never for a log.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// The text of a file that nobody but its owner may read.
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

pub(super) fn unreadable(place: &str, error: &std::io::Error) -> Wrong {
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

/// A section alone, as tests write it.
#[cfg(test)]
pub(super) fn section<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
