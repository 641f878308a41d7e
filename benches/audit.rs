//! A long table of decisions through the program itself: rows per second, and the most memory that it took.
//! `cargo bench --bench audit -- 1000000` says how many rows.

#![expect(clippy::disallowed_methods, reason = "a bench is told by the clock")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use thamquyen::library::{self, Library, Origin};

const ROWS: u64 = 1_000_000;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).expect("below the bound")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const HEADER: &str = "number,date,signer_body,signer_unit,task,unit,doi-tuong,can-cu-thu-hoi,cap-cong-trinh,loai-cong-trinh,trong-khu-cn\n";

/// Decisions on permits, certificates and recovery at every unit of the lowest level, on every day of ten years; most of them
/// signed by one who may be competent, one in a hundred broken.
fn row(library: &Library, dice: &mut Dice, number: u64, into: &mut String) {
    let register = &library.rulebook.register;
    let lowest = u8::try_from(library.rulebook.levels.len() - 1).expect("few levels");
    let places = register.localities().len();
    // Not every register speaks of every day.
    let (day, at) = loop {
        let day = jiff::civil::date(2016, 1, 1).checked_add(jiff::Span::new().days(dice.below(3_900) as i64));
        let day = day.expect("a day");
        let place = register.localities().nth(dice.below(places)).expect("a place");
        if let Some(at) = register.lowest(place, day).filter(|row| register.row(*row).level.0 == lowest) {
            break (day, at);
        }
    };
    let above: Vec<_> = std::iter::once(at).chain(register.chain_of_parents(at, day)).collect();
    let signs = register.row(*dice.of(&above));
    let place = register.row(at);
    let body = dice.of(&["UBND", "UBND", "Chủ tịch UBND"]);
    let _ = write!(into, "{number}/QĐ,{day},{body},{},", signs.code);
    let (task, facts) = match dice.below(100) {
        0 => ("gpxdd", String::new()),
        1..40 => {
            let class = dice.of(&["I", "II", "III", "IV"]);
            let kind = dice.of(&["khac", "nha-o-rieng-le", "ton-giao"]);
            ("gpxd", format!(",,{class},{kind},không"))
        }
        40..70 => ("gcn-lan-dau", format!("{},,,,", dice.of(&["ca-nhan", "to-chuc", "ho-gia-dinh"]))),
        _ => {
            let ground = dice.of(&["dieu-79", "dieu-81", "dieu-82"]);
            ("thu-hoi-dat", format!("{},{ground},,,", dice.of(&["ca-nhan", "to-chuc"])))
        }
    };
    let facts = if facts.is_empty() { ",,,,".to_owned() } else { facts };
    let _ = writeln!(into, "{task},{},{facts}", place.code);
}

/// The most memory that a process took so far, in kilobytes, where the system says it.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

fn main() {
    let rows = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let library = library::load(&Origin::Folders(vec!["rules".into()]));
    for format in ["json", "csv"] {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tq"))
            .args(["audit", "-", "--format", format])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("tq runs");
        let mut table = child.stdin.take().expect("a pipe");
        let (process, mut dice, mut most) = (child.id(), Dice(1), 0);
        let mut text = HEADER.to_owned();
        for number in 0..rows {
            row(&library, &mut dice, number, &mut text);
            if text.len() > 1 << 16 || number + 1 == rows {
                table.write_all(text.as_bytes()).expect("the table is read");
                text.clear();
                most = most.max(peak(process).unwrap_or(0));
            }
        }
        drop(table);
        loop {
            most = most.max(peak(process).unwrap_or(0));
            if child.try_wait().expect("tq ends").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let millis = begun.elapsed().as_millis().max(1);
        println!("audit/{format}: {rows} rows, {} rows/s, peak {most} kB", u128::from(rows) * 1000 / millis);
    }
}
