//! `tq key`: signing keys in files, and keys by which callers of the service are recognised, which are kept nowhere.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::{Console, Status, texts};
use crate::reading::words::pick;
use crate::server::access;
use crate::store::key::SecretKey;
use crate::syntax::tree::Language;

/// No key is larger.
const LARGEST: u64 = 16 << 10;

/// Why there is no key.
pub(super) enum NoKey {
    System(String),
    /// It is a file of something else.
    Other,
}

impl NoKey {
    pub(super) fn of(&self, file: &Path, language: Language) -> String {
        let file = file.display();
        match (self, language) {
            (Self::System(said), Language::Vietnamese) => format!("lỗi: không đọc hoặc ghi được `{file}`: {said}"),
            (Self::System(said), Language::English) => format!("error: cannot read or write `{file}`: {said}"),
            (Self::Other, Language::Vietnamese) => {
                format!("lỗi: `{file}` không phải khóa bí mật Ed25519 (PKCS#8, PEM); tạo bằng `tq key new`")
            }
            (Self::Other, Language::English) => {
                format!("error: `{file}` is no secret key of Ed25519 (PKCS#8, PEM); make one with `tq key new`")
            }
        }
    }
}

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(Status::Wrong) };
    if name == "token" {
        return token(matches, console);
    }
    let Some(file) = matches.get_one::<PathBuf>("file") else { return Ok(Status::Wrong) };
    let key = if name == "new" { make(file) } else { read(file) };
    match key {
        Ok(key) => {
            console.say(&key.public().text())?;
            Ok(Status::Fine)
        }
        Err(none) => {
            console.complain(&none.of(file, console.language))?;
            Ok(Status::Wrong)
        }
    }
}

/// Makes a key for a caller of the service. It is printed once, with what a configuration says of it.
fn token(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let language = console.language;
    let name = matches.get_one::<String>("name").cloned().unwrap_or_default();
    let roles: Vec<String> = texts(matches, "role").iter().map(|role| format!("\"{role}\"")).collect();
    let (key, hash) = match access::made() {
        Ok(made) => made,
        Err(error) => {
            let word = pick(language, "lỗi: máy không tạo được số ngẫu nhiên", "error: the system has no randomness");
            console.complain(&format!("{word}: {error}"))?;
            return Ok(Status::Wrong);
        }
    };
    console.complain(pick(
        language,
        "dòng đầu là khóa, chỉ in ra lần này: trao cho người dùng nó; phần còn lại đưa vào tệp cấu hình",
        "the first line is the key, printed this once: hand it to whoever is to use it; the rest goes into the configuration",
    ))?;
    console.say(&key)?;
    // Written as JSON writes texts, which TOML reads the same.
    let name = serde_json::Value::String(name);
    console.say(&format!("\n[[access.key]]\nname = {name}\nroles = [{}]\nsha256 = \"{hash}\"", roles.join(", ")))?;
    Ok(Status::Fine)
}

/// The key of a file.
pub(super) fn read(file: &Path) -> Result<SecretKey, NoKey> {
    let system = |error: io::Error| NoKey::System(error.to_string());
    if fs::metadata(file).map_err(system)?.len() > LARGEST {
        return Err(NoKey::Other);
    }
    let bytes = fs::read(file).map_err(system)?;
    let text = String::from_utf8(bytes).map_err(|_| NoKey::Other)?;
    SecretKey::from_pem(&text).ok_or(NoKey::Other)
}

/// A new key in a new file, which nobody else may read.
fn make(file: &Path) -> Result<SecretKey, NoKey> {
    let key = SecretKey::generate().map_err(|error| NoKey::System(error.to_string()))?;
    let pem = key.pem().ok_or(NoKey::Other)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut to| to.write_all(pem.as_bytes()).and_then(|()| to.sync_all()));
    written.map_err(|error| NoKey::System(error.to_string()))?;
    Ok(key)
}
