use proptest::prelude::*;

use super::*;

#[test]
fn pictures_wait_until_they_are_asked_for() {
    let mail = "<p>a<img src='cid:a%20b@c' alt='x \"y\"'><IMG SRC=HTTPS://e.example/?a=1&amp;b=2><img src='//e.example/p'></p>";
    let html = SafeHtml::clean(mail);
    assert_eq!(html.content_ids(), ["a b@c"]);
    assert!(html.has_remote() && !html.as_str().contains(" src="), "{}", html.as_str());
    let shown = html
        .with_inline(|id| Some(format!("/files/{id}?\"><script>")))
        .with_remote(|url| Some(format!("/proxy?u={url}")));
    assert!(
        shown.as_str().contains(r#"<img alt="x &quot;y&quot;" src="/files/a b@c?&quot;&gt;&lt;script&gt;">"#),
        "{}",
        shown.as_str()
    );
    assert!(shown.as_str().contains(r#"src="/proxy?u=HTTPS://e.example/?a=1&amp;b=2""#), "{}", shown.as_str());
    assert_eq!(html.with_inline(|_| Some("javascript:alert(1)".to_owned())), html);
}

#[test]
fn style_cannot_load_or_cover() {
    let html = SafeHtml::clean(
        r#"<div style="position:fixed;top:0;color:#f00;background-image:url(x);background:red;width:expression(1);font-family:'A\B',x;margin:0 4px!important">x</div>"#,
    );
    assert_eq!(html.as_str(), r#"<div style="color: #f00; margin: 0 4px!important">x</div>"#);
}

#[test]
fn links_lead_out_and_tell_nothing() {
    let html = SafeHtml::clean(
        "<a href='https://a.example' target=_self>a</a><a href='data:text/html,x'>b</a><a href=cid:x>c</a><a href='#y'>d</a>",
    );
    let link = r#"<a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">a</a>"#;
    assert!(html.as_str().starts_with(link), "{}", html.as_str());
    assert_eq!(html.as_str().matches("href").count(), 1, "{}", html.as_str());
}

#[test]
fn text_reads_like_the_page() {
    let html = SafeHtml::clean(
        "<h1>Olá</h1><p>um&nbsp;dois <b>três</b>\n quatro<br>cinco &lt;b&gt; &amp;amp;</p><ol><li>a<li>b<ul><li>c</ul></ol>\
        <table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table><pre>a\n  b</pre><p style='display:none'>hidden</p>\
        <a href='https://loja.example/p?x=1'>produto</a> <a href='https://loja.example'>loja.example</a>",
    );
    let text = "Olá\n\num dois três quatro\ncinco <b> &amp;\n\n1. a\n2. b\n\n  - c\n\nx y\nz\n\na\n  b\n\nproduto <https://loja.example/p?x=1> loja.example";
    assert_eq!(html.text(), text);
}

/// Without bounds these would take hours, or more memory than there is.
#[test]
fn hostile_sizes_end() {
    let formats: String = (0..20_000).map(|number| format!("<b id={number}>x<p>")).collect();
    let fonts: String = (0..60).map(|number| format!("<font size={number}>")).collect();
    let mails = [
        "<div>".repeat(10_000),
        formats,
        format!("<p>{fonts}</p>{}", "<p>x".repeat(50_000)),
        "<table><td><blockquote type=cite>".repeat(3_000),
        "<img src=x:".repeat(100_000),
        "<blockquote type=cite>x</blockquote>".repeat(10_000),
    ];
    for mail in mails {
        let html = SafeHtml::clean(&mail);
        let _ = (html.text(), crate::quote::split_html(&html));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<script>alert(1)</script>".to_owned()),
        Just("<img src=x onerror=alert(1)>".to_owned()),
        Just("<svg><style><img src=x onerror=alert(1)>".to_owned()),
        Just("<math><mtext><table><mglyph><style><!--</style>".to_owned()),
        Just("<a href=\"javascript:x\" title='\"><script>'>".to_owned()),
        Just("<blockquote type=cite><div class=gmail_quote>".to_owned()),
        Just("</blockquote></div></p></table>".to_owned()),
        Just("<img src=\"cid:a\"><img src='https://e.example/\"x'>".to_owned()),
        Just("<p style=\"color:red;background:url(javascript:x)\" id=m-x>".to_owned()),
        Just("<table><tr><td><pre>\n".to_owned()),
        Just("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">".to_owned()),
        "[ -~]{0,20}",
        "\\PC{0,8}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_harmful_survives(mail in pieces()) {
        let html = SafeHtml::clean(&mail);
        for tag in tags(html.as_str()) {
            let Tag::Open(open) = tag else { continue };
            prop_assert!(!["script", "style", "iframe", "form", "input", "svg", "math", "object", "base", "link", "meta"].contains(&open.name));
            for (name, value) in scan::attributes(open.attributes) {
                prop_assert!(!name.starts_with("on"), "{name}");
                let loads = ["src", "srcset", "background", "action", "poster"].contains(&name);
                prop_assert!(!loads || value.starts_with("data:image/"), "{name}={value}");
                prop_assert!(!value.to_ascii_lowercase().contains("javascript:") || name == "title" || name == "alt", "{name}={value}");
            }
        }
        prop_assert_eq!(SafeHtml::clean(html.as_str()), html.clone(), "cleaning twice changes nothing");
        let (written, quoted) = crate::quote::split_html(&html);
        // Each half is clean and whole by itself.
        prop_assert_eq!(SafeHtml::clean(written.as_str()).text(), written.text());
        if let Some(quoted) = quoted {
            prop_assert_eq!(SafeHtml::clean(quoted.as_str()).text(), quoted.text());
        }
    }
}
