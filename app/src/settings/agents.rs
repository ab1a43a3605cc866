//! Colleagues: inviting them, their roles, and letting them go.

use leptos::prelude::*;
use model::agent::Agent;
use model::{Role, UserId};
use text::Lang;
use ui::{
    Avatar, AvatarSize, Badge, Banner, Button, Choice, Column, CopyField, Dialog, DialogBody, DialogFooter, Field,
    FormSection, Icon, IconButton, InputKind, RadioGroup, RelativeTime, Table, TextInput, TimeStyle, Tone, Variant,
    use_toasts,
};

use super::part::{Confirm, Fault, Page, SearchField, matches, on_done};
use crate::agent::calls::{self, AgentInput};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::layout::presence;

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Editing {
    is_open: RwSignal<bool>,
    /// `None`: somebody to be invited.
    agent: RwSignal<Option<Agent>>,
    is_removing: RwSignal<bool>,
    /// Rises when mail may have been kept.
    mails: RwSignal<u32>,
}

/// The account's people, with all that can be done to them.
#[component]
pub fn Agents() -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let editing = Editing {
        is_open: RwSignal::new(false),
        agent: RwSignal::new(None),
        is_removing: RwSignal::new(false),
        mails: RwSignal::new(0),
    };
    let add = move || {
        editing.agent.set(None);
        editing.is_open.set(true);
    };
    let search = RwSignal::new(String::new());
    let rows = move || {
        let search = search.read();
        let agents = workplace.lists.with(|lists| lists.agents.clone());
        let found = agents.into_iter().filter(|agent| matches(&search, &[&agent.name, " ", &agent.email].concat()));
        found.map(|agent| view! { <Row workplace agent editing/> }).collect_view()
    };
    let columns = vec![
        Column::new(t::person(lang)),
        Column::new(t::role_label(lang)),
        Column::quiet(text::common::more_actions(lang)),
    ];
    view! {
        <Page
            title=t::title(lang).to_owned()
            text=t::text(lang)
            wide=true
            actions=move || {
                view! {
                    <Button variant=Variant::Primary icon=Icon::UserPlus on_click=move |_| add()>
                        {t::invite(lang)}
                    </Button>
                }
            }
        >
            <SearchField value=search label=t::search(lang)/>
            <Table label=t::title(lang) columns>
                {rows}
            </Table>
            <KeptMails workplace editing/>
            <Edit workplace editing/>
            <Remove workplace editing/>
        </Page>
    }
    .into_any()
}

/// What a role is called.
#[must_use]
pub fn role_words(lang: Lang, role: Role) -> &'static str {
    text::agent::by_key(lang, &["role.", role.as_str()].concat()).unwrap_or_default()
}

#[component]
fn Row(workplace: WorkplaceContext, agent: Agent, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let own = StoredValue::new(agent.clone());
    let edit = move |_| {
        editing.agent.set(Some(own.get_value()));
        editing.is_open.set(true);
    };
    let remove = move |_| {
        editing.agent.set(Some(own.get_value()));
        editing.is_removing.set(true);
    };
    let toasts = use_toasts();
    let invite = Action::new(move |id: &UserId| calls::invite_again(workplace.account_id, *id));
    let outcome = invite.value();
    Effect::new(move |_| match outcome.get() {
        Some(Ok(())) => {
            toasts.done(t::invited_again(lang));
            editing.mails.update(|mails| *mails += 1);
        }
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    let id = agent.id;
    let is_me = id == workplace.user_id;
    let dot = agent.confirmed.then(|| presence(agent.availability));
    let state = if is_me {
        Some(view! { <Badge>{t::you(lang)}</Badge> }.into_any())
    } else if agent.confirmed {
        None
    } else {
        Some(view! { <Badge tone=Tone::Warning>{t::invited(lang)}</Badge> }.into_any())
    };
    view! {
        <tr>
            <td>
                <span class="table-who">
                    <Avatar name=agent.name.clone() picture=agent.avatar_url size=AvatarSize::Medium presence=dot/>
                    <span class="table-two">
                        <b class="truncate">{agent.name} {state}</b>
                        <span class="truncate">{agent.email}</span>
                    </span>
                </span>
            </td>
            <td class="is-muted">{role_words(lang, agent.role)}</td>
            <td class="is-actions">
                {(!agent.confirmed)
                    .then(|| {
                        view! {
                            <IconButton
                                icon=Icon::Send
                                label=t::invite_again(lang)
                                disabled=invite.pending()
                                on_click=move |_| {
                                    invite.dispatch(id);
                                }
                            />
                        }
                    })}
                <IconButton icon=Icon::Edit label=text::common::edit(lang) on_click=edit/>
                <IconButton icon=Icon::Trash label=text::common::remove(lang) disabled=is_me on_click=remove/>
            </td>
        </tr>
    }
}

#[component]
fn Edit(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(Role::Agent.as_str().to_owned());
    let id = Memo::new(move |_| editing.agent.with(|agent| agent.as_ref().map(|agent| agent.id)));
    let save = Action::new(move |input: &AgentInput| {
        let (account, id, input) = (workplace.account_id, id.get_untracked(), input.clone());
        async move {
            match id {
                Some(id) => calls::update(account, id, input.name, input.role).await,
                None => calls::add(account, input).await,
            }
        }
    });
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |agent| {
            editing.is_open.set(false);
            let words = if id.get_untracked().is_some() {
                text::common::state::saved(lang).to_owned()
            } else {
                t::invitation_sent(lang, &agent.email)
            };
            toasts.done(words);
            editing.mails.update(|mails| *mails += 1);
            workplace.refresh();
        },
    );
    Effect::new(move |_| {
        if !editing.is_open.get() {
            return;
        }
        save.clear();
        let agent = editing.agent.get_untracked();
        name.set(agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default());
        email.set(agent.as_ref().map(|agent| agent.email.clone()).unwrap_or_default());
        role.set(agent.map_or(Role::Agent, |agent| agent.role).as_str().to_owned());
    });
    let submit = move || {
        save.dispatch(AgentInput {
            name: name.get_untracked(),
            email: email.get_untracked(),
            role: role.with_untracked(|role| role.parse().unwrap_or(Role::Agent)),
        });
    };
    let roles = move || {
        let help = |role: Role| text::agent::by_key(lang, &["role_help.", role.as_str()].concat()).unwrap_or_default();
        Role::ALL
            .iter()
            .map(|role| Choice::new(role.as_str(), role_words(lang, *role)).detail(help(*role)))
            .collect::<Vec<_>>()
    };
    let heading = move || if id.get().is_some() { t::edit(lang) } else { t::invite(lang) };
    let button = move || if id.get().is_some() { text::common::save(lang) } else { t::send_invitation(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["name", "email", "role"])/>
                    <Show when=move || id.get().is_none()>
                        <Field id="agent-email" label=text::session::email(lang) required=true error=faults.at("email")>
                            <TextInput value=email kind=InputKind::Email autofocus=true autocomplete="off" on_enter=submit/>
                        </Field>
                    </Show>
                    <Field id="agent-name" label=t::name(lang) error=faults.at("name")>
                        <TextInput value=name autocomplete="off" max=120_u32 on_enter=submit/>
                    </Field>
                    <Fault words=faults.at("role")/>
                    <RadioGroup value=role name="role" label=t::role_label(lang) options=roles()/>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| editing.is_open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {button}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

#[component]
fn Remove(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let remove = Action::new(move |id: &UserId| calls::remove(workplace.account_id, *id));
    let outcome = remove.value();
    let faults = Faults::of(move || outcome.get());
    on_done(
        move || outcome.get(),
        move |()| {
            editing.is_removing.set(false);
            workplace.refresh();
        },
    );
    let title = move || {
        let name = editing.agent.with(|agent| agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default());
        t::remove_title(lang, &name)
    };
    let confirm = move || {
        if let Some(agent) = editing.agent.get_untracked() {
            remove.dispatch(agent.id);
        }
    };
    view! {
        <Confirm
            open=editing.is_removing
            title=Signal::derive(title)
            text=t::remove_text(lang)
            confirm_label=text::common::remove(lang)
            busy=remove.pending()
            fault=faults.beside(&[])
            on_confirm=confirm
        />
    }
}

/// Mail that could not be sent because no mail server is set up: its links, to be passed on by hand.
#[component]
fn KeptMails(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let mails = Resource::new(move || editing.mails.get(), move |_| calls::kept_mails(workplace.account_id));
    let mail = move |mail: model::session::KeptMail| {
        let link = mail.body.lines().find(|line| line.starts_with("http")).unwrap_or_default().to_owned();
        view! {
            <li class="kept-mail">
                <p>
                    <b>{mail.to.clone()}</b>
                    " · "
                    {mail.subject}
                    " · "
                    <RelativeTime at=mail.created_at lang style=TimeStyle::Ago/>
                </p>
                <CopyField
                    value=link
                    label=mail.to
                    copy_label=t::copy_link(lang)
                    copied_label=text::common::copied(lang)
                />
            </li>
        }
    };
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let mails = mails.await.unwrap_or_default();
                (!mails.is_empty())
                    .then(|| {
                        view! {
                            <FormSection title=t::kept_title(lang)>
                                <Banner tone=Tone::Warning>{t::kept_text(lang)}</Banner>
                                <ul class="kept-mails">{mails.into_iter().map(mail).collect_view()}</ul>
                            </FormSection>
                        }
                    })
            })}
        </Transition>
    }
}
