//! The website chat: what a visitor sees inside the frame that `loader/sdk.js` opens, a window of its own or a native
//! web view.
//!
//! `chat` holds what is shown, `outbox` what is to be sent, `cable` what arrives; `host` speaks with the page around us.
//! Every byte counts here: JSON goes through `wire`, requests through `http`, and nothing heavy is linked.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::*;

mod boot;
mod cable;
mod chat;
mod dom;
mod emoji;
mod file;
mod form;
mod host;
mod http;
mod many;
mod message;
mod outbox;
mod page_call;
mod session;
mod storage;
mod thread;
mod view;
mod wire;
mod words;

/// Runs when the module has been loaded.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen(start)]
pub fn start() {
    run();
}

#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "there is no page to run in"))]
fn run() {
    use reactive_graph::owner::Owner;

    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    // Fails only when it has been done before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let boot = boot::Boot::read();
        session::start(&boot);
        cable::begin_at(boot.cursor.clone());
        let chat = chat::Chat::new(boot);
        host::listen(chat);
        view::mount(chat);
        view::watch(chat);
        if let Some(kept) = storage::own().filter(|_| !host::is_framed()) {
            outbox::restore(chat, &kept);
        }
        host::loaded();
        chat.account_for_unseen();
    });
    // What has been built lives as long as the page.
    std::mem::forget(owner);
}
