//! The company.

pub mod calls;

/// Everything that the pages of an account begin with.
#[cfg(feature = "ssr")]
pub(crate) async fn read_workplace(ctx: &domain::Ctx) -> domain::Result<crate::boot::Workplace> {
    use domain::{account, agent, attribute, inbox, label, saved_view, team};

    use crate::boot::{Lists, Workplace};

    let me = ctx.agent()?.user_id;
    let account = account::get(ctx).await?;
    let lists = Lists {
        inboxes: inbox::list(ctx).await?,
        agents: agent::list(ctx).await?,
        labels: label::list(ctx).await?,
        attributes: attribute::list(ctx, None).await?,
        teams: team::list(ctx).await?,
        views: saved_view::list(ctx, None).await?,
    };
    let me = lists.agents.iter().find(|agent| agent.id == me).cloned().ok_or_else(domain::Error::forbidden)?;
    let chosen_availability = agent::profile::availability(ctx).await?;
    Ok(Workplace { account, me, chosen_availability, lists })
}
