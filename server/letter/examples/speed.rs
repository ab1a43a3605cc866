//! How many mails of 20 KB are understood in a second, on one core: `cargo run --release -p letter --example speed`.
#![allow(clippy::print_stdout, reason = "it prints a figure")]

use std::time::{Duration, Instant};

use letter::{Incoming, Own};

/// An answer of ordinary shape: both forms, a quotation, a picture, a small file; 20 KB in all.
fn mail(number: usize) -> Vec<u8> {
    let said = "<p style=\"margin: 0\"><span style=\"color: #333333\">Olá, gostaria de saber do meu pedido e da entrega.</span></p>\r\n";
    let quoted = "<div>Olá, seu pedido saiu hoje.<br>Agradecemos a <b>preferência</b>.</div>\r\n";
    let file = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\r\n";
    format!(
        "From: =?utf-8?Q?Ana_Concei=C3=A7=C3=A3o?= <ana{number}@cliente.example>\r\nTo: Loja <suporte@loja.example>\r\nSubject: Re: Pedido {number}\r\n\
        Date: Sat, 21 Nov 2026 10:00:00 -0300\r\nMessage-ID: <{number}@cliente.example>\r\nIn-Reply-To: <q{number}@loja.example>\r\n\
        References: <a{number}@x> <q{number}@loja.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
        --a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nEm 21/11/2026, Loja escreveu:\r\n{quote}\r\n\
        --a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{said}<div class=\"gmail_quote\"><div class=\"gmail_attr\">Em 21/11/2026, \
        Loja escreveu:</div><blockquote>{quoted}</blockquote></div></body></html>\r\n--a--\r\n\
        --m\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}--m--\r\n",
        text = "Olá, gostaria de saber do meu pedido.\r\n".repeat(40),
        quote = "> Olá, seu pedido saiu hoje.\r\n".repeat(30),
        said = said.repeat(60),
        quoted = quoted.repeat(40),
        file = file.repeat(90),
    )
    .into_bytes()
}

fn main() {
    let mails: Vec<_> = (0..100).map(mail).collect();
    let own = Own { addresses: &["suporte@loja.example"], loop_mark: None };
    let size = mails.iter().map(Vec::len).sum::<usize>() / mails.len();
    let (begin, mut count, mut slowest) = (Instant::now(), 0_u32, Duration::ZERO);
    while begin.elapsed() < Duration::from_secs(5) {
        for mail in &mails {
            let one = Instant::now();
            let read = Incoming::read(mail, own);
            slowest = slowest.max(one.elapsed());
            count += 1;
            assert!(read.body.quoted_html.is_some() && read.files.len() == 1);
        }
    }
    println!(
        "{:.0} mails of {size} bytes per second on one core, the slowest {slowest:?}",
        f64::from(count) / begin.elapsed().as_secs_f64()
    );
    for (name, html) in
        [("nested", "<div>".repeat(400_000)), ("formats", "<b><p>".repeat(300_000)), ("lines", "a<br>".repeat(400_000))]
    {
        let one = Instant::now();
        let raw = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{html}");
        let read = Incoming::read(raw.as_bytes(), own);
        println!("hostile {name}, {} bytes: {:?}, {} bytes of text", raw.len(), one.elapsed(), read.body.text.len());
    }
}
