//! A small submission server: STARTTLS, AUTH, and faults by plan. What it accepts it keeps, in order.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_rustls::TlsAcceptor;

use super::certificate::{Certificate, acceptor};
use super::script::{Line, serve};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    #[default]
    None,
    /// 4xx or 5xx to `MAIL FROM`.
    Sender(&'static str),
    /// To the end of the mail.
    Data(&'static str),
    /// To the word `DATA`.
    Begin(&'static str),
    /// Closes after the whole mail, before answering: it took it.
    CloseAfterData,
    /// Closes in the middle of the mail.
    CloseInData,
    /// Never answers the mail.
    HangAfterData,
    /// `421` in place of the answer to a recipient.
    Closing,
    /// Closes before greeting.
    NoGreeting,
    HangAtGreeting,
    /// An endless answer.
    Endless,
}

#[derive(Clone, Default)]
pub struct Plan {
    pub fault: Fault,
    /// Answers to single recipients, by the beginning of their address.
    pub recipients: Vec<(&'static str, &'static str)>,
    /// Mechanisms offered.
    pub auth: &'static str,
    pub start_tls: bool,
    pub implicit_tls: bool,
    pub user: &'static str,
    pub password: &'static str,
    pub token: &'static str,
    /// What is said to wrong credentials.
    pub refusal: &'static str,
}

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
    pub encrypted: bool,
    pub user: Option<String>,
}

#[derive(Clone)]
pub struct Smtp {
    pub port: u16,
    pub taken: Arc<Mutex<Vec<Taken>>>,
}

impl Smtp {
    pub async fn start(plan: Plan, certificate: &Certificate) -> Self {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (plan, kept, tls) = (Arc::new(plan), Arc::clone(&taken), acceptor(certificate));
        let port = serve(move |line| visit(line, Arc::clone(&plan), Arc::clone(&kept), tls.clone())).await;
        Self { port, taken }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

async fn visit(mut line: Line, plan: Arc<Plan>, taken: Arc<Mutex<Vec<Taken>>>, tls: TlsAcceptor) {
    let mut encrypted = plan.implicit_tls;
    if plan.implicit_tls {
        let Some(inner) = line.encrypt(&tls).await else { return };
        line = inner;
    }
    match plan.fault {
        Fault::NoGreeting => return,
        Fault::HangAtGreeting => return line.hang().await,
        Fault::Endless => loop {
            line.send(&b"220-more and more\r\n".repeat(1000)).await;
        },
        _ => line.say("220 mail.test ESMTP").await,
    }
    let mut user = None;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let said = line.hear().await;
        let (word, rest) = said.split_once(' ').unwrap_or((said.as_str(), ""));
        match word.to_ascii_uppercase().as_str() {
            "" => return,
            "EHLO" => hello(&mut line, &plan, encrypted).await,
            "STARTTLS" => {
                line.say("220 go").await;
                let Some(inner) = line.encrypt(&tls).await else { return };
                (line, encrypted) = (inner, true);
            }
            "AUTH" => user = authenticate(&mut line, &plan, rest).await,
            "MAIL" => {
                from = path(rest);
                to.clear();
                let answer = if let Fault::Sender(answer) = plan.fault { answer } else { "250 ok" };
                line.say(answer).await;
            }
            "RCPT" => {
                let address = path(rest);
                let planned = plan.recipients.iter().find(|(start, _)| address.starts_with(start));
                if plan.fault == Fault::Closing {
                    return line.say("421 4.3.2 shutting down").await;
                }
                line.say(planned.map_or("250 ok", |(_, answer)| answer)).await;
                if planned.is_none() {
                    to.push(address);
                }
            }
            "DATA" => {
                if let Fault::Begin(answer) = plan.fault {
                    line.say(answer).await;
                    continue;
                }
                line.say("354 go on").await;
                let Some(bytes) = data(&mut line, plan.fault).await else { return };
                let mail = Taken { from: from.clone(), to: to.clone(), bytes, encrypted, user: user.clone() };
                if let Fault::Data(answer) = plan.fault {
                    line.say(answer).await;
                    continue;
                }
                taken.lock().unwrap().push(mail);
                match plan.fault {
                    Fault::CloseAfterData => return,
                    Fault::HangAfterData => return line.hang().await,
                    _ => line.say("250 2.0.0 Ok: queued as 4711").await,
                }
            }
            "QUIT" => return line.say("221 bye").await,
            _ => line.say("502 what?").await,
        }
    }
}

async fn hello(line: &mut Line, plan: &Plan, encrypted: bool) {
    line.say("250-mail.test").await;
    if plan.start_tls && !encrypted {
        line.say("250-STARTTLS").await;
    }
    if !plan.auth.is_empty() && (encrypted || !plan.start_tls) {
        line.say(&format!("250-AUTH {}", plan.auth)).await;
    }
    line.say("250-SIZE 1000000\r\n250 8BITMIME").await;
}

async fn authenticate(line: &mut Line, plan: &Plan, given: &str) -> Option<String> {
    let decode = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap_or_default()).unwrap_or_default();
    let (mechanism, first) = given.split_once(' ').unwrap_or((given, ""));
    let good = match mechanism {
        "PLAIN" => decode(first) == format!("\0{}\0{}", plan.user, plan.password),
        "LOGIN" => {
            line.say("334 VXNlcm5hbWU6").await;
            let user = decode(&line.hear().await);
            line.say("334 UGFzc3dvcmQ6").await;
            user == plan.user && decode(&line.hear().await) == plan.password
        }
        "XOAUTH2" => {
            let good = decode(first) == format!("user={}\x01auth=Bearer {}\x01\x01", plan.user, plan.token);
            if !good {
                // The reason comes as a question, and only an empty answer brings the end.
                line.say(&format!("334 {}", STANDARD.encode("{\"status\":\"401\",\"schemes\":\"bearer\"}"))).await;
                assert_eq!(line.hear().await, "");
            }
            good
        }
        _ => false,
    };
    let refusal = if plan.refusal.is_empty() { "535 5.7.8 Error: authentication failed" } else { plan.refusal };
    line.say(if good { "235 2.7.0 Authentication successful" } else { refusal }).await;
    good.then(|| plan.user.to_owned())
}

/// The mail with its dots as they were; every line must end in CRLF and be short enough.
async fn data(line: &mut Line, fault: Fault) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let text = line.hear_raw().await;
        assert!(text.len() <= 1000, "a line of {} bytes", text.len());
        if text.is_empty() || fault == Fault::CloseInData {
            return None;
        }
        assert!(text.ends_with(b"\r\n"), "a bare line feed");
        if text == b".\r\n" {
            return Some(bytes);
        }
        bytes.extend_from_slice(text.strip_prefix(b".").unwrap_or(&text));
    }
}

fn path(rest: &str) -> String {
    rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| path.to_owned()).unwrap_or_default()
}
