//! Rows out of a stream, one at a time. A row that is none (a quotation mark that nothing closes, bytes that are no text) is told
//! as such, and the next line is read. Knows streams, no files. Never holds more than one row and what has to be read again after a broken one.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::Bad;

/// No row is longer, in bytes.
const LONGEST: usize = 64 << 10;

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// As far as it could be read.
    pub cells: Vec<String>,
    pub wrong: Option<Bad>,
}

/// The rows of a table of values.
#[derive(Debug)]
pub struct Rows<R> {
    source: R,
    delimiter: u8,
    /// Of the lines before, how many there were.
    line: u64,
    /// Lines that were read, and belong to no row yet.
    again: VecDeque<Line>,
    parser: Reader<Fed>,
    record: ByteRecord,
}

/// A line with its line break; of one that is too long the first part.
#[derive(Debug, Clone)]
struct Line {
    text: Vec<u8>,
    too_long: bool,
}

impl<R: BufRead> Rows<R> {
    /// Looks at the first line: which of `,` `;` and tab parts the columns is what it has most of.
    /// # Errors
    /// When the stream fails.
    pub fn new(source: R) -> io::Result<Self> {
        let mut rows = Self {
            source,
            delimiter: b',',
            line: 0,
            again: VecDeque::new(),
            parser: parser(b','),
            record: ByteRecord::new(),
        };
        if let Some(mut first) = rows.next_line()? {
            if let Some(text) = first.text.strip_prefix(b"\xef\xbb\xbf") {
                first.text = text.to_vec();
            }
            let many = |mark: u8| first.text.iter().filter(|byte| **byte == mark).count();
            // Of equally many the first: the last of these.
            rows.delimiter = [b'\t', b';', b','].into_iter().max_by_key(|mark| many(*mark)).unwrap_or(b',');
            rows.parser = parser(rows.delimiter);
            rows.again.push_back(first);
        }
        Ok(rows)
    }

    /// What parts the columns.
    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The next row that is not blank.
    /// # Errors
    /// When the stream fails.
    pub fn next_row(&mut self) -> io::Result<Option<Record>> {
        loop {
            let Some(first) = self.next_line()? else { return Ok(None) };
            self.line += 1;
            let line = self.line;
            if first.too_long {
                let wrong = Some(Bad::TooLong { limit: LONGEST });
                return Ok(Some(Record { line, cells: vec![shortened(&first.text)], wrong }));
            }
            let record = match self.closed(first)? {
                Ok(text) => self.parsed(line, &text)?,
                Err(first) => Record { line, cells: vec![shortened(&first)], wrong: Some(Bad::OpenQuote) },
            };
            if record.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(record));
            }
        }
    }

    /// The row that a line begins: more lines, as long as a quotation mark is open. Where none closes it, the line alone, and the
    /// others are read again.
    fn closed(&mut self, first: Line) -> io::Result<Result<Vec<u8>, Vec<u8>>> {
        let mut quotes = Quotes::Between;
        quotes.read(&first.text, self.delimiter);
        if quotes != Quotes::Inside {
            return Ok(Ok(first.text));
        }
        let (mut more, mut bytes): (Vec<Line>, usize) = (Vec::new(), first.text.len());
        while quotes == Quotes::Inside {
            let next = self.next_line()?;
            bytes += next.as_ref().map_or(0, |line| line.text.len());
            let Some(next) = next else { return Ok(Err(self.put_back(first, more))) };
            let too_long = next.too_long || bytes > LONGEST;
            quotes.read(&next.text, self.delimiter);
            more.push(next);
            if too_long {
                return Ok(Err(self.put_back(first, more)));
            }
        }
        self.line += u64::try_from(more.len()).unwrap_or(0);
        let rest = more.into_iter().flat_map(|line| line.text);
        Ok(Ok(first.text.into_iter().chain(rest).collect()))
    }

    fn put_back(&mut self, first: Line, more: Vec<Line>) -> Vec<u8> {
        more.into_iter().rev().for_each(|line| self.again.push_front(line));
        first.text
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let mut text = Vec::new();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        (&mut self.source).take(limit).read_until(b'\n', &mut text)?;
        let too_long = text.len() >= LONGEST && text.last() != Some(&b'\n');
        if too_long {
            skip_line(&mut self.source)?;
        }
        Ok((!text.is_empty()).then_some(Line { text, too_long }))
    }

    fn parsed(&mut self, line: u64, text: &[u8]) -> io::Result<Record> {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            return Ok(Record { line, cells: Vec::new(), wrong: None });
        }
        self.parser.get_mut().feed(text);
        self.parser.read_byte_record(&mut self.record).map_err(io::Error::other)?;
        let read = self.record.iter().map(std::str::from_utf8);
        let wrong = read.zip(1..).find(|(cell, _)| cell.is_err()).map(|(_, column)| Bad::NotText { column });
        let cells = self.record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        Ok(Record { line, cells, wrong })
    }
}

fn parser(delimiter: u8) -> Reader<Fed> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(Fed::default())
}

/// What is left of a line that is too long.
fn skip_line(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (used, over) = match source.fill_buf()? {
            [] => return Ok(()),
            part => match part.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (part.len(), false),
            },
        };
        source.consume(used);
        if over {
            return Ok(());
        }
    }
}

/// Enough of a broken row to find it again.
fn shortened(text: &[u8]) -> String {
    const SHOWN: usize = 200;
    String::from_utf8_lossy(text).trim_end().chars().take(SHOWN).collect()
}

/// One row at a time for the parser, which then never sees an end.
#[derive(Debug, Default)]
struct Fed {
    text: Vec<u8>,
    at: usize,
}

impl Fed {
    fn feed(&mut self, row: &[u8]) {
        self.text.clear();
        self.text.extend_from_slice(row);
        self.text.push(b'\n');
        self.at = 0;
    }
}

impl Read for Fed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.read(into)?;
        self.at += count;
        Ok(count)
    }
}

/// Whether a row goes on behind a line break: as the parser reads quotation marks, which open at the start of a cell only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// At the start of a cell.
    Between,
    Plain,
    Inside,
    /// Behind a mark that closes, or is the first of two that stand for one.
    Closing,
}

impl Quotes {
    fn read(&mut self, text: &[u8], delimiter: u8) {
        for byte in text {
            *self = match (*self, *byte) {
                (Self::Inside, b'"') => Self::Closing,
                (Self::Inside, _) | (Self::Between | Self::Closing, b'"') => Self::Inside,
                (Self::Between | Self::Plain | Self::Closing, byte) if byte == delimiter || byte == b'\n' => {
                    Self::Between
                }
                (Self::Between | Self::Plain | Self::Closing, _) => Self::Plain,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::{Bad, LONGEST, Record, Rows};

    fn all(text: &[u8]) -> Vec<Record> {
        let mut rows = Rows::new(text).expect("a stream");
        let mut found = Vec::new();
        while let Some(record) = rows.next_row().expect("a stream") {
            found.push(record);
        }
        found
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        all(text.as_bytes()).into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn quotes_line_breaks_marks_and_blank_rows_are_read() {
        let text = "\u{feff}a;b\r\n\r\n\"x;\"\"y\"\"\nz\";5\" pipe\r\n;;\nlast;\"q\"";
        assert_eq!(cells(text), [["a", "b"], ["x;\"y\"\nz", "5\" pipe"], ["last", "q"]]);
        assert_eq!(all(text.as_bytes()).iter().map(|record| record.line).collect::<Vec<_>>(), [1, 3, 6]);
        assert_eq!(cells("a\tb\n1\t2"), [["a", "b"], ["1", "2"]]);
        assert!(all(b"").is_empty() && all(b"\n\n").is_empty());
    }

    #[test]
    fn a_quote_that_nothing_closes_costs_its_own_line_alone() {
        let rows = all(b"a,b\n1,\"2\n3,4\n5,6\n");
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(rows[1], Record { line: 2, cells: vec!["1,\"2".to_owned()], wrong: Some(Bad::OpenQuote) });
        assert_eq!(rows[3].cells, ["5", "6"]);
        // The same where so much follows that not all of it is looked at.
        let many = format!("a,b\n1,\"2\n{}", "3,4\n".repeat(LONGEST));
        let rows = all(many.as_bytes());
        assert_eq!(rows.len(), LONGEST + 2);
        assert!(rows[2..].iter().all(|row| row.wrong.is_none() && row.cells == ["3", "4"]));
    }

    #[test]
    fn rows_that_are_no_text_or_too_long_are_told_and_passed() {
        let mut text = b"a,b\n\xff,2\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * LONGEST));
        text.extend(b"\n7,8\n");
        let rows = all(&text);
        assert_eq!(rows[1].wrong, Some(Bad::NotText { column: 1 }));
        assert_eq!(rows[2].wrong, Some(Bad::TooLong { limit: LONGEST }));
        assert_eq!((rows[3].line, rows[3].cells.clone()), (4, vec!["7".to_owned(), "8".to_owned()]));
    }

    /// Rows without end, and how many bytes of them were taken.
    struct Endless(u64);

    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            into.iter_mut().zip(b"1,\"2\n".iter().cycle()).for_each(|(to, byte)| *to = *byte);
            let whole = into.len() / 5 * 5;
            self.0 += u64::try_from(whole).unwrap_or(0);
            Ok(whole)
        }
    }

    #[test]
    fn no_more_is_held_than_a_row_and_what_is_read_again() {
        let mut rows = Rows::new(BufReader::with_capacity(1 << 12, Endless(0))).expect("a stream");
        for _ in 0..10_000 {
            rows.next_row().expect("a stream").expect("a row");
            let held: usize = rows.again.iter().map(|line| line.text.len()).sum();
            assert!(held <= 2 * LONGEST, "{held} bytes are held");
        }
        let taken = rows.source.get_ref().0;
        assert!(taken <= 10_000 * 10 + 2 * 65_536, "{taken} bytes were read for 10 000 rows");
    }
}
