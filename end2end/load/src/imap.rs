//! A mail server that has as many mails as it is told, made when they are asked for, and that counts who waits for news.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Bytes of a mail.
const SIZE: usize = 20 << 10;
/// People who write.
const SENDERS: usize = 1_000;
const LINE: &str = "Comprei na semana passada e até agora o pedido não chegou; o rastreio parou em Cajamar.\r\n";

/// The server.
#[derive(Clone)]
pub struct Imap {
    pub port: u16,
    /// Mails of every mailbox.
    mails: usize,
    waiting: Arc<AtomicUsize>,
}

impl Imap {
    pub async fn start(mails: usize) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let server = Self { port: listener.local_addr()?.port(), mails, waiting: Arc::default() };
        let listening = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(listening.clone().visit(BufReader::new(stream)));
            }
        });
        Ok(server)
    }

    /// Connections on which somebody waits for news.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    async fn visit(self, mut stream: BufReader<TcpStream>) -> std::io::Result<()> {
        let mut line = String::new();
        stream.get_mut().write_all(b"* OK ready\r\n").await?;
        while stream.read_line(&mut line).await? > 0 {
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
            if command == "IDLE" {
                stream.get_mut().write_all(b"+ idling\r\n").await?;
                self.waiting.fetch_add(1, Ordering::SeqCst);
                let ended = stream.read_line(&mut String::new()).await;
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                ended?;
            }
            let mut answer = self.answer(command);
            let _ = write!(answer, "{tag} OK done\r\n");
            stream.get_mut().write_all(answer.as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    fn answer(&self, command: &str) -> String {
        let mails = self.mails;
        match command {
            "CAPABILITY" => "* CAPABILITY IMAP4rev1 IDLE\r\n".to_owned(),
            "EXAMINE INBOX" => {
                format!("* {mails} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {}] ok\r\n", mails + 1)
            }
            "NOOP" => format!("* {mails} EXISTS\r\n"),
            fetch => match fetch.strip_prefix("UID FETCH ").and_then(|rest| rest.split_once(' ')) {
                Some((set, what)) => self.fetched(set, what),
                None => String::new(),
            },
        }
    }

    fn fetched(&self, set: &str, what: &str) -> String {
        let mut answer = String::new();
        for range in set.split(',') {
            for uid in self.range(range) {
                let mail = mail(uid);
                let _ = match what.contains("BODY.PEEK") {
                    true => write!(answer, "* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{mail})\r\n", mail.len()),
                    false => write!(answer, "* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", mail.len()),
                };
            }
        }
        answer
    }

    fn range(&self, text: &str) -> RangeInclusive<usize> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let number = |text: &str| text.parse().unwrap_or(self.mails);
        number(from)..=number(to).min(self.mails)
    }
}

fn mail(uid: usize) -> String {
    let mut mail = format!(
        "From: Cliente <cliente{}@cliente.example>\r\nTo: suporte@loja.example\r\nSubject: Pedido {uid}\r\n\
         Message-ID: <{uid}@cliente.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        uid % SENDERS
    );
    while mail.len() < SIZE {
        mail.push_str(LINE);
    }
    mail
}
