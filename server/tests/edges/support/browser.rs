//! A visitor's browser, without a browser: the calls that the chat makes.

use axum::body::Body;
use axum::http::{Request, header};
use model::inbox::Inbox;
use serde_json::{Value, json};

use super::{Answer, World};

/// A browser on somebody's site.
pub struct Browser<'a> {
    pub world: &'a World,
    pub website_token: String,
    pub token: String,
}

impl<'a> Browser<'a> {
    pub fn new(world: &'a World, inbox: &Inbox) -> Self {
        Self { world, website_token: inbox.identifier.clone(), token: String::new() }
    }

    pub fn path(&self, path: &str) -> String {
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("/api/v1/widget/{path}{sign}website_token={}&locale=en", self.website_token)
    }

    pub async fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(method).uri(self.path(path)).header("x-auth-token", &self.token);
        self.world.send(request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()).await
    }

    pub async fn ask(&mut self, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = self.send(method, path, "application/json", body).await;
        if let Ok(Value::Object(answer)) = serde_json::from_slice(&answer.bytes)
            && let Some(token) = answer.get("widget_auth_token").and_then(Value::as_str)
        {
            self.token = token.to_owned();
        }
        answer
    }

    pub async fn say(&mut self, content: &str) -> Value {
        self.ask("POST", "messages", json!({"message": {"content": content}})).await.ok()
    }

    /// A message with files: name, type, content.
    pub async fn send_files(&self, files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"message[content]\"\r\n\r\nveja\r\n".to_vec();
        for (name, kind, content) in files {
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"message[attachments][]\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        self.send("POST", "messages", "multipart/form-data; boundary=x", body).await
    }

    /// What a list of the chat holds.
    pub async fn list(&mut self, path: &str) -> Value {
        self.ask("GET", path, Value::Null).await.ok()
    }

    /// The page says who it is, with the proof that belongs to it.
    pub async fn is_person(&mut self, inbox: &Inbox, identifier: &str) -> Value {
        let token = domain::inbox::secret(&self.world.admin, inbox.id, "hmac_token").await.unwrap();
        let hash = domain::secret::hmac_hex(&token, identifier);
        self.ask("PATCH", "contact/set_user", json!({"identifier": identifier, "identifier_hash": hash})).await.ok()
    }
}
