use super::split_text;
use super::words::{is_attribution, is_forward, is_header_block, is_original};

#[test]
fn attributions_of_many_languages() {
    let known = [
        "On Sat, Nov 21, 2026 at 9:00 AM Ana <ana@x.example> wrote:",
        "On 21/11/2026 09:00, Ana wrote:",
        "Em sáb., 21 de nov. de 2026 às 09:00, Ana <ana@x.example> escreveu:",
        "Em 21 de nov. de 2026, à(s) 09:00, Ana escreveu:",
        "No dia 21/11/2026, às 09:00, Ana escreveu:",
        "El sáb, 21 nov 2026 a las 9:00, Ana (<ana@x.example>) escribió:",
        "Le sam. 21 nov. 2026 à 09:00, Ana <ana@x.example> a écrit :",
        "Am Sa., 21. Nov. 2026 um 09:00 Uhr schrieb Ana <ana@x.example>:",
        "Ana schrieb am 21.11.2026 um 09:00:",
        "Il giorno sab 21 nov 2026 alle ore 09:00 Ana ha scritto:",
        "Op za 21 nov. 2026 om 09:00 schreef Ana <ana@x.example>:",
        "sob., 21 lis 2026 o 09:00 Ana <ana@x.example> napisał(a):",
        "Den lör 21 nov. 2026 kl 09:00 skrev Ana <ana@x.example>:",
        "la 21. marrask. 2026 klo 9.00 Ana kirjoitti:",
        "21 нояб. 2026 г., в 09:00, Ana написал(а):",
        "2026年11月21日(土) 9:00 Ana <ana@x.example>のメール:",
        "在 2026年11月21日,09:00,Ana 写道:",
        "21 Kas 2026 Cmt, 09:00 tarihinde Ana şunu yazdı:",
    ];
    let unknown: Vec<_> = known.into_iter().filter(|line| !is_attribution(line)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for sentence in ["She wrote:", "On the way I wrote: nothing", "Em 2025 ela escreveu que sim", "Preço: 10 reais:"] {
        assert!(!is_attribution(sentence), "{sentence}");
    }
}

#[test]
fn originals_forwards_and_headers() {
    for line in [
        "-----Original Message-----",
        "-----Mensagem Original-----",
        "---- Ursprüngliche Nachricht ----",
        "----- Message d'origine -----",
    ] {
        assert!(is_original(line), "{line}");
    }
    for line in [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "---------- Mensagem encaminhada ----------",
    ] {
        assert!(is_forward(line), "{line}");
    }
    assert!(!is_forward("The forwarded message is here") && !is_original("Original message"));
    assert!(is_header_block(["*De:* Ana", "*Enviado:* hoje", "*Para:* Rui", "*Assunto:* x"]));
    assert!(is_header_block(["From: Ana", "Date: today", "To: a@b", "c@d", "Subject: x"]));
    assert!(!is_header_block(["De: Rua A, 10", "Obrigada", "Ana"]));
}

#[test]
fn only_what_is_certain_is_folded() {
    let split = |text: &str| split_text(text);
    let all = |text: &str| assert_eq!(split(text), (text.to_owned(), None));
    all("No quotation\n> here");
    all("On Sat, 21 Nov 2026, Ana wrote:\n> a\n\nyes\n\n> b\n\nno");
    all("> only\n> quoted");
    let (written, quoted) = split("> Which?\n> Colour?\n\nBlue.");
    assert_eq!((written.as_str(), quoted.as_deref()), ("Blue.", Some("> Which?\n> Colour?")));
    let (written, quoted) = split("Yes.\n\nOn Sat, 21 Nov 2026,\nAna <a@b.example> wrote:\n\n> a\n>\n> b\n");
    assert_eq!(written, "Yes.");
    assert!(quoted.unwrap().starts_with("On Sat"));
    let (written, quoted) = split("Sim.\n\nEm 21/11/2026 09:00, Ana escreveu:\nTexto sem sinais\nmais");
    assert_eq!((written.as_str(), quoted.unwrap().lines().count()), ("Sim.", 3));
}
