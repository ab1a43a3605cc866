//! Who calls, and what they bring.

use std::collections::HashMap;

use axum::extract::{FromRequest, Path, Query, Request};
use axum::http::request::Parts;
use domain::Ctx;
use domain::contact::Facts;
use domain::visitor::client::{self, Proof};
use domain::visitor::identify::Claim;
use model::{DisplayId, MessageId};
use text::VisitorLang;

use crate::middleware::{ClientAddress, Rule};
use crate::state::AppState;
use crate::widget::failure::{Answer, Failure};
use crate::widget::form::{self, Form, loose_text};
use crate::widget::visit::browser_lang;

/// A request of the public client API.
pub struct Call {
    pub form: Form,
    state: AppState,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    lang: VisitorLang,
    address: Option<ClientAddress>,
}

impl FromRequest<AppState> for Call {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let form = form::read(&parts.headers, body, state).await?;
        let path = extract::<Path<_>>(&mut parts, state).await.map(|Path(path)| path).unwrap_or_default();
        let query = extract::<Query<_>>(&mut parts, state).await.map(|Query(query)| query).unwrap_or_default();
        Ok(Self {
            form,
            state: state.clone(),
            path,
            query,
            lang: browser_lang(&parts.headers).unwrap_or_default(),
            address: parts.extensions.get().copied(),
        })
    }
}

async fn extract<E: axum::extract::FromRequestParts<AppState>>(parts: &mut Parts, state: &AppState) -> Option<E> {
    E::from_request_parts(parts, state).await.ok()
}

impl Call {
    fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A text of the body, or else of the address.
    pub fn text(&self, name: &str) -> Option<String> {
        loose_text(self.form.get(name)).or_else(|| self.query.get(name).cloned()).filter(|text| !text.is_empty())
    }

    /// Turns an error of a rule into an answer.
    pub fn refused(&self) -> impl Fn(domain::Error) -> Failure + use<> {
        let lang = self.lang;
        move |error| Failure::Rule(error, lang)
    }

    /// Counts this request against a limit of its own.
    pub fn count(&self, rule: Rule) -> Answer<()> {
        let Some(address) = self.address else { return Ok(()) };
        Ok(self.state.limits.check_address(rule, address.household())?)
    }

    /// The name of the inbox.
    pub fn inbox(&self) -> &str {
        self.part("inbox_identifier")
    }

    /// Nobody in particular, at the door.
    pub fn anonymous(&self) -> Ctx {
        self.state.app.anonymous()
    }

    /// The contact whose place the address names.
    pub async fn contact(&self) -> Answer<Ctx> {
        let proof = Proof { identifier: self.text("identifier"), identifier_hash: self.text("identifier_hash") };
        let source = self.part("contact_identifier");
        let entered = client::enter(&self.anonymous(), self.inbox(), source, &proof).await;
        Ok(entered.map_err(self.refused())?.ctx)
    }

    /// The same, meaning the conversation that the address names.
    pub async fn conversation(&self) -> Answer<Ctx> {
        let contact = self.contact().await?;
        // What is no number names nobody's conversation.
        let number = DisplayId(self.part("conversation_id").parse().unwrap_or_default());
        client::choose(&contact, number).await.map_err(self.refused())
    }

    /// The message that the address names.
    pub fn message_named(&self) -> MessageId {
        // What is no number names nobody's message.
        MessageId(self.part("message_id").parse().unwrap_or_default())
    }

    /// The id of a message in a field of the address.
    pub fn message(&self, name: &'static str) -> Answer<Option<MessageId>> {
        let id = self.text(name).map(|text| text.parse().map(MessageId)).transpose();
        id.map_err(|_| Failure::Unreadable(name, format!("{name} is the id of a message")))
    }

    /// What is said of the contact.
    pub fn claim(&self) -> Claim {
        Claim {
            identifier: self.text("identifier"),
            identifier_hash: self.text("identifier_hash"),
            facts: self.facts(),
        }
    }

    /// The same without the identifier.
    pub fn facts(&self) -> Facts {
        let text = |key: &str| loose_text(self.form.get(key));
        let object = |key: &str| Some(self.form.get(key).clone()).filter(|value| !value.is_null());
        Facts {
            name: text("name"),
            email: text("email"),
            phone_number: text("phone_number"),
            identifier: None,
            avatar_url: text("avatar_url"),
            blocked: None,
            additional_attributes: object("additional_attributes"),
            custom_attributes: object("custom_attributes"),
        }
    }
}
