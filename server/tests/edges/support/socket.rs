//! A client of the sockets.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects; the error is the status of the refusal.
    pub async fn connect(address: SocketAddr, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn send(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    pub async fn send_raw(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Sends to a server that may have closed already.
    pub async fn try_send(&mut self, text: &str) {
        _ = self.0.send(Message::text(text)).await;
    }

    /// The same as bytes, which no client sends.
    pub async fn try_send_bytes(&mut self, bytes: &[u8]) {
        _ = self.0.send(Message::binary(bytes.to_vec())).await;
    }

    /// The next frame of any kind; `None` when the server closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a frame in time")?;
            match frame.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next frame for which `wanted` holds.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await.expect("the socket to be open");
            if wanted(&frame) {
                return frame;
            }
        }
    }

    /// The server closes, sooner or later.
    pub async fn closed(mut self) {
        while self.next().await.is_some() {}
    }

    /// Subscribes in the dialect; whether it was confirmed, and the answer.
    pub async fn subscribe(&mut self, identifier: &Value) -> Value {
        self.send(&json!({"command": "subscribe", "identifier": identifier.to_string()})).await;
        self.until(|frame| frame["type"] == "confirm_subscription" || frame["type"] == "reject_subscription").await
    }

    /// The next event of this name in the dialect.
    pub async fn event(&mut self, name: &str) -> Value {
        self.until(|frame| frame["message"]["event"] == name).await
    }
}
