//! One question in process: an interned question in, the number of the ruling out. Beside it the same question looked up in the
//! standard hash map, in the same run: the ratio is what counts.

mod patchwork;

use std::collections::HashMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use thamquyen::library::{self, Library, Origin};
use thamquyen::partition::{Partition, Point, Ruling, day_number};
use thamquyen::rulebook::TaskId;

/// So many questions are asked in turn.
const QUESTIONS: usize = 4_096;

/// Points spread over places, days and facts, the same in every run.
fn points(library: &Library, partition: &Partition) -> Vec<Point> {
    let mut state = 20_250_701_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    };
    let localities: Vec<_> = library.rulebook.register.localities().collect();
    let first = day_number("2014-01-01".parse().expect("a day"));
    let frame = &partition.frame;
    (0..QUESTIONS)
        .map(|_| {
            let places: Vec<_> = frame.roles.iter().map(|_| localities[below(localities.len())]).collect();
            let day = thamquyen::partition::day_of(first + u32::try_from(below(5_844)).expect("days")).expect("a day");
            let cells: Vec<usize> = frame.facts.iter().map(|axis| below(axis.len())).collect();
            let options: Vec<usize> = frame.readings.iter().map(|(_, options)| below(usize::from(*options))).collect();
            partition.point(&library.rulebook, &places, day, (&cells, &options))
        })
        .collect()
}

fn beside_a_hash_map(criterion: &mut Criterion, name: &str, library: &Library, task: usize) {
    let task = TaskId(u32::try_from(task).expect("few tasks"));
    let partition = Partition::new(&library.rulebook, task).expect("few regions");
    let points = points(library, &partition);
    #[expect(clippy::disallowed_types, reason = "the yardstick is the standard hash map")]
    let known: HashMap<Point, Ruling> = points.iter().map(|point| (point.clone(), partition.ruling(point))).collect();
    let mut group = criterion.benchmark_group(name);
    group.throughput(criterion::Throughput::Elements(QUESTIONS as u64));
    group.bench_function("diagrams", |bencher| {
        bencher.iter(|| points.iter().map(|point| partition.ruling(black_box(point)).0).fold(0, u128::wrapping_add));
    });
    group.bench_function("hash map", |bencher| {
        bencher.iter(|| points.iter().map(|point| known[black_box(point)].0).fold(0, u128::wrapping_add));
    });
    group.finish();
}

fn questions(criterion: &mut Criterion) {
    let rules = library::load(&Origin::Folders(vec!["rules".into()]));
    for (index, task) in rules.rulebook.tasks.iter().enumerate() {
        if ["giao-dat", "gpxd", "thu-hoi-dat"].contains(&task.names.id.as_str()) {
            beside_a_hash_map(criterion, &format!("question/{}", task.names.id), &rules, index);
        }
    }
    // The same task with a tenth of the texts, and with all of them.
    for districts in [patchwork::DISTRICTS / 10, patchwork::DISTRICTS] {
        let library = patchwork::library(districts);
        beside_a_hash_map(criterion, &format!("question/patchwork-{districts}"), &library, 0);
    }
}

criterion_group!(benches, questions);
criterion_main!(benches);
