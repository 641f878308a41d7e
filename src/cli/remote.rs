//! The rules of a running service, fetched from it and held against the hash by which it names them.

use std::time::Duration;

use serde::Deserialize;

use crate::digest::Digest;
use crate::library::File;
use crate::syntax::tree::Language;

/// No library is larger, in bytes.
const LARGEST: u64 = 512 << 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there are no rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The service cannot be reached, or refuses; in the words of whoever refuses.
    Refused { address: String, said: String },
    /// What it sent is not what it says that it serves.
    Other { address: String },
}

impl Unsent {
    pub(super) fn words(&self, language: Language) -> String {
        match (self, language) {
            (Self::Refused { address, said }, Language::Vietnamese) => {
                format!("không lấy được quy định từ `{address}`: {said}")
            }
            (Self::Refused { address, said }, Language::English) => {
                format!("cannot fetch the rules of `{address}`: {said}")
            }
            (Self::Other { address }, Language::Vietnamese) => {
                format!("`{address}` gửi quy định không đúng với mã mà nó nêu")
            }
            (Self::Other { address }, Language::English) => {
                format!("`{address}` sent rules that are not those of the hash that it names")
            }
        }
    }
}

#[derive(Deserialize)]
struct Sent {
    rules: String,
    files: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    path: String,
    text: String,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// The rules that a service serves; those of another version where the address says `?version=` or `?as_known=`.
pub(super) fn rules(address: &str, language: Language) -> Result<Vec<File>, Unsent> {
    let refused = |said: String| Unsent::Refused { address: address.to_owned(), said };
    let (base, query) =
        address.split_once('?').map_or((address, String::new()), |(base, query)| (base, format!("?{query}")));
    let address_of_rules = format!("{}/v1/rules{query}", base.trim_end_matches('/'));
    let settings = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
    let agent: ureq::Agent = settings.build().into();
    let request = agent.get(&address_of_rules).header("accept-language", language.tag());
    let mut response = request.call().map_err(|error| refused(error.to_string()))?;
    let is_well = response.status().is_success();
    let body =
        response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| refused(error.to_string()))?;
    if !is_well {
        let said = serde_json::from_slice::<Problem>(&body).map(|problem| problem.detail);
        return Err(refused(said.unwrap_or_else(|_| response.status().to_string())));
    }
    let sent: Sent = serde_json::from_slice(&body).map_err(|error| refused(error.to_string()))?;
    let other = || Unsent::Other { address: address.to_owned() };
    let named: Digest = sent.rules.parse().map_err(|_| other())?;
    let file = |text: Text| File { path: text.path, bytes: text.text.into_bytes() };
    let mut files: Vec<File> = sent.files.into_iter().map(file).collect();
    files.sort();
    let found = Digest::of_rules(files.iter().map(|file| (file.path.as_str(), Digest::of(&file.bytes))));
    if found == named { Ok(files) } else { Err(other()) }
}
