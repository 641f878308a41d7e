//! The log of decisions on standard output, or any other stream: whoever reads it keeps it. Each start of the service begins a
//! chain of its own, for what came before is not known here.

use std::io::{self, Write};

use super::record::Link;
use super::sink::{Lines, Sink};

/// A stream.
#[derive(Debug)]
pub struct Stream<W> {
    out: W,
    link: Link,
    /// Why it failed. Part of the lines may be out, and a stream takes nothing back: whatever came next would not fit.
    failed: Option<(io::ErrorKind, String)>,
}

impl<W: Write + Send> Stream<W> {
    #[must_use]
    pub const fn new(out: W) -> Self {
        Self { out, link: Link::START, failed: None }
    }
}

impl<W: Write + Send> Sink for Stream<W> {
    fn name(&self) -> &'static str {
        "stdout"
    }

    fn link(&self) -> Link {
        self.link
    }

    fn write(&mut self, lines: Lines<'_>) -> io::Result<()> {
        if let Some((kind, why)) = &self.failed {
            return Err(io::Error::new(*kind, why.clone()));
        }
        if let Err(error) = self.out.write_all(lines.text).and_then(|()| self.out.flush()) {
            self.failed = Some((error.kind(), error.to_string()));
            return Err(error);
        }
        self.link = lines.link;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The standard output of the process, past whoever holds it locked.
///
/// # Errors
/// When the system gives no second handle.
#[cfg(unix)]
pub fn standard_output() -> io::Result<impl Write + Send + 'static> {
    use std::os::fd::AsFd as _;
    io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from)
}

/// Elsewhere it is written to in turns.
#[cfg(not(unix))]
pub fn standard_output() -> io::Result<impl Write + Send + 'static> {
    Ok(io::stdout())
}
