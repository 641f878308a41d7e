//! `tq store`: makes a store of versions, changes who may publish, confirms that the log is the newest. Also where every
//! command opens a store: what was seen of it before is held against it, and there is no way around that.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::{Console, Status, texts};
use crate::digest::Digest;
use crate::reading::words::pick;
use crate::server::now;
use crate::store::disk::{Disk, Folder};
use crate::store::fault::Fault;
use crate::store::key::{PublicKey, SecretKey};
use crate::store::postgres::{Address, Postgres};
use crate::store::seen::{Memory, Seen};
use crate::store::statement::{Holder, Policy, Says};
use crate::store::{Hand, Placed, Store};
use crate::syntax::tree::Language;

/// Where a store lies that is not named.
const PLACE: &str = "store";

pub(super) fn run(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    match matches.subcommand() {
        Some(("new", matches)) => make(matches, console),
        Some(("policy", matches)) => change(matches, console),
        Some(("renew", matches)) => renew(matches, console),
        Some(_) | None => Ok(Status::Wrong),
    }
}

/// A store, where it lies, and where what is known of it is kept.
pub(super) struct Opened {
    pub(super) store: Store,
    place: String,
    seen: PathBuf,
}

impl Opened {
    /// The store that the arguments name, if it is right and is the one that was seen before.
    pub(super) fn of(matches: &ArgMatches) -> Result<Self, Fault> {
        let lies = Place::of(matches)?;
        let seen = memory(matches)?;
        let place = lies.key();
        let known = Memory::read(&seen)?;
        let said = root(matches)?;
        let store = match Store::open(lies.disk()?, known.of(&place)) {
            Err(Fault::NoStore(_)) => return Err(Fault::NoStore(lies.shown())),
            opened => opened?,
        };
        let found = store.log().root().ok_or(Fault::Empty);
        match (known.of(&place).is_some(), said) {
            (_, Some(known)) if found.as_ref() != Ok(&known) => return Err(Fault::Root { known, found: found? }),
            // What waits for its first signatures has no root yet.
            (false, None) if found.is_ok() => return Err(Fault::Unknown { found: found? }),
            _ => {}
        }
        // A copy that lies elsewhere is no older than what is known of the store.
        found.map_or(Ok(()), |root| known.of_root(root).try_for_each(|seen| store.holds(seen)))?;
        let opened = Self { store, place, seen };
        opened.remember()?;
        Ok(opened)
    }

    /// The store, and what keeps more of what is seen of it.
    pub(super) fn parts(self) -> (Store, impl Fn(Seen) -> Result<(), Fault>) {
        let Self { store, place, seen } = self;
        (store, move |now| keep(&place, now, &seen))
    }

    /// Keeps what is known of the store now.
    pub(super) fn remember(&self) -> Result<(), Fault> {
        let Some(now) = self.store.seen() else { return Ok(()) };
        keep(&self.place, now, &self.seen)
    }
}

fn keep(place: &str, now: Seen, file: &Path) -> Result<(), Fault> {
    Memory::read(file)?.keep(place, now, file)
}

/// Where a store lies: in a folder, or in a database.
enum Place {
    Folder(PathBuf),
    Database(Box<Address>),
}

impl Place {
    fn of(matches: &ArgMatches) -> Result<Self, Fault> {
        let said = matches.get_one::<PathBuf>("store").cloned().unwrap_or_else(|| PathBuf::from(PLACE));
        match said.to_str().filter(|text| Address::is_one(text)) {
            Some(url) => Address::read(url).map(|address| Self::Database(Box::new(address))),
            None => Ok(Self::Folder(said)),
        }
    }

    fn disk(&self) -> Result<Box<dyn Disk>, Fault> {
        Ok(match self {
            Self::Folder(folder) => Box::new(Folder::new(folder)),
            Self::Database(address) => Box::new(Postgres::new(Address::clone(address))?),
        })
    }

    /// As whoever named it is told of it.
    fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Database(address) => address.to_string(),
        }
    }

    /// What it is remembered by: the same for all ways to write a path.
    fn key(&self) -> String {
        match self {
            Self::Folder(folder) => {
                let whole = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
                whole.unwrap_or_else(|_| folder.to_owned()).display().to_string()
            }
            Self::Database(address) => address.to_string(),
        }
    }
}

fn root(matches: &ArgMatches) -> Result<Option<Digest>, Fault> {
    let said = matches.get_one::<String>("root");
    said.map(|text| text.parse().map_err(|_| Fault::NoRoot(text.clone()))).transpose()
}

/// Where what was seen of stores is kept: where the system keeps the state of programs for a user.
fn memory(matches: &ArgMatches) -> Result<PathBuf, Fault> {
    if let Some(file) = matches.get_one::<PathBuf>("seen") {
        return Ok(file.clone());
    }
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = folder("XDG_STATE_HOME").or_else(|| folder("LOCALAPPDATA"));
    let state = state.or_else(|| Some(folder("HOME")?.join(".local").join("state")));
    state.map(|state| state.join("thamquyen").join("seen.json")).ok_or(Fault::NoMemory)
}

/// Tells a fault, and ends.
pub(super) fn refuse(fault: &Fault, console: &mut Console<'_>) -> io::Result<Status> {
    let word = pick(console.language, "lỗi", "error");
    console.complain(&format!("{word}: {}", fault.words(console.language)))?;
    Ok(Status::Wrong)
}

/// The secret keys that are named; `None` where one cannot be read, which is told.
pub(super) fn keys(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Option<Vec<SecretKey>>> {
    let mut keys = Vec::new();
    for file in matches.get_many::<PathBuf>("key").into_iter().flatten() {
        match super::key::read(file) {
            Ok(key) => keys.push(key),
            Err(words) => {
                console.complain(&words.of(file, console.language))?;
                return Ok(None);
            }
        }
    }
    Ok(Some(keys))
}

fn make(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(policy) = policy(matches, console)? else { return Ok(Status::Wrong) };
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let hand = hand(matches, &keys);
    let made = memory(matches).and_then(|seen| {
        let place = Place::of(matches)?;
        let (store, placed) = Store::create(place.disk()?, policy, &hand)
            .map_err(|fault| if matches!(fault, Fault::IsStore(_)) { Fault::IsStore(place.shown()) } else { fault })?;
        if let Some(now) = store.seen() {
            keep(&place.key(), now, &seen)?;
        }
        Ok((store, placed))
    });
    match made {
        Ok((store, placed)) => {
            tell(&placed, console)?;
            if let Some(root) = store.log().root() {
                console.say(&format!("{}: {root}", pick(console.language, "gốc của kho", "root of the store")))?;
            }
            Ok(Status::Fine)
        }
        Err(fault) => refuse(&fault, console),
    }
}

fn change(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(policy) = policy(matches, console)? else { return Ok(Status::Wrong) };
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let placed = Opened::of(matches).and_then(|mut opened| {
        let placed = opened.store.propose(Says::Policy(policy), &hand(matches, &keys))?;
        opened.remember()?;
        Ok(placed)
    });
    match placed {
        Ok(placed) => tell(&placed, console).map(|()| Status::Fine),
        Err(fault) => refuse(&fault, console),
    }
}

fn renew(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Status> {
    let Some(keys) = keys(matches, console)? else { return Ok(Status::Wrong) };
    let hand = Hand { by: "", note: "", keys: &keys, at: now() };
    match Opened::of(matches).and_then(|mut opened| opened.store.renew(&hand)) {
        Ok(said) => {
            let (number, before) = (said.number, said.before);
            console.say(&match console.language {
                Language::Vietnamese => format!("mục {number} là mới nhất; xác nhận có giá trị đến trước {before}"),
                Language::English => format!("entry {number} is the newest; this holds until {before}"),
            })?;
            Ok(Status::Fine)
        }
        Err(fault) => refuse(&fault, console),
    }
}

/// Who signs, as the arguments say.
pub(super) fn hand<'a>(matches: &'a ArgMatches, keys: &'a [SecretKey]) -> Hand<'a> {
    let said = |name: &str| matches.try_get_one::<String>(name).ok().flatten().map_or("", String::as_str);
    Hand { by: said("by"), note: said("note"), keys, at: now() }
}

/// Says what became of it.
pub(super) fn tell(placed: &Placed, console: &mut Console<'_>) -> io::Result<()> {
    console.say(&match (placed, console.language) {
        (Placed::Entry(number), Language::Vietnamese) => format!("đã ghi vào nhật ký: mục {number}"),
        (Placed::Entry(number), Language::English) => format!("in the log: entry {number}"),
        (Placed::Waits { proposal, signed, needed }, Language::Vietnamese) => {
            format!("chờ ký: có {signed} trong {needed} chữ ký; người ký tiếp chạy `tq approve {proposal} --key TỆP`")
        }
        (Placed::Waits { proposal, signed, needed }, Language::English) => {
            format!("waiting: {signed} of {needed} signatures; the next one runs `tq approve {proposal} --key FILE`")
        }
    })
}

/// The policy that the arguments say; `None` where it is not sound, which is told.
fn policy(matches: &ArgMatches, console: &mut Console<'_>) -> io::Result<Option<Policy>> {
    let holders = |name: &str| texts(matches, name).iter().map(|text| holder(text)).collect::<Result<Vec<_>, _>>();
    let number = |name: &str, otherwise: u16| matches.get_one::<u16>(name).copied().unwrap_or(otherwise);
    let (publishers, certifiers) = match (holders("publisher"), holders("certifier")) {
        (Ok(publishers), Ok(certifiers)) => (publishers, certifiers),
        (Err(wrong), _) | (_, Err(wrong)) => {
            console.complain(&match console.language {
                Language::Vietnamese => format!("lỗi: `{wrong}` không phải TÊN=KHÓA; in khóa bằng `tq key show TỆP`"),
                Language::English => format!("error: `{wrong}` is not NAME=KEY; `tq key show FILE` prints the key"),
            })?;
            return Ok(None);
        }
    };
    let policy = Policy {
        signatures: number("signatures", 1).into(),
        publishers,
        certifiers,
        offset: matches.get_one::<String>("offset").cloned().unwrap_or_default(),
        fresh_days: number("fresh-days", 30),
    };
    if policy.clock().is_none() {
        console.complain(&match console.language {
            Language::Vietnamese => format!("lỗi: `{}` không phải múi giờ; viết như +07:00", policy.offset),
            Language::English => format!("error: `{}` is no clock; write as +07:00", policy.offset),
        })?;
        return Ok(None);
    }
    if !policy.is_sound() {
        refuse(&Fault::Policy("policy".to_owned()), console)?;
        return Ok(None);
    }
    Ok(Some(policy))
}

fn holder(text: &str) -> Result<Holder, String> {
    let (name, key) = text.split_once('=').ok_or_else(|| text.to_owned())?;
    let key = PublicKey::read(key.trim()).ok_or_else(|| text.to_owned())?;
    let name = name.trim();
    if name.is_empty() { Err(text.to_owned()) } else { Ok(Holder { name: name.to_owned(), key }) }
}
