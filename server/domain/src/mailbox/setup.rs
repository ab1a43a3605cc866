//! Setting a mailbox up, step by step: what is known of a provider, trying, and how it goes.

use model::mailbox::{self, Connection, MailState, Place, Preset, PresetHint, Progress, Security, Sender, Way};
use model::{InboxId, Permission};
use post::{Encryption, Hint};

use super::connect::{connect, connect_sender};
use super::{sign_in, store, trouble};
use crate::{Ctx, Result, inbox};

type Refused<T> = std::result::Result<T, mailbox::Trouble>;

/// How an inbox reads and sends. For administrators.
pub async fn state(ctx: &Ctx, id: InboxId) -> Result<MailState> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let (account, inbox) = (agent.account_id, inbox::get(ctx, id).await?);
    let sign_in = sign_in::find(ctx, account, id).await?;
    let mut state = MailState { address: inbox.identifier, sign_in, ..MailState::default() };
    if let Some(row) = store::connection::find(ctx.db(), account, id).await? {
        state.troubles.extend(noted(Way::Imap, row.trouble, row.trouble_said));
        state.connection = Some(serde_json::from_value(row.config.0)?);
        state.reads = row.enabled;
    }
    if let Some(row) = store::sender::find(ctx.db(), account, id).await? {
        state.troubles.extend(noted(Way::Smtp, row.trouble, row.trouble_said));
        state.sender = Some(serde_json::from_value(row.config.0)?);
        state.sends = row.enabled;
    }
    if let Some(mark) = store::mark(ctx.db(), account, id).await? {
        state.progress = Some(Progress { waiting: mark.waiting, taken: mark.taken });
        state.read_at = Some(mark.updated_at);
    }
    Ok(state)
}

fn noted(way: Way, kind: Option<String>, said: Option<String>) -> Option<mailbox::Trouble> {
    let kind = kind?.parse().ok()?;
    Some(mailbox::Trouble { way, kind, said: said.unwrap_or_default() })
}

/// Tries and keeps where mail is read; see [`connect`].
pub async fn save_connection(
    ctx: &Ctx,
    id: InboxId,
    connection: Connection,
    password: Option<&str>,
) -> Result<Refused<()>> {
    let outcome = connect(ctx, &ctx.app.mail, id, connection, password).await?;
    Ok(outcome.map_err(|trouble| trouble::told(Way::Imap, &trouble)))
}

/// Tries and keeps where mail is handed in.
pub async fn save_sender(ctx: &Ctx, id: InboxId, sender: Sender, password: Option<&str>) -> Result<Refused<()>> {
    let outcome = connect_sender(ctx, &ctx.app.mail, id, sender, password).await?;
    Ok(outcome.map_err(|trouble| trouble::told(Way::Smtp, &trouble)))
}

/// The servers of an address, where its domain is a known one.
pub fn preset(address: &str) -> Option<Preset> {
    let known = post::preset(address, None)?;
    let place = |(host, port, encryption): (&str, u16, Encryption)| Place {
        host: host.to_owned(),
        port,
        encryption: match encryption {
            Encryption::Tls => Security::Tls,
            Encryption::StartTls => Security::StartTls,
            Encryption::None => Security::None,
        },
    };
    let hint = known.hint.map(|hint| match hint {
        Hint::AppPassword => PresetHint::AppPassword,
        Hint::SwitchOnImap => PresetHint::SwitchOnImap,
        Hint::SignInWithGoogle => PresetHint::SignInWithGoogle,
        Hint::SignInWithMicrosoft => PresetHint::SignInWithMicrosoft,
    });
    Some(Preset { imap: place(known.imap), smtp: place(known.smtp), hint })
}
