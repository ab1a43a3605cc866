//! A company with one row of each kind, and every route that leads to them.

use domain::contact::{self, Facts};
use domain::macros::MacroInput;
use domain::message::scheduled;
use domain::visitor::chat;
use domain::{attribute, bulk, canned, label, macros, saved_view, team};
use model::action::{Action, MacroVisibility};
use model::attribute::{AttributeKind, AttributeModel};
use model::filter::Subject;
use model::{ContactId, DisplayId, Role};
use serde_json::{Value, json};

use super::{World, words};

/// Stands in everything that strangers must not see.
pub const MARK: &str = "sigilo";

/// A route of the API.
pub struct Route {
    pub method: String,
    pub path: String,
    /// What the description says of it.
    pub call: Value,
}

/// All of them.
pub fn routes() -> Vec<Route> {
    let description = serde_json::to_value(server::api::described().into_openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap().clone();
    let routes: Vec<Route> = paths
        .into_iter()
        .flat_map(|(path, item)| {
            let calls = item.as_object().unwrap().clone();
            calls.into_iter().map(move |(method, call)| Route {
                method: method.to_uppercase(),
                path: path.clone(),
                call,
            })
        })
        .collect();
    assert!(routes.len() > 70, "{}", routes.len());
    routes
}

/// One row of each kind.
pub struct Rows {
    pub account: i64,
    pub inbox: i64,
    pub contact: i64,
    pub source: String,
    pub conversation: i64,
    pub message: i64,
    pub scheduled: i64,
    pub label: i64,
    pub canned: i64,
    pub macro_id: i64,
    pub team: i64,
    pub user: i64,
    pub attribute: i64,
    pub note: i64,
    pub merge: i64,
    pub view: i64,
    pub bulk: i64,
    pub import: i64,
}

impl Rows {
    /// A company full of secrets.
    pub async fn fill(world: &World) -> Self {
        let inbox = world.website(&[]).await;
        let visitor = world.visitor(&inbox).await;
        let said = chat::say(&visitor, words(MARK)).await.unwrap();
        let contact = said.message.sender.clone().unwrap().id;
        let facts =
            Facts { name: Some(MARK.to_owned()), email: Some(format!("{MARK}@example.com")), ..Default::default() };
        contact::update(&world.admin, ContactId(contact), facts).await.unwrap();
        let note = contact::note::create(&world.admin, ContactId(contact), MARK).await.unwrap();
        let twin = Facts { name: Some(MARK.to_owned()), ..Facts::default() };
        let twin = contact::create(&world.admin, twin).await.unwrap();
        contact::merge::merge(&world.admin, ContactId(contact), twin.id).await.unwrap();
        let merge = contact::merge::list(&world.admin, ContactId(contact)).await.unwrap().remove(0);
        let input = label::LabelInput {
            title: MARK.to_owned(),
            description: MARK.to_owned(),
            color: "#123456".to_owned(),
            show_on_sidebar: true,
        };
        let label = label::create(&world.admin, input).await.unwrap();
        let input = attribute::AttributeInput {
            model: AttributeModel::Contact,
            key: MARK.to_owned(),
            name: MARK.to_owned(),
            description: MARK.to_owned(),
            kind: AttributeKind::Text,
            values: Vec::new(),
            regex_pattern: None,
            regex_cue: None,
        };
        let attribute = attribute::create(&world.admin, input).await.unwrap();
        let input = canned::CannedInput { short_code: MARK.to_owned(), content: MARK.to_owned(), files: Vec::new() };
        let canned = canned::create(&world.admin, input).await.unwrap();
        let actions = vec![Action::SendMessage(MARK.to_owned())];
        let input = MacroInput { name: MARK.to_owned(), visibility: MacroVisibility::Global, actions };
        let found = macros::create(&world.admin, input).await.unwrap();
        let input = team::TeamInput { name: MARK.to_owned(), description: MARK.to_owned(), allow_auto_assign: true };
        let team = team::create(&world.admin, input).await.unwrap();
        let person = world.member(MARK, Role::Agent).await;
        let settings = domain::inbox::Settings { name: Some(MARK.to_owned()), ..Default::default() };
        domain::inbox::update(&world.admin, inbox.id, settings).await.unwrap();
        let change = domain::account::AccountChange { name: Some(MARK.to_owned()), ..Default::default() };
        domain::account::update(&world.admin, change).await.unwrap();
        let input = saved_view::ViewInput { name: MARK.to_owned(), conditions: Vec::new(), shared: true };
        let view = saved_view::create(&world.admin, Subject::Conversation, input).await.unwrap();
        let acts = vec![model::bulk::BulkAct::AddLabels(vec![MARK.to_owned()])];
        let bulk = bulk::start(&world.admin, bulk::Which::Numbers(Vec::new()), acts).await.unwrap();
        let import = contact::import::start(&world.admin, MARK, b"email\nx@example.com\n").await.unwrap();
        let waiting = Self::wait(world, said.message.display_id).await;
        Self {
            account: world.account.0,
            inbox: inbox.id.0,
            contact,
            source: visitor.visitor().unwrap().source_id.clone(),
            conversation: said.message.display_id.0,
            message: said.message.id.0,
            scheduled: waiting,
            label: label.id.0,
            canned: canned.id.0,
            macro_id: found.id.0,
            team: team.id.0,
            user: person.id.0,
            attribute: attribute.id.0,
            note: note.id.0,
            merge: merge.id.0,
            view: view.id.0,
            bulk: bulk.id.0,
            import: import.id.0,
        }
    }

    /// A message of the administrator's that waits for an hour.
    pub async fn wait(world: &World, conversation: DisplayId) -> i64 {
        let when = scheduled::When::At(world.admin.now() + 3_600_000);
        let waiting = scheduled::schedule(&world.admin, conversation, super::reply(MARK), when).await.unwrap();
        let scheduled::Outcome::Waits(waiting) = waiting else { panic!("it was sent at once") };
        waiting.id.0
    }

    /// A route's address with these ids.
    pub fn address(&self, path: &str, account: i64) -> String {
        path.replace("{account_id}", &account.to_string())
            .replace("{inbox_id}", &self.inbox.to_string())
            .replace("{contact_id}", &self.contact.to_string())
            .replace("{conversation_id}", &self.conversation.to_string())
            .replace("{message_id}", &self.message.to_string())
            .replace("{scheduled_message_id}", &self.scheduled.to_string())
            .replace("{label_id}", &self.label.to_string())
            .replace("{macro_id}", &self.macro_id.to_string())
            .replace("{canned_response_id}", &self.canned.to_string())
            .replace("{team_id}", &self.team.to_string())
            .replace("{custom_filter_id}", &self.view.to_string())
            .replace("{bulk_action_id}", &self.bulk.to_string())
            .replace("{user_id}", &self.user.to_string())
            .replace("{attribute_id}", &self.attribute.to_string())
            .replace("{note_id}", &self.note.to_string())
            .replace("{merge_id}", &self.merge.to_string())
            .replace("{import_id}", &self.import.to_string())
    }

    /// Names everything that any call could want.
    pub fn body(&self) -> Value {
        json!({
            "account_id": self.account, "inbox_id": self.inbox, "contact_id": self.contact, "source_id": self.source,
            "assignee_id": self.user, "team_id": self.team, "user_ids": [self.user],
            "base_contact_id": self.contact, "mergee_contact_id": self.contact + 1, "labels": [MARK],
            "custom_attributes": {"a": 1}, "ids": [self.contact], "content": "x", "typing_status": "on", "availability": "busy",
            "auto_offline": false, "status": "resolved", "priority": "high", "title": "novo", "name": "Novo",
            "emails": [], "attribute_key": "novo", "attribute_display_name": "Novo", "attribute_model": "contact_attribute",
            "channel": {"website_url": "https://a.b"},
            "short_code": "novo", "conversation_ids": [self.conversation],
            "actions": [{"action_name": "resolve_conversation", "action_params": []}],
        })
    }
}
