//! Lists and search in an account with a long history.

use std::time::{Duration, Instant};

use anyhow::Result;
use reqwest::Method;
use serde_json::Value;

use crate::client::Agent;
use crate::server::Server;
use crate::{Plan, figure};

/// Requests of each kind.
const TIMES: usize = 60;

/// Contacts at scale 1: at scale 50 there are 200 000 beside 100 000 conversations.
const CONTACTS_PER_SCALE: u32 = 4_000;

/// What is asked for.
struct Question {
    name: &'static str,
    path: &'static str,
    /// What a filter is asked with.
    body: Option<&'static str>,
    /// In milliseconds.
    bar: f64,
}

const fn list(name: &'static str, path: &'static str) -> Question {
    Question { name, path, body: None, bar: 20.0 }
}

const fn search(name: &'static str, path: &'static str) -> Question {
    Question { name, path, body: None, bar: 80.0 }
}

const fn filter(name: &'static str, path: &'static str, body: &'static str) -> Question {
    Question { name, path, body: Some(body), bar: 20.0 }
}

const QUESTIONS: [Question; 43] = [
    list("list: open, all", "/conversations?status=open&assignee_type=all"),
    list("list: open, mine", "/conversations?status=open&assignee_type=me"),
    list("list: open, unassigned", "/conversations?status=open&assignee_type=unassigned"),
    list("list: resolved, all", "/conversations?status=resolved&assignee_type=all"),
    list("list: every status", "/conversations?status=all&assignee_type=all"),
    list("list: one inbox", "/conversations?status=all&inbox_id=1"),
    list("list: a label", "/conversations?status=all&labels[]=troca"),
    list("list: a label, open", "/conversations?status=open&labels[]=entrega"),
    list("list: by priority", "/conversations?status=all&sort_by=priority_desc"),
    list("list: longest waiting", "/conversations?status=open&sort_by=waiting_since_asc"),
    list("counts: open", "/conversations/meta?status=open"),
    filter("filter: open and urgent", "/conversations/filter", OPEN_AND_URGENT),
    filter("filter: a contact's e-mail, rare", "/conversations/filter", RARE_EMAIL),
    filter("filter: by label or without an agent", "/conversations/filter", LABEL_OR_NOBODY),
    filter("filter: unread", "/conversations/filter", UNREAD),
    filter("filter: begun 120 days ago or before", "/conversations/filter", OLD),
    filter("filter: without a priority", "/conversations/filter", NO_PRIORITY),
    filter("filter: a language, of all", "/conversations/filter", LANGUAGE),
    filter("filter: a language, of nobody", "/conversations/filter", NO_LANGUAGE),
    filter("filter: a part of the page, common", "/conversations/filter", PAGE),
    filter("filter: a part of the page, of nobody", "/conversations/filter", NO_PAGE),
    filter("filter: an attribute of the contact", "/conversations/filter", CITY),
    filter("filter: an attribute of the contact, of nobody", "/conversations/filter", NO_CITY),
    filter("filter: a country, of nobody", "/conversations/filter", NO_COUNTRY),
    list("contacts: by name", "/contacts?sort=name"),
    list("contacts: last seen first", "/contacts?sort=-last_activity_at"),
    list("contacts: a far page", "/contacts?sort=name&page=4000"),
    list("contacts: a label", "/contacts?labels[]=cupom"),
    filter("contacts: filter by a rare name", "/contacts/filter", RARE_NAME),
    filter("contacts: filter by a label", "/contacts/filter", A_LABEL),
    filter("contacts: filter by an attribute", "/contacts/filter", CITY),
    filter("contacts: filter by an attribute of nobody", "/contacts/filter", NO_CITY),
    filter("contacts: filter by a large number", "/contacts/filter", MANY_ORDERS),
    filter("contacts: filter by what they are not", "/contacts/filter", NOT_NAMED),
    search("contacts: search a name", "/contacts/search?q=joao"),
    search("contacts: search an e-mail", "/contacts/search?q=silva777@exemplo.example"),
    search("search: a rare word", "/conversations?status=all&q=extraviado"),
    search("search: a common word", "/conversations?status=all&q=pedido"),
    search("search: a common word, mine", "/conversations?status=all&assignee_type=me&q=pedido"),
    search("search: two common words", "/conversations?status=all&q=pedido%20chegou"),
    search("search everywhere: a rare word", "/search?q=extraviado"),
    search("search everywhere: a common word", "/search?q=pedido"),
    search("search everywhere: a name", "/search?q=joao%20souza"),
];

const OPEN_AND_URGENT: &str = r#"{"payload": [
    {"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"], "query_operator": "and"},
    {"attribute_key": "priority", "filter_operator": "equal_to", "values": ["urgent"], "query_operator": null}]}"#;
const RARE_EMAIL: &str = r#"{"payload": [
    {"attribute_key": "contact_email", "filter_operator": "contains", "values": ["silva777@"], "query_operator": null}]}"#;
const RARE_NAME: &str = r#"{"payload": [
    {"attribute_key": "name", "filter_operator": "contains", "values": ["zacarias q"], "query_operator": null}]}"#;
const A_LABEL: &str = r#"{"payload": [
    {"attribute_key": "labels", "filter_operator": "equal_to", "values": ["cupom"], "query_operator": null}]}"#;
const LABEL_OR_NOBODY: &str = r#"{"payload": [
    {"attribute_key": "labels", "filter_operator": "equal_to", "values": ["troca"], "query_operator": "or"},
    {"attribute_key": "assignee_id", "filter_operator": "is_not_present", "values": [], "query_operator": null}]}"#;

const UNREAD: &str = r#"{"payload": [
    {"attribute_key": "unread", "filter_operator": "is_present", "values": [], "query_operator": null}]}"#;
const OLD: &str = r#"{"payload": [
    {"attribute_key": "created_at", "filter_operator": "days_before", "values": ["120"], "query_operator": null}]}"#;
const NO_PRIORITY: &str = r#"{"payload": [
    {"attribute_key": "priority", "filter_operator": "is_not_present", "values": [], "query_operator": null}]}"#;
const LANGUAGE: &str = r#"{"payload": [
    {"attribute_key": "browser_language", "filter_operator": "equal_to", "values": ["pt"], "query_operator": null}]}"#;
const NO_LANGUAGE: &str = r#"{"payload": [
    {"attribute_key": "browser_language", "filter_operator": "equal_to", "values": ["xx"], "query_operator": null}]}"#;
const PAGE: &str = r#"{"payload": [
    {"attribute_key": "referer", "filter_operator": "contains", "values": ["carrinho"], "query_operator": null}]}"#;
const NO_PAGE: &str = r#"{"payload": [
    {"attribute_key": "referer", "filter_operator": "contains", "values": ["nenhures"], "query_operator": null}]}"#;
const CITY: &str = r#"{"payload": [
    {"attribute_key": "cidade", "filter_operator": "equal_to", "values": ["Recife"],
     "custom_attribute_type": "contact_attribute", "query_operator": null}]}"#;
const NO_CITY: &str = r#"{"payload": [
    {"attribute_key": "cidade", "filter_operator": "equal_to", "values": ["Nenhures"],
     "custom_attribute_type": "contact_attribute", "query_operator": null}]}"#;
const NO_COUNTRY: &str = r#"{"payload": [
    {"attribute_key": "country_code", "filter_operator": "equal_to", "values": ["XX"], "query_operator": null}]}"#;
const MANY_ORDERS: &str = r#"{"payload": [
    {"attribute_key": "pedidos", "filter_operator": "is_greater_than", "values": ["8"],
     "custom_attribute_type": "contact_attribute", "query_operator": null}]}"#;
const NOT_NAMED: &str = r#"{"payload": [
    {"attribute_key": "name", "filter_operator": "does_not_contain", "values": ["silva"], "query_operator": null}]}"#;

pub async fn measure(plan: &Plan, postgres: Option<&str>) -> Result<()> {
    let database = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut server = Server::new(&plan.server, postgres).await?;
    let (scale, contacts) = (plan.scale.to_string(), (plan.scale * CONTACTS_PER_SCALE).to_string());
    let printed = server.run(&["demo", "--scale", &scale, "--contacts", &contacts, "--json"]).await?;
    let made = serde_json::from_str(printed.lines().last().unwrap_or_default())?;
    server.start().await?;
    let agent = Agent::new(&server.url, &made)?;
    for question in QUESTIONS {
        let mut times: Vec<Duration> = Vec::with_capacity(TIMES);
        let body: Option<Value> = question.body.map(serde_json::from_str).transpose()?;
        let method = if body.is_some() { Method::POST } else { Method::GET };
        for _ in 0..TIMES {
            let began = Instant::now();
            agent.ask(method.clone(), question.path, body.clone()).await?;
            times.push(began.elapsed());
        }
        let most = figure::percentile(&mut times, 0.95);
        figure::print(&format!("{}, p95", question.name), database, most, "ms", Some(("≤", question.bar)), None);
    }
    server.stop().await
}
