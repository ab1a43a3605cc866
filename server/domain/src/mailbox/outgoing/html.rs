//! Markdown as the HTML and the text of a mail. Only what is escaped here gets in, and what `letter` cleaned.

use std::collections::HashSet;
use std::fmt::Write as _;

use model::markdown::{Block, Inline, name_in_text, parse};

use super::quote::Quote;

/// Styles stand in the tags: many programs throw away everything else.
const BODY: &str =
    "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5";
const QUOTE: &str = "margin:0 0 0 .8ex;border-left:1px solid;padding-left:1ex";
const CODE: &str = "font-family:ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap";

/// A picture that travels in the mail and is shown in it.
pub struct Picture<'a> {
    pub content_id: &'a str,
    pub name: &'a str,
}

/// The mail as HTML: what was written, with its pictures where the text refers to them and the others below it, the signature,
/// what it answers.
pub fn html(content: &str, pictures: &[Picture<'_>], signature: &str, quote: Option<&Quote>) -> String {
    let out = format!("<!doctype html><html><head><meta charset=\"utf-8\"></head><body><div style=\"{BODY}\">");
    let mut writer = Writer { out, pictures, placed: HashSet::new() };
    writer.blocks(content);
    let Writer { mut out, placed, .. } = writer;
    for picture in pictures.iter().filter(|picture| !placed.contains(picture.content_id)) {
        out.push_str("<p>");
        image(&mut out, &["cid:", picture.content_id].concat(), picture.name);
        out.push_str("</p>");
    }
    if !signature.trim().is_empty() {
        // Two hyphens and a space: by this programs know where a mail ends.
        out.push_str("<div class=\"gmail_signature\"><p>-- </p>");
        let mut below = Writer { out, pictures: &[], placed: HashSet::new() };
        below.blocks(signature);
        out = below.out;
        out.push_str("</div>");
    }
    out.push_str("</div>");
    if let Some(quote) = quote {
        let _ = write!(
            out,
            "<br><div class=\"gmail_quote\"><div class=\"gmail_attr\">{}</div>\
             <blockquote type=\"cite\" class=\"gmail_quote\" style=\"{QUOTE}\">{}</blockquote></div>",
            escape(&quote.head),
            quote.html
        );
    }
    out.push_str("</body></html>");
    out
}

/// The same as text. Marks stay: people write them in mails of text themselves.
pub fn text(content: &str, signature: &str, quote: Option<&Quote>) -> String {
    let mut out = without_references(content.trim_end());
    if !signature.trim().is_empty() {
        let _ = write!(out, "\n\n-- \n{}", signature.trim());
    }
    if let Some(quote) = quote {
        let _ = write!(out, "\n\n{}\n", quote.head);
        for line in quote.text.lines() {
            out.push_str(if line.starts_with('>') { "\n>" } else { "\n> " });
            out.push_str(line);
        }
    }
    out
}

/// Lines of text as HTML.
pub fn lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("<br>")
}

/// A text as HTML.
struct Writer<'a> {
    out: String,
    pictures: &'a [Picture<'a>],
    /// The pictures that stand in the text, by their ids.
    placed: HashSet<&'a str>,
}

impl<'a> Writer<'a> {
    fn blocks(&mut self, content: &str) {
        for block in parse(content) {
            match block {
                Block::Paragraph(inner) => self.wrapped("p", &inner),
                Block::Quote(inner) => {
                    let _ = write!(self.out, "<blockquote style=\"{QUOTE}\">");
                    self.inlines(&inner);
                    self.out.push_str("</blockquote>");
                }
                Block::Code(code) => {
                    let _ = write!(self.out, "<pre style=\"{CODE}\">{}</pre>", escape(&code));
                }
                Block::List(number, items) => {
                    let tag = if number.is_some() { "ol" } else { "ul" };
                    let start = number.filter(|number| *number != 1).map(|number| format!(" start=\"{number}\""));
                    let _ = write!(self.out, "<{tag}{}>", start.unwrap_or_default());
                    for item in &items {
                        self.wrapped("li", item);
                    }
                    let _ = write!(self.out, "</{tag}>");
                }
            }
        }
    }

    fn wrapped(&mut self, tag: &str, inner: &[Inline]) {
        let _ = write!(self.out, "<{tag}>");
        self.inlines(inner);
        let _ = write!(self.out, "</{tag}>");
    }

    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            match inline {
                Inline::Text(text) => self.out.push_str(&escape(text)),
                Inline::Break => self.out.push_str("<br>"),
                Inline::Strong(inner) => self.wrapped("strong", inner),
                Inline::Emphasis(inner) => self.wrapped("em", inner),
                Inline::Strike(inner) => self.wrapped("s", inner),
                Inline::Code(code) => {
                    let _ = write!(self.out, "<code style=\"{CODE}\">{}</code>", escape(code));
                }
                Inline::Link(address, inner) => {
                    let _ = write!(self.out, "<a href=\"{}\">", escape(address));
                    self.inlines(inner);
                    self.out.push_str("</a>");
                }
                Inline::Image(address, name) => image(&mut self.out, address, name),
                Inline::Own(reference, words) => self.own(reference, words),
            }
        }
    }

    /// One of the mail's own pictures; its words where there is no such picture.
    fn own(&mut self, reference: &str, words: &str) {
        let pictures: &'a [Picture<'a>] = self.pictures;
        let mut named = pictures.iter().filter(|picture| name_in_text(picture.name) == reference).peekable();
        let first = named.peek().copied();
        // Several may be called the same: one after the other.
        let Some(picture) = named.find(|picture| !self.placed.contains(picture.content_id)).or(first) else {
            return self.out.push_str(&escape(words));
        };
        self.placed.insert(picture.content_id);
        image(&mut self.out, &["cid:", picture.content_id].concat(), words);
    }
}

fn image(out: &mut String, address: &str, words: &str) {
    let _ = write!(out, "<img src=\"{}\" alt=\"{}\" style=\"max-width:100%\">", escape(address), escape(words));
}

/// Marks stay as they are in a mail's text, but a reference to a picture of the mail says nothing there: its words do.
fn without_references(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, after)) = rest.split_once("![") {
        out.push_str(before);
        let own = after.split_once("](cid:").filter(|(words, _)| !words.contains(['[', ']', '\n']));
        match own.and_then(|(words, target)| Some((words, target.split_once(')')?.1))) {
            Some((words, after)) => {
                out.extend(["[", words, "]"]);
                rest = after;
            }
            None => {
                out.push_str("![");
                rest = after;
            }
        }
    }
    out + rest
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agents_write_becomes_html_and_nothing_else() {
        let written = html("Oi **Bia**,\n\n- um\n- <script>x</script>\n\nhttps://a.b/?x=1&y=2", &[], "*Rui*", None);
        assert!(
            written
                .contains("<p>Oi <strong>Bia</strong>,</p><ul><li>um</li><li>&lt;script&gt;x&lt;/script&gt;</li></ul>"),
            "{written}"
        );
        assert!(written.contains("<a href=\"https://a.b/?x=1&amp;y=2\">"), "{written}");
        assert!(written.contains("<p>-- </p><p><em>Rui</em></p>"), "{written}");
    }

    #[test]
    fn pictures_stand_below_what_was_written() {
        let pictures = [Picture { content_id: "7@loja.example", name: "a\"b.png" }];
        let written = html("Veja:", &pictures, "Rui", None);
        let shown = "<p>Veja:</p><p><img src=\"cid:7@loja.example\" alt=\"a&quot;b.png\" style=\"max-width:100%\"></p><div class";
        assert!(written.contains(shown), "{written}");
    }

    #[test]
    fn pictures_stand_where_the_text_refers_to_them() {
        let picture = |content_id, name| Picture { content_id, name };
        let pictures = [picture("1@a", "foto 1.png"), picture("2@a", "foto 1.png"), picture("3@a", "outra.png")];
        let reference = model::markdown::own_picture("foto 1.png");
        assert_eq!(reference, "![foto-1.png](cid:foto-1.png)");
        let content = format!("Veja {reference} e {reference}, não ![x](cid:y.png)");
        let written = html(&content, &pictures, "", None);
        let shown = |id: &str, words: &str| format!("<img src=\"cid:{id}\" alt=\"{words}\" style=\"max-width:100%\">");
        let expected = format!(
            "<p>Veja {} e {}, não x</p><p>{}</p>",
            shown("1@a", "foto-1.png"),
            shown("2@a", "foto-1.png"),
            shown("3@a", "outra.png")
        );
        assert!(written.contains(&expected), "{written}");
        assert_eq!(text(&content, "", None), "Veja [foto-1.png] e [foto-1.png], não [x]");
        assert_eq!(text("![a](https://x.y) ![b](cid:", "", None), "![a](https://x.y) ![b](cid:");
    }

    #[test]
    fn what_is_quoted_is_found_again() {
        for lang in ::text::VisitorLang::ALL {
            let quote = Quote {
                head: ::text::visitor_mail::wrote(lang, &::text::time::in_mail(lang, 1_768_489_200_000, 0), "Bia"),
                html: "Onde está?".to_owned(),
                text: "Onde está?\n> antes".to_owned(),
            };
            let (now, quoted) = letter::split_text(&text("Saiu hoje.", "", Some(&quote)));
            assert_eq!(now.trim(), "Saiu hoje.", "{}", quote.head);
            assert!(quoted.is_some_and(|quoted| quoted.contains("> Onde está?") && quoted.contains(">> antes")));
        }
    }
}
