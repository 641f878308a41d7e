//! Published versions: immutable, known by the hash of their rules, signed, in a log in which each entry holds the hash of the
//! one before. Nothing is believed that was not checked since it was read, and no switch changes that. A store is a folder, or
//! lies in a database as if it were one: `log` with an entry a file, `files` with the texts by their hashes, `proposals` with
//! what waits for signatures, and `fresh.json`. Knows nothing of what rules say.

pub mod candidate;
pub mod certificate;
pub mod disk;
pub mod draft;
pub mod envelope;
pub mod fault;
pub mod key;
pub mod log;
mod named;
mod notes;
pub mod postgres;
pub mod seen;
pub mod statement;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::digest::Digest;
use crate::library::File;
use disk::{Disk, Lock};
use envelope::{Envelope, Unsound};
use fault::Fault;
use key::SecretKey;
use log::{Kept, Log};
pub use named::Named;
use seen::Seen;
use statement::{
    ENTRY, Entry, FORMAT, FRESHNESS, Freshness, Listed, PROPOSAL, Policy, Proposal, Publication, Request, Says,
};

const LOG: &str = "log";
const FILES: &str = "files";
const PROPOSALS: &str = "proposals";
const FRESH: &str = "fresh.json";

/// No entry is larger: what is read before it is believed is bounded.
const LARGEST_ENTRY: u64 = 64 << 20;

/// A store that was read and found right.
#[derive(Debug)]
pub struct Store {
    disk: Arc<dyn Disk>,
    /// Replaced as a whole, so that others may keep what it was.
    log: Arc<Log>,
    /// Of the disk, when the log was read.
    counter: Option<u64>,
}

/// Who writes into a store, why and when.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// In words.
    pub by: &'a str,
    pub note: &'a str,
    pub keys: &'a [SecretKey],
    /// Kept to the second.
    pub at: Timestamp,
}

/// What became of what somebody wanted to put into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// It is there, and stays there.
    Entry(u32),
    /// It waits for more signatures under this name.
    Waits { proposal: String, signed: usize, needed: usize },
}

/// A proposal that waits, and who signed it.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub name: String,
    pub proposal: Proposal,
    pub signed: usize,
    pub needed: usize,
    envelope: Envelope,
}

impl Store {
    /// Makes a store of nothing but who may publish.
    ///
    /// # Errors
    /// When there is a store already, or nobody could publish by the policy, or the system refuses.
    pub fn create(disk: Box<dyn Disk>, policy: Policy, hand: &Hand<'_>) -> Result<(Self, Placed), Fault> {
        let there = |name: &str| disk.names(name).is_ok_and(|names| !names.is_empty());
        if there(LOG) || there(PROPOSALS) {
            return Err(Fault::IsStore(LOG.to_owned()));
        }
        // The log last, and once the others outlast a power cut: where there is one there is a store, with all its folders.
        for folders in [&["", FILES, PROPOSALS][..], &[LOG]] {
            for folder in folders {
                disk.make_folder(folder).map_err(|error| Fault::of(folder, &error))?;
            }
            disk.sync_folder("").map_err(|error| Fault::of("", &error))?;
        }
        let mut store = Self { disk: Arc::from(disk), log: Arc::default(), counter: None };
        let placed = store.propose(Says::Policy(policy), hand)?;
        Ok((store, placed))
    }

    /// Reads a store and checks its whole log; `seen` is what was known of it before.
    ///
    /// # Errors
    /// When there is none, when anything in it is not right, or when it is older or another than what was seen.
    pub fn open(disk: Box<dyn Disk>, seen: Option<&Seen>) -> Result<Self, Fault> {
        let mut store = Self { disk: Arc::from(disk), log: Arc::default(), counter: None };
        store.refresh()?;
        if let Some(seen) = seen {
            seen.agrees(&store.log)?;
        }
        Ok(store)
    }

    /// The same store for somebody else, who need not wait for who has this one.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self { disk: Arc::clone(&self.disk), log: Arc::clone(&self.log), counter: self.counter }
    }

    /// Reads what was put into the log since it was read.
    ///
    /// # Errors
    /// When anything in it is not right: then what was read before stays.
    pub fn refresh(&mut self) -> Result<(), Fault> {
        // Before the log: whoever writes meanwhile confirms an entry after it is there.
        let fresh = self.fresh_file()?;
        let is_none = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let names = self.disk.names(LOG);
        let names = names
            .map_err(|error| if is_none(&error) { Fault::NoStore(LOG.to_owned()) } else { Fault::of(LOG, &error) })?;
        let number = |name: &String| name.strip_suffix(".json")?.parse::<u32>().ok();
        // What is called otherwise is no entry, whoever put it there.
        let numbers = names.iter().filter_map(|name| number(name).filter(|number| log::name_of(*number) == **name));
        let last = numbers.max().unwrap_or(0);
        let there = self.log.next().saturating_sub(1);
        if last < there {
            return Err(Fault::RolledBack { seen: there, there: last });
        }
        let mut log = Arc::clone(&self.log);
        let wanted = (log.next()..=last).map(|number| (format!("{LOG}/{}", log::name_of(number)), LARGEST_ENTRY));
        for (name, bytes) in disk::each(&*self.disk, wanted) {
            let bytes = bytes.map_err(|error| Fault::of(&name, &error))?;
            Arc::make_mut(&mut log).take(&bytes)?;
        }
        // Whoever confirmed the log knew this much of it.
        if let Some(bytes) = fresh {
            log.freshness(FRESH, &bytes)?;
        }
        self.log = log;
        Ok(())
    }

    /// The same where the disk does not say that nothing changed.
    ///
    /// # Errors
    /// As for [`Store::refresh`].
    pub fn follow(&mut self) -> Result<(), Fault> {
        // Before the log: what comes meanwhile is seen the next time.
        let counter = self.disk.counter().map_err(|error| Fault::of(LOG, &error))?;
        if counter.is_some() && counter == self.counter {
            return Ok(());
        }
        self.refresh()?;
        self.counter = counter;
        Ok(())
    }

    /// Calls when somebody may have written, until the store is dropped; perhaps never.
    pub fn hint(&self, wake: impl Fn() + Send + Sync + 'static) {
        self.disk.hint(Box::new(wake));
    }

    /// Whether the log holds what was seen of it.
    ///
    /// # Errors
    /// When it is older, or another.
    pub fn holds(&self, seen: &Seen) -> Result<(), Fault> {
        seen.agrees(&self.log)
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The log as it is now, to be kept.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Log> {
        Arc::clone(&self.log)
    }

    /// What is known of the store now, to be held against it later; a power cut does not take it back.
    #[must_use]
    pub fn seen(&self) -> Option<Seen> {
        // Whoever wrote what is seen here may have been stopped before this. Where it cannot be done nothing can be written either.
        let _ = self.disk.sync_folder(LOG);
        let last = self.log.last()?;
        Some(Seen { root: self.log.root()?, number: last.number, head: last.digest })
    }

    /// Until when the log may be taken for the newest; nothing where nobody confirmed it who may publish now.
    ///
    /// # Errors
    /// When the file that says so is not right.
    pub fn freshness(&self) -> Result<Option<Freshness>, Fault> {
        let Some(bytes) = self.fresh_file()? else { return Ok(None) };
        let (said, signers) = self.log.freshness(FRESH, &bytes)?;
        let may = self.log.policy().map(Policy::publishing).unwrap_or_default();
        // A key that was taken away confirms nothing any more, though what it said in its time may still lie there.
        Ok(signers.iter().any(|key| may.contains(key)).then_some(said))
    }

    /// Whether somebody confirmed lately that this is all there is.
    ///
    /// # Errors
    /// [`Fault::Stale`] when nobody did.
    pub fn is_fresh(&self, now: Timestamp) -> Result<(), Fault> {
        let never = self.log.last().map_or(Timestamp::MIN, |last| last.at);
        let before = self.freshness()?.map_or(never, |said| said.before);
        if now < before { Ok(()) } else { Err(Fault::Stale { before }) }
    }

    fn fresh_file(&self) -> Result<Option<Vec<u8>>, Fault> {
        match self.disk.read(FRESH, LARGEST_ENTRY) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::of(FRESH, &error)),
        }
    }

    /// The files of a version, each checked against its hash.
    ///
    /// # Errors
    /// When one is missing or is not what it was.
    pub fn files(&self, publication: &Publication) -> Result<Vec<File>, Fault> {
        let wanted = publication.files.iter().map(|listed| (format!("{FILES}/{}", listed.sha256), listed.size));
        let whole = |(listed, (name, read)): (&Listed, (String, io::Result<Vec<u8>>))| {
            let wrong = || Fault::Content { name: publication.rules.short(), path: listed.path.clone() };
            let is_large = |error: &io::Error| error.kind() == io::ErrorKind::FileTooLarge;
            let bytes = read.map_err(|error| if is_large(&error) { wrong() } else { Fault::of(&name, &error) })?;
            let is_whole = u64::try_from(bytes.len()) == Ok(listed.size) && Digest::of(&bytes) == listed.sha256;
            if is_whole { Ok(File { path: listed.path.clone(), bytes }) } else { Err(wrong()) }
        };
        publication.files.iter().zip(disk::each(&*self.disk, wanted)).map(whole).collect()
    }

    /// Publishes a version, or proposes it where one signature is not enough. What is acknowledged outlasts a power cut.
    ///
    /// # Errors
    /// When it does not follow what was published last, a key may not publish, or the system refuses: then nothing of it is
    /// to be seen, unless the system refused to keep the entry that it had put in its place.
    pub fn publish(&mut self, publication: Publication, files: &[File], hand: &Hand<'_>) -> Result<Placed, Fault> {
        self.publish_for(None, (publication, files), hand)
    }

    /// The same for a service that was asked to; how is kept with it. What somebody approved has to wait still.
    ///
    /// # Errors
    /// As for [`Store::publish`], and when what was approved does not wait any more.
    pub fn publish_for(
        &mut self,
        request: Option<Request>,
        (publication, files): (Publication, &[File]),
        hand: &Hand<'_>,
    ) -> Result<Placed, Fault> {
        let lock = self.alone()?;
        let draft = request.as_ref().and_then(|request| request.approved_by.as_ref().and(Some(request.draft.clone())));
        // Whoever approved it saw it, and meanwhile somebody may have taken it back.
        draft.iter().try_for_each(|name| self.one(name).map(|_| ()))?;
        self.keep_files(&publication, files)?;
        let placed = self.put((Says::Publication(publication), request), hand, &lock)?;
        // It waits under its signatures now. That the draft may stay behind does no harm.
        if let (Some(name), Placed::Waits { .. }) = (draft, &placed) {
            let _ = self.disk.remove(&format!("{}/{name}.json", draft::DRAFTS));
        }
        Ok(placed)
    }

    /// Puts the files of a version where all files are; nothing names them yet.
    fn keep_files(&self, publication: &Publication, files: &[File]) -> Result<(), Fault> {
        let wanted: BTreeSet<Digest> = publication.files.iter().map(|listed| listed.sha256).collect();
        let given: Vec<(&File, Digest)> = files.iter().map(|file| (file, Digest::of(&file.bytes))).collect();
        let given = given.iter().filter(|(_, digest)| wanted.contains(digest));
        let length = |file: &File| u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        let places = given.clone().map(|(file, digest)| (format!("{FILES}/{digest}"), length(file)));
        for ((file, digest), (_, there)) in given.zip(disk::each(&*self.disk, places)) {
            if !there.is_ok_and(|old| old == file.bytes) {
                let name = digest.to_string();
                disk::stage(&*self.disk, FILES, &name, &file.bytes).map_err(|error| Fault::of(&name, &error))?;
            }
        }
        // Also where all were there: whoever put them there may have been stopped before this.
        self.disk.sync_folder(FILES).map_err(|error| Fault::of(FILES, &error))?;
        self.files(publication).map(|_| ())
    }

    /// Changes who may publish, or proposes it.
    ///
    /// # Errors
    /// As for [`Store::publish`].
    pub fn propose(&mut self, says: Says, hand: &Hand<'_>) -> Result<Placed, Fault> {
        let lock = self.alone()?;
        self.put((says, None), hand, &lock)
    }

    fn put(&mut self, (says, request): (Says, Option<Request>), hand: &Hand<'_>, lock: &Lock) -> Result<Placed, Fault> {
        let after = self.log.last().map(|last| last.digest);
        let proposal =
            Proposal { format: FORMAT, after, by: hand.by.to_owned(), note: hand.note.to_owned(), says, request };
        let mut envelope = Envelope::new(PROPOSAL, &written(&proposal));
        for key in hand.keys {
            envelope.sign(key).map_err(|why| Fault::Unsound { name: PROPOSALS.to_owned(), why })?;
        }
        self.place(envelope, hand, lock)
    }

    /// Adds signatures to a proposal that was read before; with enough of them it goes into the log.
    ///
    /// # Errors
    /// When it is not there any more, when something else came first, or a key may not sign.
    pub fn approve(&mut self, read: &Waiting, hand: &Hand<'_>) -> Result<Placed, Fault> {
        let lock = self.alone()?;
        let Waiting { mut envelope, proposal, .. } = self.waiting_one(&read.name)?;
        // Others may have signed meanwhile, but what is signed is what was read.
        if proposal != read.proposal {
            return Err(Fault::Malformed(format!("{PROPOSALS}/{}.json", read.name)));
        }
        for key in hand.keys {
            envelope.sign(key).map_err(|why| Fault::Unsound { name: PROPOSALS.to_owned(), why })?;
        }
        self.place(envelope, hand, &lock)
    }

    /// What waits for signatures and still fits the log, and what of it is not right.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn waiting(&self) -> Result<(Vec<Waiting>, Vec<Fault>), Fault> {
        let names = self.disk.names(PROPOSALS).map_err(|error| Fault::of(PROPOSALS, &error))?;
        let (mut all, mut wrong) = (Vec::new(), Vec::new());
        for name in names.iter().filter_map(|name| name.strip_suffix(".json")) {
            match self.waiting_one(name) {
                Ok(one) => all.push(one),
                // Something else came first, and may have taken it away: nothing waits any more.
                Err(Fault::Overtaken | Fault::NoProposal(_)) => {}
                Err(fault) => wrong.push(fault),
            }
        }
        Ok((all, wrong))
    }

    /// The proposal of this name, or of these first digits.
    ///
    /// # Errors
    /// When there is none, when it does not fit the log any more, or is not right.
    pub fn waiting_one(&self, named: &str) -> Result<Waiting, Fault> {
        let names = self.disk.names(PROPOSALS).map_err(|error| Fault::of(PROPOSALS, &error))?;
        let whole = names.iter().filter_map(|name| name.strip_suffix(".json"));
        let mut fitting = whole.clone().filter(|name| !named.is_empty() && name.starts_with(named));
        let no_proposal = || Fault::NoProposal(named.to_owned());
        // Who writes the whole name means that one, however many begin so.
        let name = match (whole.clone().find(|name| *name == named), fitting.next(), fitting.next()) {
            (Some(name), _, _) | (None, Some(name), None) => name.to_owned(),
            (None, _, _) => return Err(no_proposal()),
        };
        let path = format!("{PROPOSALS}/{name}.json");
        // Somebody may have taken it away meanwhile.
        let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let read = self.disk.read(&path, LARGEST_ENTRY);
        let bytes = read.map_err(|error| if is_gone(&error) { no_proposal() } else { Fault::of(&path, &error) })?;
        let envelope = Envelope::read(&bytes).map_err(|why| Fault::Unsound { name: path.clone(), why })?;
        // Whoever saw it under its name must not get another.
        if digest_of_payload(&envelope)? != name {
            return Err(Fault::Malformed(path));
        }
        let (proposal, signers, policy) = self
            .log
            .proposed(&path, &envelope)
            .map_err(|fault| if matches!(fault, Fault::Order(_)) { Fault::Overtaken } else { fault })?;
        let (signed, needed) = (signers.len(), policy.signatures);
        // Anybody could have put it there.
        if signed == 0 {
            return Err(Fault::Few { name: path, signed, needed });
        }
        Ok(Waiting { name, proposal, signed, needed, envelope })
    }

    /// Puts a proposal into the log where it is signed enough, else among those that wait.
    fn place(&mut self, envelope: Envelope, hand: &Hand<'_>, _: &Lock) -> Result<Placed, Fault> {
        let at = whole(hand.at);
        if let Some(last) = self.log.last().filter(|last| at < last.at) {
            return Err(Fault::Clock { last: last.at });
        }
        let name = digest_of_payload(&envelope)?;
        let (_, signers, policy) = self.log.proposed(PROPOSALS, &envelope).map_err(refused)?;
        let system = |name: &str, error: io::Error| Fault::of(name, &error);
        let (signed, needed) = (signers.len(), policy.signatures);
        let number = self.log.next();
        let previous = self.log.last().map(|last| last.digest);
        let entry = Entry { format: FORMAT, number, previous, at, proposal: envelope.clone() };
        let bytes = sealed(ENTRY, &written(&entry), hand.keys.get(..1).unwrap_or_default())?;
        let mut log = Arc::clone(&self.log);
        match Arc::make_mut(&mut log).take(&bytes) {
            Ok(()) => {}
            Err(Fault::Few { .. }) if signed > 0 => {
                let file = format!("{name}.json");
                disk::place(&*self.disk, PROPOSALS, &file, &envelope.bytes()).map_err(|error| system(&file, error))?;
                return Ok(Placed::Waits { proposal: name, signed, needed: needed.max(signed + 1) });
            }
            Err(fault) => return Err(refused(fault)),
        }
        let file = log::name_of(number);
        disk::place(&*self.disk, LOG, &file, &bytes).map_err(|error| system(&file, error))?;
        self.log = log;
        // The entry stands, confirmed or not: who leaves by it cannot confirm it, and the system may refuse. Then what was
        // confirmed before holds as long as it held, and whoever reads is told when it does not.
        if let Ok((fresh, _)) = confirmed(&self.log, hand) {
            let _ = disk::place_at_root(&*self.disk, FRESH, &fresh);
        }
        self.forget_proposals();
        Ok(Placed::Entry(number))
    }

    /// Each was to follow what is now followed by something else. That a file stays does no harm.
    fn forget_proposals(&self) {
        for folder in [PROPOSALS, draft::DRAFTS] {
            for name in self.disk.names(folder).unwrap_or_default() {
                let _ = self.disk.remove(&format!("{folder}/{name}"));
            }
        }
    }

    /// Confirms that the log is the newest, for as long as the policy says.
    ///
    /// # Errors
    /// When the log is empty, the keys may not do this, or the system refuses.
    pub fn renew(&mut self, hand: &Hand<'_>) -> Result<Freshness, Fault> {
        let _lock = self.alone()?;
        let (bytes, said) = confirmed(&self.log, hand)?;
        disk::place_at_root(&*self.disk, FRESH, &bytes).map_err(|error| Fault::of(FRESH, &error))?;
        Ok(said)
    }

    /// Keeps all others from writing, and reads what they wrote before.
    fn alone(&mut self) -> Result<Lock, Fault> {
        let lock = self.disk.lock().map_err(|error| Fault::of(".lock", &error))?;
        let before = self.log.last().map(|last| last.digest);
        self.refresh()?;
        let now = self.log.last().map(|last| last.digest);
        // What was made of an older version would say the wrong thing of this one.
        if before == now { Ok(lock) } else { Err(Fault::Overtaken) }
    }
}

/// The file that says that a log is the newest, and what it says.
fn confirmed(log: &Log, hand: &Hand<'_>) -> Result<(Vec<u8>, Freshness), Fault> {
    let (Some(last), Some(root), Some(policy)) = (log.last(), log.root(), log.policy()) else {
        return Err(Fault::Empty);
    };
    let by = log.policy_entry(last.number).map_or(root, |kept| kept.digest);
    let at = whole(hand.at);
    if at < last.at {
        return Err(Fault::Clock { last: last.at });
    }
    let lasting = SignedDuration::from_hours(24 * i64::from(policy.fresh_days));
    let before = at.checked_add(lasting).unwrap_or(Timestamp::MAX);
    let said = Freshness { format: FORMAT, root, number: last.number, head: last.digest, policy: by, at, before };
    let may = policy.publishing();
    let Some(key) = hand.keys.iter().find(|key| may.contains(&key.public())) else {
        let key = hand.keys.first().map_or_else(String::new, |key| key.public().id());
        return Err(Fault::MayNot { key });
    };
    Ok((sealed(FRESHNESS, &written(&said), std::slice::from_ref(key))?, said))
}

/// To the second.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// A wrong key is told as such, and not as a damaged file.
fn refused(fault: Fault) -> Fault {
    if let Fault::Unsound { why: Unsound::Stranger(key), .. } = fault { Fault::MayNot { key } } else { fault }
}

fn digest_of_payload(envelope: &Envelope) -> Result<String, Fault> {
    let payload = envelope.payload().map_err(|why| Fault::Unsound { name: PROPOSALS.to_owned(), why })?;
    Ok(Digest::of(&payload).short())
}

/// As it is signed. A structure of texts and numbers always has a JSON form.
fn written<T: serde::Serialize>(what: &T) -> Vec<u8> {
    serde_json::to_vec(what).unwrap_or_default()
}

fn sealed(kind: &str, payload: &[u8], keys: &[SecretKey]) -> Result<Vec<u8>, Fault> {
    let mut envelope = Envelope::new(kind, payload);
    for key in keys {
        envelope.sign(key).map_err(|why| Fault::Unsound { name: kind.to_owned(), why })?;
    }
    Ok(envelope.bytes())
}

impl Kept {
    /// The hash by which rulings and people name the version, if it is one.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        self.publication().map(|publication| publication.rules.short())
    }
}
