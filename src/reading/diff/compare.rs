//! One task of two rulebooks, point by point.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::told::{Key, Keys, Speaker, asides};
use super::{About, Asked, Change, Class, Extent, Told};
use crate::applicability::Otherwise;
use crate::diagram::Edge;
use crate::partition::{Joint, Marks, Partition, Side};
use crate::reading::check::{Points, Sought};
use crate::reading::table::{Atlas, Branch, Condition, Node, known};
use crate::register::LocalityId;
use crate::rulebook::counterparts::Counterparts;
use crate::rulebook::{Days, TaskId};

/// What the sides say of one thing.
struct Compared {
    about: About,
    keys: Keys,
    /// Leads to indices into `met`, from one on, where they say unlike.
    edge: Edge,
    met: Vec<(Marks, Marks)>,
}

/// A class, and what the sides say.
type Unlike<'k> = (Class, BTreeSet<&'k Key>, BTreeSet<&'k Key>);

/// Every region in which the two say unlike of the task; of its points of one day, where a day is named.
pub(super) fn compare(
    of: &Counterparts<'_>,
    (old, new): (&Partition, &Partition),
    on: Option<Date>,
) -> Result<Vec<Change>, Otherwise> {
    let mut joint = Joint::new(of, old, new)?;
    let sides = [(Speaker { of, side: Side::Old }, old), (Speaker { of, side: Side::New }, new)];
    let mut keys = Keys::default();
    let holders = sides.map(|side| holder(&mut joint, side, &mut keys));
    let [before, after] = holders;
    joint.impossible((before, after), &Marks::is_empty);
    let mut all = vec![differing(&mut joint, About::Holder, keys, holders)];
    for about in asides(sides) {
        let mut keys = Keys::default();
        let [one, other] = sides;
        let edges =
            [beside(&mut joint, one, (about, before), &mut keys), beside(&mut joint, other, (about, after), &mut keys)];
        all.push(differing(&mut joint, about, keys, edges));
    }
    let spoken = spoken_of(of, (old.frame.task, new.frame.task));
    let atlas = Atlas::among(of.new, &joint.partition, spoken.clone());
    let points = Points::new(of.new, &joint.partition);
    let task = Asked::Both { old: old.frame.task, new: new.frame.task };
    let sought = on.map_or(Sought::AnyDay, Sought::On);
    let mut changes = Vec::new();
    for Compared { about, keys, edge, met } in all {
        let mut groups: BTreeMap<Unlike<'_>, BTreeSet<u32>> = BTreeMap::new();
        for ((old, new), value) in met.iter().zip(1..) {
            if let Some(class) = keys.class(about, old, new) {
                groups.entry((class, keys.keys(old), keys.keys(new))).or_default().insert(value);
            }
        }
        for ((class, ..), values) in groups {
            // Places need not be able to lie together as the region asks, or not on the day: then nothing changes for anybody.
            let Some(witness) = points.first(edge, &values, sought) else { continue };
            let met = values.first().and_then(|value| met.get(usize::try_from(*value).ok()?.checked_sub(1)?));
            let Some((old, new)) = met else { continue };
            let region = atlas.region_on(edge, values, on).map(|region| on_day(region, on));
            let extent = region.as_ref().map(|region| Extent::of(of.new, &spoken, region, &witness));
            changes.push(Change {
                class,
                task,
                about,
                before: keys.told(Side::Old, old),
                after: keys.told(Side::New, new),
                region,
                witness: Some(witness),
                extent,
            });
        }
    }
    Ok(changes)
}

/// A region that was read for one day says the day.
fn on_day(region: Node, on: Option<Date>) -> Node {
    match on {
        None => region,
        Some(day) => {
            let condition = Condition::Days(Days { from: Some(day), before: day.tomorrow().ok() });
            Node::Branches(vec![Branch { condition, below: region }])
        }
    }
}

fn holder(joint: &mut Joint<'_>, (speaker, partition): (Speaker<'_>, &Partition), keys: &mut Keys) -> Edge {
    let mut mark = |value: u32| {
        let holding = usize::try_from(value).ok().and_then(|index| partition.holdings.get(index)?.as_ref());
        let own = holding.map(|own| keys.mark(speaker.side, speaker.holding(own), || Told::Holder(own.clone())));
        own.into_iter().collect()
    };
    joint.bring((speaker.side, &[partition.holding]), &mut mark, &|marks| marks)
}

/// What a side's sentences say of one thing, all of them together, where the task can be asked about.
fn beside(
    joint: &mut Joint<'_>,
    (speaker, partition): (Speaker<'_>, &Partition),
    (about, holder): (About, Edge),
    keys: &mut Keys,
) -> Edge {
    let nothing = keys.mark(speaker.side, Key::NOTHING, || Told::Nothing);
    let of = |value: u32| usize::try_from(value).ok().and_then(|index| partition.besides.get(index));
    let says = |value: &u32| of(*value).is_some_and(|own| speaker.beside(about, own) != Key::NOTHING);
    let speak = |edge: &Edge| partition.diagrams.values(*edge).iter().any(says);
    let edges: Vec<Edge> = partition.beside.iter().map(|(_, edge)| *edge).filter(speak).collect();
    let mut mark = |value: u32| {
        let key = of(value).map_or(Key::NOTHING, |own| speaker.beside(about, own));
        let told = || of(value).map_or(Told::Nothing, |own| Told::Beside(own.clone()));
        Marks::from([keys.mark(speaker.side, key, told)])
    };
    // One sentence that says it is enough.
    let one_of = |mut marks: Marks| {
        if marks.len() > 1 {
            marks.remove(&nothing);
        }
        marks
    };
    let all = match edges.as_slice() {
        [] => joint.constant([nothing].into()),
        edges => joint.bring((speaker.side, edges), &mut mark, &one_of),
    };
    joint.both((holder, all), &|holder, own| if holder.is_empty() { Marks::new() } else { own.clone() })
}

fn differing(joint: &mut Joint<'_>, about: About, keys: Keys, [old, new]: [Edge; 2]) -> Compared {
    // What can be asked on one side only is said of the holder.
    let silent = |old: &Marks, new: &Marks| about != About::Holder && (old.is_empty() || new.is_empty());
    let same = |old: &Marks, new: &Marks| silent(old, new) || keys.class(about, old, new).is_none();
    let (edge, met) = joint.differ((old, new), &same);
    Compared { about, keys, edge, met }
}

/// For each role the new rulebook's places of which either side speaks: regions say nothing of others. None for all.
pub(in crate::reading) fn spoken_of(of: &Counterparts<'_>, (old, new): (TaskId, TaskId)) -> Vec<BTreeSet<LocalityId>> {
    let (before, after) = (known(of.old, old), known(of.new, new));
    let places = || of.new.register.localities().chain([LocalityId::NOWHERE]);
    let both = |(before, after): (&BTreeSet<LocalityId>, &BTreeSet<LocalityId>)| {
        let was = |place: &LocalityId| of.old_place(*place).is_some_and(|old| before.contains(&old));
        let also = places().filter(was);
        after.iter().copied().chain(also).collect()
    };
    if before.len() == after.len() { before.iter().zip(&after).map(both).collect() } else { Vec::new() }
}
