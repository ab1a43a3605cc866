//! Labels: words that an account sorts its conversations by.

pub mod store;

use model::label::Label;
use model::{AuditSubject, ErrorCode, LabelId, Permission};

use crate::audit::{self, Entry};
use crate::event::Event;
use crate::{Ctx, Error, Result, input};

const MAX_TITLE: usize = 60;
const MAX_DESCRIPTION: usize = 300;

/// A label as it is written.
#[derive(Debug, Clone)]
pub struct LabelInput {
    pub title: String,
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    pub show_on_sidebar: bool,
}

/// All labels of the account, by title.
pub async fn list(ctx: &Ctx) -> Result<Vec<Label>> {
    let agent = ctx.agent()?;
    store::list(ctx.db(), agent.account_id).await
}

/// One label.
pub async fn get(ctx: &Ctx, id: LabelId) -> Result<Label> {
    let agent = ctx.agent()?;
    store::get(ctx.db(), agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// A new label.
pub async fn create(ctx: &Ctx, new: LabelInput) -> Result<Label> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let new = checked(new)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::insert(&mut work.tx, agent.account_id, &new, now).await?;
    audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::Label, id, &new.title));
    work.record(agent.account_id, Event::LabelsChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Changes a label. Conversations keep it under its new title.
pub async fn update(ctx: &Ctx, id: LabelId, change: LabelInput) -> Result<Label> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let change = checked(change)?;
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, agent.account_id, id, &change, now).await? == 0 {
        return Err(Error::not_found());
    }
    let entry = Entry::updated(AuditSubject::Label, id, &change.title)
        .change("title", before.title, &change.title)
        .change("description", before.description, &change.description)
        .change("color", before.color, &change.color)
        .change("show_on_sidebar", before.show_on_sidebar, change.show_on_sidebar);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::LabelsChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Deletes a label and takes it off every conversation.
pub async fn delete(ctx: &Ctx, id: LabelId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, agent.account_id, id).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::Label, id, &before.title));
    work.record(agent.account_id, Event::LabelsChanged);
    work.commit().await
}

fn checked(new: LabelInput) -> Result<LabelInput> {
    Ok(LabelInput {
        title: title(&new.title)?,
        description: input::optional_line("description", &new.description, MAX_DESCRIPTION)?,
        color: input::color("color", &new.color)?,
        show_on_sidebar: new.show_on_sidebar,
    })
}

/// Lower case; letters, digits, `_` and `-`; at least two; the first a letter or digit. Spaces become `-`.
fn title(text: &str) -> Result<String> {
    let title = input::line("title", text, MAX_TITLE)?.to_lowercase();
    let title = title.split_whitespace().collect::<Vec<_>>().join("-");
    if title.chars().count() < 2 {
        return Err(Error::field("title", ErrorCode::TooShort));
    }
    let starts_well = title.starts_with(char::is_alphanumeric);
    if !starts_well || !title.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return Err(Error::field("title", ErrorCode::Invalid));
    }
    Ok(title)
}

#[cfg(test)]
mod tests {
    use model::Role;

    use super::*;
    use crate::testing;

    fn label(title: &str) -> LabelInput {
        let color = "#1F93FF".to_owned();
        LabelInput { title: title.to_owned(), description: String::new(), color, show_on_sidebar: true }
    }

    #[test]
    fn titles_have_a_form() {
        assert_eq!(title(" Pós venda ").unwrap(), "pós-venda");
        assert_eq!(title("vip_1").unwrap(), "vip_1");
        for wrong in ["x", "-vip", "v.i.p", "a/b", ""] {
            assert!(title(wrong).is_err(), "{wrong}");
        }
    }

    db::db_test! {
        async fn a_label_lives_and_dies_in_its_account(test: TestDb) {
            let app = testing::app(&test);
            let admin = testing::installed(&app).await;
            let vip = create(&admin, label("VIP")).await.unwrap();
            assert_eq!((vip.title.as_str(), vip.color.as_str()), ("vip", "#1f93ff"));
            assert_eq!(create(&admin, label("vip")).await.unwrap_err().known(), Some(ErrorCode::Taken));
            let other = create(&admin, label("troca")).await.unwrap();
            assert_eq!(update(&admin, other.id, label("vip")).await.unwrap_err().known(), Some(ErrorCode::Taken));
            let renamed = update(&admin, other.id, label("devolução")).await.unwrap();
            assert_eq!(renamed.title, "devolução");

            let stranger = testing::another_account(&app, "leo@example.com").await;
            for refused in [
                update(&stranger, vip.id, label("mine")).await.unwrap_err(),
                delete(&stranger, vip.id).await.unwrap_err(),
                get(&stranger, vip.id).await.unwrap_err(),
            ] {
                assert_eq!(refused.known(), Some(ErrorCode::NotFound));
            }
            let agent = testing::member(&admin, "bia@example.com", Role::Supervisor).await;
            assert_eq!(delete(&agent, vip.id).await.unwrap_err().known(), Some(ErrorCode::Forbidden));
            assert_eq!(list(&agent).await.unwrap().len(), 2);

            delete(&admin, vip.id).await.unwrap();
            assert_eq!(list(&admin).await.unwrap(), [renamed]);
        }
    }
}
