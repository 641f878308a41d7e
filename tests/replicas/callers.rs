//! Whoever publishes over HTTP and often hangs up: at a service as it is, by the address that everybody uses, and at the
//! control. What they were told is kept, and held against the log afterwards.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use thamquyen::digest::Digest;
use thamquyen::store::log::{Kept, Log};

use crate::Publisher;
use crate::replica::{Answer, Replica};
use crate::shelf::Dice;

/// Who waits for an answer waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a request and reads the whole answer; three times of four hangs up at some moment within half a second, whatever is there
/// by then. Nothing where there is no whole answer.
pub(crate) fn exchange(address: &str, request: &str, dice: &mut Dice) -> Option<Answer> {
    let longest = [60, 60, 500, 0][dice.below(4)];
    let moment = Duration::from_millis(u64::try_from(1 + dice.below(longest)).ok()?);
    answered(address, request, if longest == 0 { PATIENCE } else { moment })
}

fn answered(address: &str, request: &str, patience: Duration) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    stream.set_read_timeout(Some(patience)).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let answer = Answer::read(&text)?;
    (answer.header("content-length")? == answer.body.len().to_string()).then_some(answer)
}

/// What somebody was told of what they wanted to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is this entry.
    Published(u32),
    /// It is not published: something else came first.
    Late,
}

/// Somebody's wish, as it was sent, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub note: String,
    key: String,
    active: String,
    text: String,
    told: Told,
}

/// What all callers were told, in no order.
pub(crate) type Wishes = Arc<Mutex<Vec<Wish>>>;

/// The name of all callers, as the configuration of the services has it.
pub(crate) const NAME: &str = "An";

/// Who asks services to publish.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Where they listen.
    pub addresses: Vec<String>,
    /// By which they know the caller.
    pub token: String,
    /// Whether a request is sent again under the key that it had; else under another one each time.
    pub keeps_key: bool,
    pub wishes: Wishes,
}

impl Caller {
    fn any<'a>(&'a self, dice: &mut Dice) -> &'a str {
        &self.addresses[dice.below(self.addresses.len())]
    }

    /// The version that is active, as far as a service knows.
    fn active(&self, dice: &mut Dice) -> Option<String> {
        let request = "GET /v1/versions?limit=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let answer = answered(self.any(dice), request, PATIENCE)?;
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        Some(body["version"].as_str().expect("a version").to_owned())
    }

    fn request(&self, wish: &Wish) -> String {
        let body = json!({ "changes": [{ "path": "rules.tq", "text": wish.text }], "note": wish.note }).to_string();
        let (Self { token, .. }, Wish { key, active, .. }) = (self, wish);
        format!(
            "POST /v1/proposals HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             authorization: Bearer {token}\r\nif-match: \"{active}\"\r\nidempotency-key: {key}\r\n\
             accept-language: en\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// Sends a wish until somebody says what became of it, now to one service and now to another.
    fn insist(&self, mut wish: Wish, dice: &mut Dice) -> Option<Wish> {
        for attempt in 0..60 {
            if !self.keeps_key {
                wish.key = format!("{}, attempt {attempt}", wish.note).replace([' ', ','], "-");
            }
            let answer = exchange(self.any(dice), &self.request(&wish), dice);
            let Some(answer) = answer else { continue };
            match answer.status {
                201 => {
                    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
                    assert_eq!(body["state"], "published", "{}", answer.body);
                    let entry = body["entry"].as_u64().and_then(|entry| u32::try_from(entry).ok());
                    return Some(Wish { told: Told::Published(entry.expect("an entry")), ..wish });
                }
                412 => return Some(Wish { told: Told::Late, ..wish }),
                // It is being worked on; the service has too much to do; the store is away, or does not know.
                409 if answer.body.contains("in-flight") => {}
                503 => {}
                _ => panic!("{}: {}", answer.status, answer.body),
            }
            thread::sleep(Duration::from_millis(u64::try_from(10 + dice.below(90)).expect("small")));
        }
        None
    }

    /// Asks again for what is published already, of a service that may not have been asked before.
    pub(crate) fn repeats(&self, wish: &Wish, service: &Replica) -> Answer {
        answered(service.address(), &self.request(wish), PATIENCE).expect("an answer")
    }
}

impl Publisher for Caller {
    fn publish(&mut self, number: usize, dice: &mut Dice) -> Option<String> {
        let active = self.active(dice)?;
        let (note, key) = (format!("wish {number}"), format!("wish-{number}"));
        let wish = Wish { note, key, active, text: crate::text_of(number), told: Told::Late };
        let wish = self.insist(wish, dice)?;
        let told = wish.told.clone();
        self.wishes.lock().expect("no panic").push(wish);
        match told {
            Told::Published(entry) => Some(format!("{entry:08}.json")),
            Told::Late => None,
        }
    }
}

/// What is wrong with what callers were told, by the log: each wish is published once or not at all, and whoever was told which, was
/// told right.
pub(crate) fn untrue(log: &Log, wishes: &[Wish]) -> Vec<String> {
    let mut published: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for kept in log.entries() {
        published.entry(&kept.proposal.note).or_default().push(kept.number);
    }
    let is_wish = |note: &str| note.starts_with("wish ");
    let twice = published.iter().filter(|(note, entries)| is_wish(note) && entries.len() > 1);
    let twice = twice.map(|(note, entries)| format!("`{note}` is published as {entries:?}"));
    let told = wishes.iter().filter_map(|Wish { note, told, .. }| {
        let entries = published.get(note.as_str()).map_or(&[][..], Vec::as_slice);
        match told {
            Told::Published(entry) if entries.contains(entry) => None,
            Told::Late if entries.is_empty() => None,
            Told::Published(_) | Told::Late => {
                Some(format!("`{note}` was told {told:?}, and is published as {entries:?}"))
            }
        }
    });
    twice.chain(told).collect()
}

/// Whether an entry says under which key it was asked for.
pub(crate) fn is_of(kept: &Kept, wish: &Wish) -> bool {
    let key = Digest::of(format!("{NAME}\n{}", wish.key).as_bytes());
    kept.proposal.request.as_ref().is_some_and(|request| request.key == key)
}

impl Wish {
    /// The entry that it is, as whoever sent it was told.
    pub(crate) fn entry(&self) -> Option<u32> {
        match self.told {
            Told::Published(entry) => Some(entry),
            Told::Late => None,
        }
    }
}
