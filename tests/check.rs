//! That the check finds every defect and none too many, on generated rulebooks, on the cases of the semantics and on the real
//! rules; with the faults that this comparison catches.

mod generated;

use std::path::Path;

use generated::{Generated, load, nth, wanted};
use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::check::{self, Finding};
use thamquyen::reading::hands::side_by_side;
use thamquyen::reading::verify::complete;
use thamquyen::rulebook::TaskId;

/// Rulebooks that are compared; a run may look further.
const RULEBOOKS: u64 = 300;

/// Tasks with more places than this are left to a run that asks for them: a case may span units at each place, and the
/// points multiply.
const PLACES: usize = 1;

fn places() -> usize {
    std::env::var("PLACES").ok().and_then(|number| number.parse().ok()).unwrap_or(PLACES)
}

/// What differs between findings of a changed survey and the reference's; and how many findings and points there were.
fn differ(
    library: &Library,
    most: usize,
    change: impl Fn(&mut Partition, &mut Vec<Finding>) + Sync,
) -> (Option<String>, usize, usize) {
    let rulebook = &library.rulebook;
    let looked_at = |task: &TaskId| rulebook[*task].roles.len() <= most;
    let tasks: Vec<TaskId> = rulebook.task_ids().filter(looked_at).collect();
    let all = side_by_side(&tasks, |task| {
        let mut partition = check::surveyed(rulebook, *task).expect("few regions");
        let mut found = check::shown(rulebook, &mut partition);
        change(&mut partition, &mut found);
        let idle = found.iter().find(|finding| !check::replays(rulebook, finding));
        let wrong = idle.map(|finding| format!("does not replay: {finding:#?}"));
        match (wrong, complete(rulebook, &partition, &found)) {
            (Some(wrong), _) => (Some(wrong), found.len(), 0),
            (None, Ok(points)) => (None, found.len(), points),
            (None, Err(wrong)) => (Some(format!("{}: {wrong:#?}", rulebook[*task].names.id)), found.len(), 0),
        }
    });
    let (findings, points) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
    (all.into_iter().find_map(|one| one.0), findings, points)
}

#[test]
fn findings_are_those_of_the_reference_on_generated_rulebooks() {
    let numbers: Vec<u64> = (0..wanted(RULEBOOKS)).collect();
    let all = side_by_side(&numbers, |number| {
        let files = nth(*number).english();
        let (wrong, findings, points) = differ(&load(&files), usize::MAX, |_, _| {});
        assert!(wrong.is_none(), "{}\n{files:?}", wrong.unwrap_or_default());
        (findings, points)
    });
    let (findings, points) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{findings} findings, {points} points");
}

#[test]
fn findings_are_those_of_the_reference_on_the_real_rules() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let (wrong, findings, points) = differ(&library::load(&Origin::Folders(vec![rules])), places(), |_, _| {});
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    println!("{findings} findings, {points} points");
}

/// Whether at least twenty of the first rulebooks show a fault of the check.
fn caught(change: impl Fn(&mut Partition, &mut Vec<Finding>) + Sync) -> bool {
    let shows = |made: &Generated| differ(&load(&made.english()), usize::MAX, &change).0.is_some();
    (0..60).map(nth).filter(shows).take(20).count() == 20
}

#[test]
fn a_finding_that_is_left_out_is_missed() {
    assert!(caught(|_, findings| drop(findings.pop())));
}

#[test]
fn a_region_that_is_too_small_or_too_large_is_noticed() {
    use thamquyen::reading::table::Node;
    let smaller = caught(|_, findings| {
        for finding in findings {
            if let Some(Node::Branches(branches)) = &mut finding.region {
                branches.pop();
            }
        }
    });
    let larger = caught(|_, findings| findings.iter_mut().for_each(|finding| finding.region = Some(Node::So)));
    assert!(smaller && larger, "{smaller} {larger}");
}
