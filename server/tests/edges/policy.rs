//! Who may do what: every route of the REST API and every call of the dashboard, with the least role that may ask for it. What is not in
//! these tables fails the test, so whoever adds a route or a call decides here who may use it.
//!
//! Roles add to each other: assistant, agent, supervisor, administrator. Which *rows* a role reaches is tried in `access.rs`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

use std::collections::BTreeSet;

use crate::support::company::{MARK, Rows, routes};
use crate::support::{Answer, Person, World};
use axum::body::Body;
use axum::http::{Request, header};
use domain::session::{self, Client};
use model::Role;
use model::Role::{Administrator, Agent, Assistant, Supervisor};
use serde_json::{Value, json};

/// Routes below `/api/v1/accounts/{account_id}`.
const ROUTES: &[(&str, &str, Role)] = &[
    ("GET", "", Assistant),
    ("PATCH", "", Administrator),
    ("GET", "/cache_keys", Assistant),
    ("POST", "/update_active_at", Assistant),
    ("GET", "/audit_logs", Administrator),
    ("GET", "/agents", Assistant),
    ("POST", "/agents", Administrator),
    ("POST", "/agents/bulk_create", Administrator),
    ("PATCH", "/agents/{user_id}", Administrator),
    ("DELETE", "/agents/{user_id}", Administrator),
    ("GET", "/assignable_agents", Assistant),
    ("GET", "/teams", Assistant),
    ("POST", "/teams", Administrator),
    ("GET", "/teams/{team_id}", Assistant),
    ("PATCH", "/teams/{team_id}", Administrator),
    ("DELETE", "/teams/{team_id}", Administrator),
    ("GET", "/teams/{team_id}/team_members", Assistant),
    ("POST", "/teams/{team_id}/team_members", Administrator),
    ("PATCH", "/teams/{team_id}/team_members", Administrator),
    ("DELETE", "/teams/{team_id}/team_members", Administrator),
    ("GET", "/labels", Assistant),
    ("POST", "/labels", Administrator),
    ("GET", "/labels/{label_id}", Assistant),
    ("PATCH", "/labels/{label_id}", Administrator),
    ("DELETE", "/labels/{label_id}", Administrator),
    ("GET", "/csat_survey_responses", Supervisor),
    ("GET", "/csat_survey_responses/metrics", Supervisor),
    ("GET", "/custom_attribute_definitions", Assistant),
    ("POST", "/custom_attribute_definitions", Administrator),
    ("GET", "/custom_attribute_definitions/{attribute_id}", Assistant),
    ("PATCH", "/custom_attribute_definitions/{attribute_id}", Administrator),
    ("DELETE", "/custom_attribute_definitions/{attribute_id}", Administrator),
    // Each finds what its reader may know of.
    ("GET", "/search", Assistant),
    ("GET", "/search/contacts", Assistant),
    ("GET", "/search/conversations", Assistant),
    ("GET", "/search/messages", Assistant),
    ("GET", "/inboxes", Assistant),
    ("POST", "/inboxes", Administrator),
    ("GET", "/inboxes/{inbox_id}", Assistant),
    ("PATCH", "/inboxes/{inbox_id}", Administrator),
    ("DELETE", "/inboxes/{inbox_id}", Administrator),
    ("DELETE", "/inboxes/{inbox_id}/avatar", Administrator),
    ("GET", "/inboxes/{inbox_id}/assignable_agents", Assistant),
    ("POST", "/google/authorization", Administrator),
    ("POST", "/microsoft/authorization", Administrator),
    ("GET", "/inbox_members/{inbox_id}", Assistant),
    ("POST", "/inbox_members", Administrator),
    ("PATCH", "/inbox_members", Administrator),
    ("DELETE", "/inbox_members", Administrator),
    ("GET", "/contacts", Agent),
    ("POST", "/contacts", Agent),
    ("GET", "/contacts/active", Agent),
    ("POST", "/contacts/filter", Agent),
    ("GET", "/contacts/search", Agent),
    ("POST", "/contacts/import", Administrator),
    ("GET", "/contacts/imports", Administrator),
    ("GET", "/contacts/imports/{import_id}", Administrator),
    ("GET", "/contacts/imports/{import_id}/failures", Administrator),
    // Whoever may see one of a contact's conversations sees the contact.
    ("GET", "/contacts/{contact_id}", Assistant),
    ("PATCH", "/contacts/{contact_id}", Agent),
    ("PUT", "/contacts/{contact_id}", Agent),
    ("DELETE", "/contacts/{contact_id}", Administrator),
    ("DELETE", "/contacts/{contact_id}/avatar", Agent),
    ("GET", "/contacts/{contact_id}/conversations", Assistant),
    ("GET", "/contacts/{contact_id}/contactable_inboxes", Assistant),
    ("POST", "/contacts/{contact_id}/contact_inboxes", Agent),
    ("POST", "/contacts/{contact_id}/destroy_custom_attributes", Agent),
    ("GET", "/contacts/{contact_id}/labels", Assistant),
    ("POST", "/contacts/{contact_id}/labels", Agent),
    ("POST", "/contacts/bulk_labels", Agent),
    ("GET", "/contacts/{contact_id}/merges", Agent),
    ("POST", "/contacts/{contact_id}/merges/{merge_id}/undo", Agent),
    ("GET", "/contacts/{contact_id}/notes", Agent),
    ("POST", "/contacts/{contact_id}/notes", Agent),
    ("GET", "/contacts/{contact_id}/notes/{note_id}", Agent),
    ("PATCH", "/contacts/{contact_id}/notes/{note_id}", Agent),
    ("DELETE", "/contacts/{contact_id}/notes/{note_id}", Agent),
    ("POST", "/contact_inboxes/filter", Assistant),
    ("POST", "/actions/contact_merge", Agent),
    // Each act is refused for itself.
    ("POST", "/bulk_actions", Assistant),
    ("GET", "/bulk_actions/{bulk_action_id}", Assistant),
    ("POST", "/bulk_actions/{bulk_action_id}/undo", Assistant),
    ("GET", "/canned_responses", Assistant),
    ("POST", "/canned_responses", Agent),
    ("GET", "/canned_responses/{canned_response_id}", Assistant),
    ("PATCH", "/canned_responses/{canned_response_id}", Agent),
    ("DELETE", "/canned_responses/{canned_response_id}", Agent),
    ("GET", "/custom_filters", Assistant),
    ("POST", "/custom_filters", Assistant),
    ("GET", "/custom_filters/{custom_filter_id}", Assistant),
    // It is the administrator's, shared with everybody; one's own anybody changes.
    ("PATCH", "/custom_filters/{custom_filter_id}", Administrator),
    ("DELETE", "/custom_filters/{custom_filter_id}", Administrator),
    // One's own.
    ("GET", "/notification_settings", Assistant),
    ("PATCH", "/notification_settings", Assistant),
    ("PUT", "/notification_settings", Assistant),
    ("GET", "/macros", Agent),
    ("POST", "/macros", Agent),
    ("GET", "/macros/{macro_id}", Agent),
    ("PATCH", "/macros/{macro_id}", Agent),
    ("DELETE", "/macros/{macro_id}", Agent),
    ("POST", "/macros/{macro_id}/execute", Agent),
    ("POST", "/upload", Agent),
    ("POST", "/conversations/filter", Assistant),
    ("POST", "/conversations/{conversation_id}/merge", Agent),
    ("POST", "/conversations/{conversation_id}/merge/undo", Agent),
    ("POST", "/conversations/{conversation_id}/mute", Agent),
    ("POST", "/conversations/{conversation_id}/unmute", Agent),
    ("GET", "/conversations/{conversation_id}/participants", Assistant),
    // Others than oneself.
    ("POST", "/conversations/{conversation_id}/participants", Agent),
    ("PATCH", "/conversations/{conversation_id}/participants", Agent),
    // Nobody of those named takes part: nothing is changed, whoever asks. Removing others is tried in api_participants.
    ("DELETE", "/conversations/{conversation_id}/participants", Assistant),
    ("GET", "/conversations/{conversation_id}/scheduled_messages", Assistant),
    ("POST", "/conversations/{conversation_id}/scheduled_messages", Assistant),
    // The administrator wrote it: others may not change its words, assistants do nothing to it.
    ("PATCH", "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}", Administrator),
    ("DELETE", "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}", Agent),
    ("POST", "/conversations/{conversation_id}/scheduled_messages/{scheduled_message_id}/send_now", Agent),
    ("GET", "/conversations", Assistant),
    ("POST", "/conversations", Agent),
    ("GET", "/conversations/meta", Assistant),
    ("GET", "/conversations/search", Assistant),
    ("GET", "/conversations/{conversation_id}", Assistant),
    ("PATCH", "/conversations/{conversation_id}", Assistant),
    ("DELETE", "/conversations/{conversation_id}", Administrator),
    ("GET", "/conversations/{conversation_id}/attachments", Assistant),
    ("POST", "/conversations/{conversation_id}/custom_attributes", Assistant),
    ("GET", "/conversations/{conversation_id}/labels", Assistant),
    ("POST", "/conversations/{conversation_id}/labels", Assistant),
    ("GET", "/conversations/{conversation_id}/messages", Assistant),
    ("POST", "/conversations/{conversation_id}/messages", Assistant),
    ("PATCH", "/conversations/{conversation_id}/messages/{message_id}", Assistant),
    ("POST", "/conversations/{conversation_id}/messages/{message_id}/retry", Assistant),
    ("DELETE", "/conversations/{conversation_id}/messages/{message_id}", Agent),
    ("POST", "/conversations/{conversation_id}/transcript", Assistant),
    ("POST", "/conversations/{conversation_id}/toggle_priority", Assistant),
    ("POST", "/conversations/{conversation_id}/toggle_status", Assistant),
    ("POST", "/conversations/{conversation_id}/toggle_typing_status", Assistant),
    ("POST", "/conversations/{conversation_id}/unread", Assistant),
    ("POST", "/conversations/{conversation_id}/update_last_seen", Assistant),
    // To somebody else; anybody may take what is nobody's.
    ("POST", "/conversations/{conversation_id}/assignments", Agent),
];

/// Routes about the person themselves, and open ones.
const PERSONAL: &[&str] = &["/api", "/auth/", "/api/v1/profile"];

/// Calls of the dashboard that ask only who is signed in, or not even that.
const PERSONAL_CALLS: &[&str] = &[
    "account/install",
    "account/timezones",
    "agent/cancel_email",
    "agent/locale",
    "agent/password",
    "agent/pending_email",
    "agent/profile",
    "agent/remove_avatar",
    "agent/request_email",
    "agent/rotate_token",
    "agent/token",
    "agent/ui_settings",
    "inbox/channels",
    "mailbox/preset",
    "session/accept_invitation",
    "session/begin_second_factor",
    "session/check_reset",
    "session/confirm_email",
    "session/confirm_second_factor",
    "session/disable_second_factor",
    "session/end",
    "session/end_others",
    "session/language",
    "session/list",
    "session/read_email_change",
    "session/read_invitation",
    "session/renew_recovery_codes",
    "session/request_reset",
    "session/reset_password",
    "session/second_factor",
    "session/second_step",
    "session/sign_in",
    "session/sign_out",
    "session/stop_viewing",
];

/// Calls of the dashboard in an account, by the end of their address, with what they are given beside the account.
fn calls(rows: &Rows) -> Vec<(&'static str, Role, Value)> {
    let (user, inbox, label, team) = (rows.user, rows.inbox, rows.label, rows.team);
    let conversation = json!({ "id": rows.conversation });
    let with = |more: Value| merged(&conversation, &more);
    let filter = serde_json::to_value(model::conversation::ConversationFilter::default()).unwrap();
    let agent = json!({ "name": "Nova", "email": "nova@example.com", "role": "agent", "assignment_limit": 5 });
    let label_input = json!({ "title": "outra", "description": "", "color": "#123456", "show_on_sidebar": true });
    let account_input = json!({
        "name": "Nova", "domain": "", "support_email": "", "industry": "", "company_size": "", "locale": "en", "timezone": "UTC", "assignment_limit": null,
        "auto_resolve": { "after": null, "message": "", "ignore_waiting": false, "label": null },
    });
    let attribute = json!({
        "model": "conversation_attribute", "key": "outro", "name": "Outro", "description": "", "kind": "text", "values": [],
        "regex_pattern": "", "regex_cue": "",
    });
    let hours = serde_json::to_value(model::hours::Hours::default()).unwrap();
    let site = json!({ "name": "Site", "config": { "website_url": "https://a.b" } });
    vec![
        ("account/workplace", Assistant, json!({})),
        ("account/update", Administrator, json!({ "change": account_input })),
        ("audit/list", Administrator, json!({ "filter": model::audit::AuditFilter::default(), "page": 1 })),
        ("agent/add", Administrator, json!({ "new": agent })),
        ("agent/auto_offline", Assistant, json!({ "auto_offline": true })),
        ("agent/availability", Assistant, json!({ "availability": "online" })),
        ("agent/invite_again", Administrator, json!({ "user": user })),
        ("agent/kept_mails", Administrator, json!({})),
        ("agent/update", Administrator, json!({ "user": user, "change": agent })),
        ("agent/secured", Administrator, json!({})),
        ("agent/reset_second_factor", Administrator, json!({ "user": user })),
        ("agent/remove", Administrator, json!({ "user": user })),
        // Refused to the administrator too: the one to be looked at is gone.
        ("session/view_as", Administrator, json!({ "user": user })),
        ("inbox/begin", Assistant, json!({ "filter": filter, "open": null })),
        ("inbox/list", Assistant, json!({ "filter": filter })),
        ("inbox/more", Assistant, json!({ "filter": filter, "cursor": "x" })),
        ("inbox/counts", Assistant, json!({ "filter": filter })),
        ("inbox/open", Assistant, conversation.clone()),
        ("inbox/older", Assistant, with(json!({ "before": rows.message }))),
        ("inbox/status", Assistant, with(json!({ "status": "open", "until": null }))),
        ("inbox/priority", Assistant, with(json!({ "priority": "high" }))),
        ("inbox/labels", Assistant, with(json!({ "labels": [] }))),
        ("inbox/seen", Assistant, conversation.clone()),
        ("inbox/unseen", Assistant, conversation.clone()),
        ("inbox/assign_agent", Agent, with(json!({ "agent": user }))),
        ("inbox/assign_team", Agent, with(json!({ "team": team }))),
        ("inbox/delete_message", Agent, with(json!({ "message": rows.message }))),
        ("inbox/retry_message", Assistant, with(json!({ "message": rows.message }))),
        ("inbox/contact", Agent, json!({ "id": rows.contact, "change": { "name": "Nova" } })),
        ("inbox/members", Assistant, json!({ "id": inbox })),
        ("inbox/create", Administrator, json!({ "channel": "web", "settings": site, "members": [] })),
        ("inbox/update", Administrator, json!({ "id": inbox, "settings": { "name": "Nova" } })),
        ("inbox/set_members", Administrator, json!({ "id": inbox, "members": [] })),
        ("inbox/installation", Administrator, json!({ "id": inbox })),
        ("inbox/end_old_identity", Administrator, json!({ "id": inbox })),
        ("inbox/rotate_identity", Administrator, json!({ "id": inbox })),
        ("inbox/hours", Administrator, json!({ "id": inbox })),
        ("mailbox/state", Administrator, json!({ "id": inbox })),
        ("mailbox/providers", Administrator, json!({})),
        ("mailbox/set_after", Administrator, json!({ "id": inbox, "after": "leave" })),
        (
            "mailbox/sign_in",
            Administrator,
            json!({ "wish": { "provider": "google", "email": "a@b.c", "inbox": inbox, "how_far": "nothing" } }),
        ),
        (
            "mailbox/save_connection",
            Administrator,
            json!({ "id": inbox, "password": null, "connection": { "host": "", "port": 993, "encryption": "tls",
                "check_certificate": true, "user": "x", "how_far": "nothing" } }),
        ),
        (
            "mailbox/save_sender",
            Administrator,
            json!({ "id": inbox, "password": null, "sender": { "host": "", "port": 587, "encryption": "start_tls",
                "check_certificate": true, "user": "x", "method": "any", "domain": "" } }),
        ),
        ("mailbox/switch", Administrator, json!({ "id": inbox, "way": "imap", "on": false })),
        ("inbox/set_hours", Administrator, json!({ "id": inbox, "hours": hours })),
        ("inbox/delete", Administrator, json!({ "id": inbox, "name": MARK })),
        ("attribute/contact", Agent, json!({ "id": rows.contact, "key": "k", "value": "v" })),
        ("attribute/conversation", Assistant, with(json!({ "key": "k", "value": "v" }))),
        ("attribute/save", Administrator, json!({ "id": null, "attribute": attribute })),
        ("attribute/delete", Administrator, json!({ "id": rows.attribute })),
        ("contact/list", Agent, json!({ "query": { "text": "", "label": "", "sort": "" }, "page": 1 })),
        ("contact/show", Assistant, json!({ "id": rows.contact })),
        ("contact/conversations", Assistant, json!({ "id": rows.contact, "cursor": "0.0" })),
        ("contact/save", Agent, json!({ "id": rows.contact, "contact": { "name": "Nova" } })),
        ("contact/labels", Agent, json!({ "id": rows.contact, "labels": [] })),
        ("contact/label_many", Agent, json!({ "ids": [], "add": [], "remove": [] })),
        ("contact/note", Agent, json!({ "contact": rows.contact, "id": null, "content": "x" })),
        ("contact/delete_note", Agent, json!({ "contact": rows.contact, "id": rows.note })),
        ("contact/remove_picture", Agent, json!({ "id": rows.contact })),
        ("contact/merge", Agent, json!({ "base": rows.contact, "mergee": 9_999 })),
        ("contact/undo_merge", Agent, json!({ "id": rows.contact, "merge": rows.merge })),
        ("contact/erase", Administrator, json!({ "id": rows.contact })),
        ("contact/erase_many", Administrator, json!({ "ids": [] })),
        ("notification/settings", Assistant, json!({})),
        ("notification/switch", Assistant, json!({ "switch": { "kind": "conversation_mention", "on": false } })),
        ("search", Assistant, json!({ "text": "x", "kind": "all", "page": 1 })),
        ("label/save", Administrator, json!({ "id": null, "label": label_input })),
        ("label/delete", Administrator, json!({ "id": label })),
    ]
}

/// The same: teams.
fn calls_on_teams(rows: &Rows) -> Vec<(&'static str, Role, Value)> {
    let team = rows.team;
    let team_input = json!({ "name": "outro", "description": "", "allow_auto_assign": true, "member_ids": [] });
    let hours = serde_json::to_value(model::hours::Hours::default()).unwrap();
    vec![
        ("team/save", Administrator, json!({ "id": null, "team": team_input })),
        ("team/gaps", Administrator, json!({ "id": team })),
        ("team/hours", Administrator, json!({ "id": team })),
        ("team/set_hours", Administrator, json!({ "id": team, "hours": hours })),
        ("team/delete", Administrator, json!({ "id": team, "name": MARK })),
    ]
}

/// The same: what is done with conversations, and what helps in it.
fn calls_at_work(rows: &Rows) -> Vec<(&'static str, Role, Value)> {
    let user = rows.user;
    let conversation = json!({ "id": rows.conversation });
    let with = |more: Value| merged(&conversation, &more);
    let standing = |assignee: Option<i64>| json!({ "status": "open", "snoozed_until": null, "priority": null, "assignee_id": assignee, "team_id": null, "labels": [] });
    let steps = json!([{ "action_name": "resolve_conversation", "action_params": [] }]);
    let view = |shared: bool| json!({ "name": "Nova", "conditions": [], "shared": shared });
    vec![
        // Each act is refused for itself.
        (
            "bulk/start",
            Assistant,
            json!({ "ids": [rows.conversation], "matching": null, "acts": [{ "act": "seen", "to": true }] }),
        ),
        (
            "bulk/start",
            Agent,
            json!({ "ids": [rows.conversation], "matching": null, "acts": [{ "act": "agent", "to": user }] }),
        ),
        ("bulk/running", Assistant, json!({})),
        // Somebody else's run is not there for anybody.
        ("bulk/undo", Assistant, json!({ "id": rows.bulk })),
        ("canned/list", Assistant, json!({})),
        ("canned/offer", Assistant, json!({ "search": "x" })),
        ("canned/save", Agent, json!({ "id": null, "short_code": "novo", "content": "x", "files": [] })),
        ("canned/delete", Agent, json!({ "id": rows.canned })),
        ("contact/imports", Administrator, json!({})),
        ("contact/reachable", Assistant, json!({ "contact": rows.contact })),
        ("conversation/beside", Assistant, conversation.clone()),
        ("conversation/transcript", Assistant, json!({ "id": rows.conversation, "to": "nobody" })),
        ("conversation/values", Assistant, conversation.clone()),
        ("conversation/merge", Agent, json!({ "from": rows.conversation, "into": 9_999 })),
        ("conversation/undo_merge", Agent, conversation.clone()),
        // Somebody else; oneself anybody takes in and out.
        ("conversation/participant", Agent, with(json!({ "user": user, "follows": true }))),
        ("inbox/mute", Agent, with(json!({ "muted": true }))),
        ("inbox/restore", Assistant, with(json!({ "after": standing(None), "before": standing(None) }))),
        // Into somebody's hands.
        ("inbox/restore", Agent, with(json!({ "after": standing(None), "before": standing(Some(user)) }))),
        ("macro/list", Agent, json!({})),
        ("macro/save", Agent, json!({ "id": null, "name": "Novo", "visibility": "global", "actions": steps })),
        ("macro/execute", Agent, json!({ "id": rows.macro_id, "conversations": [rows.conversation] })),
        ("macro/runs", Assistant, json!({ "conversation": rows.conversation })),
        ("macro/delete", Agent, json!({ "id": rows.macro_id })),
        // The administrator wrote it: others may not change its words, assistants do nothing to it.
        ("scheduled/change", Administrator, with(json!({ "scheduled": rows.scheduled, "content": "x", "send_at": 1 }))),
        ("scheduled/send_now", Agent, with(json!({ "scheduled": rows.scheduled }))),
        ("scheduled/cancel", Agent, with(json!({ "scheduled": rows.scheduled }))),
        ("tool/find", Assistant, json!({ "words": "x" })),
        ("view/counts", Assistant, json!({})),
        ("view/create", Assistant, json!({ "kind": "conversation", "view": view(false) })),
        ("view/create", Agent, json!({ "kind": "conversation", "view": view(true) })),
        // It is the administrator's, shared with everybody; one's own anybody changes.
        ("view/update", Administrator, json!({ "id": rows.view, "view": view(true) })),
        ("view/delete", Administrator, json!({ "id": rows.view })),
        ("view/order", Assistant, json!({ "ids": [rows.view] })),
    ]
}

/// The fields of both.
fn merged(one: &Value, more: &Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(more.as_object().unwrap().clone());
    Value::Object(all)
}

/// One person of each role, the least first.
const ROLES: [(&str, Role); 4] = [("ivo", Assistant), ("bia", Agent), ("sol", Supervisor), ("edu", Administrator)];

async fn company(world: &World) -> (Rows, Vec<(Role, Person)>) {
    let rows = Rows::fill(world).await;
    let mut people = Vec::new();
    for (name, role) in ROLES {
        let person = world.member(name, role).await;
        domain::inbox::member::add(&world.admin, model::InboxId(rows.inbox), &[person.id]).await.unwrap();
        people.push((role, person));
    }
    (rows, people)
}

/// A refusal for the role is told in the dialect's words, before anything else that may be wrong.
fn verify(may: bool, answer: &Answer, refusal: u16, what: &str) {
    let status = answer.status.as_u16();
    if may {
        assert!(!matches!(status, 401 | 403) && status < 500, "{what}: {status} {}", answer.text());
    } else {
        assert_eq!(status, refusal, "{what}: {}", answer.text());
    }
}

db::db_test! {
    async fn every_route_of_the_api_asks_for_its_role(test: TestDb) {
        let world = World::new(test).await;
        let (rows, people) = company(&world).await;
        for (role, person) in &people {
            for (method, path, least) in ROUTES {
                let what = format!("{role} {method} {path}");
                let address = rows.address(&world.path(path), rows.account);
                let body = (*method != "GET").then(|| rows.body());
                let answer = world.ask(&person.token, method, &address, body).await;
                // The body, which is the same for all, was refused before anybody asked for the role.
                if !role.includes(*least) && matches!(answer.status.as_u16(), 404 | 422) {
                    continue;
                }
                verify(role.includes(*least), &answer, 401, &what);
                if !role.includes(*least) {
                    assert_eq!(answer.json()["error"], "You are not authorized to do this action", "{what}");
                }
            }
        }
        let listed: BTreeSet<String> = ROUTES.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        for route in routes() {
            match route.path.strip_prefix("/api/v1/accounts/{account_id}") {
                Some(rest) => {
                    let name = format!("{} {rest}", route.method);
                    assert!(listed.contains(&name), "who may `{name}`? Say it in ROUTES");
                }
                None => assert!(PERSONAL.iter().any(|open| route.path.starts_with(open)), "{}", route.path),
            }
        }
    }

    async fn every_call_of_the_dashboard_asks_for_its_role(test: TestDb) {
        let world = World::new(test).await;
        let (mut rows, people) = company(&world).await;
        for (role, person) in &people {
            // Whoever may send or cancel it takes it away from those who come later.
            rows.scheduled = Rows::wait(&world, model::DisplayId(rows.conversation)).await;
            let calls = [calls(&rows), calls_on_teams(&rows), calls_at_work(&rows)].concat();
            let token = session::open(&person.ctx, person.id, &Client::default()).await.unwrap().token;
            for (end, least, more) in &calls {
                let mut body = more.clone();
                body["account"] = rows.account.into();
                let request = Request::post(format!("/app/api/{end}"))
                    .header(header::COOKIE, format!("cloudchat_session={token}"))
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::ACCEPT, "application/json")
                    .body(Body::from(body.to_string()));
                let answer = world.send(request.unwrap()).await;
                let what = format!("{role} {end}");
                verify(role.includes(*least), &answer, 403, &what);
                // A body that could not be read would have let everybody in.
                let is_unread = answer.status.as_u16() == 422 && answer.json()["field"].is_null() && answer.json()["code"] == "invalid";
                assert!(!is_unread, "{what}: {}", answer.text());
            }
        }
        let named = PERSONAL_CALLS.iter().copied();
        let known: BTreeSet<&str> = [calls(&rows), calls_on_teams(&rows), calls_at_work(&rows)].concat().iter().map(|(end, ..)| *end).chain(named).collect();
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            let end = path.trim_start_matches("/app/api/");
            assert!(known.contains(end), "who may call `{end}`? Say it in calls()");
        }
    }
}
