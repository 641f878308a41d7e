//! The program at a console in memory, which nobody attends.

use std::io::{self, BufReader};

use thamquyen::cli::{self, Status, Streams};

/// What it ends with, and what it says on either stream.
pub fn run(arguments: &[&str]) -> (Status, String, String) {
    let arguments: Vec<_> = std::iter::once("tq").chain(arguments.iter().copied()).map(Into::into).collect();
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), BufReader::new(io::empty()));
    let streams = Streams {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        attended: false,
        out_color: false,
        err_color: false,
    };
    let status = cli::run(&arguments, streams).expect("it runs");
    (status, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
}
