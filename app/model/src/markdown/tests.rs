use super::{Block, Inline, parse, plain};

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn one(source: &str) -> Vec<Inline> {
    let mut blocks = parse(source);
    assert_eq!(blocks.len(), 1, "{source}: {blocks:?}");
    match blocks.remove(0) {
        Block::Paragraph(content) => content,
        other => panic!("{source}: {other:?}"),
    }
}

#[test]
fn marks_are_read() {
    assert_eq!(
        one("a **b** *c* _d_ ~~e~~ `f`"),
        vec![
            text("a "),
            Inline::Strong(vec![text("b")]),
            text(" "),
            Inline::Emphasis(vec![text("c")]),
            text(" "),
            Inline::Emphasis(vec![text("d")]),
            text(" "),
            Inline::Strike(vec![text("e")]),
            text(" "),
            Inline::Code("f".into()),
        ]
    );
    assert_eq!(one("***x***"), vec![Inline::Strong(vec![Inline::Emphasis(vec![text("x")])])]);
    assert_eq!(
        one("**a *b* c**"),
        vec![Inline::Strong(vec![text("a "), Inline::Emphasis(vec![text("b")]), text(" c")])]
    );
    assert_eq!(one("un**frigging**real"), vec![text("un"), Inline::Strong(vec![text("frigging")]), text("real")]);
}

#[test]
fn what_is_no_mark_stays_text() {
    for source in [
        "2 * 3 * 4",
        "5*3*2",
        "snake_case_name",
        "**open",
        "a ~ b",
        "~5 ~6",
        "****",
        "* ",
        "\u{1f600} *",
        "[x]",
        "[x](",
        "![",
        "`a",
        "``a`",
    ] {
        let content = parse(source);
        assert_eq!(plain(source).trim(), source.trim(), "{content:?}");
        assert!(!format!("{content:?}").contains("Strong"), "{content:?}");
        assert!(!format!("{content:?}").contains("Emphasis"), "{content:?}");
    }
    assert_eq!(one(r"\*not\*"), vec![text("*not*")]);
}

#[test]
fn lines_lists_and_code_make_blocks() {
    assert_eq!(one("a\nb"), vec![text("a"), Inline::Break, text("b")]);
    assert_eq!(
        parse("Hi\n- **one**\n- two\n\n```rust\nlet a = *b;\n```\nend"),
        vec![
            Block::Paragraph(vec![text("Hi")]),
            Block::List(None, vec![vec![Inline::Strong(vec![text("one")])], vec![text("two")]]),
            Block::Code("let a = *b;".into()),
            Block::Paragraph(vec![text("end")]),
        ]
    );
    assert_eq!(parse("3. a\n4. b"), vec![Block::List(Some(3), vec![vec![text("a")], vec![text("b")]])]);
    assert_eq!(parse("> a\n> b"), vec![Block::Quote(vec![text("a"), Inline::Break, text("b")])]);
    assert_eq!(parse("```\nopen"), vec![Block::Code("open".into())]);
}

#[test]
fn links_and_images_have_harmless_addresses() {
    assert_eq!(
        one("[a *b*](https://x.y/z)"),
        vec![Inline::Link("https://x.y/z".into(), vec![text("a "), Inline::Emphasis(vec![text("b")])])]
    );
    assert_eq!(one("![cat](https://x.y/c.png)"), vec![Inline::Image("https://x.y/c.png".into(), "cat".into())]);
    assert_eq!(one("![cat](cid:cat.png)"), vec![Inline::Own("cat.png".into(), "cat".into())]);
    assert_eq!(one("![cat](cid:)"), vec![text("![cat](cid:)")]);
    assert_eq!(one("[cat](cid:cat.png)"), vec![text("[cat](cid:cat.png)")]);
    assert_eq!(one("[a](example.com/b)"), vec![Inline::Link("https://example.com/b".into(), vec![text("a")])]);
    assert_eq!(one("[a](https://x.y/(b)?c \"t\")"), vec![Inline::Link("https://x.y/(b)?c".into(), vec![text("a")])]);
    for source in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "![a](data:image/svg+xml,x)",
        "[a](vbscript:x)",
        "[a](/relative)",
        "[a](//evil.example)",
        "[a](java\nscript:x)",
        "[a]( )",
    ] {
        let content = format!("{:?}", parse(source));
        assert!(!content.contains("Link(") && !content.contains("Image("), "{content}");
    }
}

#[test]
fn addresses_by_themselves_become_links() {
    assert_eq!(
        one("see https://x.y/a_b_c(d), or www.x.y."),
        vec![
            text("see "),
            Inline::Link("https://x.y/a_b_c(d)".into(), vec![text("https://x.y/a_b_c(d)")]),
            text(", or "),
            Inline::Link("https://www.x.y".into(), vec![text("www.x.y")]),
            text("."),
        ]
    );
    assert_eq!(
        one("(https://x.y)"),
        vec![text("("), Inline::Link("https://x.y".into(), vec![text("https://x.y")]), text(")")]
    );
    assert_eq!(one("https://"), vec![text("https://")]);
    assert_eq!(one("xhttps://a.b"), vec![text("xhttps://a.b")]);
}

#[test]
fn markup_is_only_text() {
    for source in [
        "<script>alert(1)</script>",
        "<!-- x --><svg onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:x\">y</a>",
    ] {
        assert_eq!(one(source), vec![text(source)]);
    }
}

#[test]
fn hostile_input_is_read_in_linear_time() {
    let started = std::time::Instant::now();
    for pattern in [
        "*",
        "**a ",
        "_a ",
        "[",
        "![",
        "`",
        "[a](",
        "~~",
        "` `` ",
        "a*b_c~",
        "> ",
        "- ",
        "(",
        "https://",
        "*[",
        "[x](http://a ",
        "[x](http://a \"",
    ] {
        let source = pattern.repeat(200_000 / pattern.len());
        drop(parse(&source));
        drop(plain(&source));
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
