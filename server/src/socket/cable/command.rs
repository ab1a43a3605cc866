//! What clients say.

use serde::Deserialize;
use serde_json::Value;

/// A frame from a client.
#[derive(Debug, Deserialize)]
pub struct Command {
    #[serde(rename = "command")]
    pub name: String,
    /// Compared letter by letter.
    #[serde(default)]
    pub identifier: String,
    /// JSON inside JSON.
    data: Option<String>,
}

impl Command {
    /// Reads a frame; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The action that a message asks for.
    pub fn action(&self) -> Option<&'static str> {
        let data: Value = serde_json::from_str(self.data.as_deref()?).ok()?;
        // The only one there is.
        (data["action"] == "update_presence").then_some("update_presence")
    }
}
