//! A short letter with one link, as text and as HTML.

use text::Lang;

/// The parts of a letter, in the recipient's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub greeting: String,
    pub body: String,
    /// What somebody said; empty when nobody is repeated.
    pub quote: String,
    pub button: String,
    pub link: String,
    /// How long the link lasts and what to do when the letter is unexpected.
    pub note: String,
}

impl Letter {
    /// As plain text.
    pub fn text(&self) -> String {
        let lines: String = self.quote.lines().map(|line| format!("> {line}\n")).collect();
        let quote = if lines.is_empty() { lines } else { format!("{lines}\n") };
        format!("{}\n\n{}\n\n{quote}{}:\n{}\n\n{}\n", self.greeting, self.body, self.button, self.link, self.note)
    }

    /// As HTML that every mail program shows: one column, no pictures, styles in the tags.
    pub fn html(&self, lang: Lang) -> String {
        let escape = ammonia::clean_text;
        let quote = match self.quote.as_str() {
            "" => String::new(),
            said => format!(
                "<blockquote style=\"margin:16px 0;padding:2px 0 2px 14px;border-left:3px solid currentColor;white-space:pre-wrap;\
                 overflow-wrap:anywhere\">{}</blockquote>",
                escape(said)
            ),
        };
        let font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
        format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{subject}</title></head><body style=\"margin:0;padding:32px 16px;{font};font-size:15px;line-height:1.55\">\
             <div style=\"max-width:480px;margin:0 auto\"><p>{greeting}</p><p>{body}</p>{quote}\
             <p style=\"margin:28px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:11px 18px;border-radius:6px;\
             border:1px solid currentColor;text-decoration:none;font-weight:600\">{button}</a></p>\
             <p style=\"font-size:13px\">{note}</p><p style=\"font-size:13px;word-break:break-all\">{link}</p>\
             </div></body></html>",
            lang = lang.html(),
            subject = escape(&self.subject),
            greeting = escape(&self.greeting),
            body = escape(&self.body),
            button = escape(&self.button),
            link = escape(&self.link),
            note = escape(&self.note),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_html() {
        let letter = Letter {
            subject: "s".to_owned(),
            greeting: "<script>x</script>".to_owned(),
            body: "b".to_owned(),
            quote: "<b>q</b>\nr".to_owned(),
            button: "go".to_owned(),
            link: "http://localhost/?a=1&b=\"2".to_owned(),
            note: "n".to_owned(),
        };
        let html = letter.html(Lang::PtBr);
        assert!(html.contains("lang=\"pt-BR\""));
        assert!(!html.contains("<script>") && !html.contains("<b>"));
        assert!(letter.text().contains("\n\n> <b>q</b>\n> r\n\n"), "{}", letter.text());
        assert!(letter.text().contains("http://localhost/?a=1&b="));
    }
}
