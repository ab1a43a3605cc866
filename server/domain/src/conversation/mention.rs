//! Who is named in a note: they follow the conversation from then on, if they may know of it.

use model::mention::{Mention, mentions};
use model::{MessageId, UserId};

use super::participant;
use super::store::Facts;
use crate::event::Event;
use crate::work::Work;
use crate::{Ctx, Result, notification, team};

/// Notes who a note names, in the change that writes it. Whoever may not know of the conversation is not told.
pub(crate) async fn note(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &Facts,
    by: UserId,
    message: MessageId,
    content: &str,
) -> Result<()> {
    let now = work.now;
    for user in named(work, facts, content).await? {
        if user == by || participant::sees(ctx, facts, user).await?.is_none() {
            continue;
        }
        participant::store::mention(&mut work.tx, facts, user, message, now).await?;
        participant::join(work, facts, user).await?;
        notification::mentioned(work, facts, user, message).await?;
        work.record(
            facts.account_id,
            Event::Mentioned { conversation_id: facts.id, message_id: message, user_id: user },
        );
    }
    Ok(())
}

/// The people who are named, themselves or with their team.
async fn named(work: &mut Work<'_>, facts: &Facts, content: &str) -> Result<Vec<UserId>> {
    let mut users: Vec<UserId> = Vec::new();
    for mention in mentions(content) {
        let of_mention = match mention {
            Mention::User(user) => vec![user],
            Mention::Team(id) => team::store::members((&mut work.tx).into(), facts.account_id, id).await?,
        };
        for user in of_mention {
            if !users.contains(&user) {
                users.push(user);
            }
        }
    }
    Ok(users)
}
