//! Parts of a page: `PageHeader`, `FormSection`, `SaveBar`, `Table`, `CopyField`.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local, text_prop::TextProp};

use crate::{Button, Glyph, Icon, Variant, browser, field};

/// Title of a page, one sentence, and what can be done.
#[component]
pub fn PageHeader(
    /// What the page is.
    #[prop(into)]
    title: TextProp,
    /// One sentence of help.
    #[prop(optional, into)]
    text: Option<TextProp>,
    /// Where the page above is.
    #[prop(optional, into)]
    back: Option<String>,
    /// Name of the page above.
    #[prop(optional, into)]
    back_label: Option<TextProp>,
    /// Buttons, the main one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {back
                .map(|href| {
                    view! {
                        <a class="page-back" href=href>
                            <Glyph icon=Icon::ChevronLeft/>
                            <span>{move || back_label.as_ref().map(TextProp::get)}</span>
                        </a>
                    }
                })}
            <div class="page-heading">
                <h1>{move || title.get()}</h1>
                {text.map(|text| view! { <p>{move || text.get()}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}

/// A group of settings: title, one sentence, fields.
#[component]
pub fn FormSection(
    /// What the group is about.
    #[prop(into)]
    title: TextProp,
    /// One sentence of help.
    #[prop(optional, into)]
    text: Option<TextProp>,
    /// Fields.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="form-section">
            <div class="form-heading">
                <h2>{move || title.get()}</h2>
                {text.map(|text| view! { <p>{move || text.get()}</p> })}
            </div>
            <div class="form-fields">{children()}</div>
        </section>
    }
    .into_any()
}

/// Appears at the end of the page while something is unsaved.
#[component]
pub fn SaveBar(
    /// Something is unsaved.
    #[prop(into)]
    changed: Signal<bool>,
    /// Being saved.
    #[prop(optional, into)]
    saving: Signal<bool>,
    /// What it says ("You have unsaved changes").
    #[prop(into)]
    text: TextProp,
    /// Words of the main button.
    #[prop(into)]
    save_label: TextProp,
    /// Words of the way back.
    #[prop(into)]
    discard_label: TextProp,
    /// Saves; without it the bar's main button sends the form it stands in.
    #[prop(optional, into)]
    on_save: Option<Callback<()>>,
    /// Takes the changes back.
    #[prop(into)]
    on_discard: Callback<()>,
) -> impl IntoView {
    let save = move |_| {
        if let Some(on_save) = on_save {
            on_save.run(());
        }
    };
    view! {
        <div class="save-bar" class:is-shown=changed inert=move || !changed.get() role="status">
            <span class="save-bar-text">{move || text.get()}</span>
            <Button variant=Variant::Ghost on_click=move |_| on_discard.run(())>
                {move || discard_label.get()}
            </Button>
            <Button variant=Variant::Primary loading=saving submit=on_save.is_none() on_click=save>
                {move || save_label.get()}
            </Button>
        </div>
    }
    .into_any()
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub label: TextProp,
    /// Numbers are aligned at their end.
    pub numeric: bool,
    /// The heading is only read aloud (actions, faces).
    pub quiet: bool,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<TextProp>) -> Self {
        Self { label: label.into(), numeric: false, quiet: false }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<TextProp>) -> Self {
        Self { numeric: true, ..Self::new(label) }
    }

    /// A column whose heading is only read aloud.
    pub fn quiet(label: impl Into<TextProp>) -> Self {
        Self { quiet: true, ..Self::new(label) }
    }
}

/// A quiet table: lines between rows and nothing else. Children are `<tr>`s; cells of numbers have the class `is-number`.
#[component]
pub fn Table(
    /// What it lists; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Its columns.
    columns: Vec<Column>,
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let heading = |column: Column| {
        let class = match (column.numeric, column.quiet) {
            (true, _) => "is-number",
            (_, true) => "is-quiet",
            _ => "",
        };
        let words = move || column.label.get();
        view! {
            <th scope="col" class=class>
                <span class=if column.quiet { "visually-hidden" } else { "" }>{words}</span>
            </th>
        }
    };
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=move || label.get()>
            <table class="table">
                <thead>
                    <tr>{columns.into_iter().map(heading).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Text to take away: a token, a script, an address.
#[component]
pub fn CopyField(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// What it is; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Words of the button.
    #[prop(into)]
    copy_label: TextProp,
    /// Its words for a moment after it worked.
    #[prop(into)]
    copied_label: TextProp,
    /// Several lines of code instead of one.
    #[prop(optional)]
    code: bool,
    /// Hidden behind dots until it is looked at: words for "show" and "hide".
    #[prop(optional, into)]
    secret: Option<(String, String)>,
) -> impl IntoView {
    let id = field::scope().map(|scope| scope.id);
    let is_copied = RwSignal::new(false);
    let is_shown = RwSignal::new(secret.is_none());
    let text = NodeRef::<html::Code>::new();
    let copy = move |_| {
        spawn_local(async move {
            if browser::copy(&value.get_untracked()).await {
                is_copied.set(true);
                set_timeout(
                    move || {
                        let _ = is_copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            } else if let Some(text) = text.get_untracked() {
                // Refused (no secure context): the text is marked, so that Ctrl-C takes it.
                is_shown.set(true);
                browser::select(&text);
            }
        });
    };
    let shown = move || if is_shown.get() { value.get() } else { "•".repeat(24) };
    view! {
        <div class="copy-field" class:is-code=code>
            <code class="copy-text" id=id node_ref=text tabindex="0" aria-label=move || label.get()>
                {shown}
            </code>
            {secret
                .map(|(show, hide)| {
                    view! {
                        <Button
                            variant=Variant::Ghost
                            on_click=move |_| is_shown.update(|is_shown| *is_shown = !*is_shown)
                        >
                            {move || if is_shown.get() { hide.clone() } else { show.clone() }}
                        </Button>
                    }
                })}
            <Button on_click=copy class="copy-button">
                <span class="copy-state" class:is-copied=is_copied aria-live="polite">
                    {move || view! { <Glyph icon=if is_copied.get() { Icon::Check } else { Icon::Copy }/> }}
                    <span>{move || if is_copied.get() { copied_label.get() } else { copy_label.get() }}</span>
                </span>
            </Button>
        </div>
    }
    .into_any()
}
