//! The rules of what may remain.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::SafeHtml;
use super::bound::bound;
use super::scan::{Open, Tag, attribute, escape, tags};

/// Names a picture of the mail itself.
pub const INLINE: &str = "data-cid";
/// Names a picture of the web.
pub const REMOTE: &str = "data-remote-src";

/// Classes and ids by which mail programs mark what they quote; all other classes go.
pub const QUOTE_MARKS: [&str; 21] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_extra",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "moz-cite-prefix",
    "moz-forward-container",
    "OutlookMessageHeader",
    "ms-outlook-mobile-reference-message",
    "divRplyFwdMsg",
    "x_divRplyFwdMsg",
    "appendonsend",
    "x_appendonsend",
    "OLK_SRC_BODY_SECTION",
    "mail-editor-reference-message-container",
    "mail-editor-reply-message-container",
    "isForwardContent",
    "quoted-text",
];

/// Style that cannot reach out of the mail nor load anything.
const STYLES: [&str; 53] = [
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "color",
    "direction",
    "display",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "vertical-align",
    "white-space",
    "width",
];

static RULES: LazyLock<Builder<'static>> = LazyLock::new(rules);

fn rules() -> Builder<'static> {
    let mut builder = Builder::default();
    let presentation =
        ["style", "class", "id", "align", "valign", "bgcolor", "dir", "lang", "title", "width", "height"];
    builder
        .add_tags(["font", "center", "u", "s", "big", "tt", "address", "section", "main"])
        .rm_tags(["map", "area", "bdi", "rp", "rt", "rtc", "ruby"])
        .add_clean_content_tags([
            "title", "template", "textarea", "select", "option", "button", "object", "svg", "math", "iframe",
            "noembed", "noframes", "xmp", "audio", "video", "canvas",
        ])
        .generic_attributes(HashSet::from(presentation))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "name"])),
            ("blockquote", HashSet::from(["type"])),
            ("font", HashSet::from(["color", "face", "size"])),
            ("img", HashSet::from(["src", "alt", "border", INLINE, REMOTE])),
            ("ol", HashSet::from(["start", "type"])),
            ("table", HashSet::from(["border", "cellpadding", "cellspacing"])),
            ("td", HashSet::from(["colspan", "rowspan", "nowrap"])),
            ("th", HashSet::from(["colspan", "rowspan", "nowrap"])),
            ("col", HashSet::from(["span"])),
            ("colgroup", HashSet::from(["span"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(filter);
    builder
}

fn filter<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let lower = || value.trim_start().get(..12).unwrap_or(value.trim_start()).to_ascii_lowercase();
    match (element, name) {
        (_, "style") => style(value).map(Cow::Owned),
        (_, "class") => {
            let kept: Vec<_> = value.split_whitespace().filter(|class| QUOTE_MARKS.contains(class)).collect();
            (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
        }
        // So that no id of a mail is one of ours; an earlier cleaning did it already.
        (_, "id") if value.starts_with("m-") => Some(Cow::Borrowed(value)),
        (_, "id") => Some(Cow::Owned(format!("m-{value}"))),
        ("a", "href") => {
            let start = lower();
            let leads_out = ["http:", "https:", "mailto:", "tel:"].iter().any(|scheme| start.starts_with(scheme));
            leads_out.then_some(Cow::Borrowed(value))
        }
        ("img", REMOTE) => {
            (lower().starts_with("http:") || lower().starts_with("https:")).then_some(Cow::Borrowed(value))
        }
        ("img", "src") => is_picture(value, &lower()).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Pictures in the mail's text itself may be of kinds that cannot carry scripts only.
fn is_picture(value: &str, start: &str) -> bool {
    if !start.starts_with("data:") {
        return ["http:", "https:", "cid:"].iter().any(|scheme| start.starts_with(scheme));
    }
    let value = value.trim_start();
    ["png", "jpeg", "jpg", "gif", "webp"].iter().any(|kind| {
        value.len() > 22
            && value
                .get(..22)
                .is_some_and(|head| head.to_ascii_lowercase().starts_with(&format!("data:image/{kind};base64")))
    })
}

/// The harmless declarations of a `style` attribute. What could load or escape needs `/`, `\`, `:` or `@` in a value.
fn style(value: &str) -> Option<String> {
    let mut kept = String::new();
    for declaration in value.split(';').take(60) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let plain = |char: char| char.is_alphanumeric() || " #%.,()'-+!\"".contains(char);
        let loads = || value.to_ascii_lowercase().contains("url(") || value.to_ascii_lowercase().contains("expression");
        if !STYLES.contains(&name.as_str())
            || value.is_empty()
            || value.len() > 200
            || !value.chars().all(plain)
            || loads()
        {
            continue;
        }
        if !kept.is_empty() {
            kept.push_str("; ");
        }
        kept.push_str(&format!("{name}: {value}"));
    }
    (!kept.is_empty()).then_some(kept)
}

pub fn clean(html: &str) -> String {
    let html = bound(html, SafeHtml::LONGEST).replace('\0', "");
    block_pictures(RULES.clean(&html).to_string().trim())
}

/// Takes every picture's address away into a placeholder.
fn block_pictures(html: &str) -> String {
    rewrite_pictures(html, |picture| {
        let source = attribute(picture.attributes, "src")?;
        let start = source.trim_start().get(..4).unwrap_or_default().to_ascii_lowercase();
        let (name, value) = match start.as_str() {
            "cid:" => (INLINE, content_id(source.trim_start().get(4..).unwrap_or_default())),
            "http" => (REMOTE, source),
            _ => return None,
        };
        Some(("src", name, value))
    })
}

/// As the part's header writes it: without brackets and escapes.
fn content_id(written: &str) -> String {
    let plain = percent_encoding::percent_decode_str(written).decode_utf8_lossy();
    plain.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

pub fn placeholders(html: &str, name: &str) -> Vec<String> {
    let pictures = tags(html).filter_map(|tag| match tag {
        Tag::Open(open) if open.name == "img" => attribute(open.attributes, name),
        _ => None,
    });
    pictures.collect()
}

pub fn fill(html: &str, name: &str, address: impl Fn(&str) -> Option<String>) -> String {
    rewrite_pictures(html, |picture| {
        let named = attribute(picture.attributes, name)?;
        let address = address(&named)?;
        // An address of ours, yet never a script.
        let harmless = address.starts_with('/') || address.starts_with("https://") || address.starts_with("http://");
        harmless.then_some((name, "src", address))
    })
}

/// For each picture: which attribute is replaced by which other.
fn rewrite_pictures<'n>(html: &str, change: impl Fn(&Open<'_>) -> Option<(&'n str, &'n str, String)>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut done = 0;
    for tag in tags(html) {
        let Tag::Open(open) = tag else { continue };
        if open.name != "img" {
            continue;
        }
        let Some((old, new, value)) = change(&open) else { continue };
        out.push_str(&html[done..open.start]);
        out.push_str("<img");
        for (name, kept) in super::scan::attributes(open.attributes) {
            if name != old && name != new {
                out.push_str(&format!(" {name}=\"{}\"", escape(&kept)));
            }
        }
        out.push_str(&format!(" {new}=\"{}\">", escape(&value)));
        done = open.end;
    }
    out.push_str(&html[done..]);
    out
}
