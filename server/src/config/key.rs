//! The server's secret key: given, or made once and kept in the data folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use rand::RngCore as _;

use super::{Config, Secret};

/// Letters a given key must have at least.
const SHORTEST: usize = 32;

/// Why there is no usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The given key can be guessed.
    #[error("CLOUDCHAT_SECRET_KEY must have at least {SHORTEST} characters")]
    Short,
    /// The file is not what this program wrote.
    #[error("{0} is damaged: it must hold at least {SHORTEST} characters; restore it from a backup")]
    Damaged(PathBuf),
    /// Others on this machine can read it.
    #[error("{0} can be read by others; run: chmod 600 {0}")]
    Readable(PathBuf),
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

impl Config {
    /// The file that holds a generated key.
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join("secret.key")
    }

    /// The key in force. The first call on a new data folder makes one.
    pub fn key(&self) -> Result<Secret, KeyError> {
        if let Some(key) = &self.secret_key {
            return if key.expose().len() < SHORTEST { Err(KeyError::Short) } else { Ok(key.clone()) };
        }
        let path = self.key_file();
        match self.read_key() {
            Err(KeyError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            result => return result,
        }
        match self.write_key(&random_key()) {
            // Another process was faster; its key is the one.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.read_key(),
            Err(error) => Err(KeyError::Io(path, error)),
            Ok(()) => self.read_key(),
        }
    }

    fn read_key(&self) -> Result<Secret, KeyError> {
        let path = self.key_file();
        let text = fs::read_to_string(&path).map_err(|error| KeyError::Io(path.clone(), error))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).map_err(|error| KeyError::Io(path.clone(), error))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(KeyError::Readable(path));
            }
        }
        match text.trim() {
            key if key.len() < SHORTEST => Err(KeyError::Damaged(path)),
            key => Ok(Secret::new(key)),
        }
    }

    /// Writes under another name first, so that a full disk or a crash never leaves half a key.
    fn write_key(&self, key: &str) -> io::Result<()> {
        fs::create_dir_all(&self.data_dir)?;
        let temporary = self.data_dir.join(format!("secret.key.{}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(key.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        // Unlike a rename, a link never replaces a key that is already there.
        let linked = fs::hard_link(&temporary, self.key_file());
        fs::remove_file(&temporary)?;
        linked
    }
}

fn random_key() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}
