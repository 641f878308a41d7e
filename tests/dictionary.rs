//! The fuzzers' dictionary holds the keywords and marks of the grammar, all of them and no others.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The keyword of a line such as `en_also_called = @{ "also" ~ b ~ "called" ~ e }`.
fn keyword(line: &str) -> Option<String> {
    let (name, rule) = line.split_once(" = ")?;
    (name.starts_with("en_") || name.starts_with("vi_")).then(|| {
        let words: Vec<&str> = rule.split('"').skip(1).step_by(2).collect();
        words.join(" ")
    })
}

/// In the form that the fuzzer reads: bytes that are not ASCII are escaped.
fn entry(keyword: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_graphic() || byte == b' ' { char::from(byte).to_string() } else { format!("\\x{byte:02X}") }
    };
    format!("\"{}\"", keyword.bytes().map(byte).collect::<String>())
}

#[test]
fn the_dictionary_holds_every_keyword() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let grammar = std::fs::read_to_string(root.join("grammar/keywords.pest")).expect("the keywords can be read");
    let marks = [">=", "<=", "\n  ", "\n    ", " \"", "> ~ ", "2003-01-01", "01/01/2003", "0,5 ha"];
    let keywords: BTreeSet<String> = grammar.lines().filter_map(keyword).collect();
    assert!(keywords.len() > 200, "{}", keywords.len());
    let mut expected = "# Made from grammar/keywords.pest: `UPDATE=1 cargo test --test dictionary`.\n".to_owned();
    for keyword in marks.into_iter().map(str::to_owned).chain(keywords) {
        writeln!(expected, "{}", entry(&keyword)).expect("a string");
    }
    let path = root.join("fuzz/keywords.dict");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).expect("the dictionary can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "fuzz/keywords.dict is not what the grammar says; see its first line");
}
