//! Small rules about text from outside.

/// Without what databases and screens cannot bear: NUL and the other control characters but tab and line feed; line ends become `\n`.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_control) {
        clean.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        match after.next() {
            Some('\r') if !after.as_str().starts_with('\n') => clean.push('\n'),
            Some(char @ ('\n' | '\t')) => clean.push(char),
            _ => {}
        }
        rest = after.as_str();
    }
    clean.push_str(rest);
    clean
}

/// One line: what a header's value may be.
pub fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many bytes, cut between characters.
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// At most one blank line in a row, none at the ends and no blanks at the ends of lines.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        tidy.push_str(line);
    }
    tidy
}
