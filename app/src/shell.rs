//! The document around the pages.

use axum::http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use text::Lang;
use ui::{Banner, Tone};

use crate::App;
use crate::boot::Boot;
use crate::server::Visit;

/// What is shown when the program did not come as a whole.
const INCOMPLETE: &str = "incomplete";

/// Remembers what is pressed while the page is drawn and not yet alive, and presses it once more when it is: in the same order, each once.
/// Links, forms and popovers work without the program, and what is typed or ticked is taken over by the fields.
const EARLY: &str = "(()=>{let early=[];const keep=e=>{\
    const pressed=e.target.closest('button[type=button]:not([popovertarget]),input[type=radio]');\
    if(pressed)early=[...early.filter(one=>one!=pressed),pressed]};\
    addEventListener('click',keep,true);\
    addEventListener('alive',()=>{removeEventListener('click',keep,true);\
    early.forEach(one=>one.isConnected&&one.click())},{once:true})})()";

/// The whole document. Styles first, then the page, then the program that brings it to life.
pub fn shell() -> impl IntoView {
    let boot = use_context::<Boot>().unwrap_or_default();
    let lang: Lang = boot.lang.parse().unwrap_or_default();
    let asset = |name: &str| use_context::<Visit>().map(|visit| visit.asset(name)).unwrap_or_default();
    let (script, program) = (asset("app.js"), asset("app.wasm"));
    let path = use_context::<Parts>().map(|request| request.uri.path().to_owned()).unwrap_or_default();
    let modules = use_context::<Visit>().map(|visit| visit.modules(&path)).unwrap_or_default();
    // What does not come must not leave a page behind that looks alive and is not.
    let start = format!(
        "import({script:?}).then(async m=>{{await m.default({{module_or_path:{program:?}}});await m.hydrate();dispatchEvent(new Event('alive'))}})\
        .catch(e=>{{console.debug(e);document.getElementById({INCOMPLETE:?}).hidden=false}})"
    );
    view! {
        <!DOCTYPE html>
        <html lang=lang.html() data-theme=boot.theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <script nonce=use_nonce()>{EARLY}</script>
                <link rel="stylesheet" href=asset("app.css")/>
                <link rel="preload" href=asset("fonts/inter-latin.woff2") r#as="font" r#type="font/woff2" crossorigin=""/>
                <link rel="modulepreload" href=script/>
                <link rel="preload" href=program r#as="fetch" r#type="application/wasm" crossorigin=""/>
                {modules
                    .into_iter()
                    .map(|module| {
                        view! { <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin=""/> }
                    })
                    .collect_view()}
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <MetaTags/>
                <script type="module" nonce=use_nonce()>{start}</script>
            </head>
            <body>
                <App/>
                <div id=INCOMPLETE class="incomplete" hidden>
                    <Banner tone=Tone::Danger>
                        {text::common::incomplete(lang)} " " <a class="link" href="">{text::common::reload(lang)}</a>
                    </Banner>
                </div>
            </body>
        </html>
    }
}
