use std::path::Path;

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Sources {
    Sources::default().with_environment(pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())))
}

fn file(text: &str) -> Result<Config, Problems> {
    Config::read(&Sources::default().with_file(Path::new("cloudchat.toml"), text)?)
}

fn first_problem(result: Result<Config, Problems>) -> String {
    let problem = result.unwrap_err().0.remove(0);
    format!("{}: {}", problem.place, problem.what)
}

#[test]
fn nothing_is_needed() {
    let config = Config::read(&Sources::default()).unwrap();
    assert_eq!(config.listen, "127.0.0.1:3000".parse().unwrap());
    assert_eq!(config.url.as_str(), "http://localhost:3000");
    assert_eq!(config.database_address(), "sqlite://./data/cloudchat.db");
    assert!(config.smtp_url.is_none());
}

#[test]
fn the_environment_wins_over_the_file() {
    let sources = environment(&[("CLOUDCHAT_LISTEN", "0.0.0.0:80")])
        .with_file(Path::new("cloudchat.toml"), "listen = \"127.0.0.1:1\"\nthreads = 3\n")
        .unwrap();
    let config = Config::read(&sources).unwrap();
    assert_eq!(config.listen, "0.0.0.0:80".parse().unwrap());
    assert_eq!(config.threads, 3);
    let origin =
        |key: &str| config.shown().iter().find(|shown| shown.setting.key == key).map(|shown| shown.origin.clone());
    assert_eq!(origin("listen"), Some(Origin::Environment("CLOUDCHAT_LISTEN")));
    assert_eq!(origin("threads"), Some(Origin::File("cloudchat.toml".into(), 2)));
    assert_eq!(origin("log"), Some(Origin::Default));
    assert_eq!(origin("smtp_url"), Some(Origin::Unset));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert!(Config::read(&environment(&[("SMTP_URL", "")])).unwrap().smtp_url.is_none());
}

#[test]
fn an_unknown_name_in_the_file_is_an_error_with_its_line() {
    let problem = first_problem(file("listen = \"127.0.0.1:3000\"\n\ndata_dri = \"/srv\"\n"));
    assert_eq!(problem, "cloudchat.toml:3: there is no option data_dri; did you mean data_dir?");
}

#[test]
fn a_broken_file_is_an_error_with_its_line() {
    assert!(first_problem(file("listen = \"a\"\nurl = \n")).starts_with("cloudchat.toml:2: "));
    assert!(first_problem(file("[database]\nurl = \"x\"\n")).starts_with("cloudchat.toml:1: database must be text"));
}

#[test]
fn all_wrong_values_are_reported_at_once() {
    let wrong = environment(&[
        ("CLOUDCHAT_LISTEN", "3000"),
        ("CLOUDCHAT_URL", "chat.example.com"),
        ("CLOUDCHAT_THREADS", "many"),
    ]);
    let problems = Config::read(&wrong).unwrap_err();
    let places: Vec<&str> = problems.0.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["environment CLOUDCHAT_LISTEN", "environment CLOUDCHAT_URL", "environment CLOUDCHAT_THREADS"]);
}

#[test]
fn a_misspelt_variable_is_mentioned() {
    let config = Config::read(&environment(&[("CLOUDCHAT_LISTN", "x"), ("CLOUDCHAT_CONFIG", "y")])).unwrap();
    assert_eq!(
        config.strangers(),
        ["the environment variable CLOUDCHAT_LISTN means nothing; did you mean CLOUDCHAT_LISTEN?"]
    );
}

#[test]
fn secrets_are_masked_where_options_are_shown_and_debugged() {
    let config = Config::read(&environment(&[
        ("DATABASE_URL", "postgres://chat:hunter2@db/chat"),
        ("SMTP_URL", "smtp://mail.example.com:25"),
        ("CLOUDCHAT_STORAGE_URL", "s3://chat?region=sa-east-1&secret_key=hunter2"),
        ("CLOUDCHAT_SECRET_KEY", "hunter2hunter2hunter2hunter2hunter2"),
    ]))
    .unwrap();
    let value = |key: &str| config.shown().iter().find(|shown| shown.setting.key == key)?.value.clone();
    assert_eq!(value("database_url").as_deref(), Some("postgres://chat:••••••@db/chat"));
    assert_eq!(value("smtp_url").as_deref(), Some("smtp://mail.example.com:25"));
    assert_eq!(value("storage_url").as_deref(), Some("s3://chat?region=sa-east-1&secret_key=••••••"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn addresses_are_written_as_browsers_write_them() {
    let url = BaseUrl::parse("HTTPS://Chat.Example.com:443/desk/").unwrap();
    assert_eq!(
        (url.as_str(), url.origin(), url.host()),
        ("https://chat.example.com/desk", "https://chat.example.com", "chat.example.com")
    );
    assert_eq!(BaseUrl::parse("http://localhost:3000").unwrap().host(), "localhost:3000");
    for wrong in ["ftp://x", "http://", "http://a?b", "http://user@host", "localhost:3000", ""] {
        assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_is_made_once_and_readable_by_nobody_else() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = Config::read(&environment(&[("CLOUDCHAT_DATA_DIR", data.to_str().unwrap())])).unwrap();
    let key = config.key().unwrap();
    assert_eq!(key.expose().len(), 64);
    assert_eq!(config.key().unwrap(), key);
    assert_eq!(std::fs::metadata(config.key_file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1);

    std::fs::set_permissions(config.key_file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(config.key(), Err(KeyError::Readable(_))));
    std::fs::set_permissions(config.key_file(), std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(config.key_file(), "short").unwrap();
    assert!(matches!(config.key(), Err(KeyError::Damaged(_))));
}

#[test]
fn a_given_key_must_be_long() {
    assert!(matches!(
        Config::read(&environment(&[("CLOUDCHAT_SECRET_KEY", "secret")])).unwrap().key(),
        Err(KeyError::Short)
    ));
}

#[test]
fn mail_servers_are_named_by_how_they_are_reached() {
    let read = |text: &str| MailUrl::parse(text).map(|url| (url.0.host, url.0.port, url.0.encryption));
    use model::mailbox::Security::{None, StartTls, Tls};
    assert_eq!(read("imaps://imap.gmail.com:993"), Ok(("imap.gmail.com".to_owned(), 993, Tls)));
    assert_eq!(read("smtp://smtp.gmail.com:587"), Ok(("smtp.gmail.com".to_owned(), 587, StartTls)));
    assert_eq!(read("imap+plain://127.0.0.1:1143"), Ok(("127.0.0.1".to_owned(), 1143, None)));
    for wrong in ["imap.gmail.com:993", "imaps://imap.gmail.com", "imaps://:993", "pop://a:1", "imaps://a:99999", ""] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
