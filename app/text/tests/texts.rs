//! The generated functions, as callers see them.

use text::{Lang, common};

#[test]
fn texts_come_in_every_language() {
    assert_eq!(common::save(Lang::En), "Save");
    assert_eq!(common::save(Lang::PtBr), "Salvar");
    assert_eq!(common::state::sending(Lang::PtBr), "Enviando…");
    assert_eq!(common::r#continue(Lang::PtBr), "Continuar");
}

#[test]
fn values_are_put_into_their_places() {
    assert_eq!(common::type_to_confirm(Lang::PtBr, "Vendas"), "Digite Vendas para confirmar");
}

#[test]
fn counts_choose_the_form_and_are_grouped() {
    assert_eq!(common::items(Lang::En, 0), "0 items");
    assert_eq!(common::items(Lang::PtBr, 0), "0 itens");
    assert_eq!(common::items(Lang::En, 1), "1 item");
    assert_eq!(common::items(Lang::PtBr, 1_500), "1.500 itens");
}

#[test]
fn keys_known_at_run_time_are_found() {
    assert_eq!(common::by_key(Lang::PtBr, "state.read"), Some("Lido"));
    assert_eq!(common::by_key(Lang::En, "type_to_confirm"), None);
    assert_eq!(common::by_key(Lang::En, "nonsense"), None);
}
