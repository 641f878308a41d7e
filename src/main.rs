//! The program `tq`.

use std::process::ExitCode;

fn main() -> ExitCode {
    thamquyen::cli::main()
}
