//! Pages outside of any account: the doors.

mod confirm_email;
mod forgot_password;
mod home;
mod invitation;
mod login;
mod onboarding;
mod reset_password;
mod second_step;
pub mod trouble;

use leptos::prelude::*;
use leptos_meta::Title;
use text::Lang;
use ui::{Banner, BrandMark, Tone};

use crate::boot::use_lang;

crate::part::pieces! {
    /// The doors.
    pub enum Page in doors {
        Onboarding => onboarding::Onboarding(),
        Home => home::Home(),
        Login => login::Login(),
        SecondStep => second_step::SecondStep(),
        ForgotPassword => forgot_password::ForgotPassword(),
        ResetPassword => reset_password::ResetPassword(),
        ConfirmEmail => confirm_email::ConfirmEmail(),
        AcceptInvitation => invitation::AcceptInvitation(),
    }
}

/// A page before the sign-in: the mark, a heading, one form, and the language at its end.
#[component]
pub fn Door(
    /// What the page is for.
    #[prop(into)]
    title: String,
    /// One sentence.
    #[prop(optional, into)]
    text: Option<String>,
    /// Wider, for forms with more to fill in.
    #[prop(optional)]
    wide: bool,
    /// The form, and one line under it.
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <Title text=title.clone()/>
        <div class="auth">
            <main class="auth-column" class:is-wide=wide>
                <div class="auth-brand">
                    <BrandMark/>
                    {text::common::product(lang)}
                </div>
                <div class="auth-heading">
                    <h1>{title}</h1>
                    {text.map(|text| view! { <p>{text}</p> })}
                </div>
                {children()}
            </main>
            <footer class="auth-foot">
                <Languages/>
            </footer>
        </div>
    }
}

/// The other languages, each by its own name. A plain form: the choice comes back as a new page.
#[component]
fn Languages() -> impl IntoView {
    let current = use_lang();
    let other = |lang: Lang| {
        view! {
            <button type="submit" class="auth-language" name="lang" value=lang.code() lang=lang.html()>
                {lang.name()}
            </button>
        }
    };
    view! {
        <span>{current.name()}</span>
        <form method="post" action="/app/api/session/language">
            {Lang::ALL.into_iter().filter(|lang| *lang != current).map(other).collect_view()}
        </form>
    }
}

/// What went wrong with the whole form; nothing while nothing did.
#[component]
pub fn FormFault(
    /// The words.
    #[prop(into)]
    words: Signal<Option<String>>,
) -> impl IntoView {
    move || words.get().map(|words| view! { <Banner tone=Tone::Danger>{words}</Banner> })
}
