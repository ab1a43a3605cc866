//! What the primitives promise about their markup, seen from the server's side.
#![cfg(feature = "ssr")]

use leptos::prelude::*;
use ui::*;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn a_textarea_never_has_children() {
    let html = html(|| {
        let value = RwSignal::new("</textarea><script>alert(1)</script>".to_owned());
        view! { <TextArea value label="Text"/> }.into_any()
    });
    assert!(html.contains("></textarea>") && !html.contains("script"), "{html}");
}

#[test]
fn text_and_attributes_are_escaped() {
    let html = html(|| {
        view! {
            <TextInput value=RwSignal::new("\"><b>".to_owned())/>
            <Label name="<b>" colour="\"><b>"/>
            <Avatar name="<b>" picture=Some("\"><b>".to_owned()) hint=true/>
        }
        .into_any()
    });
    assert!(!html.contains("<b>"), "{html}");
}

#[test]
fn a_field_names_describes_and_marks_its_control() {
    let html = html(|| {
        view! {
            <Field id="mail" label="E-mail" hint="Work address" error=Some("Wrong".to_owned()) required=true>
                <TextInput value=RwSignal::new(String::new())/>
            </Field>
        }
        .into_any()
    });
    for part in ["for=\"mail\"", "id=\"mail\"", "aria-describedby=\"mail-error\"", "aria-invalid=\"true\"", " required"]
    {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn fields_do_not_lend_their_scope_to_neighbours() {
    let html = html(|| {
        view! {
            <Field id="first" label="First">
                <TextInput value=RwSignal::new(String::new())/>
            </Field>
            <TextInput value=RwSignal::new(String::new()) label="Second"/>
        }
        .into_any()
    });
    assert_eq!(html.matches("id=\"first\"").count(), 1, "{html}");
}

#[test]
fn an_icon_button_is_named_and_hinted() {
    let html = html(|| view! { <IconButton icon=Icon::Attach label="Attach" shortcut="A"/> }.into_any());
    assert!(html.contains("aria-label=\"Attach\"") && html.contains("data-hint=\"Attach  A\""), "{html}");
}

#[test]
fn what_floats_draws_its_content_only_while_open() {
    let closed = html(|| {
        view! {
            <Menu id="menu" label="Menu"><MenuItem label="Inside"/></Menu>
            <Dialog open=RwSignal::new(false) title="Title" close_label="Close"><p>"Inside"</p></Dialog>
        }
        .into_any()
    });
    assert!(!closed.contains("Inside"), "{closed}");
}

#[test]
fn nothing_carries_a_style_attribute() {
    // The content security policy refuses them; colours from data go into SVG.
    let html = html(|| {
        view! {
            <ColourField value=RwSignal::new("#123456".to_owned()) label="Colour" presets=&["#abcdef"]/>
            <Label name="vip" colour="#7c3aed"/>
            <ProgressBar percent=Some(40) label="Importing"/>
            <Skeleton label="Loading"/>
        }
        .into_any()
    });
    assert!(!html.contains("style="), "{html}");
}
