//! A socket, plain or secret, that notes when something moves and lets nothing through that is framed badly.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::link::Link;
use crate::server::framing::{Framing, POISON, Part};

pin_project! {
    /// What a connection is made of.
    #[project = Projected]
    pub(super) enum Stream {
        Plain { #[pin] stream: TcpStream },
        Secret { #[pin] stream: Box<TlsStream<TcpStream>> },
    }
}

/// Does the same to either.
macro_rules! either {
    ($this:expr, $stream:ident => $done:expr) => {
        match $this.project() {
            Projected::Plain { stream: $stream } => $done,
            Projected::Secret { stream: $stream } => $done,
        }
    };
}

/// So much is still read of what is not answered any more, so that the answer before it is not lost with it.
const REST: usize = 256 << 10;

pin_project! {
    /// A socket under watch.
    pub(super) struct Moving {
        #[pin]
        stream: Stream,
        link: Arc<Link>,
        framing: Framing,
        // Bytes of the poison that were passed on.
        poisoned: usize,
        // The other side was told that nothing more comes.
        ended: bool,
        // Bytes read since then.
        rest: usize,
    }
}

impl Moving {
    pub(super) fn new(stream: Stream, link: Arc<Link>) -> Self {
        Self { stream, link, framing: Framing::default(), poisoned: 0, ended: false, rest: 0 }
    }
}

impl AsyncRead for Moving {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        if !this.framing.is_wrong() {
            let before = buffer.filled().len();
            let read = either!(this.stream, stream => stream.poll_read(context, buffer));
            if read.is_pending() {
                return read;
            }
            let passed = this.framing.pass(buffer.filled().get(before..).unwrap_or_default());
            this.link.read(this.framing.part());
            if !this.framing.is_wrong() {
                return read;
            }
            buffer.set_filled(before + passed);
        }
        // Nothing at all is the end of what is read.
        let poison = POISON.get(*this.poisoned..).unwrap_or_default();
        let part = poison.get(..buffer.remaining()).unwrap_or(poison);
        buffer.put_slice(part);
        *this.poisoned += part.len();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Moving {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.project();
        let written = either!(this.stream, stream => stream.poll_write(context, bytes));
        note(this.link, &written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.project();
        let written = either!(this.stream, stream => stream.poll_write_vectored(context, parts));
        note(this.link, &written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain { stream } => stream.is_write_vectored(),
            Stream::Secret { stream } => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self.project().stream, stream => stream.poll_flush(context))
    }

    /// A socket that is closed with bytes in it that nobody read takes back what was written. So where a request was not
    /// read to its end the rest of it is, within bounds; the watch limits the time.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut this = self.project();
        if !*this.ended {
            ready!(either!(this.stream.as_mut(), stream => stream.poll_shutdown(context)))?;
            *this.ended = true;
        }
        let mut room = [0; 4 << 10];
        while this.framing.part() != Part::Nothing && *this.rest < REST {
            let mut buffer = ReadBuf::new(&mut room);
            let read = either!(this.stream.as_mut(), stream => stream.poll_read(context, &mut buffer));
            if ready!(read).is_err() || buffer.filled().is_empty() {
                break;
            }
            *this.rest += buffer.filled().len();
        }
        Poll::Ready(Ok(()))
    }
}

fn note(link: &Link, written: &Poll<io::Result<usize>>) {
    match written {
        Poll::Ready(Ok(bytes)) => link.wrote(Some(*bytes)),
        Poll::Ready(Err(_)) => link.wrote(Some(0)),
        Poll::Pending => link.wrote(None),
    }
}
