//! Power cuts: stores live on a simulated disk, through publications, signatures of two, changes of policy, renewals, rollbacks,
//! readers and kills, and lose power at every step, many times, each time with another rest of what was not synced. What was
//! acknowledged must be there, whole; all else whole or not at all; and the store must go on. Without the syncs, or without
//! putting files in their place by renaming, the same cuts must lose data, or this shows nothing.
//!
//! `CUTS=…` says how many; a failure names the life and the step.

#[path = "store/power.rs"]
mod power;
#[path = "store/shelf.rs"]
mod shelf;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use power::{Machine, Promise, Recorder, Step};
use shelf::{Dice, Shelf, hand, key, policy, version, wanted};
use thamquyen::store::fault::Fault;
use thamquyen::store::key::SecretKey;
use thamquyen::store::statement::{Publication, Says};
use thamquyen::store::{Placed, Store};

const LIVES: u64 = if cfg!(debug_assertions) { 2 } else { 8 };
const ACTS: i64 = if cfg!(debug_assertions) { 5 } else { 10 };

fn both() -> [SecretKey; 2] {
    [key(1), key(2)]
}

/// All that is done to the disk in the life of a store.
fn life(seed: u64) -> Vec<Step> {
    let (recorder, mut dice) = (Recorder::default(), Dice(seed));
    loop {
        recorder.allow((dice.below(2) == 0).then(|| dice.below(20)));
        let made = Store::create(Box::new(recorder.clone()), policy(2, &[1, 2, 3]), &hand(&both(), 0));
        recorder.allow(None);
        match made {
            Ok((store, placed)) => break acknowledge(&recorder, &store, &placed),
            // Killed behind the moment at which it is there.
            Err(Fault::IsStore(_)) => break,
            Err(_) => {}
        }
    }
    for act in 1..=ACTS {
        let kill = (dice.below(3) == 0).then(|| dice.below(28));
        recorder.allow(kill);
        let done = one_act(&recorder, &mut dice, 60 * act);
        recorder.allow(None);
        assert!(kill.is_some() || done.is_ok(), "life {seed}, act {act}: {done:?}");
        // A kill alone does no harm, without any cut.
        assert!(Store::open(Box::new(recorder.clone()), None).is_ok(), "life {seed}, act {act}: killed and not good");
        if dice.below(3) == 0 {
            let store = Store::open(Box::new(recorder.clone()), None).expect("a good store");
            store.seen().into_iter().for_each(|seen| recorder.promise(Promise::Seen(seen)));
        }
    }
    recorder.steps()
}

fn acknowledge(recorder: &Recorder, store: &Store, placed: &Placed) {
    recorder.promise(match placed {
        Placed::Entry(number) => {
            let digest = store.log().entry(*number).expect("what was acknowledged").digest;
            Promise::Entry { number: *number, digest }
        }
        Placed::Waits { proposal, signed, .. } => {
            Promise::Waits { name: proposal.clone(), signed: *signed, entries: store.log().entries().len() }
        }
    });
}

fn one_act(recorder: &Recorder, dice: &mut Dice, clock: i64) -> Result<(), Fault> {
    let mut store = Store::open(Box::new(recorder.clone()), None)?;
    let (both, first, second) = (both(), [key(1)], [key(2)]);
    let name = format!("text of {clock}");
    let (publication, files) = version(&store, &[("a.tq", "the same"), ("b.tq", &name), ("c/d.csv", "x,y\n")]);
    let placed = match dice.below(6) {
        0 | 1 => store.publish(publication, &files, &hand(&both, clock))?,
        2 => {
            let placed = store.publish(publication, &files, &hand(&first, clock))?;
            acknowledge(recorder, &store, &placed);
            let mut other = Store::open(Box::new(recorder.clone()), None)?;
            let Placed::Waits { proposal, .. } = placed else { panic!("it takes two: {placed:?}") };
            let waiting = other.waiting_one(&proposal)?;
            let placed = other.approve(&waiting, &hand(&second, clock + 1))?;
            acknowledge(recorder, &other, &placed);
            return Ok(());
        }
        3 => return store.renew(&hand(&first, clock)).map(drop),
        4 => {
            let third = u8::try_from(3 + clock % 3).expect("a small number");
            store.propose(Says::Policy(policy(2, &[1, 2, third])), &hand(&both, clock))?
        }
        _ => {
            let again = store.log().published().next().map(|(kept, older)| Publication {
                again: Some(kept.number),
                parent: publication.parent,
                ..older.clone()
            });
            store.publish(again.unwrap_or(publication), &files, &hand(&both, clock))?
        }
    };
    acknowledge(recorder, &store, &placed);
    Ok(())
}

/// Whether all that was promised is there, and the store can go on.
fn is_kept(disk: &Shelf, promises: &[&Promise]) -> Result<(), String> {
    let seen = promises.iter().rev().find_map(|promise| match promise {
        Promise::Seen(seen) => Some(seen),
        Promise::Entry { .. } | Promise::Waits { .. } => None,
    });
    let open = |disk: &Shelf| Store::open(Box::new(disk.clone()), seen);
    let mut store = match open(disk) {
        Ok(store) => store,
        Err(Fault::NoStore(_)) if promises.is_empty() => return can_begin(disk),
        Err(fault) => return Err(format!("it does not open: {fault}")),
    };
    let (waiting, wrong) = store.waiting().map_err(|fault| fault.to_string())?;
    if !wrong.is_empty() {
        return Err(format!("proposals are damaged: {wrong:?}"));
    }
    let entries = store.log().entries().len();
    for promise in promises {
        let holds = match promise {
            Promise::Entry { number, digest } => store.log().entry(*number).is_some_and(|one| one.digest == *digest),
            Promise::Waits { name, signed, entries: before } => {
                entries > *before || waiting.iter().any(|one| one.name == *name && one.signed >= *signed)
            }
            // Held against the store when it was opened.
            Promise::Seen(_) => true,
        };
        if !holds {
            return Err(format!("lost: {promise:?}"));
        }
    }
    if store.log().entries().is_empty() {
        return can_begin(disk);
    }
    for (kept, publication) in store.log().published() {
        store.files(publication).map_err(|fault| format!("entry {}: {fault}", kept.number))?;
    }
    let (publication, files) = version(&store, &[("b.tq", "what comes after the cut")]);
    let placed = store.publish(publication, &files, &hand(&both(), 1_000_000));
    match placed {
        Ok(Placed::Entry(number)) if open(disk).is_ok_and(|store| store.log().next() == number + 1) => Ok(()),
        other => Err(format!("it does not go on: {other:?}")),
    }
}

fn can_begin(disk: &Shelf) -> Result<(), String> {
    match Store::create(Box::new(disk.clone()), policy(2, &[1, 2, 3]), &hand(&both(), 1_000_000)) {
        Ok((_, Placed::Entry(1))) if disk.open().is_ok() => Ok(()),
        other => Err(format!("it does not begin: {other:?}")),
    }
}

/// What came of some cuts.
#[derive(Debug, Default)]
struct Outcome {
    cuts: usize,
    /// Of so many different disks.
    disks: usize,
    losses: usize,
    /// Of these so many after something was acknowledged.
    grave: usize,
    first: Option<String>,
}

impl Outcome {
    fn and(mut self, other: Self) -> Self {
        self.cuts += other.cuts;
        self.disks += other.disks;
        self.losses += other.losses;
        self.grave += other.grave;
        self.first = self.first.or(other.first);
        self
    }
}

/// Cuts the power so many times in a life, at every step as often.
fn cuts(seed: u64, steps: &[Step], wanted: usize) -> Outcome {
    let (mut machine, mut dice, mut outcome) = (Machine::default(), Dice(seed ^ 0xdead), Outcome::default());
    let mut promises = Vec::new();
    let each = wanted.div_ceil(steps.len());
    for (number, step) in (1..).zip(steps) {
        machine.run(step);
        if let Step::Promise(promise) = step {
            promises.push(promise);
        }
        // A cut that leaves what another one left is a cut, but what comes of it is known.
        let mut known = BTreeSet::new();
        for _ in 0..each {
            let left = machine.cut(&mut dice);
            outcome.cuts += 1;
            if !known.insert(left.clone().visible()) {
                continue;
            }
            outcome.disks += 1;
            if let Err(why) = is_kept(&machine.shelf(&left), &promises) {
                outcome.losses += 1;
                outcome.grave += usize::from(!promises.is_empty());
                outcome.first.get_or_insert(format!("life {seed}, behind step {number} ({step:.200?}): {why}"));
            }
        }
    }
    outcome
}

/// Cuts the power in all lives, in which `change` makes other steps of each step.
fn lives(wanted: usize, change: fn(Step) -> Option<Step>) -> Outcome {
    let each = wanted.div_ceil(usize::try_from(LIVES).expect("a small number"));
    let some = |first: u64| {
        let one = |seed| cuts(seed, &life(seed).into_iter().filter_map(change).collect::<Vec<_>>(), each);
        (first..LIVES).step_by(2).map(one).fold(Outcome::default(), Outcome::and)
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| some(1));
        some(0).and(other.join().expect("no panic"))
    })
}

fn all_cuts() -> usize {
    wanted("CUTS", if cfg!(debug_assertions) { 1_000 } else { 100_000 })
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let outcome = lives(all_cuts(), Some);
    println!("{} power cuts, {} different disks, {} losses", outcome.cuts, outcome.disks, outcome.losses);
    assert!(outcome.cuts >= all_cuts());
    assert_eq!((outcome.losses, outcome.first), (0, None));
}

/// Files that are not synced are lost: the simulation bites.
#[test]
fn without_the_syncs_of_files_power_cuts_lose_data() {
    loses(|step| if matches!(step, Step::Sync(_)) { None } else { Some(step) });
}

#[test]
fn without_the_syncs_of_folders_power_cuts_lose_data() {
    loses(|step| if matches!(step, Step::SyncFolder(_)) { None } else { Some(step) });
}

#[test]
fn with_files_written_where_they_are_read_power_cuts_lose_data() {
    loses(|step| match step {
        Step::Write(name, bytes) => Some(Step::Write(in_place(&name), Arc::clone(&bytes))),
        Step::Sync(name) => Some(Step::Sync(in_place(&name))),
        Step::Rename(..) => None,
        other @ (Step::SyncFolder(_) | Step::Remove(_) | Step::MakeFolder(_) | Step::Promise(_)) => Some(other),
    });
}

fn loses(change: fn(Step) -> Option<Step>) {
    let outcome = lives(all_cuts() / 25, change);
    println!("control: {} power cuts, {} losses of what was acknowledged", outcome.cuts, outcome.grave);
    assert!(outcome.grave > 0, "{} cuts lost nothing: what is left out makes no difference", outcome.cuts);
}

/// `log/00000001.json` of `log/.00000001.json.new`.
fn in_place(name: &str) -> String {
    let (folder, last) =
        name.rsplit_once('/').map_or((String::new(), name), |(folder, last)| (format!("{folder}/"), last));
    let last = last.strip_prefix('.').and_then(|last| last.strip_suffix(".new")).unwrap_or(last);
    format!("{folder}{last}")
}
