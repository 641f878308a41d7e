//! A folder of the store in memory, and what is put into stores: versions of made-up texts, policies and keys that are always
//! the same.

// Each test target uses another part of this.
#![allow(dead_code, unreachable_pub, reason = "shared by several targets")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use thamquyen::digest::Digest;
use thamquyen::library::File;
use thamquyen::store::disk::{Disk, Lock};
use thamquyen::store::fault::Fault;
use thamquyen::store::key::SecretKey;
use thamquyen::store::statement::{Holder, Listed, Policy, Publication};
use thamquyen::store::{Hand, Store};

/// Files by their names, and how many bytes were handed out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    pub files: BTreeMap<String, Vec<u8>>,
    pub folders: BTreeSet<String>,
    pub handed: u64,
    /// What was read, in order.
    pub read: Vec<String>,
}

/// A disk on which nothing is lost. Its copies are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Shelf(Arc<Mutex<Content>>);

impl Shelf {
    pub fn of(files: BTreeMap<String, Vec<u8>>, folders: BTreeSet<String>) -> Self {
        Self(Arc::new(Mutex::new(Content { files, folders, ..Content::default() })))
    }

    /// Another disk with the same files.
    pub fn twin(&self) -> Self {
        let content = self.content();
        Self::of(content.files.clone(), content.folders.clone())
    }

    pub fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().expect("nobody panicked")
    }

    pub fn file(&self, name: &str) -> Vec<u8> {
        self.content().files.get(name).cloned().unwrap_or_else(|| panic!("no {name}"))
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        self.content().files.insert(name.to_owned(), bytes.to_vec());
    }

    pub fn take(&self, name: &str) {
        self.content().files.remove(name).expect("it was there");
    }

    pub fn open(&self) -> Result<Store, Fault> {
        Store::open(Box::new(self.clone()), None)
    }

    pub fn opened(&self) -> Store {
        self.open().expect("a good store")
    }

    /// Why it does not open.
    pub fn fault(&self) -> Fault {
        self.open().expect_err("it should be refused")
    }
}

pub fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// The names that lie in a folder, without the hidden ones.
pub fn names_in<'a>(files: impl Iterator<Item = &'a String>, folder: &str) -> Vec<String> {
    let inside = |name: &'a String| name.strip_prefix(folder)?.strip_prefix('/').filter(|name| !name.starts_with('.'));
    files.filter_map(inside).map(str::to_owned).collect()
}

impl Disk for Shelf {
    fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        assert!(!name.starts_with('.') && !name.contains("/."), "{name} is hidden and nobody's to read");
        let mut content = self.content();
        let bytes = content.files.get(name).cloned().ok_or_else(missing)?;
        let length = u64::try_from(bytes.len()).expect("a length");
        content.handed += length.min(limit.saturating_add(1));
        content.read.push(name.to_owned());
        if length > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let content = self.content();
        if !content.folders.contains(folder) {
            return Err(missing());
        }
        Ok(names_in(content.files.keys(), folder))
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        self.content().folders.insert(folder.to_owned());
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put(name, bytes);
        Ok(())
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.content().files.get(name).map(|_| ()).ok_or_else(missing)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut content = self.content();
        let bytes = content.files.remove(from).ok_or_else(missing)?;
        content.files.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        if self.content().folders.contains(folder) { Ok(()) } else { Err(missing()) }
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.content().files.remove(name).map(|_| ()).ok_or_else(missing)
    }

    fn lock(&self) -> io::Result<Lock> {
        Ok(Lock::alone())
    }
}

/// Random numbers that are the same for the same seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below a bound; zero where there is nothing below it.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).expect("a number");
        usize::try_from(self.next() % bound).expect("a small number")
    }
}

/// How many there are to be: as many as the run asks for, else as many as usual.
pub fn wanted(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

/// So many of the keys with these seeds publish.
pub fn policy(signatures: usize, seeds: &[u8]) -> Policy {
    let holder = |seed: &u8| Holder { name: format!("Người {seed}"), key: key(*seed).public() };
    Policy {
        signatures,
        publishers: seeds.iter().map(holder).collect(),
        certifiers: Vec::new(),
        offset: "+07:00".to_owned(),
        fresh_days: 30,
    }
}

/// 1 October 2026 and so many seconds.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_787_600 + seconds).expect("a moment")
}

pub fn hand(keys: &[SecretKey], seconds: i64) -> Hand<'_> {
    Hand { by: "Sở Tư pháp", note: "bản thử", keys, at: at(seconds) }
}

/// A version of these texts that follows what is published last.
pub fn version(store: &Store, texts: &[(&str, &str)]) -> (Publication, Vec<File>) {
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() };
    let files: Vec<File> = texts.iter().map(file).collect();
    let listed = |file: &File| Listed {
        path: file.path.clone(),
        size: u64::try_from(file.bytes.len()).expect("a size"),
        sha256: Digest::of(&file.bytes),
    };
    let listed: Vec<Listed> = files.iter().map(listed).collect();
    let publication = Publication {
        rules: rules_of(&listed),
        parent: store.log().latest().map(|(_, latest)| latest.rules),
        again: None,
        files: listed,
        changes: None,
        accepted: Vec::new(),
        regions: Digest::of(b"regions"),
        program: "0".to_owned(),
    };
    (publication, files)
}

/// What rules of these files are known by.
pub fn rules_of(listed: &[Listed]) -> Digest {
    Digest::of_rules(listed.iter().map(|file| (file.path.as_str(), file.sha256)))
}
