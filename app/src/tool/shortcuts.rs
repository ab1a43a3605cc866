//! All shortcuts on one sheet, from the table that the keys work by.

use leptos::prelude::*;
use text::command as t;
use ui::{Dialog, DialogBody, DialogSize};

use super::{Tool, Tools};
use crate::boot::use_lang;
use crate::command::{Entry, Group, TABLE, shown};
use crate::device;

/// The sheet.
#[component]
pub fn Shortcuts(tools: Tools) -> impl IntoView {
    let lang = use_lang();
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            tools.closed(|tool| *tool == Tool::Shortcuts);
        }
    });
    let is_apple = device::is_apple();
    let keys = move |entry: &'static Entry| {
        let one = move |keys: &'static str| {
            view! { <span class="kbd">{shown(keys, is_apple).into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</span> }
        };
        entry.keys.iter().copied().map(one).collect_view()
    };
    let group = move |group: Group| {
        let entries = TABLE.iter().filter(move |entry| entry.group == group && !entry.keys.is_empty());
        view! {
            <section class="shortcut-group">
                <h3>{group.name(lang)}</h3>
                <dl>
                    {entries
                        .map(|entry| {
                            view! {
                                <div class="shortcut">
                                    <dt>{entry.name(lang)}</dt>
                                    <dd>{keys(entry)}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </section>
        }
    };
    view! {
        <Dialog open title=t::title(lang) size=DialogSize::Large close_label=text::common::close(lang)>
            <DialogBody>
                <div class="shortcuts">{Group::ALL.map(group).collect_view()}</div>
            </DialogBody>
        </Dialog>
    }
    .into_any()
}
