//! A private Dovecot: in a temporary folder, on free ports, gone with the test whatever happens.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use super::certificate;

/// Ends Dovecot when its standard input ends, that is when the test ends in any way.
const KEEPER: &str = r#"
trap '' INT TERM HUP
"$1" -F -c "$2/dovecot.conf" >"$2/log" 2>&1 &
dovecot=$!
cat >/dev/null
kill -TERM "$dovecot"
wait "$dovecot"
"#;

const START_WITHIN: Duration = Duration::from_secs(30);
const USERS: [(&str, &str); 3] =
    [("ana@lume.example", PASSWORD), ("bia@lume.example", PASSWORD), ("ascii@lume.example", "ascii")];
pub const PASSWORD: &str = "geheim-5€";

pub struct Dovecot {
    keeper: Child,
    lifeline: Option<ChildStdin>,
    folder: tempfile::TempDir,
    pub imap: u16,
    pub imaps: u16,
}

/// Where tokens are looked at, if anywhere.
pub struct Options<'a> {
    pub token_info: Option<&'a str>,
}

impl Dovecot {
    pub fn start(options: &Options<'_>) -> Self {
        let program = program();
        let folder = tempfile::Builder::new().prefix("cloudchat-dovecot-").tempdir().unwrap();
        // Its processes run as other users.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Mail belongs to a user who is not root.
        fs::create_dir(folder.path().join("mail")).unwrap();
        fs::set_permissions(folder.path().join("mail"), fs::Permissions::from_mode(0o777)).unwrap();
        let [imap, imaps] = [free_port(), free_port()];
        let certificate = certificate::certificate(&["localhost"], false);
        fs::write(folder.path().join("cert.pem"), &certificate.pem).unwrap();
        fs::write(folder.path().join("key.pem"), &certificate.key_pem).unwrap();
        fs::write(folder.path().join("dovecot.conf"), configuration(folder.path(), [imap, imaps], options)).unwrap();
        fs::write(folder.path().join("users"), users()).unwrap();
        if let Some(url) = options.token_info {
            fs::write(folder.path().join("oauth2.conf"), oauth(url)).unwrap();
        }
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(program)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let lifeline = keeper.stdin.take();
        let dovecot = Self { keeper, lifeline, folder, imap, imaps };
        dovecot.wait_until_ready();
        dovecot
    }

    fn wait_until_ready(&self) {
        let begin = Instant::now();
        while begin.elapsed() < START_WITHIN {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.imap)) {
                let mut greeting = [0; 4];
                if stream.read_exact(&mut greeting).is_ok() && &greeting == b"* OK" {
                    return;
                }
            }
            std::thread::yield_now();
        }
        panic!("Dovecot did not start:\n{}", self.log());
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Puts mails into the INBOX as another program would.
    pub fn deliver(&self, user: &str, mails: &[Vec<u8>]) {
        let mut other = Other::log_in(self.imap, user);
        for mail in mails {
            other.append(mail);
        }
    }

    /// A connection of another program to the same mailbox.
    pub fn other(&self, user: &str) -> Other {
        Other::log_in(self.imap, user)
    }

    /// As after a restored backup: all mails are there, all numbers are new.
    pub fn renumber(&self, user: &str) {
        let index = self.folder.path().join("mail").join(user);
        let list = index.join("dovecot-uidlist");
        let text = fs::read_to_string(&list).unwrap();
        let header = text.lines().next().unwrap();
        let validity: u32 = header.split_whitespace().find_map(|word| word.strip_prefix('V')).unwrap().parse().unwrap();
        fs::write(&list, text.replacen(&format!("V{validity}"), &format!("V{}", validity + 7), 1)).unwrap();
        for name in ["dovecot.index", "dovecot.index.log", "dovecot.index.cache"] {
            let _ = fs::remove_file(index.join(name));
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.keeper.wait();
    }
}

fn program() -> PathBuf {
    let found = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot"].map(PathBuf::from);
    found.into_iter().find(|path| path.is_file()).expect("Dovecot is missing: `cargo xtask setup` installs it")
}

fn users() -> String {
    let one = |(user, password): (&str, &str)| format!("{user}:{{PLAIN}}{password}::::::\n");
    USERS.into_iter().map(one).collect()
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn configuration(folder: &Path, ports: [u16; 2], options: &Options<'_>) -> String {
    let [imap, imaps] = ports;
    let folder = folder.display();
    let owner = owner();
    // Dovecot wants at least a user that is not root for what belongs to nobody.
    let (user, login) = if owner == "root" { ("nobody", "nobody") } else { (owner.as_str(), owner.as_str()) };
    let token = if options.token_info.is_some() {
        format!("passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {folder}/oauth2.conf\n}}\n")
    } else {
        String::new()
    };
    format!(
        r#"
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u:LAYOUT=fs
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
mail_fsync = never
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_cache_size = 0
auth_failure_delay = 0
auth_username_chars =
mail_max_userip_connections = 100
passdb {{
 driver = passwd-file
 mechanisms = plain login
 args = username_format=%u {folder}/users
}}
{token}userdb {{
 driver = static
 args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
 inbox = yes
 separator = /
}}
service imap-login {{
 chroot =
 inet_listener imap {{
  address = 127.0.0.1
  port = {imap}
 }}
 inet_listener imaps {{
  address = 127.0.0.1
  port = {imaps}
  ssl = yes
 }}
}}
service anvil {{
 chroot =
}}
service stats {{
 chroot =
}}
"#,
        group = group(user),
    )
}

fn oauth(url: &str) -> String {
    format!(
        "introspection_mode = post\nintrospection_url = {url}\nusername_attribute = email\nactive_attribute = active\nactive_value = true\nscope = mail\n"
    )
}

fn owner() -> String {
    let done = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

fn group(user: &str) -> String {
    let done = Command::new("id").args(["-gn", user]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// Somebody's mail program, as simple as can be.
pub struct Other {
    stream: BufReader<TcpStream>,
}

impl Other {
    fn log_in(port: u16, user: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut other = Self { stream: BufReader::new(stream) };
        other.line();
        // LOGIN takes no other letters than ASCII; a literal takes all.
        other.say(&format!("o LOGIN \"{user}\" {{{}+}}", PASSWORD.len()));
        other.say(PASSWORD);
        other.until_done("o");
        other
    }

    pub fn run(&mut self, command: &str) -> Vec<String> {
        self.say(&format!("x {command}"));
        self.until_done("x")
    }

    pub fn append(&mut self, mail: &[u8]) {
        self.append_as(mail, "");
    }

    /// With the date at which it is to have arrived.
    pub fn append_dated(&mut self, mail: &[u8], date: &str) {
        self.append_as(mail, &format!("\"{date}\" "));
    }

    fn append_as(&mut self, mail: &[u8], date: &str) {
        self.say(&format!("a APPEND INBOX {date}{{{}+}}", mail.len()));
        self.stream.get_mut().write_all(mail).unwrap();
        self.say("");
        self.until_done("a");
    }

    fn say(&mut self, line: &str) {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line
    }

    fn until_done(&mut self, tag: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "Dovecot closed the connection");
            if let Some(outcome) = line.strip_prefix(tag) {
                assert!(outcome.trim_start().starts_with("OK"), "{line}");
                return lines;
            }
            lines.push(line);
        }
    }
}
