//! What forms have in common: where errors are shown, and what happens when the person is no longer signed in.

use leptos::prelude::*;
use model::ErrorCode;

use crate::boot::use_lang;
use crate::call::CallError;
use crate::{browser, place};

/// The outcome of a form's last try, spread over its fields.
#[derive(Clone, Copy)]
pub struct Faults {
    error: Signal<Option<CallError>>,
}

impl Faults {
    /// Follows an outcome. `fields` are the names that have a place of their own; other errors are [`Faults::general`].
    pub fn of<T: Clone + Send + Sync + 'static>(
        outcome: impl Fn() -> Option<Result<T, CallError>> + Send + Sync + 'static,
    ) -> Self {
        let error = Signal::derive(move || outcome().and_then(Result::err));
        // Signed out meanwhile (elsewhere, or the session ran out): what is left is to sign in again.
        Effect::new(move |_| {
            if error.with(|error| error.as_ref().is_some_and(|error| error.0.code == ErrorCode::Unauthenticated)) {
                sign_in_again();
            }
        });
        Self { error }
    }

    /// What is wrong with one input.
    #[must_use]
    pub fn at(self, field: &'static str) -> Signal<Option<String>> {
        self.at_key(field.to_owned())
    }

    /// What is wrong with one input whose name is known only at run time.
    #[must_use]
    pub fn at_key(self, field: String) -> Signal<Option<String>> {
        let lang = use_lang();
        let error = self.error;
        Signal::derive(move || {
            error.with(|error| {
                let error = error.as_ref().filter(|error| error.0.field.as_deref() == Some(&field))?;
                Some(error.words(lang))
            })
        })
    }

    /// What is wrong and belongs to none of these inputs.
    #[must_use]
    pub fn beside(self, fields: &'static [&'static str]) -> Signal<Option<String>> {
        let lang = use_lang();
        let error = self.error;
        Signal::derive(move || {
            error.with(|error| {
                let error = error.as_ref()?;
                let has_place = error.0.field.as_deref().is_some_and(|field| fields.contains(&field));
                (!has_place).then(|| error.words(lang))
            })
        })
    }
}

/// A whole number that somebody typed; nothing for an empty field. What is no number comes to one that the rules refuse.
#[must_use]
pub fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.parse().unwrap_or(-1))
}

/// Leads to the sign-in and back here afterwards.
pub fn sign_in_again() {
    browser::go(&[place::LOGIN, "?next=", &place::encoded(&browser::here())].concat());
}

/// Goes to the address that a call answered with; a new page, because who is signed in has changed.
pub fn follow<T: Clone + Send + Sync + 'static>(
    outcome: impl Fn() -> Option<Result<T, CallError>> + Send + Sync + 'static,
    address: impl Fn(T) -> String + Send + Sync + 'static,
) {
    Effect::new(move |_| {
        if let Some(Ok(value)) = outcome() {
            browser::go(&address(value));
        }
    });
}
