//! Lines out of pieces of bytes, however they are cut. Knows nothing of what the lines say; holds no more than one of them.

/// No line is longer.
pub(in crate::server) const LONGEST: usize = 64 << 10;

/// A line that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Line {
    /// From 1, blank ones counted.
    pub(in crate::server) number: usize,
    pub(in crate::server) text: Result<Vec<u8>, Wrong>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Wrong {
    TooLong,
    /// The body ended before its time.
    BrokenOff,
    /// Nothing came for too long.
    TooSlow(std::time::Duration),
}

#[derive(Debug, Default)]
pub(in crate::server) struct Cutter {
    /// Lines that have ended.
    ended: usize,
    /// What has come of the next one.
    open: Vec<u8>,
    too_long: bool,
}

impl Cutter {
    /// The lines that end in a piece.
    pub(in crate::server) fn cut(&mut self, mut piece: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(at) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = piece.split_at(at);
            self.take(line);
            lines.extend(self.end());
            piece = rest.get(1..).unwrap_or_default();
        }
        self.take(piece);
        lines
    }

    fn take(&mut self, part: &[u8]) {
        self.too_long |= self.open.len() + part.len() > LONGEST;
        if self.too_long {
            self.open = Vec::new();
        } else {
            self.open.extend_from_slice(part);
        }
    }

    /// The line that ends here, if there is anything in it.
    pub(in crate::server) fn end(&mut self) -> Vec<Line> {
        self.ended += 1;
        let text = std::mem::take(&mut self.open);
        let text = if std::mem::take(&mut self.too_long) { Err(Wrong::TooLong) } else { Ok(text) };
        let blank = text.as_ref().is_ok_and(|text| text.iter().all(u8::is_ascii_whitespace));
        let line = Line { number: self.ended, text };
        if blank { Vec::new() } else { vec![line] }
    }

    /// The line in which the body stops before its end.
    pub(in crate::server) fn stop(&mut self, wrong: Wrong) -> Vec<Line> {
        vec![Line { number: self.ended + 1, text: Err(wrong) }]
    }
}

#[cfg(test)]
mod tests {
    use super::{Cutter, LONGEST, Line, Wrong};

    fn all(pieces: &[&[u8]]) -> Vec<Line> {
        let mut cutter = Cutter::default();
        let mut lines: Vec<Line> = pieces.iter().flat_map(|piece| cutter.cut(piece)).collect();
        lines.extend(cutter.end());
        lines
    }

    #[test]
    fn lines_are_the_same_however_they_come() {
        let text = b"{}\r\n\n \n[1]\n{\"a\":\"b\"}";
        let whole = all(&[text]);
        assert_eq!(whole.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 4, 5]);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(all(&bytes), whole);
    }

    #[test]
    fn a_long_line_is_not_kept_and_the_next_is_read() {
        let long = vec![b'x'; LONGEST];
        let lines = all(&[&long, b"x", &long, b"\n{}\n"]);
        assert_eq!(lines[0], Line { number: 1, text: Err(Wrong::TooLong) });
        assert_eq!(lines[1], Line { number: 2, text: Ok(b"{}".to_vec()) });
        assert_eq!(all(&[&long]).len(), 1);
    }
}
