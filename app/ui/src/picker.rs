//! Choosing from a list that is searched: `PickList`, `Combobox`.

use leptos::{ev::KeyboardEvent, html, prelude::*, text_prop::TextProp};

use crate::{Avatar, AvatarSize, ChannelGlyph, Choice, Dot, Glyph, Icon, Mark, Popover, Size, field};

/// A search field and the choices it leaves; put it into a `Popover`. Arrows move, Enter picks.
#[component]
pub fn PickList(
    /// Id, unique on the page.
    #[prop(into)]
    id: String,
    /// What can be picked.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Values picked; they carry a check mark.
    #[prop(into)]
    picked: Signal<Vec<String>>,
    /// What the list is; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Prompt of the search field.
    #[prop(into)]
    search_label: TextProp,
    /// Said when nothing is left.
    #[prop(into)]
    empty: TextProp,
    /// Called with the value of the choice pressed.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let left = Memo::new(move |_| options.with(|options| matching(options, &search.read())));
    let list = NodeRef::<html::Div>::new();
    let option_id = {
        let id = StoredValue::new(id.clone());
        move |index: usize| id.with_value(|id| [id, "-", &index.to_string()].concat())
    };
    // Keeps the marked choice in sight.
    Effect::new(move |_| {
        let index = at.get();
        let Some(list) = list.get() else { return };
        if let Some(option) = list.get_elements_by_class_name("pick-option").item(u32::try_from(index).unwrap_or(0)) {
            scroll_into(&list, &option);
        }
    });
    let pick = move |index: usize| {
        if let Some(choice) = left.with(|left| left.get(index).cloned()).filter(|choice| !choice.disabled) {
            on_pick.run(choice.value);
        }
    };
    let press_key = move |event: KeyboardEvent| {
        let count = left.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" if !event.is_composing() => pick(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(index, choice): (usize, Choice)| {
        let is_picked = {
            let value = choice.value.clone();
            Memo::new(move |_| picked.with(|picked| picked.contains(&value)))
        };
        let is_disabled = choice.disabled;
        view! {
            <div
                class="pick-option"
                id=option_id(index)
                role="option"
                class:is-active=move || at.get() == index
                aria-selected=move || if is_picked.get() { "true" } else { "false" }
                aria-disabled=is_disabled.then_some("true")
                on:mousemove=move |_| {
                    if at.get_untracked() != index {
                        at.set(index);
                    }
                }
                on:click=move |_| pick(index)
            >
                <ChoiceFace choice/>
                {move || is_picked.get().then(|| view! { <Glyph icon=Icon::Check/> })}
            </div>
        }
    };
    view! {
        <div class="pick-list">
            <div class="pick-search">
                <Glyph icon=Icon::Search/>
                <input
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    data-autofocus="true"
                    aria-expanded="true"
                    aria-controls=id.clone()
                    aria-activedescendant=move || option_id(at.get())
                    aria-label={
                        let search_label = search_label.clone();
                        move || search_label.get()
                    }
                    placeholder=move || search_label.get()
                    on:input:target=move |event| {
                        at.set(0);
                        search.set(event.target().value());
                    }
                    on:keydown=press_key
                />
            </div>
            <div class="pick-options" id=id role="listbox" aria-label=move || label.get() node_ref=list>
                {move || left.get().into_iter().enumerate().map(option).collect_view()}
            </div>
            <p class="pick-empty" hidden=move || !left.read().is_empty()>
                {move || empty.get()}
            </p>
        </div>
    }
    .into_any()
}

/// Mark, words and second line of a choice.
#[component]
pub fn ChoiceFace(
    /// The choice.
    choice: Choice,
) -> impl IntoView {
    let mark = match choice.mark {
        Mark::None => ().into_any(),
        Mark::Icon(icon) => view! { <Glyph icon/> }.into_any(),
        Mark::Dot(colour) => view! { <Dot colour/> }.into_any(),
        Mark::Channel(channel) => view! { <ChannelGlyph channel/> }.into_any(),
        Mark::Face { picture, presence } => {
            let name = choice.face_of.unwrap_or_else(|| choice.label.clone());
            view! { <Avatar name picture presence size=AvatarSize::Small/> }.into_any()
        }
    };
    view! {
        {mark}
        <span class="choice-words">
            <span class="truncate">{choice.label}</span>
            {choice.detail.map(|detail| view! { <span class="choice-detail truncate">{detail}</span> })}
        </span>
    }
    .into_any()
}

/// A field that opens a searched list. Several values with `many`.
#[component]
pub fn Combobox(
    /// Id of the list, unique on the page.
    #[prop(into)]
    id: String,
    /// Values chosen, at most one unless `many`; kept in step both ways.
    value: RwSignal<Vec<String>>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Shown while nothing is chosen.
    #[prop(into)]
    placeholder: TextProp,
    /// What the list is; read aloud.
    #[prop(into)]
    label: TextProp,
    /// Prompt of the search field.
    #[prop(into)]
    search_label: TextProp,
    /// Said when nothing is left.
    #[prop(into)]
    empty: TextProp,
    /// Several values: the list stays open and picking again takes away.
    #[prop(optional)]
    many: bool,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with the values after each change.
    #[prop(optional, into)]
    on_change: Option<Callback<Vec<String>>>,
) -> impl IntoView {
    let scope = field::scope();
    let described_by = scope.as_ref().map(|scope| scope.described_by);
    let invalid = scope.as_ref().map(|scope| scope.invalid);
    let open = RwSignal::new(false);
    let pick = move |picked: String| {
        value.update(|value| toggle(value, picked, many));
        if !many {
            open.set(false);
        }
        if let Some(on_change) = on_change {
            on_change.run(value.get_untracked());
        }
    };
    let chosen = Memo::new(move |_| {
        let value = value.read();
        options
            .with(|options| options.iter().filter(|choice| value.contains(&choice.value)).cloned().collect::<Vec<_>>())
    });
    let face = move || match chosen.get() {
        chosen if chosen.is_empty() => {
            view! { <span class="combobox-placeholder truncate">{placeholder.get()}</span> }.into_any()
        }
        mut chosen if chosen.len() == 1 => {
            let choice = Choice { detail: None, ..chosen.remove(0) };
            view! { <ChoiceFace choice/> }.into_any()
        }
        chosen => {
            let names = chosen.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(", ");
            view! { <span class="choice-words truncate">{names}</span> }.into_any()
        }
    };
    let list_id = [&id, "-list"].concat();
    let texts = StoredValue::new((label, search_label, empty));
    view! {
        <button
            type="button"
            class=["combobox ", size.class()].concat()
            id=scope.map(|scope| scope.id)
            popovertarget=id.clone()
            aria-haspopup="dialog"
            aria-label=move || {
                let names = chosen.with(|chosen| chosen.iter().map(|choice| choice.label.clone()).collect::<Vec<_>>().join(", "));
                [&texts.with_value(|texts| texts.0.get()), ": ", &names].concat()
            }
            aria-describedby=move || described_by.and_then(|described_by| described_by.get())
            aria-invalid=move || invalid.is_some_and(|invalid| invalid.get()).then_some("true")
            disabled=disabled
        >
            {face}
            <Glyph icon=Icon::ChevronsUpDown/>
        </button>
        <Popover id label=move || texts.with_value(|texts| texts.0.get()) open class="is-list">
            <PickList
                id=list_id.clone()
                options
                picked=value
                label=move || texts.with_value(|texts| texts.0.get())
                search_label=move || texts.with_value(|texts| texts.1.get())
                empty=move || texts.with_value(|texts| texts.2.get())
                on_pick=pick
            />
        </Popover>
    }
    .into_any()
}

fn toggle(value: &mut Vec<String>, picked: String, many: bool) {
    if !many {
        *value = vec![picked];
        return;
    }
    match value.iter().position(|known| *known == picked) {
        Some(index) => {
            value.remove(index);
        }
        None => value.push(picked),
    }
}

/// Choices whose words hold every word searched for, whatever the accents and capitals.
fn matching(options: &[Choice], search: &str) -> Vec<Choice> {
    let words = search.split_whitespace().map(fold_accents).collect::<Vec<_>>();
    let is_match = |choice: &&Choice| {
        let text = fold_accents(&[&choice.label, " ", choice.detail.as_deref().unwrap_or_default()].concat());
        words.iter().all(|word| text.contains(word.as_str()))
    };
    options.iter().filter(is_match).cloned().collect()
}

/// Lower case without the accents of Portuguese, Spanish and French.
#[must_use]
pub fn fold_accents(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// Scrolls a list so that one of its options can be seen.
pub fn scroll_into(list: &web_sys::Element, option: &web_sys::Element) {
    let (inside, outside) = (crate::browser::edges(option), crate::browser::edges(list));
    #[expect(clippy::cast_possible_truncation, reason = "window coordinates")]
    let by = if inside.top < outside.top {
        (inside.top - outside.top) as i32
    } else if inside.bottom > outside.bottom {
        (inside.bottom - outside.bottom) as i32
    } else {
        0
    };
    if by != 0 {
        list.set_scroll_top(list.scroll_top() + by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_ignores_accents_capitals_and_order() {
        let options = [Choice::new("1", "João Conceição").detail("Vendas"), Choice::new("2", "Ana")];
        let found =
            |search: &str| matching(&options, search).iter().map(|choice| choice.value.clone()).collect::<Vec<_>>();
        assert_eq!(found("conceicao JOAO"), ["1"]);
        assert_eq!(found("vendas"), ["1"]);
        assert_eq!(found(""), ["1", "2"]);
        assert!(found("ana maria").is_empty());
    }

    #[test]
    fn picking_replaces_or_toggles() {
        let mut value = vec!["a".to_owned()];
        toggle(&mut value, "b".into(), false);
        assert_eq!(value, ["b"]);
        toggle(&mut value, "c".into(), true);
        toggle(&mut value, "b".into(), true);
        assert_eq!(value, ["c"]);
    }
}
