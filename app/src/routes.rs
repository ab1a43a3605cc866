//! Every page and its address.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{ParamSegment, SsrMode, StaticSegment, path};
use model::ErrorCode;
use ui::{ToastHost, provide_clock, provide_toasts};

use crate::public::{Page, trouble};
use crate::{boot, browser, contact, conversation, layout, search, session, settings};

/// The whole dashboard.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let boot = boot::provide();
    let lang = boot::use_lang();
    provide_context(RwSignal::new(boot.theme));
    provide_toasts();
    remember_offset(provide_clock(boot.offset));
    let product = text::common::product(lang);
    let formatter =
        move |title: String| if title.is_empty() { product.to_owned() } else { [&title, " · ", product].concat() };

    view! {
        <Title formatter/>
        <Router>
            <Content trouble=boot.trouble/>
        </Router>
        <ToastHost close_label=text::common::close(lang) shortcut="Z"/>
    }
}

/// Tells the server about the reader's time zone, for the next page it draws.
fn remember_offset(clock: ui::Clock) {
    Effect::new(move |_| {
        browser::set_cookie(session::OFFSET_COOKIE, &clock.offset.get().to_string());
    });
}

#[component]
fn Content(trouble: Option<ErrorCode>) -> impl IntoView {
    match trouble {
        Some(code) => view! { <trouble::Trouble code/> }.into_any(),
        None => view! { <Pages/> }.into_any(),
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=trouble::NotFound>
            <Route path=path!("/installation/onboarding") view=Page::Onboarding ssr=SsrMode::Async/>
            <Route path=path!("/app") view=Page::Home ssr=SsrMode::Async/>
            <Route path=path!("/app/login") view=Page::Login ssr=SsrMode::Async/>
            <Route path=path!("/app/second-step") view=Page::SecondStep ssr=SsrMode::Async/>
            <Route path=path!("/app/forgot-password") view=Page::ForgotPassword ssr=SsrMode::Async/>
            <Route path=path!("/app/reset-password") view=Page::ResetPassword ssr=SsrMode::Async/>
            <Route path=path!("/app/confirm-email") view=Page::ConfirmEmail ssr=SsrMode::Async/>
            <Route path=path!("/app/invitation") view=Page::AcceptInvitation ssr=SsrMode::Async/>
            <ParentRoute
                path=(StaticSegment("app"), StaticSegment("accounts"), ParamSegment("account_id"))
                view=layout::Frame
                ssr=SsrMode::Async
            >
                <conversation::Routes/>
                <contact::ListRoute/>
                <contact::SegmentRoute/>
                <contact::LabelRoute/>
                <contact::OneRoute/>
                <search::Routes/>
                <settings::Routes/>
            </ParentRoute>
        </Routes>
    }
}
