//! Colleagues: inviting them, their roles and limits, looking through their eyes, and letting them go.

mod edit;

use leptos::prelude::*;
use model::agent::Agent;
use model::{Role, UserId};
use text::Lang;
use ui::{
    Avatar, AvatarSize, Badge, Banner, Button, Column, CopyField, FormSection, Icon, IconButton, Menu, MenuItem,
    MenuSeparator, RelativeTime, Table, TimeStyle, Tone, Variant, use_toasts,
};

use super::part::{Confirm, Page, SearchField, matches, on_done};
use crate::agent::calls;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::layout::{availability_words, presence};
use crate::{browser, place, session};
use edit::Edit;

/// What the dialogs are about.
#[derive(Clone, Copy)]
struct Editing {
    is_open: RwSignal<bool>,
    /// `None`: somebody to be invited.
    agent: RwSignal<Option<Agent>>,
    is_removing: RwSignal<bool>,
    /// About to lose the second step of their sign-in.
    is_resetting: RwSignal<bool>,
    /// Who has a second step. Only administrators learn of it, so it is not among the lists.
    secured: RwSignal<Vec<UserId>>,
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
        is_resetting: RwSignal::new(false),
        secured: RwSignal::new(Vec::new()),
        mails: RwSignal::new(0),
    };
    let add = move || {
        editing.agent.set(None);
        editing.is_open.set(true);
    };
    let secured = crate::json::resource(|| (), move |()| calls::secured(workplace.account_id));
    Effect::new(move |_| {
        if let Some(Ok(users)) = secured.get() {
            editing.secured.set(users);
        }
    });
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
        Column::new(text::layout::availability(lang)),
        Column::number(t::limit(lang)),
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
            <ResetSecondFactor workplace editing/>
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
    let confirmed = agent.confirmed;
    let dot = confirmed.then(|| presence(agent.availability));
    let state = if id == workplace.user_id {
        Some(view! { <Badge>{t::you(lang)}</Badge> }.into_any())
    } else if confirmed {
        None
    } else {
        Some(view! { <Badge tone=Tone::Warning>{t::invited(lang)}</Badge> }.into_any())
    };
    let is_secured = move || editing.secured.read().contains(&id);
    let own_limit = agent.assignment_limit;
    let limit = move || {
        let limit = own_limit.or(workplace.account.read().assignment_limit);
        limit.map_or_else(|| t::no_limit(lang).to_owned(), |limit| text::number::integer(lang, limit))
    };
    view! {
        <tr>
            <td>
                <span class="table-who">
                    <Avatar name=agent.name.clone() picture=agent.avatar_url size=AvatarSize::Medium presence=dot/>
                    <span class="table-two">
                        <b class="truncate">
                            {agent.name} {state}
                            <Show when=is_secured>
                                <Badge tone=Tone::Success>{t::secured(lang)}</Badge>
                            </Show>
                        </b>
                        <span class="truncate">{agent.email}</span>
                    </span>
                </span>
            </td>
            <td class="is-muted">{role_words(lang, agent.role)}</td>
            <td class="is-muted">{confirmed.then(|| availability_words(lang, agent.availability))}</td>
            <td class="is-number is-muted">{limit}</td>
            <td class="is-actions">
                {(!confirmed)
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
                <More workplace own editing/>
            </td>
        </tr>
    }
}

/// What is done to somebody more rarely.
#[component]
fn More(workplace: WorkplaceContext, own: StoredValue<Agent>, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let toasts = use_toasts();
    let (id, name) = own.with_value(|agent| (agent.id, agent.name.clone()));
    let is_me = id == workplace.user_id;
    let view_as = Action::new(move |id: &UserId| session::calls::view_as(workplace.account_id, *id));
    let viewed = view_as.value();
    Effect::new(move |_| match viewed.get() {
        // Everything on the page is somebody else's now.
        Some(Ok(())) => browser::go(&place::conversations(workplace.account_id)),
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    let ask = move |dialog: RwSignal<bool>| {
        editing.agent.set(Some(own.get_value()));
        dialog.set(true);
    };
    let is_unsecured = Signal::derive(move || !editing.secured.read().contains(&id));
    let menu = ["agent-menu-", &id.to_string()].concat();
    view! {
        <IconButton icon=Icon::Ellipsis label=t::more(lang, &name) opens=menu.clone()/>
        <Menu id=menu label=t::more(lang, &name)>
            <MenuItem
                icon=Icon::Eye
                label=t::view_as(lang)
                detail=t::view_as_detail(lang)
                disabled=is_me
                on_select=move || {
                    view_as.dispatch(id);
                }
            />
            <MenuItem
                icon=Icon::Shield
                label=t::reset_second_factor(lang)
                disabled=is_unsecured
                on_select=move || ask(editing.is_resetting)
            />
            <MenuSeparator/>
            <MenuItem
                icon=Icon::Trash
                label=text::common::remove(lang)
                danger=true
                disabled=is_me
                on_select=move || ask(editing.is_removing)
            />
        </Menu>
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

/// Asks before somebody's second step is taken away.
#[component]
fn ResetSecondFactor(workplace: WorkplaceContext, editing: Editing) -> impl IntoView {
    let lang = use_lang();
    use text::agent as t;
    let reset = Action::new(move |id: &UserId| calls::reset_second_factor(workplace.account_id, *id));
    let outcome = reset.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    let id = move || editing.agent.with_untracked(|agent| agent.as_ref().map(|agent| agent.id));
    on_done(
        move || outcome.get(),
        move |()| {
            editing.is_resetting.set(false);
            editing.secured.update(|users| users.retain(|user| Some(*user) != id()));
            toasts.done(t::second_factor_reset(lang));
        },
    );
    let title = move || {
        let name = editing.agent.with(|agent| agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default());
        t::reset_title(lang, &name)
    };
    let confirm = move || {
        if let Some(id) = id() {
            reset.dispatch(id);
        }
    };
    view! {
        <Confirm
            open=editing.is_resetting
            title=Signal::derive(title)
            text=t::reset_text(lang)
            confirm_label=t::reset_second_factor(lang)
            busy=reset.pending()
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
    let mails = crate::json::resource(move || editing.mails.get(), move |_| calls::kept_mails(workplace.account_id));
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
