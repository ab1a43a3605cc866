//! Making an inbox: the channel, then its looks and its agents, with the chat drawn beside.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::UserId;
use model::channel::ChannelForm;
use ui::{
    Button, ButtonLink, ChannelGlyph, Combobox, Field, IconSize, PageHeader, Skeleton, SkeletonKind, Switch, TextArea,
    TextInput, Variant,
};

use super::super::part::{Fault, on_done};
use super::super::teams::{choice_of, ids_of};
use super::sign_in::{BY_HAND, ChooseProvider, SignIn};
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;
use crate::inbox::calls::{self, InboxInput};
use crate::inbox::field::{ChannelInput, FormState, words};
use crate::inbox::preview::Preview;
use crate::place;
use crate::public::trouble::NotFound;

/// Where the way to a new inbox has come to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Step {
    Channel,
    Details,
    Agents,
    Install,
}

/// The steps at the left, with the one at hand.
#[component]
pub(super) fn Steps(
    /// Where it has come to.
    #[prop(into)]
    current: Signal<Step>,
    /// The channel, once it is chosen; it names its steps.
    #[prop(optional, into)]
    channel: String,
) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let own = |key, usual| words(lang, &channel, key).unwrap_or(usual);
    let steps = [
        (Step::Channel, t::step_channel(lang)),
        (Step::Details, own("step_details", t::step_name(lang))),
        (Step::Agents, t::step_agents(lang)),
        (Step::Install, own("step_install", t::step_ready(lang))),
    ];
    let step = move |(step, label): (Step, &'static str)| {
        view! {
            <li
                class="wizard-step"
                class:is-current=move || current.get() == step
                class:is-done=move || { current.get() > step }
                aria-current=move || (current.get() == step).then_some("step")
            >
                {label}
            </li>
        }
    };
    view! { <ol class="wizard-steps">{steps.map(step).collect_view()}</ol> }
}

/// The first step: through which channel contacts will write.
#[component]
pub fn ChooseChannel() -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let is_first = workplace.lists.with_untracked(|lists| lists.inboxes.is_empty());
    let (title, help) =
        if is_first { (t::first_title(lang), t::first_text(lang)) } else { (t::new_title(lang), t::new_text(lang)) };
    let channels = crate::json::blocking(|| (), |()| calls::channels());
    let card = move |form: ChannelForm| {
        view! {
            <a class="choice-card" href=[&place::new_inbox(account), "/", &form.key].concat()>
                <ChannelGlyph channel=form.key.clone() size=IconSize::Large/>
                <b>{words(lang, &form.key, "name")}</b>
                <span>{words(lang, &form.key, "text")}</span>
            </a>
        }
    };
    view! {
        <Title text=title/>
        <div class="wizard is-narrow">
            <Steps current=Step::Channel/>
            <div class="wizard-form">
                <PageHeader title text=help/>
                <Suspense fallback=move || {
                    view! { <Skeleton kind=SkeletonKind::Fields count=1 label=text::common::state::loading(lang)/> }
                }>
                    {move || Suspend::new(async move {
                        match channels.await {
                            Ok(channels) => {
                                view! {
                                    <div class="choice-grid">{channels.into_iter().map(card).collect_view()}</div>
                                }
                                .into_any()
                            }
                            Err(error) => {
                                view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any()
                            }
                        }
                    })}
                </Suspense>
            </div>
        </div>
    }
    .into_any()
}

/// The form of the channel that the address names.
#[component]
pub fn NewInbox() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let params = use_params_map();
    let key = params.read_untracked().get("channel").unwrap_or_default();
    // A channel may be set up at one of several providers, or by hand.
    let provider = params.read_untracked().get("provider").unwrap_or_default();
    let channels = crate::json::blocking(|| (), |()| calls::channels());
    view! {
        <Suspense>
            {move || {
                let (key, provider) = (key.clone(), provider.clone());
                Suspend::new(async move {
                    match channels.await {
                        Ok(channels) => match channels.into_iter().find(|form| form.key == key) {
                            Some(form) => step_of(workplace, form, &provider),
                            None => view! { <NotFound/> }.into_any(),
                        },
                        Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// What comes after the channel.
fn step_of(workplace: WorkplaceContext, form: ChannelForm, provider: &str) -> AnyView {
    if form.providers.is_empty() || provider == BY_HAND {
        return view! { <Wizard workplace form/> }.into_any();
    }
    if provider.is_empty() {
        return view! { <ChooseProvider workplace form/> }.into_any();
    }
    match form.providers.iter().find(|known| known.as_str() == provider) {
        Some(provider) => view! { <SignIn workplace provider=*provider form=form.clone()/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// Everything that was filled in so far.
#[derive(Clone)]
struct Draft {
    name: RwSignal<String>,
    has_greeting: RwSignal<bool>,
    greeting: RwSignal<String>,
    members: RwSignal<Vec<String>>,
    form: FormState,
}

#[component]
fn Wizard(workplace: WorkplaceContext, form: ChannelForm) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let step = RwSignal::new(Step::Details);
    let state = FormState::new(&form);
    let draft = Draft {
        name: RwSignal::new(workplace.account.with_untracked(|account| account.name.clone())),
        has_greeting: RwSignal::new(form.has_preview),
        greeting: RwSignal::new(t::usual_greeting(lang).to_owned()),
        members: RwSignal::new(vec![workplace.user_id.to_string()]),
        form: state.clone(),
    };
    let create = {
        let channel = form.key.clone();
        Action::new(move |(input, members): &(InboxInput, Vec<UserId>)| {
            calls::create(workplace.account_id, channel.clone(), input.clone(), members.clone())
        })
    };
    let outcome = create.value();
    let faults = Faults::of(move || outcome.get());
    let navigate = use_navigate();
    on_done(
        move || outcome.get(),
        move |inbox| {
            let address = place::inbox(workplace.account_id, inbox.id, "ready");
            workplace.lists.update(|lists| lists.inboxes.push(inbox));
            navigate(&address, NavigateOptions::default());
        },
    );
    // What is wrong is on the step before: back to where it can be mended.
    Effect::new(move |_| {
        if outcome.with(|outcome| matches!(outcome, Some(Err(_)))) {
            step.set(Step::Details);
        }
    });
    let submit = {
        let draft = draft.clone();
        move || {
            let input = InboxInput {
                name: Some(draft.name.get_untracked()),
                greeting_enabled: Some(draft.has_greeting.get_untracked()),
                greeting_message: Some(draft.greeting.get_untracked()),
                config: Some(untrack(|| draft.form.values(|field| field.is_asked_first))),
                ..InboxInput::default()
            };
            create.dispatch((input, draft.members.with_untracked(|members| ids_of(members))));
        }
    };
    let title = words(lang, &form.key, "new_title").unwrap_or_default();
    let before = if form.providers.is_empty() { String::new() } else { ["/", &form.key].concat() };
    let back = [place::new_inbox(workplace.account_id), before].concat();
    let details = draft.clone();
    let agents = draft.clone();
    view! {
        <Title text=title/>
        <div class="wizard">
            <Steps current=step channel=form.key.clone()/>
            <div class="wizard-form">
                <div hidden=move || step.get() != Step::Details>
                    <PageHeader title text=words(lang, &form.key, "new_text").unwrap_or_default()/>
                    <Details draft=details faults greets=form.has_preview/>
                    <div class="wizard-actions">
                        <ButtonLink href=back.clone()>{text::common::back(lang)}</ButtonLink>
                        <Button variant=Variant::Primary on_click=move |_| step.set(Step::Agents)>
                            {text::common::next(lang)}
                        </Button>
                    </div>
                </div>
                <div hidden=move || step.get() != Step::Agents>
                    <PageHeader title=t::agents_title(lang) text=t::agents_text(lang)/>
                    <Agents workplace members=agents.members/>
                    <div class="wizard-actions">
                        <Button on_click=move |_| step.set(Step::Details)>{text::common::back(lang)}</Button>
                        <Button
                            variant=Variant::Primary
                            loading=create.pending()
                            on_click=move |_| submit()
                        >
                            {words(lang, &form.key, "create").unwrap_or_else(|| t::create(lang))}
                        </Button>
                    </div>
                </div>
            </div>
            {form.has_preview.then(|| view! { <Beside workplace draft/> })}
        </div>
    }
}

#[component]
fn Details(draft: Draft, faults: Faults, greets: bool) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let first = draft.form.fields.iter().filter(|state| state.field.is_asked_first).cloned();
    let channel = draft.form.channel.clone();
    let name_hint = words(lang, &channel, "name_hint").unwrap_or_default();
    let inputs = first.map(|state| view! { <ChannelInput channel=channel.clone() state faults/> }).collect_view();
    let has_greeting = draft.has_greeting;
    view! {
        <div class="form-fields">
            <Fault words=faults.beside(
                &["name", "greeting_message", "website_url", "widget_color", "welcome_title", "welcome_tagline", "email", "webhook_url"],
            )/>
            <Field id="inbox-name" label=t::name(lang) hint=name_hint required=true error=faults.at("name")>
                <TextInput value=draft.name autocomplete="off" max=255_u32/>
            </Field>
            {inputs}
            {greets.then(|| view! { <Switch checked=has_greeting label=t::greeting(lang) detail=t::greeting_hint(lang)/> })}
            <div hidden=move || !greets || !has_greeting.get()>
                <Field
                    id="inbox-greeting"
                    label=t::greeting_message(lang)
                    hide_label=true
                    error=faults.at("greeting_message")
                >
                    <TextArea value=draft.greeting max=10_000_u32/>
                </Field>
            </div>
        </div>
    }
}

/// Who answers in an inbox.
#[component]
pub(super) fn Agents(workplace: WorkplaceContext, members: RwSignal<Vec<String>>) -> impl IntoView {
    let lang = use_lang();
    use text::inbox as t;
    let colleagues =
        Signal::derive(move || workplace.lists.with(|lists| lists.agents.iter().map(choice_of).collect::<Vec<_>>()));
    view! {
        <div class="form-fields">
            <Field id="inbox-agents" label=t::agents(lang) hint=t::agents_hint(lang)>
                <Combobox
                    id="inbox-agents-list"
                    value=members
                    options=colleagues
                    placeholder=t::agents_placeholder(lang)
                    label=t::agents(lang)
                    search_label=text::common::search(lang)
                    empty=text::common::no_results(lang)
                    many=true
                />
            </Field>
        </div>
    }
}

#[component]
fn Beside(workplace: WorkplaceContext, draft: Draft) -> impl IntoView {
    let lang = use_lang();
    let text_of = |key: &'static str| {
        let form = draft.form.clone();
        Signal::derive(move || form.text(key))
    };
    let (colour, title, tagline) = (text_of("widget_color"), text_of("welcome_title"), text_of("welcome_tagline"));
    let greeting = Signal::derive(move || if draft.has_greeting.get() { draft.greeting.get() } else { String::new() });
    let team = Signal::derive(move || {
        let chosen = draft.members.get();
        workplace.lists.with(|lists| {
            let members = lists.agents.iter().filter(|agent| chosen.contains(&agent.id.to_string()));
            members.map(|agent| agent.display_name.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <aside class="wizard-preview" aria-label=text::common::preview(lang)>
            <Preview
                name=draft.name
                colour
                title
                tagline
                greeting
                team
                reply_time=text::widget::reply_in_minutes(lang).to_owned()
            />
        </aside>
    }
}
