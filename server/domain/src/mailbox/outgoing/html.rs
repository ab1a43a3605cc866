//! Markdown as the HTML and the text of a mail. Only what is escaped here gets in, and what `letter` cleaned.

use std::fmt::Write as _;

use model::markdown::{Block, Inline, parse};

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

/// The mail as HTML: what was written, its pictures, the signature, what it answers.
pub fn html(content: &str, pictures: &[Picture<'_>], signature: &str, quote: Option<&Quote>) -> String {
    let mut out = format!("<!doctype html><html><head><meta charset=\"utf-8\"></head><body><div style=\"{BODY}\">");
    blocks(&mut out, content);
    for Picture { content_id, name } in pictures {
        let (id, name) = (escape(content_id), escape(name));
        let _ = write!(out, "<p><img src=\"cid:{id}\" alt=\"{name}\" style=\"max-width:100%\"></p>");
    }
    if !signature.trim().is_empty() {
        // Two hyphens and a space: by this programs know where a mail ends.
        out.push_str("<div class=\"gmail_signature\"><p>-- </p>");
        blocks(&mut out, signature);
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
    let mut out = content.trim_end().to_owned();
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

fn blocks(out: &mut String, content: &str) {
    for block in parse(content) {
        match block {
            Block::Paragraph(inner) => wrapped(out, "p", &inner),
            Block::Quote(inner) => {
                let _ = write!(out, "<blockquote style=\"{QUOTE}\">");
                inlines(out, &inner);
                out.push_str("</blockquote>");
            }
            Block::Code(code) => {
                let _ = write!(out, "<pre style=\"{CODE}\">{}</pre>", escape(&code));
            }
            Block::List(number, items) => {
                let tag = if number.is_some() { "ol" } else { "ul" };
                let start = number.filter(|number| *number != 1).map(|number| format!(" start=\"{number}\""));
                let _ = write!(out, "<{tag}{}>", start.unwrap_or_default());
                for item in &items {
                    wrapped(out, "li", item);
                }
                let _ = write!(out, "</{tag}>");
            }
        }
    }
}

fn wrapped(out: &mut String, tag: &str, inner: &[Inline]) {
    let _ = write!(out, "<{tag}>");
    inlines(out, inner);
    let _ = write!(out, "</{tag}>");
}

fn inlines(out: &mut String, content: &[Inline]) {
    for inline in content {
        match inline {
            Inline::Text(text) => out.push_str(&escape(text)),
            Inline::Break => out.push_str("<br>"),
            Inline::Strong(inner) => wrapped(out, "strong", inner),
            Inline::Emphasis(inner) => wrapped(out, "em", inner),
            Inline::Strike(inner) => wrapped(out, "s", inner),
            Inline::Code(code) => {
                let _ = write!(out, "<code style=\"{CODE}\">{}</code>", escape(code));
            }
            Inline::Link(address, inner) => {
                let _ = write!(out, "<a href=\"{}\">", escape(address));
                inlines(out, inner);
                out.push_str("</a>");
            }
            Inline::Image(address, name) => {
                let _ =
                    write!(out, "<img src=\"{}\" alt=\"{}\" style=\"max-width:100%\">", escape(address), escape(name));
            }
        }
    }
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
    fn what_is_quoted_is_found_again() {
        let quote = Quote {
            head: "Em 1 jan. 2026, Bia escreveu:".to_owned(),
            html: "Onde está?".to_owned(),
            text: "Onde está?\n> antes".to_owned(),
        };
        let (now, quoted) = letter::split_text(&text("Saiu hoje.", "", Some(&quote)));
        assert_eq!(now.trim(), "Saiu hoje.");
        assert!(quoted.is_some_and(|quoted| quoted.contains("> Onde está?") && quoted.contains(">> antes")));
    }
}
