//! A disk that loses power: what was done to it is recorded step by step, and played again with what a cut at any step leaves.
//! Between two syncs of a file any part of it may last, and between two syncs of a folder any of the names, in any order; a
//! cut inside a step leaves no more and no less than one right before or behind it may.

#![allow(dead_code, unreachable_pub, reason = "a part of a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use thamquyen::digest::Digest;
use thamquyen::store::disk::{Disk, Lock};
use thamquyen::store::seen::Seen;

use crate::shelf::{Dice, Shelf, missing};

/// What was done to the disk, or said to whoever asked for it.
#[derive(Debug, Clone)]
pub enum Step {
    Write(String, Arc<Vec<u8>>),
    Sync(String),
    Rename(String, String),
    SyncFolder(String),
    Remove(String),
    MakeFolder(String),
    Promise(Promise),
}

/// What must hold from here on, whatever happens to the power.
#[derive(Debug, Clone)]
pub enum Promise {
    /// The entry of this number is this one.
    Entry { number: u32, digest: Digest },
    /// The proposal has so many signatures, until the log has another entry.
    Waits { name: String, signed: usize, entries: usize },
    /// Somebody who reads will remember this.
    Seen(Seen),
}

/// Records steps; where its steps are numbered, whoever uses it is killed after that many.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    pub shelf: Shelf,
    trace: Arc<Mutex<Trace>>,
}

#[derive(Debug, Default)]
struct Trace {
    steps: Vec<Step>,
    left: Option<usize>,
}

impl Recorder {
    fn trace(&self) -> MutexGuard<'_, Trace> {
        self.trace.lock().expect("nobody panicked")
    }

    /// So many steps more, then whoever is at work is killed.
    pub fn allow(&self, steps: Option<usize>) {
        self.trace().left = steps;
    }

    pub fn promise(&self, promise: Promise) {
        self.trace().steps.push(Step::Promise(promise));
    }

    pub fn steps(&self) -> Vec<Step> {
        self.trace().steps.clone()
    }

    fn step(&self, step: Step) -> io::Result<()> {
        let mut trace = self.trace();
        match &mut trace.left {
            Some(0) => return Err(io::Error::other("killed")),
            Some(left) => *left -= 1,
            None => {}
        }
        trace.steps.push(step);
        Ok(())
    }
}

impl Disk for Recorder {
    fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        self.shelf.read(name, limit)
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        self.shelf.names(folder)
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        self.step(Step::MakeFolder(folder.to_owned()))?;
        self.shelf.make_folder(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.step(Step::Write(name.to_owned(), Arc::new(bytes.to_vec())))?;
        self.shelf.write(name, bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.step(Step::Sync(name.to_owned()))?;
        self.shelf.sync(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if !self.shelf.content().files.contains_key(from) {
            return Err(missing());
        }
        self.step(Step::Rename(from.to_owned(), to.to_owned()))?;
        self.shelf.rename(from, to)
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.step(Step::SyncFolder(folder.to_owned()))?;
        self.shelf.sync_folder(folder)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.step(Step::Remove(name.to_owned()))?;
        self.shelf.remove(name)
    }

    fn lock(&self) -> io::Result<Lock> {
        Ok(Lock::alone())
    }
}

/// The disk as it is without its power.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    bodies: Vec<Body>,
    /// Where whoever reads now finds bodies, and where one finds them whose names were synced.
    live: BTreeMap<String, usize>,
    durable: BTreeMap<String, usize>,
    folders: BTreeSet<String>,
    /// What was done to the names of each folder since they were synced.
    pending: BTreeMap<String, Vec<Effect>>,
}

#[derive(Debug, Clone, Default)]
struct Body {
    durable: Arc<Vec<u8>>,
    unsynced: Option<Arc<Vec<u8>>>,
    /// How often it was written: what it holds is known by this.
    written: usize,
}

#[derive(Debug, Clone)]
enum Effect {
    Link(String, usize),
    Rename { from: String, to: String, body: usize },
    Unlink(String),
    Folder(String),
}

/// How much of what was written and not synced lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lasts {
    Nothing,
    First(usize),
    /// All but a block, which is there as zeros.
    But(usize, usize),
    All,
}

/// What a cut leaves: bodies by names, each with how much of it lasts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    names: BTreeMap<String, (usize, usize, Lasts)>,
    folders: BTreeSet<String>,
}

fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_hidden(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.starts_with('.'))
}

impl Machine {
    pub fn run(&mut self, step: &Step) {
        match step {
            Step::Write(name, bytes) => self.write(name, bytes),
            Step::Sync(name) => {
                let body = &mut self.bodies[self.live[name]];
                body.durable = body.unsynced.take().unwrap_or_else(|| body.durable.clone());
            }
            Step::Rename(from, to) => {
                let body = self.live.remove(from).expect("it is there");
                self.live.insert(to.clone(), body);
                self.effect(folder_of(to), Effect::Rename { from: from.clone(), to: to.clone(), body });
            }
            Step::SyncFolder(folder) => {
                for effect in self.pending.remove(folder).unwrap_or_default() {
                    happen(&effect, &mut self.durable, &mut self.folders);
                }
            }
            Step::Remove(name) => {
                self.live.remove(name);
                self.effect(folder_of(name), Effect::Unlink(name.clone()));
            }
            // What lies above the store is none of this.
            Step::MakeFolder(folder) if folder.is_empty() => drop(self.folders.insert(String::new())),
            Step::MakeFolder(folder) => self.effect("", Effect::Folder(folder.clone())),
            Step::Promise(_) => {}
        }
    }

    /// A file that is there is written over where it lies.
    fn write(&mut self, name: &str, bytes: &Arc<Vec<u8>>) {
        let body = self.live.get(name).copied().unwrap_or(self.bodies.len());
        if body == self.bodies.len() {
            self.bodies.push(Body::default());
            self.live.insert(name.to_owned(), body);
            self.effect(folder_of(name), Effect::Link(name.to_owned(), body));
        }
        self.bodies[body].unsynced = Some(bytes.clone());
        self.bodies[body].written += 1;
    }

    fn effect(&mut self, folder: &str, effect: Effect) {
        self.pending.entry(folder.to_owned()).or_default().push(effect);
    }

    /// The power goes.
    pub fn cut(&self, dice: &mut Dice) -> Left {
        let (mut durable, mut folders) = (self.durable.clone(), self.folders.clone());
        for effects in self.pending.values() {
            let mut effects: Vec<&Effect> = effects.iter().collect();
            // All of them, none, or some, and these in any order.
            let odds = dice.below(5);
            for place in (1..effects.len()).rev().filter(|_| odds > 1) {
                effects.swap(place, dice.below(place + 1));
            }
            for effect in effects {
                let (lasts, is_torn) = (odds + dice.below(4) > 3, dice.below(4) == 0);
                if lasts {
                    happen_torn(effect, is_torn, &mut durable, &mut folders);
                }
            }
        }
        let mut lasting: BTreeMap<usize, Lasts> = BTreeMap::new();
        durable.retain(|name, _| folders.contains(folder_of(name)));
        let names = durable.into_iter().map(|(name, body)| {
            let lasts = *lasting.entry(body).or_insert_with(|| self.bodies[body].lasts(dice));
            (name, (body, self.bodies[body].written, lasts))
        });
        Left { names: names.collect(), folders }
    }

    /// The disk when the power is back.
    pub fn shelf(&self, left: &Left) -> Shelf {
        let files = left.names.iter().map(|(name, (body, _, lasts))| (name.clone(), self.bodies[*body].after(*lasts)));
        Shelf::of(files.collect(), left.folders.clone())
    }
}

impl Left {
    /// What there is to be seen of it: nobody reads hidden files (a shelf panics), so what they hold makes no difference.
    pub fn visible(mut self) -> Self {
        self.names.retain(|name, _| !is_hidden(name));
        self
    }
}

impl Body {
    fn lasts(&self, dice: &mut Dice) -> Lasts {
        let Some(unsynced) = &self.unsynced else { return Lasts::All };
        let from = dice.below(unsynced.len());
        match dice.below(4) {
            0 => Lasts::Nothing,
            1 => Lasts::First(from),
            2 => Lasts::But(from, from + 1 + dice.below(512)),
            _ => Lasts::All,
        }
    }

    fn after(&self, lasts: Lasts) -> Vec<u8> {
        let Some(unsynced) = &self.unsynced else { return self.durable.to_vec() };
        match lasts {
            Lasts::Nothing => self.durable.to_vec(),
            Lasts::First(length) => unsynced[..length].to_vec(),
            Lasts::But(from, to) => {
                let zero = |(place, byte): (usize, &u8)| if (from..to).contains(&place) { 0 } else { *byte };
                unsynced.iter().enumerate().map(zero).collect()
            }
            Lasts::All => unsynced.to_vec(),
        }
    }
}

fn happen(effect: &Effect, names: &mut BTreeMap<String, usize>, folders: &mut BTreeSet<String>) {
    happen_torn(effect, false, names, folders);
}

/// A torn renaming leaves the old name beside the new one.
fn happen_torn(effect: &Effect, is_torn: bool, names: &mut BTreeMap<String, usize>, folders: &mut BTreeSet<String>) {
    match effect {
        Effect::Link(name, body) => drop(names.insert(name.clone(), *body)),
        Effect::Rename { from, to, body } => {
            names.insert(to.clone(), *body);
            if !is_torn && names.get(from) == Some(body) {
                names.remove(from);
            }
        }
        Effect::Unlink(name) => drop(names.remove(name)),
        Effect::Folder(name) => drop(folders.insert(name.clone())),
    }
}
