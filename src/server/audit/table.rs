//! Decisions as a table of values. Knows streams of pieces, and what is said where one stops before its end.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use axum::body::Bytes;
use tokio::sync::mpsc;

use super::{Bench, Desk, audited};
use crate::reading::audit::rows::Rows;
use crate::reading::audit::{self, Finding, Row};
use crate::server::problem::Problem;
use crate::server::stream::cut::Wrong;
use crate::server::stream::{self, Piece};

/// Judges rows as they come.
pub(super) fn judge(desk: Desk, bench: Bench<'_>, pieces: mpsc::Receiver<Piece>) {
    let desk = Rc::new(RefCell::new(desk));
    let stopped = Rc::new(RefCell::new(None));
    let source =
        Pieces { desk: Rc::clone(&desk), pieces, open: Bytes::new(), over: false, stopped: Rc::clone(&stopped) };
    let mut last = 0;
    if rows(&desk, bench, source, &mut last).is_err()
        && let Some(wrong) = stopped.take()
    {
        let mut desk = desk.borrow_mut();
        let problem = stream::wrong(wrong, desk.language);
        desk.problem(last + 1, problem);
    }
    desk.borrow_mut().out.flush();
}

/// Fails where the body stops before its end, or nobody takes what is found; `last` is the line of the last row.
fn rows(desk: &RefCell<Desk>, bench: Bench<'_>, source: Pieces, last: &mut usize) -> io::Result<()> {
    let mut rows = Rows::new(source)?;
    let columns = match audit::header(&mut rows, bench.voice)? {
        Ok((_, columns)) => columns,
        Err(wrong) => {
            desk.borrow_mut().unreadable(1, &wrong);
            return Ok(());
        }
    };
    let mut auditor = bench.auditor(&columns);
    while let Some(record) = rows.next_row()? {
        *last = usize::try_from(record.line).unwrap_or(usize::MAX);
        let finding = match record.wrong {
            Some(bad) => Some(Finding::unread(record.line, bad)),
            None => audited(&mut auditor, Row { line: record.line, cells: &record.cells }),
        };
        let mut desk = desk.borrow_mut();
        match finding {
            Some(finding) => desk.judgement(bench.voice, &finding),
            None => {
                let problem = Problem::internal(desk.language);
                desk.problem(*last, problem);
            }
        }
        if desk.out.is_over() {
            return Ok(());
        }
    }
    Ok(())
}

/// A body as a stream that can be read. Before it waits for more, what was found is sent.
struct Pieces {
    desk: Rc<RefCell<Desk>>,
    pieces: mpsc::Receiver<Piece>,
    open: Bytes,
    over: bool,
    /// Why there is no more, where that is not the end.
    stopped: Rc<RefCell<Option<Wrong>>>,
}

impl Pieces {
    fn next(&mut self) -> io::Result<()> {
        let piece = match self.pieces.try_recv() {
            Ok(piece) => Some(piece),
            Err(_) => {
                let mut desk = self.desk.borrow_mut();
                desk.out.flush();
                if desk.out.is_over() {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                self.pieces.blocking_recv()
            }
        };
        match piece {
            Some(Piece::Bytes(bytes)) => self.open = bytes,
            Some(Piece::End) => self.over = true,
            Some(Piece::Stop(wrong)) => {
                *self.stopped.borrow_mut() = Some(wrong);
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            None => return Err(io::ErrorKind::BrokenPipe.into()),
        }
        Ok(())
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.open.is_empty() && !self.over {
            self.next()?;
        }
        Ok(&self.open)
    }

    fn consume(&mut self, count: usize) {
        // No more was given out than there is.
        drop(self.open.split_to(count.min(self.open.len())));
    }
}
