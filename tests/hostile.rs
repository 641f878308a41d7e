//! Texts that are written to take long: reading and binding them must not.
#![expect(clippy::disallowed_methods, reason = "time is what is measured")]

use std::time::{Duration, Instant};

use thamquyen::library;

/// Slow machines and builds that are not optimised take a multiple of what this is on a fast one.
const PATIENCE: Duration = Duration::from_secs(60);

/// A build that is not optimised takes ten times as long, and is given a tenth to read.
const SHARE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

fn takes(name: &str, text: &str) -> Duration {
    let start = Instant::now();
    let library = library::from_texts(&[("input.tq", text)]);
    let took = start.elapsed();
    println!("{name}: {} bytes, {took:?}, {} problems", text.len(), library.diagnostics.len());
    took
}

fn heading() -> String {
    "document 1/2001 \"A\"\n  law, issued 2001-01-01 by a\n  in force from 2001-01-01\n\narticle 1\n".to_owned()
}

/// A line of at most 2000 characters: the beginning, as many of the parts as fit, the end.
fn filled(begin: &str, part: &str, end: &str) -> String {
    let room = 1990 - begin.chars().count() - end.chars().count();
    format!("{begin}{}{end}", part.repeat(room / part.chars().count()))
}

#[test]
fn long_broken_lines_are_read_in_time() {
    let lines = [
        ("words", filled("", "a ", "%")),
        ("givers", filled("", "a at b, ", "may delegate to %")),
        ("deciders", filled("t is decided by ", "a or ", "%")),
        ("references", filled("repeals ", "article 1, ", "%")),
        ("tests", filled("when ", "f is a or b and ", "%")),
        ("tasks", filled("", "t, ", "is decided by %")),
        ("quotes", filled("", "\"a\" ", "%")),
        ("người", filled("", "người quyết định ", "%")),
        ("cấp", filled("", "a cấp a, ", "được ủy quyền cho %")),
        ("keywords", filled("", "is of to by or and ", "%")),
        ("misspelt", filled("", "decidde ", "%")),
        ("unverified", filled("document 1/2 ", "unverified ", "%")),
        ("parts", filled("", "article 1 ", "%")),
    ];
    for (name, line) in lines {
        for (depth, text) in [
            ("top", line.clone()),
            ("sentence", format!("{}  {line}\n", heading())),
            ("limit", format!("{}  t is decided by a\n    {line}\n", heading())),
        ] {
            let took = takes(&format!("{name} {depth}"), &text);
            assert!(took < PATIENCE, "{name} {depth}: {took:?}");
        }
    }
}

const CATALOGUE: &str = "level x \"cấp x\" / \"x\"\n\nkind luat \"luật\" / \"law\"\n  rank 90\n  may assign\n\nbody a \"a\" / \"a\"\n\nfact f \"f\" / \"f\"\n  is yes or no\n\ntask t \"t\" / \"t\"\n  facts f\n\n";

/// The catalogue, an older document and a younger one, each with so many times its lines.
fn two(older: &str, younger: &str, times: usize) -> String {
    format!(
        "{CATALOGUE}{}{}\ndocument 2/2002 \"B\"\n  law, issued 2002-01-01 by a\n  in force from 2002-01-01\n\narticle 1\n{}",
        heading(),
        older.repeat(times / SHARE),
        younger.repeat(times / SHARE)
    )
}

#[test]
fn many_lines_are_read_in_time() {
    let line = filled("", "a ", "%");
    let texts = [
        ("long broken lines", format!("{line}\n").repeat(520 / SHARE)),
        ("short broken lines", "sdfk is ddecided by sdf\n".repeat(39_000 / SHARE)),
        ("sentences", two("  t is decided by a\n", "", 20_000)),
        ("acts", two("  t is decided by a\n", "  repeals 1/2001\n", 2_000)),
        ("cases", two("  t is decided by a\n    in the cases of article 1 of 1/2001\n", "", 1_000)),
        (
            "cases of another",
            two("  t is decided by a\n", "  t is decided by a\n    in the cases of article 1 of 1/2001\n", 2_000),
        ),
        (
            "displacement",
            two("  t is decided by a\n", "  t is decided by a\n    prevails over article 1 of 1/2001\n", 2_000),
        ),
        ("classified", two("  f is classified as yes\n", "  repeals 1/2001\n    when f\n", 2_000)),
        ("articles", two("", "\narticle 1\n  t is decided by a\n", 10_000)),
        ("documents", format!("{CATALOGUE}{}", heading().repeat(5_000 / SHARE))),
        ("bodies", format!("{CATALOGUE}{}", "body b \"b\"\n".repeat(20_000 / SHARE))),
        (
            "chain",
            CATALOGUE.to_owned()
                + &(0..3_000 / SHARE)
                    .map(|at| format!("class c{at} \"c{at}\"\n  is a c{}\n", at + 1))
                    .collect::<String>(),
        ),
    ];
    for (name, text) in texts {
        let took = takes(name, &text);
        assert!(took < PATIENCE, "{name}: {took:?}");
    }
}
