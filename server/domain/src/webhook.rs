//! Telling other systems: what happened, as JSON, to an address that somebody of an account named.
//!
//! Such an address is a stranger's word. It is looked up here, and only addresses of the public network are connected to, unless the
//! operator allows others; redirections are not followed; the answer is not read.

mod call;
pub(crate) mod past;
pub mod told;
pub mod typing;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use model::conversation::Conversation;
use model::live::Typist;
use model::message::Message;
use model::{AccountId, ConversationId, ErrorCode};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};

use crate::event::Part;
use crate::message::read::{self, Last};
use crate::{Ctx, Error, Result, conversation};

/// Longest address.
const MAX_ADDRESS: usize = 2_048;
/// Longest time until the other side takes the call.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest time until it has answered.
const ANSWER: Duration = Duration::from_secs(10);

/// Speaks the dialect that other systems understand. Given by the edge that knows it.
#[async_trait]
pub trait Dialect: Send + Sync {
    /// A conversation with its newest messages, as events carry it.
    async fn conversation(
        &self,
        ctx: &Ctx,
        account: AccountId,
        conversation: &Conversation,
        last: &Last,
    ) -> Result<Value>;

    /// A message, as events carry it, without its conversation.
    async fn message(
        &self,
        ctx: &Ctx,
        account: AccountId,
        conversation: &Conversation,
        message: &Message,
    ) -> Result<Value>;

    /// Somebody who types in a conversation.
    async fn typist(&self, ctx: &Ctx, account: AccountId, conversation: &Conversation, who: &Typist) -> Result<Value>;

    /// The value of a part of a conversation in the form in which the conversation itself has it.
    fn value(&self, part: Part, value: &Value) -> Value;
}

/// What calls are made with.
#[derive(Default)]
pub struct Webhooks {
    dialect: OnceLock<Arc<dyn Dialect>>,
    client: OnceLock<Client>,
}

impl Webhooks {
    /// Teaches the dialect; the first one stays.
    pub fn speak(&self, dialect: Arc<dyn Dialect>) {
        // Several servers over one application speak the same.
        let _ = self.dialect.set(dialect);
    }

    fn dialect(&self) -> Result<&Arc<dyn Dialect>> {
        self.dialect.get().ok_or_else(|| Error::Unavailable("no dialect to tell it in".to_owned()))
    }

    fn client(&self, private: bool) -> Result<Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        // Another part of the program may have chosen it already: the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(Arc::new(Guard { private }))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent("CloudChat")
            .build()
            .map_err(|error| Error::Internal(error.into()))?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

/// Finds addresses, and only those that may be connected to.
struct Guard {
    private: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|found| private || post::is_public(found.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no address in the public network".into());
            }
            let allowed: Addrs = Box::new(allowed.into_iter());
            Ok(allowed)
        })
    }
}

/// An address that may be called, as far as it can be known without looking it up.
pub(crate) fn checked(ctx: &Ctx, field: &str, address: &str) -> Result<Url> {
    let wrong = || Error::field(field, ErrorCode::InvalidUrl);
    let address = address.trim();
    if address.len() > MAX_ADDRESS {
        return Err(Error::field(field, ErrorCode::TooLong));
    }
    let url = Url::parse(address).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    // Numbers are not looked up, so they are judged here.
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    let is_allowed = ctx.app.settings.private_webhooks || literal.is_none_or(post::is_public);
    if is_plain && is_allowed { Ok(url) } else { Err(wrong()) }
}

/// Tells how a conversation stands. Done twice, the other side hears it twice.
pub(crate) async fn tell(ctx: &Ctx, account: AccountId, id: ConversationId, address: &str, event: &str) -> Result<()> {
    let hooks = &ctx.app.webhooks;
    let Some(found) = conversation::read::one(ctx, account, id).await? else { return Ok(()) };
    // What was allowed when it was written may not be any more.
    let Ok(url) = checked(ctx, "url", address) else { return Ok(()) };
    let last = read::last(ctx, account, &[id]).await?.remove(&id).unwrap_or_default();
    let mut body = hooks.dialect()?.conversation(ctx, account, &found, &last).await?;
    if let Some(fields) = body.as_object_mut() {
        fields.insert("event".to_owned(), json!(event));
    }
    let answer = hooks.client(ctx.app.settings.private_webhooks)?.post(url).json(&body).send().await;
    let status = answer.map_err(|error| Error::Unavailable(format!("webhook: {}", error.without_url())))?.status();
    judged(status)
}

/// Who refuses will refuse again; who is in trouble may be well later.
fn judged(status: StatusCode) -> Result<()> {
    if status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT) {
        return Err(Error::Unavailable(format!("webhook: answered {status}")));
    }
    if !status.is_success() {
        tracing::warn!(%status, "a webhook was refused");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    db::db_test! {
        async fn addresses_inside_of_networks_are_no_addresses(test: TestDb) {
            let app = testing::app(&test);
            let ctx = app.system();
            for right in ["https://loja.example/hook?a=1", "http://8.8.8.8/"] {
                assert!(checked(&ctx, "url", right).is_ok(), "{right}");
            }
            for wrong in [
                "loja.example", "ftp://loja.example", "https://u:p@loja.example/", "http://127.0.0.1:3000/", "http://2130706433/",
                "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://192.168.0.1/", "",
            ] {
                assert_eq!(checked(&ctx, "url", wrong).unwrap_err().known(), Some(ErrorCode::InvalidUrl), "{wrong}");
            }
        }

        async fn a_name_that_leads_inside_is_not_followed(test: TestDb) {
            let app = testing::app(&test);
            let refused = app.webhooks.client(false).unwrap().post("http://localhost:9/").send().await.unwrap_err();
            assert!(format!("{refused:?}").contains("public network"), "{refused:?}");
        }
    }

    #[test]
    fn only_trouble_is_tried_again() {
        assert!(judged(StatusCode::OK).is_ok());
        assert!(judged(StatusCode::NOT_FOUND).is_ok());
        assert!(judged(StatusCode::BAD_GATEWAY).is_err());
        assert!(judged(StatusCode::TOO_MANY_REQUESTS).is_err());
    }
}
