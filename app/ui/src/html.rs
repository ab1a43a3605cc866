//! The only place where text becomes markup.

use leptos::prelude::*;

/// HTML made and sanitised by our own server. Never build one from anything a browser holds or a person typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// Takes HTML as the server sent it, where the sanitiser has already been over it.
    #[must_use]
    pub fn from_server(html: String) -> Self {
        Self(html)
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Draws sanitised HTML (message texts, notes) with the type of running text.
#[component]
pub fn RichText(
    /// What to draw.
    #[prop(into)]
    html: Signal<SafeHtml>,
) -> impl IntoView {
    view! { <div class="rich-text" dir="auto" inner_html=move || html.get().0></div> }.into_any()
}
