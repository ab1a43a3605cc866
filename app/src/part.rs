//! Parts of the program: what a browser loads only when a page needs it.
//!
//! The views of a part are the values of an enum made by `pieces!`; `xtask/src/site/split.rs` cuts the program up along them. On
//! the server they are ordinary functions. What the page at an address is drawn with ([`needed_at`]) is announced at the top of its
//! document, and the page comes to life only once all of that is there, so bringing it to life never waits halfway. Later a
//! route waits for its part, and a pane says meanwhile that it is coming ([`Later`]).

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use ui::ErrorState;

use crate::boot::use_lang;
use crate::browser;
use crate::conversation::place::Place;

/// Views of one part.
pub(crate) trait Piece: Copy + 'static {
    /// Fetches the part. A second call asks again after a failure, and otherwise is done at once.
    fn load() -> impl Future<Output = Result<(), SplitLoaderError>>;

    /// Draws a view; done at once when the part is there.
    fn draw(self) -> impl Future<Output = Result<AnyView, SplitLoaderError>>;
}

/// An enum of views that lie in one part. Its values are views of routes too.
macro_rules! pieces {
    ($(#[$doc:meta])* $vis:vis enum $name:ident in $part:ident {
        $($piece:ident $(($arg:ident: $type:ty))? => $view:expr,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        $vis enum $name {
            $($piece $(($type))?,)*
        }

        const _: () = {
            impl $crate::part::Piece for $name {
                async fn load() -> Result<(), leptos::wasm_split::SplitLoaderError> {
                    load_part().await
                }

                async fn draw(self) -> Result<leptos::prelude::AnyView, leptos::wasm_split::SplitLoaderError> {
                    draw_piece(self).await
                }
            }

            impl leptos_router::ChooseView for $name {
                async fn choose(self) -> leptos::prelude::AnyView {
                    use $crate::part::Piece as _;
                    match self.draw().await {
                        Ok(page) => page,
                        Err(_) => $crate::part::missing_page(),
                    }
                }

                async fn preload(&self) {
                    // What fails here is tried once more when the page is drawn, which then tells.
                    let _ = load_part().await;
                }
            }

            #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible, preload(load_part))]
            fn draw_piece(piece: $name) -> Result<leptos::prelude::AnyView, leptos::wasm_split::SplitLoaderError> {
                use leptos::prelude::IntoAny as _;
                Ok(match piece {
                    $($name::$piece $(($arg))? => $view.into_any(),)*
                })
            }
        };
    };
}

pub(crate) use pieces;

/// Fetches what the page at an address is drawn with. The document has announced all of it, so it comes at the same time.
///
/// # Errors
/// Something did not come, twice: there is no network, or a newer version of the program is out.
#[cfg(feature = "hydrate")]
pub async fn load_for(path: &str) -> Result<(), SplitLoaderError> {
    for part in needed_at(path) {
        match part {
            Part::Doors => twice::<crate::public::Page>().await?,
            Part::Inbox => twice::<crate::conversation::Page>().await?,
            Part::Conversation => twice::<crate::conversation::Pane>().await?,
            Part::Contacts => twice::<crate::contact::Page>().await?,
            Part::Search => twice::<crate::search::Page>().await?,
            Part::Settings => {
                twice::<crate::settings::Page>().await?;
                twice::<crate::settings::inboxes::Pages>().await?;
                twice::<crate::settings::teams::Pages>().await?;
            }
        }
    }
    Ok(())
}

/// The parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Doors,
    Inbox,
    Conversation,
    Contacts,
    Search,
    Settings,
}

#[cfg(feature = "ssr")]
impl Part {
    /// The name it has where its views are.
    pub fn name(self) -> &'static str {
        match self {
            Self::Doors => "doors",
            Self::Inbox => "inbox",
            Self::Conversation => "conversation",
            Self::Contacts => "contacts",
            Self::Search => "search",
            Self::Settings => "settings",
        }
    }
}

/// What the page at an address is drawn with.
pub(crate) fn needed_at(path: &str) -> &'static [Part] {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match steps.as_slice() {
        ["app", "accounts", _, "settings", ..] => &[Part::Settings],
        ["app", "accounts", _, "contacts", ..] => &[Part::Contacts],
        ["app", "accounts", _, "search"] => &[Part::Search],
        ["app", "accounts", ..] if Place::read(path, |_| None).is_some_and(|place| place.open.is_some()) => {
            &[Part::Inbox, Part::Conversation]
        }
        ["app", "accounts", ..] => &[Part::Inbox],
        _ => &[Part::Doors],
    }
}

/// Loads a part, and tries once more when that fails.
async fn twice<P: Piece>() -> Result<(), SplitLoaderError> {
    match P::load().await {
        Ok(()) => Ok(()),
        Err(_) => P::load().await,
    }
}

/// Whether a part is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Unasked,
    Here,
    Coming,
    Missing,
}

/// A part that a page shows things from once it is there. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Later(RwSignal<Standing>);

impl Later {
    /// Begins to load the part, unless it is there.
    pub fn load<P: Piece>() -> Self {
        if at_once(P::load()).is_some_and(|done| done.is_ok()) {
            return Self(RwSignal::new(Standing::Here));
        }
        let standing = RwSignal::new(Standing::Coming);
        spawn_local(async move {
            let outcome = if twice::<P>().await.is_ok() { Standing::Here } else { Standing::Missing };
            // The page may be gone by then.
            let _ = standing.try_set(outcome);
        });
        Self(standing)
    }

    /// A part that nothing needs yet.
    pub fn unasked() -> Self {
        Self(RwSignal::new(Standing::Unasked))
    }

    /// Begins to load the part, unless that was done.
    pub fn ask<P: Piece>(self) {
        if self.0.get_untracked() != Standing::Unasked {
            return;
        }
        self.0.set(Standing::Coming);
        spawn_local(async move {
            let outcome = if twice::<P>().await.is_ok() { Standing::Here } else { Standing::Missing };
            let _ = self.0.try_set(outcome);
        });
    }

    /// Draws something of the part, or what stands in for it while it is on its way.
    pub fn show<P: Piece>(self, piece: P, waiting: impl FnOnce() -> AnyView) -> AnyView {
        match self.0.get() {
            Standing::Here => at_once(piece.draw()).and_then(Result::ok).unwrap_or_else(waiting),
            Standing::Unasked | Standing::Coming => waiting(),
            Standing::Missing => missing(),
        }
    }
}

/// A part that is fetched when something of it is wanted for the first time. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    later: RwSignal<Option<Later>>,
    /// Whoever wants it first may be gone sooner than the part is needed.
    owner: StoredValue<Option<Owner>>,
}

impl Wanted {
    /// Nobody wants it yet.
    pub fn new() -> Self {
        Self { later: RwSignal::new(None), owner: StoredValue::new(Owner::current()) }
    }

    /// Begins to load the part, unless somebody did. Only in the browser.
    pub fn want<P: Piece>(self) {
        if self.later.get_untracked().is_none()
            && let Some(owner) = self.owner.get_value()
        {
            self.later.set(Some(owner.with(Later::load::<P>)));
        }
    }

    /// Draws something of the part once it is there.
    pub fn show<P: Piece>(self, piece: P) -> AnyView {
        match self.later.get() {
            Some(later) => later.show(piece, || ().into_any()),
            None => ().into_any(),
        }
    }
}

/// What a future gives without waiting.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// What stands in for something whose part did not come. Only a new page helps: with a newer version the old parts are gone.
fn missing() -> AnyView {
    let lang = use_lang();
    view! {
        <ErrorState
            title=text::common::error_title(lang)
            text=text::common::incomplete(lang)
            retry=text::common::reload(lang)
            on_retry=move |()| browser::go(&browser::here())
        />
    }
    .into_any()
}

/// The same for a page.
pub(crate) fn missing_page() -> AnyView {
    view! { <main class="page" id="content">{missing()}</main> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_what_its_page_is_drawn_with() {
        assert_eq!(needed_at("/app/login"), [Part::Doors]);
        assert_eq!(needed_at("/installation/onboarding"), [Part::Doors]);
        assert_eq!(needed_at("/app/accounts/1/conversations"), [Part::Inbox]);
        let open = [Part::Inbox, Part::Conversation];
        assert_eq!(needed_at("/app/accounts/1/conversations/7"), open);
        assert_eq!(needed_at("/app/accounts/1/label/vip/conversations/7"), open);
        assert_eq!(needed_at("/app/accounts/1/settings/inboxes/3"), [Part::Settings]);
        assert_eq!(needed_at("/app/accounts/1/contacts/3"), [Part::Contacts]);
        assert_eq!(needed_at("/app/accounts/1/search"), [Part::Search]);
    }
}
