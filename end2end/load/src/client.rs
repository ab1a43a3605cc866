//! Talking to the server as visitors and agents do.

use anyhow::{Context as _, Result, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An agent with an access token.
#[derive(Clone)]
pub struct Agent {
    pub http: reqwest::Client,
    pub url: String,
    pub token: String,
    pub account: i64,
    pub user: i64,
}

impl Agent {
    pub fn new(url: &str, made: &Value) -> Result<Self> {
        Ok(Self {
            http: reqwest::Client::new(),
            url: url.to_owned(),
            token: made["access_token"].as_str().context("an access token")?.to_owned(),
            account: made["account_id"].as_i64().context("an account")?,
            user: made["user_id"].as_i64().context("a user")?,
        })
    }

    /// A request below the account.
    pub async fn ask(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Result<Value> {
        let url = format!("{}/api/v1/accounts/{}{path}", self.url, self.account);
        let mut request = self.http.request(method, url).header("api_access_token", &self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    /// A website inbox; its token.
    pub async fn website(&self) -> Result<String> {
        let body =
            json!({ "name": "Loja", "channel": { "type": "web_widget", "website_url": "https://loja.example.com" } });
        let inbox = self.ask(reqwest::Method::POST, "/inboxes", Some(body)).await?;
        Ok(inbox["website_token"].as_str().context("a website token")?.to_owned())
    }

    /// The name of the agent's stream on the socket.
    pub async fn stream(&self) -> Result<String> {
        let request = self.http.get(format!("{}/api/v1/profile", self.url)).header("api_access_token", &self.token);
        Ok(answer(request).await?["pubsub_token"].as_str().context("a stream")?.to_owned())
    }
}

/// A visitor's browser.
#[derive(Clone)]
pub struct Visitor {
    pub http: reqwest::Client,
    pub url: String,
    pub website: String,
    pub token: String,
    pub stream: String,
}

impl Visitor {
    pub async fn enter(url: &str, website: &str) -> Result<Self> {
        let http = reqwest::Client::new();
        let config = answer(http.post(format!("{url}/api/v1/widget/config?website_token={website}"))).await?;
        let token = config["website_channel_config"]["auth_token"].as_str().context("a visitor token")?;
        let stream = config["contact"]["pubsub_token"].as_str().context("a stream")?;
        let (token, stream) = (token.to_owned(), stream.to_owned());
        Ok(Self { http, url: url.to_owned(), website: website.to_owned(), token, stream })
    }

    /// Writes; the number of the conversation.
    pub async fn say(&self, content: &str, echo: &str) -> Result<i64> {
        let url = format!("{}/api/v1/widget/messages?website_token={}", self.url, self.website);
        let body = json!({ "message": { "content": content, "echo_id": echo } });
        let kept = answer(self.http.post(url).header("x-auth-token", &self.token).json(&body)).await?;
        kept["conversation_id"].as_i64().context("a conversation")
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value> {
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    if !status.is_success() {
        bail!("{status}: {body}");
    }
    Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
}

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a socket and subscribes; returns when that is confirmed.
pub async fn subscribe(url: &str, identifier: Value) -> Result<Socket> {
    let mut request = format!("{}/cable", url.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "actioncable-v1-json".parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    let command = json!({ "command": "subscribe", "identifier": identifier.to_string() });
    socket.send(Message::text(command.to_string())).await?;
    while let Some(frame) = next(&mut socket).await? {
        match frame["type"].as_str() {
            Some("confirm_subscription") => return Ok(socket),
            Some("reject_subscription" | "disconnect") => bail!("refused: {frame}"),
            _ => {}
        }
    }
    bail!("the socket closed before it was confirmed")
}

/// The next frame.
pub async fn next(socket: &mut Socket) -> Result<Option<Value>> {
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message? {
            return Ok(Some(serde_json::from_str(&text)?));
        }
    }
    Ok(None)
}
