//! A visitor says who they are. One identifier, e-mail or phone is one contact: who turns out to be the same person is merged.

use model::ErrorCode;
use model::attribute::AttributeModel;
use serde_json::Value;

use super::{chat, refresh};
use crate::attribute::value::{self, Manner};
use crate::contact::{self, Checked, Facts, merge, store};
use crate::ctx::{KnownVisitor, VisitorActor};
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, inbox, secret};

/// What the page says of the visitor.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    pub identifier: Option<String>,
    /// Proof of the identifier: hex HMAC-SHA256 with the inbox's token.
    pub identifier_hash: Option<String>,
    pub facts: Facts,
}

/// How much is known of whether a claim is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Signed by the site.
    Proven,
    /// Said by the page, in an inbox that asks for no proof.
    Said,
    /// Said without proof where the inbox demands it: never reaches another contact.
    Doubted,
}

/// The visitor as they are known now.
pub struct Identified {
    pub ctx: Ctx,
    /// Whether the browser must use a new token from now on.
    pub is_new_session: bool,
}

/// Identification by the page (`setUser`). A wrong proof is refused; without proof the inbox decides whether that is enough.
pub async fn set_user(ctx: &Ctx, claim: Claim) -> Result<Identified> {
    let visitor = ctx.visitor()?;
    let identifier = claim.identifier.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let proven = prove(ctx, identifier.as_deref(), claim.identifier_hash.as_deref()).await?;
    let facts = lenient(ctx, Facts { identifier: identifier.clone(), ..claim.facts }).await?;
    // Another person at the same computer: a session of their own, nothing of the other is shown to them.
    let holds_other = match super::contact(ctx).await? {
        Some(contact) => identifier.is_some() && contact.identifier.is_some() && contact.identifier != identifier,
        None => false,
    };
    let base = if holds_other {
        ctx.with(Actor::Visitor(VisitorActor {
            source_id: secret::uuid(),
            known: None,
            chosen: None,
            ..visitor.clone()
        }))
    } else {
        ctx.clone()
    };
    let is_first = base.visitor()?.known.is_none();
    let present = chat::present(&base).await?;
    let trust = if proven { Trust::Proven } else { Trust::Said };
    let ctx = apply(&present, facts, trust, false).await?;
    Ok(Identified { ctx, is_new_session: holds_other || is_first })
}

/// What the visitor says of themselves (forms in the widget). Never proves anything, and does not take an identifier.
pub async fn update(ctx: &Ctx, facts: Facts, keep_name: bool) -> Result<Identified> {
    let is_new_session = ctx.visitor()?.known.is_none();
    let present = chat::present(ctx).await?;
    let facts = lenient(ctx, Facts { identifier: None, blocked: None, ..facts }).await?;
    let trust = if demands_proof(ctx).await? { Trust::Doubted } else { Trust::Said };
    let ctx = apply(&present, facts, trust, keep_name).await?;
    Ok(Identified { ctx, is_new_session })
}

/// Checks what a program says to prove for whom it speaks; from then on the visitor's place is proven.
pub(super) async fn vouch(ctx: &Ctx, identifier: Option<&str>, hash: Option<&str>) -> Result<Ctx> {
    if !prove(ctx, identifier, hash).await? {
        return Ok(ctx.clone());
    }
    let visitor = ctx.visitor()?;
    let contact = super::contact(ctx).await?;
    // A right proof of somebody else opens nothing here.
    let is_it = contact.is_some_and(|contact| contact.identifier.as_deref() == identifier.map(str::trim));
    let known = visitor.known.filter(|_| is_it);
    let known = known.ok_or_else(|| Error::field("identifier_hash", ErrorCode::Unauthenticated))?;
    if known.hmac_verified {
        return Ok(ctx.clone());
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::set_verified(&mut work.tx, visitor.account_id, known.contact_inbox_id, now).await?;
    work.commit().await?;
    let known = KnownVisitor { hmac_verified: true, ..known };
    Ok(ctx.with(Actor::Visitor(VisitorActor { known: Some(known), ..visitor.clone() })))
}

async fn demands_proof(ctx: &Ctx) -> Result<bool> {
    Ok(super::inbox(ctx).await?.config_bool("hmac_mandatory"))
}

async fn prove(ctx: &Ctx, identifier: Option<&str>, hash: Option<&str>) -> Result<bool> {
    let visitor = ctx.visitor()?;
    let inbox = super::inbox(ctx).await?;
    let hash = hash.filter(|hash| !hash.is_empty());
    let (Some(identifier), Some(hash)) = (identifier, hash) else {
        let must = inbox.config_bool("hmac_mandatory");
        return if must { Err(Error::field("identifier_hash", ErrorCode::Unauthenticated)) } else { Ok(false) };
    };
    if inbox::identity::proves(ctx, &inbox, visitor.account_id, identifier, hash).await? {
        Ok(true)
    } else {
        Err(Error::field("identifier_hash", ErrorCode::Unauthenticated))
    }
}

/// Leaves out what cannot be kept instead of refusing everything: a page's data is often half right.
async fn lenient(ctx: &Ctx, facts: Facts) -> Result<Checked> {
    let mut checked = Checked::default();
    let single = |facts: Facts| facts.check().unwrap_or_default();
    let not_blank = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    checked.name = single(Facts { name: not_blank(facts.name), ..Facts::default() }).name;
    checked.email = single(Facts { email: not_blank(facts.email), ..Facts::default() }).email;
    checked.phone_number =
        single(Facts { phone_number: not_blank(facts.phone_number), ..Facts::default() }).phone_number;
    checked.identifier = single(Facts { identifier: not_blank(facts.identifier), ..Facts::default() }).identifier;
    checked.avatar_url = single(Facts { avatar_url: not_blank(facts.avatar_url), ..Facts::default() }).avatar_url;
    let attributes = Facts { additional_attributes: facts.additional_attributes, ..Facts::default() };
    checked.additional_attributes = single(attributes).additional_attributes;
    let attributes = Facts { custom_attributes: facts.custom_attributes, ..Facts::default() };
    if let Some(given) = single(attributes).custom_attributes {
        let account = ctx.visitor()?.account_id;
        let known = value::checked(ctx.db(), account, AttributeModel::Contact, given, Manner::Lenient).await?;
        checked.custom_attributes = Some(known);
    }
    Ok(checked)
}

/// Joins the visitor's contact with the one that the facts name, then puts the facts over it. Tried twice: two tabs that say the
/// same at once meet at the uniqueness rules, and the second finds what the first made.
async fn apply(ctx: &Ctx, facts: Checked, trust: Trust, keep_name: bool) -> Result<Ctx> {
    match try_apply(ctx, facts.clone(), trust, keep_name).await {
        Err(error) if error.known() == Some(ErrorCode::Taken) || error.known() == Some(ErrorCode::NotFound) => {
            ctx.db().settle().await;
            try_apply(&refresh(ctx).await?, facts, trust, keep_name).await
        }
        other => other,
    }
}

async fn try_apply(ctx: &Ctx, mut facts: Checked, trust: Trust, keep_name: bool) -> Result<Ctx> {
    let visitor = ctx.visitor()?;
    let known = visitor.known.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::lock_in_inbox(&mut work.tx, visitor.account_id, known.contact_inbox_id, now).await?;
    let base = same_person(&mut work, visitor, known, &mut facts, trust).await?;
    if base != known.contact_id {
        merge::into(&mut work, visitor.account_id, known.contact_id, base).await?;
    }
    let row = store::find(&mut work.tx, visitor.account_id, base).await?.ok_or_else(Error::not_found)?;
    if keep_name && !row.name.is_empty() {
        facts.name = None;
    }
    if trust == Trust::Proven {
        store::set_verified(&mut work.tx, visitor.account_id, known.contact_inbox_id, now).await?;
    }
    contact::change(&mut work, visitor.account_id, base, facts).await?;
    work.commit().await?;
    let known =
        KnownVisitor { contact_id: base, hmac_verified: known.hmac_verified || trust == Trust::Proven, ..known };
    Ok(ctx.with(Actor::Visitor(VisitorActor { known: Some(known), ..visitor.clone() })))
}

/// The contact that the facts name: by identifier, then by e-mail, then by phone. Facts that belong to somebody who is provably
/// another person are left out.
async fn same_person(
    work: &mut Work<'_>,
    visitor: &VisitorActor,
    known: KnownVisitor,
    facts: &mut Checked,
    trust: Trust,
) -> Result<model::ContactId> {
    let account = visitor.account_id;
    let own = store::find(&mut work.tx, account, known.contact_id).await?.ok_or_else(Error::not_found)?;
    let identifier = facts.identifier.clone().flatten().or_else(|| own.identifier.clone());
    let mut base = own.clone();
    if let Some(identifier) = facts.identifier.clone().flatten()
        && let Some(found) = store::find_by_identifier(&mut work.tx, account, &identifier).await?
    {
        base = found;
    }
    // Only a visitor who is nobody in particular yet, or provably the same, can turn out to be somebody known.
    let can_be = |found: &store::Row, base: &store::Row| {
        let is_other = found.identifier.is_some() && identifier.is_some() && found.identifier != identifier;
        let is_settled = base.id != own.id || (own.identifier.is_some() && found.identifier.is_some());
        trust != Trust::Doubted && !is_other && !is_settled
    };
    if let Some(email) = facts.email.clone().flatten()
        && let Some(found) = store::find_by_email(&mut work.tx, account, &email).await?
        && found.id != base.id
    {
        if can_be(&found, &base) { base = found } else { facts.email = None }
    }
    if let Some(phone) = facts.phone_number.clone().flatten()
        && let Some(found) = store::find_by_phone(&mut work.tx, account, &phone).await?
        && found.id != base.id
    {
        let email = facts.email.clone().flatten();
        let has_other_email = found.email.is_some() && email.is_some() && found.email != email;
        if can_be(&found, &base) && !has_other_email { base = found } else { facts.phone_number = None }
    }
    Ok(base.id)
}

/// Takes custom attributes of the visitor's contact away.
pub async fn remove_attributes(ctx: &Ctx, keys: &[String]) -> Result<()> {
    let visitor = ctx.visitor()?;
    let Some(known) = visitor.known else { return Ok(()) };
    let mut work = ctx.begin().await?;
    contact::drop_attributes(&mut work, visitor.account_id, known.contact_id, keys).await?;
    work.commit().await
}

/// The custom attributes that a page may set, as an object.
pub fn custom_attributes(given: Value) -> Facts {
    Facts { custom_attributes: Some(given), ..Facts::default() }
}
