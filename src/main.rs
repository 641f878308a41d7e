//! The program `tq`.

use std::process::ExitCode;

/// Answers are many small pieces: the system's own allocator takes half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    thamquyen::cli::main()
}
