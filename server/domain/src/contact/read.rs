//! Reading contacts without asking who reads; callers have asked.

use model::contact::{Contact, Total};
use model::{AccountId, ContactId, Permission};

use super::store::list::Asked;
use super::store::{self, Row};
use crate::ctx::AgentActor;
use crate::realtime::presence::Who;
use crate::{Actor, Ctx, Result};

model::text_enum! {
    /// The order of the contact list, as the API names it.
    Sort {
        ActivityDesc = "-last_activity_at",
        Activity = "last_activity_at",
        Name = "name",
        NameDesc = "-name",
        Email = "email",
        EmailDesc = "-email",
        Phone = "phone_number",
        PhoneDesc = "-phone_number",
        Created = "created_at",
        CreatedDesc = "-created_at",
        Company = "company",
        CompanyDesc = "-company",
        City = "city",
        CityDesc = "-city",
        Country = "country",
        CountryDesc = "-country",
    }
}

impl Sort {
    /// Whether an index has the contacts in this order.
    pub(super) fn is_indexed(self) -> bool {
        matches!(
            self,
            Self::ActivityDesc | Self::Activity | Self::Name | Self::NameDesc | Self::Created | Self::CreatedDesc
        )
    }

    pub(super) fn order(self) -> &'static str {
        match self {
            Self::ActivityDesc => " order by coalesce(last_activity_at, 0) desc, id desc",
            Self::Activity => " order by coalesce(last_activity_at, 0), id",
            Self::Name => " order by sort_name, id",
            Self::NameDesc => " order by sort_name desc, id desc",
            Self::Email => " order by email asc nulls last, id",
            Self::EmailDesc => " order by email desc nulls last, id desc",
            Self::Phone => " order by phone_number asc nulls last, id",
            Self::PhoneDesc => " order by phone_number desc nulls last, id desc",
            Self::Created => " order by created_at, id",
            Self::CreatedDesc => " order by created_at desc, id desc",
            Self::Company => " order by company asc nulls last, id",
            Self::CompanyDesc => " order by company desc nulls last, id desc",
            Self::City => " order by lower(additional_attributes ->> 'city') asc nulls last, id",
            Self::CityDesc => " order by lower(additional_attributes ->> 'city') desc nulls last, id desc",
            Self::Country => " order by lower(additional_attributes ->> 'country') asc nulls last, id",
            Self::CountryDesc => " order by lower(additional_attributes ->> 'country') desc nulls last, id desc",
        }
    }
}

pub(crate) fn shown(ctx: &Ctx, account: AccountId, row: Row) -> Contact {
    let online = ctx.app.hub.presence.is_here(Who::Contact(account, row.id), ctx.now());
    Contact {
        id: row.id,
        name: row.name,
        email: row.email,
        phone_number: row.phone_number,
        identifier: row.identifier,
        avatar_url: row.avatar_key.as_deref().map(crate::message::attachment::avatar_url).or(row.avatar_url),
        blocked: row.blocked,
        additional_attributes: row.additional_attributes.0,
        custom_attributes: row.custom_attributes.0,
        last_activity_at: row.last_activity_at.filter(|_| may_know_of_all(ctx)),
        created_at: row.created_at,
        online,
    }
}

/// When a contact was active last may be in a conversation that an assistant must not know of.
fn may_know_of_all(ctx: &Ctx) -> bool {
    !matches!(&ctx.actor, Actor::Agent(agent) if !agent.role.has(Permission::SeeContacts))
}

pub(crate) async fn one(ctx: &Ctx, account: AccountId, id: ContactId) -> Result<Option<Contact>> {
    Ok(store::find(ctx.db(), account, id).await?.map(|row| shown(ctx, account, row)))
}

/// These contacts, in no order.
pub(crate) async fn many(ctx: &Ctx, account: AccountId, ids: &[ContactId]) -> Result<Vec<Contact>> {
    let rows = store::find_all(ctx.db(), account, ids).await?;
    Ok(rows.into_iter().map(|row| shown(ctx, account, row)).collect())
}

pub(crate) async fn page(
    ctx: &Ctx,
    account: AccountId,
    asked: &Asked<'_>,
    sort: Sort,
    page: i64,
    size: i64,
) -> Result<(Vec<Contact>, Total)> {
    let (rows, total) = store::list::page(ctx.db(), account, asked, sort, page, size).await?;
    Ok((rows.into_iter().map(|row| shown(ctx, account, row)).collect(), total))
}

/// Whether an agent may know of a conversation of this contact.
pub(crate) async fn is_met_by(ctx: &Ctx, agent: &AgentActor, id: ContactId) -> Result<bool> {
    Ok(store::has_conversation_for(ctx.db(), agent, id).await?)
}

/// How many contacts an account has.
pub async fn count(ctx: &Ctx, account: AccountId) -> Result<i64> {
    Ok(store::count(ctx.db(), account).await?)
}
