//! A server that says what it is told to: for everything a real one never does on purpose.

use std::future::Future;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// One visitor.
pub struct Line {
    stream: BufReader<Box<dyn Bytes>>,
}

impl Line {
    pub fn new(stream: Box<dyn Bytes>) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// What the visitor says next; empty at the end.
    pub async fn hear(&mut self) -> String {
        let mut line = Vec::new();
        let _ = self.stream.read_until(b'\n', &mut line).await;
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }

    /// The same with its line end.
    pub async fn hear_raw(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        let _ = self.stream.read_until(b'\n', &mut line).await;
        line
    }

    pub async fn say(&mut self, text: &str) {
        self.send(format!("{text}\r\n").as_bytes()).await;
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.get_mut().write_all(bytes).await;
        let _ = self.stream.get_mut().flush().await;
    }

    /// Says nothing until the visitor leaves.
    pub async fn hang(&mut self) {
        while !self.hear().await.is_empty() {}
    }

    pub async fn encrypt(self, acceptor: &TlsAcceptor) -> Option<Self> {
        let encrypted = acceptor.accept(self.stream.into_inner()).await.ok()?;
        Some(Self::new(Box::new(encrypted)))
    }
}

/// Serves every visitor by the same script; gives back the port.
pub async fn serve<F, R>(script: F) -> u16
where
    F: Fn(Line) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = Arc::new(script);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(script(Line::new(Box::new(stream))));
        }
    });
    port
}

/// An IMAP server that lets everybody in and opens an INBOX with these many mails; then the script goes on with each command.
pub async fn imap<F, R>(exists: u32, script: F) -> u16
where
    F: Fn(Line, String, String) -> R + Send + Sync + 'static,
    R: Future<Output = Option<Line>> + Send + 'static,
{
    let script = Arc::new(script);
    serve(move |mut line| {
        let script = Arc::clone(&script);
        async move {
            line.say("* OK [CAPABILITY IMAP4rev1] ready").await;
            loop {
                let said = line.hear().await;
                let Some((tag, command)) = said.split_once(' ') else { return };
                match command.split(' ').next().unwrap_or_default() {
                    "CAPABILITY" => line.say("* CAPABILITY IMAP4rev1 IDLE AUTH=XOAUTH2").await,
                    "LOGIN" | "NOOP" => {}
                    "EXAMINE" => {
                        line.say(&format!(
                            "* {exists} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {}] ok",
                            exists + 1
                        ))
                        .await;
                    }
                    _ => match script(line, tag.to_owned(), command.to_owned()).await {
                        Some(back) => {
                            line = back;
                            continue;
                        }
                        None => return,
                    },
                }
                line.say(&format!("{tag} OK done")).await;
            }
        }
    })
    .await
}
