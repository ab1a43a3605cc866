//! Subjects of answers.

/// What mail programs write before the subject of an answer, in the languages they speak.
const REPLIES: [&str; 15] =
    ["re", "res", "rép", "rep", "aw", "antw", "sv", "vs", "odp", "ynt", "rif", "r", "ref", "回复", "答复"];
/// Longest subject that is kept, in bytes.
const LONGEST: usize = 900;

/// `Re: …` once, however often and in whichever language it stands there already.
pub fn reply_subject(subject: &str) -> String {
    let subject = crate::text::line(subject);
    let mut bare = subject.as_str();
    while let Some(rest) = without_prefix(bare) {
        bare = rest;
    }
    format!("Re: {}", crate::text::cut(bare, LONGEST)).trim_end().to_owned()
}

/// Without one `RE:`, `Re[2]:` or `回复：`.
fn without_prefix(subject: &str) -> Option<&str> {
    let (head, rest) = subject.split_once([':', '：'])?;
    let word = head.split_once('[').map_or(head, |(word, _)| word).trim().to_lowercase();
    let counted = head
        .split_once('[')
        .is_none_or(|(_, count)| count.trim_end_matches(']').chars().all(|char| char.is_ascii_digit()));
    (counted && REPLIES.contains(&word.as_str())).then(|| rest.trim_start())
}
