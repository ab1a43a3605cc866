//! A connection that knows how much a server may send, and how far we came with sending.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use crate::trouble::Trouble;

pub trait Bytes: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Bytes for T {}

/// What a server may send at most.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of one line.
    pub line: usize,
    /// Bytes of an announced block: IMAP's `{n}`.
    pub literal: usize,
}

/// What a server says that the bounds do not allow; carried through libraries as an I/O error.
#[derive(Debug, thiserror::Error)]
#[error("the server sent more than is accepted")]
pub struct Exceeded;

pub struct Wire {
    stream: Box<dyn Bytes>,
    peer: SocketAddr,
    bounds: Bounds,
    /// Read already, handed out first.
    ahead: Vec<u8>,
    meter: Meter,
    ended: Arc<AtomicBool>,
    tail: Vec<u8>,
}

/// Where in the answers of an IMAP server we are.
#[derive(Debug, Default)]
struct Meter {
    line: usize,
    /// Bytes of a block that are still to come.
    block: usize,
    /// The digits behind `{`.
    announced: Option<usize>,
    closed: bool,
}

impl Wire {
    pub fn new(stream: Box<dyn Bytes>, peer: SocketAddr, bounds: Bounds) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        Self { stream, peer, bounds, ahead: Vec::new(), meter: Meter::default(), ended, tail: Vec::new() }
    }

    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Set as soon as the end of a mail (`CRLF . CRLF`) was written: from then on nobody knows whether the server took it.
    pub fn end_of_mail(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ended)
    }

    /// For encryption. Whatever was said already would be said by nobody knows whom: an attack known since 2011.
    pub fn into_bare(self) -> Result<(Box<dyn Bytes>, SocketAddr, Bounds), Trouble> {
        if !self.ahead.is_empty() {
            return Err(Trouble::Nonsense { reason: "it spoke before encryption began".to_owned() });
        }
        Ok((self.stream, self.peer, self.bounds))
    }

    /// As if the server had said it.
    pub fn say_first(&mut self, line: &str) {
        self.ahead.splice(0..0, line.bytes());
    }

    /// One line without its end.
    pub async fn line(&mut self) -> Result<String, Trouble> {
        const LONGEST: usize = 8 << 10;
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned());
            }
            if self.ahead.len() > LONGEST {
                return Err(Trouble::TooLarge);
            }
            let mut buffer = [0; 1024];
            let read = self.stream.read(&mut buffer).await.map_err(|error| of_io(&error))?;
            if read == 0 {
                return Err(Trouble::Closed { said: String::new() });
            }
            self.ahead.extend_from_slice(&buffer[..read]);
            // A TLS alert or hello where a greeting should be.
            if matches!(self.ahead.as_slice(), [0x15 | 0x16, 0x03, ..]) {
                return Err(Trouble::OnlyTls);
            }
        }
    }

    pub async fn say(&mut self, line: &str) -> Result<(), Trouble> {
        let line = format!("{line}\r\n");
        self.stream.write_all(line.as_bytes()).await.map_err(|error| of_io(&error))?;
        self.stream.flush().await.map_err(|error| of_io(&error))
    }
}

/// What an error below a protocol means.
pub fn of_io(error: &io::Error) -> Trouble {
    if let Some(inner) = error.get_ref()
        && inner.is::<Exceeded>()
    {
        return Trouble::TooLarge;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected => Trouble::Closed { said: String::new() },
        io::ErrorKind::TimedOut => Trouble::TimedOut { doing: "reading" },
        _ => Trouble::Nonsense { reason: crate::trouble::words(&error.to_string()) },
    }
}

impl Meter {
    /// Follows the bytes; an error as soon as more is announced or sent than allowed.
    fn follow(&mut self, bytes: &[u8], bounds: Bounds) -> Result<(), Exceeded> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.block > 0 {
                let skipped = self.block.min(rest.len());
                self.block -= skipped;
                rest = &rest[skipped..];
                continue;
            }
            let byte = rest[0];
            rest = &rest[1..];
            self.line += 1;
            if self.line > bounds.line {
                return Err(Exceeded);
            }
            self.byte(byte, bounds)?;
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8, bounds: Bounds) -> Result<(), Exceeded> {
        match (byte, self.announced) {
            (b'{', _) => (self.announced, self.closed) = (Some(0), false),
            (b'0'..=b'9', Some(count)) if !self.closed => {
                self.announced = Some(count.saturating_mul(10).saturating_add(usize::from(byte - b'0')));
            }
            (b'}', Some(_)) => self.closed = true,
            (b'\r', Some(_)) if self.closed => {}
            (b'\n', announced) => {
                if let Some(count) = announced.filter(|_| self.closed) {
                    if count > bounds.literal {
                        return Err(Exceeded);
                    }
                    self.block = count;
                }
                *self = Self { block: self.block, ..Self::default() };
            }
            _ => (self.announced, self.closed) = (None, false),
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        if this.ahead.is_empty() {
            ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        } else {
            let count = this.ahead.len().min(buffer.remaining());
            buffer.put_slice(&this.ahead[..count]);
            this.ahead.drain(..count);
        }
        this.meter.follow(&buffer.filled()[before..], this.bounds).map_err(io::Error::other)?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        const END: &[u8] = b"\r\n.\r\n";
        let this = &mut *self;
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        let recent = &bytes[written.saturating_sub(END.len())..written];
        this.tail.extend_from_slice(recent);
        let superfluous = this.tail.len().saturating_sub(END.len());
        this.tail.drain(..superfluous);
        if this.tail == END {
            this.ended.store(true, Ordering::Release);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl lettre::transport::smtp::client::AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Wire({})", self.peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { line: 100, literal: 1000 };

    #[test]
    fn blocks_and_lines_are_measured() {
        let follow = |said: &[u8]| {
            let mut meter = Meter::default();
            said.iter()
                .try_for_each(|byte| meter.follow(&[*byte], BOUNDS))
                .and_then(|()| Meter::default().follow(said, BOUNDS))
        };
        let block = [b"* 1 FETCH (BODY[] {900}\r\n".to_vec(), vec![b'x'; 900], b")\r\nA1 OK\r\n".to_vec()].concat();
        assert!(follow(&block).is_ok());
        assert!(follow(b"* 1 FETCH (BODY[] {1001}\r\n").is_err());
        assert!(follow(b"* 1 FETCH (BODY[] {99999999999999999999999999}\r\n").is_err());
        assert!(follow(b"* OK {5000} is only a word\r\n").is_ok());
        assert!(follow(&[b'x'; 101]).is_err());
        assert!(follow(&b"* OK\r\n".repeat(100)).is_ok());
    }
}
