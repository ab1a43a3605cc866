//! A table as spreadsheets write it: with commas, semicolons or tabs, in UTF-8 or in the letters of Windows.

use csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter, Trim};
use encoding_rs::{Encoding, WINDOWS_1252};
use model::ErrorCode;

use crate::{Error, Result};

/// What stands between cells, the most usual first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The text of a file.
pub fn decoded(bytes: &[u8]) -> Result<String> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    // No table holds these, and PostgreSQL cannot keep them.
    if text.contains('\0') { Err(unreadable()) } else { Ok(text) }
}

fn unreadable() -> Error {
    Error::field("import_file", ErrorCode::NotATable)
}

/// Most columns.
const MOST_COLUMNS: usize = 500;

/// A table that is read row by row.
pub struct Table<'t> {
    pub headings: Vec<String>,
    width: usize,
    rows: StringRecordsIntoIter<&'t [u8]>,
}

impl<'t> Table<'t> {
    /// Reads the headings.
    pub fn open(text: &'t str) -> Result<Self> {
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
        let headings = reader.headers().map_err(|_| unreadable())?;
        let width = headings.len();
        if width > MOST_COLUMNS {
            return Err(unreadable());
        }
        let headings = headings.iter().map(str::to_owned).collect();
        Ok(Self { headings, width, rows: reader.into_records() })
    }
}

impl Iterator for Table<'_> {
    type Item = Vec<String>;

    /// The cells of a row, with one more where something stands beyond the headings. Rows without anything in them are passed over.
    fn next(&mut self) -> Option<Self::Item> {
        // A text that is UTF-8 and may have rows of any length reads without error.
        let is_filled = |row: &StringRecord| row.iter().any(|cell| !cell.is_empty());
        let row = self.rows.by_ref().filter_map(std::result::Result::ok).find(is_filled)?;
        let beyond = row.iter().skip(self.width).find(|cell| !cell.is_empty());
        Some(row.iter().take(self.width).chain(beyond).map(|cell| unquoted(cell).to_owned()).collect())
    }
}

/// What separates the headings: what there is most of outside of quotes.
fn delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let mut is_quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in first.bytes() {
        is_quoted ^= byte == b'"';
        if !is_quoted && let Some(place) = DELIMITERS.iter().position(|known| *known == byte) {
            counts[place] += 1;
        }
    }
    let most = counts.into_iter().max().unwrap_or_default();
    let place = counts.into_iter().position(|count| count == most).unwrap_or_default();
    DELIMITERS[place]
}

/// Rows as a table with commas, which every spreadsheet opens: the mark in front tells Excel that it is UTF-8.
pub fn written(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(anyhow::Error::new)?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    String::from_utf8(bytes).map_err(|error| Error::Internal(error.into()))
}

/// A cell as it was before [`harmless`].
fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

/// A cell that no spreadsheet takes for a formula. Numbers of telephones begin with a plus and are none.
fn harmless(cell: &str) -> String {
    let is_number =
        cell.starts_with(['+', '-']) && cell[1..].chars().all(|c| c.is_ascii_digit() || " .,-()".contains(c));
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
        let text = decoded(bytes).unwrap();
        let table = Table::open(&text).unwrap();
        (table.headings.clone(), table.collect())
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let expected =
            (vec!["name".to_owned(), "email".to_owned()], vec![vec!["João".to_owned(), "j@x.com".to_owned()]]);
        for bytes in [
            "name,email\nJoão,j@x.com\n".as_bytes(),
            "\u{feff}name;email\r\nJoão;j@x.com\r\n;\r\n".as_bytes(),
            "\n\n\"name\"\temail\n\n João \tj@x.com".as_bytes(),
            b"name;email\nJo\xe3o;j@x.com",
            b"\xff\xfen\0a\0m\0e\0;\0e\0m\0a\0i\0l\0\n\0J\0o\0\xe3\0o\0;\0j\0@\0x\0.\0c\0o\0m\0",
        ] {
            assert_eq!(read(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn cells_hold_delimiters_quotes_and_lines() {
        let (_, rows) = read(b"name,company\n\"Lima, Ana\",\"a \"\"b\"\"\nc\"\nBia\nCaio,x,y\n");
        assert_eq!(rows, [vec!["Lima, Ana", "a \"b\"\nc"], vec!["Bia"], vec!["Caio", "x", "y"]]);
    }

    #[test]
    fn what_is_no_table_is_refused_or_empty() {
        assert!(decoded(b"PK\x03\x04\0\0").is_err());
        assert!(Table::open(&format!("email{}", ",".repeat(MOST_COLUMNS))).is_err());
        for text in ["", "\n", "\"", "\"name\nx"] {
            let read = Table::open(text).map(Iterator::count);
            assert!(read.is_ok_and(|rows| rows == 0), "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_runs_nowhere() {
        let cells = ["=1+1", "+5511999998888", "@x", "-2", "a,b", "a\"b\nc"];
        let text = written([cells.map(str::to_owned).to_vec()]).unwrap();
        let (headings, _) = read(text.as_bytes());
        assert_eq!(headings, ["'=1+1", "+5511999998888", "'@x", "-2", "a,b", "a\"b\nc"]);
        let (_, rows) = read(format!("a,b,c,d,e,f\n{}", text.trim_start_matches('\u{feff}')).as_bytes());
        assert_eq!(rows, [cells]);
    }
}
