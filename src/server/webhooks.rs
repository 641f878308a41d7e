//! Tells other services of each publication (Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`). How far
//! each was told is kept in the store, so nothing is lost with a restart; one service of a store delivers at a time. What
//! was not acknowledged is sent again, under the same id: each is told at least once, in order.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::configuration::{Secret, Wrong};
use super::{State, clock};
use crate::reading::words::pick;
use crate::store::fault::Fault;

/// Where it is kept how far each was told.
const FOLDER: &str = "webhooks";

/// No wait between two attempts is longer.
const LONGEST: Duration = Duration::from_secs(300);

/// Looks at the store between which an answer must be there, and for which whoever delivers may be taken to be alive.
const ANSWER: u32 = 10;
const LEASE: u32 = 30;

/// A section `[[webhook]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Section {
    /// By which the store knows it: small letters, digits and `-`.
    name: String,
    url: String,
    /// The file of its secret, `whsec_` and base64.
    secret_file: PathBuf,
    /// The one before, while whoever is told changes over: then both sign.
    old_secret_file: Option<PathBuf>,
}

/// Somebody who is told.
pub struct Hook {
    name: String,
    url: String,
    secrets: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Hook {
    /// Neither secrets nor the address, which may hold one.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Hook").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Hook {
    /// All that a configuration names; paths start from its folder.
    ///
    /// # Errors
    /// When one cannot be meant.
    pub(super) fn all(sections: &[Section], folder: &Path) -> Result<Vec<Arc<Self>>, Wrong> {
        let mut hooks: Vec<Arc<Self>> = Vec::new();
        for (section, number) in sections.iter().zip(1..) {
            let hook = Self::new(section, number, folder)?;
            if hooks.iter().any(|earlier| earlier.name == hook.name) {
                let place = format!("webhook {number}");
                return Err(Wrong::new(place, "tên này đã được nêu", "another webhook has this name"));
            }
            hooks.push(Arc::new(hook));
        }
        Ok(hooks)
    }

    fn new(section: &Section, number: usize, folder: &Path) -> Result<Self, Wrong> {
        let Section { name, url, secret_file, old_secret_file } = section;
        let wrong = |vietnamese: &str, english: &str| Wrong::new(format!("webhook {number}"), vietnamese, english);
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
            return Err(wrong(
                "`name` chỉ gồm chữ thường a–z, chữ số và `-`",
                "`name` takes small letters a–z, digits and `-`",
            ));
        }
        if !is_fit(url) {
            return Err(wrong(
                "`url` phải là https://… (http chỉ cho máy này), không có tên người dùng",
                "`url` must be https://… (http for this machine alone), without a user in it",
            ));
        }
        let files = [Some(secret_file), old_secret_file.as_ref()].into_iter().flatten();
        let secrets = files.map(|file| secret(&folder.join(file))).collect::<Result<_, _>>()?;
        Ok(Self { name: name.clone(), url: url.clone(), secrets })
    }

    /// The signatures of what is sent, of each secret.
    fn signed(&self, (id, at): (&str, i64), body: &str) -> String {
        let message = format!("{id}.{at}.{body}");
        let of = |secret: &Vec<u8>| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
            mac.update(message.as_bytes());
            Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
        };
        self.secrets.iter().filter_map(of).collect::<Vec<_>>().join(" ")
    }
}

/// Nobody reads on the way what is sent, nor is asked for a password.
fn is_fit(url: &str) -> bool {
    let Ok(parsed) = url.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (parsed.scheme_str(), parsed.authority()) else { return false };
    let is_here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    !authority.as_str().contains('@') && (scheme == "https" || scheme == "http" && is_here)
}

/// Of 24 to 64 bytes, as the standard has them.
fn secret(file: &Path) -> Result<Vec<u8>, Wrong> {
    let text = Secret::read(file)?;
    let bytes = text.expose().strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    bytes.filter(|bytes| (24..=64).contains(&bytes.len())).ok_or_else(|| {
        Wrong::new(
            file.display().to_string(),
            "bí mật phải là `whsec_` và base64 của 24 đến 64 byte ngẫu nhiên",
            "the secret is `whsec_` and the base64 of 24 to 64 random bytes",
        )
    })
}

/// How far somebody was told, and who is at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    /// All entries up to this one were acknowledged.
    told: u32,
    /// Who delivers, and until when nobody else does.
    holder: Option<String>,
    until: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// There is nothing to tell.
    Idle,
    /// Another service of the store is at it.
    Held,
    Told,
    Failed,
    /// The store cannot be read or written: nothing is wrong with whoever is told.
    Away,
}

/// Tells somebody of every publication, until the service stops.
pub(super) async fn tell(state: State, hook: Arc<Hook>) {
    let holder = Uuid::new_v4().hyphenated().to_string();
    let (mut news, mut failures) = (state.events().news(), 0_u32);
    let (poll, mut is_stuck) = (state.settings().poll, false);
    // What never failed is seen to be counted.
    for well in [true, false] {
        state.meters().messages(&hook.name, well, 0);
    }
    loop {
        let is_over = news.borrow_and_update().is_over;
        let (desk, own, name) = (state.clone(), Arc::clone(&hook), holder.clone());
        let work =
            move || if is_over { leave(&desk, &own, &name).map(|()| Turn::Idle) } else { turn(&desk, &own, &name) };
        let done = tokio::task::spawn_blocking(work).await;
        if is_over {
            return;
        }
        let ended = match done {
            Ok(Ok(ended)) => ended,
            Ok(Err(fault)) => {
                if !std::mem::replace(&mut is_stuck, true) {
                    let language = state.settings().language;
                    let words = pick(
                        language,
                        "kho không đọc hay không ghi được: chưa báo được cho webhook",
                        "the store cannot be read or written: nobody tells the webhook",
                    );
                    tracing::error!("{words} `{}`: {}", hook.name, fault.words(language));
                }
                Turn::Away
            }
            // It panicked, which is told where panics are.
            Err(_) => Turn::Away,
        };
        is_stuck &= ended == Turn::Away;
        let wait = match ended {
            Turn::Told => Duration::ZERO,
            Turn::Idle | Turn::Held | Turn::Away => poll * ANSWER,
            Turn::Failed => poll.saturating_mul(1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX)).min(LONGEST),
        };
        failures = match ended {
            Turn::Failed => failures.saturating_add(1),
            Turn::Away => failures,
            Turn::Idle | Turn::Held | Turn::Told => 0,
        };
        match ended {
            Turn::Told => {}
            // What is new is told at once; who failed is not asked sooner for that.
            Turn::Idle => {
                let _ = tokio::time::timeout(wait, news.changed()).await;
            }
            Turn::Held | Turn::Failed | Turn::Away => {
                let is_over = news.wait_for(|news| news.is_over);
                let _ = tokio::time::timeout(wait, is_over).await;
            }
        }
    }
}

/// One attempt to tell what comes next.
fn turn(state: &State, hook: &Hook, holder: &str) -> Result<Turn, Fault> {
    let Some(shelf) = state.shelf() else { return Ok(Turn::Idle) };
    let store = shelf.store().beside();
    let newest = store.log().next().saturating_sub(1);
    let now = clock::now();
    let lease = state.settings().poll * LEASE;
    let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
    let wish = |old: Option<&[u8]>| take(old, (newest, holder), (now, until));
    let before = store.noted(FOLDER, &file(hook))?;
    // Who is new is told what comes from now on.
    state.meters().told(&hook.name, read(before.as_deref()).map_or(newest, |note| note.told));
    // Whoever has nothing to write does not keep publishers waiting.
    if let (None, Err(ended)) = wish(before.as_deref()) {
        return Ok(ended);
    }
    let taken = store.note(FOLDER, &file(hook), wish)?;
    let told = match taken {
        Ok(told) => told,
        Err(ended) => return Ok(ended),
    };
    for number in told.saturating_add(1)..=newest {
        let Some(event) = state.event(number)? else { continue };
        let root = store.log().root().map(|root| root.short()).unwrap_or_default();
        let moment = store.log().entry(number).map_or(now, |kept| kept.at);
        let body = format!("{{\"type\":\"version.published\",\"timestamp\":\"{moment}\",\"data\":{event}}}");
        let is_told = send(state, hook, (&format!("msg_{root}_{number}"), &body));
        state.meters().messages(&hook.name, is_told, 1);
        let upto = if is_told { number } else { number.saturating_sub(1) };
        store.note(FOLDER, &file(hook), |old| (advanced(old, upto), ()))?;
        return Ok(if is_told { Turn::Told } else { Turn::Failed });
    }
    store.note(FOLDER, &file(hook), |old| (advanced(old, newest), ()))?;
    Ok(Turn::Idle)
}

fn file(hook: &Hook) -> String {
    format!("{}.json", hook.name)
}

fn read(old: Option<&[u8]>) -> Option<Note> {
    serde_json::from_slice(old?).ok()
}

fn bytes(note: &Note) -> Option<Vec<u8>> {
    serde_json::to_vec(note).ok()
}

/// What is to be written of a note, and how far was told where there is more to tell.
type Taken = (Option<Vec<u8>>, Result<u32, Turn>);

/// Takes the turn, if there is something to tell and nobody else has it. Who is new is told what comes from now on.
fn take(old: Option<&[u8]>, (newest, holder): (u32, &str), (now, until): (Timestamp, Timestamp)) -> Taken {
    let Some(note) = read(old) else {
        let note = Note { told: newest, holder: None, until: now };
        return (bytes(&note), Err(Turn::Idle));
    };
    if note.holder.as_deref().is_some_and(|other| other != holder) && now < note.until {
        return (None, Err(Turn::Held));
    }
    if note.told >= newest {
        return (None, Err(Turn::Idle));
    }
    let told = note.told;
    (bytes(&Note { holder: Some(holder.to_owned()), until, ..note }), Ok(told))
}

/// Notes that all up to an entry were acknowledged; never less than before.
fn advanced(old: Option<&[u8]>, number: u32) -> Option<Vec<u8>> {
    let note = read(old)?;
    (number > note.told).then(|| bytes(&Note { told: number, ..note })).flatten()
}

/// Leaves the turn to others.
fn leave(state: &State, hook: &Hook, holder: &str) -> Result<(), Fault> {
    let Some(shelf) = state.shelf() else { return Ok(()) };
    let store = shelf.store().beside();
    store.note(FOLDER, &file(hook), |old| {
        let note = read(old).filter(|note| note.holder.as_deref() == Some(holder));
        (note.and_then(|note| bytes(&Note { holder: None, ..note })), ())
    })
}

/// Sends a message; whether it was acknowledged.
fn send(state: &State, hook: &Hook, (id, body): (&str, &str)) -> bool {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(state.settings().poll * ANSWER))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("thamquyen/", env!("CARGO_PKG_VERSION")));
    let agent: ureq::Agent = config.build().into();
    let at = clock::now().as_second();
    let request = agent
        .post(&hook.url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", at.to_string())
        .header("webhook-signature", hook.signed((id, at), body));
    let language = state.settings().language;
    let words = pick(language, "chưa báo được cho webhook", "could not tell the webhook");
    // Addresses may hold secrets: only the name is logged.
    match request.send(body) {
        Ok(answer) if answer.status().is_success() => true,
        Ok(answer) => {
            tracing::warn!("{words} `{}`: {id}: {}", hook.name, answer.status().as_u16());
            false
        }
        Err(error) => {
            let why = if matches!(error, ureq::Error::Timeout(_)) { "timeout" } else { "no answer" };
            tracing::warn!("{words} `{}`: {id}: {why}", hook.name);
            false
        }
    }
}
