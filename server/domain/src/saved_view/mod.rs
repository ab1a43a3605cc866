//! Saved views: filters that people keep under a name, for themselves or for everybody.

pub mod store;

use model::filter::{Condition, Subject};
use model::saved_view::SavedView;
use model::{AuditSubject, ErrorCode, Permission, SavedViewId};

use crate::audit::{self, Entry};
use crate::ctx::AgentActor;
use crate::event::Event;
use crate::filter::{self, Scope};
use crate::{Ctx, Error, Result, input};

const MAX_NAME: usize = 80;
/// Most views that one person keeps.
pub const MOST: i64 = 50;

/// Most views that are put into an order.
const MOST_PLACES: usize = 200;

/// A view as it is written.
#[derive(Debug, Clone)]
pub struct ViewInput {
    pub name: String,
    pub conditions: Vec<Condition>,
    pub shared: bool,
}

/// What is changed of a view; `None` leaves what is there.
#[derive(Debug, Clone, Default)]
pub struct ViewChange {
    pub name: Option<String>,
    pub conditions: Option<Vec<Condition>>,
    pub shared: Option<bool>,
}

/// The agent's own views and those that are shared, in their order.
pub async fn list(ctx: &Ctx, kind: Option<Subject>) -> Result<Vec<SavedView>> {
    let agent = ctx.agent()?;
    store::list(ctx.db(), agent.account_id, agent.user_id, kind).await
}

/// One of them.
pub async fn get(ctx: &Ctx, id: SavedViewId) -> Result<SavedView> {
    let agent = ctx.agent()?;
    let view = store::get(ctx.db(), agent.account_id, id).await?;
    view.filter(|view| view.shared || view.user_id == agent.user_id).ok_or_else(Error::not_found)
}

/// Keeps a filter under a name.
pub async fn create(ctx: &Ctx, kind: Subject, new: ViewInput) -> Result<SavedView> {
    let agent = ctx.agent()?;
    may_share(agent, new.shared)?;
    let new = checked(ctx, kind, new).await?;
    let mut work = ctx.begin().await?;
    if store::count_own(&mut work.tx, agent.account_id, agent.user_id).await? >= MOST {
        return Err(Error::field("name", ErrorCode::TooMany));
    }
    let now = work.now;
    let id = store::insert(&mut work.tx, agent.account_id, agent.user_id, kind, &new, now).await?;
    if new.shared {
        audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::SavedView, id, &new.name));
    }
    work.record(agent.account_id, told(&[new.shared], agent));
    work.commit().await?;
    get(ctx, id).await
}

/// Changes a view. Others' views are changed by administrators only.
pub async fn update(ctx: &Ctx, id: SavedViewId, change: ViewChange) -> Result<SavedView> {
    let agent = ctx.agent()?;
    let known = writable(ctx, agent, id).await?;
    let next = ViewInput {
        name: change.name.unwrap_or_else(|| known.name.clone()),
        conditions: change.conditions.unwrap_or_else(|| known.conditions.clone()),
        shared: change.shared.unwrap_or(known.shared),
    };
    may_share(agent, next.shared && !known.shared)?;
    let next = checked(ctx, known.kind, next).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, agent.account_id, id, &next, now).await? == 0 {
        return Err(Error::not_found());
    }
    if known.shared || next.shared {
        audit::record(&mut work, agent.account_id, changed(&known, &next));
    }
    work.record(agent.account_id, told(&[known.shared, next.shared], agent));
    work.commit().await?;
    // Somebody else's view that is not shared any more is out of sight.
    if next.shared || known.user_id == agent.user_id { get(ctx, id).await } else { Ok(known) }
}

/// Forgets a view. The conversations stay.
pub async fn delete(ctx: &Ctx, id: SavedViewId) -> Result<()> {
    let agent = ctx.agent()?;
    let known = writable(ctx, agent, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, agent.account_id, id).await? == 0 {
        return Err(Error::not_found());
    }
    if known.shared {
        audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::SavedView, id, &known.name));
    }
    work.record(agent.account_id, told(&[known.shared], agent));
    work.commit().await
}

/// Puts views into this order, for the agent only: what they don't name, and what comes later, stands behind. Ids that are out of
/// their sight are left out.
pub async fn order(ctx: &Ctx, ids: &[SavedViewId]) -> Result<()> {
    let agent = ctx.agent()?;
    let known = list(ctx, None).await?;
    let mut places: Vec<SavedViewId> = Vec::new();
    for id in ids.iter().take(MOST_PLACES) {
        if known.iter().any(|view| view.id == *id) && !places.contains(id) {
            places.push(*id);
        }
    }
    let mut work = ctx.begin().await?;
    for (id, position) in places.into_iter().zip(0..) {
        store::place(&mut work.tx, agent.user_id, id, position).await?;
    }
    work.record(agent.account_id, Event::SavedViewsChanged { user_id: Some(agent.user_id) });
    work.commit().await
}

async fn writable(ctx: &Ctx, agent: &AgentActor, id: SavedViewId) -> Result<SavedView> {
    let view = get(ctx, id).await?;
    if view.user_id != agent.user_id {
        agent.require(Permission::ManageAccount)?;
    }
    Ok(view)
}

fn may_share(agent: &AgentActor, shared: bool) -> Result<()> {
    if shared { agent.require(Permission::ShareViews) } else { Ok(()) }
}

async fn checked(ctx: &Ctx, kind: Subject, new: ViewInput) -> Result<ViewInput> {
    let name = input::line("name", &new.name, MAX_NAME)?;
    filter::check(&Scope::of(ctx).await?, kind, &new.conditions)?;
    Ok(ViewInput { name, ..new })
}

fn changed(before: &SavedView, after: &ViewInput) -> Entry {
    Entry::updated(AuditSubject::SavedView, before.id, &after.name)
        .change("name", &before.name, &after.name)
        .change("conditions", &before.conditions, &after.conditions)
        .change("shared", before.shared, after.shared)
}

/// Who learns of a change: everybody, when it is or was everybody's.
fn told(shared: &[bool], agent: &AgentActor) -> Event {
    let is_private = shared.iter().all(|shared| !shared);
    Event::SavedViewsChanged { user_id: is_private.then_some(agent.user_id) }
}

#[cfg(test)]
mod tests {
    use model::Role;
    use model::conversation::ConversationFilter;
    use model::filter::Operator;

    use super::*;
    use crate::{conversation, testing};

    fn view(name: &str, shared: bool) -> ViewInput {
        let conditions = vec![Condition::new("status", Operator::EqualTo, &["open"])];
        ViewInput { name: name.to_owned(), conditions, shared }
    }

    db::db_test! {
        async fn views_are_ones_own_or_everybodys(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let bia = testing::member(&admin, "bia@example.com", Role::Agent).await;
            let ivo = testing::member(&admin, "ivo@example.com", Role::Assistant).await;
            let own = create(&bia, Subject::Conversation, view(" Minhas abertas ", false)).await.unwrap();
            assert_eq!((own.name.as_str(), own.shared), ("Minhas abertas", false));
            let shared = create(&bia, Subject::Conversation, view("Abertas", true)).await.unwrap();
            let names = async |ctx: &Ctx| -> Vec<String> {
                list(ctx, Some(Subject::Conversation)).await.unwrap().into_iter().map(|view| view.name).collect()
            };
            assert_eq!(names(&bia).await, ["Minhas abertas", "Abertas"]);
            assert_eq!((names(&admin).await, names(&ivo).await), (vec!["Abertas".to_owned()], vec!["Abertas".to_owned()]));
            assert_eq!(get(&admin, own.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
            let forbidden = Some(ErrorCode::Forbidden);
            assert_eq!(create(&ivo, Subject::Conversation, view("x", true)).await.unwrap_err().known(), forbidden);
            assert_eq!(delete(&ivo, shared.id).await.unwrap_err().known(), forbidden);
            let mine = create(&ivo, Subject::Conversation, view("Do Ivo", false)).await.unwrap();
            let share = ViewChange { shared: Some(true), ..ViewChange::default() };
            assert_eq!(update(&ivo, mine.id, share).await.unwrap_err().known(), forbidden);

            let renamed = ViewChange { name: Some("Em aberto".into()), ..ViewChange::default() };
            assert_eq!(update(&admin, shared.id, renamed).await.unwrap().name, "Em aberto");
            order(&bia, &[shared.id, own.id]).await.unwrap();
            assert_eq!(names(&bia).await, ["Em aberto", "Minhas abertas"]);
            // The order is each person's own, over what others share too.
            let second = create(&admin, Subject::Conversation, view("Do admin", true)).await.unwrap();
            assert_eq!(names(&ivo).await, ["Em aberto", "Do Ivo", "Do admin"]);
            order(&ivo, &[second.id, own.id, second.id, shared.id]).await.unwrap();
            assert_eq!(names(&ivo).await, ["Do admin", "Em aberto", "Do Ivo"]);
            assert_eq!(names(&bia).await, ["Em aberto", "Minhas abertas", "Do admin"]);
            delete(&admin, second.id).await.unwrap();
            let stranger = testing::another_account(&app, "leo@example.com").await;
            assert_eq!(get(&stranger, shared.id).await.unwrap_err().known(), Some(ErrorCode::NotFound));
            assert!(names(&stranger).await.is_empty());
            delete(&bia, shared.id).await.unwrap();
            assert!(names(&admin).await.is_empty());
        }

        async fn a_view_holds_only_what_can_be_asked(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let wrong = ViewInput { conditions: vec![Condition::new("status", Operator::EqualTo, &["x"])], ..view("a", false) };
            assert!(create(&admin, Subject::Conversation, wrong).await.is_err());
            assert!(create(&admin, Subject::Conversation, view(" ", false)).await.is_err());
            for number in 0..MOST {
                create(&admin, Subject::Conversation, view(&number.to_string(), false)).await.unwrap();
            }
            let full = create(&admin, Subject::Conversation, view("one more", false)).await.unwrap_err();
            assert_eq!(full.known(), Some(ErrorCode::TooMany));
            let first = list(&admin, None).await.unwrap()[0].id;
            let filter = ConversationFilter { view: Some(first), ..Default::default() };
            assert_eq!(conversation::counts(&admin, &filter).await.unwrap().all, 0);
            let bia = testing::member(&admin, "bia@example.com", Role::Agent).await;
            assert_eq!(conversation::counts(&bia, &filter).await.unwrap_err().known(), Some(ErrorCode::NotFound));
        }
    }
}
