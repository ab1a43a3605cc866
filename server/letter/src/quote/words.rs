//! What mail programs write above what they quote, in the languages they speak.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

/// "On Monday, Ana wrote:" in many languages.
const ATTRIBUTIONS: [&str; 27] = [
    r"on\b.+\bwrote",
    r".+\bwrote on\b.+",
    r"(em|no dia|a|na|às)\b.+\bescreveu",
    r".+\bescreveu (em|no dia)\b.+",
    r"el\b.+\bescribi[óo]",
    r"le\b.+\ba [ée]crit",
    r"am\b.+\bschrieb\b.*",
    r".+\bschrieb am\b.+",
    r"il( giorno)?\b.+\bha scritto",
    r"op\b.+\bschreef\b.*",
    r".+\bschreef op\b.+",
    r"(w dniu|dnia)\b.+\b(napisał|napisała|napisał\(a\)|pisze)\b?.*",
    r".+\bnapisał(a|\(a\))?",
    r"den\b.+\bskrev\b.*",
    r".+\bskrev den\b.+",
    r".+\bkirjoitti\b.*",
    r"dne\b.+\bnapsala?(\(a\))?\b?.*",
    r".+\b(пишет|написал|написала|написал\(а\)|пише)",
    r".+(のメール|書きました|さんが書いた内容)",
    r"在.+写道",
    r"於.+寫道",
    r".+님이 작성",
    r".+\b(tarihinde|şunu yazdı|yazdı)\b.*",
    r"la\b.+\ba scris",
    r"(na|dana)\b.+\b(je napisao|je napisala|napísal|napísala)\(?a?\)?",
    r"(في|بتاريخ)\b.+\bكتبت?\b.*",
    r"στις\b.+\bέγραψε",
];

/// "Original Message" between dashes.
const ORIGINALS: [&str; 14] = [
    "original message",
    "original appointment",
    "mensagem original",
    "mensaje original",
    "message d'origine",
    "message original",
    "ursprüngliche nachricht",
    "originalnachricht",
    "messaggio originale",
    "oorspronkelijk bericht",
    "reply message",
    "wiadomość oryginalna",
    "ursprungligt meddelande",
    "исходное сообщение",
];

/// What stands above a mail that was passed on: it is what the sender wants to show, and never folded.
const FORWARDS: [&str; 13] = [
    "forwarded message",
    "begin forwarded message",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "mensaje reenviado",
    "message transféré",
    "message transfere",
    "message réexpédié",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "пересылаемое сообщение",
];

/// The first label of the block of headers that Outlook quotes, and the others.
const FROM: &str = "from|de|von|da|van|från|fra|od|от|lähettäjä|kimden|发件人|差出人|보낸 사람";
const LABELS: &str = "from|sent|date|to|cc|subject|reply-to|de|enviado|enviado em|enviada em|enviada|data|para|assunto|fecha|asunto|cópia|\
    envoyé|envoyé le|à|objet|von|gesendet|datum|an|betreff|da|inviato|a|oggetto|van|verzonden|aan|onderwerp|från|skickat|till|ämne|\
    fra|sendt|til|emne|od|wysłano|do|temat|от|отправлено|кому|тема|дата|lähettäjä|lähetetty|vastaanottaja|aihe|kimden|kime|\
    gönderildi|konu|发件人|发送时间|收件人|主题|抄送|差出人|送信日時|宛先|件名|보낸 사람|받는 사람|보낸 날짜|제목";

static ATTRIBUTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| one(&format!(r"^\W{{0,4}}(?:{})\s*[:：]\W*$", ATTRIBUTIONS.join("|"))));
static BEFORE_HEADERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| one(&format!(r"^\W{{0,4}}(?:{FROM})\W{{0,3}}[:：]\W{{0,3}}\s*\S")));
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| one(&format!(r"^\W{{0,4}}(?:{LABELS})\W{{0,3}}[:：]")));

fn one(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).case_insensitive(true).dot_matches_new_line(true).build().ok()
}

fn matches(pattern: &LazyLock<Option<Regex>>, line: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Whether a line says who wrote the following when; the date is what tells it from a sentence.
pub fn is_attribution(line: &str) -> bool {
    let line = line.trim();
    let fits = line.len() <= 400 && line.ends_with([':', '：', '*', '_', '>', ' ']);
    fits && line.chars().any(char::is_numeric) && matches(&ATTRIBUTION, line)
}

/// `-----Original Message-----`.
pub fn is_original(line: &str) -> bool {
    marks(line) >= 4 && ORIGINALS.contains(&between_marks(line).as_str())
}

/// `---------- Forwarded message ---------` and its kind.
pub fn is_forward(line: &str) -> bool {
    if !line.trim_end().ends_with(':') && marks(line) < 4 {
        return false;
    }
    let bare = between_marks(line);
    FORWARDS.iter().any(|words| bare.starts_with(words))
}

/// Characters that lines are drawn with.
fn marks(line: &str) -> usize {
    line.chars().filter(|char| matches!(char, '-' | '_' | '=' | '*' | '—' | '–')).count()
}

/// Words between dashes or underscores, in lower case.
fn between_marks(line: &str) -> String {
    let is_mark = |char: char| "-_=*>—– ".contains(char);
    line.trim().trim_matches(is_mark).trim_end_matches([':', ' ']).to_lowercase()
}

/// Whether lines begin with a block of headers, at least `From:` and two more.
pub fn is_header_block<'a>(lines: impl IntoIterator<Item = &'a str>) -> bool {
    let mut lines = lines.into_iter().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    if !matches(&BEFORE_HEADERS, first) {
        return false;
    }
    // A long line of recipients may have been broken in two.
    lines.take(6).filter(|line| matches(&LABEL, line)).count() >= 2
}

/// The line Outlook draws in plain text.
pub fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 16 && line.chars().all(|char| char == '_')
}
