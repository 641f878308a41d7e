//! What a task's diagrams cost to make and to keep, and what the check of its rules costs, at five sizes of the patchwork and
//! for the tasks of the rules, one by one and more and more of them. Sizes are printed before the times: nodes, bytes of the
//! diagrams, and the greatest memory of the process, each size in a process of its own.

mod patchwork;

use std::hint::black_box;
use std::process::Command;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use thamquyen::library::{self, Origin};
use thamquyen::partition::Partition;
use thamquyen::reading::check;
use thamquyen::rulebook::TaskId;

const SIZES: [usize; 5] = [44, 88, 176, 352, patchwork::DISTRICTS];

/// Set for the process that measures one size.
const MEASURED: &str = "TQ_MEASURED_DISTRICTS";

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile/patchwork");
    group.sample_size(10);
    for districts in SIZES {
        let library = patchwork::library(districts);
        group.throughput(Throughput::Elements(districts as u64));
        group.bench_function(BenchmarkId::from_parameter(districts), |bencher| {
            bencher.iter(|| black_box(Partition::new(&library.rulebook, TaskId(0))));
        });
    }
    group.finish();
    let rules = library::load(&Origin::Folders(vec!["rules".into()]));
    let mut group = criterion.benchmark_group("compile/rules");
    group.sample_size(10);
    for (task, id) in rules.rulebook.tasks.iter().zip(0..) {
        group.bench_function(BenchmarkId::from_parameter(&task.names.id), |bencher| {
            bencher.iter(|| black_box(Partition::new(&rules.rulebook, TaskId(id))));
        });
    }
    group.finish();
}

/// The whole check: of the patchwork at each size, of more and more tasks of the rules one after the other, and of all of them as
/// `tq check` does it, side by side.
fn checked(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check/patchwork");
    group.sample_size(10);
    for districts in SIZES {
        let library = patchwork::library(districts);
        group.throughput(Throughput::Elements(districts as u64));
        group.bench_function(BenchmarkId::from_parameter(districts), |bencher| {
            bencher.iter(|| black_box(check::check(library.law())));
        });
    }
    group.finish();
    let rules = library::load(&Origin::Folders(vec!["rules".into()]));
    let ids: Vec<TaskId> = rules.rulebook.task_ids().collect();
    let mut group = criterion.benchmark_group("check/rules");
    group.sample_size(10);
    for parts in [8, 4, 2, 1] {
        let some = ids.get(..ids.len() / parts).unwrap_or(&ids);
        group.throughput(Throughput::Elements(some.len() as u64));
        group.bench_function(BenchmarkId::new("tasks", some.len()), |bencher| {
            bencher.iter(|| {
                for task in some {
                    let mut partition = check::surveyed(&rules.rulebook, *task).expect("few regions");
                    black_box(check::shown(&rules.rulebook, &mut partition));
                }
            });
        });
    }
    group.bench_function("all, side by side", |bencher| bencher.iter(|| black_box(check::check(rules.law()))));
    group.finish();
}

/// The greatest resident memory of this process so far, in KiB, where the system says it.
fn greatest_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// One line of the table, by the process of its own.
fn measure(districts: usize) {
    let library = patchwork::library(districts);
    // Linux forgets the greatest memory so far, which was that of loading.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = greatest_memory();
    let partition = Partition::new(&library.rulebook, TaskId(0)).expect("few regions");
    let (nodes, bytes, regions) = (partition.diagrams.len(), partition.diagrams.bytes(), partition.regions);
    let more =
        greatest_memory().zip(before).map_or_else(|| "?".to_owned(), |(after, before)| (after - before).to_string());
    println!("{districts:>9} {nodes:>9} {regions:>9} {bytes:>9} {more:>20}");
}

fn sizes() {
    println!("{:>9} {:>9} {:>9} {:>9} {:>20}", "districts", "nodes", "regions", "bytes", "KiB while compiling");
    for districts in SIZES {
        let program = std::env::current_exe().expect("this program");
        let status = Command::new(program).env(MEASURED, districts.to_string()).status().expect("it runs");
        assert!(status.success());
    }
}

criterion_group!(benches, compile, checked);

fn main() {
    if let Ok(districts) = std::env::var(MEASURED) {
        measure(districts.parse().expect("a number"));
        return;
    }
    sizes();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
