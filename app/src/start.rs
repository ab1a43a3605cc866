//! How a page comes to life in the browser.

use leptos::mount::hydrate_body;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use crate::{App, browser, part};

/// Brings the page that the server drew to life, once all that it was drawn with is there.
///
/// # Errors
/// A part of the program did not come; the page stays as it is.
pub async fn start() -> Result<(), SplitLoaderError> {
    part::load_for(&window().location().pathname().unwrap_or_default()).await?;
    // Not `hydrate_lazy`: all is there, and what only that one needs is cut off (`xtask/src/site/snip.rs`).
    hydrate_body(App);
    // Effects that were just made have run before whoever looks learns that the page is alive.
    leptos::task::tick().await;
    browser::set_root_attribute("data-alive", Some(""));
    Ok(())
}
