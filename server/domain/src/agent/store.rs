//! The SQL of people and their membership.

use db::{Builder, Conn, Db, Json, Tx, sql};
use model::{AccountId, Availability, ConversationId, Millis, Role, UserId};

use crate::Result;
use crate::error::OnUnique;
use crate::mail::Recipient;

pub mod email;
mod seat;

pub use seat::{SeatRow, seats, set_active};

/// A person to be written.
pub struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    /// `None` until they choose one; with one they count as confirmed.
    pub password_hash: Option<&'a str>,
    pub locale: Option<&'a str>,
}

/// A new person; `Taken` when somebody has the address.
pub async fn insert_user(tx: &mut Tx, new: &NewUser<'_>, now: Millis) -> Result<UserId> {
    let (id,): (UserId,) = sql!(
        "insert into users (email, name, password_hash, locale, confirmed, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6) returning id"
    )
    .bind(new.email)
    .bind(new.name)
    .bind(new.password_hash)
    .bind(new.locale)
    .bind(new.password_hash.is_some())
    .bind(now)
    .fetch_one(tx)
    .await
    .on_unique("email")?;
    Ok(id)
}

/// A membership to be written.
pub struct NewMember {
    pub account: AccountId,
    pub user: UserId,
    pub role: Role,
    pub availability: Availability,
    pub auto_offline: bool,
    pub assignment_limit: Option<i64>,
}

impl NewMember {
    /// With the usual settings.
    pub fn new(account: AccountId, user: UserId, role: Role) -> Self {
        Self { account, user, role, availability: Availability::Online, auto_offline: true, assignment_limit: None }
    }
}

/// A new member; `Taken` when they are one already.
pub async fn insert_member(tx: &mut Tx, new: &NewMember, now: Millis) -> Result<()> {
    sql!(
        "insert into account_users (account_id, user_id, role, availability, auto_offline, assignment_limit, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(new.account)
    .bind(new.user)
    .bind(new.role)
    .bind(new.availability)
    .bind(new.auto_offline)
    .bind(new.assignment_limit)
    .bind(now)
    .execute(tx)
    .await
    .on_unique("email")?;
    Ok(())
}

/// A member as the table has them.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub id: UserId,
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub confirmed: bool,
    pub role: Role,
    pub availability: Availability,
    pub auto_offline: bool,
    pub assignment_limit: Option<i64>,
    pub avatar_key: Option<String>,
}

/// A member of an account.
pub async fn agent<'c>(on: impl Into<Conn<'c>>, account: AccountId, user: UserId) -> Result<Option<Row>> {
    Ok(sql!(
        "select u.id, u.name, u.display_name, u.email, u.confirmed, au.role, au.availability, au.auto_offline,
         au.assignment_limit, u.avatar_key
         from account_users au join users u on u.id = au.user_id where au.account_id = $1 and au.user_id = $2"
    )
    .bind(account)
    .bind(user)
    .fetch_optional(on)
    .await?)
}

/// All members of an account.
pub async fn agents(db: &Db, account: AccountId) -> Result<Vec<Row>> {
    Ok(sql!(
        "select u.id, u.name, u.display_name, u.email, u.confirmed, au.role, au.availability, au.auto_offline,
         au.assignment_limit, u.avatar_key
         from account_users au join users u on u.id = au.user_id where au.account_id = $1 order by lower(u.name), u.id"
    )
    .bind(account)
    .fetch_all(db)
    .await?)
}

/// Who has this address (lower case).
pub async fn by_email(conn: Conn<'_>, email: &str) -> Result<Option<UserId>> {
    let row: Option<(UserId,)> = sql!("select id from users where email = $1").bind(email).fetch_optional(conn).await?;
    Ok(row.map(|(id,)| id))
}

/// What a member is.
pub async fn role(conn: Conn<'_>, account: AccountId, user: UserId) -> Result<Option<Role>> {
    let row: Option<(Role,)> = sql!("select role from account_users where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(role,)| role))
}

/// In how many accounts somebody is.
pub async fn memberships(conn: Conn<'_>, user: UserId) -> Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from account_users where user_id = $1").bind(user).fetch_one(conn).await?;
    Ok(count)
}

/// How many administrators an account has.
pub async fn administrators(conn: Conn<'_>, account: AccountId) -> Result<i64> {
    let (count,): (i64,) = sql!("select count(*) from account_users where account_id = $1 and role = $2")
        .bind(account)
        .bind(Role::Administrator)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// Gives a person another name.
pub async fn rename(tx: &mut Tx, user: UserId, name: &str, now: Millis) -> Result<()> {
    sql!("update users set name = $2, updated_at = $3 where id = $1")
        .bind(user)
        .bind(name)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Changes of a membership; `None` leaves a part as it is.
#[derive(Default)]
pub struct MemberChange {
    pub role: Option<Role>,
    pub availability: Option<Availability>,
    pub auto_offline: Option<bool>,
    /// `Some(None)`: as the account says.
    pub assignment_limit: Option<Option<i64>>,
}

/// Changes what is given of a membership.
pub async fn update_member(tx: &mut Tx, account: AccountId, user: UserId, change: MemberChange) -> Result<()> {
    sql!(
        "update account_users set role = coalesce($3, role), availability = coalesce($4, availability),
         auto_offline = coalesce($5, auto_offline), assignment_limit = case when $6 then $7 else assignment_limit end
         where account_id = $1 and user_id = $2"
    )
    .bind(account)
    .bind(user)
    .bind(change.role)
    .bind(change.availability)
    .bind(change.auto_offline)
    .bind(change.assignment_limit.is_some())
    .bind(change.assignment_limit.flatten())
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends a membership with all that hangs on it; how many there were.
pub async fn delete_member(tx: &mut Tx, account: AccountId, user: UserId) -> Result<u64> {
    sql!("delete from team_members where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .execute(&mut *tx)
        .await?;
    sql!("delete from inbox_members where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .execute(&mut *tx)
        .await?;
    Ok(sql!("delete from account_users where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .execute(tx)
        .await?)
}

/// Some conversations of somebody that are not resolved.
pub async fn conversations_of(
    tx: &mut Tx,
    account: AccountId,
    user: UserId,
    limit: i64,
) -> Result<Vec<ConversationId>> {
    let rows: Vec<(ConversationId,)> = sql!(
        "select id from conversations where account_id = $1 and assignee_id = $2 and status in ('open', 'pending', 'snoozed')
         order by id limit $3"
    )
    .bind(account)
    .bind(user)
    .bind(limit)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Somebody to write to, in their own language, else in that of an account they are in.
pub async fn recipient(db: &Db, user: UserId) -> Result<Option<Recipient>> {
    let row: Option<(UserId, String, String, Option<String>)> = sql!(
        "select u.id, u.name, u.email, coalesce(u.locale, (select a.locale from account_users au
           join accounts a on a.id = au.account_id where au.user_id = u.id order by a.id limit 1))
         from users u where u.id = $1"
    )
    .bind(user)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(user_id, name, email, locale)| Recipient {
        user_id,
        name,
        email,
        lang: locale.and_then(|code| code.parse().ok()).unwrap_or_default(),
    }))
}

/// The person's own row.
#[derive(sqlx::FromRow)]
pub struct ProfileRow {
    pub id: UserId,
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub message_signature: String,
    pub locale: Option<String>,
    pub ui_settings: Json<serde_json::Value>,
    pub password_hash: Option<String>,
    pub avatar_key: Option<String>,
}

/// A person.
pub async fn user(conn: Conn<'_>, user: UserId) -> Result<Option<ProfileRow>> {
    Ok(sql!(
        "select id, name, display_name, email, message_signature, locale, ui_settings, password_hash, avatar_key
         from users where id = $1"
    )
    .bind(user)
    .fetch_optional(conn)
    .await?)
}

/// The accounts that somebody may work in: id, name, role.
pub async fn accounts_of<'c>(on: impl Into<Conn<'c>>, user: UserId) -> Result<Vec<(AccountId, String, Role)>> {
    Ok(sql!(
        "select a.id, a.name, au.role from account_users au join accounts a on a.id = au.account_id
         where au.user_id = $1 and not a.suspended order by lower(a.name), a.id"
    )
    .bind(user)
    .fetch_all(on)
    .await?)
}

/// Writes what a person says about themselves.
pub async fn update_user(tx: &mut Tx, row: &ProfileRow, now: Millis) -> Result<()> {
    sql!(
        "update users set name = $2, display_name = $3, message_signature = $4, locale = $5, ui_settings = $6,
         updated_at = $7 where id = $1"
    )
    .bind(row.id)
    .bind(&row.name)
    .bind(&row.display_name)
    .bind(&row.message_signature)
    .bind(row.locale.clone())
    .bind(row.ui_settings.0.clone())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// How often everything derived from the password was made void; `None` for nobody.
pub async fn token_generation(db: &Db, user: UserId) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        sql!("select token_generation from users where id = $1").bind(user).fetch_optional(db).await?;
    Ok(row.map(|(generation,)| generation))
}

/// A new API token.
pub async fn insert_token(tx: &mut Tx, user: UserId, hash: &[u8], encrypted: &[u8], now: Millis) -> Result<()> {
    sql!("insert into access_tokens (user_id, token_hash, token_encrypted, created_at) values ($1, $2, $3, $4)")
        .bind(user)
        .bind(hash)
        .bind(encrypted)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// The newest API token of a person, encrypted.
pub async fn token_of(db: &Db, user: UserId) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> =
        sql!("select token_encrypted from access_tokens where user_id = $1 order by id desc limit 1")
            .bind(user)
            .fetch_optional(db)
            .await?;
    Ok(row.map(|(encrypted,)| encrypted))
}

/// Makes all API tokens of a person void.
pub async fn delete_tokens(tx: &mut Tx, user: UserId) -> Result<()> {
    sql!("delete from access_tokens where user_id = $1").bind(user).execute(tx).await?;
    Ok(())
}

/// Whose API token it is.
pub async fn by_token(db: &Db, hash: &[u8]) -> Result<Option<UserId>> {
    let row: Option<(UserId,)> =
        sql!("select user_id from access_tokens where token_hash = $1").bind(hash).fetch_optional(db).await?;
    Ok(row.map(|(id,)| id))
}

/// An invitation as its page shows it: account's name, address, name, generation of tokens.
pub async fn invited(db: &Db, account: AccountId, user: UserId) -> Result<Option<(String, String, String, i64)>> {
    Ok(sql!(
        "select a.name, u.email, u.name, u.token_generation from account_users au
         join accounts a on a.id = au.account_id join users u on u.id = au.user_id
         where au.account_id = $1 and au.user_id = $2 and u.password_hash is null"
    )
    .bind(account)
    .bind(user)
    .fetch_optional(db)
    .await?)
}

/// Gives an invited person their name and password; false when they have one already.
pub async fn accept_invitation(
    tx: &mut Tx,
    user: UserId,
    name: &str,
    password_hash: &str,
    now: Millis,
) -> Result<bool> {
    let accepted = sql!(
        "update users set name = $2, password_hash = $3, confirmed = true, token_generation = token_generation + 1,
         updated_at = $4 where id = $1 and password_hash is null"
    )
    .bind(user)
    .bind(name)
    .bind(password_hash)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(accepted == 1)
}

/// Of these people, those who belong to the account.
pub async fn members_among(conn: Conn<'_>, account: AccountId, users: &[UserId]) -> Result<Vec<UserId>> {
    let mut query = Builder::new("select user_id from account_users where account_id = ");
    query.value(account).push(" and user_id in ").list(users.iter().copied()).push(" order by user_id");
    let rows: Vec<(UserId,)> = query.build().fetch_all(conn).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
