//! Where one request ends and the next begins, told strictly (RFC 9112). The parser behind takes more than it should: lines that
//! end in a bare line feed, a length beside chunks or said twice, chunks with extensions. Programs that understand such bytes in
//! different ways can be made to take a part of one request for another, so whatever has two readings is refused here. Knows
//! bytes; a request that is framed well is looked at again, as a whole, by [`fault`].
//!
//! Bytes are looked at while they pass. From the first one that is wrong nothing more is passed on but [`POISON`], which the
//! parser refuses in every state, in its turn behind the requests before it.

mod whole;

pub(super) use whole::fault;

/// A byte that stands nowhere in a request, and what makes the parser look at it.
pub(super) const POISON: &[u8] = b"\0\r\n\r\n";

/// Bytes that the head of a request may have.
pub(super) const LONGEST_HEAD: usize = 32 << 10;

/// More digits than any body has bytes.
const DIGITS: usize = 15;

/// What is expected next.
#[derive(Debug, Default)]
pub(super) struct Framing {
    state: State,
    /// The part of a line that has come.
    line: Vec<u8>,
}

/// What comes in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Nothing,
    Head,
    Body,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// The first line of a request.
    #[default]
    Request,
    /// A header, or the end of the head.
    Header(Body),
    /// So many bytes of a body.
    Bytes(u64),
    /// The size of a chunk: so far, and the number of its digits.
    Size(u64, usize),
    /// So many bytes of a chunk.
    Chunk(u64),
    /// The ends of lines behind chunks.
    End(Ends),
    /// Nothing more is understood.
    Wrong,
}

/// Bytes that must come, each with what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Behind the size, which is so much.
    Size(u64),
    /// Behind a chunk.
    ChunkCr,
    ChunkLf,
    /// Behind the last one, which is empty.
    LastCr,
    LastLf,
}

/// What is known of the body from the headers so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Body {
    /// HTTP/1.0 has no chunks.
    is_old: bool,
    length: Option<u64>,
    chunked: bool,
}

impl Framing {
    /// How many of these bytes, which came behind those before, may be passed on: all, or those before the first wrong one.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        while let Some(rest) = bytes.get(passed..).filter(|rest| !rest.is_empty()) {
            let (taken, next) = self.step(rest);
            passed += taken;
            self.state = next;
            if next == State::Wrong {
                break;
            }
        }
        passed
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.state == State::Wrong
    }

    /// The part of a request that is under way, of which not all has come.
    pub(super) fn part(&self) -> Part {
        match self.state {
            State::Request if self.line.is_empty() => Part::Nothing,
            State::Request | State::Header(_) | State::Wrong => Part::Head,
            State::Bytes(_) | State::Size(..) | State::Chunk(_) | State::End(_) => Part::Body,
        }
    }

    /// Takes some bytes of these, which are not none.
    fn step(&mut self, bytes: &[u8]) -> (usize, State) {
        let all = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        match self.state {
            State::Request | State::Header(_) => self.line_of(bytes),
            State::Bytes(left) if left > all => (bytes.len(), State::Bytes(left - all)),
            State::Bytes(left) => (usize::try_from(left).unwrap_or(bytes.len()), State::Request),
            State::Chunk(left) if left >= all => (bytes.len(), chunk(left - all)),
            State::Chunk(left) => (usize::try_from(left).unwrap_or(bytes.len()), State::End(Ends::ChunkCr)),
            State::Size(size, digits) => byte(bytes, |byte| size_digit(byte, size, digits)),
            State::End(ends) => byte(bytes, |byte| end(byte, ends)),
            State::Wrong => (0, State::Wrong),
        }
    }

    /// Takes a line, or the part of it that has come.
    fn line_of(&mut self, bytes: &[u8]) -> (usize, State) {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            // The parser behind bounds it: it refuses a head that is longer than [`LONGEST_HEAD`], whole or not.
            self.line.extend_from_slice(bytes);
            return (bytes.len(), self.state);
        };
        let rest = bytes.get(..end).unwrap_or(bytes);
        let next = if self.line.is_empty() {
            self.next(rest)
        } else {
            let mut line = std::mem::take(&mut self.line);
            line.extend_from_slice(rest);
            self.next(&line)
        };
        // The end of a wrong line is not passed on, so that it never becomes one.
        (if next == State::Wrong { end } else { end + 1 }, next)
    }

    fn next(&self, line: &[u8]) -> State {
        // Nothing but both together ends a line.
        let Some(line) = line.strip_suffix(b"\r").filter(|line| !line.contains(&b'\r')) else { return State::Wrong };
        match self.state {
            State::Request => request_line(line).map_or(State::Wrong, State::Header),
            State::Header(body) if line.is_empty() => body.state(),
            State::Header(body) => body.with(line).map_or(State::Wrong, State::Header),
            State::Bytes(_) | State::Size(..) | State::Chunk(_) | State::End(_) | State::Wrong => State::Wrong,
        }
    }
}

/// Takes one byte, if there is a state behind it.
fn byte(bytes: &[u8], next: impl Fn(u8) -> Option<State>) -> (usize, State) {
    bytes.first().and_then(|byte| next(*byte)).map_or((0, State::Wrong), |state| (1, state))
}

fn chunk(left: u64) -> State {
    if left == 0 { State::End(Ends::ChunkCr) } else { State::Chunk(left) }
}

fn size_digit(byte: u8, size: u64, digits: usize) -> Option<State> {
    if byte == b'\r' {
        return (digits > 0).then_some(State::End(Ends::Size(size)));
    }
    // No extension, no space: a digit.
    let digit = char::from(byte).to_digit(16).filter(|_| digits < DIGITS)?;
    Some(State::Size(size * 16 + u64::from(digit), digits + 1))
}

fn end(byte: u8, ends: Ends) -> Option<State> {
    let (wanted, next) = match ends {
        Ends::Size(0) => (b'\n', State::End(Ends::LastCr)),
        Ends::Size(size) => (b'\n', State::Chunk(size)),
        Ends::ChunkCr => (b'\r', State::End(Ends::ChunkLf)),
        Ends::ChunkLf => (b'\n', State::Size(0, 0)),
        // No trailers either.
        Ends::LastCr => (b'\r', State::End(Ends::LastLf)),
        Ends::LastLf => (b'\n', State::Request),
    };
    (byte == wanted).then_some(next)
}

/// Method, target and version, with one space between them.
fn request_line(line: &[u8]) -> Option<Body> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_old = match version {
        b"HTTP/1.1" => false,
        b"HTTP/1.0" => true,
        _ => return None,
    };
    let is_method = !method.is_empty() && method.iter().all(|byte| is_token(*byte));
    // A fragment is never sent; the parser behind would drop it.
    let is_target = !target.is_empty() && !target.iter().any(|byte| byte.is_ascii_control() || *byte == b'#');
    let whole = parts.next().is_none() && is_method && is_target;
    whole.then_some(Body { is_old, length: None, chunked: false })
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl Body {
    fn with(mut self, line: &[u8]) -> Option<Self> {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?);
        // A line that is folded begins with a space, and so has no name.
        let is_name = !name.is_empty() && name.iter().all(|byte| is_token(*byte));
        let is_value = !value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
        if !is_name || !is_value {
            return None;
        }
        let value = value.trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let is_number = (1..=DIGITS).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
            let length = std::str::from_utf8(value).ok()?.parse().ok().filter(|_| is_number)?;
            // Twice is refused even where both agree.
            (self.length.replace(length).is_none() && !self.chunked).then_some(())?;
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let alone = !self.chunked && self.length.is_none() && !self.is_old;
            self.chunked = alone.then_some(value.eq_ignore_ascii_case(b"chunked")).filter(|chunked| *chunked)?;
        }
        Some(self)
    }

    /// What follows the head.
    fn state(self) -> State {
        match (self.chunked, self.length.unwrap_or(0)) {
            (true, _) => State::Size(0, 0),
            (false, 0) => State::Request,
            (false, length) => State::Bytes(length),
        }
    }
}

#[cfg(test)]
mod tests;
