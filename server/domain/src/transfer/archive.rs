//! The file of a backup: a plain tar (POSIX ustar), so that any `tar` can look into it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

const BLOCK: usize = 512;

/// Longest name that fits the plain header.
const NAME: usize = 100;

/// Largest file whose size fits the header: eleven octal digits.
const LARGEST: u64 = 0o77_777_777_777;

/// Writes an archive beside its place and moves it there when it is complete.
pub struct Writer {
    out: BufWriter<File>,
    temporary: PathBuf,
    place: PathBuf,
    modified: u64,
}

impl Writer {
    /// Begins; `modified` is the time of all entries in unix seconds. Nobody but the owner may read the file.
    pub fn create(place: &Path, modified: u64) -> io::Result<Self> {
        let mut name = place.file_name().ok_or_else(|| io::Error::other("the name of a file is missing"))?.to_owned();
        name.push(".part");
        let temporary = place.with_file_name(name);
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let out = BufWriter::with_capacity(1 << 20, options.open(&temporary)?);
        Ok(Self { out, temporary, place: place.to_path_buf(), modified })
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.out.write_all(&header(name, content.len() as u64, self.modified)?)?;
        self.out.write_all(content)?;
        self.out.write_all(&[0; BLOCK][..padding(content.len() as u64)])
    }

    /// Makes the archive durable and visible under its name; its size in bytes.
    pub fn finish(mut self) -> io::Result<u64> {
        self.out.write_all(&[0; 2 * BLOCK])?;
        self.out.flush()?;
        let file = self.out.get_ref();
        file.sync_all()?;
        let size = file.metadata()?.len();
        std::fs::rename(&self.temporary, &self.place)?;
        Ok(size)
    }
}

impl Drop for Writer {
    /// An unfinished archive is of no use. After `finish` the file has another name and this finds nothing.
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.temporary);
    }
}

/// Reads an archive from its beginning to its end.
pub struct Reader {
    from: BufReader<File>,
}

/// An entry: its name and its size in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub size: u64,
}

impl Reader {
    /// Opens an archive.
    pub fn open(place: &Path) -> io::Result<Self> {
        Ok(Self { from: BufReader::with_capacity(1 << 20, File::open(place)?) })
    }

    /// The next entry; read or skip it before asking for another. `None` at the end.
    pub fn advance(&mut self) -> io::Result<Option<Entry>> {
        let mut block = [0; BLOCK];
        self.from.read_exact(&mut block).map_err(|_| broken("it ends in the middle"))?;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        if octal(&block[148..156]) != Some(u64::from(checksum(&block))) || &block[257..262] != b"ustar" {
            return Err(broken("it is damaged, or no backup at all"));
        }
        let (name, prefix) = (text(&block[..NAME])?, text(&block[345..500])?);
        let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        let size = octal(&block[124..136]).ok_or_else(|| broken("it is damaged"))?;
        Ok(Some(Entry { name, size }))
    }

    /// The content of the entry that `advance` returned, if it is not larger than `most` bytes.
    pub fn read(&mut self, entry: &Entry, most: u64) -> io::Result<Vec<u8>> {
        if entry.size > most {
            return Err(broken("one of its entries is too large"));
        }
        let mut content = Vec::new();
        self.from.by_ref().take(entry.size).read_to_end(&mut content)?;
        if content.len() as u64 != entry.size {
            return Err(broken("it ends in the middle"));
        }
        self.from.seek_relative(padding(entry.size) as i64)?;
        Ok(content)
    }

    /// Leaves the entry that `advance` returned unread.
    pub fn skip(&mut self, entry: &Entry) -> io::Result<()> {
        let length = i64::try_from(entry.size).map_err(|_| broken("it is damaged"))?;
        self.from.seek_relative(length + padding(entry.size) as i64)
    }

    /// Back to the beginning.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.from.seek(SeekFrom::Start(0)).map(drop)
    }
}

fn broken(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the backup cannot be read: {how}"))
}

fn padding(size: u64) -> usize {
    (BLOCK - (size % BLOCK as u64) as usize) % BLOCK
}

fn header(name: &str, size: u64, modified: u64) -> io::Result<[u8; BLOCK]> {
    if size > LARGEST {
        return Err(io::Error::other(format!("{name} is too large for a backup")));
    }
    let (prefix, name) = split(name).ok_or_else(|| io::Error::other(format!("{name} is too long a name")))?;
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", modified.min(LARGEST)).as_bytes());
    put(156, b"0");
    put(257, b"ustar\0");
    put(263, b"00");
    put(345, prefix.as_bytes());
    let sum = checksum(&block);
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

/// Splits a long name at a slash into the header's two fields.
fn split(name: &str) -> Option<(&str, &str)> {
    if name.len() <= NAME {
        return Some(("", name));
    }
    name.match_indices('/')
        .map(|(at, _)| (&name[..at], &name[at + 1..]))
        .find(|(prefix, name)| prefix.len() <= 155 && name.len() <= NAME)
}

/// The sum of all bytes, with blanks in the place of the sum itself.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

fn text(field: &[u8]) -> io::Result<&str> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    std::str::from_utf8(&field[..end]).map_err(|_| broken("it is damaged"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(place: &Path) -> u64 {
        let mut writer = Writer::create(place, 1_700_000_000).unwrap();
        writer.add("a.json", b"{}").unwrap();
        writer.add(&format!("{}/{}", "d".repeat(90), "f".repeat(90)), &[7; 1000]).unwrap();
        writer.add("empty", b"").unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn what_was_written_is_read_and_other_programs_understand_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.tar");
        assert_eq!(write(&place), std::fs::metadata(&place).unwrap().len());
        let mut reader = Reader::open(&place).unwrap();
        let entry = reader.advance().unwrap().unwrap();
        assert_eq!((entry.name.as_str(), reader.read(&entry, 10).unwrap()), ("a.json", b"{}".to_vec()));
        let entry = reader.advance().unwrap().unwrap();
        assert_eq!((entry.name.len(), entry.size), (181, 1000));
        reader.skip(&entry).unwrap();
        assert_eq!(reader.advance().unwrap().unwrap(), Entry { name: "empty".to_owned(), size: 0 });
        assert_eq!(reader.advance().unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

        let listed = std::process::Command::new("tar").arg("-tf").arg(&place).output().unwrap();
        assert!(listed.status.success());
        assert_eq!(String::from_utf8(listed.stdout).unwrap().lines().count(), 3);
    }

    #[test]
    fn damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.tar");
        write(&place);
        let whole = std::fs::read(&place).unwrap();
        std::fs::write(&place, &whole[..700]).unwrap();
        let mut reader = Reader::open(&place).unwrap();
        let entry = reader.advance().unwrap().unwrap();
        reader.skip(&entry).unwrap();
        assert!(reader.advance().is_err());
        std::fs::write(&place, b"not a backup".repeat(100)).unwrap();
        assert!(Reader::open(&place).unwrap().advance().is_err());
    }

    #[test]
    fn an_unfinished_archive_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::create(&folder.path().join("a.tar"), 0).unwrap();
        writer.add("a", b"b").unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
